"""A prefecture as data: its files, where batches go, how the register follows."""

from __future__ import annotations

from collections.abc import Sequence

from jukinet.model.reason import Reason
from jukinet.node.config import Tier, UpperTier
from jukinet.node.erasing import Erasing, Erasure
from jukinet.node.node import Node
from jukinet.store import register
from jukinet.store.database import Connection, Schema
from jukinet.store.journal import Entry, Envelope
from jukinet.store.projector import Faults
from jukinet.v1 import relay_pb2
from jukinet.wire.server import Service
from prefecture_node.anomaly import refuse_anomaly
from prefecture_node.passing import governor_search_service

CENTER = "jlis/center"


class GovernorErasing(Erasing):
    """Erases 本人確認情報 and 転出確定通知 of one governor."""

    def forget(self, db: Connection, erasure: Erasure) -> None:
        """What rests on the erased notices, of either kind."""
        super().forget(db, erasure)
        if erasure.dues and erasure.entry.envelope.header.kind == relay_pb2.STREAM_KIND_MOVE_OUT_CONFIRMATION:
            register.forget_move_outs(db, erasure.entry.position)


class Prefecture(UpperTier):
    """One governor's server."""

    def __init__(self, node: Node) -> None:
        super().__init__(node, GovernorErasing(node, "keep_identification_at_governor"))

    def apply(self, db: Connection, entry: Entry, records: Sequence[bytes]) -> Faults:
        """Bring one heard batch into the register."""
        if entry.envelope.header.kind == relay_pb2.STREAM_KIND_MOVE_OUT_CONFIRMATION:
            return register.apply_move_out_confirmation(db, entry, records)
        return super().apply(db, entry, records)

    def route(self, envelope: Envelope) -> str | None:
        """本人確認情報 travel on to J-LIS (法30条の7); 転出確定通知 end here."""
        return CENTER if envelope.header.kind == relay_pb2.STREAM_KIND_IDENTIFICATION else None

    def refuse(self, db: Connection, envelope: Envelope) -> Reason | None:
        """A batch with a faulty record, where the governor stops the line for it."""
        return refuse_anomaly(self.node, db, envelope)

    def services(self) -> Sequence[Service]:
        """What mayors of the prefecture ask through their governor."""
        return (governor_search_service(self.node),)


TIER = Tier(
    journal=Schema("prefecture_node.schema", "migrations", 6, page_size=65536),
    register=Schema("prefecture_node.schema", "register", 7, page_size=16384, synchronous="NORMAL"),
    local=Prefecture,
)
