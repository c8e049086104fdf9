"""The desk of 非通知の申出, and of 転入通知 on paper."""

from __future__ import annotations

from collections.abc import Sequence

from jukinet.testing.door import Clerk
from jukinet.v1 import participation_pb2 as pb
from jukinet.v1 import participation_pb2_grpc

STUB = participation_pb2_grpc.ParticipationServiceStub


class ParticipationDesk(Clerk):
    """ParticipationService."""

    def file_opt_out(self, resident_ids: Sequence[int], **operation: str) -> pb.FileOptOutResponse:
        """非通知の申出."""
        request = pb.FileOptOutRequest(operation=self._op(operation), resident_ids=resident_ids)
        return self._ask(pb.FileOptOutResponse, request, STUB)

    def withdraw_opt_out(self, resident_ids: Sequence[int], **operation: str) -> pb.WithdrawOptOutResponse:
        """非通知の申出の撤回."""
        request = pb.WithdrawOptOutRequest(operation=self._op(operation), resident_ids=resident_ids)
        return self._ask(pb.WithdrawOptOutResponse, request, STUB)

    def list_opt_outs(self, **operation: str) -> list[pb.OptOut]:
        """Who is withheld."""
        request = pb.ListOptOutsRequest(operation=self._op(operation))
        return list(self._ask(pb.ListOptOutsResponse, request, STUB).opt_outs)

    def list_paper_notices(self, *, with_posted: bool = False, **operation: str) -> list[pb.PaperNotice]:
        """転入通知 that are to go by paper, or with `with_posted` went too."""
        request = pb.ListPaperNoticesRequest(operation=self._op(operation), with_posted=with_posted)
        return list(self._ask(pb.ListPaperNoticesResponse, request, STUB).notices)

    def post_paper_notice(self, paper_notice_id: int, **operation: str) -> pb.PostPaperNoticeResponse:
        """One of them was posted."""
        request = pb.PostPaperNoticeRequest(operation=self._op(operation), paper_notice_id=paper_notice_id)
        return self._ask(pb.PostPaperNoticeResponse, request, STUB)
