"""J-LIS as data: its files and its services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jlis_center.recovering import rebuild_designations, rebuild_numbers
from jlis_center.search.servicer import search_service
from jlis_center.servicer import numbering_service
from jukinet.model import areas
from jukinet.model.finding import Finding
from jukinet.node.config import Tier, UpperTier
from jukinet.node.erasing import Erasing, Erasure
from jukinet.node.node import Node
from jukinet.node.reconcile_servicer import reconcile_service
from jukinet.node.reporting import Reporting, Route
from jukinet.store import doubles, people, quarantine
from jukinet.store.database import Connection, Schema
from jukinet.store.journal import Entry, Envelope
from jukinet.store.projector import Faults
from jukinet.v1 import relay_pb2
from jukinet.wire.server import Service


class CenterErasing(Erasing):
    """Erases 本人確認情報 of J-LIS."""

    def forget(self, db: Connection, erasure: Erasure) -> None:
        """What rests on the erased notices, and the names by which they were found."""
        super().forget(db, erasure)
        for notice in erasure.notices:
            people.forget_name(db, notice.code, notice.name_key)


class Center(UpperTier):
    """The national server."""

    def __init__(self, node: Node) -> None:
        route = Route(
            int(relay_pb2.STREAM_KIND_STORED_ERROR_REPORT), "report_stored_error", "ReportStoredError",
            lambda area_code: areas.prefecture_of(area_code).code,
        )  # fmt: skip
        reporting = Reporting(node, route, self._errors)
        super().__init__(node, CenterErasing(node, "keep_identification_at_center"), reporting)

    def apply(self, db: Connection, entry: Entry, records: Sequence[bytes]) -> Faults:
        """Bring one heard batch into the register, and let the people in it be found by name."""
        if entry.envelope.header.kind == relay_pb2.STREAM_KIND_IDENTIFICATION:
            people.index_names(db, people.people(records))
        return super().apply(db, entry, records)

    def _errors(self, db: Connection, today: date) -> list[Finding]:
        """What is wrong in the register of now, of those whose records are kept up to date."""
        return self.node.participation.among([*doubles.findings(db, today), *quarantine.findings(db)])

    def route(self, envelope: Envelope) -> str | None:
        """What J-LIS found goes down to the governor (法30条の8); nothing else travels on."""
        header = envelope.header
        down = header.kind == relay_pb2.STREAM_KIND_STORED_ERROR_REPORT
        return f"prefecture/{header.counterpart}" if down else None

    def finish_recovery(self, db: Connection, whole: bool) -> None:
        """Codes and numbers that were ever given are known again."""
        rebuild_designations(db, self.node.config.seed)
        rebuild_numbers(db)

    def services(self) -> Sequence[Service]:
        """付番 and search, asked directly by municipalities; 整合, asked by governors."""
        return (
            numbering_service(self.node),
            search_service(self.node),
            reconcile_service(self.node),
            *super().services(),
        )


TIER = Tier(
    journal=Schema("jlis_center.schema", "migrations", 10, page_size=65536),
    register=Schema("jlis_center.schema", "register", 10, page_size=16384, synchronous="NORMAL"),
    local=Center,
)
