"""CounterService: convert, call the act of the same name, convert."""

from __future__ import annotations

from jukinet.law.basis import article
from jukinet.model.identification import Receipt
from jukinet.node.node import Node
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import counter_pb2_grpc
from jukinet.wire import convert
from jukinet.wire.call import current
from jukinet.wire.server import Context, Service
from municipality_node.acts import birth, consult, death, ex_officio, household, move_in, move_out, printing
from municipality_node.clerk import ClerkServicer
from municipality_node.desk import Desk


class CounterServicer(ClerkServicer, counter_pb2_grpc.CounterServiceServicer):
    """CounterService of a municipality."""

    def ReportBirth(self, request: pb.ReportBirthRequest, context: Context) -> pb.ReportBirthResponse:
        """出生による記載."""
        return self._act(
            pb.ReportBirthResponse, request.operation,
            lambda desk: birth.report_birth(desk, request.household_id, convert.new_person(request.child)),
        )  # fmt: skip

    def ReportDeath(self, request: pb.ReportDeathRequest, context: Context) -> pb.ReportDeathResponse:
        """死亡による消除."""
        return self._act(
            pb.ReportDeathResponse, request.operation,
            lambda desk: death.report_death(desk, request.resident_id, convert.day(request.death_date, "death_date")),
        )  # fmt: skip

    def ReportMoveOut(self, request: pb.ReportMoveOutRequest, context: Context) -> pb.ReportMoveOutResponse:
        """転出届."""

        def act(desk: Desk) -> pb.ReportMoveOutResponse:
            day = convert.day(request.planned_date, "planned_date")
            receipt, certificate = move_out.report_move_out(
                desk, list(request.resident_ids), request.destination, day,
                with_card=request.with_card, online=request.online,
            )  # fmt: skip
            return pb.ReportMoveOutResponse(
                receipt=convert.receipt_message(receipt),
                certificate=convert.certificate_message(certificate) if certificate else None,
            )

        return self._run(pb.ReportMoveOutResponse, request.operation, act, lambda done: list(done.receipt.resident_ids))

    def ReportMoveIn(self, request: pb.ReportMoveInRequest, context: Context) -> pb.ReportMoveInResponse:
        """転入届."""

        def act(desk: Desk) -> Receipt:
            certificate = convert.certificate(request.certificate) if request.certificate.members else None
            day = convert.day(request.move_in_date, "move_in_date")
            return move_in.report_move_in(
                desk, certificate, request.address, day, request.area_code, request.household_id
            )

        return self._act(pb.ReportMoveInResponse, request.operation, act)

    def ReportRelocation(self, request: pb.ReportRelocationRequest, context: Context) -> pb.ReportRelocationResponse:
        """転居届."""

        def act(desk: Desk) -> Receipt:
            day = convert.day(request.relocation_date, "relocation_date")
            return household.report_relocation(
                desk, list(request.resident_ids), request.address, day, request.household_id
            )

        return self._act(pb.ReportRelocationResponse, request.operation, act)

    def ReportHouseholdChange(
        self, request: pb.ReportHouseholdChangeRequest, context: Context
    ) -> pb.ReportHouseholdChangeResponse:
        """世帯変更届."""
        return self._act(
            pb.ReportHouseholdChangeResponse, request.operation,
            lambda desk: household.report_household_change(
                desk, list(request.resident_ids), request.household_id, request.head_resident_id,
                list(request.relationships),
            ),
        )  # fmt: skip

    def EnterExOfficio(self, request: pb.EnterExOfficioRequest, context: Context) -> pb.EnterExOfficioResponse:
        """職権記載."""

        def act(desk: Desk) -> Receipt:
            person, day = convert.new_person(request.person), convert.day(request.change_date, "change_date")
            return ex_officio.enter_ex_officio(
                desk, person, request.address, day, request.area_code, request.household_id
            )

        return self._act(pb.EnterExOfficioResponse, request.operation, act)

    def DeleteExOfficio(self, request: pb.DeleteExOfficioRequest, context: Context) -> pb.DeleteExOfficioResponse:
        """職権消除."""
        return self._act(
            pb.DeleteExOfficioResponse, request.operation,
            lambda desk: ex_officio.delete_ex_officio(
                desk, request.resident_id, convert.day(request.change_date, "change_date")
            ),
        )  # fmt: skip

    def CorrectExOfficio(self, request: pb.CorrectExOfficioRequest, context: Context) -> pb.CorrectExOfficioResponse:
        """職権修正."""

        def act(desk: Desk) -> Receipt:
            day = convert.day(request.change_date, "change_date")
            return ex_officio.correct_ex_officio(desk, request.resident_id, day, convert_correction(request))

        return self._act(pb.CorrectExOfficioResponse, request.operation, act)

    def EnterPaperMoveInNotice(
        self, request: pb.EnterPaperMoveInNoticeRequest, context: Context
    ) -> pb.EnterPaperMoveInNoticeResponse:
        """紙の転入通知."""
        return self._act(
            pb.EnterPaperMoveInNoticeResponse, request.operation,
            lambda desk: move_in.enter_paper_move_in_notice(desk, convert.move_in_notice(request.notice)),
        )  # fmt: skip

    def GetResident(self, request: pb.GetResidentRequest, context: Context) -> pb.GetResidentResponse:
        """住民票の確認."""
        return consult.get_resident(self._node, current(), request)

    def ListResidents(self, request: pb.ListResidentsRequest, context: Context) -> pb.ListResidentsResponse:
        """住民票の一覧."""
        return consult.list_residents(self._node, current(), request)

    def ListTasks(self, request: pb.ListTasksRequest, context: Context) -> pb.ListTasksResponse:
        """未付番など."""
        return consult.list_tasks(self._node, current(), request)

    def PrintNotice(self, request: pb.PrintNoticeRequest, context: Context) -> pb.PrintNoticeResponse:
        """通知書の印刷."""
        call = current()
        rule = printing.RULES.get(request.kind, call.rule)
        call.rule, call.article = rule, article(rule, self._node.clock.today())

        def act(desk: Desk) -> pb.PrintNoticeResponse:
            given = printing.rule_of(desk, request.resident_id, request.kind) or rule
            call.rule, call.article = given, article(given, desk.today)
            title, text = printing.print_notice(desk, request.resident_id, request.kind)
            return pb.PrintNoticeResponse(title=title, text=text)

        return self._run(pb.PrintNoticeResponse, request.operation, act, lambda _: [request.resident_id])


def convert_correction(request: pb.CorrectExOfficioRequest) -> ex_officio.Correction:
    """What is to be corrected."""
    words = ("name", "name_kana", "former_surname", "alias", "address")
    given = {word: getattr(request, word) for word in words if request.HasField(word)}  # type: ignore[arg-type]
    birth_date = convert.partial(request.birth_date, "birth_date") if request.HasField("birth_date") else None
    sex = convert.sex(request.sex) if request.sex else None
    return ex_officio.Correction(**given, birth_date=birth_date, sex=sex)


def counter_service(node: Node) -> Service:
    """CounterService, ready to be served."""
    servicer = CounterServicer(node)
    return Service(
        "jukinet.v1.CounterService",
        lambda server: counter_pb2_grpc.add_CounterServiceServicer_to_server(servicer, server),
    )
