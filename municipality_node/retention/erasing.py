"""The due job of retention at a municipality: beside what it said and heard, its 除票 and papers."""

from __future__ import annotations

from collections import Counter
from datetime import date

from jukinet.node.erasing import A_RUN, Erasing, Erasure
from jukinet.node.node import Node
from jukinet.store import retention as retention_store
from jukinet.store.database import Connection
from municipality_node.retention import store


class MunicipalErasing(Erasing):
    """Erases notices, papers and 除票 of one municipality."""

    def __init__(self, node: Node) -> None:
        super().__init__(node, "keep_notified_identification")

    def next_day(self, db: Connection) -> date | None:
        """The earlier of a journaled record's and that of anything else."""
        days = (super().next_day(db), store.next_due(db))
        return min((day for day in days if day is not None), default=None)

    def is_live(self, db: Connection, notice: retention_store.Notice) -> bool:
        """Whether a live 住民票 rests on the notice."""
        return store.is_live(db, notice.code, notice.area_code, notice.person_sequence)

    def forget(self, db: Connection, erasure: Erasure) -> None:
        """The 住民票 stands for itself: its own period ends it."""

    def erase_more(self) -> None:
        """Papers of which a year is over, 除票 and cleared 附票 of which 150 years are (令34条)."""
        self._node.journal.write(self._erase)

    def _erase(self, db: Connection) -> None:
        today, counts = self._node.clock.today(), Counter[str]()
        for kept in store.DATED:
            counts[kept.period.__name__] += store.erase_dated(db, kept, today)
        ids = store.expired(db, today, A_RUN)
        if ids:
            store.erase(db, ids)
        counts["keep_removed_record"] += len(ids)
        for rule, count in counts.items():
            if count:
                self.audit(db, rule, count, today, ids if rule == "keep_removed_record" else ())
