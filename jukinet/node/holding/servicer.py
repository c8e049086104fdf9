"""HoldingDrillService: what this node holds of one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jukinet.node.holding.look as look
from jukinet.v1 import holding_pb2 as pb
from jukinet.v1 import holding_pb2_grpc
from jukinet.wire.server import Context, Service

if TYPE_CHECKING:
    from jukinet.node.node import Node


class HoldingDrillServicer(holding_pb2_grpc.HoldingDrillServiceServicer):
    """HoldingDrillService of a node."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def GetHolding(self, request: pb.GetHoldingRequest, context: Context) -> pb.GetHoldingResponse:
        """Records and 履歴."""
        return look.holding(self._node, request)

    def ListPersonMessages(
        self, request: pb.ListPersonMessagesRequest, context: Context
    ) -> pb.ListPersonMessagesResponse:
        """Where the journal speaks of the person."""
        return look.messages(self._node, request)

    def ListProvisionsOf(self, request: pb.ListProvisionsOfRequest, context: Context) -> pb.ListProvisionsOfResponse:
        """What was provided about the person."""
        return look.provisions(self._node, request)

    def FindPersons(self, request: pb.FindPersonsRequest, context: Context) -> pb.FindPersonsResponse:
        """People to pick from."""
        return look.persons(self._node, request)


def holding_drill_service(node: Node) -> Service:
    """HoldingDrillService, ready to be served."""
    servicer = HoldingDrillServicer(node)
    return Service(
        "jukinet.v1.HoldingDrillService",
        lambda server: holding_pb2_grpc.add_HoldingDrillServiceServicer_to_server(servicer, server),
    )
