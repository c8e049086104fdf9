"""kill -9 at the worst moments, with notices in flight: three tiers as processes of their own, over real mTLS."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from google.type import date_pb2
from relay.bench import CENTER, KUNITACHI, TOKYO, reading, until

from jukinet.pki import directory
from jukinet.pki.authority import Authority
from jukinet.stack.layout import Layout, parent_of
from jukinet.v1 import counter_pb2, drill_pb2, drill_pb2_grpc, identification_pb2
from jukinet.wire.client import Client, Refused

NODES = (CENTER, TOKYO, KUNITACHI)
MODULES = {CENTER: "jlis_center", TOKYO: "prefecture_node", KUNITACHI: "municipality_node"}
AREA, IN_FLIGHT, A_LOAD = "132152", 100, 120
AHEAD, APART = 8, 40
"""Small batches that go ahead of a load, and the milliseconds between two on the line to J-LIS: it dies among them."""
ALL_OF_A_POOL = 12_000


SLOW = drill_pb2.Fault(kind=drill_pb2.FAULT_KIND_DELAY, peer=CENTER, per_mille=1000, delay_ms=APART)


class Stack:
    """Three processes under one folder."""

    def __init__(self, folder: Path) -> None:
        self.layout = Layout(folder)
        self.authority = Authority.open(self.layout.authority)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.addresses: dict[str, tuple[str, str]] = {}
        self.loaded = self.kills = self._version = self._request = 0
        self.measured: list[int] = []
        self._unanswered: drill_pb2.LoadHouseholdsRequest | None = None
        self._clients: dict[tuple[str, str], Client] = {}
        for path in NODES:
            self.layout.give(self.authority, path)
            self.layout.config(path).write(self.layout.node(path) / "node.json")
        self.console = self.layout.client(self.authority, "console/drill")
        self.publish()
        for path in NODES:
            self.spawn(path)
        for path in NODES:
            self.listening(path)

    def publish(self) -> None:
        """Sign the directory with the addresses of now."""
        self._version += 1
        entries = [directory.Entry(path, *self.addresses.get(path, ("", "")), parent_of(path)) for path in NODES]
        directory.write(self.layout.directory, self.authority, entries, (), self._version)

    def start(self, path: str, failpoint: str = "") -> None:
        """Start a node and tell the others where it listens; one that dies at once never listens."""
        self.spawn(path, failpoint)
        self.listening(path, failpoint)

    def spawn(self, path: str, failpoint: str = "") -> None:
        folder = self.layout.node(path)
        (folder / "ready.json").unlink(missing_ok=True)
        with (folder / "stderr.log").open("ab") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", MODULES[path], str(folder / "node.json")],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said,
                env={**os.environ, "JUKINET_FAILPOINT": failpoint, "JUKINET_LEASH": "stdin"},
            )  # fmt: skip
        self.processes[path] = process

    def listening(self, path: str, failpoint: str = "") -> None:
        folder, process = self.layout.node(path), self.processes[path]
        assert until(lambda: (folder / "ready.json").exists() or process.poll() is not None, 30)
        if (folder / "ready.json").exists():
            ready = json.loads((folder / "ready.json").read_text())
            self.addresses[path] = (ready["address"], ready["drill_address"])
            self.publish()
        else:
            assert failpoint, (folder / "stderr.log").read_text()

    def kill(self, path: str) -> None:
        """Pull the plug."""
        self.processes[path].send_signal(signal.SIGKILL)
        assert self.died(path) == -signal.SIGKILL

    def died(self, path: str) -> int:
        process = self.processes[path]
        code = process.wait(30)
        assert process.stdin is not None
        process.stdin.close()
        return code

    def drill(self, path: str, method: str, request: object, *, wait: bool = True) -> object:
        to = (path, self.addresses[path][1])  # who was started again listens elsewhere
        if to not in self._clients:
            self._clients[to] = Client(self.console, to[1], path)
        return self._clients[to].call(drill_pb2_grpc.DrillServiceStub, method, request, wait=wait)

    def faults(self, path: str, *faults: drill_pb2.Fault) -> None:
        """Put faults on the lines of a node; none heals them, and lets it send at once."""
        self.drill(path, "SetFaults", drill_pb2.SetFaultsRequest(faults=faults))

    def load(self, persons: int = A_LOAD) -> None:
        """Enter people at the municipality; whoever dies of it is asked again when it runs."""
        self._request += 1
        born = date_pb2.Date(year=1990, month=1, day=1)
        since = date_pb2.Date(year=2021, month=6, day=1)
        households = [
            drill_pb2.NewHousehold(
                area_code=AREA, address=f"みどり台{number}番地", resident_since=since,
                persons=[
                    counter_pb2.NewPerson(
                        name=f"試験　{self._request}-{number}", birth_date=born, sex=identification_pb2.SEX_FEMALE,
                        relationship="世帯主",
                    )
                ],
            )
            for number in range(persons)
        ]  # fmt: skip
        self.enter(drill_pb2.LoadHouseholdsRequest(request_id=f"load{self._request}", households=households))

    def enter(self, request: drill_pb2.LoadHouseholdsRequest) -> None:
        self._unanswered = request

        def taken() -> bool:
            with contextlib.suppress(Refused):  # while the codes are still on their way; the id makes it harmless
                self.drill(KUNITACHI, "LoadHouseholds", request, wait=False)
                self._unanswered = None
            return self._unanswered is None or self.processes[KUNITACHI].poll() is not None

        assert until(taken, 30)
        if self._unanswered is None:
            self.loaded += len(request.households)

    def load_a_queue(self) -> None:
        """Small batches, and one of many notices behind them."""
        for size in (*[1] * AHEAD, A_LOAD):
            assert until(lambda: self.counted(KUNITACHI)[1] == 0), "sealed before the next"
            self.load(size)

    def counted(self, path: str) -> tuple[int, int]:
        """Notices in the batches of a node's journal, and those numbered but in no batch yet; at one instant."""
        with reading(self.layout.node(path) / "journal.db") as db:
            row = db.execute(
                "SELECT (SELECT coalesce(sum(last_number - first_number + 1), 0) FROM batch"
                " WHERE origin = :area AND kind = 1),"
                " (SELECT count(*) FROM pending WHERE origin = :area AND kind = 1)",
                {"area": AREA},
            ).fetchone()
        return int(row[0]), int(row[1])

    def in_flight(self) -> int:
        """Notices on disk at the municipality, numbered, sealed or not, less those that J-LIS's journal holds."""
        return sum(self.counted(KUNITACHI)) - self.counted(CENTER)[0]

    def signal(self, signum: int, *paths: str) -> None:
        for path in paths:
            self.processes[path].send_signal(signum)

    def dead(self, victim: str, failpoint: str, held: tuple[str, ...]) -> None:
        """Count what is in flight now that the victim is dead, let the others go on, and start it again."""
        self.kills += 1
        self.measured.append(self.in_flight())
        assert self.measured[-1] >= IN_FLIGHT, f"{victim} died at {failpoint} with {self.measured[-1]} in flight"
        self.signal(signal.SIGCONT, *held)
        self.start(victim)
        if self._unanswered is not None:
            self.enter(self._unanswered)
        for path in (KUNITACHI, TOKYO):
            self.faults(path)

    def cut_at(self, victim: str, failpoint: str) -> None:
        """Let a victim die at the failpoint with 100 notices or more under way; then start it again."""
        upward = victim == CENTER or (victim == TOKYO and failpoint.startswith("after_ack"))
        held = () if upward else (CENTER,)  # where J-LIS itself must take something, the small batches are it
        self.signal(signal.SIGSTOP, *held)
        if victim == KUNITACHI:
            self.signal(signal.SIGSTOP, TOKYO)
            self.load_a_queue()
            self.kill(victim)
            self.start(victim, failpoint)
            self.signal(signal.SIGCONT, TOKYO)
        else:
            if victim == CENTER:
                self.faults(TOKYO, SLOW)
            self.kill(victim)
            self.load_a_queue()
            self.start(victim, failpoint)
            if self.processes[victim].poll() is None:
                self.faults(KUNITACHI if victim == TOKYO else TOKYO)  # it need not wait for its next try
            if victim == CENTER:
                self.faults(TOKYO, SLOW)
        while not until(lambda: self.processes[victim].poll() is not None, 0.5):
            self.load(1)  # one more commit, until its turn comes
        assert self.died(victim) == -signal.SIGKILL, f"{victim} never came to {failpoint}"
        self.dead(victim, failpoint, held)

    def cut_somewhen(self, victim: str, after: float) -> None:
        """The same, with the plug pulled at no particular place."""
        self.faults(TOKYO, SLOW)
        stopped = (CENTER, TOKYO) if victim == KUNITACHI else (CENTER,)
        self.signal(signal.SIGSTOP, *stopped)
        self.load_a_queue()
        self.signal(signal.SIGCONT, *stopped)
        threading.Event().wait(after)
        self.kill(victim)
        self.dead(victim, f"{after:.3f} s", ())

    def rows(self, path: str) -> list[drill_pb2.LedgerRow]:
        answer = self.drill(path, "ListLedger", drill_pb2.ListLedgerRequest())
        return [row for row in answer.rows if row.origin == AREA and row.kind == 1]  # type: ignore[attr-defined]

    def codes(self) -> int:
        state = self.drill(KUNITACHI, "GetStatus", drill_pb2.GetStatusRequest())
        return int(state.code_pool)  # type: ignore[attr-defined]

    def at_rest(self) -> bool:
        """Ledger zero on every pair, origin against J-LIS too, and nobody waits for a number."""
        rows = [row for path in NODES for row in self.rows(path)]
        state = self.drill(KUNITACHI, "GetStatus", drill_pb2.GetStatusRequest())
        return (
            len(rows) == 4
            and state.tasks == state.pending_records == 0  # type: ignore[attr-defined]
            and len({(row.records, row.last_number, row.head_hash) for row in rows}) == 1
            and all(row.acknowledged == row.records for row in rows if row.sending)
            and all(row.applied == row.records for row in rows if not row.sending)
        )

    def stop(self) -> None:
        """End what this test started."""
        while self._clients:
            self._clients.popitem()[1].close()
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdin is not None:
                process.stdin.close()


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    made = Stack(tmp_path)
    try:
        yield made
    finally:
        made.stop()


