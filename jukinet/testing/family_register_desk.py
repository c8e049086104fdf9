"""The desk of 戸籍の附票 in a test: each rpc of FamilyRegisterService is a method."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from jukinet.testing.door import SEX, Clerk, Day, day
from jukinet.v1 import family_register_pb2 as pb
from jukinet.v1 import family_register_pb2_grpc

STUB = family_register_pb2_grpc.FamilyRegisterServiceStub


def family_member(
    name: str, birth_date: Day = None, sex: str = "", address: str = "", settled_date: Day = None, **items: Any
) -> pb.SupplementaryEntry:
    """One person of a 附票 as its 戸籍 has it, with a 住所 if one is given."""
    found = pb.SupplementaryEntry(name=name, birth_date=day(birth_date), sex=SEX[sex], **items)
    if address:
        found.addresses.add(address=address, settled_date=day(settled_date))
    return found


class FamilyRegisterDesk(Clerk):
    """戸籍の附票 of a municipality, or of a ward."""

    def enter_supplementary_register(
        self, domicile: str, head: str, entries: Iterable[pb.SupplementaryEntry], **operation: str
    ) -> pb.EnterSupplementaryRegisterResponse:
        """附票の作成・記載."""
        request = pb.EnterSupplementaryRegisterRequest(
            operation=self._op(operation), registered_domicile=domicile, registered_head=head, entries=entries
        )
        return self._ask(pb.EnterSupplementaryRegisterResponse, request, STUB)

    def clear_supplementary_register(
        self, entry_ids: Sequence[int], removed_date: Day = None, **operation: str
    ) -> pb.ClearSupplementaryRegisterResponse:
        """附票の消除."""
        request = pb.ClearSupplementaryRegisterRequest(
            operation=self._op(operation), entry_ids=entry_ids, removed_date=self._today(removed_date)
        )
        return self._ask(pb.ClearSupplementaryRegisterResponse, request, STUB)

    def supplementary_entry(self, entry_id: int, **operation: str) -> pb.SupplementaryEntry:
        """One person of a 附票."""
        request = pb.GetSupplementaryRegisterRequest(operation=self._op(operation), entry_id=entry_id)
        return self._ask(pb.GetSupplementaryRegisterResponse, request, STUB).entry

    def supplementary_register(
        self, domicile: str = "", head: str = "", *, with_removed: bool = False, **operation: str
    ) -> list[pb.SupplementaryEntry]:
        """All persons of the 附票, or of one."""
        found: list[pb.SupplementaryEntry] = []
        token = ""
        while True:
            request = pb.ListSupplementaryRegisterRequest(
                operation=self._op(operation), registered_domicile=domicile, registered_head=head,
                with_removed=with_removed, page_token=token,
            )  # fmt: skip
            page = self._ask(pb.ListSupplementaryRegisterResponse, request, STUB)
            found += page.entries
            if not (token := page.next_page_token):
                return found

    def enter_paper_supplementary_notice(
        self, notice: pb.SupplementaryRegisterNotice, **operation: str
    ) -> pb.EnterPaperSupplementaryNoticeResponse:
        """紙の附票記載事項通知."""
        request = pb.EnterPaperSupplementaryNoticeRequest(operation=self._op(operation), notice=notice)
        return self._ask(pb.EnterPaperSupplementaryNoticeResponse, request, STUB)

    def supplementary_mismatches(self, **operation: str) -> list[pb.SupplementaryMismatchRow]:
        """What does not fit the 戸籍; the first page."""
        request = pb.ListSupplementaryMismatchesRequest(operation=self._op(operation))
        return list(self._ask(pb.ListSupplementaryMismatchesResponse, request, STUB).mismatches)

    def print_supplementary_mismatch(self, mismatch_id: int, **operation: str) -> pb.PrintSupplementaryMismatchResponse:
        """戸籍と合わない旨の通知書."""
        request = pb.PrintSupplementaryMismatchRequest(operation=self._op(operation), mismatch_id=mismatch_id)
        return self._ask(pb.PrintSupplementaryMismatchResponse, request, STUB)

    def report_domicile_transfer(
        self, domicile: str, head: str, new_domicile: str, transfer_date: Day = None, **operation: str
    ) -> pb.ReportDomicileTransferResponse:
        """転籍届."""
        request = pb.ReportDomicileTransferRequest(
            operation=self._op(operation), registered_domicile=domicile, registered_head=head,
            new_registered_domicile=new_domicile, transfer_date=self._today(transfer_date),
        )  # fmt: skip
        return self._ask(pb.ReportDomicileTransferResponse, request, STUB)

    def enter_paper_domicile_transfer(
        self, transfer: pb.SupplementaryRegisterTransfer, **operation: str
    ) -> pb.EnterPaperDomicileTransferResponse:
        """紙の転籍の通知."""
        request = pb.EnterPaperDomicileTransferRequest(operation=self._op(operation), transfer=transfer)
        return self._ask(pb.EnterPaperDomicileTransferResponse, request, STUB)

    def accept_family_registration(
        self, notice: pb.FamilyRegistrationNotice, **operation: str
    ) -> pb.AcceptFamilyRegistrationResponse:
        """戸籍の届書の受理."""
        request = pb.AcceptFamilyRegistrationRequest(operation=self._op(operation), notice=notice, area_code=self._area)
        return self._ask(pb.AcceptFamilyRegistrationResponse, request, STUB)

    def enter_paper_family_registration_notice(
        self, notice: pb.FamilyRegistrationNotice, **operation: str
    ) -> pb.EnterPaperFamilyRegistrationNoticeResponse:
        """紙の法9条2項の通知."""
        request = pb.EnterPaperFamilyRegistrationNoticeRequest(operation=self._op(operation), notice=notice)
        return self._ask(pb.EnterPaperFamilyRegistrationNoticeResponse, request, STUB)

    def family_registration_notices(self, **operation: str) -> list[pb.FamilyRegistrationNoticeRow]:
        """未処理の法9条2項の通知; the first page."""
        request = pb.ListFamilyRegistrationNoticesRequest(operation=self._op(operation))
        return list(self._ask(pb.ListFamilyRegistrationNoticesResponse, request, STUB).notices)
