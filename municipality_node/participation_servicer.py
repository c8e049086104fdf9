"""ParticipationService: convert, call the act of the same name, convert."""

from __future__ import annotations

from jukinet.node.node import Node
from jukinet.v1 import intermunicipal_pb2, participation_pb2_grpc
from jukinet.v1 import participation_pb2 as pb
from jukinet.wire import convert
from jukinet.wire.call import current
from jukinet.wire.convert_error_report import day
from jukinet.wire.server import Context, Service
from municipality_node.acts import participation
from municipality_node.acts.consult import page
from municipality_node.clerk import ClerkServicer
from municipality_node.desk import Desk


class ParticipationServicer(ClerkServicer, participation_pb2_grpc.ParticipationServiceServicer):
    """ParticipationService of a municipality."""

    def FileOptOut(self, request: pb.FileOptOutRequest, context: Context) -> pb.FileOptOutResponse:
        """非通知の申出."""
        ids = list(request.resident_ids)
        return self._act(pb.FileOptOutResponse, request.operation, lambda desk: participation.file_opt_out(desk, ids))

    def WithdrawOptOut(self, request: pb.WithdrawOptOutRequest, context: Context) -> pb.WithdrawOptOutResponse:
        """非通知の申出の撤回."""
        ids = list(request.resident_ids)
        return self._act(
            pb.WithdrawOptOutResponse, request.operation, lambda desk: participation.withdraw_opt_out(desk, ids)
        )

    def ListOptOuts(self, request: pb.ListOptOutsRequest, context: Context) -> pb.ListOptOutsResponse:
        """非通知の申出をした者."""
        size, after = page(request.page_size, request.page_token, current())

        def act(desk: Desk) -> pb.ListOptOutsResponse:
            found = participation.list_opt_outs(desk, after, size)
            following = str(found[-1][0]) if len(found) == size else ""
            return pb.ListOptOutsResponse(
                opt_outs=[pb.OptOut(resident_id=one, file_date=convert.day_message(filed)) for one, filed in found],
                next_page_token=following,
            )

        return self._look(request.operation, act, lambda told: [one.resident_id for one in told.opt_outs])

    def ListPaperNotices(self, request: pb.ListPaperNoticesRequest, context: Context) -> pb.ListPaperNoticesResponse:
        """紙の転入通知."""
        size, after = page(request.page_size, request.page_token, current())

        def act(desk: Desk) -> pb.ListPaperNoticesResponse:
            found = participation.list_paper_notices(desk, after, size, with_posted=request.with_posted)
            following = str(found[-1].id) if len(found) == size else ""
            notices = [
                pb.PaperNotice(
                    paper_notice_id=paper.id,
                    counterpart=paper.counterpart,
                    notice=intermunicipal_pb2.MoveInNotice.FromString(paper.body),
                    write_date=day(paper.written),
                    post_date=day(paper.posted),
                )
                for paper in found
            ]
            return pb.ListPaperNoticesResponse(notices=notices, next_page_token=following)

        return self._look(request.operation, act, lambda _: [])

    def PostPaperNotice(self, request: pb.PostPaperNoticeRequest, context: Context) -> pb.PostPaperNoticeResponse:
        """紙の転入通知の発送."""
        number = request.paper_notice_id
        return self._act(
            pb.PostPaperNoticeResponse, request.operation, lambda desk: participation.post_paper_notice(desk, number)
        )


def participation_service(node: Node) -> Service:
    """ParticipationService, ready to be served."""
    servicer = ParticipationServicer(node)
    return Service(
        "jukinet.v1.ParticipationService",
        lambda server: participation_pb2_grpc.add_ParticipationServiceServicer_to_server(servicer, server),
    )
