"""SupportService: convert, call the act of the same name, convert."""

from __future__ import annotations

from jukinet.node.node import Node
from jukinet.v1 import support_pb2 as pb
from jukinet.v1 import support_pb2_grpc
from jukinet.wire import convert
from jukinet.wire.call import current
from jukinet.wire.server import Context, Service
from municipality_node.acts import support
from municipality_node.acts.consult import page
from municipality_node.clerk import ClerkServicer
from municipality_node.desk import Desk


class SupportServicer(ClerkServicer, support_pb2_grpc.SupportServiceServicer):
    """SupportService of a municipality."""

    def StartSupport(self, request: pb.StartSupportRequest, context: Context) -> pb.StartSupportResponse:
        """支援措置の開始."""

        def act(desk: Desk) -> pb.StartSupportResponse:
            receipt, last = support.start_support(desk, list(request.resident_ids))
            return pb.StartSupportResponse(
                receipt=convert.receipt_message(receipt), last_date=convert.day_message(last)
            )

        return self._run(pb.StartSupportResponse, request.operation, act, lambda done: list(done.receipt.resident_ids))

    def ExtendSupport(self, request: pb.ExtendSupportRequest, context: Context) -> pb.ExtendSupportResponse:
        """支援措置の延長."""

        def act(desk: Desk) -> pb.ExtendSupportResponse:
            receipt, last = support.extend_support(desk, list(request.resident_ids))
            return pb.ExtendSupportResponse(
                receipt=convert.receipt_message(receipt), last_date=convert.day_message(last)
            )

        return self._run(pb.ExtendSupportResponse, request.operation, act, lambda done: list(done.receipt.resident_ids))

    def EndSupport(self, request: pb.EndSupportRequest, context: Context) -> pb.EndSupportResponse:
        """支援措置の終了."""
        return self._act(
            pb.EndSupportResponse, request.operation,
            lambda desk: support.end_support(desk, list(request.resident_ids)),
        )  # fmt: skip

    def ListSupports(self, request: pb.ListSupportsRequest, context: Context) -> pb.ListSupportsResponse:
        """支援措置の一覧."""
        size, after = page(request.page_size, request.page_token, current())

        def act(desk: Desk) -> pb.ListSupportsResponse:
            found = support.list_supports(desk, after, size, request.with_past)
            following = str(found[-1].support.id) if len(found) == size else ""
            return pb.ListSupportsResponse(supports=map(_message, found), next_page_token=following)

        return self._look(request.operation, act, lambda done: [one.resident_id for one in done.supports])


def _message(listed: support.Listed) -> pb.Support:
    return pb.Support(
        support_id=listed.support.id,
        resident_id=listed.support.resident_id,
        start_date=convert.day_message(listed.support.start_date),
        last_date=convert.day_message(listed.support.last_date),
        standing=convert.enum(listed.standing),
    )


def support_service(node: Node) -> Service:
    """SupportService, ready to be served."""
    servicer = SupportServicer(node)
    return Service(
        "jukinet.v1.SupportService",
        lambda server: support_pb2_grpc.add_SupportServiceServicer_to_server(servicer, server),
    )
