"""The desk that tells how a record came to be, in a test."""

from __future__ import annotations

from jukinet.testing.door import Clerk
from jukinet.v1 import trace_pb2 as pb
from jukinet.v1 import trace_pb2_grpc


class TraceDesk(Clerk):
    """TraceService."""

    def trace_record(self, resident_id: int, **operation: str) -> pb.TraceRecordResponse:
        """記載の経緯."""
        request = pb.TraceRecordRequest(operation=self._op(operation), resident_id=resident_id)
        return self._ask(pb.TraceRecordResponse, request, trace_pb2_grpc.TraceServiceStub)
