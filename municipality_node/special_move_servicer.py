"""SpecialMoveService: convert, ask the other municipality where the law says so, call the act of the same name."""

from __future__ import annotations

from jukinet.model.identification import Certificate, Receipt
from jukinet.node.act import MOST_ID, require_complete
from jukinet.node.node import Node
from jukinet.refusal import Refusal
from jukinet.store import answers
from jukinet.v1 import special_move_pb2 as pb
from jukinet.v1 import special_move_pb2_grpc
from jukinet.wire import convert
from jukinet.wire.call import Call, current
from jukinet.wire.server import Context, Service
from municipality_node.acts import cancellation, special_move
from municipality_node.acts.special_move import Arrival
from municipality_node.clerk import ClerkServicer
from municipality_node.desk import Desk
from municipality_node.special_move.asking import ask_certificate


class SpecialMoveServicer(ClerkServicer, special_move_pb2_grpc.SpecialMoveServiceServicer):
    """SpecialMoveService of a municipality."""

    def ReportSpecialMoveIn(
        self, request: pb.ReportSpecialMoveInRequest, context: Context
    ) -> pb.ReportSpecialMoveInResponse:
        """転入届の特例."""
        call = current()
        try:
            arrival = Arrival(
                request.resident_code, request.former_area_code, request.card_presented, request.address,
                convert.day(request.move_in_date, "move_in_date"), request.area_code, request.household_id,
            )  # fmt: skip
            told = self._told(call, request, arrival)
        except Refusal as refusal:
            refusal.article = refusal.article or call.article
            raise

        def act(desk: Desk) -> Receipt:
            return special_move.report_special_move_in(desk, arrival, told)

        return self._act(pb.ReportSpecialMoveInResponse, request.operation, act)

    def CancelMoveOut(self, request: pb.CancelMoveOutRequest, context: Context) -> pb.CancelMoveOutResponse:
        """転出の取消し."""
        return self._act(
            pb.CancelMoveOutResponse, request.operation,
            lambda desk: cancellation.cancel_move_out(desk, list(request.resident_ids)),
        )  # fmt: skip

    def ListMoveOutPreNotices(
        self, request: pb.ListMoveOutPreNoticesRequest, context: Context
    ) -> pb.ListMoveOutPreNoticesResponse:
        """転出届時の事前通知の確認."""
        return special_move.list_move_out_pre_notices(self._node, current(), request)

    def _told(self, call: Call, request: pb.ReportSpecialMoveInRequest, arrival: Arrival) -> Certificate | None:
        """What the municipality that was left answers; None where it need not, or should not, be asked."""
        if not 1 <= len(call.request_id) <= MOST_ID:
            return None  # refused when the act is begun
        require_complete(convert.operation(request.operation), call.article)
        node = self._node
        node.read_own_writes()
        with node.journal.read() as db:
            if answers.find(db, call.path, call.request_id, call.method, call.digest) is not None:
                return None
            desk = Desk(db, node.clock, node.identity)
            if special_move.certificate_at_hand(desk, arrival) is not None:
                return None
            area = special_move.area_of_arrival(desk, arrival)
        return ask_certificate(node, call, arrival.resident_code, arrival.former_area_code, area)


def special_move_service(node: Node) -> Service:
    """SpecialMoveService, ready to be served."""
    servicer = SpecialMoveServicer(node)
    return Service(
        "jukinet.v1.SpecialMoveService",
        lambda server: special_move_pb2_grpc.add_SpecialMoveServiceServicer_to_server(servicer, server),
    )
