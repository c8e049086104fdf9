"""IssuanceService: ask 住所地, call the act of the same name, convert."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.model.wide_area import WideAreaRecord
from jukinet.node.act import require_complete
from jukinet.node.node import Node
from jukinet.refusal import Refusal
from jukinet.store import answers
from jukinet.v1 import issuance_pb2 as pb
from jukinet.v1 import issuance_pb2_grpc
from jukinet.wire import convert, convert_issuance
from jukinet.wire.call import Call, current
from jukinet.wire.server import Context, Service
from municipality_node.acts import issuance
from municipality_node.clerk import ClerkServicer
from municipality_node.desk import Desk
from municipality_node.wide_area import ask_wide_area_record


class IssuanceServicer(ClerkServicer, issuance_pb2_grpc.IssuanceServiceServicer):
    """IssuanceService of a municipality."""

    def IssueWideAreaCopy(self, request: pb.IssueWideAreaCopyRequest, context: Context) -> pb.IssueWideAreaCopyResponse:
        """広域交付."""
        asked, told = convert_issuance.wide_area_request(request), told_by(request)
        records = self._asked(current(), request)

        def act(desk: Desk) -> pb.IssueWideAreaCopyResponse:
            title, text = issuance.issue_wide_area_copy(desk, asked, told, records)
            return pb.IssueWideAreaCopyResponse(title=title, text=text)

        return self._run(pb.IssueWideAreaCopyResponse, request.operation, act, lambda _: [])

    def _asked(self, call: Call, request: pb.IssueWideAreaCopyRequest) -> list[WideAreaRecord]:
        """The answer of 住所地; none is asked for where this request was answered before."""
        node, asked = self._node, convert_issuance.wide_area_request(request)
        if asked.items.individual_number and not call.sees_numbers:
            raise Refusal(Reason.OPERATOR_NOT_PERMITTED, call.article, permission="NUMBERS")
        require_complete(convert.operation(request.operation), call.article)
        with node.journal.read() as db:
            if answers.find(db, call.path, call.request_id, call.method, call.digest) is not None:
                return []
            issuance.check_wide_area_request(Desk(db, node.clock, node.identity), asked, told_by(request))
        return ask_wide_area_record(node, call, asked)


def told_by(request: pb.IssueWideAreaCopyRequest) -> issuance.Told:
    """What the person at the counter showed and told."""
    born, sex = convert.partial(request.birth_date, "birth_date"), convert.sex(request.sex)
    return issuance.Told(request.proof, born, sex, request.improper_purpose)


def issuance_service(node: Node) -> Service:
    """IssuanceService, ready to be served."""
    servicer = IssuanceServicer(node)
    return Service(
        "jukinet.v1.IssuanceService",
        lambda server: issuance_pb2_grpc.add_IssuanceServiceServicer_to_server(servicer, server),
    )
