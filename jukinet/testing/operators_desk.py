"""Permissions and 操作履歴 in a test."""

from __future__ import annotations

from collections.abc import Iterable

from jukinet.testing.door import Clerk, Day, day
from jukinet.v1 import operators_pb2 as pb
from jukinet.v1 import operators_pb2_grpc

STUB = operators_pb2_grpc.OperatorServiceStub


class OperatorsDesk(Clerk):
    """OperatorService."""

    def grant_operator(self, to: str, permissions: Iterable[str] = (), **operation: str) -> pb.GrantOperatorResponse:
        """Give an 操作者ID these permissions, by name, and no others."""
        named = [pb.Permission.Value(f"PERMISSION_{name}") for name in permissions]
        request = pb.GrantOperatorRequest(operation=self._op(operation), operator_id=to, permissions=named)
        return self._ask(pb.GrantOperatorResponse, request, STUB)

    def operators(self, page_size: int = 0, **operation: str) -> dict[str, set[str]]:
        """Permissions by name of every 操作者ID that was ever granted something."""
        found: dict[str, set[str]] = {}
        token = ""
        while True:
            request = pb.ListOperatorsRequest(operation=self._op(operation), page_size=page_size, page_token=token)
            page = self._ask(pb.ListOperatorsResponse, request, STUB)
            for one in page.operators:
                names = {pb.Permission.Name(permission) for permission in one.permissions}
                found[one.operator_id] = {name.removeprefix("PERMISSION_") for name in names}
            if not (token := page.next_page_token):
                return found

    def operations(
        self,
        of: str = "",
        on: Day = None,
        *,
        number_access_only: bool = False,
        with_nodes: bool = False,
        page_size: int = 0,
        **operation: str,
    ) -> list[pb.OperatorEvent]:
        """操作履歴, of one 操作者ID or of one day if given."""
        found: list[pb.OperatorEvent] = []
        token = ""
        while True:
            request = pb.ListOperationsRequest(
                operation=self._op(operation), page_size=page_size, page_token=token, operator_id=of, day=day(on),
                number_access_only=number_access_only, with_nodes=with_nodes,
            )  # fmt: skip
            page = self._ask(pb.ListOperationsResponse, request, STUB)
            found += page.operations
            if not (token := page.next_page_token):
                return found
