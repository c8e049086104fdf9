"""A network of processes: brought up, stopped, thrown away; its state stays in one folder between runs.

with Stack(root) as stack:
    stack.up()
    stack.clerk("municipality/132152", "c01").call(CounterServiceStub, "ReportBirth", request)
"""

from __future__ import annotations

import fcntl
import json
import shutil
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from typing import Self

from jukinet.clock import from_micros
from jukinet.pki import directory, files
from jukinet.stack import blank
from jukinet.stack import topology as topologies
from jukinet.stack.fault import Exit, StackFault
from jukinet.stack.layout import CONSOLE, parent_of
from jukinet.stack.losses import Losses
from jukinet.stack.population import Progress, populate, quiet
from jukinet.stack.process import NODE_FILE, stop_all
from jukinet.stack.reach import Reach, not_running
from jukinet.stack.topology import NodeSpec
from jukinet.v1 import drill_pb2
from jukinet.wire.client import Client, healthy

READY_SECONDS, STOP_SECONDS = 30.0, 10.0
SUBDIRECTORY = "nodes"


@dataclass(frozen=True, slots=True)
class Took:
    """What `up` did, and how long it took."""

    started: tuple[str, ...] = ()
    ready_seconds: float = 0.0
    populated: int = 0
    populate_seconds: float = 0.0


