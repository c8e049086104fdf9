"""WatchDrillService: what happens at a node, told as soon as it is on disk."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from jukinet.node import look
from jukinet.node.provision import entry as provision_entry
from jukinet.store import audit_log, journal
from jukinet.v1 import watch_pb2 as pb
from jukinet.v1 import watch_pb2_grpc
from jukinet.wire.server import Context, Service

if TYPE_CHECKING:
    from jukinet.node.node import Node

PAGE = 1_000
MOST_WAIT_SECONDS = 10.0


class Bell:
    """Rings after every commit; few may wait for it, so that those who look on never take the threads of the others."""

    def __init__(self, places: threading.BoundedSemaphore) -> None:
        self._places = places
        self._rung = threading.Condition()
        self._count = 0
        self._closed = False

    @property
    def count(self) -> int:
        """How often it has rung."""
        return self._count

    def ring(self) -> None:
        """Something was written."""
        with self._rung:
            self._count += 1
            self._rung.notify_all()

    def close(self) -> None:
        """Let everybody go, and nobody wait any more."""
        with self._rung:
            self._closed = True
            self._rung.notify_all()

    def wait(self, since: int, seconds: float) -> bool:
        """Wait until it has rung after `since`; False at once where no place is free, or when the time is over."""
        if not self._places.acquire(blocking=False):
            return False
        try:
            with self._rung:
                return self._rung.wait_for(lambda: self._closed or self._count != since, seconds) and not self._closed
        finally:
            self._places.release()


class WatchServicer(watch_pb2_grpc.WatchDrillServiceServicer):
    """WatchDrillService of a node."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def WatchNode(self, request: pb.WatchNodeRequest, context: Context) -> pb.WatchNodeResponse:
        """What is new, or will be in a moment."""
        bell, deadline = self._node.bell, time.monotonic() + min(request.wait_ms / 1000, MOST_WAIT_SECONDS)
        while True:
            heard = bell.count
            answer = self._read(request)
            left = deadline - time.monotonic()
            if answer.entries or answer.rows or left <= 0 or not bell.wait(heard, left):
                return answer

    def _read(self, request: pb.WatchNodeRequest) -> pb.WatchNodeResponse:
        node, limit = self._node, min(request.page_size, PAGE) if request.page_size > 0 else PAGE
        with node.journal.read() as db:
            last_row, last_position = audit_log.size(db), journal.head(db)[0]
            rows = audit_log.page(db, request.after_row, limit) if last_row > request.after_row else []
            new = last_position > request.after_position
            found = list(journal.entries(db, request.after_position, limit)) if new else []
        shown = look.entries(node, found) if found else []
        answer = pb.WatchNodeResponse(last_position=last_position, last_row=last_row, rows=[row for row, _ in rows])
        for kept, entry in zip(found, shown, strict=True):
            answer.entries.add(entry=entry, size_bytes=kept.envelope.batch.ByteSize())
        for row, said in rows:
            if said:
                answer.provisions[row.id].CopyFrom(provision_entry.read(said))
        return answer


def watch_drill_service(node: Node) -> Service:
    """WatchDrillService, ready to be served."""
    servicer = WatchServicer(node)
    return Service(
        "jukinet.v1.WatchDrillService",
        lambda server: watch_pb2_grpc.add_WatchDrillServiceServicer_to_server(servicer, server),
    )
