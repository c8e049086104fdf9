"""FamilyRegisterService: convert, call the act of the same name, convert."""

from __future__ import annotations

from jukinet.node.node import Node
from jukinet.v1 import family_register_pb2 as pb
from jukinet.v1 import family_register_pb2_grpc
from jukinet.wire import convert
from jukinet.wire import convert_family_register as family
from jukinet.wire.call import current
from jukinet.wire.server import Context, Service
from municipality_node.acts import family_register_look as look
from municipality_node.acts import family_registration, supplementary
from municipality_node.clerk import ClerkServicer
from municipality_node.desk import Desk


class FamilyRegisterServicer(ClerkServicer, family_register_pb2_grpc.FamilyRegisterServiceServicer):
    """FamilyRegisterService of a municipality."""

    def EnterSupplementaryRegister(
        self, request: pb.EnterSupplementaryRegisterRequest, context: Context
    ) -> pb.EnterSupplementaryRegisterResponse:
        """附票の作成・記載."""

        def act(desk: Desk) -> pb.EnterSupplementaryRegisterResponse:
            entries = tuple(family.supplementary_entry(entry) for entry in request.entries)
            receipt, numbers = supplementary.enter_supplementary_register(
                desk, request.registered_domicile, request.registered_head, entries
            )
            return pb.EnterSupplementaryRegisterResponse(receipt=convert.receipt_message(receipt), entry_ids=numbers)

        return self._run(pb.EnterSupplementaryRegisterResponse, request.operation, act, lambda _: [])

    def ClearSupplementaryRegister(
        self, request: pb.ClearSupplementaryRegisterRequest, context: Context
    ) -> pb.ClearSupplementaryRegisterResponse:
        """附票の消除."""
        return self._act(
            pb.ClearSupplementaryRegisterResponse, request.operation,
            lambda desk: supplementary.clear_supplementary_register(
                desk, list(request.entry_ids), convert.day(request.removed_date, "removed_date")
            ),
        )  # fmt: skip

    def GetSupplementaryRegister(
        self, request: pb.GetSupplementaryRegisterRequest, context: Context
    ) -> pb.GetSupplementaryRegisterResponse:
        """附票の確認."""
        return look.get_supplementary_register(self._node, current(), request)

    def ListSupplementaryRegister(
        self, request: pb.ListSupplementaryRegisterRequest, context: Context
    ) -> pb.ListSupplementaryRegisterResponse:
        """附票の一覧."""
        return look.list_supplementary_register(self._node, current(), request)

    def EnterPaperSupplementaryNotice(
        self, request: pb.EnterPaperSupplementaryNoticeRequest, context: Context
    ) -> pb.EnterPaperSupplementaryNoticeResponse:
        """紙の附票記載事項通知."""

        def act(desk: Desk) -> pb.EnterPaperSupplementaryNoticeResponse:
            notice = family.supplementary_notice(request.notice)
            receipt, number = supplementary.enter_paper_supplementary_notice(desk, notice)
            return pb.EnterPaperSupplementaryNoticeResponse(receipt=convert.receipt_message(receipt), entry_id=number)

        return self._run(pb.EnterPaperSupplementaryNoticeResponse, request.operation, act, lambda _: [])

    def ListSupplementaryMismatches(
        self, request: pb.ListSupplementaryMismatchesRequest, context: Context
    ) -> pb.ListSupplementaryMismatchesResponse:
        """戸籍と合わないもの."""
        return look.list_supplementary_mismatches(self._node, current(), request)

    def PrintSupplementaryMismatch(
        self, request: pb.PrintSupplementaryMismatchRequest, context: Context
    ) -> pb.PrintSupplementaryMismatchResponse:
        """戸籍と合わない旨の通知書."""

        def act(desk: Desk) -> pb.PrintSupplementaryMismatchResponse:
            title, text = supplementary.print_supplementary_mismatch(desk, request.mismatch_id)
            return pb.PrintSupplementaryMismatchResponse(title=title, text=text)

        return self._run(pb.PrintSupplementaryMismatchResponse, request.operation, act, lambda _: [])

    def ReportDomicileTransfer(
        self, request: pb.ReportDomicileTransferRequest, context: Context
    ) -> pb.ReportDomicileTransferResponse:
        """転籍届."""

        def act(desk: Desk) -> pb.ReportDomicileTransferResponse:
            receipt, transfer, text = supplementary.report_domicile_transfer(
                desk, request.registered_domicile, request.registered_head, request.new_registered_domicile,
                convert.day(request.transfer_date, "transfer_date"),
            )  # fmt: skip
            message = family.supplementary_transfer_message(transfer)
            return pb.ReportDomicileTransferResponse(
                receipt=convert.receipt_message(receipt), transfer=message, text=text
            )

        return self._run(pb.ReportDomicileTransferResponse, request.operation, act, lambda _: [])

    def EnterPaperDomicileTransfer(
        self, request: pb.EnterPaperDomicileTransferRequest, context: Context
    ) -> pb.EnterPaperDomicileTransferResponse:
        """紙の転籍の通知."""

        def act(desk: Desk) -> pb.EnterPaperDomicileTransferResponse:
            transfer = family.supplementary_transfer(request.transfer)
            receipt, numbers = supplementary.enter_paper_domicile_transfer(desk, transfer)
            return pb.EnterPaperDomicileTransferResponse(receipt=convert.receipt_message(receipt), entry_ids=numbers)

        return self._run(pb.EnterPaperDomicileTransferResponse, request.operation, act, lambda _: [])

    def AcceptFamilyRegistration(
        self, request: pb.AcceptFamilyRegistrationRequest, context: Context
    ) -> pb.AcceptFamilyRegistrationResponse:
        """住民以外の者についての戸籍の届書の受理."""

        def act(desk: Desk) -> pb.AcceptFamilyRegistrationResponse:
            if not request.notice.HasField("accept_date"):
                request.notice.accept_date.MergeFrom(convert.day_message(desk.today))  # type: ignore[arg-type]
            notice = family.registration_notice(request.notice)
            receipt, text = family_registration.accept_family_registration(desk, notice, request.area_code)
            return pb.AcceptFamilyRegistrationResponse(receipt=convert.receipt_message(receipt), text=text)

        return self._run(pb.AcceptFamilyRegistrationResponse, request.operation, act, lambda _: [])

    def EnterPaperFamilyRegistrationNotice(
        self, request: pb.EnterPaperFamilyRegistrationNoticeRequest, context: Context
    ) -> pb.EnterPaperFamilyRegistrationNoticeResponse:
        """紙の法9条2項の通知."""
        return self._act(
            pb.EnterPaperFamilyRegistrationNoticeResponse, request.operation,
            lambda desk: family_registration.enter_paper_family_registration_notice(
                desk, family.registration_notice(request.notice)
            ),
        )  # fmt: skip

    def ListFamilyRegistrationNotices(
        self, request: pb.ListFamilyRegistrationNoticesRequest, context: Context
    ) -> pb.ListFamilyRegistrationNoticesResponse:
        """未処理の法9条2項の通知."""
        return look.list_family_registration_notices(self._node, current(), request)


def family_register_service(node: Node) -> Service:
    """FamilyRegisterService, ready to be served."""
    servicer = FamilyRegisterServicer(node)
    return Service(
        "jukinet.v1.FamilyRegisterService",
        lambda server: family_register_pb2_grpc.add_FamilyRegisterServiceServicer_to_server(servicer, server),
    )
