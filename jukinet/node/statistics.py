"""StatisticsDrillService: 提供の状況 and 帳簿, counted anew from the 操作記録 at every call."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from google.type.date_pb2 import Date

from jukinet.clock import from_micros, to_micros
from jukinet.model.dates import JST
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from jukinet.store import provided
from jukinet.v1 import audit_pb2, statistics_pb2, statistics_pb2_grpc
from jukinet.v1 import provision_pb2 as pb
from jukinet.wire import convert
from jukinet.wire.server import Context, Service

if TYPE_CHECKING:
    from jukinet.node.node import Node


class StatisticsDrillServicer(statistics_pb2_grpc.StatisticsDrillServiceServicer):
    """StatisticsDrillService of a governor or of J-LIS."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def PublishProvisionState(
        self, request: statistics_pb2.PublishProvisionStateRequest, context: Context
    ) -> statistics_pb2.PublishProvisionStateResponse:
        """提供の状況の公表."""
        first, after = span(getattr(request, "from"), request.through)
        return statistics_pb2.PublishProvisionStateResponse(counts=self._count(first, after, by_month=True))

    def KeepProvisionLedger(
        self, request: statistics_pb2.KeepProvisionLedgerRequest, context: Context
    ) -> statistics_pb2.KeepProvisionLedgerResponse:
        """帳簿."""
        first, after = span(getattr(request, "from"), request.through)
        return statistics_pb2.KeepProvisionLedgerResponse(counts=self._count(first, after, by_month=False))

    def _count(self, first: date, after: date, *, by_month: bool) -> list[statistics_pb2.ProvisionCount]:
        given: Counter[tuple[str, str, int, tuple[int, int, int]]] = Counter()
        asked: Counter[tuple[str, str, int, tuple[int, int, int]]] = Counter()
        begin, end = micros_of(first), micros_of(after)
        with self._node.journal.read() as db:
            for at, provision in provided.entries(db, begin, end):
                told = audit_pb2.ProvisionEntry.FromString(provision)
                day = from_micros(at).date()
                key = told.office, told.affair, int(told.form), (day.year, day.month, 0 if by_month else day.day)
                given[key] += told.provided
                asked[key] += told.asked
        return [
            statistics_pb2.ProvisionCount(
                office=office, affair=affair, form=pb.ProvisionForm.ValueType(form),
                date=Date(year=day[0], month=day[1], day=day[2]),
                provided=given[office, affair, form, day], asked=asked[office, affair, form, day],
            )
            for office, affair, form, day in sorted(asked)
        ]  # fmt: skip


def span(first: Date, last: Date) -> tuple[date, date]:
    """The first day of a time, and the day after its last."""
    begin, end = convert.day(first, "from"), convert.day(last, "through")
    if begin > end:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="through")
    return begin, end + timedelta(days=1)


def micros_of(day: date) -> int:
    """When a civil day begins, in microseconds since 1970."""
    return to_micros(datetime.combine(day, time(), JST))


def statistics_drill_service(node: Node) -> Service:
    """StatisticsDrillService, ready to be served."""
    servicer = StatisticsDrillServicer(node)
    return Service(
        "jukinet.v1.StatisticsDrillService",
        lambda server: statistics_pb2_grpc.add_StatisticsDrillServiceServicer_to_server(servicer, server),
    )
