"""開示 in a test, at a governor's or J-LIS's counter."""

from __future__ import annotations

from collections.abc import Sequence

from jukinet.testing.door import Clerk, Day
from jukinet.v1 import disclosure_pb2 as pb
from jukinet.v1 import disclosure_pb2_grpc, search_pb2

STUB = disclosure_pb2_grpc.DisclosureServiceStub


class DisclosureDesk(Clerk):
    """DisclosureService."""

    def accept_disclosure_request(
        self, whom: search_pb2.SearchCriteria, *, provisions: bool = False, **operation: str
    ) -> pb.AcceptDisclosureRequestResponse:
        """開示請求の受理."""
        subject = pb.DISCLOSURE_SUBJECT_PROVISIONS if provisions else pb.DISCLOSURE_SUBJECT_IDENTIFICATION
        request = pb.AcceptDisclosureRequestRequest(operation=self._op(operation), subject=subject, criteria=whom)
        return self._ask(pb.AcceptDisclosureRequestResponse, request, STUB)

    def disclose_identification(self, number: int, **operation: str) -> pb.DiscloseIdentificationResponse:
        """開示."""
        request = pb.DiscloseIdentificationRequest(operation=self._op(operation), id=number)
        return self._ask(pb.DiscloseIdentificationResponse, request, STUB)

    def disclose_provisions(self, number: int, **operation: str) -> pb.DiscloseProvisionsResponse:
        """提供状況の開示."""
        request = pb.DiscloseProvisionsRequest(operation=self._op(operation), id=number)
        return self._ask(pb.DiscloseProvisionsResponse, request, STUB)

    def extend_disclosure(self, number: int, until: Day, **operation: str) -> None:
        """期限の延長."""
        request = pb.ExtendDisclosureRequest(operation=self._op(operation), id=number, due_date=self._today(until))
        self._ask(pb.ExtendDisclosureResponse, request, STUB)

    def accept_correction_request(self, number: int, fields: Sequence[int], **operation: str) -> int:
        """訂正等の申出."""
        request = pb.AcceptCorrectionRequestRequest(operation=self._op(operation), id=number, fields=fields)  # type: ignore[arg-type]
        return self._ask(pb.AcceptCorrectionRequestResponse, request, STUB).correction_id

    def answer_correction_request(self, number: int, *, error: bool, **operation: str) -> bool:
        """調査の結果の通知."""
        request = pb.AnswerCorrectionRequestRequest(
            operation=self._op(operation), correction_id=number, error_found=error
        )
        return self._ask(pb.AnswerCorrectionRequestResponse, request, STUB).reported

    def disclosure_requests(self, *, open_only: bool = False, **operation: str) -> list[pb.DisclosureRequest]:
        """Requests, with the days that are left."""
        request = pb.ListDisclosureRequestsRequest(operation=self._op(operation), open_only=open_only)
        return list(self._ask(pb.ListDisclosureRequestsResponse, request, STUB).requests)
