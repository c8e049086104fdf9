"""MisuseDrillService: what an auditor would ask about, read anew from the 操作記録 at every call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from jukinet.clock import from_micros
from jukinet.model.misuse import Limits, Lookup, Suspicion, suspicions
from jukinet.model.provision import Form
from jukinet.model.reason import Reason
from jukinet.node.provision import entry
from jukinet.node.statistics import micros_of, span
from jukinet.refusal import Refusal
from jukinet.store import provided
from jukinet.store.database import Connection
from jukinet.v1 import misuse_pb2, misuse_pb2_grpc
from jukinet.wire import convert
from jukinet.wire.server import Context, Service

if TYPE_CHECKING:
    from jukinet.node.node import Node

OFFICE = "office/"
HOURS = 24


class MisuseDrillServicer(misuse_pb2_grpc.MisuseDrillServiceServicer):
    """MisuseDrillService of a node."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def ReportMisuse(
        self, request: misuse_pb2.ReportMisuseRequest, context: Context
    ) -> misuse_pb2.ReportMisuseResponse:
        """What stands out."""
        begin, end = (micros_of(day) for day in span(getattr(request, "from"), request.through))
        limits = _limits(request)
        cases = {(_office(one.office), one.case_number) for one in request.cases} if request.cases_known else None
        with self._node.journal.read() as db:
            found = suspicions(_lookups(db, begin, end), limits, cases)
        return misuse_pb2.ReportMisuseResponse(suspicions=[_message(one) for one in found])


_FORMS = frozenset(int(form) for form in Form)


def _lookups(db: Connection, begin: int, end: int) -> Iterator[Lookup]:
    for audit_id, at, operator_id, accepted, provision, code in provided.lookups(db, begin, end):
        told = entry.read(provision)
        if int(told.form) not in _FORMS:
            continue  # somebody wrote it over: VerifyAudit tells of it, and the others are still reported
        yield Lookup(
            audit_id, from_micros(at), _office(told.office), operator_id, bool(accepted), Form(told.form), told.asked,
            told.case_number, code if any(code) else b"",
        )  # fmt: skip


def _office(name: str) -> str:
    """What a governor brings in vain is logged under the office's bare id; whoever else was refused has a path."""
    return name if "/" in name else OFFICE + name


def _limits(request: misuse_pb2.ReportMisuseRequest) -> Limits:
    usual = Limits()
    found = Limits(
        lookups=request.lookups or usual.lookups,
        days=request.days or usual.days,
        records=request.records or usual.records,
        refusals=request.refusals or usual.refusals,
        opens=request.opens or usual.opens,
        closes=request.closes or usual.closes,
    )
    if not found.opens < found.closes <= HOURS:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="closes")
    return found


def _message(one: Suspicion) -> misuse_pb2.Suspicion:
    return misuse_pb2.Suspicion(
        kind=misuse_pb2.SuspicionKind.ValueType(one.kind),
        office=one.office,
        operator_id=one.operator_id,
        audit_ids=one.audit_ids,
        count=one.count,
        first_time=convert.timestamp(one.first),
        last_time=convert.timestamp(one.last),
    )


def misuse_drill_service(node: Node) -> Service:
    """MisuseDrillService, ready to be served."""
    servicer = MisuseDrillServicer(node)
    return Service(
        "jukinet.v1.MisuseDrillService",
        lambda server: misuse_pb2_grpc.add_MisuseDrillServiceServicer_to_server(servicer, server),
    )
