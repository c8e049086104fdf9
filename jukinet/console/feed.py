"""Follows every node of a stage: one thread each waits for news, one more looks how they are."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jukinet import log
from jukinet.drill import figures
from jukinet.drill.messages import Message, Reader
from jukinet.drill.trace import is_look, name_of
from jukinet.stack.fault import StackFault
from jukinet.stack.reach import NodeState, Reach
from jukinet.store.spool import Spool
from jukinet.wire import convert
from jukinet.wire.client import Refused

WAIT_MS, PAUSE_SECONDS, RETRY_SECONDS, PULSE_SECONDS = 5_000, 0.05, 0.5, 1.0
MOST_FOLLOWED = 80
"""Above this, only J-LIS and governors are followed, and the municipalities of prefectures that are opened."""


class Feed:
    """What happens on one stage, kept in a spool. `changed` is set whenever something new is there."""

    def __init__(self, reach: Reach, file: Path) -> None:
        self.reach = reach
        self.spool = Spool(file)
        self.states: dict[str, dict[str, Any]] = {}
        self.revision = 0
        self.renews = False
        self._ended = threading.Event()
        self._waiting: set[asyncio.Event] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opened: set[str] = set()

    def start(self) -> None:
        """Begin to follow; the running event loop is told of news."""
        self._loop = asyncio.get_running_loop()
        self._begin()

    def take_over(self, other: Feed) -> None:
        """Begin to follow in place of another, for whoever waited for that one."""
        self._loop, self._waiting = other._loop, other._waiting
        self._begin()

    def _begin(self) -> None:
        for path in self.reach.paths:
            if len(self.reach.paths) <= MOST_FOLLOWED or not path.startswith("municipality/"):
                self._follow(path)
        self._spawn(self._pulse, "pulse")

    def open(self, paths: Sequence[str]) -> None:
        """Follow these too."""
        for path in paths:
            self._follow(path)

    def _follow(self, path: str) -> None:
        if path not in self._opened:
            self._opened.add(path)
            self._spawn(lambda: self._read(path), path)

    def _spawn(self, work: Any, name: str) -> None:
        threading.Thread(target=work, name=f"console {name}", daemon=True).start()

    def stop(self) -> None:
        """Follow no more."""
        self._ended.set()  # whoever waits for a node ends with its answer
        self.spool.close()

    def _read(self, path: str) -> None:
        reader = Reader(path)
        while not self._ended.is_set():
            try:
                if self.reach.process(path).ready is None:
                    raise LookupError(path)
                found = reader.read(self.reach.console(path), WAIT_MS)
            except (Refused, StackFault, LookupError, OSError, ValueError):
                self._ended.wait(RETRY_SECONDS)
                continue
            except Exception as error:
                if not self._ended.is_set():
                    log.incident("console feed", error)
                self._ended.wait(RETRY_SECONDS)
                continue
            if found and not self._ended.is_set():
                self.spool.add(plain(message) for message in found if not is_look(message))
                self.tell()
            self._ended.wait(PAUSE_SECONDS)

    def _pulse(self) -> None:
        while not self._ended.is_set():
            try:
                self.look()
            except Exception as error:
                if not self._ended.is_set():
                    log.incident("console pulse", error)
            self._ended.wait(PULSE_SECONDS)

    def look(self) -> None:
        """See how every node that is followed is."""
        paths = [path for path in self.reach.paths if path in self._opened]
        found = {state.spec.path: _plain_state(state) for state in self.reach.each(paths, self._state)}
        if found != self.states:
            self.states = found
            self.tell()

    def _state(self, path: str) -> NodeState:
        return self.reach.state(path, renew=self.renews)

    # News

    def tell(self) -> None:
        """Something is new: whoever waits looks."""
        self.revision += 1
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for event in self._waiting:
            event.set()

    async def wait(self, revision: int, seconds: float) -> int:
        """Wait for something newer than `revision`; the revision of now."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            if self.revision == revision:
                await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(event)
        return self.revision


def plain(message: Message) -> dict[str, Any]:
    """A message as JSON values, with its place in causal order as a text that sorts."""
    micros = int(message.real_time.timestamp() * 1_000_000)
    return {
        "id": message.id,
        "sort": f"{message.lamport:016d}-{micros:017d}-{message.receiver}-{message.place:012d}",
        "kind": message.kind,
        "sender": message.sender,
        "receiver": message.receiver,
        "from": name_of(message.sender),
        "to": name_of(message.receiver),
        "plane": message.plane,
        "rule": message.rule,
        "article": message.article,
        "caption": message.caption,
        "what": list(message.what),
        "records": message.records,
        "lamport": message.lamport,
        "place": message.place,
        "real_time": message.real_time.isoformat(),
        "virtual_time": message.virtual_time.isoformat(),
        "accepted": message.accepted,
        "refusal": message.refusal,
        "origin": message.origin,
        "said_lamport": message.said_lamport,
        "header_hash": message.header_hash,
        "size_bytes": message.size_bytes,
        "operator": message.operator,
        "reason": message.reason,
        "request_id": message.request_id,
        "provision": message.provision,
    }


def _plain_state(state: NodeState) -> dict[str, Any]:
    found: dict[str, Any] = {
        "path": state.spec.path, "name": state.spec.name, "state": state.state, "fault": state.fault,
        "links": [], "figures": {}, "time": "", "certificate": "",
    }  # fmt: skip
    status = state.status
    if status is not None:
        found["figures"] = figures.of_status(status)
        found["time"] = convert.instant(status.virtual_time).isoformat()
        found["certificate"] = convert.instant(status.certificate_expire_time).isoformat()
        found["links"] = [
            {
                "peer": link.peer, "state": link.state, "backlog": link.backlog_records, "fault": link.last_fault,
                "remedy": link.remedy,
            }
            for link in status.links
        ]  # fmt: skip
    return found
