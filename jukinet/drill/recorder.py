"""What travelled, as the receivers' journals say: one hop a batch, in causal order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jukinet.law.basis import find
from jukinet.law.index import ROOMS
from jukinet.model import areas
from jukinet.model.dates import wareki
from jukinet.pki.identity import Identity
from jukinet.v1 import drill_pb2, drill_pb2_grpc
from jukinet.wire import convert
from jukinet.wire.client import Client

_ = ROOMS
Drill = drill_pb2_grpc.DrillServiceStub
PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Hop:
    """One batch on one hop, read from the journal of the node that received it, or passed it on for its ward."""

    receiver: str
    entry: drill_pb2.JournalEntry

    @property
    def sender(self) -> str:
        """Path of the node that brought it; of the ward, where the mayor passed on what it had said."""
        return self.entry.peer or f"municipality/{self.entry.header.origin}"

    @property
    def article(self) -> str:
        """The provision it travelled on."""
        return self.entry.passage.article if self.entry.said else self.entry.article

    @property
    def lamport(self) -> int:
        """Lamport time of the hop's end."""
        return self.entry.passage.lamport_time if self.entry.said else self.entry.lamport_time

    @property
    def records(self) -> int:
        """How many records it holds."""
        return self.entry.header.last_number - self.entry.header.first_number + 1

    @property
    def caption(self) -> str:
        """What the rule calls it."""
        rule = find(self.entry.rule, convert.instant(self.entry.receive_virtual_time).date())
        return rule.caption if rule else self.entry.rule

    def line(self) -> str:
        """The hop in one line: who to whom, what, on which article, where it stands in the receiver's journal."""
        entry = self.entry
        day = convert.instant(entry.receive_virtual_time).date()
        what = (
            "・".join(entry.summaries) if entry.rule.endswith("identification") else f"{self.caption} {self.records}件"
        )
        return (
            f"{short_name(self.sender)} → {short_name(self.receiver)}　{what}　［{self.article}］ "
            f"{wareki(day)} ({day}) 受信側の記録 {entry.position} ヘッダー {entry.header_hash.hex()[:12]}"
        )


def short_name(path: str) -> str:
    """A node's name without its prefecture."""
    identity = Identity.parse(path)
    if identity.kind == "jlis":
        return "J-LIS"
    area = areas.find(identity.area_code)
    return area.name if area else path


class Recorder:
    """Reads the journals of all nodes, each from where it last stopped."""

    def __init__(self, consoles: Mapping[str, Client]) -> None:
        self._consoles = consoles
        self._positions = dict.fromkeys(consoles, 0)

    def new_hops(self) -> list[Hop]:
        """What was received since the last look, ordered by Lamport time."""
        found: list[Hop] = []
        for path, console in self._consoles.items():
            while True:
                request = drill_pb2.ListJournalRequest(after_position=self._positions[path], page_size=PAGE)
                entries = console.call(Drill, "ListJournal", request).entries
                if not entries:
                    break
                self._positions[path] = entries[-1].position
                found += [Hop(path, entry) for entry in entries if not entry.said or entry.HasField("passage")]
        return sorted(found, key=lambda hop: (hop.lamport, hop.receiver))
