"""The desk for notices that could not be used, in a test."""

from __future__ import annotations

from jukinet.testing.door import Clerk
from jukinet.v1 import set_aside_pb2 as pb
from jukinet.v1 import set_aside_pb2_grpc


class SetAsideDesk(Clerk):
    """SetAsideService."""

    def settle_set_aside(self, position: int, index: int, **operation: str) -> pb.SettleSetAsideResponse:
        """A notice that was set aside is done with."""
        request = pb.SettleSetAsideRequest(operation=self._op(operation), position=position, index=index)
        return self._ask(pb.SettleSetAsideResponse, request, set_aside_pb2_grpc.SetAsideServiceStub)
