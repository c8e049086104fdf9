"""What a test does to a network whose nodes lose something."""

from __future__ import annotations

import shutil
import threading
import time
from typing import TYPE_CHECKING

from jukinet.node.node import Node
from jukinet.stack.blank import lay_out
from jukinet.testing.template import save
from jukinet.v1 import recovery_pb2, recovery_pb2_grpc

if TYPE_CHECKING:
    from jukinet.testing.network import Juki

PAUSE = 0.005


class Recovering:
    """Mixed into Juki."""

    def lose(self: Juki, name: str, what: str) -> None:  # type: ignore[misc]
        """Take a node's "register", its "journal" or "all" its files away; it is started again without them.

        A governor's or J-LIS's register is built anew from the journal; where the journal is gone the node recovers.
        """
        path, _ = self.find(name)
        self.kill(path)
        gone = {"register": "register.db*", "journal": "journal.db*", "all": "*.db*"}[what]
        for file in self.network.layout.node(path).glob(gone):
            file.unlink()
        self._start_again(path, recovering=what != "register")

    def snapshot_node(self: Juki, name: str, label: str) -> None:  # type: ignore[misc]
        """Keep the files of one node as of now."""
        path, _ = self.find(name)
        save(self.network.nodes[path], self._kept(label, path))

    def restore_node(self: Juki, name: str, label: str, *, noticed: bool = True) -> None:  # type: ignore[misc]
        """Put one node back to what was kept of it; where nobody `noticed`, it goes on as if nothing had been lost."""
        path, _ = self.find(name)
        self.kill(path)
        folder = self.network.layout.node(path)
        for old in folder.glob("*.db*"):
            old.unlink()
        for kept in self._kept(label, path).iterdir():
            shutil.copyfile(kept, folder / kept.name)
        self._start_again(path, recovering=noticed)

    def recover(  # type: ignore[misc]
        self: Juki, name: str, *, accept_missing: bool = False, seconds: float = 60.0
    ) -> recovery_pb2.GetRecoveryResponse:
        """Have a node fetch what it lost, and wait until it has; the report."""
        console, stub = self.console(name), recovery_pb2_grpc.RecoveryDrillServiceStub
        console.call(stub, "Recover", recovery_pb2.RecoverRequest(accept_missing=accept_missing))
        deadline = time.monotonic() + seconds
        while (report := console.call(stub, "GetRecovery", recovery_pb2.GetRecoveryRequest())).running:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{name} is still recovering")
            threading.Event().wait(PAUSE)
        self.settle()
        assert isinstance(report, recovery_pb2.GetRecoveryResponse)
        return report

    def _start_again(self: Juki, path: str, *, recovering: bool) -> Node:  # type: ignore[misc]
        lay_out(self.network.layout, [path])
        node = self.network.start(path, recovering=recovering)
        node.peers.set_faults(self._faults.get(path, []), node.config.seed)
        self._spread_directory()
        self.heal(lines=False)
        return node
