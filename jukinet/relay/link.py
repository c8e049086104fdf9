"""The sending end of a link: one batch in flight, resent as the same bytes until the neighbour says it has it."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace

from jukinet import failpoint, log
from jukinet.model.reason import Reason
from jukinet.model.stream import Stream
from jukinet.refusal import CATALOG
from jukinet.store import journal, links
from jukinet.store.database import Database
from jukinet.v1 import relay_pb2, relay_pb2_grpc
from jukinet.wire.peers import CallFailed, Peers
from jukinet.wire.status import Answer

CALL_SECONDS = 5.0
FIRST_WAIT, LONGEST_WAIT, STOPPED_WAIT = 0.05, 5.0, 15.0
"""Seconds between attempts: at first, at most, and after a definite refusal, which only people can mend."""
A_RUN = 32
"""Batches sent before other links get the thread."""
LINE_FAULTS = tuple(
    reason.value for reason in (Reason.PEER_UNREACHABLE, Reason.BUSY, Reason.BACKLOG, Reason.STORAGE_FULL)
)


@dataclass(frozen=True, slots=True)
class LinkState:
    """What people see of a link."""

    state: str = "IDLE"
    attempts: int = 0
    last_fault: str = ""
    remedy: str = ""


class Link:
    """Everything owed to one neighbour. `step` is run by one thread at a time."""

    def __init__(self, peer: str, db: Database, peers: Peers) -> None:
        self.peer = peer
        self.shown = LinkState()
        self.line_down = False
        self._db = db
        self._peers = peers
        self._dice = random.Random(f"{db.path} {peer}")  # or all who try one neighbour would keep step
        self._held: dict[tuple[Stream, int], tuple[float, LinkState]] = {}
        """Streams, by epoch, that were refused for a reason of their own: when each is tried again, and why."""

    def step(self) -> float | None:
        """Send what is owed; answers when to come back. A stream that is refused does not hold up the others."""
        with self._db.read() as db:
            owed = links.owed(db, self.peer)
        self.line_down = False
        if not owed:
            self._held = {}
            self.shown = LinkState()
            return None
        if self._peers.is_cut(self.peer):
            self.line_down = True  # nothing is tried until somebody joins
            self.shown = LinkState("OUTSIDE")
            return None
        of_now = {(cursor.stream, cursor.epoch) for cursor in owed}
        self._held = {key: held for key, held in self._held.items() if key in of_now}
        waits = []
        for cursor in owed:
            key = (cursor.stream, cursor.epoch)
            held = self._held.get(key)
            wait = max(0.0, held[0] - time.monotonic()) if held else 0.0
            if wait == 0.0:
                try:
                    self._send(cursor)
                    self._held.pop(key, None)
                except CallFailed as failure:
                    wait = self._failed(cursor, failure)
                    if _of_the_line(failure.answer):
                        self.line_down = True
                        return wait  # other streams would fare no better
                    self._held[key] = (time.monotonic() + wait, self.shown)
            waits.append(wait)
        for _, refused in self._held.values():
            self.shown = refused
        return min(waits)

    def retry_now(self) -> None:
        """Let every stream try again at the next step; until then nobody knows whether it is still refused."""
        self._held = {}
        if self.shown.state == "STOPPED":
            self.shown = LinkState("RETRYING", self.shown.attempts, self.shown.last_fault, self.shown.remedy)

    def _send(self, cursor: links.Cursor) -> None:
        for _ in range(A_RUN):
            with self._db.read() as db:
                standing = journal.standing(db, cursor.stream)
                if standing is not None and standing.epoch > cursor.epoch:
                    return
                envelope = journal.batch_from(db, cursor.stream, cursor.epoch, cursor.next_number)
            if envelope is None or envelope.header.last_number > cursor.through_number:
                return
            self.shown = LinkState("SENDING", self.shown.attempts, self.shown.last_fault, self.shown.remedy)
            request = relay_pb2.DeliverBatchRequest(batch=envelope.batch)
            answer = self._peers.call(self.peer, relay_pb2_grpc.RelayServiceStub, "DeliverBatch", request, CALL_SECONDS)
            failpoint.hit("after_ack_before_cursor")
            cursor = self._believe(cursor, envelope, answer)
            self.shown = LinkState("SENDING")

    def _believe(
        self, cursor: links.Cursor, envelope: journal.Envelope, answer: relay_pb2.DeliverBatchResponse
    ) -> links.Cursor:
        """Move the cursor to where the neighbour stands, unless it stands where this journal never was."""
        if answer.epoch < cursor.epoch:
            # It was restored from an old copy, or this epoch's beginning is still to come.
            answer = relay_pb2.DeliverBatchResponse(epoch=cursor.epoch, next_number=1)
        if answer.next_number != envelope.header.last_number + 1 or answer.epoch != cursor.epoch:
            with self._db.read() as db:
                standing = journal.standing(db, cursor.stream)
                held = journal.batch_from(db, cursor.stream, cursor.epoch, answer.next_number - 1)
            if standing is None or answer.epoch > cursor.epoch or answer.next_number > standing.next_number:
                raise _stop(Reason.RECEIVER_AHEAD)
        else:
            held = envelope
        if answer.epoch == cursor.epoch and answer.head_hash and (held is None or held.header_hash != answer.head_hash):
            raise _stop(Reason.CHAIN_BROKEN)
        if answer.next_number == cursor.next_number:
            raise CallFailed(Answer("NO_PROGRESS", False, "the neighbour took the call and still waits for the number"))
        self._db.write(lambda db: links.move(db, self.peer, cursor, answer.next_number))
        return replace(cursor, next_number=answer.next_number, stopped="")

    def _failed(self, cursor: links.Cursor, failure: CallFailed) -> float:
        answer = failure.answer
        attempts = self.shown.attempts + 1
        if answer.definite:
            if cursor.stopped != answer.reason:
                self._db.write(lambda db: links.stop(db, self.peer, cursor, answer.reason))
                log.event("stream_stopped", peer=self.peer, origin=cursor.stream.origin, reason=answer.reason)
            self.shown = LinkState("STOPPED", attempts, answer.reason, answer.message)
            return STOPPED_WAIT * (0.75 + self._dice.random() / 2)
        if attempts == 1:
            log.event("link_down", peer=self.peer, reason=answer.reason)
        self.shown = LinkState("RETRYING", attempts, answer.reason, answer.message)
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempts, 10))
        return float(wait * (0.5 + self._dice.random()))


def _of_the_line(answer: Answer) -> bool:
    """Whether the failure says nothing about the batch: the neighbour is away, busy or full."""
    return not answer.definite and answer.reason.startswith(LINE_FAULTS)


def _stop(reason: Reason) -> CallFailed:
    spec = CATALOG[reason]
    return CallFailed(Answer(reason.value, True, spec.english, spec.japanese))
