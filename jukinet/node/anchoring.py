"""What keeps the 操作記録 provable: heads that are signed, anchored in the tier above, and kept of the tier below.

The provisions in it are erased when their own period is over; the hashes stay.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from jukinet import log
from jukinet.clock import real_micros, to_micros
from jukinet.law.basis import article
from jukinet.law.retention import keep_provision_log
from jukinet.model.dates import JST
from jukinet.model.reason import Reason
from jukinet.pki import merkle
from jukinet.pki.signing import sha256
from jukinet.refusal import Refusal
from jukinet.relay.engine import Work
from jukinet.relay.pause import Pause
from jukinet.store import audit, audit_log, settings
from jukinet.store.database import Connection
from jukinet.v1 import audit_pb2, audit_pb2_grpc
from jukinet.wire.call import Call
from jukinet.wire.peers import CallFailed

if TYPE_CHECKING:
    from jukinet.node.node import Node

ANCHORED, FAULT, DAY = "anchored_size", "anchor_fault", "anchored_day"
CALL_SECONDS = 20.0
ERASED = "EraseProvisionLog"


class Anchoring:
    """The heads of one node's log."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._pause = Pause(f"{node.config.path} anchoring", lambda: node.tries)
        self._erased_on: date | None = None
        self._anchored_on: date | None = None
        """Every commit wakes this worker: on that day there is nothing more to do."""
        self.work = Work(f"{node.config.path} anchoring", self._step, away=True)

    def head(self) -> audit_pb2.SignedTreeHead:
        """A signed head over all rows of now; the one that is there, if this size was signed before."""
        node = self._node

        def sign(db: Connection) -> audit_pb2.SignedTreeHead:
            size = audit_log.size(db)
            if (kept := audit_log.head(db, size)) is not None:
                return kept
            said = audit_pb2.TreeHead(
                node=node.config.path, size=size, root=merkle.root(audit_log.leaves(db, size)),
                real_time=real_micros(), virtual_time=to_micros(node.clock.now()),
            ).SerializeToString(deterministic=True)  # fmt: skip
            signer = node.credentials.signer
            signed = audit_pb2.SignedTreeHead(
                head=said, signature=signer.sign_digest(sha256(said)), certificate=signer.certificate_der
            )
            audit_log.keep_head(db, size, signed)
            return signed

        with node.journal.read() as db:
            kept = audit_log.head(db, audit_log.size(db))
        return kept or node.journal.write(sign)

    @property
    def parent(self) -> str:
        """Path of the tier above; empty for J-LIS, or where the directory knows none."""
        entry = self._node.directory.current.parent_of(self._node.config.path)
        return entry.path if entry else ""

    def anchor(self) -> int:
        """Anchor the head of now in the tier above; the size that is anchored there. CallFailed without an answer."""
        if not self.parent:
            return 0
        signed = self.head()
        size = audit_pb2.TreeHead.FromString(signed.head).size
        with self._node.journal.read() as db:
            before = int(settings.find(db, ANCHORED) or "0")
            leaves = audit_log.leaves(db, size)
        for _ in range(2):  # once more where the other tells from which size to prove
            known = before if before <= size else 0
            request = audit_pb2.AnchorTreeHeadRequest(
                head=signed, from_size=known, consistency=merkle.consistency(leaves, known) if known else ()
            )
            stub = audit_pb2_grpc.AuditServiceStub
            before = self._node.peers.call(self.parent, stub, "AnchorTreeHead", request, CALL_SECONDS).anchored_size
            if before == size:
                break
        self._node.journal.write(lambda db: settings.put(db, ANCHORED, str(before)))
        return before

    def _step(self) -> float | None:
        """What is due on this day: old provisions go, and once a day a head is anchored."""
        today = self._node.clock.today()
        if self._erased_on != today:
            self._erase(today)
            self._erased_on = today
        every = self._node.config.anchor_days
        if every > 0 and not self.parent and self._anchored_on != today:
            self.head()  # nobody is above: what is signed by now cannot be undone unseen
            self._anchored_on = today
        if every <= 0 or self._anchored_on == today or not self.parent or self._node.participation.is_cut(self.parent):
            return None
        if left := self._pause.left():
            return left
        with self._node.journal.read() as db:
            last, size = settings.find(db, DAY), audit_log.size(db)
            grown = size > int(settings.find(db, ANCHORED) or "0")
        if not last:
            self._note(today)  # the period runs from the first day
            return None
        if (today - date.fromisoformat(last)).days < every:
            self._anchored_on = today
            return None
        if not grown:
            return None
        try:
            self.anchor()
        except CallFailed as failure:
            if not failure.answer.definite:
                return self._pause.failed()
            # Asking again would fill the log above with the same refusal; `jukinet audit anchor` asks at once.
            log.event("anchor_refused", node=self._node.config.path, reason=failure.answer.reason)
        self._pause.over()
        self._note(today)
        return None

    def _note(self, today: date) -> None:
        self._anchored_on = today
        self._node.journal.write(lambda db: settings.put(db, DAY, today.isoformat()))

    def kept_from(self) -> int:
        """The instant of the virtual clock from which provisions must still be there, in microseconds."""
        first = keep_provision_log(self._node.clock.today(), self._node.config.provision_log_years)
        return to_micros(datetime.combine(first, time(), JST))

    def _erase(self, today: date) -> None:
        before = self.kept_from()
        with self._node.journal.read() as db:
            if not audit_log.has_provision_before(db, before):
                return

        def erase(db: Connection) -> None:
            gone = audit_log.erase_provisions(db, before)
            entry = audit.Entry(
                self._node.config.path, ERASED, article("keep_provision_log", today), True, reason=f"{gone}件"
            )
            audit.append(db, self._node.clock, entry)

        self._node.journal.write(erase)


def take_anchor(node: Node, call: Call, request: audit_pb2.AnchorTreeHeadRequest) -> int:
    """Keep a head of the caller's if it continues the last one; the size that is kept. TREE_FORKED if it does not."""
    entry = node.directory.current.parent_of(call.path)
    if entry is None or entry.path != node.config.path:
        raise Refusal(Reason.ORIGIN_NOT_CARRIED, call.article)
    said = audit_log.signed_by(request.head, node.keyring)
    if said is None or said.node != call.path or said.size < 1:
        raise Refusal(Reason.SIGNATURE_INVALID, call.article)

    def keep(db: Connection) -> int:
        kept = audit_log.last_anchored(db, call.path)
        before = audit_pb2.TreeHead.FromString(kept.head) if kept else audit_pb2.TreeHead()
        if before.size > said.size:
            raise Refusal(Reason.TREE_FORKED, call.article)
        if before.size == said.size and before.root != said.root:
            raise Refusal(Reason.TREE_FORKED, call.article)
        if before.size == said.size:
            return int(said.size)
        if request.from_size != before.size:
            return int(before.size)  # the caller lost count, and proves from there
        continues = merkle.verify_consistency(before.size, said.size, before.root, said.root, list(request.consistency))
        if not continues:
            raise Refusal(Reason.TREE_FORKED, call.article)
        audit_log.anchor(db, call.path, said.size, request.head)
        row = audit.Entry(call.path, call.event, call.article, True, reason=f"{said.size} {said.root.hex()}")
        audit.append(db, node.clock, row)
        return int(said.size)

    return node.journal.write(keep)
