"""DisclosureService of a governor or of J-LIS."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from google.protobuf.message import Message

from jukinet.node.act import Done, accepted, perform, require_complete
from jukinet.node.disclosure import acts
from jukinet.store import audit
from jukinet.store.database import Connection
from jukinet.v1 import counter_pb2, disclosure_pb2_grpc
from jukinet.v1 import disclosure_pb2 as pb
from jukinet.wire import convert
from jukinet.wire.call import current
from jukinet.wire.server import Context, Service

if TYPE_CHECKING:
    from jukinet.node.node import Node

M = TypeVar("M", bound=Message)


class DisclosureServicer(disclosure_pb2_grpc.DisclosureServiceServicer):
    """DisclosureService of one node."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def AcceptDisclosureRequest(
        self, request: pb.AcceptDisclosureRequestRequest, context: Context
    ) -> pb.AcceptDisclosureRequestResponse:
        """開示請求の受理."""

        def act(db: Connection) -> pb.AcceptDisclosureRequestResponse:
            number, due = acts.accept_disclosure_request(self._node, db, request.subject, request.criteria)
            return pb.AcceptDisclosureRequestResponse(id=number, due_date=convert.day_message(due))

        return self._run(pb.AcceptDisclosureRequestResponse, request.operation, act)

    def DiscloseIdentification(
        self, request: pb.DiscloseIdentificationRequest, context: Context
    ) -> pb.DiscloseIdentificationResponse:
        """開示."""
        return self._run(
            pb.DiscloseIdentificationResponse, request.operation,
            lambda db: acts.disclose_identification(self._node, db, request.id),
        )  # fmt: skip

    def DiscloseProvisions(
        self, request: pb.DiscloseProvisionsRequest, context: Context
    ) -> pb.DiscloseProvisionsResponse:
        """提供状況の開示."""
        return self._run(
            pb.DiscloseProvisionsResponse, request.operation,
            lambda db: acts.disclose_provisions(self._node, db, request.id),
        )  # fmt: skip

    def ExtendDisclosure(self, request: pb.ExtendDisclosureRequest, context: Context) -> pb.ExtendDisclosureResponse:
        """期限の延長."""
        until = convert.day(request.due_date, "due_date")

        def act(db: Connection) -> pb.ExtendDisclosureResponse:
            acts.extend_disclosure(self._node, db, request.id, until)
            return pb.ExtendDisclosureResponse()

        return self._run(pb.ExtendDisclosureResponse, request.operation, act)

    def AcceptCorrectionRequest(
        self, request: pb.AcceptCorrectionRequestRequest, context: Context
    ) -> pb.AcceptCorrectionRequestResponse:
        """訂正等の申出."""

        def act(db: Connection) -> pb.AcceptCorrectionRequestResponse:
            number = acts.accept_correction_request(self._node, db, request.id, list(request.fields))
            return pb.AcceptCorrectionRequestResponse(correction_id=number)

        return self._run(pb.AcceptCorrectionRequestResponse, request.operation, act)

    def AnswerCorrectionRequest(
        self, request: pb.AnswerCorrectionRequestRequest, context: Context
    ) -> pb.AnswerCorrectionRequestResponse:
        """調査の結果の通知."""

        def act(db: Connection) -> pb.AnswerCorrectionRequestResponse:
            reported = acts.answer_correction_request(self._node, db, request.correction_id, error=request.error_found)
            return pb.AnswerCorrectionRequestResponse(reported=reported)

        return self._run(pb.AnswerCorrectionRequestResponse, request.operation, act)

    def ListDisclosureRequests(
        self, request: pb.ListDisclosureRequestsRequest, context: Context
    ) -> pb.ListDisclosureRequestsResponse:
        """Requests, with the days that are left; who looked stands in the audit before they are shown."""
        node, call, who = self._node, current(), convert.operation(request.operation)
        require_complete(who, call.article)
        with node.journal.read() as db:
            found = acts.list_disclosure_requests(db, open_only=request.open_only)
        node.journal.write(lambda db: audit.append(db, node.clock, accepted(call, who, ())))
        today = node.clock.today()
        return pb.ListDisclosureRequestsResponse(
            requests=[
                pb.DisclosureRequest(
                    id=one.id, subject=pb.DisclosureSubject.ValueType(one.subject),
                    accept_date=convert.day_message(one.accepted), due_date=convert.day_message(one.due),
                    answer_date=convert.day_message(one.answered), days_left=acts.days_left(one, today),
                    extended=one.extended,
                )
                for one in found
            ]
        )  # fmt: skip

    def _run(self, response: Callable[..., M], operation: counter_pb2.Operation, act: Callable[[Connection], M]) -> M:
        """Do the act once, in one transaction with its audit row."""
        node = self._node
        node.read_own_writes()
        who = convert.operation(operation)
        return perform(node.journal, node.clock, current(), response, lambda db: Done(act(db)), who)


def disclosure_service(node: Node) -> Service:
    """DisclosureService, ready to be served."""
    servicer = DisclosureServicer(node)
    return Service(
        "jukinet.v1.DisclosureService",
        lambda server: disclosure_pb2_grpc.add_DisclosureServiceServicer_to_server(servicer, server),
    )
