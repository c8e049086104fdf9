"""整合 in a test's network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jukinet.v1 import reconcile_pb2 as pb
from jukinet.v1 import reconcile_pb2_grpc

if TYPE_CHECKING:
    from jukinet.wire.client import Client

STUB = reconcile_pb2_grpc.ReconcileDrillServiceStub


class Reconciling:
    """Mixed into Juki."""

    def reconcile(self, name: str, *, mend: bool = True) -> pb.GetReconcileReportResponse:
        """Compare what a municipality or a governor has told upward with what is stored there, and wait for it."""
        run = self.console(name).call(STUB, "StartReconcile", pb.StartReconcileRequest(mend=mend)).run
        self.settle()
        report = self.reconcile_report(name)
        assert (report.run, report.running) == (run, False), report.fault
        return report

    def reconcile_report(self, name: str) -> pb.GetReconcileReportResponse:
        """What the last comparison came to."""
        report: pb.GetReconcileReportResponse = self.console(name).call(
            STUB, "GetReconcileReport", pb.GetReconcileReportRequest()
        )
        return report

    if TYPE_CHECKING:

        def console(self, name: str) -> Client: ...

        def settle(self, seconds: float = 30.0) -> None: ...
