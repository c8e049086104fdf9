"""A whole network in one process: the same nodes as in processes of their own, over the same mTLS."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from jukinet.clock import real_micros
from jukinet.node.node import Node, stop_all
from jukinet.pki import directory
from jukinet.pki.authority import Authority
from jukinet.pki.identity import Identity
from jukinet.relay.engine import Engine
from jukinet.stack.layout import Layout, parent_of
from jukinet.stack.tiers import tier_of
from jukinet.wire.server import CallPool


class Network:
    """Nodes of one process, from paths such as `municipality/132152`; state under `folder`."""

    def __init__(self, folder: Path, paths: Sequence[str], **settings: object) -> None:
        self.layout = Layout(folder)
        self.authority = Authority.open(self.layout.authority)
        self.nodes: dict[str, Node] = {}
        self.revoked: set[int] = set()
        self._settings = settings
        self._paths = list(paths)
        self._pool = CallPool()
        self._engine = Engine()
        self._version = real_micros()
        for path in paths:
            self.layout.give(self.authority, path)
        self.write_directory()
        for path in paths:
            self._make(path)
        self.write_directory()
        for node in self.nodes.values():
            node.start()

    def _make(self, path: str, recovering: bool = False) -> Node:
        config = self.layout.config(path, recovering=recovering, **self._settings)
        node = self.nodes[path] = Node(config, tier_of(Identity.parse(path)), self._pool, self._engine)
        return node

    def write_directory(self) -> None:
        """Sign the directory anew with the addresses of now."""
        self._version += 1
        entries = []
        for path in self._paths:
            node = self.nodes.get(path)
            address, drill = (node.listener.address, node.drill_listener.address) if node else ("", "")
            entries.append(directory.Entry(path, address, drill, parent_of(path)))
        directory.write(self.layout.directory, self.authority, entries, self.revoked, self._version)

    def start(self, path: str, *, recovering: bool = False) -> Node:
        """Start a node, or start it again with the state it left; `recovering` if that is not all it had."""
        node = self._make(path, recovering)
        self.write_directory()
        node.start()
        return node

    def stop(self, path: str) -> None:
        """Stop a node; its state stays."""
        self.nodes.pop(path).stop()

    def settle(self, seconds: float = 30.0) -> None:
        """Wait until nothing moves any more on any node; TimeoutError if that takes longer."""
        deadline = time.monotonic() + seconds
        while True:
            moving = [path for path, node in self.nodes.items() if not node.at_rest()]
            if not moving and not any(not node.at_rest() for node in self.nodes.values()):
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"still moving: {', '.join(moving)}")
            time.sleep(0.002)

    def close(self) -> None:
        """Stop everything."""
        stop_all(list(self.nodes.values()))
        self._engine.stop()
        self._pool.shutdown()