def nothing_lost_or_twice(stack: Stack) -> None:
    assert until(stack.at_rest, 60), [str(row) for path in NODES for row in stack.rows(path)]
    stack.stop()
    held: dict[str, list[tuple[int, int]]] = {}
    for path in NODES:
        with reading(stack.layout.node(path) / "journal.db") as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            held[path] = db.execute(
                "SELECT first_number, last_number FROM batch WHERE origin = ? AND kind = 1 ORDER BY first_number",
                (AREA,),
            ).fetchall()
    assert held[KUNITACHI] == held[TOKYO] == held[CENTER]
    expected = 1
    for first, last in held[CENTER]:
        assert first == expected, "a gap or a repeat"
        expected = last + 1
    with reading(stack.layout.node(KUNITACHI) / "journal.db") as db:
        people = sorted(db.execute("SELECT code, person_sequence, body FROM resident WHERE state <> 3").fetchall())
    assert len(people) == stack.loaded
    assert len({code for code, _, _ in people}) == stack.loaded
    for path in (TOKYO, CENTER):
        with reading(stack.layout.node(path) / "register.db") as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            shown = sorted(
                db.execute("SELECT code, person_sequence, body FROM identification WHERE live = 1").fetchall()
            )
            assert db.execute("SELECT count(*) FROM quarantine").fetchone() == (0,)
        assert [row[:2] for row in shown] == [row[:2] for row in people]
        parse: Callable[[bytes], identification_pb2.Identification] = identification_pb2.Identification.FromString
        assert [parse(row[2]) for row in shown] == [parse(row[2]) for row in people]


