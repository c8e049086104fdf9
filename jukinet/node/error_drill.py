"""ErrorDrillService: what waits at one station of the way that errors take, and what has passed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jukinet.v1 import error_report_pb2 as pb
from jukinet.v1 import error_report_pb2_grpc
from jukinet.wire.server import Context, Service

if TYPE_CHECKING:
    from jukinet.node.node import Node

MOST = 1_000


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of a station's queue, and how much there is in all."""

    rows: Sequence[pb.ErrorQueueRow]
    waiting: int
    reported: int
    done: int


class ErrorDrillServicer(error_report_pb2_grpc.ErrorDrillServiceServicer):
    """ErrorDrillService of a node."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def ListErrorQueue(self, request: pb.ListErrorQueueRequest, context: Context) -> pb.ListErrorQueueResponse:
        """The station's queue."""
        size = min(request.page_size, MOST) if request.page_size > 0 else MOST
        found = self._node.local.error_queue(int(request.page_token or "0"), size)
        following = str(found.rows[-1].report_number) if len(found.rows) == size else ""
        return pb.ListErrorQueueResponse(
            rows=found.rows, next_page_token=following, waiting=found.waiting, reported=found.reported, done=found.done
        )


def error_drill_service(node: Node) -> Service:
    """ErrorDrillService, ready to be served."""
    servicer = ErrorDrillServicer(node)
    return Service(
        "jukinet.v1.ErrorDrillService",
        lambda server: error_report_pb2_grpc.add_ErrorDrillServiceServicer_to_server(servicer, server),
    )
