"""The desk of 転入届の特例 in a test: each rpc of SpecialMoveService is a method."""

from __future__ import annotations

from collections.abc import Sequence

from jukinet.testing.door import Clerk, Day
from jukinet.v1 import special_move_pb2 as pb
from jukinet.v1 import special_move_pb2_grpc

STUB = special_move_pb2_grpc.SpecialMoveServiceStub


class SpecialMoveDesk(Clerk):
    """転入届の特例, 転出の取消し, and what other municipalities told beforehand."""

    def report_special_move_in(
        self,
        resident_code: str,
        former: str,
        address: str,
        move_in_date: Day = None,
        household_id: int = 0,
        *,
        card_presented: bool = True,
        **operation: str,
    ) -> pb.ReportSpecialMoveInResponse:
        """転入届の特例 of whoever left `former`: a name, or a code for an area outside this network."""
        code = former if former.isdecimal() else self.juki[former].code
        request = pb.ReportSpecialMoveInRequest(
            operation=self._op(operation), resident_code=resident_code, former_area_code=code,
            card_presented=card_presented, address=address, move_in_date=self._today(move_in_date),
            area_code=self._area, household_id=household_id,
        )  # fmt: skip
        return self._ask(pb.ReportSpecialMoveInResponse, request, STUB)

    def cancel_move_out(self, resident_ids: Sequence[int], **operation: str) -> pb.CancelMoveOutResponse:
        """転出の取消し."""
        request = pb.CancelMoveOutRequest(operation=self._op(operation), resident_ids=resident_ids)
        return self._ask(pb.CancelMoveOutResponse, request, STUB)

    def list_move_out_pre_notices(self, page_size: int = 0, **operation: str) -> list[pb.HeldPreNotice]:
        """転出届 that other municipalities told of beforehand."""
        found: list[pb.HeldPreNotice] = []
        token = ""
        while True:
            request = pb.ListMoveOutPreNoticesRequest(
                operation=self._op(operation), page_size=page_size, page_token=token
            )
            page = self._ask(pb.ListMoveOutPreNoticesResponse, request, STUB)
            found += page.notices
            if not (token := page.next_page_token):
                return found
