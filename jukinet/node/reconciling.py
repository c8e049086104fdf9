"""整合, the asking side: compares what this node has told upward with what is stored there, in the background."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from datetime import time as time_of_day
from typing import TYPE_CHECKING, Any, Protocol

from google.protobuf.message import Message

from jukinet.clock import from_micros, to_micros
from jukinet.law.reconcile import reconcile_identification
from jukinet.model.dates import JST
from jukinet.relay.pause import Pause
from jukinet.store import digests, settings
from jukinet.store.database import Connection
from jukinet.store.digests import Leaves
from jukinet.v1 import identification_pb2, reconcile_pb2, reconcile_pb2_grpc
from jukinet.wire.peers import CallFailed

if TYPE_CHECKING:
    from jukinet.node.node import Node

CALL_SECONDS = 60.0
MOST_MOVED = 5
"""Tries that something said meanwhile may spoil before it counts as a fault."""
A_PAGE = 5_000
"""Records of both sides compared in one call, if no single range holds more."""
RUN, WANTED, REPORT, LAST_DAY = "reconcile_run", "reconcile_wanted", "reconcile_report", "reconcile_day"


@dataclass(frozen=True, slots=True)
class Point:
    """Whose records are compared, as of which notice."""

    area_code: str
    epoch: int
    through_number: int

    def message(self) -> reconcile_pb2.StreamPoint:
        """For the wire."""
        return reconcile_pb2.StreamPoint(area_code=self.area_code, epoch=self.epoch, through_number=self.through_number)


@dataclass(frozen=True, slots=True)
class There:
    """A record as it is stored above."""

    identification: identification_pb2.Identification
    person_sequence: int
    unfounded: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One code of which the two sides hold something else; `there` is None where nothing is stored above."""

    code: int
    here: bool
    there: There | None


@dataclass(slots=True)
class Area:
    """What the comparison of one area came to."""

    area_code: str
    peer: str
    records: int = 0
    only_here: int = 0
    only_there: int = 0
    different: int = 0
    mended: int = 0
    sent_bytes: int = 0
    received_bytes: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Report:
    """The last run, or the one under way."""

    run: int = 0
    virtual_time: int = 0
    areas: list[Area] = field(default_factory=list)


class Moved(Exception):
    """Something was told meanwhile: what was read no longer stands for one point of the stream."""


class Side(Protocol):
    """What a tier knows of its own side."""

    peer: str

    def areas(self) -> Sequence[str]:
        """Areas whose records are compared."""

    def read(self, area_code: str) -> tuple[Point, Leaves]:
        """Live records, as of one point of the area's stream."""

    def mend(self, point: Point, found: Sequence[Difference]) -> int:
        """Mend what differs, or tell who has to; how many. Moved if the point is no longer the present one."""


