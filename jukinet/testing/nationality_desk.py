"""NationalityService in a test: each rpc is a method."""

from __future__ import annotations

from typing import Any

from jukinet.testing.door import SEX, Clerk, Day, day
from jukinet.v1 import counter_pb2, foreign_pb2, nationality_pb2_grpc
from jukinet.v1 import nationality_pb2 as pb

STUB = nationality_pb2_grpc.NationalityServiceStub


def foreign_items(
    nationality: str = "架空国",
    category: foreign_pb2.ForeignCategory.ValueType = foreign_pb2.FOREIGN_CATEGORY_UNSPECIFIED,
    since: Day = None,
    expiry: Day = None,
    **items: Any,
) -> foreign_pb2.ForeignItems:
    """What the record of a foreign resident says. `items` are further fields of ForeignItems."""
    return foreign_pb2.ForeignItems(
        nationality=nationality, category=category, since=day(since), expiry=day(expiry), **items
    )


def medium_term(since: Day, expiry: Day = "2024-06-01", **items: Any) -> foreign_pb2.ForeignItems:
    """A 中長期在留者 as the 在留カード says."""
    said = {"status_of_residence": "技術・人文知識・国際業務", "period_of_stay": "3年", "card_number": "AB12345678CD"}
    return foreign_items(
        category=foreign_pb2.FOREIGN_CATEGORY_MEDIUM_TO_LONG_TERM, since=since, expiry=expiry, **{**said, **items}
    )


