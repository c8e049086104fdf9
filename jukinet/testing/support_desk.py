"""The desk for 支援措置 in a test."""

from __future__ import annotations

from collections.abc import Sequence

from jukinet.testing.door import Clerk
from jukinet.v1 import support_pb2 as pb
from jukinet.v1 import support_pb2_grpc

STUB = support_pb2_grpc.SupportServiceStub


class SupportDesk(Clerk):
    """SupportService."""

    def start_support(self, resident_ids: Sequence[int], **operation: str) -> pb.StartSupportResponse:
        """支援措置の開始, for one year from today."""
        request = pb.StartSupportRequest(operation=self._op(operation), resident_ids=resident_ids)
        return self._ask(pb.StartSupportResponse, request, STUB)

    def extend_support(self, resident_ids: Sequence[int], **operation: str) -> pb.ExtendSupportResponse:
        """支援措置の延長, for a further year."""
        request = pb.ExtendSupportRequest(operation=self._op(operation), resident_ids=resident_ids)
        return self._ask(pb.ExtendSupportResponse, request, STUB)

    def end_support(self, resident_ids: Sequence[int], **operation: str) -> pb.EndSupportResponse:
        """支援措置の終了."""
        request = pb.EndSupportRequest(operation=self._op(operation), resident_ids=resident_ids)
        return self._ask(pb.EndSupportResponse, request, STUB)

    def supports(self, *, with_past: bool = False, page_size: int = 0, **operation: str) -> list[pb.Support]:
        """支援措置 in force, and with `with_past` those that are over."""
        found: list[pb.Support] = []
        token = ""
        while True:
            request = pb.ListSupportsRequest(
                operation=self._op(operation), page_size=page_size, page_token=token, with_past=with_past
            )
            page = self._ask(pb.ListSupportsResponse, request, STUB)
            found += page.supports
            if not (token := page.next_page_token):
                return found
