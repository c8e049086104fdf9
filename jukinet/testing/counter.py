"""The counter of a municipality in a test: each rpc of CounterService is a method; the other desks are mixed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jukinet.testing.abroad_desk import AbroadDesk
from jukinet.testing.correction_desk import CorrectionDesk
from jukinet.testing.disclosure_desk import DisclosureDesk
from jukinet.testing.door import SEX, Clerk, Day, day, person
from jukinet.testing.error_desk import ErrorDesk
from jukinet.testing.family_register_desk import FamilyRegisterDesk
from jukinet.testing.issuance_desk import IssuanceDesk
from jukinet.testing.nationality_desk import NationalityDesk
from jukinet.testing.operators_desk import OperatorsDesk
from jukinet.testing.ordinance_desk import OrdinanceDesk
from jukinet.testing.participation_desk import ParticipationDesk
from jukinet.testing.set_aside_desk import SetAsideDesk
from jukinet.testing.special_move_desk import SpecialMoveDesk
from jukinet.testing.support_desk import SupportDesk
from jukinet.testing.trace_desk import TraceDesk
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import intermunicipal_pb2


class Counter(
    SpecialMoveDesk,
    AbroadDesk,
    CorrectionDesk,
    NationalityDesk,
    FamilyRegisterDesk,
    IssuanceDesk,
    SupportDesk,
    OperatorsDesk,
    ErrorDesk,
    ParticipationDesk,
    OrdinanceDesk,
    DisclosureDesk,
    SetAsideDesk,
    TraceDesk,
    Clerk,
):
    """The counter of a municipality, or of a ward, served by one clerk."""

    def report_birth(
        self, household_id: int, child: pb.NewPerson | None = None, **operation: str
    ) -> pb.ReportBirthResponse:
        """出生届."""
        child = child or person("架空　花子", self.node.clock.today(), "女", relationship="子")
        request = pb.ReportBirthRequest(operation=self._op(operation), household_id=household_id, child=child)
        return self._ask(pb.ReportBirthResponse, request)

    def report_death(self, resident_id: int, death_date: Day = None, **operation: str) -> pb.ReportDeathResponse:
        """死亡届."""
        request = pb.ReportDeathRequest(
            operation=self._op(operation), resident_id=resident_id, death_date=self._today(death_date)
        )
        return self._ask(pb.ReportDeathResponse, request)

    def report_move_out(
        self,
        resident_ids: Sequence[int],
        destination: str,
        planned_date: Day = None,
        *,
        with_card: bool = False,
        online: bool = False,
        **operation: str,
    ) -> pb.ReportMoveOutResponse:
        """転出届; the answer brings the 転出証明書, but upon 特例の転出届 (`with_card`)."""
        request = pb.ReportMoveOutRequest(
            operation=self._op(operation), resident_ids=resident_ids, destination=destination,
            planned_date=self._today(planned_date), with_card=with_card, online=online,
        )  # fmt: skip
        return self._ask(pb.ReportMoveOutResponse, request)

    def report_move_in(
        self,
        certificate: intermunicipal_pb2.MoveOutCertificate | None,
        address: str,
        move_in_date: Day = None,
        household_id: int = 0,
        **operation: str,
    ) -> pb.ReportMoveInResponse:
        """転入届 with the 転出証明書."""
        request = pb.ReportMoveInRequest(
            operation=self._op(operation), certificate=certificate, address=address, household_id=household_id,
            move_in_date=self._today(move_in_date), area_code=self._area,
        )  # fmt: skip
        return self._ask(pb.ReportMoveInResponse, request)

    def report_relocation(
        self,
        resident_ids: Sequence[int],
        address: str,
        relocation_date: Day = None,
        household_id: int = 0,
        **operation: str,
    ) -> pb.ReportRelocationResponse:
        """転居届."""
        request = pb.ReportRelocationRequest(
            operation=self._op(operation), resident_ids=resident_ids, address=address, household_id=household_id,
            relocation_date=self._today(relocation_date),
        )  # fmt: skip
        return self._ask(pb.ReportRelocationResponse, request)

    def report_household_change(
        self,
        resident_ids: Sequence[int],
        household_id: int = 0,
        head_resident_id: int = 0,
        relationships: Iterable[str] = (),
        **operation: str,
    ) -> pb.ReportHouseholdChangeResponse:
        """世帯変更届."""
        request = pb.ReportHouseholdChangeRequest(
            operation=self._op(operation), resident_ids=resident_ids, household_id=household_id,
            head_resident_id=head_resident_id, relationships=relationships,
        )  # fmt: skip
        return self._ask(pb.ReportHouseholdChangeResponse, request)

    def enter_ex_officio(
        self,
        who: pb.NewPerson | None = None,
        address: str = "",
        change_date: Day = None,
        household_id: int = 0,
        **operation: str,
    ) -> pb.EnterExOfficioResponse:
        """職権記載; a place is made up if neither address nor household is given."""
        place = "" if household_id else self.juki.full_name(self.code) + "みどり台一丁目1番1号"
        request = pb.EnterExOfficioRequest(
            operation=self._op(operation), person=who or person(), address=address or place, household_id=household_id,
            change_date=self._today(change_date), area_code=self._area,
        )  # fmt: skip
        return self._ask(pb.EnterExOfficioResponse, request)

    def delete_ex_officio(
        self, resident_id: int, change_date: Day = None, **operation: str
    ) -> pb.DeleteExOfficioResponse:
        """職権消除."""
        request = pb.DeleteExOfficioRequest(
            operation=self._op(operation), resident_id=resident_id, change_date=self._today(change_date)
        )
        return self._ask(pb.DeleteExOfficioResponse, request)

    def correct_ex_officio(
        self,
        resident_id: int,
        change_date: Day = None,
        *,
        birth_date: Day = None,
        sex: str = "",
        name: str | None = None,
        name_kana: str | None = None,
        former_surname: str | None = None,
        alias: str | None = None,
        address: str | None = None,
        **operation: str,
    ) -> pb.CorrectExOfficioResponse:
        """職権修正 of what is given."""
        request = pb.CorrectExOfficioRequest(
            operation=self._op(operation), resident_id=resident_id, change_date=self._today(change_date),
            birth_date=day(birth_date), sex=SEX[sex], name=name, name_kana=name_kana, former_surname=former_surname,
            alias=alias, address=address,
        )  # fmt: skip
        return self._ask(pb.CorrectExOfficioResponse, request)

    def enter_paper_move_in_notice(
        self, notice: intermunicipal_pb2.MoveInNotice, **operation: str
    ) -> pb.EnterPaperMoveInNoticeResponse:
        """紙の転入通知."""
        request = pb.EnterPaperMoveInNoticeRequest(operation=self._op(operation), notice=notice)
        return self._ask(pb.EnterPaperMoveInNoticeResponse, request)

    def resident(self, resident_id: int, *, without_numbers: bool = False, **operation: str) -> pb.ResidentRecord:
        """One 住民票."""
        request = pb.GetResidentRequest(
            operation=self._op(operation), resident_id=resident_id, without_numbers=without_numbers
        )
        return self._ask(pb.GetResidentResponse, request).resident

    def residents(
        self,
        household_id: int = 0,
        state: pb.ResidentState.ValueType = pb.RESIDENT_STATE_UNSPECIFIED,
        *,
        without_numbers: bool = False,
        **operation: str,
    ) -> list[pb.ResidentRecord]:
        """All 住民票 and 除票, or those of one household or state."""
        found: list[pb.ResidentRecord] = []
        token = ""
        while True:
            request = pb.ListResidentsRequest(
                operation=self._op(operation), household_id=household_id, page_token=token, state=state,
                without_numbers=without_numbers,
            )  # fmt: skip
            page = self.call("ListResidents", request)
            found += page.residents
            if not (token := page.next_page_token):
                return found

    def tasks(self, **operation: str) -> list[pb.Task]:
        """What waits: 未付番, codes, undelivered 転入通知, notices set aside, planned 転出."""
        found: list[pb.Task] = []
        token = ""
        while True:
            page = self.call("ListTasks", pb.ListTasksRequest(operation=self._op(operation), page_token=token))
            found += page.tasks
            if not (token := page.next_page_token):
                return found

    def print_notice(self, resident_id: int, kind: pb.NoticeKind.ValueType, **operation: str) -> pb.PrintNoticeResponse:
        """通知書 as printable text."""
        request = pb.PrintNoticeRequest(operation=self._op(operation), resident_id=resident_id, kind=kind)
        return self._ask(pb.PrintNoticeResponse, request)
