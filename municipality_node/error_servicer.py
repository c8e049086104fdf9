"""ErrorService: convert, call the act of the same name, convert."""

from __future__ import annotations

from jukinet.model.finding import FindingKind
from jukinet.model.identification import Receipt
from jukinet.node.node import Node
from jukinet.v1 import error_report_pb2 as pb
from jukinet.v1 import error_report_pb2_grpc
from jukinet.wire import convert
from jukinet.wire.call import current
from jukinet.wire.convert_error_report import day
from jukinet.wire.server import Context, Service
from municipality_node.acts import error_report
from municipality_node.acts.consult import page
from municipality_node.clerk import ClerkServicer
from municipality_node.desk import Desk
from municipality_node.errors.store import Report
from municipality_node.store import Resident

REMEDIES = {
    FindingKind.DOUBLE: (
        "どちらの者のコードか調査し、誤りなら住民票コードの修正（correct-resident-code）、正しければ close-error-report"
        " / find out whose code it is: correct it, or close the report"
    ),
    FindingKind.STALE_ENTRY: (
        "終わったコードです。住民票コードの修正（correct-resident-code）又は消除"
        " / the code has ended: correct it, or delete the record"
    ),
    FindingKind.SET_ASIDE: (
        "記載に誤りがあれば修正、なければ resend-identification / correct the record, or tell it again"
    ),
    FindingKind.REFUSED: ("送信の誤りを直してから jukinet resync / mend what garbles the notices, then jukinet resync"),
    FindingKind.DIFFERS: "resend-identification / tell it again",
    FindingKind.DISPUTED: "correct-ex-officio / compare with the papers and correct the record",
}


class ErrorServicer(ClerkServicer, error_report_pb2_grpc.ErrorServiceServicer):
    """ErrorService of a municipality."""

    def ListErrorReports(self, request: pb.ListErrorReportsRequest, context: Context) -> pb.ListErrorReportsResponse:
        """通報された誤り."""
        size, after = page(request.page_size, request.page_token, current())

        def act(desk: Desk) -> pb.ListErrorReportsResponse:
            found = error_report.list_error_reports(desk, after, size, with_closed=request.with_closed)
            following = str(found[-1][0].id) if len(found) == size else ""
            return pb.ListErrorReportsResponse(reports=[_row(*one) for one in found], next_page_token=following)

        return self._look(request.operation, act, lambda told: [row.resident_id for row in told.reports])

    def ResendIdentification(
        self, request: pb.ResendIdentificationRequest, context: Context
    ) -> pb.ResendIdentificationResponse:
        """再通知."""

        def act(desk: Desk) -> Receipt:
            return error_report.resend_identification(desk, request.resident_id, request.error_report_id)

        return self._act(pb.ResendIdentificationResponse, request.operation, act)

    def CloseErrorReport(self, request: pb.CloseErrorReportRequest, context: Context) -> pb.CloseErrorReportResponse:
        """調査の結果、修正すべきものがない."""
        return self._act(
            pb.CloseErrorReportResponse,
            request.operation,
            lambda desk: error_report.close_error_report(desk, request.error_report_id),
        )


def _row(report: Report, resident: Resident | None) -> pb.ErrorReportRow:
    one = report.finding
    return pb.ErrorReportRow(
        error_report_id=report.id,
        report=pb.ErrorReport(
            report_number=report.report_number,
            finding=convert.enum(one.kind),
            area_code=one.area_code,
            resident_code=f"{one.code:011d}" if one.code else "",
            epoch=one.epoch,
            number=one.number,
            reason=one.reason,
            other_area_codes=one.others,
            found_date=day(report.found),
        ),
        resident_id=resident.id if resident else 0,
        receive_date=day(report.received),
        close_date=day(report.closed),
        outcome=convert.enum(report.outcome),
        remedy="" if report.closed else REMEDIES[one.kind],
    )


def queue_row(report: Report) -> pb.ErrorQueueRow:
    """A report as the station's queue shows it: nobody's code."""
    return pb.ErrorQueueRow(
        report_number=report.id,
        finding=convert.enum(report.finding.kind),
        area_code=report.finding.area_code,
        number=report.finding.number,
        reason=report.finding.reason,
        state=pb.ERROR_STATE_DONE if report.closed else pb.ERROR_STATE_WAITING,
        found_date=day(report.received),
        mend_date=day(report.closed),
        outcome=convert.enum(report.outcome),
    )


def error_service(node: Node) -> Service:
    """ErrorService, ready to be served."""
    servicer = ErrorServicer(node)
    return Service(
        "jukinet.v1.ErrorService",
        lambda server: error_report_pb2_grpc.add_ErrorServiceServicer_to_server(servicer, server),
    )
