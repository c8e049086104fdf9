"""The services that every node has: RelayService, and DrillService on its own listener."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import jukinet.node.look as look
from jukinet.model.reason import Reason
from jukinet.node.audit_servicer import audit_drill_service, audit_service
from jukinet.node.error_drill import error_drill_service
from jukinet.node.holding.servicer import holding_drill_service
from jukinet.node.metrics import metrics_drill_service
from jukinet.node.misuse import misuse_drill_service
from jukinet.node.participation import participation_drill_service
from jukinet.node.provision.medium import medium_drill_service
from jukinet.node.quarantine import quarantine_service
from jukinet.node.reconcile_drill import reconcile_drill_service
from jukinet.node.recovery_servicer import recovery_drill_service, recovery_service
from jukinet.node.statistics import statistics_drill_service
from jukinet.node.watching import watch_drill_service
from jukinet.refusal import Refusal
from jukinet.v1 import drill_pb2, drill_pb2_grpc, relay_pb2, relay_pb2_grpc
from jukinet.wire import convert
from jukinet.wire.call import current
from jukinet.wire.peers import Fault
from jukinet.wire.server import Context, Service

if TYPE_CHECKING:
    from jukinet.node.config import LocalDrill
    from jukinet.node.node import Node


class RelayServicer(relay_pb2_grpc.RelayServiceServicer):
    """RelayService of a node."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def DeliverBatch(self, request: relay_pb2.DeliverBatchRequest, context: Context) -> relay_pb2.DeliverBatchResponse:
        """Take one batch."""
        return self._node.receiver.receive(current(), request.batch)


class DrillServicer(drill_pb2_grpc.DrillServiceServicer):
    """DrillService of a node."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def GetStatus(self, request: drill_pb2.GetStatusRequest, context: Context) -> drill_pb2.GetStatusResponse:
        """How the node is."""
        return look.status(self._node)

    def ListLedger(self, request: drill_pb2.ListLedgerRequest, context: Context) -> drill_pb2.ListLedgerResponse:
        """The ledger."""
        return look.ledger(self._node, request.page_size, request.page_token)

    def ListJournal(self, request: drill_pb2.ListJournalRequest, context: Context) -> drill_pb2.ListJournalResponse:
        """The journal."""
        return look.journal_page(self._node, request.after_position, request.page_size)

    def GetEvidence(self, request: drill_pb2.GetEvidenceRequest, context: Context) -> drill_pb2.GetEvidenceResponse:
        """One record with its proof."""
        return look.evidence(self._node, request.position, request.index)

    def SetClock(self, request: drill_pb2.SetClockRequest, context: Context) -> drill_pb2.SetClockResponse:
        """Move the clock."""
        self._node.set_clock(convert.instant(request.virtual_time))
        return drill_pb2.SetClockResponse(virtual_time=convert.timestamp(self._node.clock.now()))

    def SetFaults(self, request: drill_pb2.SetFaultsRequest, context: Context) -> drill_pb2.SetFaultsResponse:
        """Put faults on the calls of this node, or heal them."""
        faults = [Fault(fault.kind, fault.peer, fault.per_mille, fault.delay_ms / 1000) for fault in request.faults]
        self._node.set_faults(faults, request.seed)
        return drill_pb2.SetFaultsResponse()

    def RequestCodes(self, request: drill_pb2.RequestCodesRequest, context: Context) -> drill_pb2.RequestCodesResponse:
        """Ask J-LIS for codes ahead."""
        return self._local().request_codes(current(), request)

    def LoadHouseholds(
        self, request: drill_pb2.LoadHouseholdsRequest, context: Context
    ) -> drill_pb2.LoadHouseholdsResponse:
        """Enter fictional households."""
        return self._local().load_households(current(), request)

    def Resync(self, request: drill_pb2.ResyncRequest, context: Context) -> drill_pb2.ResyncResponse:
        """Send everything again in a new epoch."""
        return self._local().resync(current(), request)

    def HandOverResidents(
        self, request: drill_pb2.HandOverResidentsRequest, context: Context
    ) -> drill_pb2.HandOverResidentsResponse:
        """Page the records out to a successor."""
        return self._local().hand_over_residents(current(), request)

    def AbsorbResidents(
        self, request: drill_pb2.AbsorbResidentsRequest, context: Context
    ) -> drill_pb2.AbsorbResidentsResponse:
        """Take over the records of a municipality that is no more."""
        return self._local().absorb_residents(current(), request)

    def _local(self) -> LocalDrill:
        local = self._node.local.drill()
        if local is None:
            raise Refusal(Reason.NOT_HERE)
        return local


def relay_service(node: Node) -> Service:
    """RelayService, ready to be served."""
    servicer = RelayServicer(node)
    return Service(
        "jukinet.v1.RelayService", lambda server: relay_pb2_grpc.add_RelayServiceServicer_to_server(servicer, server)
    )


def drill_service(node: Node) -> Service:
    """DrillService, ready to be served."""
    servicer = DrillServicer(node)
    return Service(
        "jukinet.v1.DrillService", lambda server: drill_pb2_grpc.add_DrillServiceServicer_to_server(servicer, server)
    )


SERVICES: tuple[Callable[[Node], Service], ...] = (relay_service, recovery_service, audit_service)
"""What every node serves to other nodes."""
DRILL_SERVICES: tuple[Callable[[Node], Service], ...] = (
    drill_service,
    reconcile_drill_service,
    error_drill_service,
    quarantine_service,
    recovery_drill_service,
    participation_drill_service,
    statistics_drill_service,
    medium_drill_service,
    audit_drill_service,
    misuse_drill_service,
    watch_drill_service,
    holding_drill_service,
    metrics_drill_service,
)
"""What every node serves to the console, on the listener of its own."""
