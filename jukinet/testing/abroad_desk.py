"""The desk for moves abroad and back, and for whoever comes without certificate, in a test."""

from __future__ import annotations

from collections.abc import Sequence

from jukinet.testing.door import SEX, Clerk, Day, day
from jukinet.v1 import abroad_pb2 as pb
from jukinet.v1 import abroad_pb2_grpc, counter_pb2, search_pb2
from jukinet.wire.client import Refused

STUB = abroad_pb2_grpc.AbroadServiceStub
CARRIED_OVER, NEVER_RECORDED, NOT_DETERMINABLE = (
    *(pb.CODE_BASIS_CARRIED_OVER, pb.CODE_BASIS_NEVER_RECORDED, pb.CODE_BASIS_NOT_DETERMINABLE),
)


COMPARED = {
    "従前の住所": pb.COMPARED_ITEM_FORMER_ADDRESS,
    "世帯員": pb.COMPARED_ITEM_HOUSEHOLD,
    "本人確認書類": pb.COMPARED_ITEM_IDENTITY_DOCUMENT,
    "戸籍の表示": pb.COMPARED_ITEM_FAMILY_REGISTER,
    "従前の市町村": pb.COMPARED_ITEM_FORMER_MUNICIPALITY,
    "その他": pb.COMPARED_ITEM_OTHER,
}


def arrival(
    who: counter_pb2.NewPerson,
    inquiry: pb.InquireIdentificationResponse | None = None,
    hit: int = 1,
    new: pb.CodeBasis.ValueType = NEVER_RECORDED,
    compared: Sequence[str] = (),
    words: str = "窓口で照合",
    not_inquired: str = "",
) -> pb.Arrival:
    """Somebody who comes: as a hit of an inquiry, or with a new code for the reason `new`, never recorded if left out.

    What is typed of a hit is the form's business: only birth date and sex are compared. `compared` names what the
    clerk compared beyond the search, as 従前の住所, 世帯員, 本人確認書類. With `hit` 0 a new code is taken upon the
    inquiry; where there is none, the desk makes it by itself (see AbroadDesk).
    """
    confirmation = None
    if compared:
        confirmation = pb.Confirmation(compared=[COMPARED[one] for one in compared], words=words)
    if inquiry is None:
        return pb.Arrival(person=who, code_basis=new, confirmation=confirmation, not_inquired=not_inquired)
    return pb.Arrival(
        person=who, code_basis=CARRIED_OVER if hit else new, inquiry_id=inquiry.inquiry_id, hit=hit,
        confirmation=confirmation,
    )  # fmt: skip


class AbroadDesk(Clerk):
    """AbroadService of a municipality, served by one clerk.

    For an arrival with a new code and no word of an inquiry the clerk inquires and, where others are found, compares;
    where no inquiry is possible, says so.
    """

    def inquire_identification(
        self,
        name: str = "",
        birth_date: Day = None,
        sex: str = "",
        *,
        code: str = "",
        number: str = "",
        address_prefix: str = "",
        **operation: str,
    ) -> pb.InquireIdentificationResponse:
        """本人確認情報の照会."""
        criteria = search_pb2.SearchCriteria(
            name=name, birth_date=day(birth_date), sex=SEX[sex], resident_code=code, individual_number=number,
            address_prefix=address_prefix,
        )  # fmt: skip
        request = pb.InquireIdentificationRequest(operation=self._op(operation), criteria=criteria)
        return self._ask(pb.InquireIdentificationResponse, request, STUB)

    def report_move_out_abroad(
        self, resident_ids: Sequence[int], destination: str, planned_date: Day = None, **operation: str
    ) -> pb.ReportMoveOutAbroadResponse:
        """国外転出の転出届."""
        request = pb.ReportMoveOutAbroadRequest(
            operation=self._op(operation), resident_ids=resident_ids, destination=destination,
            planned_date=self._today(planned_date),
        )  # fmt: skip
        return self._ask(pb.ReportMoveOutAbroadResponse, request, STUB)

    def report_move_in_from_abroad(
        self,
        arrivals: Sequence[pb.Arrival],
        address: str = "",
        move_in_date: Day = None,
        country: str = "アメリカ合衆国",
        household_id: int = 0,
        **operation: str,
    ) -> pb.ReportMoveInFromAbroadResponse:
        """国外からの転入届."""
        request = pb.ReportMoveInFromAbroadRequest(
            operation=self._op(operation), arrivals=map(self._inquired, arrivals), former_country=country,
            address=address, move_in_date=self._today(move_in_date), area_code=self._area, household_id=household_id,
        )  # fmt: skip
        return self._ask(pb.ReportMoveInFromAbroadResponse, request, STUB)

    def report_move_in_without_certificate(
        self,
        arrivals: Sequence[pb.Arrival],
        address: str = "",
        move_in_date: Day = None,
        last_registered: tuple[str, str] | None = None,
        unreported: Sequence[tuple[str, str]] = (),
        household_id: int = 0,
        **operation: str,
    ) -> pb.ReportMoveInWithoutCertificateResponse:
        """証明書によらない転入届; former places are pairs of area code and address."""
        last = pb.FormerPlace(area_code=last_registered[0], address=last_registered[1]) if last_registered else None
        request = pb.ReportMoveInWithoutCertificateRequest(
            operation=self._op(operation), arrivals=map(self._inquired, arrivals), last_registered=last,
            address=address, unreported=[pb.FormerPlace(area_code=code, address=where) for code, where in unreported],
            move_in_date=self._today(move_in_date), area_code=self._area, household_id=household_id,
        )  # fmt: skip
        return self._ask(pb.ReportMoveInWithoutCertificateResponse, request, STUB)

    def list_missing_move_in_notices(self, page_size: int = 0, **operation: str) -> list[pb.MissingMoveInNotice]:
        """転入通知未着者一覧, all its pages."""
        found: list[pb.MissingMoveInNotice] = []
        token = ""
        while True:
            request = pb.ListMissingMoveInNoticesRequest(
                operation=self._op(operation), page_size=page_size, page_token=token
            )
            page = self._ask(pb.ListMissingMoveInNoticesResponse, request, STUB)
            found += page.missing
            if not (token := page.next_page_token):
                return found

    def resend_move_in_notice(
        self, resident_id: int, former_area_code: str, **operation: str
    ) -> pb.ResendMoveInNoticeResponse:
        """転入通知の再送."""
        request = pb.ResendMoveInNoticeRequest(
            operation=self._op(operation), resident_id=resident_id, former_area_code=former_area_code
        )
        return self._ask(pb.ResendMoveInNoticeResponse, request, STUB)

    def _inquired(self, who: pb.Arrival) -> pb.Arrival:
        """The arrival, with an inquiry before a new code."""
        done = pb.Arrival()
        done.CopyFrom(who)
        if who.code_basis not in (NEVER_RECORDED, NOT_DETERMINABLE) or who.inquiry_id or who.hit or who.not_inquired:
            return done
        criteria = search_pb2.SearchCriteria(name=who.person.name, birth_date=who.person.birth_date, sex=who.person.sex)
        request = pb.InquireIdentificationRequest(operation=self._op({}), criteria=criteria)
        try:
            told = self._ask(pb.InquireIdentificationResponse, request, STUB)
        except Refused as refused:
            done.not_inquired = f"照会できない: {refused.reason}"
            return done
        done.inquiry_id = told.inquiry_id
        if told.hits and not who.HasField("confirmation"):
            compared = [pb.COMPARED_ITEM_IDENTITY_DOCUMENT]
            done.confirmation.CopyFrom(pb.Confirmation(compared=compared, words="いずれも別人"))
        return done
