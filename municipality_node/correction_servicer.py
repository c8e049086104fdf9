"""CorrectionService: convert, call the act of the same name, convert."""

from __future__ import annotations

from jukinet.node.node import Node
from jukinet.v1 import correction_pb2 as pb
from jukinet.v1 import correction_pb2_grpc
from jukinet.wire import convert, convert_correction
from jukinet.wire.server import Context, Service
from municipality_node.acts import correction
from municipality_node.clerk import ClerkServicer


class CorrectionServicer(ClerkServicer, correction_pb2_grpc.CorrectionServiceServicer):
    """CorrectionService of a municipality."""

    def CorrectMinor(self, request: pb.CorrectMinorRequest, context: Context) -> pb.CorrectMinorResponse:
        """軽微な修正."""
        words = ("name", "name_kana", "address")
        given = {word: getattr(request, word) for word in words if request.HasField(word)}  # type: ignore[arg-type]
        return self._act(
            pb.CorrectMinorResponse, request.operation,
            lambda desk: correction.correct_minor(
                desk, list(request.resident_ids), convert_correction.minor_item(request.item),
                convert.day(request.change_date, "change_date"), correction.MinorCorrection(**given),
            ),
        )  # fmt: skip

    def ChangeResidentCode(
        self, request: pb.ChangeResidentCodeRequest, context: Context
    ) -> pb.ChangeResidentCodeResponse:
        """住民票コードの変更請求."""
        return self._act(
            pb.ChangeResidentCodeResponse, request.operation,
            lambda desk: correction.change_resident_code(desk, request.resident_id),
        )  # fmt: skip

    def CorrectResidentCode(
        self, request: pb.CorrectResidentCodeRequest, context: Context
    ) -> pb.CorrectResidentCodeResponse:
        """住民票コードの誤記の修正."""
        return self._act(
            pb.CorrectResidentCodeResponse, request.operation,
            lambda desk: correction.correct_resident_code(
                desk, request.resident_id, convert.day(request.change_date, "change_date")
            ),
        )  # fmt: skip

    def ChangeIndividualNumber(
        self, request: pb.ChangeIndividualNumberRequest, context: Context
    ) -> pb.ChangeIndividualNumberResponse:
        """個人番号の変更."""
        return self._act(
            pb.ChangeIndividualNumberResponse, request.operation,
            lambda desk: correction.change_individual_number(
                desk, request.resident_id, convert_correction.number_change_cause(request.cause)
            ),
        )  # fmt: skip

    def EnterFormerSurname(
        self, request: pb.EnterFormerSurnameRequest, context: Context
    ) -> pb.EnterFormerSurnameResponse:
        """旧氏の記載."""
        return self._act(
            pb.EnterFormerSurnameResponse, request.operation,
            lambda desk: correction.enter_former_surname(
                desk, request.resident_id, request.former_surname, request.former_surname_kana, request.surname_changed
            ),
        )  # fmt: skip

    def DeleteFormerSurname(
        self, request: pb.DeleteFormerSurnameRequest, context: Context
    ) -> pb.DeleteFormerSurnameResponse:
        """旧氏の削除."""
        return self._act(
            pb.DeleteFormerSurnameResponse, request.operation,
            lambda desk: correction.delete_former_surname(desk, request.resident_id),
        )  # fmt: skip

    def EnterAlias(self, request: pb.EnterAliasRequest, context: Context) -> pb.EnterAliasResponse:
        """通称の記載."""
        return self._act(
            pb.EnterAliasResponse, request.operation,
            lambda desk: correction.enter_alias(desk, request.resident_id, request.alias),
        )  # fmt: skip

    def DeleteAlias(self, request: pb.DeleteAliasRequest, context: Context) -> pb.DeleteAliasResponse:
        """通称の削除."""
        return self._act(
            pb.DeleteAliasResponse, request.operation,
            lambda desk: correction.delete_alias(desk, request.resident_id),
        )  # fmt: skip

    def EnterNameKana(self, request: pb.EnterNameKanaRequest, context: Context) -> pb.EnterNameKanaResponse:
        """氏名の振り仮名の記載."""
        return self._act(
            pb.EnterNameKanaResponse, request.operation,
            lambda desk: correction.enter_name_kana(desk, request.resident_id, request.name_kana),
        )  # fmt: skip


def correction_service(node: Node) -> Service:
    """CorrectionService, ready to be served."""
    servicer = CorrectionServicer(node)
    return Service(
        "jukinet.v1.CorrectionService",
        lambda server: correction_pb2_grpc.add_CorrectionServiceServicer_to_server(servicer, server),
    )