def test_a_power_cut_at_the_worst_moment_loses_nothing_and_sends_nothing_twice(stack: Stack) -> None:
    assert until(lambda: stack.codes() > 4 * (AHEAD + A_LOAD), 30)
    for victim, failpoint in (
        (TOKYO, "after_commit_before_ack:2"),
        (KUNITACHI, "after_ack_before_cursor:1"),
        (CENTER, "mid_merge:1"),
        (TOKYO, "mid_checkpoint:2"),
    ):
        stack.cut_at(victim, failpoint)
        assert until(stack.at_rest, 30), f"{victim} died at {failpoint}: {[*map(str, stack.rows(CENTER))]}"
    assert stack.kills == 4
    nothing_lost_or_twice(stack)


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_fifty_power_cuts_on_all_tiers_lose_nothing_and_send_nothing_twice(stack: Stack) -> None:
    seed = int(os.environ.get("JUKINET_TEST_SEED", time.time_ns() % 1_000_000))
    print(f"seed: JUKINET_TEST_SEED={seed}", flush=True)
    dice = random.Random(seed)
    stack.drill(KUNITACHI, "RequestCodes", drill_pb2.RequestCodesRequest(request_id="codes", count=ALL_OF_A_POOL))
    assert until(lambda: stack.codes() >= ALL_OF_A_POOL, 60)
    places = [
        *((victim, "after_commit_before_ack") for victim in NODES),
        *((victim, "after_ack_before_cursor") for victim in (TOKYO, KUNITACHI)),
        *((victim, "mid_merge") for victim in NODES),
        *((victim, "mid_checkpoint") for victim in NODES),
    ]
    while stack.kills < 55:
        for victim, name in dice.sample(places, len(places)):
            stack.cut_at(victim, f"{name}:{1 if name == 'after_ack_before_cursor' else dice.randint(1, 3)}")
        for victim in NODES:
            stack.cut_somewhen(victim, dice.random() / 5)
    measured = sorted(stack.measured)
    print(
        f"{stack.kills} kills, {stack.loaded} people; in flight after a kill: {measured[0]} at least,"
        f" {measured[len(measured) // 2]} in the middle, {measured[-1]} at most",
        flush=True,
    )
    assert stack.kills == len(measured) >= 50
    nothing_lost_or_twice(stack)
