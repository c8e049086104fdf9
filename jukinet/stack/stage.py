"""A network to play on, begun anew as often as wanted: real processes, or the same nodes in this one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from jukinet.clock import START
from jukinet.stack import blank
from jukinet.stack.layout import Layout
from jukinet.stack.network import Network
from jukinet.stack.population import Progress, quiet
from jukinet.stack.process import Address, Process
from jukinet.stack.registry import Registry
from jukinet.stack.stack import SUBDIRECTORY, Stack
from jukinet.stack.topology import Topology

SETTLE_SECONDS, STALL_SECONDS = 60.0, 3.0


class Stage(Stack):
    """Nodes that can be begun anew at any instant, and stopped and started one by one."""

    def begin(self, at: datetime = START, progress: Progress = quiet) -> None:
        """Throw away what the nodes hold; all of them SERVING, empty, at this virtual instant."""
        self.reset()
        prepare(self.layout, self.paths, at)
        self.up(progress, 0)

    def stop_node(self, path: str) -> None:
        """Stop one node; what it has on disk stays."""
        with self.alone():
            self._stop([path])

    def start_node(self, path: str) -> None:
        """Start one node again."""
        with self.alone():
            self.start_nodes()

    def spread_directory(self) -> None:
        """Let everybody know at once who is revoked and where everybody listens."""
        self.write_directory()

    def give_certificate(self, path: str, days: float = 7.0, not_before: datetime | None = None) -> None:
        """Put another certificate where a node looks for its own."""
        self.registry.replace_node(path, days, not_before)

    def quiet_down(self, seconds: float = SETTLE_SECONDS) -> bool:
        """Wait until nothing moves any more, or what waits makes no headway; whether all came to rest."""
        return self.settle(seconds, STALL_SECONDS)


class HostedStage(Stage):
    """The same nodes inside this process, over the same mTLS: begun anew in a moment."""

    def __init__(self, root: Path, topology: Topology) -> None:
        super().__init__(root, topology)
        self._network: Network | None = None

    def process(self, path: str) -> Process:
        """The node's place in this process."""
        return self._processes.setdefault(path, _Hosted(path, self))

    @property
    def network(self) -> Network | None:
        """The nodes, once begun."""
        return self._network

    def begin(self, at: datetime = START, progress: Progress = quiet) -> None:
        """Throw away what the nodes hold; all of them SERVING, empty, at this virtual instant."""
        self.down()
        shutil.rmtree(self.root / SUBDIRECTORY, ignore_errors=True)
        prepare(self.layout, self.paths, at)
        topology = self.topology
        self._network = Network(
            self.root, self.paths, seed=topology.seed, reconcile_days=topology.reconcile_days,
            anchor_days=topology.anchor_days, virtual_clock=topology.virtual_clock,
        )  # fmt: skip
        for path in self.paths:
            self.registry.adopt(path)
            if topology.find(path).on_anomaly != self._network.nodes[path].config.on_anomaly:
                raise ValueError("set the policy by its rpc: nodes of one process share their settings")
        self.spread_directory()
        self.settle(stall_seconds=1.0)

    def spread_directory(self) -> None:
        """Let everybody know at once who is revoked and where everybody listens."""
        if self._network is None:
            return
        self._network.revoked = set(self.registry.revoked())
        self._network.write_directory()
        for node in self._network.nodes.values():
            node.directory.look()
            node.retry_now()

    def stop_node(self, path: str) -> None:
        """Stop one node; what it has on disk stays."""
        if self._network is not None and path in self._network.nodes:
            self._network.stop(path)
            self._let_go()

    def start_node(self, path: str) -> None:
        """Start one node again, brought to the time of the others."""
        if self._network is None or path in self._network.nodes:
            return
        now = max(node.clock.now() for node in self._network.nodes.values())
        node = self._network.start(path)
        node.set_clock(max(now, node.clock.now()))
        self.spread_directory()

    def down(self) -> list[str]:
        """Stop every node; those that ran."""
        if self._network is None:
            return []
        running = list(self._network.nodes)
        self._let_go()
        self._network.close()
        self._network = None
        return running

    def close(self) -> None:
        """Stop the nodes and close the channels."""
        self.down()
        super().close()

    def _let_go(self) -> None:
        super(Stage, self).close()


class _Hosted(Process):
    """A node of this process, looked at as if it had one of its own."""

    def __init__(self, path: str, stage: HostedStage) -> None:
        super().__init__(path, stage.layout.node(path))
        self._stage = stage

    @property
    def pid(self) -> int | None:
        """This process, while the node runs."""
        return os.getpid() if self.ready else None

    @property
    def ready(self) -> Address | None:
        """Where it listens; None while it does not."""
        network = self._stage.network
        node = network.nodes.get(self.path) if network else None
        return Address(os.getpid(), node.listener.address, node.drill_listener.address) if node else None


def prepare(layout: Layout, paths: Sequence[str], at: datetime) -> None:
    """Empty files for nodes that have never run, from an instant of the virtual clock on; the books are new too."""
    layout.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    # What was given out and revoked before is no part of what begins now.
    shutil.rmtree(layout.clients, ignore_errors=True)
    Registry(layout).begin_anew()
    for path in paths:
        layout.node(path).mkdir(mode=0o700, parents=True, exist_ok=True)
    blank.lay_out(layout, paths)
    if at != START:
        for path in paths:
            blank.set_clock(layout, path, at)
