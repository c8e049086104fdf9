"""Figures of this machine, each beside a limit measured in the same run; ratios are what can be compared.

Usage: figures.py [NAME…]   names: people, start, transmission, latency, reconcile, storm, drain,
  provision, console
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import console
import provision
import reconcile
import storms
from google.type.date_pb2 import Date

from jukinet.stack import topology as topologies
from jukinet.stack.stack import Stack
from jukinet.synthetic.people import households
from jukinet.v1 import counter_pb2 as counter
from jukinet.v1 import counter_pb2_grpc, drill_pb2, drill_pb2_grpc
from jukinet.v1.identification_pb2 import SEX_MALE
from jukinet.wire.client import Client

RUNS = 5
PEOPLE = 50_000
RESIDENTS = 10_000
ACTS = 50
KUNITACHI, CENTER = "municipality/132152", "jlis/center"


@dataclass(frozen=True)
class Figure:
    """One line of the table: several runs of the same thing, and the limit they are set against."""

    name: str
    unit: str
    runs: list[float]
    limit: str = ""
    limit_runs: tuple[float, ...] = ()

    def line(self) -> str:
        """Median, range, and the ratio to the limit."""
        median = statistics.median(self.runs)
        text = f"{self.name:<44} {median:>12,.3f} {self.unit:<10} [{min(self.runs):,.3f}–{max(self.runs):,.3f}]"
        if self.limit_runs:
            limit = statistics.median(self.limit_runs)
            text += f"  {median / limit:>9.3f} × {self.limit} ({limit:,.3f})"
        return text


def timed(work: Callable[[], object]) -> float:
    """Seconds that the work takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def people() -> Iterator[Figure]:
    """Fictional residents generated on one core."""
    runs = [PEOPLE / timed(lambda: sum(len(h.members) for h in households("131156", PEOPLE, 1))) for _ in range(RUNS)]
    yield Figure("residents generated", "/s", runs, "goal 20,000", (20_000.0,))


def start() -> Iterator[Figure]:
    """Ten processes until all are SERVING, certificates reissued; and throwing the state away."""
    ready, reset = [], []
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder), topologies.for_demo()) as stack:
        for _ in range(RUNS):
            ready.append(stack.up(residents=0).ready_seconds)
            reset.append(timed(stack.reset))
    yield Figure("ten nodes ready", "s", ready, "goal", (3.0,))
    yield Figure("reset of a running network", "s", reset, "goal", (1.0,))


def transmission() -> Iterator[Figure]:
    """Residents entered, numbered and carried to J-LIS, beside rows committed one a transaction on this disk."""
    runs = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder, Stack(Path(folder), topologies.for_demo()) as stack:
            took = stack.up(residents=RESIDENTS)
            records = sum(pair.sent.records for pair in stack.ledger().ends if pair.sent)
            runs.append(records / took.populate_seconds)
            stack.down()
    commits = tuple(1 / commit for commit in commit_seconds())
    yield Figure("initial transmission, notices at J-LIS", "/s", runs, "single commits", commits)


def latency() -> Iterator[Figure]:
    """One act at a quiet counter until J-LIS shows it, beside one synced commit."""
    runs = []
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder), topologies.for_demo()) as stack:
        stack.up(residents=100)
        clerk, center = stack.clerk(KUNITACHI), stack.console(CENTER)

        def position() -> int:
            status = center.call(drill_pb2_grpc.DrillServiceStub, "GetStatus", drill_pb2.GetStatusRequest())
            return int(status.applied_position)

        for number in range(ACTS):
            stack.settle_or_fail()
            before, begin = position(), time.perf_counter()
            act_until_seen(clerk, number, position, before)
            runs.append(1000 * (time.perf_counter() - begin))
        stack.down()
    yield Figure("act → applied at J-LIS, p50", "ms", runs, "one commit", tuple(1000 * c for c in commit_seconds()))


def act_until_seen(clerk: Client, number: int, position: Callable[[], int], before: int) -> None:
    """One entry, then ask J-LIS until it has applied something more."""
    request = counter.EnterExOfficioRequest(
        operation=counter.Operation(request_id=f"bench-{number}", verification_id="b", operator_id="b", reason="計測"),
        person=counter.NewPerson(name="計測　太郎", sex=SEX_MALE, relationship="世帯主"),
        address="東京都国立市みどり台1番",
        change_date=Date(year=2021, month=6, day=1),
    )
    clerk.call(counter_pb2_grpc.CounterServiceStub, "EnterExOfficio", request)
    while position() == before:
        pass


def commit_seconds() -> list[float]:
    """Seconds of single synced commits."""
    with tempfile.TemporaryDirectory() as folder:
        db = sqlite3.connect(Path(folder) / "limit.db", isolation_level=None)
        db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (x BLOB)")
        found = [timed(lambda: db.execute("INSERT INTO t VALUES (zeroblob(254))")) for _ in range(500)]
        db.close()
    return found


def comparison() -> Iterator[Figure]:
    """整合 of one large municipality."""
    return (Figure(*figure) for figure in reconcile.measure())


MEASURES = {
    "people": people,
    "start": start,
    "transmission": transmission,
    "latency": latency,
    "reconcile": comparison,
    "storm": lambda: (Figure(*figure) for figure in storms.storm()),
    "drain": lambda: (Figure(*figure) for figure in storms.drain()),
    "provision": lambda: (Figure(*figure) for figure in provision.measure()),
    "console": lambda: (Figure(*figure) for figure in console.measure()),
}


def main(names: list[str]) -> int:
    """Measure what is named, or everything."""
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        print(f"no such measure: {', '.join(unknown)}; there are {', '.join(MEASURES)}", file=sys.stderr)
        return 2
    for name in names or MEASURES:
        for figure in MEASURES[name]():
            print(figure.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
