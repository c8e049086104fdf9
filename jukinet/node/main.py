"""One node as a process: `python -m municipality_node path/to/node.json`."""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import threading
from pathlib import Path

from jukinet import log
from jukinet.node import observers
from jukinet.node.config import NodeConfig, Tier
from jukinet.node.node import Node
from jukinet.pki import files
from jukinet.refusal import Refusal
from jukinet.relay.engine import Engine
from jukinet.wire.server import CallPool

READY = "ready.json"
EXIT_REFUSED = 3


def run(tier: Tier, arguments: list[str]) -> int:
    """Run the node until SIGTERM or SIGINT; `ready.json` in its folder says where it listens."""
    config = NodeConfig.read(Path(arguments[0]))
    _raise_file_limit()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    ready = Path(config.folder) / READY
    ready.unlink(missing_ok=True)
    pool = CallPool()
    engine = Engine()
    try:
        node = Node(config, tier, pool, engine)
    except Refusal as refusal:
        log.event("start_refused", node=config.path, reason=refusal.reason.value, remedy=refusal.spec.english)
        return EXIT_REFUSED
    stop_observing = observers.install(node)
    node.start()
    address = {"pid": os.getpid(), "address": node.listener.address, "drill_address": node.drill_listener.address}
    files.replace(ready, json.dumps(address).encode())
    log.event("ready", node=config.path, address=node.listener.address)
    _end_with_parent(ended)
    ended.wait()
    node.stop()
    engine.stop()
    pool.shutdown()
    ready.unlink(missing_ok=True)
    stop_observing()
    log.event("stopped", node=config.path)
    return 0


def _raise_file_limit() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _end_with_parent(ended: threading.Event) -> None:
    """Where the starter keeps our stdin open as a leash, stop when it lets go."""
    if os.environ.get("JUKINET_LEASH") != "stdin":
        return

    def watch() -> None:
        sys.stdin.buffer.read()
        ended.set()

    threading.Thread(target=watch, name="leash", daemon=True).start()
