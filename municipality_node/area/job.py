"""The due job of 行政区画の変更: at 00:00 of the day, residents of an area that has become another are the other's."""

from __future__ import annotations

from datetime import date

from jukinet.law.area import keep_register
from jukinet.law.basis import article
from jukinet.model import successions
from jukinet.node.node import Node
from jukinet.store import audit
from jukinet.store.database import Connection
from municipality_node import store
from municipality_node.acts.area import change_administrative_area
from municipality_node.acts.special_move import tell_move_outs_again
from municipality_node.desk import Desk

A_PAGE = 2_000
"""Records changed in one transaction."""


class AreaJob:
    """Changes what an area's end leaves to do within one municipality; a merger is done by the drill."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def due(self, db: Connection) -> date | None:
        """The next day on which an area that still has residents becomes another of this municipality."""
        return min((day for _, day in self._ends(db)), default=None)

    def closed(self) -> bool:
        """Whether this municipality is itself no more, so that nothing falls due at it."""
        return not keep_register(self._node.identity.area_code, self._node.clock.today()).allowed

    def run(self) -> None:
        """Do all that is due, page by page; what a power cut leaves undone is still due afterwards."""
        with self._node.journal.read() as db:
            due = [area for area, day in self._ends(db) if day <= self._node.clock.today()]
        for area in due:
            after = 0
            while changed := self._node.journal.write(lambda db, a=area, n=after: self._page(db, a, n)):  # type: ignore[misc]
                after = changed[-1]

    def _page(self, db: Connection, area_code: str, after: int) -> list[int]:
        node = self._node
        desk = Desk(db, node.clock, node.identity)
        changed = change_administrative_area(desk, area_code, after, A_PAGE)
        if changed:
            tell_move_outs_again(desk)
            law = article("change_administrative_area", node.clock.today())
            entry = audit.Entry(node.config.path, "ChangeAdministrativeArea", law, True, subjects=changed)
            audit.append(db, node.clock, entry)
        return changed

    def _ends(self, db: Connection) -> list[tuple[str, date]]:
        own = self._node.identity.area_code
        return [
            (area, min(succession.day for succession in successions.of(area)))
            for area, count in store.tally(db).items()
            if count > 0 and area != own and successions.of(area)
        ]
