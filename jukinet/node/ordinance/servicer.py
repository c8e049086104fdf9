"""OrdinanceService of a node: convert, call the act of the same name, convert."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from google.protobuf.message import Message

from jukinet.clock import from_micros
from jukinet.model.identification import Operation
from jukinet.model.ordinance import Affair, Terms
from jukinet.model.provision import OrdinanceKind
from jukinet.model.reason import Reason
from jukinet.node.act import Done, accepted, perform, require_complete
from jukinet.node.ordinance import acts
from jukinet.refusal import Refusal
from jukinet.store import audit
from jukinet.store.database import Connection
from jukinet.v1 import counter_pb2, ordinance_pb2_grpc
from jukinet.v1 import ordinance_pb2 as pb
from jukinet.wire import convert
from jukinet.wire.call import Call, current
from jukinet.wire.server import Context, Service

if TYPE_CHECKING:
    from jukinet.node.node import Node

M = TypeVar("M", bound=Message)
MOST = 1_000


class OrdinanceServicer(ordinance_pb2_grpc.OrdinanceServiceServicer):
    """OrdinanceService of one node."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def ProposeOrdinanceAffair(
        self, request: pb.ProposeOrdinanceAffairRequest, context: Context
    ) -> pb.ProposeOrdinanceAffairResponse:
        """条例事務の登録."""
        terms = _terms(request.terms)
        return self._run(
            pb.ProposeOrdinanceAffairResponse, request.operation,
            lambda db, call, who: acts.propose_ordinance_affair(self._node, db, call, who, terms),
        )  # fmt: skip

    def ApproveOrdinanceAffair(
        self, request: pb.ApproveOrdinanceAffairRequest, context: Context
    ) -> pb.ApproveOrdinanceAffairResponse:
        """条例事務の承認."""
        return self._run(
            pb.ApproveOrdinanceAffairResponse, request.operation,
            lambda db, call, who: acts.approve_ordinance_affair(self._node, db, call, who, request.id),
        )  # fmt: skip

    def RepealOrdinanceAffair(
        self, request: pb.RepealOrdinanceAffairRequest, context: Context
    ) -> pb.RepealOrdinanceAffairResponse:
        """条例事務の廃止."""
        day = convert.day(request.from_day, "from_day")
        return self._run(
            pb.RepealOrdinanceAffairResponse, request.operation,
            lambda db, call, who: acts.repeal_ordinance_affair(self._node, db, call, who, request.id, day),
        )  # fmt: skip

    def ListOrdinanceAffairs(
        self, request: pb.ListOrdinanceAffairsRequest, context: Context
    ) -> pb.ListOrdinanceAffairsResponse:
        """条例事務の一覧; who looked stands in the audit before it is shown."""
        node, call, who = self._node, current(), convert.operation(request.operation)
        require_complete(who, call.article)
        token = request.page_token
        if token and not (token.isascii() and token.isdecimal() and len(token) < 19):
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, call.article, field="page_token")
        size = min(request.page_size if request.page_size > 0 else MOST, MOST)
        with node.journal.read() as db:
            found = acts.list_ordinance_affairs(db, int(token or "0"), size)
        node.journal.write(lambda db: audit.append(db, node.clock, accepted(call, who, ())))
        return pb.ListOrdinanceAffairsResponse(
            ordinances=map(self._message, found),
            next_page_token=str(found[-1].id) if len(found) == size else "",
        )

    def _run(
        self,
        response: Callable[..., M],
        operation: counter_pb2.Operation,
        act: Callable[[Connection, Call, Operation], Affair],
    ) -> M:
        node, call, who = self._node, current(), convert.operation(operation)

        def work(db: Connection) -> Done:
            return Done(response(ordinance=self._message(act(db, call, who))))

        return perform(node.journal, node.clock, call, response, work, who)

    def _message(self, affair: Affair) -> pb.OrdinanceAffair:
        terms = affair.terms
        return pb.OrdinanceAffair(
            id=affair.id,
            terms=pb.OrdinanceTerms(
                kind=convert.enum(terms.kind),
                title=terms.title,
                affair=terms.affair,
                recipients=terms.recipients,
                uses_number=terms.uses_number,
                since=convert.day_message(terms.since),
                until=convert.day_message(terms.until),
            ),
            trail=[
                pb.OrdinanceStep(
                    kind=convert.enum(one.step),
                    caller=one.by.caller,
                    verification_id=one.by.verification_id,
                    operator_id=one.by.operator_id,
                    virtual_time=convert.timestamp(from_micros(one.virtual_time)),
                    from_day=convert.day_message(one.from_day),
                    audit_id=one.audit_id,
                )
                for one in affair.trail
            ],
            in_force=affair.is_in_force(self._node.clock.today()),
        )


def _terms(message: pb.OrdinanceTerms) -> Terms:
    try:
        kind = OrdinanceKind(message.kind)
    except ValueError as error:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, current().article, field="kind") from error
    until = convert.day(message.until, "until") if message.HasField("until") else None
    return Terms(
        kind, message.title, message.affair, tuple(message.recipients), message.uses_number,
        convert.day(message.since, "since"), until,
    )  # fmt: skip


def ordinance_service(node: Node) -> Service:
    """OrdinanceService, ready to be served."""
    servicer = OrdinanceServicer(node)
    return Service(
        "jukinet.v1.OrdinanceService",
        lambda server: ordinance_pb2_grpc.add_OrdinanceServiceServicer_to_server(servicer, server),
    )
