"""整合 of a municipality with its governor: the register is authoritative, and whoever differs is told again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jukinet.law.basis import article
from jukinet.model.identification import Change, ChangeKind, ChangeReason
from jukinet.model.participation import Mode
from jukinet.model.stream import Stream
from jukinet.node.reconciling import Difference, Moved, Point
from jukinet.store import audit, digests, journal
from jukinet.store.database import Connection
from jukinet.store.digests import Leaves
from jukinet.v1 import relay_pb2
from jukinet.wire import convert
from municipality_node import store
from municipality_node.acts.resend import resend_identification, tell_again
from municipality_node.desk import Desk

if TYPE_CHECKING:
    from jukinet.node.node import Node

KIND = int(relay_pb2.STREAM_KIND_IDENTIFICATION)


class MunicipalSide:
    """What one mayor knows."""

    def __init__(self, node: Node, governor: str) -> None:
        self._node = node
        self.peer = governor

    def areas(self) -> Sequence[str]:
        """The municipality, or the wards of the city."""
        if self._node.participation.mode is Mode.OUTSIDE:
            return ()
        with self._node.journal.read() as db:
            return Desk(db, self._node.clock, self._node.identity).own_areas()

    def read(self, area_code: str) -> tuple[Point, Leaves]:
        """Live records with the number of the last notice that was said of them."""
        with self._node.journal.read() as db:
            db.execute("BEGIN")
            try:
                return _point(db, area_code), digests.read(store.live_rows(db, area_code))
            finally:
                db.execute("ROLLBACK")

    def mend(self, point: Point, found: Sequence[Difference]) -> int:
        """Tell again whoever differs, in one act."""
        node = self._node
        if not found:
            return 0

        def work(db: Connection) -> int:
            if _point(db, point.area_code) != point:
                raise Moved
            desk = Desk(db, node.clock, node.identity)
            subjects = [reconcile_identification(desk, point.area_code, one) for one in found]
            law = article("reconcile_identification", node.clock.today())
            told = audit.Entry(
                node.config.path, "ReconcileIdentification", law, True, subjects=list(filter(None, subjects))
            )
            audit.append(db, node.clock, told)
            return desk.notices

        return node.journal.write(work)


def reconcile_identification(desk: Desk, area_code: str, found: Difference) -> int:
    """Tell the governor what the register says of a code; the record it says it of, 0 where it has none.

    What rests there on no notice at all the governor has dropped.
    """
    code, there = f"{found.code:011d}", found.there
    records = [r for r in store.by_code(desk.db, code) if r.person.area_code == area_code]
    above = there.person_sequence if there else 0
    if records and not (there and there.unfounded):
        live = next((r for r in records if r.state != store.State.REMOVED), records[0])
        resend_identification(desk, live, held=there is not None, above=above)
        return live.id
    if there and not there.unfounded:
        person = convert.identification(there.identification)
        change = Change(ChangeKind.DELETION, ChangeReason.EX_OFFICIO_DELETION, desk.today)
        tell_again(desk, person, change, above + 1)
    return 0


def _point(db: Connection, area_code: str) -> Point:
    standing = journal.standing(db, Stream(area_code, KIND))
    return Point(area_code, standing.epoch if standing else 1, standing.assigned_number - 1 if standing else 0)
