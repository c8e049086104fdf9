"""The desk of corrections in a test: each rpc of CorrectionService is a method."""

from __future__ import annotations

from collections.abc import Sequence

from jukinet.testing.door import Clerk, Day
from jukinet.v1 import correction_pb2 as pb
from jukinet.v1 import correction_pb2_grpc

STUB = correction_pb2_grpc.CorrectionServiceStub
ITEMS = dict(zip("イロハニホヘト", range(1, 8), strict=True))
CAUSES = {
    "請求": pb.NUMBER_CHANGE_CAUSE_REQUEST,
    "職権": pb.NUMBER_CHANGE_CAUSE_EX_OFFICIO,
    "": pb.NUMBER_CHANGE_CAUSE_UNSPECIFIED,
}


class CorrectionDesk(Clerk):
    """Corrections by one clerk."""

    def correct_minor(
        self,
        resident_ids: Sequence[int],
        item: str,
        change_date: Day = None,
        *,
        name: str | None = None,
        name_kana: str | None = None,
        address: str | None = None,
        **operation: str,
    ) -> pb.CorrectMinorResponse:
        """軽微な修正; `item` is one of イ–ト, or empty."""
        request = pb.CorrectMinorRequest(
            operation=self._op(operation), resident_ids=resident_ids, item=ITEMS.get(item, 0),  # type: ignore[arg-type]
            change_date=self._today(change_date), name=name, name_kana=name_kana, address=address,
        )  # fmt: skip
        return self._ask(pb.CorrectMinorResponse, request, STUB)

    def change_resident_code(self, resident_id: int, **operation: str) -> pb.ChangeResidentCodeResponse:
        """住民票コードの変更請求."""
        request = pb.ChangeResidentCodeRequest(operation=self._op(operation), resident_id=resident_id)
        return self._ask(pb.ChangeResidentCodeResponse, request, STUB)

    def correct_resident_code(
        self, resident_id: int, change_date: Day = None, **operation: str
    ) -> pb.CorrectResidentCodeResponse:
        """住民票コードの誤記の修正."""
        request = pb.CorrectResidentCodeRequest(
            operation=self._op(operation), resident_id=resident_id, change_date=self._today(change_date)
        )
        return self._ask(pb.CorrectResidentCodeResponse, request, STUB)

    def change_individual_number(
        self, resident_id: int, cause: str = "請求", **operation: str
    ) -> pb.ChangeIndividualNumberResponse:
        """個人番号の変更, 請求 or 職権."""
        request = pb.ChangeIndividualNumberRequest(
            operation=self._op(operation), resident_id=resident_id, cause=CAUSES[cause]
        )
        return self._ask(pb.ChangeIndividualNumberResponse, request, STUB)

    def enter_former_surname(
        self, resident_id: int, former_surname: str, kana: str = "", surname_changed: bool = False, **operation: str
    ) -> pb.EnterFormerSurnameResponse:
        """旧氏の記載."""
        request = pb.EnterFormerSurnameRequest(
            operation=self._op(operation), resident_id=resident_id, former_surname=former_surname,
            former_surname_kana=kana, surname_changed=surname_changed,
        )  # fmt: skip
        return self._ask(pb.EnterFormerSurnameResponse, request, STUB)

    def delete_former_surname(self, resident_id: int, **operation: str) -> pb.DeleteFormerSurnameResponse:
        """旧氏の削除."""
        request = pb.DeleteFormerSurnameRequest(operation=self._op(operation), resident_id=resident_id)
        return self._ask(pb.DeleteFormerSurnameResponse, request, STUB)

    def enter_alias(self, resident_id: int, alias: str, **operation: str) -> pb.EnterAliasResponse:
        """通称の記載."""
        request = pb.EnterAliasRequest(operation=self._op(operation), resident_id=resident_id, alias=alias)
        return self._ask(pb.EnterAliasResponse, request, STUB)

    def delete_alias(self, resident_id: int, **operation: str) -> pb.DeleteAliasResponse:
        """通称の削除."""
        request = pb.DeleteAliasRequest(operation=self._op(operation), resident_id=resident_id)
        return self._ask(pb.DeleteAliasResponse, request, STUB)

    def enter_name_kana(self, resident_id: int, name_kana: str, **operation: str) -> pb.EnterNameKanaResponse:
        """氏名の振り仮名の記載."""
        request = pb.EnterNameKanaRequest(operation=self._op(operation), resident_id=resident_id, name_kana=name_kana)
        return self._ask(pb.EnterNameKanaResponse, request, STUB)
