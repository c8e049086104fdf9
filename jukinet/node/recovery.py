"""回復: a node that has lost something says nothing until it has fetched what others hold of it.

What it said and a neighbour acknowledged lies, signed by itself, in that neighbour's journal; what it was told lies
with whoever told it. So every node is asked for both, parents first, and nothing that was acknowledged is lost while
one of those who hold it answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from jukinet import log
from jukinet.clock import real_micros
from jukinet.law.basis import article
from jukinet.law.recovery import RULE_OF
from jukinet.model.reason import Reason
from jukinet.model.stream import Stream
from jukinet.refusal import Refusal
from jukinet.refusal.recovery import NOT_RECOVERED
from jukinet.relay.engine import Work
from jukinet.relay.receiver import verify
from jukinet.store import answers, audit, journal, recovery
from jukinet.store.database import Connection
from jukinet.v1 import recovery_pb2, recovery_pb2_grpc, relay_pb2
from jukinet.wire import basis, convert, gate
from jukinet.wire.peers import CallFailed

if TYPE_CHECKING:
    from jukinet.node.node import Node

CALL_SECONDS, APPLY_SECONDS = 10.0, 600.0
MOST_BATCHES, MOST_BYTES = 20, 3 * 1024 * 1024
IDENTIFICATION = int(relay_pb2.STREAM_KIND_IDENTIFICATION)
RANK = {"jlis": 0, "prefecture": 1, "municipality": 2}
OPEN = (
    "/jukinet.v1.RelayService/",
    "/jukinet.v1.RecoveryService/",
    "/jukinet.v1.RecoveryDrillService/",
    *(f"/jukinet.v1.DrillService/{look}" for look in ("Get", "List", "SetClock", "SetFaults")),
    "/jukinet.v1.HoldingDrillService/",
    "/jukinet.v1.ErrorDrillService/List",
    "/jukinet.v1.QuarantineDrillService/List",
    "/jukinet.v1.ReconcileDrillService/Get",
)
"""What a node answers while it is recovering; every other call could say something, or show what is not true."""


@dataclass(slots=True)
class Progress:
    """What one recovery has done so far."""

    peers: list[str] = field(default_factory=list)
    asked: int = 0
    own: int = 0
    heard: int = 0
    unreachable: list[str] = field(default_factory=list)
    conflicts: list[recovery_pb2.RecoveryConflict] = field(default_factory=list)
    forks: dict[Stream, int] = field(default_factory=dict)
    """Streams to be opened anew → the first number in them that has to be said again."""
    refused_answers: list[bytes] = field(default_factory=list)
    opened: int = 0
    changed_twice: set[int] = field(default_factory=set)
    other_codes: set[int] = field(default_factory=set)
    fault: str = ""


class Recovery:
    """The recovery of one node. `recovering` is kept in the journal's file, so a restart changes nothing."""

    def __init__(self, node: Node, lost: bool) -> None:
        self._node = node
        if lost:
            node.journal.write(recovery.begin)
        with node.journal.read() as db:
            self.recovering = recovery.is_recovering(db)
        self.applying = False
        """Whether the register may follow the journal: at a municipality only once all that it said is back."""
        self.running = False
        self.progress = Progress()
        self._accept_missing = False
        self.work = Work(f"{node.config.path} recovery", self._step, away=True)

    @property
    def holds_register(self) -> bool:
        """Whether what was heard must wait: it is about people whose records may still be missing."""
        return self.recovering and not self.applying and self._node.register is self._node.journal

    def start(self, accept_missing: bool) -> None:
        """Begin, unless it runs."""
        if self.running:
            return
        self.running, self._accept_missing, self.progress = True, accept_missing, Progress()
        self._node.journal.write(recovery.begin)
        self.recovering = True
        self._node.engine.wake(self.work)

    def _step(self) -> float | None:
        if not self.running:
            return None
        try:
            self._recover()
        except Refusal as refusal:
            self.progress.fault = refusal.reason.value
        except Exception as error:
            self.progress.fault = f"{Reason.INTERNAL.value} {log.incident('recover', error)}"
        finally:
            self.running = self.applying = False
        log.event(
            "recovered", node=self._node.config.path, own=self.progress.own, heard=self.progress.heard,
            unreachable=len(self.progress.unreachable), fault=self.progress.fault,
        )  # fmt: skip
        self._node.retry_now()
        return None

    def _recover(self) -> None:
        node, done = self._node, self.progress
        others = [one.path for one in node.directory.current.entries if one.path != node.config.path]
        done.peers = sorted(others, key=lambda path: (RANK[path.partition("/")[0]], path))
        # First all that this node said: what it heard is about people whose records that brings back.
        for yours in (True, False):
            for peer in done.peers:
                if peer not in done.unreachable:
                    try:
                        self._ask(peer, yours)
                    except CallFailed as failure:
                        done.unreachable.append(peer)
                        log.event("recovery_unanswered", node=node.config.path, peer=peer, reason=failure.answer.reason)
                done.asked += int(not yours)
        if (done.unreachable or done.fault) and not self._accept_missing:
            return
        self._apply()
        node.journal.write(self._end)
        self.recovering = False

    def _ask(self, peer: str, yours: bool) -> None:
        answer = self._call(peer, "ListStreams", recovery_pb2.ListStreamsRequest())
        self._follow_clock(convert.instant(answer.virtual_time))
        for held in answer.streams:
            if held.yours != yours:
                continue
            try:
                (self._take_back if yours else self._hear)(peer, held)
            except Refusal as refusal:
                # One stream that cannot be verified keeps no other from coming back; the report names the reason.
                self.progress.fault = refusal.reason.value
                log.event("recovery_refused", node=self._node.config.path, peer=peer, reason=refusal.reason.value)

    def _follow_clock(self, there: datetime) -> None:
        """A file that was lost has forgotten the day; what is due since is done when the node speaks again."""
        clock = self._node.clock
        if clock.virtual and there > clock.now():
            clock.set(there)

    def _call(self, peer: str, method: str, request: Any) -> Any:
        return self._node.peers.call(peer, recovery_pb2_grpc.RecoveryServiceStub, method, request, CALL_SECONDS)

    def _batches(self, peer: str, held: recovery_pb2.HeldStream, number: int) -> list[journal.Envelope]:
        request = recovery_pb2.FetchBatchesRequest(
            origin=held.origin, kind=held.kind, counterpart=held.counterpart, epoch=held.epoch, from_number=number
        )
        answer = self._call(peer, "FetchBatches", request)
        return [journal.Envelope.of(batch) for batch in answer.batches]

    # What this node said

    def _take_back(self, peer: str, held: recovery_pb2.HeldStream) -> None:
        node, stream = self._node, Stream(held.origin, held.kind, held.counterpart)
        if not gate.speaks_for(node.identity, stream.origin):
            return
        with node.journal.read() as db:
            standing = journal.standing(db, stream)
            known = recovery.has_header(db, stream, held.epoch, held.head_hash)
        if standing is not None and standing.epoch > held.epoch:
            return
        if not known:
            if standing is not None and standing.epoch < held.epoch:
                node.journal.write(partial(self._keep_unheard, stream=stream, standing=standing))
            self._fetch_own(peer, held, stream, standing)
        if held.stopped and stream not in self.progress.forks:
            self.progress.forks[stream] = held.next_number

    def _fetch_own(
        self, peer: str, held: recovery_pb2.HeldStream, stream: Stream, standing: journal.Standing | None
    ) -> None:
        same = standing is not None and standing.epoch == held.epoch
        number, head = (standing.next_number, standing.head_hash) if same and standing else (1, journal.NO_HASH)
        while number < held.next_number:
            found = self._batches(peer, held, number)
            if not found:
                break
            for envelope in found:
                header = envelope.header
                if header.first_number != number or header.previous_header_hash != head:
                    self._fork(peer, held, stream)
                    return
                self._verify(envelope)
                self._node.journal.write(partial(self._append, envelope=envelope))
                self.progress.own += envelope.size
                number, head = header.last_number + 1, envelope.header_hash
        if head != held.head_hash and number >= held.next_number:
            self._fork(peer, held, stream)

    def _keep_unheard(self, db: Connection, stream: Stream, standing: journal.Standing) -> None:
        """What was said since in an epoch that had ended before is to be said in the one that comes back."""
        number = recovery.unacknowledged(db, stream)
        records = recovery.records_from(db, stream, standing.epoch, number)
        for record, keys in records:
            journal.enqueue(db, stream, record, keys)
        if records and stream.kind == IDENTIFICATION:
            self.progress.forks[stream] = number

    def _verify(self, envelope: journal.Envelope) -> None:
        node = self._node
        verify(envelope.batch, node.keyring, node.directory.current.revoked, node.clock.today())

    def _append(self, db: Connection, envelope: journal.Envelope) -> None:
        """The same bytes into the own journal, as said; neighbours who lack them get them by the usual link."""
        node = self._node
        journal.append(db, node.clock, envelope, said=True, to=node.local.route(envelope))
        node.local.take_back(db, [envelope], ())

    def _fork(self, peer: str, held: recovery_pb2.HeldStream, stream: Stream) -> None:
        """This node said something else under the same numbers: both stay as evidence, and a new epoch will follow."""
        node, number, other = self._node, 1, []
        while number < held.next_number and (found := self._batches(peer, held, number)):
            for envelope in found:
                number = envelope.header.last_number + 1
                with node.journal.read() as db:
                    known = recovery.has_header(db, stream, held.epoch, envelope.header_hash)
                if not known:
                    self._verify(envelope)
                    other.append(envelope)
        first = other[0].header.first_number if other else number
        before = self.progress.forks.get(stream, first)
        self.progress.forks[stream] = min(before, first)
        if not other:
            return
        # In one transaction: codes of all of them are out of the pool before anybody is given another.
        node.journal.write(partial(self._keep_forked, peer=peer, other=other))
        self.progress.conflicts.append(
            recovery_pb2.RecoveryConflict(
                origin=held.origin, kind=held.kind, counterpart=held.counterpart, epoch=held.epoch, number=first,
                peer=peer,
            )
        )  # fmt: skip

    def _keep_forked(self, db: Connection, peer: str, other: list[journal.Envelope]) -> None:
        kept = [one for one in other if journal.keep_conflict(db, peer, one, Reason.EQUIVOCATION.value)]
        if not kept:
            return  # another neighbour gave them already
        header = kept[0].header
        since = recovery.records_from(db, kept[0].stream, header.epoch, header.first_number)
        twice, others = self._node.local.take_back(db, kept, [record for record, _ in since])
        self.progress.own += sum(one.size for one in kept)
        self.progress.changed_twice.update(twice)
        self.progress.other_codes.update(others)

    # What this node was told

    def _hear(self, peer: str, held: recovery_pb2.HeldStream) -> None:
        node, stream = self._node, Stream(held.origin, held.kind, held.counterpart)
        with node.journal.read() as db:
            standing = journal.standing(db, stream)
        if standing is not None and standing.epoch > held.epoch:
            return
        number = standing.next_number if standing is not None and standing.epoch == held.epoch else 1
        while number < held.next_number:
            found = self._batches(peer, held, number)
            if not found:
                return
            for envelope in found:
                following = node.receiver.take_fetched(peer, envelope.batch)
                if following <= number:
                    return
                self.progress.heard += following - number
                number = following

    # The end

    def _apply(self) -> None:
        """Let the register follow all that was fetched; nothing of what follows from it is signed yet."""
        node = self._node
        self.applying = True
        with node.journal.read() as db:
            position = journal.head(db)[0]
        node.wake()
        node.projector.wait_applied(position, APPLY_SECONDS)

    def _end(self, db: Connection) -> None:
        node, done = self._node, self.progress
        recovery.settle_pending(db)
        whole = False
        for stream, number in sorted(done.forks.items()):
            if stream.kind == IDENTIFICATION:
                whole = True
            elif stream.kind in basis.answered_kinds():
                self._forget_answers(db, stream, number)
                journal.open_epoch(db, stream)
            else:
                standing = journal.standing(db, stream)
                epoch = standing.epoch if standing else 1
                recovery.open_anew(db, stream, recovery.records_from(db, stream, epoch, number))
        node.local.finish_recovery(db, whole)
        done.opened = len(done.forks)
        recovery.raise_counters(db, real_micros())
        recovery.end(db, done.unreachable)
        law = article(RULE_OF[node.identity.kind], node.clock.today())
        audit.append(db, node.clock, audit.Entry(node.config.path, "Recover", law, True))

    def _forget_answers(self, db: Connection, stream: Stream, number: int) -> None:
        """Who asks again with the same request_id must get an answer that it can take."""
        standing = journal.standing(db, stream)
        if standing is None:
            return
        while (envelope := journal.batch_from(db, stream, standing.epoch, number)) is not None:
            answers.forget(db, [envelope.batch.signature], self._node.clock.today() + timedelta(days=1))
            number = envelope.header.last_number + 1

    def report(self) -> recovery_pb2.GetRecoveryResponse:
        """How it stands."""
        done = self.progress
        return recovery_pb2.GetRecoveryResponse(
            recovering=self.recovering, running=self.running, nodes_asked=done.asked, nodes=len(done.peers),
            own_records=done.own, heard_records=done.heard, unreachable=done.unreachable, conflicts=done.conflicts,
            resident_ids_to_complete=self._node.local.to_complete(),
            resident_ids_changed_twice=sorted(done.changed_twice),
            resident_ids_given_other_codes=sorted(done.other_codes),
            not_recovered=[
                recovery_pb2.NotRecovered(english=english, japanese=japanese)
                for english, japanese in NOT_RECOVERED[self._node.identity.kind]
            ],
            fault=done.fault, epochs_opened=done.opened,
        )  # fmt: skip
