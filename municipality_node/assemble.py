"""A municipality as data: its file, its services, where batches go, what falls due."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, time

from jukinet.law.basis import article
from jukinet.model import areas
from jukinet.model.dates import JST
from jukinet.node.config import Tasks, Tier
from jukinet.node.node import Node
from jukinet.relay.engine import Work
from jukinet.store import audit
from jukinet.store.database import Connection, Schema
from jukinet.store.journal import Entry, Envelope
from jukinet.store.projector import Faults
from jukinet.v1 import relay_pb2
from jukinet.wire.server import Service
from municipality_node import store
from municipality_node.acts.move_out import complete_move_out
from municipality_node.desk import Desk
from municipality_node.drill import Drill
from municipality_node.hearing import Hearing
from municipality_node.retention import store as retention_store
from municipality_node.retention.erasing import MunicipalErasing
from municipality_node.servicer import counter_service
from municipality_node.tasks import store as task_store
from municipality_node.tasks.asking import Asking

UPWARD = (relay_pb2.STREAM_KIND_IDENTIFICATION, relay_pb2.STREAM_KIND_MOVE_OUT_CONFIRMATION)
LONGEST_SLEEP = 3600.0
SERVICES = (
    counter_service,
    # ~ special_move
    # ~ abroad
    # ~ correction
    # ~ nationality
    # ~ family_register
    # ~ issuance
    # ~ support
    # ~ area
    # ~ retention
    # ~ law
)


class Municipality:
    """One mayor's communication server."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._hearing = Hearing(node.identity, node.clock)
        self._asking = Asking(node)
        self.erasing = MunicipalErasing(node)
        own = node.identity.area_code
        self._governor = f"prefecture/{areas.prefecture_of(own).code}"
        self._own = {own, *(ward.code for ward in areas.wards_of(own))}

    def apply(self, db: Connection, entry: Entry, records: Sequence[bytes]) -> Faults:
        """Bring one heard batch into the register."""
        return self._hearing.apply(db, entry, records)

    def follow(self, db: Connection, entry: Entry, records: Sequence[bytes], aside: Collection[int]) -> None:
        """Note how long the records are kept."""
        retention_store.follow(db, entry, records, aside)

    def route(self, envelope: Envelope) -> str | None:
        """Upward to the governor; sideways straight to the counterpart; what is heard stays."""
        header = envelope.header
        if header.origin not in self._own:
            return None
        if header.kind in UPWARD:
            return self._governor
        if header.counterpart in self._own:
            return None  # from ward to ward of one city: said and heard on the same computer
        area = areas.find(header.counterpart)
        city = area.city_code if area is not None and area.kind == "ward" else header.counterpart
        return f"municipality/{city}"

    def services(self) -> Sequence[Service]:
        """The desks, each served to the own clerks, and what neighbours may ask."""
        return tuple(make(self._node) for make in SERVICES)

    def works(self) -> Sequence[Work]:
        """The task worker and the due jobs."""
        name = self._node.config.path
        return (
            Work(f"{name} asking", self._asking.step, away=True),
            Work(f"{name} due", self._do_due),
            Work(f"{name} erasing", self.erasing.step),
        )

    def _do_due(self) -> float | None:
        """00:00 of planned days (令13条第1項)."""
        node, falls = self._node, self._leaving()
        if falls is None:
            return None
        wait = (falls - node.clock.now()).total_seconds()
        if wait <= 0:
            node.journal.write(self._complete_move_out)
            return 0.0
        return None if node.clock.virtual else min(wait, LONGEST_SLEEP)

    def _complete_move_out(self, db: Connection) -> None:
        node = self._node
        subjects = complete_move_out(Desk(db, node.clock, node.identity))
        law = article("complete_move_out", node.clock.today())
        audit.append(db, node.clock, audit.Entry(node.config.path, "CompleteMoveOut", law, True, subjects=subjects))

    def live(self) -> dict[str, int]:
        """Residents by area."""
        with self._node.journal.read() as db:
            counts = store.tally(db)
        return {area: count for area, count in counts.items() if count and area != store.POOL}

    def due(self) -> datetime | None:
        """00:00 of the next planned 転出, or of the day on which something kept is to be erased."""
        falls = (self._leaving(), self.erasing.next_due())
        return min((instant for instant in falls if instant is not None), default=None)

    def _leaving(self) -> datetime | None:
        """00:00 of the next planned 転出."""
        with self._node.journal.read() as db:
            day = store.next_leaving(db)
        return datetime.combine(day, time(), JST) if day else None

    def tasks(self) -> Tasks:
        """What waits for J-LIS; while it does not answer, nothing of it can be done."""
        with self._node.journal.read() as db:
            waiting, unanswered = task_store.count_tasks(db), self._asking.unanswered(db)
            pool = store.tally(db).get(store.POOL, 0)
            day = store.next_leaving(db)
        due = int(day is not None and day <= self._node.clock.today()) + int(self.erasing.ready())
        return Tasks(waiting, (0 if self._asking.failing else unanswered) + due, pool)

    def unanswered(self) -> int:
        """Tasks that J-LIS would answer, were it reached."""
        with self._node.journal.read() as db:
            return self._asking.unanswered(db)

    def drill(self) -> Drill:
        """What only a municipality can be told."""
        return Drill(self._node)


TIER = Tier(journal=Schema("municipality_node.schema", "migrations", 2), register=None, local=Municipality)