class Reconciling:
    """The worker of one node. What was begun is gone on with after a restart."""

    def __init__(self, node: Node, side: Side) -> None:
        self._node = node
        self._side = side
        self._pause = Pause(f"{node.config.path} reconciling", lambda: node.tries)
        self._moved = 0
        self.fault = ""

    @property
    def peer(self) -> str:
        """Path of the node that is asked."""
        return self._side.peer

    def start(self, *, mend: bool) -> int:
        """Ask for a run; its number."""

        def begin(db: Connection) -> int:
            run = int(settings.find(db, RUN) or "0") + 1
            settings.put(db, RUN, str(run))
            settings.put(db, WANTED, "mend" if mend else "compare")
            return run

        return self._node.journal.write(begin)

    def running(self) -> bool:
        """Whether a run is under way."""
        with self._node.journal.read() as db:
            return bool(settings.find(db, WANTED))

    def report(self) -> Report:
        """What the last run came to."""
        with self._node.journal.read() as db:
            kept = settings.find(db, REPORT)
        told = json.loads(kept) if kept else {}
        return Report(told.get("run", 0), told.get("virtual_time", 0), [Area(**a) for a in told.get("areas", ())])

    def next_due(self) -> datetime | None:
        """00:00 of the day of the next comparison that nobody has to ask for."""
        every = self._node.config.reconcile_days
        with self._node.journal.read() as db:
            kept = settings.find(db, LAST_DAY)
        last = date.fromisoformat(kept) if kept else self._first_day()
        day = reconcile_identification(last, every)
        return datetime.combine(day, time_of_day(), JST) if day else None

    def _first_day(self) -> date:
        """Where nothing was compared yet, the period runs from the day on which this was first asked."""
        if self._node.config.reconcile_days <= 0:
            return date.min
        today = self._node.clock.today()
        self._node.journal.write(lambda db: settings.put(db, LAST_DAY, today.isoformat()))
        return today

    def ready(self) -> bool:
        """Whether something could be done now."""
        due = self.next_due()
        return (self.running() and not self.fault) or (due is not None and due <= self._node.clock.now())

    def step(self) -> float | None:
        """Compare all areas, if that is wanted or due."""
        node, due = self._node, self.next_due()
        if due is not None and due <= node.clock.now() and not self.running():
            self.start(mend=True)
        with node.journal.read() as db:
            wanted, run = settings.find(db, WANTED), int(settings.find(db, RUN) or "0")
        if not wanted:
            self.fault, self._moved = "", 0
            self._pause.over()
            return None
        if left := self._pause.left():
            return left
        try:
            areas = [self._compare(area, mend=wanted == "mend") for area in self._side.areas()]
        except (CallFailed, Moved) as failure:
            self._moved += isinstance(failure, Moved)
            settling = isinstance(failure, Moved) and self._moved < MOST_MOVED
            self.fault = "" if settling else "MOVED" if isinstance(failure, Moved) else str(failure)
            return self._pause.failed()
        told = Report(run, to_micros(node.clock.now()), areas)
        self.fault, self._moved = "", 0
        self._pause.over()
        node.journal.write(lambda db: self._end(db, told))
        return None

    def _end(self, db: Connection, told: Report) -> None:
        settings.put(db, REPORT, json.dumps(asdict(told)))
        settings.put(db, WANTED, "")
        settings.put(db, LAST_DAY, from_micros(told.virtual_time).date().isoformat())

    def _compare(self, area_code: str, *, mend: bool) -> Area:
        begin = time.perf_counter()
        area = Area(area_code, self._side.peer)
        point, leaves = self._side.read(area_code)
        area.records = len(leaves)
        count = digests.bucket_count(len(leaves))
        answer = self._compare_buckets(area, point, leaves, count)
        if (more := digests.bucket_count(answer.records)) > count:
            # There is far more above: with so few ranges one would hold more than an answer can carry.
            count, answer = more, self._compare_buckets(area, point, leaves, more)
        found = [
            one
            for page in _pages(leaves, count, answer)
            for one in self._differences(area, point, leaves, count, page, mend)
        ]
        area.only_here = sum(one.there is None for one in found)
        area.only_there = sum(not one.here for one in found)
        area.different = len(found) - area.only_here - area.only_there
        area.mended = self._side.mend(point, found) if mend else 0
        area.seconds = round(time.perf_counter() - begin, 3)
        return area

    def _compare_buckets(
        self, area: Area, point: Point, leaves: Leaves, count: int
    ) -> reconcile_pb2.CompareBucketsResponse:
        request = reconcile_pb2.CompareBucketsRequest(point=point.message(), digests=digests.digests(leaves, count))
        answer: reconcile_pb2.CompareBucketsResponse = self._ask(area, "CompareBuckets", request)
        return answer

    def _differences(
        self, area: Area, point: Point, leaves: Leaves, count: int, page: Sequence[int], mend: bool
    ) -> list[Difference]:
        """Whom the two sides disagree about, in some ranges."""
        places = {number: leaves.bucket(number, count) for number in page}
        request = reconcile_pb2.CompareRecordsRequest(
            point=point.message(),
            bucket_count=count,
            buckets=[
                reconcile_pb2.BucketRecords(bucket=number, leaves=leaves.of(*place)) for number, place in places.items()
            ],
            mend=mend,
        )
        answer: reconcile_pb2.CompareRecordsResponse = self._ask(area, "CompareRecords", request)
        lacking = set(digests.split(answer.lacking))
        here = {
            leaves.codes[at] for place in places.values() for at in range(*place) if leaves.of(at, at + 1) in lacking
        }
        there = {
            int(held.identification.resident_code): There(held.identification, held.person_sequence, held.unfounded)
            for held in answer.held
        }
        return [Difference(code, code in here, there.get(code)) for code in sorted(here | there.keys())]

    def _ask(self, area: Area, method: str, request: Message) -> Any:
        stub = reconcile_pb2_grpc.ReconcileServiceStub
        answer = self._node.peers.call(self._side.peer, stub, method, request, CALL_SECONDS)
        area.sent_bytes += request.ByteSize()
        area.received_bytes += answer.ByteSize()
        return answer


def _pages(leaves: Leaves, count: int, answer: reconcile_pb2.CompareBucketsResponse) -> Iterator[list[int]]:
    """The differing ranges, some at a time, so that no message grows too large."""
    page: list[int] = []
    records = 0
    for number, size in zip(answer.differing, answer.sizes, strict=True):
        begin, end = leaves.bucket(number, count)
        weight = end - begin + size
        if page and records + weight > A_PAGE:
            yield page
            page, records = [], 0
        page.append(number)
        records += weight
    if page:
        yield page
