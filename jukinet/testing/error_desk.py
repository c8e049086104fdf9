"""The desk of errors that were told of, and the queue of each station."""

from __future__ import annotations

from jukinet.testing.door import Clerk
from jukinet.v1 import error_report_pb2 as pb
from jukinet.v1 import error_report_pb2_grpc

STUB = error_report_pb2_grpc.ErrorServiceStub


class ErrorDesk(Clerk):
    """ErrorService."""

    def list_error_reports(self, *, with_closed: bool = False, **operation: str) -> list[pb.ErrorReportRow]:
        """Errors that the governor has told of; open ones, or all."""
        request = pb.ListErrorReportsRequest(operation=self._op(operation), with_closed=with_closed)
        return list(self._ask(pb.ListErrorReportsResponse, request, STUB).reports)

    def resend_identification(
        self, resident_id: int, error_report_id: int = 0, **operation: str
    ) -> pb.ResendIdentificationResponse:
        """再通知."""
        request = pb.ResendIdentificationRequest(
            operation=self._op(operation), resident_id=resident_id, error_report_id=error_report_id
        )
        return self._ask(pb.ResendIdentificationResponse, request, STUB)

    def close_error_report(self, error_report_id: int, **operation: str) -> pb.CloseErrorReportResponse:
        """調査の結果、修正すべきものがない."""
        request = pb.CloseErrorReportRequest(operation=self._op(operation), error_report_id=error_report_id)
        return self._ask(pb.CloseErrorReportResponse, request, STUB)
