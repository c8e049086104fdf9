"""ProvisionService of a node that keeps 本人確認情報."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from jukinet.law.provision import Provider
from jukinet.model import offices
from jukinet.model.identification import Criteria
from jukinet.model.offices import Office
from jukinet.model.provision import ORDINANCE, Form, Ordinance
from jukinet.model.reason import Reason
from jukinet.node.act import MOST_ID, Done, perform, require_complete
from jukinet.node.answering import look_up
from jukinet.node.provision import acts
from jukinet.node.provision.acts import Answer, Inquiry, Question
from jukinet.node.provision.finding import Holder, record
from jukinet.pki.signing import sha256
from jukinet.refusal import Refusal
from jukinet.v1 import provision_pb2 as pb
from jukinet.v1 import provision_pb2_grpc
from jukinet.wire import convert
from jukinet.wire.call import Call, current
from jukinet.wire.server import Context, Service

if TYPE_CHECKING:
    from jukinet.node.node import Node

CENTER = "jlis/center"
PROVIDE = "/jukinet.v1.ProvisionService/ProvideIdentification"
Ordinances = Callable[[str], Ordinance | None]
"""A 条例事務 in force here, by its id."""


class ProvisionServicer(provision_pb2_grpc.ProvisionServiceServicer):
    """ProvisionService of one node."""

    def __init__(self, node: Node, holder: Holder, ordinances: Ordinances) -> None:
        self.node = node
        self._holder = holder
        self._ordinances = ordinances

    def ProvideIdentification(
        self, request: pb.ProvideIdentificationRequest, context: Context
    ) -> pb.ProvideIdentificationResponse:
        """即時提供."""
        call = current()
        inquiry = self._inquiry(_office(call), request.purpose, Form.IMMEDIATE)
        question = self._question(call, call.path, request)
        return _immediate(inquiry, acts.provide(self.node, self._holder, call, inquiry, question))

    def ProvideBulk(self, request: pb.ProvideBulkRequest, context: Context) -> pb.ProvideBulkResponse:
        """一括提供, a page over the line."""
        return self.bulk(current(), request, Form.LINE)

    def bulk(self, call: Call, request: pb.ProvideBulkRequest, form: Form) -> pb.ProvideBulkResponse:
        """A page of 一括提供, however it came."""
        if not 1 <= len(request.questions) <= acts.MOST_QUESTIONS:
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, call.article, field="questions")
        inquiry = self._inquiry(_office(call), request.purpose, form)
        operation = convert.operation(request.operation)
        _require(operation.request_id, call)
        require_complete(operation, call.article)
        criteria = [_criteria_or_none(one) for one in request.questions]
        question = Question(call.path, operation.request_id, call.digest, operation, criteria)
        answer = acts.provide(self.node, self._holder, call, inquiry, question)
        hidden = [field for field, _ in answer.withheld]
        answers = []
        for asked, found in zip(request.questions, answer.found, strict=True):
            one = pb.BulkAnswer(reference=asked.reference, result=pb.ProvisionResult.ValueType(found.result))
            if found.result.goes_out:
                one.record.CopyFrom(record(found, hidden))
            answers.append(one)
        return pb.ProvideBulkResponse(
            answers=answers,
            given=_given(answer),
            withheld=acts.withheld_messages(answer),
            article=answer.article,
            affair=answer.affair,
            approximate=inquiry.approximate,
            audit_id=answer.audit_id,
        )

    def PassOnProvision(self, request: pb.PassOnProvisionRequest, context: Context) -> pb.PassOnProvisionResponse:
        """A governor brings the question of an office of the prefecture: the answer waits for the office itself."""
        call, directory = current(), self.node.directory.current
        _require(request.request_id, call)
        if self.node.identity.kind == "municipality":
            raise Refusal(Reason.PROVIDER_NOT_NAMED, call.article, clause="住基法第30条の14（知事を経ない）")
        office = _parse(request.office)
        mayor = f"municipality/{office.area_code}"
        parent = directory.parent_of(mayor) if directory.find(mayor) else None
        if office.kind != "municipality" or parent is None or parent.path != call.path:
            raise Refusal(Reason.NOT_YOUR_MUNICIPALITY, call.article)
        inquiry = self._inquiry(office, request.question.purpose, Form.IMMEDIATE, via=call.path)
        question = self._question(Call(PROVIDE, request.question), f"office/{office.id}", request.question)
        acts.provide(self.node, self._holder, call, inquiry, question)
        return pb.PassOnProvisionResponse()

    def ProvideViaGovernor(
        self, request: pb.ProvideViaGovernorRequest, context: Context
    ) -> pb.ProvideViaGovernorResponse:
        """都道府県知事を経た求め: passed on; the governor learns that it was taken, nothing more."""
        call, node = current(), self.node
        office = _office(call)
        directory = node.directory.current
        parent = directory.parent_of(f"municipality/{office.area_code}") if office.kind == "municipality" else None
        if node.identity.kind != "prefecture" or parent is None or parent.path != node.config.path:
            raise Refusal(Reason.NOT_YOUR_MUNICIPALITY, call.article)
        target = request.provider or CENTER
        if target != CENTER and not (target.startswith("prefecture/") and directory.find(target)):
            raise Refusal(Reason.PROVIDER_NOT_NAMED, call.article, clause="住基法第30条の12、第30条の13（提供元）")
        passed_on = pb.PassOnProvisionRequest(
            request_id=sha256(f"{call.path}\0{call.request_id}".encode()).hex(),
            office=office.id,
            question=request.question,
        )
        stub = provision_pb2_grpc.ProvisionServiceStub
        look_up(node, target, stub, "PassOnProvision", passed_on, call.article)
        return perform(
            node.journal, node.clock, call, pb.ProvideViaGovernorResponse,
            lambda _: Done(pb.ProvideViaGovernorResponse()),
        )  # fmt: skip

    def require(self, call: Call, purpose: pb.ProvisionPurpose, form: Form) -> None:
        """Refuse what no clause lets this office have, about whomever it be."""
        self._inquiry(_office(call), purpose, form).require(set())

    def _inquiry(self, office: Office, purpose: pb.ProvisionPurpose, form: Form, via: str = "") -> Inquiry:
        affair = purpose.affair
        ordinance = self._ordinances(affair.removeprefix(ORDINANCE)) if affair.startswith(ORDINANCE) else None
        provider = Provider(self.node.identity.kind, self.node.identity.area_code)
        today = self.node.clock.today()
        return Inquiry(provider, office, affair, purpose.case_number, today, form, via, ordinance)

    @staticmethod
    def _question(call: Call, caller: str, request: pb.ProvideIdentificationRequest) -> Question:
        operation = convert.operation(request.operation)
        _require(operation.request_id, call)
        require_complete(operation, call.article)
        return Question(caller, operation.request_id, call.digest, operation, [acts.criteria_of(request.criteria)])


def _immediate(inquiry: Inquiry, answer: Answer) -> pb.ProvideIdentificationResponse:
    found = answer.found[0]
    response = pb.ProvideIdentificationResponse(
        result=pb.ProvisionResult.ValueType(found.result),
        given=_given(answer),
        withheld=acts.withheld_messages(answer),
        article=answer.article,
        affair=answer.affair,
        approximate=inquiry.approximate,
        audit_id=answer.audit_id,
    )
    if found.result.goes_out:
        response.record.CopyFrom(record(found, [field for field, _ in answer.withheld]))
    return response


def _given(answer: Answer) -> list[pb.IdentificationField.ValueType]:
    return [pb.IdentificationField.ValueType(field) for field in answer.given]


def _criteria_or_none(question: pb.BulkQuestion) -> Criteria | None:
    try:
        return acts.criteria_of(question.criteria)
    except Refusal:
        return None


def _office(call: Call) -> Office:
    assert call.caller is not None
    return _parse(call.caller.id)


def _parse(office_id: str) -> Office:
    try:
        return offices.parse(office_id)
    except ValueError as error:
        raise Refusal(Reason.OFFICE_UNKNOWN, clause="住基法別表第一から別表第六までの上欄") from error


def _require(request_id: str, call: Call) -> None:
    if not 1 <= len(request_id) <= MOST_ID:
        raise Refusal(Reason.REQUEST_ID_MISSING, call.article)


def provision_service(servicer: ProvisionServicer) -> Service:
    """ProvisionService, ready to be served."""
    return Service(
        "jukinet.v1.ProvisionService",
        lambda server: provision_pb2_grpc.add_ProvisionServiceServicer_to_server(servicer, server),
    )
