"""A municipality as data: its file, its services, where batches go, what falls due."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time
from functools import partial

from jukinet.model import areas
from jukinet.model.dates import JST
from jukinet.model.participation import Mode
from jukinet.model.reason import Reason
from jukinet.node.config import Passage, Tasks, Tier
from jukinet.node.error_drill import Queue
from jukinet.node.holding.holder import PersonHolder
from jukinet.node.node import Node
from jukinet.node.ordinance.acts import in_force
from jukinet.node.ordinance.servicer import ordinance_service
from jukinet.node.provision.servicer import ProvisionServicer, provision_service
from jukinet.node.reconciling import Reconciling
from jukinet.relay.engine import Work
from jukinet.store.database import Connection, Schema
from jukinet.store.journal import Entry, Envelope
from jukinet.store.projector import Faults
from jukinet.v1 import relay_pb2
from jukinet.wire.server import Service
from municipality_node import store
from municipality_node.abroad.collecting import Collecting
from municipality_node.abroad.servicer import abroad_service
from municipality_node.acts.participation import take_part
from municipality_node.acts.recover import finish_recovery, take_back, take_back_confirmations
from municipality_node.area.job import AreaJob
from municipality_node.correction_servicer import correction_service
from municipality_node.desk import Desk
from municipality_node.drill import Drill
from municipality_node.due import DueJobs
from municipality_node.error_servicer import error_service, queue_row
from municipality_node.errors import store as error_store
from municipality_node.family_register_servicer import family_register_service
from municipality_node.hearing import Hearing
from municipality_node.holding.holder import ResidentPersons
from municipality_node.intermunicipal_servicer import intermunicipal_service
from municipality_node.issuance_servicer import issuance_service
from municipality_node.mayor.passing import Mayor
from municipality_node.nationality_servicer import nationality_service
from municipality_node.operators.permits import Permits
from municipality_node.operators_servicer import operator_service
from municipality_node.participation_servicer import participation_service
from municipality_node.provision.holder import ResidentHolder
from municipality_node.reconciling import MunicipalSide
from municipality_node.recovery import store as recovery_store
from municipality_node.retention import store as retention_store
from municipality_node.retention.erasing import MunicipalErasing
from municipality_node.servicer import counter_service
from municipality_node.set_aside_servicer import set_aside_service
from municipality_node.special_move_servicer import special_move_service
from municipality_node.support_servicer import support_service
from municipality_node.tasks import store as task_store
from municipality_node.tasks.asking import Asking
from municipality_node.trace_servicer import trace_service
from municipality_node.wide_area_servicer import wide_area_service

UPWARD = (relay_pb2.STREAM_KIND_IDENTIFICATION, relay_pb2.STREAM_KIND_MOVE_OUT_CONFIRMATION)
LONGEST_SLEEP = 3600.0
SERVICES = (
    counter_service,
    special_move_service,
    intermunicipal_service,
    abroad_service,
    correction_service,
    nationality_service,
    family_register_service,
    issuance_service,
    wide_area_service,
    support_service,
    operator_service,
    error_service,
    set_aside_service,
    trace_service,
    participation_service,
    ordinance_service,
)


class Municipality:
    """One mayor's communication server."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.provision: ProvisionServicer | None = ProvisionServicer(
            node, ResidentHolder(node), partial(in_force, node)
        )
        self.holding: PersonHolder = ResidentPersons(node)
        self._hearing = Hearing(node.identity, node.clock)
        self._asking = Asking(node)
        self._due = DueJobs(node.config.path, node.identity, node.clock)
        self._collecting = Collecting(node)
        self.erasing = MunicipalErasing(node)
        own = node.identity.area_code
        self._governor = f"prefecture/{areas.prefecture_of(own).code}"
        self._areas = AreaJob(node)
        self._mayor = Mayor(node, self._governor)
        self.reconciling = Reconciling(node, MunicipalSide(node, self._governor))
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
            # What a ward says waits for the mayor, who gives it its cursor.
            return None if self._mayor.stands_between(header.origin, header.kind) else self._governor
        if header.counterpart in self._own:
            return None  # from ward to ward of one city: said and heard on the same computer
        area = areas.find(header.counterpart)
        city = area.city_code if area is not None and area.kind == "ward" else header.counterpart
        return f"municipality/{city}"

    def refuse(self, db: Connection, envelope: Envelope) -> Reason | None:
        """Nothing: a notice that cannot be used is set aside alone."""
        return None

    def services(self) -> Sequence[Service]:
        """The desks, each served to the own clerks, and what neighbours may ask."""
        assert self.provision is not None
        return (*(make(self._node) for make in SERVICES), provision_service(self.provision))

    def works(self) -> Sequence[Work]:
        """The task worker, the one that fetches lost answers, the due jobs and, in a designated city, the mayor."""
        name = self._node.config.path
        return (
            Work(f"{name} asking", self._asking.step, away=True),
            Work(f"{name} collecting", self._collecting.step, away=True),
            Work(f"{name} due", self._do_due),
            Work(f"{name} erasing", self.erasing.step),
            Work(f"{name} reconciling", self.reconciling.step, away=True),
            *self._mayor.works(),
        )

    def _do_due(self) -> float | None:
        """00:00 of a day: first what an area's end leaves to do, for then the new area says the rest."""
        node, falls = self._node, self._falls()
        if falls is None:
            return None
        wait = (falls - node.clock.now()).total_seconds()
        if wait <= 0:
            self._areas.run()
            node.journal.write(self._due.do)
            return 0.0
        return None if node.clock.virtual else min(wait, LONGEST_SLEEP)

    def live(self) -> dict[str, int]:
        """Residents by area."""
        with self._node.journal.read() as db:
            counts = store.tally(db)
        return {area: count for area, count in counts.items() if count and area != store.POOL}

    def error_queue(self, after: int, limit: int) -> Queue:
        """What the governor has told of: it waits for a clerk, or is closed."""
        with self._node.journal.read() as db:
            rows, (waiting, done) = error_store.page(db, after, limit), error_store.counts(db)
        return Queue([queue_row(row) for row in rows], waiting, 0, done)

    def flagged(self) -> int:
        """None: a municipality sees its own records alone."""
        return 0

    def due(self) -> datetime | None:
        """00:00 of the next day on which something falls due, or something kept is to be erased."""
        falls = (self._falls(), self.erasing.next_due(), self.reconciling.next_due())
        return min((instant for instant in falls if instant is not None), default=None)

    def _falls(self) -> datetime | None:
        """00:00 of the next day of a due job; an area that is no more has none."""
        if self._areas.closed():
            return None
        with self._node.journal.read() as db:
            days = [day for day in (self._due.next_day(db), self._areas.due(db)) if day]
        return datetime.combine(min(days), time(), JST) if days else None

    def tasks(self) -> Tasks:
        """What waits for J-LIS; while it does not answer, nothing of it can be done."""
        with self._node.journal.read() as db:
            waiting, unanswered = task_store.count_tasks(db), self._asking.unanswered(db)
            lost = self._collecting.unanswered(db)
            pool = store.tally(db).get(store.POOL, 0)
        falls = self._falls()
        due = int(falls is not None and falls <= self._node.clock.now()) + int(self.erasing.ready())
        due += int(self.reconciling.ready())
        ready = (0 if self._asking.failing else unanswered) + (0 if self._collecting.failing else lost)
        return Tasks(waiting + lost, ready + due, pool)

    def unanswered(self) -> int:
        """Tasks that J-LIS would answer, were it reached."""
        with self._node.journal.read() as db:
            return self._asking.unanswered(db) + self._collecting.unanswered(db)

    def unpassed(self) -> int:
        """What the wards have signed and the mayor has not passed on."""
        return self._mayor.unpassed()

    def passages(self, entries: Sequence[Entry]) -> Mapping[int, Passage]:
        """When the mayor passed on what the wards had signed."""
        return self._mayor.passages([entry.position for entry in entries])

    def take_part(self, db: Connection, before: Mode, after: Mode) -> int:
        """Whoever joins tells of everybody anew."""
        return take_part(Desk(db, self._node.clock, self._node.identity), before, after)

    def drill(self) -> Drill:
        """What only a municipality can be told."""
        return Drill(self._node)

    def take_back(
        self, db: Connection, envelopes: Sequence[Envelope], forked: Sequence[bytes]
    ) -> tuple[Collection[int], Collection[int]]:
        """住民票 as this municipality had told of them, and where it said that its people went."""
        desk, kind = Desk(db, self._node.clock, self._node.identity), envelopes[0].header.kind
        payloads = [relay_pb2.BatchPayload.FromString(envelope.batch.payload) for envelope in envelopes]
        records = [record for payload in payloads for record in payload.records]
        if kind == relay_pb2.STREAM_KIND_MOVE_OUT_CONFIRMATION:
            take_back_confirmations(desk, records)
        if kind != relay_pb2.STREAM_KIND_IDENTIFICATION:
            return (), ()
        done = take_back(desk, records, forked)
        return done.twice, done.others

    def finish_recovery(self, db: Connection, whole: bool) -> None:
        """Codes that are somebody's leave the pool; after a fork everything is told anew."""
        finish_recovery(Desk(db, self._node.clock, self._node.identity), whole)

    def to_complete(self) -> Sequence[int]:
        """住民票 made anew, as far as 本人確認情報 say them."""
        with self._node.journal.read() as db:
            return recovery_store.to_complete(db)


TIER = Tier(
    journal=Schema("municipality_node.schema", "migrations", 22), register=None, local=Municipality, permits=Permits
)
