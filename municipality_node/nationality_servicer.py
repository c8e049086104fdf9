"""NationalityService: convert, call the act of the same name, convert."""

from __future__ import annotations

from jukinet.law.nationality import has_lapsed
from jukinet.model.identification import Receipt
from jukinet.model.reason import Reason
from jukinet.node.node import Node
from jukinet.refusal import Refusal
from jukinet.v1 import nationality_pb2 as pb
from jukinet.v1 import nationality_pb2_grpc
from jukinet.wire import convert, convert_nationality
from jukinet.wire.call import current
from jukinet.wire.server import Context, Service
from municipality_node.acts import consult, foreign, investigation, nationality
from municipality_node.clerk import ClerkServicer
from municipality_node.desk import Desk


class NationalityServicer(ClerkServicer, nationality_pb2_grpc.NationalityServiceServicer):
    """NationalityService of a municipality."""

    def AcquireNationality(
        self, request: pb.AcquireNationalityRequest, context: Context
    ) -> pb.AcquireNationalityResponse:
        """国籍取得."""

        def act(desk: Desk) -> Receipt:
            day = convert.day(request.acquisition_date, "acquisition_date")
            registered = (request.registered_domicile, request.registered_head)
            return nationality.acquire_nationality(
                desk, request.resident_id, day, registered, request.name, request.name_kana
            )

        return self._act(pb.AcquireNationalityResponse, request.operation, act)

    def LoseNationality(self, request: pb.LoseNationalityRequest, context: Context) -> pb.LoseNationalityResponse:
        """国籍喪失."""

        def act(desk: Desk) -> Receipt:
            day = convert.day(request.loss_date, "loss_date")
            items = convert_nationality.items_after_loss(request.items, day)
            return nationality.lose_nationality(desk, request.resident_id, day, items, request.name)

        return self._act(pb.LoseNationalityResponse, request.operation, act)

    def ReportForeignResident(
        self, request: pb.ReportForeignResidentRequest, context: Context
    ) -> pb.ReportForeignResidentResponse:
        """法30条の47の届出."""

        def act(desk: Desk) -> Receipt:
            report = foreign.ForeignReport(
                person=convert_nationality.foreign_person(request.person) if request.HasField("person") else None,
                former_id=request.former_resident_id,
                relationship=request.relationship,
                items=convert.foreign_items(request.items),
                card_shown=request.card_shown,
                relationship_evidence=request.relationship_evidence,
            )
            return foreign.report_foreign_resident(
                desk, report, request.address, request.area_code, request.household_id
            )

        return self._act(pb.ReportForeignResidentResponse, request.operation, act)

    def ReportRelationshipChange(
        self, request: pb.ReportRelationshipChangeRequest, context: Context
    ) -> pb.ReportRelationshipChangeResponse:
        """法30条の48の届出."""
        return self._act(
            pb.ReportRelationshipChangeResponse, request.operation,
            lambda desk: foreign.report_relationship_change(
                desk, request.resident_id, request.relationship, convert.day(request.change_date, "change_date"),
                request.relationship_evidence,
            ),
        )  # fmt: skip

    def EnterImmigrationNotice(
        self, request: pb.EnterImmigrationNoticeRequest, context: Context
    ) -> pb.EnterImmigrationNoticeResponse:
        """法30条の50の通知."""

        def act(desk: Desk) -> Receipt:
            notice = foreign.ImmigrationNotice(
                name=request.name if request.HasField("name") else None,
                birth_date=convert.partial(request.birth_date, "birth_date")
                if request.HasField("birth_date")
                else None,
                sex=convert.sex(request.sex) if request.sex else None,
                items=convert.foreign_items(request.items) if request.HasField("items") else None,
                stay_ended=request.stay_ended,
            )
            day = convert.day(request.change_date, "change_date")
            return foreign.enter_immigration_notice(desk, request.resident_id, day, notice)

        return self._act(pb.EnterImmigrationNoticeResponse, request.operation, act)

    def GetForeignItems(self, request: pb.GetForeignItemsRequest, context: Context) -> pb.GetForeignItemsResponse:
        """外国人住民の記載事項."""

        def act(desk: Desk) -> pb.GetForeignItemsResponse:
            kept = foreign.get_foreign_items(desk, request.resident_id)
            return pb.GetForeignItemsResponse(
                items=convert.foreign_items_message(kept.items),
                foreign_resident_since=convert.day_message(kept.foreign_resident_since),
                last_day=convert.day_message(kept.last_day),
            )

        return self._run(pb.GetForeignItemsResponse, request.operation, act, lambda _: [request.resident_id])

    def ListLapsingStays(self, request: pb.ListLapsingStaysRequest, context: Context) -> pb.ListLapsingStaysResponse:
        """在留期間の満了する者."""

        def act(desk: Desk) -> pb.ListLapsingStaysResponse:
            through = convert.day(request.through, "through")
            limit, after = consult.page(request.page_size, request.page_token, current())
            found = foreign.list_lapsing_stays(desk, through, after, limit)
            stays = [
                pb.LapsingStay(
                    resident_id=stay.resident_id,
                    category=convert.enum(stay.category),
                    last_day=convert.day_message(stay.last_day),
                    lapsed=has_lapsed(stay.last_day, desk.today),
                )
                for stay in found
            ]
            following = str(found[-1].resident_id) if len(found) == limit else ""
            return pb.ListLapsingStaysResponse(stays=stays, next_page_token=following)

        return self._run(
            pb.ListLapsingStaysResponse, request.operation, act, lambda done: [stay.resident_id for stay in done.stays]
        )

    def DeleteAfterInvestigation(
        self, request: pb.DeleteAfterInvestigationRequest, context: Context
    ) -> pb.DeleteAfterInvestigationResponse:
        """実態調査による職権消除."""

        def act(desk: Desk) -> Receipt:
            return investigation.delete_after_investigation(
                desk, request.resident_id, convert.day(request.investigation_date, "investigation_date"),
                convert_nationality.investigation_result(request.result),
                convert.day(request.change_date, "change_date"),
            )  # fmt: skip

        return self._act(pb.DeleteAfterInvestigationResponse, request.operation, act)

    def RestoreExOfficio(self, request: pb.RestoreExOfficioRequest, context: Context) -> pb.RestoreExOfficioResponse:
        """職権回復."""

        def act(desk: Desk) -> Receipt:
            return investigation.restore_ex_officio(
                desk, request.resident_id, convert.day(request.investigation_date, "investigation_date"),
                convert_nationality.investigation_result(request.result),
                convert.day(request.change_date, "change_date"), request.address, request.household_id,
            )  # fmt: skip

        return self._act(pb.RestoreExOfficioResponse, request.operation, act)

    def PrintDeletionNotice(
        self, request: pb.PrintDeletionNoticeRequest, context: Context
    ) -> pb.PrintDeletionNoticeResponse:
        """職権消除の通知又は公示."""

        def act(desk: Desk) -> pb.PrintDeletionNoticeResponse:
            forms = (pb.DELETION_NOTICE_FORM_LETTER, pb.DELETION_NOTICE_FORM_PUBLIC)
            if request.form not in forms:
                raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="form")
            public = request.form == pb.DELETION_NOTICE_FORM_PUBLIC
            title, text = investigation.print_deletion_notice(desk, request.resident_id, public)
            return pb.PrintDeletionNoticeResponse(title=title, text=text)

        return self._run(pb.PrintDeletionNoticeResponse, request.operation, act, lambda _: [request.resident_id])


def nationality_service(node: Node) -> Service:
    """NationalityService, ready to be served."""
    servicer = NationalityServicer(node)
    return Service(
        "jukinet.v1.NationalityService",
        lambda server: nationality_pb2_grpc.add_NationalityServiceServicer_to_server(servicer, server),
    )
