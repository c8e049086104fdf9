"""Who stands outside the network, as this node was told: nothing goes over a line to or from them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from jukinet.model import areas
from jukinet.model.finding import Finding, FindingKind
from jukinet.model.participation import Mode
from jukinet.model.reason import Reason
from jukinet.pki.identity import Identity
from jukinet.refusal import Refusal
from jukinet.store import participation
from jukinet.store.database import Connection, Database
from jukinet.v1 import participation_pb2, participation_pb2_grpc
from jukinet.wire import convert
from jukinet.wire.server import Context, Service

if TYPE_CHECKING:
    from jukinet.node.node import Node


class Participation:
    """What the node knows of everybody, kept in memory beside its file."""

    def __init__(self, journal: Database, own: Identity) -> None:
        self._journal = journal
        self._own = own
        with journal.read() as db:
            self.others = participation.others(db)

    @property
    def mode(self) -> Mode:
        """How this node itself takes part; the upper tiers always do."""
        return self.others.get(self._own.area_code, Mode.FULL)

    def is_outside(self, area_code: str) -> bool:
        """Whether the municipality, or the ward's city, stands outside."""
        area = areas.find(area_code)
        city = area.city_code if area is not None and area.kind == "ward" else area_code
        return self.others.get(city) is Mode.OUTSIDE

    def is_cut(self, peer: str) -> bool:
        """Whether there is no line to a node, since it or this one stands outside."""
        return self.mode is Mode.OUTSIDE or self.is_outside(Identity.parse(peer).area_code)

    def look(self) -> None:
        """Read what was told meanwhile."""
        with self._journal.read() as db:
            self.others = participation.others(db)

    def among(self, findings: Iterable[Finding]) -> list[Finding]:
        """Findings about records that are kept up to date: what is stored of an outside municipality is not."""
        found = []
        for one in findings:
            double = one.kind is FindingKind.DOUBLE
            alone = double and all(self.is_outside(other) for other in one.others)
            if not alone and not self.is_outside(one.area_code):
                found.append(one)
        return found


class ParticipationDrillServicer(participation_pb2_grpc.ParticipationDrillServiceServicer):
    """ParticipationDrillService of a node."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def SetParticipation(
        self, request: participation_pb2.SetParticipationRequest, context: Context
    ) -> participation_pb2.SetParticipationResponse:
        """How a municipality takes part from now on."""
        area = areas.find(request.area_code)
        if area is None or area.kind != "municipality":
            raise Refusal(Reason.AREA_UNKNOWN)
        try:
            node, mode = self._node, Mode(request.mode)
        except ValueError as error:
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="mode") from error

        def work(db: Connection) -> int:
            before = participation.mode(db, area.code)
            participation.put(db, area.code, mode)
            own = area.code == node.identity.area_code
            return node.local.take_part(db, before, mode) if own else 0

        records = node.journal.write(work)
        node.participation.look()
        node.retry_now()
        return participation_pb2.SetParticipationResponse(records=records)

    def ListParticipations(
        self, request: participation_pb2.ListParticipationsRequest, context: Context
    ) -> participation_pb2.ListParticipationsResponse:
        """Who does not take part as the law orders."""
        found = self._node.participation.others.items()
        return participation_pb2.ListParticipationsResponse(
            participations=[
                participation_pb2.Participation(area_code=area, mode=convert.enum(mode)) for area, mode in sorted(found)
            ]
        )


def participation_drill_service(node: Node) -> Service:
    """ParticipationDrillService, ready to be served."""
    servicer = ParticipationDrillServicer(node)
    return Service(
        "jukinet.v1.ParticipationDrillService",
        lambda server: participation_pb2_grpc.add_ParticipationDrillServiceServicer_to_server(servicer, server),
    )
