"""The due job of retention at a municipality: beside what it said and heard, its 除票."""

from __future__ import annotations

from datetime import date

from jukinet.node.erasing import A_RUN, Erasing, Erasure
from jukinet.node.node import Node
from jukinet.store import answers
from jukinet.store import retention as retention_store
from jukinet.store.database import Connection
from municipality_node.retention import store


class MunicipalErasing(Erasing):
    """Erases notices, papers and 除票 of one municipality."""

    def __init__(self, node: Node) -> None:
        super().__init__(node, "keep_notified_identification")

    def next_day(self, db: Connection) -> date | None:
        """The earlier of a record's and a 除票's."""
        days = (super().next_day(db), store.next_due(db))
        return min((day for day in days if day is not None), default=None)

    def is_live(self, db: Connection, notice: retention_store.Notice) -> bool:
        """Whether a live 住民票 rests on the notice."""
        return store.is_live(db, notice.code, notice.area_code, notice.person_sequence)

    def forget(self, db: Connection, erasure: Erasure) -> None:
        """The 住民票 stands for itself: its own period ends it."""

    def erase_more(self) -> None:
        """除票 of which 150 years are over (令34条第1項)."""
        node, today = self._node, self._node.clock.today()

        def erase(db: Connection) -> None:
            found = store.expired(db, today, A_RUN)
            if not found:
                return
            ids = [record.resident_id for record in found]
            store.erase(db, ids)
            for record in found:
                answers.forget(db, record.words)
            self.audit(db, "keep_removed_record", len(ids), today, ids)

        node.journal.write(erase)
