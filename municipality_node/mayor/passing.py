"""区長 → 市長 → 知事: what a ward says goes to the governor when the mayor has passed it on (令31条2項, 32条2項)."""

from __future__ import annotations

from functools import partial

from jukinet.clock import real_micros, to_micros
from jukinet.law.area import PASSED_ON
from jukinet.law.basis import article
from jukinet.model import areas
from jukinet.node.config import Passage
from jukinet.node.node import Node
from jukinet.relay.engine import Work
from jukinet.store import audit, journal, links
from jukinet.store.database import Connection
from municipality_node.mayor import store


class Mayor:
    """Passes on what the wards' counters have signed; a municipality without wards has nothing to pass on."""

    def __init__(self, node: Node, governor: str) -> None:
        self._node = node
        self._governor = governor
        self._wards = tuple(ward.code for ward in areas.wards_of(node.identity.area_code))

    def stands_between(self, origin: str, kind: int) -> bool:
        """Whether this origin's stream goes by way of the mayor."""
        return origin in self._wards and kind in PASSED_ON

    def works(self) -> list[Work]:
        """The mayor's desk, where there are wards."""
        return [Work(f"{self._node.config.path} mayor", self.step)] if self._wards else []

    def step(self) -> float | None:
        """Pass on everything that waits, each batch for itself."""
        with self._node.journal.read() as db:
            waiting = self._waiting(db)
        for position, _ in waiting:
            self._node.journal.write(partial(self._pass_on, position=position))
        return 0.0 if waiting else None

    def unpassed(self) -> int:
        """Records in sealed batches that the mayor has not passed on."""
        with self._node.journal.read() as db:
            return sum(size for _, size in self._waiting(db))

    def passages(self, positions: list[int]) -> dict[int, Passage]:
        """When the batches at these positions were passed on."""
        if not self._wards:
            return {}
        with self._node.journal.read() as db:
            return dict(store.passages(db, positions))

    def _waiting(self, db: Connection) -> list[tuple[int, int]]:
        # In order of position, so whatever stands behind the last that was passed on still waits.
        return store.waiting(db, store.last(db), self._wards, PASSED_ON) if self._wards else []

    def _pass_on(self, db: Connection, position: int) -> None:
        entry = journal.entry(db, position)
        if entry is None or position <= store.last(db):
            return
        clock, header = self._node.clock, entry.envelope.header
        at = Passage(position, real_micros(), to_micros(clock.now()), clock.tick())
        store.insert(db, at)
        links.let_through(
            db, self._governor, entry.envelope.stream, header.epoch, header.first_number, header.last_number
        )
        law = article(PASSED_ON[header.kind], clock.today())
        audit.append(db, clock, audit.Entry(self._node.config.path, "PassOnByMayor", law, True))
