"""SetAsideService: convert, call the act of the same name, convert."""

from __future__ import annotations

from jukinet.node.node import Node
from jukinet.v1 import set_aside_pb2 as pb
from jukinet.v1 import set_aside_pb2_grpc
from jukinet.wire.server import Context, Service
from municipality_node.acts import set_aside
from municipality_node.clerk import ClerkServicer


class SetAsideServicer(ClerkServicer, set_aside_pb2_grpc.SetAsideServiceServicer):
    """SetAsideService of a municipality."""

    def SettleSetAside(self, request: pb.SettleSetAsideRequest, context: Context) -> pb.SettleSetAsideResponse:
        """隔離した通知の処理済み."""
        return self._act(
            pb.SettleSetAsideResponse, request.operation,
            lambda desk: set_aside.settle_set_aside(desk, request.position, request.index),
        )  # fmt: skip


def set_aside_service(node: Node) -> Service:
    """SetAsideService, ready to be served."""
    servicer = SetAsideServicer(node)
    return Service(
        "jukinet.v1.SetAsideService",
        lambda server: set_aside_pb2_grpc.add_SetAsideServiceServicer_to_server(servicer, server),
    )