class Stack(Reach):
    """The network whose state is under `root`. One command at a time may start, stop or replace its nodes."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the network's lock; StackFault if another command holds it."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.root / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise StackFault(
                    "Another jukinet command is starting, stopping or replacing this network.",
                    "別の jukinet コマンドがこのネットワークを操作中です。",
                    "Wait until it has ended, or use another --state folder.",
                    Exit.REFUSED,
                ) from error
            yield

    def up(self, progress: Progress = quiet, residents: int | None = None) -> Took:
        """Start what does not run, wait until all are SERVING; on an empty state enter residents and wait for zero."""
        with self.alone():
            started: list[str] = []
            try:
                begin = time.monotonic()
                self.start_nodes(progress, started)
                ready = time.monotonic()
                entered = self._populate(progress, residents)
                return Took(tuple(started), ready - begin, entered, time.monotonic() - ready)
            except BaseException:
                self._stop(started)
                raise

    def start_nodes(self, progress: Progress = quiet, started: list[str] | None = None) -> None:
        """Start what does not run and wait until all are SERVING; the lock is held by the caller."""
        started = [] if started is None else started
        self._keep_topology()
        for path in self.paths:
            if self.process(path).pid is not None:
                self.registry.renew_node(path)
                continue
            self.process(path).forget()
            self.registry.node(path)
            self._configure(path)
            started.append(path)
        self._require_free_ports(started)
        blank.lay_out(self.layout, started)
        self.write_directory()
        for path in started:
            self.process(path).spawn()
        deadline = time.monotonic() + READY_SECONDS
        for count, path in enumerate(self.paths):
            progress("起動 / starting", count, len(self.paths))
            self.process(path).await_ready(deadline, time.monotonic, self._pause)
        self.write_directory()
        if started:
            self.each(self.paths, lambda path: self._await_serving(path, deadline))
            # Before the directory knew the addresses, their first calls failed: they need not wait any longer.
            self.each(started, lambda path: self.drill(path, "SetFaults", drill_pb2.SetFaultsRequest()))
            self._catch_up(started)
        Losses(self.root).note_running(self.paths)
        progress("起動 / starting", len(self.paths), len(self.paths))

    def _require_free_ports(self, paths: Sequence[str]) -> None:
        """StackFault if somebody else listens where these nodes are to."""
        for path in paths if self.topology.base_port else ():
            for address in self.topology.listens(path):
                host, _, port = address.rpartition(":")
                with socket.socket() as probe:
                    if probe.connect_ex((host, int(port))) == 0:
                        raise StackFault(
                            f"{address} is taken: another network or program listens there.",
                            f"{address} は別のネットワーク又はプログラムが使用中です。",
                            "Stop it, or let the system choose ports: `jukinet up --base-port 0`.",
                            Exit.NOT_RUNNING,
                        )

    def _configure(self, path: str) -> None:
        listen, drill_listen = self.topology.listens(path)
        config = self.layout.config(
            path,
            listen=listen,
            drill_listen=drill_listen,
            virtual_clock=self.topology.virtual_clock,
            seed=self.topology.seed,
            on_anomaly=self.topology.find(path).on_anomaly,
            reconcile_days=self.topology.reconcile_days,
            anchor_days=self.topology.anchor_days,
            provision_log_years=self.topology.provision_log_years,
            recovering=Losses(self.root).has_lost(path),
        )
        files.replace(
            self.layout.node(path) / NODE_FILE, json.dumps(asdict(config), ensure_ascii=False, indent=1).encode()
        )

    def _await_serving(self, path: str, deadline: float) -> None:
        ready = self.process(path).ready
        for address in (ready.address, ready.drill_address) if ready else ():
            client = Client(self.registry.caller(CONSOLE), address, path)
            try:
                while not healthy(client, seconds=max(0.1, deadline - time.monotonic()), wait=True):
                    if time.monotonic() > deadline:
                        raise not_running([path], self.root)
                    self._pause.wait(0.01)
            finally:
                client.close()

    def _catch_up(self, started: Sequence[str]) -> None:
        """A node that was down while the clock moved is brought to the time of the others."""
        if not self.topology.virtual_clock:
            return
        times = [state.status.virtual_time for state in self.states() if state.status]
        if not times:
            return
        latest = max(times, key=lambda time: (time.seconds, time.nanos))
        request = drill_pb2.SetClockRequest(virtual_time=latest)
        if any(found != latest for found in times):
            self.each(self.paths, lambda path: self.drill(path, "SetClock", request))

    def _keep_topology(self) -> None:
        """Write the topology down; StackFault if it does not fit the state that is there."""
        kept = self.root / "topology.toml"
        if kept.exists() and self._given is not None and (self.root / SUBDIRECTORY).exists():
            before = topologies.read(kept)
            gone = {node.path for node in before.nodes} - {node.path for node in self._given.nodes}
            if gone or (before.seed, before.virtual_clock) != (self._given.seed, self._given.virtual_clock):
                raise StackFault(
                    "This state was made with another topology: nodes, seed or clock differ.",
                    "この状態は別の構成（団体・seed・clock）で作られています。",
                    "Use `jukinet reset` first, or another --state folder; nodes may be added.",
                )
        if self._given is not None or not kept.exists():
            files.replace(kept, self.topology.text.encode())

    def _populate(self, progress: Progress, residents: int | None) -> int:
        """Residents for an empty state. The day is kept, so that an interrupted run goes on with the same requests."""
        marker = self.root / SUBDIRECTORY / "population.json"
        plan = json.loads(marker.read_text()) if marker.exists() else {}
        if plan.get("done"):
            return 0
        if not plan:
            now = max(s.status.virtual_time.seconds for s in self.states() if s.status)
            shares = self.topology.residents(residents)
            plan = {"on": from_micros(now * 1_000_000).date().isoformat(), "residents": shares}
            files.replace(marker, json.dumps(plan).encode())
        entered = populate(self, plan["residents"], self.topology.seed, progress, date.fromisoformat(plan["on"]))
        if entered:
            progress("機構まで届くのを待つ / waiting for J-LIS to have them all", 0, 1)
            self.settle_or_fail()
        else:
            self.settle(stall_seconds=1.0)  # a first act finds the codes that every municipality asks for at its start
        files.replace(marker, json.dumps(plan | {"done": True}).encode())
        return entered

    def down(self) -> list[str]:
        """Stop every node of ours; their state stays. Those that ran."""
        with self.alone():
            return self._stop(self.paths)

    def _stop(self, paths: Sequence[str], *, at_once: bool = False) -> list[str]:
        running = [path for path in paths if self.process(path).pid is not None]
        self.close()
        stop_all([self.process(p) for p in paths], time.monotonic() + STOP_SECONDS, time.monotonic, at_once=at_once)
        return running

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Stand still inside; those that ran are started again afterwards."""
        with self.alone():
            running = self._stop(self.paths)
            try:
                yield
            finally:
                if running:
                    self.start_nodes()

    @contextmanager
    def one_stopped(self, path: str) -> Iterator[None]:
        """One node stands still inside, the others go on; it is started again if it ran."""
        with self.alone():
            ran = self._stop([path])
            try:
                yield
            finally:
                if ran:
                    self.start_nodes()

    def reset(self) -> None:
        """Stop, and throw away what the nodes hold; authority, snapshots and topology stay."""
        with self.alone():
            self._stop(self.paths, at_once=True)
            for name in (SUBDIRECTORY, "errands"):
                shutil.rmtree(self.root / name, ignore_errors=True)
            Losses(self.root).forget()

    # The directory

    def write_directory(self) -> int:
        """Sign the directory anew with the addresses of now. Its version."""
        return self.registry.write_directory(self._entry(node) for node in self.topology.nodes)

    def _entry(self, node: NodeSpec) -> directory.Entry:
        parent = parent_of(node.path)
        if node.external:
            return directory.Entry(node.path, node.address, "", parent, True)
        ready = self.process(node.path).ready
        if ready is not None:
            return directory.Entry(node.path, ready.address, ready.drill_address, parent)
        listens = self.topology.listens(node.path) if self.topology.base_port else ("", "")
        return directory.Entry(node.path, *listens, parent)
