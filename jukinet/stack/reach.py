"""Reaches the nodes of a network whose state is in a folder: as console, as clerk, and to see how they are."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from jukinet.pki.identity import Identity
from jukinet.stack import topology as topologies
from jukinet.stack.fault import Exit, StackFault
from jukinet.stack.layout import CONSOLE, Layout
from jukinet.stack.ledger import Ledger, compare
from jukinet.stack.population import Progress, quiet
from jukinet.stack.process import Process
from jukinet.stack.registry import Issued, Registry
from jukinet.stack.topology import NodeSpec, Topology
from jukinet.v1 import drill_pb2, drill_pb2_grpc
from jukinet.wire.client import Client, Refused, healthy

T = TypeVar("T")
DRILL = drill_pb2_grpc.DrillServiceStub
ASK_SECONDS = 5.0
# Longer than a link waits between two tries, so that a neighbour that came back is tried again first.
STALL_SECONDS = 8.0
PAGE = 1_000


@dataclass(frozen=True, slots=True)
class NodeState:
    """One node as the stack sees it. `status` is None where it did not answer."""

    spec: NodeSpec
    pid: int | None = None
    address: str = ""
    drill_address: str = ""
    serving: bool = False
    status: drill_pb2.GetStatusResponse | None = None
    fault: str = ""

    @property
    def state(self) -> str:
        """EXTERNAL, DOWN, STARTING, NOT_SERVING, RECOVERING or SERVING."""
        if self.serving and self.status is not None and self.status.recovery.recovering:
            return "RECOVERING"
        if self.serving:
            return "SERVING"
        if self.spec.external:
            return "EXTERNAL"
        if self.pid is None:
            return "DOWN"
        return "NOT_SERVING" if self.address else "STARTING"


class Reach:
    """The nodes under `root`, whoever started them. Clients are kept; `close` lets go of them."""

    def __init__(self, root: Path, topology: Topology | None = None) -> None:
        self.root = root.absolute()
        self.layout = Layout(self.root)
        self.registry = Registry(self.layout)
        self._given = topology
        kept = self.root / "topology.toml"
        self.topology = topology or (topologies.read(kept) if kept.exists() else topologies.default())
        self._processes: dict[str, Process] = {}
        self._clients: dict[tuple[str, str, str], Client] = {}
        self._clients_lock = threading.Lock()
        self._pause = threading.Event()

    def close(self) -> None:
        """Close the channels; the nodes go on."""
        with self._clients_lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    # Who is there

    @property
    def paths(self) -> list[str]:
        """Nodes that we run, from the top down."""
        return [node.path for node in self.topology.own]

    def process(self, path: str) -> Process:
        """The process of a node of ours."""
        return self._processes.setdefault(path, Process(path, self.layout.node(path)))

    @property
    def running(self) -> list[str]:
        """Nodes of ours that run."""
        return [path for path in self.paths if self.process(path).pid is not None]

    def require_running(self) -> None:
        """StackFault unless every node of ours listens."""
        missing = [path for path in self.paths if self.process(path).ready is None]
        if missing:
            raise not_running(missing, self.root)

    def console(self, path: str) -> Client:
        """A client of a node's DrillService."""
        return self.client(path, CONSOLE)

    def clerk(self, path: str, id: str = "c01") -> Client:
        """A client of a municipality's CounterService, with the certificate of a clerk of that municipality."""
        area = self.topology.find(path).identity.area_code
        return self.client(path, f"operator/{area}/{id}")

    def office(self, path: str, id: str) -> Client:
        """A client of a node's ProvisionService, with the certificate of an office."""
        return self.client(path, f"office/{id}")

    def client(self, path: str, caller: str) -> Client:
        """A client of a node with the certificate of `caller`: a console is served by its drill listener."""
        drill = caller.startswith("console/")
        spec = self.topology.find(path)
        if spec.external:
            address = "" if drill else spec.address
        else:
            ready = self.process(path).ready
            address = (ready.drill_address if drill else ready.address) if ready else ""
        if not address:
            raise not_running([path], self.root)
        with self._clients_lock:
            key = (path, caller, address)
            if key not in self._clients:
                self._clients[key] = Client(self.registry.caller(caller), address, path)
            return self._clients[key]

    def issue(self, path: str, out: Path, days: float) -> Issued:
        """A certificate for somebody outside; StackFault for a node that this network runs itself, or does not list."""
        identity = Identity.parse(path)
        if identity.is_node and not self.topology.find(path).external:
            raise StackFault(
                f"{path} is run by this network, which renews its certificate itself.",
                f"{path} はこのネットワークが動かしており、証明書は自動で更新されます。",
                "Set external = true and its address in the topology first.",
            )
        return self.registry.outside(path, out, days)

    def drill(self, path: str, method: str, request: object, seconds: float = ASK_SECONDS) -> object:
        """Call DrillService of a node; Refused if it says no or nothing."""
        return self.console(path).call(DRILL, method, request, seconds)

    def each(self, paths: Sequence[str], work: Callable[[str], T]) -> list[T]:
        with ThreadPoolExecutor(8, thread_name_prefix="stack") as pool:
            return list(pool.map(work, paths))

    # How it is

    def state(self, path: str, *, renew: bool = True) -> NodeState:
        """How one node is; its certificate is renewed where it should be, unless somebody broke it on purpose."""
        spec = self.topology.find(path)
        if spec.external:
            return NodeState(spec, address=spec.address)
        process = self.process(path)
        ready = process.ready
        if ready is None:
            return NodeState(spec, process.pid)
        found = NodeState(spec, ready.pid, ready.address, ready.drill_address)
        try:
            if renew:
                self.registry.renew_node(path)
            client = Client(self.registry.caller(CONSOLE), ready.address, path)
            try:
                serving = healthy(client, seconds=ASK_SECONDS)
            finally:
                client.close()
            status = self.console(path).call(DRILL, "GetStatus", drill_pb2.GetStatusRequest(), ASK_SECONDS)
        except Refused as refused:
            return replace(found, fault=refused.reason)
        return replace(found, serving=serving, status=status)

    def states(self) -> list[NodeState]:
        """How all nodes are, in the topology's order."""
        return self.each([node.path for node in self.topology.nodes], self.state)

    def statuses(self) -> dict[str, drill_pb2.GetStatusResponse]:
        """The status of every node of ours that runs."""

        def ask(path: str) -> drill_pb2.GetStatusResponse:
            found: drill_pb2.GetStatusResponse = self.console(path).call(
                DRILL, "GetStatus", drill_pb2.GetStatusRequest(), ASK_SECONDS
            )
            return found

        return self.ask_running(ask)

    def ask_running(self, ask: Callable[[str], T]) -> dict[str, T]:
        """The answers of every node of ours that runs; one that dies meanwhile is left out."""

        def ask_one(path: str) -> T | None:
            try:
                return ask(path)
            except (Refused, StackFault):
                if self.process(path).ready is None:
                    return None
                raise

        paths = [path for path in self.paths if self.process(path).ready is not None]
        answers = zip(paths, self.each(paths, ask_one), strict=True)
        return {path: answer for path, answer in answers if answer is not None}

    def pause(self, seconds: float) -> None:
        """Wait between two looks."""
        self._pause.wait(seconds)

    def settle(self, seconds: float = 120.0, stall_seconds: float = STALL_SECONDS, progress: Progress = quiet) -> bool:
        """Wait until nothing moves any more; False if it still does, or if what waits makes no headway."""
        deadline, last, same_since = time.monotonic() + seconds, "", time.monotonic()
        first: str | None = None
        while True:
            statuses = self.statuses()
            figures = " ".join(_figures(status) for status in statuses.values())
            waiting = sum(_waiting(status) for status in statuses.values())
            # Nodes are asked one after the other: rest counts when two rounds see it with nothing between them.
            if not waiting and first == figures:
                return True
            first = None if waiting else figures
            if figures != last:
                last, same_since = figures, time.monotonic()
            now = time.monotonic()
            if waiting and (now > deadline or now - same_since > stall_seconds):
                return False
            progress("静止を待つ / settling", 0, waiting)
            self._pause.wait(0.02)

    def settle_or_fail(self, seconds: float = 120.0) -> None:
        """`settle`, or StackFault."""
        if not self.settle(seconds):
            raise StackFault(
                "Something still waits and makes no headway.",
                "未処理のものが残ったまま進みません。",
                "See `jukinet ledger` and `jukinet doctor`.",
                Exit.FAULT,
            )

    def ledger(self) -> Ledger:
        """Both ends of every stream side by side."""
        rows = self.ask_running(self.ledger_rows)
        unseen = [path for path in self.paths if path not in rows]
        unsealed = {path: status.pending_records for path, status in self.statuses().items()}

        def node_of(area_code: str) -> str | None:
            found = self.topology.speaking_for(area_code)
            return found.path if found else None

        external = [node.path for node in self.topology.nodes if node.external]
        return compare(rows, node_of, external=external, unseen=unseen, unsealed=unsealed)

    def ledger_rows(self, path: str) -> list[drill_pb2.LedgerRow]:
        """One node's side of every stream."""
        rows: list[drill_pb2.LedgerRow] = []
        token = ""
        while True:
            request = drill_pb2.ListLedgerRequest(page_size=PAGE, page_token=token)
            page = self.console(path).call(DRILL, "ListLedger", request, ASK_SECONDS)
            rows += page.rows
            token = page.next_page_token
            if not token:
                return rows


def _figures(status: drill_pb2.GetStatusResponse) -> str:
    return f"{status.journal_position}:{status.applied_position}:{_waiting(status)}"


def _waiting(status: drill_pb2.GetStatusResponse) -> int:
    owed = sum(link.backlog_records for link in status.links)
    unapplied = status.journal_position - status.applied_position
    # Whoever stands outside has no line to send on or to ask by: what lies there waits for years.
    told = 0 if status.participation == "OUTSIDE" else owed + status.tasks
    return int(status.pending_records + unapplied + told)


def not_running(paths: Sequence[str], root: Path) -> StackFault:
    """That nodes which are needed do not run."""
    return StackFault(
        f"Not running: {', '.join(paths)} (state in {root}).",
        f"起動していません：{'、'.join(paths)}。",
        "Start with `jukinet up`; if it should run, see `jukinet status` and `jukinet logs`.",
        Exit.NOT_RUNNING,
    )
