"""不参加団体の歴史: the eight municipalities and three governors as real nodes, from 2002-08-05 to 2015-03-30.

The rules are those of 2021, which makes it an anachronism; the dates, and who stood outside, are those of the overview.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from jukinet.model import areas, participation
from jukinet.model.dates import JST
from jukinet.model.participation import BEGIN, Mode
from jukinet.node.node import Node
from jukinet.stack.blank import lay_out, set_clock
from jukinet.stack.layout import CONSOLE, Layout, parent_of
from jukinet.stack.network import Network
from jukinet.stack.population import Progress
from jukinet.store.digests import live_rows
from jukinet.v1 import counter_pb2, counter_pb2_grpc, identification_pb2, participation_pb2, participation_pb2_grpc
from jukinet.wire.client import Client
from jukinet.wire.convert import day_message

CENTER = "jlis/center"
FAMILY = 3
"""Residents of each area at the beginning, and entered anew before each day that is looked at."""


@dataclass(frozen=True, slots=True)
class Day:
    """What was seen on a day of the overview: whom J-LIS does not see, and whether the overview agrees."""

    day: date
    outside: frozenset[str]
    residents: int
    unseen: dict[str, int]
    agrees: bool

    def told(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "day": self.day.isoformat(), "outside": sorted(self.outside), "residents": self.residents,
            "unseen": self.unseen, "agrees": self.agrees,
        }  # fmt: skip


def replay_history(folder: Path, progress: Progress) -> list[Day]:
    """Play every change in order; what was seen on each day of the overview."""
    codes = {turn.name: turn.area_code for turn in participation.turns()}
    played = _Replay(folder, codes)
    try:
        script: list[tuple[date, int, participation.Turn | participation.Snapshot]] = [
            *((turn.day, 0, turn) for turn in participation.turns()),
            *((snapshot.day, 1, snapshot) for snapshot in participation.snapshots()),
        ]
        script.sort(key=lambda step: step[:2])
        days = []
        for count, (day, _, what) in enumerate(script):
            progress("再現 / replaying", count, len(script))
            played.go_to(day)
            if isinstance(what, participation.Turn):
                played.set_mode(what.area_code, what.mode)
            else:
                days.append(played.look(what))
        return days
    finally:
        played.close()


class _Replay:
    """The network that it is played on."""

    def __init__(self, folder: Path, codes: dict[str, str]) -> None:
        self._codes = codes
        self._layout = Layout(folder)
        municipalities = [f"municipality/{code}" for code in codes.values()]
        self._paths = [CENTER, *sorted({parent_of(path) for path in municipalities}), *municipalities]
        self._clients: dict[tuple[str, str], Client] = {}
        self._count = 0
        for path in self._paths:
            self._layout.node(path).mkdir(parents=True)
        lay_out(self._layout, self._paths)
        for path in self._paths:
            set_clock(self._layout, path, _midnight(BEGIN))
        self._network = Network(folder, self._paths)
        for node in self._nodes():
            node.directory.look()
        self._network.settle()

    def close(self) -> None:
        for client in self._clients.values():
            client.close()
        self._network.close()

    def go_to(self, day: date) -> None:
        """Move the clocks, stopping at what falls due."""
        target = _midnight(day)
        while True:
            now = max(node.clock.now() for node in self._nodes())
            due = min((due for node in self._nodes() if (due := node.local.due()) and due > now), default=target)
            for node in self._nodes():
                node.set_clock(max(now, min(due, target)))
            self._network.settle()
            if due >= target:
                return

    def set_mode(self, area_code: str, mode: Mode) -> None:
        """Tell every node; whoever joins tells of everybody."""
        request = participation_pb2.SetParticipationRequest(area_code=area_code, mode=mode.value)  # type: ignore[arg-type]
        stub = participation_pb2_grpc.ParticipationDrillServiceStub
        for path in self._paths:
            self._client(CONSOLE, path).call(stub, "SetParticipation", request)
        self._network.settle()
        if mode is Mode.SELECTIVE:
            self._file_opt_out(area_code)

    def look(self, snapshot: participation.Snapshot) -> Day:
        """Enter some new residents everywhere, then compare each register with what J-LIS sees of it."""
        for code in self._codes.values():
            self._enter(code)
        self._network.settle()
        center = self._network.nodes[CENTER]
        unseen, residents = {}, 0
        for name, code in self._codes.items():
            live = self._living(code)
            with center.register.read() as db:
                seen = {(f"{row[0]:011d}", area) for area in {area for _, area in live} for row in live_rows(db, area)}
            residents += len(live)
            unseen[name] = len(live - seen)
        names = frozenset(participation.modes_on(snapshot.day))
        agrees = names == snapshot.names and {name for name, count in unseen.items() if count} == snapshot.names
        return Day(snapshot.day, names, residents, unseen, agrees)

    def _living(self, code: str) -> set[tuple[str, str]]:
        """(住民票コード, area) of everybody who lives in a municipality, as its own clerk sees it."""
        request = counter_pb2.ListResidentsRequest(operation=self._operation())
        told = self._clerk(code, counter_pb2_grpc.CounterServiceStub, "ListResidents", request)
        assert not told.next_page_token
        return {
            (record.identification.resident_code, record.identification.area_code)
            for record in told.residents
            if record.state != counter_pb2.RESIDENT_STATE_REMOVED
        }

    def _enter(self, code: str) -> None:
        """Some new residents; in a designated city in its first ward. A town that has merged enters nobody."""
        wards = areas.wards_of(code)
        area = wards[0] if wards else areas.find(code)
        assert area is not None
        today = self._network.nodes[CENTER].clock.today()
        if not area.exists_on(today):
            return
        for _ in range(FAMILY):
            self._count += 1
            person = counter_pb2.NewPerson(name=f"架空　{self._count}", sex=identification_pb2.SEX_FEMALE)
            request = counter_pb2.EnterExOfficioRequest(
                operation=self._operation(), person=person, address=f"{area.full_name}架空町{self._count}番",
                change_date=day_message(today), area_code=area.code if wards else "",
            )  # fmt: skip
            self._clerk(code, counter_pb2_grpc.CounterServiceStub, "EnterExOfficio", request)

    def _file_opt_out(self, code: str) -> None:
        """Before the first look: one of three asks to be withheld."""
        self._enter(code)
        stub = participation_pb2_grpc.ParticipationServiceStub
        request = participation_pb2.FileOptOutRequest(operation=self._operation(), resident_ids=[1])
        self._clerk(code, stub, "FileOptOut", request)

    def _operation(self) -> counter_pb2.Operation:
        self._count += 1
        return counter_pb2.Operation(
            request_id=f"replay-{self._count}", verification_id="v", operator_id="o", reason="再現"
        )

    def _clerk(self, code: str, stub: Callable[..., Any], method: str, request: Any) -> Any:
        return self._client(f"operator/{code}/c01", f"municipality/{code}").call(stub, method, request)

    def _client(self, who: str, path: str) -> Client:
        if (who, path) not in self._clients:
            node = self._network.nodes[path]
            listener = node.drill_listener if who == CONSOLE else node.listener
            credentials = self._layout.client(self._network.authority, who)
            self._clients[who, path] = Client(credentials, listener.address, path)
        return self._clients[who, path]

    def _nodes(self) -> list[Node]:
        return [self._network.nodes[path] for path in self._paths]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), JST)
