"""A prefecture as data: its files, where batches go, how the register follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jukinet.model import areas
from jukinet.model.reason import Reason
from jukinet.node.config import Tasks, Tier, UpperTier
from jukinet.node.erasing import Erasing, Erasure
from jukinet.node.node import Node
from jukinet.node.reconcile_servicer import reconcile_service
from jukinet.node.reconciling import Reconciling
from jukinet.node.reporting import Reporting, Route
from jukinet.relay.engine import Work
from jukinet.store import people, quarantine, register
from jukinet.store.database import Connection, Schema
from jukinet.store.journal import Entry, Envelope
from jukinet.store.projector import Faults
from jukinet.v1 import relay_pb2
from jukinet.wire.convert_error_report import finding_of
from jukinet.wire.server import Service
from prefecture_node.anomaly import refuse_anomaly
from prefecture_node.passing import governor_search_service
from prefecture_node.reconciling import GovernorSide

CENTER = "jlis/center"


class GovernorErasing(Erasing):
    """Erases 本人確認情報 and 転出確定通知 of one governor."""

    def forget(self, db: Connection, erasure: Erasure) -> None:
        """What rests on the erased notices, of either kind."""
        super().forget(db, erasure)
        for notice in erasure.notices:
            people.forget_name(db, notice.code, notice.name_key)
        if erasure.dues and erasure.entry.envelope.header.kind == relay_pb2.STREAM_KIND_MOVE_OUT_CONFIRMATION:
            register.forget_move_outs(db, erasure.entry.position)


class Prefecture(UpperTier):
    """One governor's server."""

    def __init__(self, node: Node) -> None:
        route = Route(
            int(relay_pb2.STREAM_KIND_REGISTER_ERROR_REPORT), "report_register_error", "ReportRegisterError",
            self._mayor, heard=int(relay_pb2.STREAM_KIND_STORED_ERROR_REPORT),
        )  # fmt: skip
        reporting = Reporting(node, route, lambda db, _: quarantine.findings(db))
        super().__init__(node, GovernorErasing(node, "keep_identification_at_governor"), reporting)
        self._reconciling = self.reconciling = Reconciling(node, GovernorSide(node, CENTER))

    def apply(self, db: Connection, entry: Entry, records: Sequence[bytes]) -> Faults:
        """Bring one heard batch into the register."""
        kind = entry.envelope.header.kind
        if kind == relay_pb2.STREAM_KIND_MOVE_OUT_CONFIRMATION:
            return register.apply_move_out_confirmation(db, entry, records)
        if kind == relay_pb2.STREAM_KIND_STORED_ERROR_REPORT:
            return self._report_faults(records)
        people.index_names(db, people.people(records))
        return super().apply(db, entry, records)

    def route(self, envelope: Envelope) -> str | None:
        """本人確認情報 travel on to J-LIS (法30条の7), own reports to the mayor (法12条の5); all else ends here."""
        header = envelope.header
        if header.kind == relay_pb2.STREAM_KIND_REGISTER_ERROR_REPORT:
            return f"municipality/{header.counterpart}"
        return CENTER if header.kind == relay_pb2.STREAM_KIND_IDENTIFICATION else None

    def _mayor(self, area_code: str) -> str:
        """Area code of the municipality that keeps the area's records; empty if it is not in the prefecture."""
        area = areas.find(area_code)
        if area is None or areas.prefecture_of(area_code).code != self.node.identity.area_code:
            return ""
        return area.city_code or area.code

    def _report_faults(self, records: Sequence[bytes]) -> Faults:
        """Reports that cannot be passed on: unreadable, or about somebody else's municipality."""
        faults = []
        for index, record in enumerate(records):
            finding = finding_of(record)
            if finding is None:
                faults.append((index, Reason.RECORD_MALFORMED))
            elif not self._mayor(finding.area_code):
                faults.append((index, Reason.AREA_NOT_YOURS))
        return faults

    def refuse(self, db: Connection, envelope: Envelope) -> Reason | None:
        """A batch with a faulty record, where the governor stops the line for it."""
        return refuse_anomaly(self.node, db, envelope)

    def services(self) -> Sequence[Service]:
        """What mayors of the prefecture ask through their governor."""
        return (
            governor_search_service(self.node),
            reconcile_service(self.node),
            *super().services(),
        )

    def works(self) -> Sequence[Work]:
        """The due job of retention, and 整合 with J-LIS."""
        reconciling = Work(f"{self.node.config.path} reconciling", self._reconciling.step, away=True)
        return (*super().works(), reconciling)

    def due(self) -> datetime | None:
        """00:00 of the day on which something kept is to be erased, or all is to be compared."""
        return min(filter(None, (super().due(), self._reconciling.next_due())), default=None)

    def tasks(self) -> Tasks:
        """What is due, and a comparison that was asked for."""
        return Tasks(ready=super().tasks().ready + int(self._reconciling.ready()))


TIER = Tier(
    journal=Schema("prefecture_node.schema", "migrations", 10, page_size=65536),
    register=Schema("prefecture_node.schema", "register", 9, page_size=16384, synchronous="NORMAL"),
    local=Prefecture,
)
