"""Packs what is pending of a stream into one signed batch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from jukinet.clock import Clock, real_now
from jukinet.model.stream import Keys, Stream
from jukinet.pki import merkle
from jukinet.pki.signing import Signer, sha256
from jukinet.store import journal
from jukinet.store.database import Connection, Database
from jukinet.store.projector import INDEX_BITS, SALT, leaves
from jukinet.v1 import relay_pb2
from jukinet.wire import convert

FORMAT = 1
MOST_RECORDS = 5_000
MOST_BYTES = 3 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Chain:
    """Where a stream goes on: what the next header must say of its predecessor."""

    epoch: int
    first_number: int
    previous: bytes


def seal(
    stream: Stream, chain: Chain, records: Sequence[bytes], keys: Sequence[Keys], signer: Signer, clock: Clock
) -> journal.Envelope:
    """The signed batch of these records. Salts are fresh, so no record can be guessed from its leaf hash."""
    payload = relay_pb2.BatchPayload(
        records=records,
        salts=os.urandom(SALT * len(records)),
        code_keys=_packed(key.code for key in keys),
        number_keys=_packed(key.individual_number for key in keys),
        name_keys=_packed(key.name for key in keys),
    )
    body = payload.SerializeToString()
    header = relay_pb2.StreamHeader(
        format=FORMAT,
        origin=stream.origin,
        kind=stream.kind,  # type: ignore[arg-type]
        counterpart=stream.counterpart,
        epoch=chain.epoch,
        first_number=chain.first_number,
        last_number=chain.first_number + len(records) - 1,
        real_time=convert.timestamp(real_now()),
        virtual_time=convert.timestamp(clock.now()),
        lamport_time=clock.tick(),
        signer_certificate_hash=signer.certificate_hash,
        previous_header_hash=chain.previous,
        payload_hash=sha256(body),
        records_root=merkle.root(leaves(payload)),
    )
    head = header.SerializeToString()
    digest = sha256(head)
    batch = relay_pb2.Batch(
        header=head, signature=signer.sign_digest(digest), payload=body, certificate=signer.certificate_der
    )
    return journal.Envelope(batch, header, digest)


def _packed(keys: Iterable[int | None]) -> list[int]:
    return sorted(key << INDEX_BITS | index for index, key in enumerate(keys) if key is not None)


class Sealer:
    """Seals what acts left pending. One run at a time, so nobody else moves the chain meanwhile; acts never sign."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        signer: Callable[[], Signer],
        route: Callable[[journal.Envelope], str | None],
        garble: Callable[[Stream, bytes], bytes] = lambda _, record: record,
    ) -> None:
        self._db = db
        self._clock = clock
        self._signer = signer
        self._route = route
        self._garble = garble

    def step(self) -> float | None:
        """Seal one batch of every stream that has something pending."""
        with self._db.read() as db:
            streams = journal.pending_streams(db)
        more = False
        for stream in streams:
            more = self._seal_one(stream) or more
        return 0.0 if more else None

    def _seal_one(self, stream: Stream) -> bool:
        with self._db.read() as db:
            standing = journal.standing(db, stream)
            waiting = _fitting(journal.pending(db, stream, MOST_RECORDS))
        if standing is None or not waiting or waiting[0].number != standing.next_number:
            return False
        chain = Chain(standing.epoch, standing.next_number, standing.head_hash)
        records = [self._garble(stream, r.record) for r in waiting]
        envelope = seal(stream, chain, records, [r.keys for r in waiting], self._signer(), self._clock)

        def commit(db: Connection) -> bool:
            # A new epoch may have been opened since: then this batch was never said.
            if not _same_chain(journal.standing(db, stream), standing):
                return False
            journal.drop_pending(db, stream, waiting[-1].number)
            journal.append(db, self._clock, envelope, said=True, to=self._route(envelope))
            return True

        return self._db.write(commit)


def _same_chain(now: journal.Standing | None, then: journal.Standing) -> bool:
    return now is not None and (now.epoch, now.next_number, now.head_hash) == (
        then.epoch, then.next_number, then.head_hash
    )  # fmt: skip


def _fitting(waiting: list[journal.Pending]) -> list[journal.Pending]:
    size = 0
    for count, record in enumerate(waiting):
        size += len(record.record)
        if size > MOST_BYTES:
            return waiting[:count]
    return waiting
