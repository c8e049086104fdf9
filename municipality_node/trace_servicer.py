"""TraceService: convert, call the act of the same name, convert."""

from __future__ import annotations

from jukinet.clock import from_micros
from jukinet.node.node import Node
from jukinet.v1 import trace_pb2 as pb
from jukinet.v1 import trace_pb2_grpc
from jukinet.wire import convert, convert_abroad
from jukinet.wire.server import Context, Service
from municipality_node.acts import trace
from municipality_node.clerk import ClerkServicer
from municipality_node.desk import Desk
from municipality_node.operators_servicer import event_message
from municipality_node.trace.store import CodeTrace, Said


class TraceServicer(ClerkServicer, trace_pb2_grpc.TraceServiceServicer):
    """TraceService of a municipality."""

    def TraceRecord(self, request: pb.TraceRecordRequest, context: Context) -> pb.TraceRecordResponse:
        """記載の経緯."""
        self._node.read_own_writes()

        def act(desk: Desk) -> pb.TraceRecordResponse:
            found = trace.trace_record(desk, request.resident_id)
            answer = pb.TraceRecordResponse(
                resident_id=request.resident_id, acts=map(event_message, found.acts),
                notices=map(_notice, found.notices),
            )  # fmt: skip
            if found.code is not None:
                answer.code.CopyFrom(_code(found.code))
                answer.code.told_area_codes.extend(found.told)
                answer.code.withdrawn = found.withdrawn
            return answer

        return self._look(request.operation, act, lambda done: [done.resident_id])


def _code(kept: CodeTrace) -> pb.CodeTrace:
    inquiry = kept.inquiry
    message = pb.CodeTrace(
        code_basis=convert.enum(kept.code_basis),
        hit=kept.hit,
        confirmation=convert_abroad.confirmation_message(kept.confirmation),
        not_inquired=kept.not_inquired,
        held_by_area_code=kept.held_area_code,
        held_live=kept.held_live,
        held_reason=convert.enum(kept.held_reason),
        inquiry_id=inquiry.id if inquiry else 0,
        inquiry_date=convert.day_message(inquiry.day) if inquiry else None,
        inquiry_operator_id=inquiry.operator_id if inquiry else "",
        hits=inquiry.hits if inquiry else 0,
    )
    if inquiry is not None:
        message.searched.extend(map(convert.enum, inquiry.searched))
    return message


def _notice(said: Said) -> pb.TracedNotice:
    return pb.TracedNotice(
        position=said.position,
        virtual_time=convert.timestamp(from_micros(said.virtual_time)) if said.position else None,
        person_sequence=said.notice.person_sequence,
        reason=said.notice.change.reason,
    )


def trace_service(node: Node) -> Service:
    """TraceService, ready to be served."""
    servicer = TraceServicer(node)
    return Service(
        "jukinet.v1.TraceService",
        lambda server: trace_pb2_grpc.add_TraceServiceServicer_to_server(servicer, server),
    )
