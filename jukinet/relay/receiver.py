"""Takes batches: envelope first, then numbering in the transaction that writes; acknowledged means on disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from google.protobuf.message import DecodeError

from jukinet.clock import LAMPORT_LEAP, Clock, real_now
from jukinet.law.basis import article
from jukinet.model.reason import Reason
from jukinet.pki.directory import DirectoryFile
from jukinet.pki.identity import Identity
from jukinet.pki.keyring import CertificateFault, Keyring
from jukinet.pki.signing import sha256, verify_digest
from jukinet.refusal import Refusal
from jukinet.relay.sealer import FORMAT, MOST_RECORDS
from jukinet.store import audit, journal, retention
from jukinet.store.database import Connection, Database
from jukinet.v1 import relay_pb2
from jukinet.wire import basis, convert, gate
from jukinet.wire.call import Call

SKEW = timedelta(minutes=5)
"""How far ahead of this node's clock a signing time may lie."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A batch whose envelope is sound."""

    envelope: journal.Envelope
    serial: int


def verify(batch: relay_pb2.Batch, keyring: Keyring, revoked: frozenset[int], today: date | None = None) -> Verified:
    """Check certificate, signature and payload hash; the checks that need no journal.

    A payload of which records were erased has its signed root instead of its hash, if `today` they may be gone.
    """
    try:
        envelope = journal.Envelope.of(batch)
    except DecodeError as error:
        raise Refusal(Reason.BATCH_MALFORMED) from error
    header = envelope.header
    if header.format != FORMAT or header.first_number < 1 or envelope.size < 1 or header.epoch < 1:
        raise Refusal(Reason.BATCH_MALFORMED)
    if envelope.size > MOST_RECORDS:
        raise Refusal(Reason.BATCH_TOO_LARGE)
    signed_at = convert.instant(header.real_time)
    if signed_at > real_now() + SKEW:
        raise Refusal(Reason.SIGNED_IN_FUTURE)
    if sha256(batch.certificate) != header.signer_certificate_hash:
        raise Refusal(Reason.SIGNER_UNTRUSTED, fault="HASH")
    try:
        signer = keyring.identify(batch.certificate, signed_at)
    except CertificateFault as error:
        raise Refusal(Reason.SIGNER_UNTRUSTED, fault=error.reason) from error
    if signer.serial in revoked:
        raise Refusal(Reason.SIGNER_UNTRUSTED, fault="REVOKED")
    who = Identity.parse(signer.path)
    if not who.is_node or not gate.speaks_for(who, header.origin):
        raise Refusal(Reason.SIGNER_NOT_ORIGIN)
    if not verify_digest(signer.public_key, batch.signature, envelope.header_hash):
        raise Refusal(Reason.SIGNATURE_INVALID)
    whole = sha256(batch.payload) == header.payload_hash
    if not whole and (today is None or not retention.proven_redacted(envelope, today)):
        raise Refusal(Reason.PAYLOAD_ALTERED)
    return Verified(envelope, signer.serial)


