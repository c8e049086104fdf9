"""OperatorService: convert, call the act of the same name, convert."""

from __future__ import annotations

from collections.abc import Iterable

from jukinet.clock import from_micros
from jukinet.model.operators import Permission
from jukinet.node.act import MOST_WORDS
from jukinet.node.node import Node
from jukinet.v1 import operators_pb2 as pb
from jukinet.v1 import operators_pb2_grpc
from jukinet.wire import convert
from jukinet.wire.call import current
from jukinet.wire.server import Context, Service
from municipality_node.acts import operators
from municipality_node.acts.consult import page
from municipality_node.clerk import ClerkServicer
from municipality_node.desk import Desk
from municipality_node.operators.store import Row


class OperatorServicer(ClerkServicer, operators_pb2_grpc.OperatorServiceServicer):
    """OperatorService of a municipality."""

    def GrantOperator(self, request: pb.GrantOperatorRequest, context: Context) -> pb.GrantOperatorResponse:
        """操作者の権限の付与."""

        def act(desk: Desk) -> pb.GrantOperatorResponse:
            granted = operators.grant_operator(desk, request.operator_id, request.permissions)
            return pb.GrantOperatorResponse(operator=_operator(request.operator_id, granted))

        return self._run(pb.GrantOperatorResponse, request.operation, act, lambda _: [])

    def ListOperators(self, request: pb.ListOperatorsRequest, context: Context) -> pb.ListOperatorsResponse:
        """操作者の権限の一覧."""
        size, _ = page(request.page_size, "", current())

        def act(desk: Desk) -> pb.ListOperatorsResponse:
            found, is_open = operators.list_operators(desk, request.page_token[:MOST_WORDS], size)
            following = found[-1][0] if len(found) == size else ""
            messages = [_operator(operator_id, granted) for operator_id, granted in found]
            return pb.ListOperatorsResponse(operators=messages, next_page_token=following, open=is_open)

        return self._look(request.operation, act, lambda _: [])

    def ListOperations(self, request: pb.ListOperationsRequest, context: Context) -> pb.ListOperationsResponse:
        """操作履歴."""
        size, after = page(request.page_size, request.page_token, current())
        day = convert.day(request.day, "day") if request.HasField("day") else None

        def act(desk: Desk) -> pb.ListOperationsResponse:
            found = operators.list_operations(
                desk, after, size, request.operator_id, day, request.number_access_only, request.with_nodes
            )
            following = str(found[-1].id) if len(found) == size else ""
            return pb.ListOperationsResponse(operations=map(event_message, found), next_page_token=following)

        return self._look(request.operation, act, lambda _: [])


def _operator(operator_id: str, granted: Iterable[Permission]) -> pb.Operator:
    return pb.Operator(operator_id=operator_id, permissions=[convert.enum(one) for one in sorted(granted)])


def event_message(row: Row) -> pb.OperatorEvent:
    """A row of the audit, for the wire."""
    return pb.OperatorEvent(
        audit_id=row.id,
        virtual_time=convert.timestamp(from_micros(row.virtual_time)),
        caller=row.caller,
        verification_id=row.verification_id,
        operator_id=row.operator_id,
        event=row.event,
        article=row.article,
        resident_ids=row.subjects,
        refusal=row.refusal,
        number_access=row.number_access,
        reason=row.reason,
    )


def operator_service(node: Node) -> Service:
    """OperatorService, ready to be served."""
    servicer = OperatorServicer(node)
    return Service(
        "jukinet.v1.OperatorService",
        lambda server: operators_pb2_grpc.add_OperatorServiceServicer_to_server(servicer, server),
    )
