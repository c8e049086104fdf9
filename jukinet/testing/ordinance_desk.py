"""条例事務 in a test, at whatever node."""

from __future__ import annotations

from collections.abc import Sequence

from jukinet.testing.door import Clerk, Day, day
from jukinet.v1 import ordinance_pb2 as pb
from jukinet.v1 import ordinance_pb2_grpc

STUB = ordinance_pb2_grpc.OrdinanceServiceStub


class OrdinanceDesk(Clerk):
    """OrdinanceService."""

    def propose_ordinance_affair(
        self,
        kind: str,
        recipients: Sequence[str],
        *,
        uses_number: bool = False,
        since: Day = None,
        until: Day = None,
        affair: str = "架空の給付に関する事務",
        **operation: str,
    ) -> pb.OrdinanceAffair:
        """登録; in force from today if nothing is said."""
        terms = pb.OrdinanceTerms(
            kind=pb.OrdinanceKind.Value(f"ORDINANCE_KIND_{kind}"), title="架空の条例（令和3年条例第1号）",
            affair=affair, recipients=recipients, uses_number=uses_number, since=self._today(since), until=day(until),
        )  # fmt: skip
        request = pb.ProposeOrdinanceAffairRequest(operation=self._op(operation), terms=terms)
        return self._ask(pb.ProposeOrdinanceAffairResponse, request, STUB).ordinance

    def approve_ordinance_affair(self, number: int, **operation: str) -> pb.OrdinanceAffair:
        """承認."""
        request = pb.ApproveOrdinanceAffairRequest(operation=self._op(operation), id=number)
        return self._ask(pb.ApproveOrdinanceAffairResponse, request, STUB).ordinance

    def repeal_ordinance_affair(self, number: int, from_day: Day = None, **operation: str) -> pb.OrdinanceAffair:
        """廃止, from today if nothing is said."""
        request = pb.RepealOrdinanceAffairRequest(
            operation=self._op(operation), id=number, from_day=self._today(from_day)
        )
        return self._ask(pb.RepealOrdinanceAffairResponse, request, STUB).ordinance

    def ordinance_affairs(self, page_size: int = 0, **operation: str) -> list[pb.OrdinanceAffair]:
        """All that was ever entered."""
        found: list[pb.OrdinanceAffair] = []
        token = ""
        while True:
            request = pb.ListOrdinanceAffairsRequest(
                operation=self._op(operation), page_size=page_size, page_token=token
            )
            page = self._ask(pb.ListOrdinanceAffairsResponse, request, STUB)
            found += page.ordinances
            if not (token := page.next_page_token):
                return found

    def enact(self, kind: str, recipients: Sequence[str], *, uses_number: bool = False, until: Day = None) -> str:
        """Proposed by this clerk and approved by another; the affair as an office names it."""
        found = self.propose_ordinance_affair(kind, recipients, uses_number=uses_number, until=until)
        self.juki.clerk(self.path, f"{self.clerk}-2").approve_ordinance_affair(found.id)
        return f"ordinance/{found.id}"