class NationalityDesk(Clerk):
    """The desk for nationality, foreign residents and investigation."""

    def acquire_nationality(
        self,
        resident_id: int,
        acquisition_date: Day = None,
        *,
        registered_domicile: str = "東京都国立市架空町一番地",
        registered_head: str = "架空　太郎",
        name: str = "",
        name_kana: str = "",
        **operation: str,
    ) -> pb.AcquireNationalityResponse:
        """国籍取得."""
        request = pb.AcquireNationalityRequest(
            operation=self._op(operation), resident_id=resident_id, acquisition_date=self._today(acquisition_date),
            registered_domicile=registered_domicile, registered_head=registered_head, name=name, name_kana=name_kana,
        )  # fmt: skip
        return self._ask(pb.AcquireNationalityResponse, request, STUB)

    def lose_nationality(
        self,
        resident_id: int,
        loss_date: Day = None,
        items: foreign_pb2.ForeignItems | None = None,
        name: str = "",
        **operation: str,
    ) -> pb.LoseNationalityResponse:
        """国籍喪失."""
        request = pb.LoseNationalityRequest(
            operation=self._op(operation), resident_id=resident_id, loss_date=self._today(loss_date),
            items=items or foreign_items(), name=name,
        )  # fmt: skip
        return self._ask(pb.LoseNationalityResponse, request, STUB)

    def report_foreign_resident(
        self,
        who: counter_pb2.NewPerson | None,
        items: foreign_pb2.ForeignItems,
        address: str = "",
        household_id: int = 0,
        *,
        former_resident_id: int = 0,
        relationship: str = "",
        card_shown: bool = True,
        relationship_evidence: bool = True,
        **operation: str,
    ) -> pb.ReportForeignResidentResponse:
        """法30条の47の届出; a place is made up if neither address nor household is given."""
        place = "" if household_id else self.juki.full_name(self.code) + "みどり台一丁目1番1号"
        request = pb.ReportForeignResidentRequest(
            operation=self._op(operation), person=who, former_resident_id=former_resident_id, items=items,
            address=address or place, area_code=self._area, household_id=household_id, relationship=relationship,
            card_shown=card_shown, relationship_evidence=relationship_evidence,
        )  # fmt: skip
        return self._ask(pb.ReportForeignResidentResponse, request, STUB)

    def report_relationship_change(
        self,
        resident_id: int,
        relationship: str,
        change_date: Day = None,
        relationship_evidence: bool = True,
        **operation: str,
    ) -> pb.ReportRelationshipChangeResponse:
        """法30条の48の届出."""
        request = pb.ReportRelationshipChangeRequest(
            operation=self._op(operation), resident_id=resident_id, relationship=relationship,
            change_date=self._today(change_date), relationship_evidence=relationship_evidence,
        )  # fmt: skip
        return self._ask(pb.ReportRelationshipChangeResponse, request, STUB)

    def enter_immigration_notice(
        self,
        resident_id: int,
        change_date: Day = None,
        *,
        name: str | None = None,
        birth_date: Day = None,
        sex: str = "",
        items: foreign_pb2.ForeignItems | None = None,
        stay_ended: bool = False,
        **operation: str,
    ) -> pb.EnterImmigrationNoticeResponse:
        """法30条の50の通知."""
        request = pb.EnterImmigrationNoticeRequest(
            operation=self._op(operation), resident_id=resident_id, change_date=self._today(change_date), name=name,
            birth_date=day(birth_date), sex=SEX[sex], items=items, stay_ended=stay_ended,
        )  # fmt: skip
        return self._ask(pb.EnterImmigrationNoticeResponse, request, STUB)

    def foreign_items(self, resident_id: int, **operation: str) -> pb.GetForeignItemsResponse:
        """What the record of a foreign resident says beyond that of a Japanese."""
        request = pb.GetForeignItemsRequest(operation=self._op(operation), resident_id=resident_id)
        return self._ask(pb.GetForeignItemsResponse, request, STUB)

    def lapsing_stays(self, through: Day = None, page_size: int = 0, **operation: str) -> list[pb.LapsingStay]:
        """Foreign residents whose stay ends by a day."""
        found: list[pb.LapsingStay] = []
        token = ""
        while True:
            request = pb.ListLapsingStaysRequest(
                operation=self._op(operation), through=self._today(through), page_size=page_size, page_token=token
            )
            page = self._ask(pb.ListLapsingStaysResponse, request, STUB)
            found += page.stays
            if not (token := page.next_page_token):
                return found

    def delete_after_investigation(
        self,
        resident_id: int,
        investigation_date: Day = None,
        change_date: Day = None,
        result: pb.InvestigationResult.ValueType = pb.INVESTIGATION_RESULT_WHEREABOUTS_UNKNOWN,
        **operation: str,
    ) -> pb.DeleteAfterInvestigationResponse:
        """実態調査による職権消除."""
        request = pb.DeleteAfterInvestigationRequest(
            operation=self._op(operation), resident_id=resident_id, result=result,
            investigation_date=self._today(investigation_date), change_date=self._today(change_date),
        )  # fmt: skip
        return self._ask(pb.DeleteAfterInvestigationResponse, request, STUB)

    def restore_ex_officio(
        self,
        resident_id: int,
        investigation_date: Day = None,
        change_date: Day = None,
        *,
        result: pb.InvestigationResult.ValueType = pb.INVESTIGATION_RESULT_LIVES_HERE,
        address: str = "",
        household_id: int = 0,
        **operation: str,
    ) -> pb.RestoreExOfficioResponse:
        """職権回復."""
        request = pb.RestoreExOfficioRequest(
            operation=self._op(operation), resident_id=resident_id, result=result, address=address,
            investigation_date=self._today(investigation_date), change_date=self._today(change_date),
            household_id=household_id,
        )  # fmt: skip
        return self._ask(pb.RestoreExOfficioResponse, request, STUB)

    def print_deletion_notice(
        self, resident_id: int, form: pb.DeletionNoticeForm.ValueType, **operation: str
    ) -> pb.PrintDeletionNoticeResponse:
        """職権消除の通知又は公示."""
        request = pb.PrintDeletionNoticeRequest(operation=self._op(operation), resident_id=resident_id, form=form)
        return self._ask(pb.PrintDeletionNoticeResponse, request, STUB)
