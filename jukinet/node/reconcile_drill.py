"""ReconcileDrillService: 整合 on demand, and what it came to."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from jukinet.clock import from_micros
from jukinet.model.reason import Reason
from jukinet.node.reconciling import Reconciling
from jukinet.refusal import Refusal
from jukinet.v1 import reconcile_pb2, reconcile_pb2_grpc
from jukinet.wire import convert
from jukinet.wire.server import Context, Service

if TYPE_CHECKING:
    from jukinet.node.node import Node


class ReconcileDrillServicer(reconcile_pb2_grpc.ReconcileDrillServiceServicer):
    """ReconcileDrillService of a node that tells somebody above."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def StartReconcile(
        self, request: reconcile_pb2.StartReconcileRequest, context: Context
    ) -> reconcile_pb2.StartReconcileResponse:
        """整合 on demand."""
        return reconcile_pb2.StartReconcileResponse(run=self._reconciling().start(mend=request.mend))

    def GetReconcileReport(
        self, request: reconcile_pb2.GetReconcileReportRequest, context: Context
    ) -> reconcile_pb2.GetReconcileReportResponse:
        """What the last one came to."""
        reconciling = self._reconciling()
        report = reconciling.report()
        answer = reconcile_pb2.GetReconcileReportResponse(
            run=report.run,
            running=reconciling.running(),
            fault=reconciling.fault,
            areas=[reconcile_pb2.AreaReport(**asdict(area)) for area in report.areas],
        )
        if report.virtual_time:
            answer.virtual_time.CopyFrom(convert.timestamp(from_micros(report.virtual_time)))
        return answer

    def _reconciling(self) -> Reconciling:
        found: Reconciling | None = self._node.local.reconciling
        if found is None:
            raise Refusal(Reason.NOT_HERE)
        return found


def reconcile_drill_service(node: Node) -> Service:
    """ReconcileDrillService, ready to be served."""
    servicer = ReconcileDrillServicer(node)
    return Service(
        "jukinet.v1.ReconcileDrillService",
        lambda server: reconcile_pb2_grpc.add_ReconcileDrillServiceServicer_to_server(servicer, server),
    )
