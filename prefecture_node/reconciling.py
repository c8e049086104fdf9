"""整合 of a governor with J-LIS: whoever differs is made known to the mayor, who tells again (法12条の5, 14条)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jukinet.law.basis import article
from jukinet.model.finding import Finding, FindingKind
from jukinet.model.stream import Stream
from jukinet.node.reconciling import Difference, Moved, Point
from jukinet.store import audit, digests, findings, journal
from jukinet.store.database import Connection
from jukinet.store.digests import Leaves
from jukinet.v1 import relay_pb2

if TYPE_CHECKING:
    from jukinet.node.node import Node

KIND = int(relay_pb2.STREAM_KIND_IDENTIFICATION)


class GovernorSide:
    """What one governor has stored."""

    def __init__(self, node: Node, center: str) -> None:
        self._node = node
        self.peer = center

    def areas(self) -> Sequence[str]:
        """Areas that ever told this governor anything."""
        with self._node.journal.read() as db:
            origins = [stream.origin for stream in journal.heard_streams(db, KIND)]
        return [origin for origin in origins if not self._node.participation.is_outside(origin)]

    def read(self, area_code: str) -> tuple[Point, Leaves]:
        """Live records, as of the last notice that was received."""
        point = self._point(area_code)
        self._node.read_own_writes()
        with self._node.register.read() as db:
            leaves = digests.read(digests.live_rows(db, area_code))
        if self._point(area_code) != point:
            raise Moved
        return point, leaves

    def mend(self, point: Point, found: Sequence[Difference]) -> int:
        """Note whoever differs as an error, and whoever no longer does as mended; how many errors are new."""
        node, told = self._node, [one for one in found if not (one.there and one.there.unfounded)]

        def work(db: Connection) -> int:
            day = node.clock.today()
            codes = {one.code for one in told}
            for one in findings.opened(db):
                open_here = one.finding.kind == FindingKind.DIFFERS and one.finding.area_code == point.area_code
                if open_here and one.finding.code not in codes:
                    findings.set_mended(db, one.id, day)
            new = [findings.note(db, Finding(FindingKind.DIFFERS, point.area_code, code), day) for code in codes]
            law = article("reconcile_identification", day)
            audit.append(db, node.clock, audit.Entry(node.config.path, "ReconcileIdentification", law, True))
            return sum(new)

        return node.journal.write(work)

    def _point(self, area_code: str) -> Point:
        with self._node.journal.read() as db:
            standing = journal.standing(db, Stream(area_code, KIND))
        return Point(area_code, standing.epoch if standing else 1, standing.next_number - 1 if standing else 0)