class Receiver:
    """The receiving end of every link of a node. `lag` answers how many records wait to be applied.

    `refuse` says why the next batch of a stream is refused for good, for what its records say.
    """

    def __init__(
        self,
        node: Identity,
        db: Database,
        clock: Clock,
        keyring: Keyring,
        directory: DirectoryFile,
        route: Callable[[journal.Envelope], str | None],
        lag: Callable[[], int],
        most_lag: int,
        refuse: Callable[[Connection, journal.Envelope], Reason | None] = lambda *_: None,
    ) -> None:
        self._node = node
        self._db = db
        self._clock = clock
        self._keyring = keyring
        self._directory = directory
        self._route = route
        self._lag = lag
        self._most_lag = most_lag
        self._refuse = refuse

    def receive(self, call: Call, batch: relay_pb2.Batch) -> relay_pb2.DeliverBatchResponse:
        """Decide, verify, write, and answer where this stream now stands here."""
        assert call.caller is not None
        peer = call.caller
        directory = self._directory.current
        try:
            header = relay_pb2.StreamHeader.FromString(batch.header)
        except DecodeError as error:
            raise Refusal(Reason.BATCH_MALFORMED) from error
        today = self._clock.today()
        hop = basis.hop(header.kind, peer.kind, self._node.kind)
        if hop is not None:
            call.rule, call.article = hop.rule, article(hop.rule, today)
        decision = gate.may_carry(header.kind, header.counterpart, header.origin, peer, self._node, directory, today)
        if not decision.allowed:
            raise Refusal(decision.reason or Reason.NO_BASIS, call.article)
        verified = self._verified(batch)
        if self._lag() > self._most_lag:
            raise Refusal(Reason.BACKLOG, call.article)
        refusal = self._db.write(lambda db: self._take(db, call, verified.envelope))
        if isinstance(refusal, Refusal):
            raise refusal
        return refusal

    def _verified(self, batch: relay_pb2.Batch) -> Verified:
        verified = verify(batch, self._keyring, self._directory.current.revoked, self._clock.today())
        if verified.envelope.header.lamport_time > self._clock.lamport + LAMPORT_LEAP:
            raise Refusal(Reason.BATCH_MALFORMED)
        return verified

    def take_fetched(self, peer: str, batch: relay_pb2.Batch) -> int:
        """Take a batch that this node has lost and fetched from whoever said or carried it; the number awaited next."""
        header = journal.Envelope.of(batch).header
        if header.kind in basis.answered_kinds():
            self.take_answer(peer, header.kind, batch)
            return int(header.last_number) + 1
        carrier, today = Identity.parse(peer), self._clock.today()
        directory = self._directory.current
        decision = gate.may_carry(header.kind, header.counterpart, header.origin, carrier, self._node, directory, today)
        if not decision.allowed:
            raise Refusal(decision.reason or Reason.NO_BASIS)
        hop = basis.hop(header.kind, carrier.kind, self._node.kind)
        rule = hop.rule if hop else ""
        verified = self._verified(batch)
        call = Call("", batch, carrier, rule, article(rule, today))
        answer = self._db.write(lambda db: self._take(db, call, verified.envelope))
        if isinstance(answer, Refusal):
            raise answer
        return int(answer.next_number)

    def take_answer(self, peer: str, kind: int, batch: relay_pb2.Batch) -> None:
        """Verify and journal a batch that came as the answer of an rpc asked of `peer`."""
        verified = self._verified(batch)
        header = verified.envelope.header
        asked = Identity.parse(peer)
        hop = basis.hop(kind, asked.kind, self._node.kind)
        mine = header.kind == kind and header.counterpart == self._node.name and header.origin == asked.name
        if hop is None or not mine:
            raise Refusal(Reason.NO_BASIS)
        call = Call("", batch, asked, hop.rule, article(hop.rule, self._clock.today()))
        answer = self._db.write(lambda db: self._take(db, call, verified.envelope))
        if isinstance(answer, Refusal):
            raise answer
        if answer.next_number <= header.last_number:
            raise Refusal(Reason.CHAIN_BROKEN)

    def _take(self, db: Connection, call: Call, envelope: journal.Envelope) -> relay_pb2.DeliverBatchResponse | Refusal:
        """Write the batch if it is the next one. A refusal that leaves evidence is answered, not raised."""
        header, stream = envelope.header, envelope.stream
        standing = journal.standing(db, stream)
        epoch = standing.epoch if standing else header.epoch
        expected = standing.next_number if standing else 1
        head = standing.head_hash if standing else journal.NO_HASH
        if header.epoch > epoch and header.first_number == 1:
            epoch, expected, head, standing = header.epoch, 1, journal.NO_HASH, None
        if standing is not None and standing.stopped:
            raise Refusal(Reason.STREAM_STOPPED, call.article, stopped=standing.stopped)
        if header.epoch != epoch or header.first_number > expected:
            return _answer(epoch, expected, head)  # an old epoch, or a gap: say what is expected
        if header.first_number < expected:
            if journal.header_hash_at(db, stream, epoch, header.first_number) == envelope.header_hash:
                return _answer(epoch, expected, head)
            journal.keep_conflict(db, call.path, envelope, Reason.EQUIVOCATION.value)
            journal.stop_stream(db, stream, Reason.EQUIVOCATION.value)
            return Refusal(Reason.EQUIVOCATION, call.article)
        if header.previous_header_hash != head:
            raise Refusal(Reason.CHAIN_BROKEN, call.article)
        refused = self._refuse(db, envelope)
        if refused is not None:
            # The header alone: what the records say of people is not kept by whoever would not take them.
            evidence = relay_pb2.Batch()
            evidence.CopyFrom(envelope.batch)
            evidence.payload = b""
            journal.keep_conflict(db, call.path, journal.Envelope.of(evidence), refused.value)
            return Refusal(refused, call.article)
        journal.append(db, self._clock, envelope, said=False, peer=call.path, to=self._route(envelope))
        audit.append(db, self._clock, audit.Entry(call.path, call.event, call.article, True))
        return _answer(epoch, header.last_number + 1, envelope.header_hash)


def _answer(epoch: int, expected: int, head: bytes) -> relay_pb2.DeliverBatchResponse:
    hash_or_none = b"" if head == journal.NO_HASH else head
    return relay_pb2.DeliverBatchResponse(epoch=epoch, next_number=expected, head_hash=hash_or_none)
