"""AbroadService: convert, call the act of the same name, convert."""

from __future__ import annotations

from jukinet.model.identification import Place, Receipt
from jukinet.node.node import Node
from jukinet.v1 import abroad_pb2 as pb
from jukinet.v1 import abroad_pb2_grpc
from jukinet.wire import convert, convert_abroad
from jukinet.wire.call import current
from jukinet.wire.server import Context, Service
from municipality_node.acts import abroad, consult, inquiry, missing_notice
from municipality_node.clerk import ClerkServicer
from municipality_node.desk import Desk


class AbroadServicer(ClerkServicer, abroad_pb2_grpc.AbroadServiceServicer):
    """AbroadService of a municipality."""

    def InquireIdentification(
        self, request: pb.InquireIdentificationRequest, context: Context
    ) -> pb.InquireIdentificationResponse:
        """照会."""
        return inquiry.inquire_identification(self._node, current(), request)

    def ReportMoveOutAbroad(
        self, request: pb.ReportMoveOutAbroadRequest, context: Context
    ) -> pb.ReportMoveOutAbroadResponse:
        """国外転出."""

        def act(desk: Desk) -> Receipt:
            day = convert.day(request.planned_date, "planned_date")
            return abroad.report_move_out_abroad(desk, list(request.resident_ids), request.destination, day)

        return self._act(pb.ReportMoveOutAbroadResponse, request.operation, act)

    def ReportMoveInFromAbroad(
        self, request: pb.ReportMoveInFromAbroadRequest, context: Context
    ) -> pb.ReportMoveInFromAbroadResponse:
        """国外からの転入."""

        def act(desk: Desk) -> pb.ReportMoveInFromAbroadResponse:
            arrivals = [convert_abroad.arrival(arrival) for arrival in request.arrivals]
            day = convert.day(request.move_in_date, "move_in_date")
            receipt, live = abroad.report_move_in_from_abroad(
                desk, arrivals, request.former_country, _home(request), day
            )
            warnings = [pb.ArrivalWarning(resident_id=one, live_in_area_code=area) for one, area in live]
            return pb.ReportMoveInFromAbroadResponse(receipt=convert.receipt_message(receipt), warnings=warnings)

        return self._run(
            pb.ReportMoveInFromAbroadResponse, request.operation, act, lambda done: list(done.receipt.resident_ids)
        )

    def ReportMoveInWithoutCertificate(
        self, request: pb.ReportMoveInWithoutCertificateRequest, context: Context
    ) -> pb.ReportMoveInWithoutCertificateResponse:
        """証明書によらない転入."""

        def act(desk: Desk) -> Receipt:
            arrivals = [convert_abroad.arrival(arrival) for arrival in request.arrivals]
            last: Place | None = None
            if request.HasField("last_registered"):
                last = convert_abroad.place(request.last_registered)
            unreported = [convert_abroad.place(place) for place in request.unreported]
            day = convert.day(request.move_in_date, "move_in_date")
            return abroad.report_move_in_without_certificate(desk, arrivals, last, unreported, _home(request), day)

        return self._act(pb.ReportMoveInWithoutCertificateResponse, request.operation, act)

    def ListMissingMoveInNotices(
        self, request: pb.ListMissingMoveInNoticesRequest, context: Context
    ) -> pb.ListMissingMoveInNoticesResponse:
        """転入通知未着者一覧."""

        def act(desk: Desk) -> pb.ListMissingMoveInNoticesResponse:
            size, after = consult.page(request.page_size, request.page_token, current())
            found = missing_notice.list_missing_move_in_notices(desk, after, size)
            rows = [
                pb.MissingMoveInNotice(
                    resident_id=resident.id,
                    planned_destination=resident.planned_destination,
                    planned_date=convert.day_message(resident.removal_date),
                    days_passed=days,
                )
                for resident, days in found
            ]
            following = str(found[-1][0].id) if len(found) == size else ""
            return pb.ListMissingMoveInNoticesResponse(missing=rows, next_page_token=following)

        return self._run(
            pb.ListMissingMoveInNoticesResponse, request.operation, act,
            lambda done: [row.resident_id for row in done.missing],
        )  # fmt: skip

    def ResendMoveInNotice(
        self, request: pb.ResendMoveInNoticeRequest, context: Context
    ) -> pb.ResendMoveInNoticeResponse:
        """転入通知の再送."""
        return self._act(
            pb.ResendMoveInNoticeResponse, request.operation,
            lambda desk: missing_notice.resend_move_in_notice(desk, request.resident_id, request.former_area_code),
        )  # fmt: skip


def _home(request: pb.ReportMoveInFromAbroadRequest | pb.ReportMoveInWithoutCertificateRequest) -> abroad.Home:
    return abroad.Home(request.address, request.area_code, request.household_id)


def abroad_service(node: Node) -> Service:
    """AbroadService, ready to be served."""
    servicer = AbroadServicer(node)
    return Service(
        "jukinet.v1.AbroadService",
        lambda server: abroad_pb2_grpc.add_AbroadServiceServicer_to_server(servicer, server),
    )
