"""A network for one test: doors by name, a clock that stops at what is due, faults, snapshots, the ledger."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from jukinet.model import areas
from jukinet.model.dates import JST
from jukinet.node.node import Node
from jukinet.pki.identity import Identity
from jukinet.stack.blank import set_clock
from jukinet.stack.layout import CONSOLE, Layout, parent_of
from jukinet.stack.ledger import compare
from jukinet.stack.network import Network
from jukinet.store import journal, links
from jukinet.testing import listing, people
from jukinet.testing.counter import Counter
from jukinet.testing.door import Door
from jukinet.testing.office import Offices
from jukinet.testing.participating import Participating
from jukinet.testing.reconciling import Reconciling
from jukinet.testing.recovering import Recovering
from jukinet.testing.setting_aside import SettingAside
from jukinet.testing.template import Templates, save
from jukinet.v1 import counter_pb2
from jukinet.wire.client import Client, Refused
from jukinet.wire.gate import node_of
from jukinet.wire.peers import BROKEN_CHARACTERS, DELAY, DROP_ANSWER, DUPLICATE, PARTITION, Fault
from municipality_node.assemble import Municipality

CENTER = "jlis/center"
DEFAULT = ("矢祭町", "杉並区", "中野区", "国分寺市", "国立市", "横浜市")
KINDS = {
    "partition": PARTITION, "delay": DELAY, "drop_answer": DROP_ANSWER, "duplicate": DUPLICATE,
    "broken_characters": BROKEN_CHARACTERS,
}  # fmt: skip
PAUSE = 0.002


class Clock:
    """The virtual time of a whole network."""

    def __init__(self, juki: Juki) -> None:
        self._juki = juki

    @property
    def now(self) -> datetime:
        """Where the clocks stand; the latest, if one lags behind."""
        return max(node.clock.now() for node in self._juki.network.nodes.values())

    @property
    def today(self) -> date:
        """The civil day in Japan."""
        return self.now.date()

    def advance(self, days: int = 0, hours: float = 0) -> None:
        """Move forward, stopping wherever something falls due."""
        self.set(self.now + timedelta(days=days, hours=hours))

    def set(self, to: date | datetime | str) -> None:
        """Move to an instant, or to 00:00 JST of a day, stopping wherever something falls due on the way."""
        target = instant(to)
        while (due := self._next_due()) is not None and due <= target:
            self._all(due)
        self._all(target)

    def _next_due(self) -> datetime | None:
        """The next stop ahead of the latest clock."""
        found = [node.local.due() for node in self._juki.network.nodes.values()]
        return min((due for due in found if due is not None and due > self.now), default=None)

    def _all(self, target: datetime) -> None:
        # At rest, and the upper tiers first: what falls due at a municipality then meets clocks that are set already.
        self._juki.settle()
        for path in self._juki.paths:
            if path in self._juki.network.nodes:
                self._juki.network.nodes[path].set_clock(target)
        self._juki.settle()


def instant(value: date | datetime | str) -> datetime:
    """An instant in Japan: of a day, its beginning."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime):
        value = datetime.combine(value, time_of_day())
    return value if value.tzinfo else value.replace(tzinfo=JST)


class Juki(Offices, Reconciling, Participating, Recovering, SettingAside):
    """What the fixture `juki` gives. `juki["国立市"]` is a door: by name, code or path, of a ward too."""

    def __init__(
        self,
        folder: Path,
        templates: Templates,
        *,
        nodes: Sequence[str] = DEFAULT,
        clock: date | datetime | str | None = None,
        seed: int = 0,
        **settings: object,
    ) -> None:
        municipalities = [_path_of(node) for node in nodes]
        governors = sorted({parent_of(path) for path in municipalities})
        self.paths = [CENTER, *governors, *municipalities]
        self.folder = folder
        self.clock = Clock(self)
        self._clients: dict[tuple[str, str], Client] = {}
        self._credentials: dict[str, Path] = {}
        self._faults: dict[str, list[Fault]] = {}
        self._ids = 0
        key = (*self.paths, str(clock), seed)
        copied = templates.copy(key, Layout(folder), self.paths)
        if clock is not None and not copied:
            for path in self.paths:
                set_clock(Layout(folder), path, instant(clock))
        self.network = Network(folder, self.paths, seed=seed, **settings)
        try:
            self._spread_directory()
            self.settle()
        except BaseException:
            self.network.close()
            raise
        if not copied:
            templates.keep(key, Layout(folder), self.network.nodes)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for client in self._clients.values():
            client.close()
        self.network.close()

    # Doors

    def __getitem__(self, name: str) -> Counter:
        """The door of a node: 国立市, 132152, municipality/132152, 東京都, 機構 or, with its own records, 横浜市鶴見区.

        A governor's or J-LIS's has no counter: calling one there is refused.
        """
        return self.clerk(name)

    def clerk(self, name: str, clerk: str = "c01", **operation: str) -> Counter:
        """The door as another clerk, or with another `reason`, `operator_id` or `verification_id`."""
        path, area = self.find(name)
        return Counter(self, path, area, clerk, **operation)

    def find(self, name: str) -> tuple[str, str]:
        """Path of a node, and the ward's code where a ward is meant; LookupError if it is not in this network."""
        if name in ("機構", "J-LIS", "jlis", CENTER):
            return CENTER, ""
        if name in self.paths:
            return name, ""
        one = areas.find(name)
        named = [one] if one else areas.by_name(name)
        if len(named) > 1 and self.network.nodes:
            today = self.clock.today
            named.sort(key=lambda area: not area.exists_on(today))  # 浜松市天竜区 has had another code since 2024
        for area in named:
            ward = area.kind == "ward"
            kind = "prefecture" if area.kind == "prefecture" else "municipality"
            path = f"{kind}/{area.city_code if ward else area.code}"
            if path in self.paths:
                return path, area.code if ward else ""
        raise LookupError(f"{name} is not in this network: {'、'.join(map(self.name, self.paths))}")

    def name(self, path: str) -> str:
        """Short name of a node: 国立市, 東京都, 機構."""
        identity = Identity.parse(path)
        area = areas.find(identity.area_code)
        return "機構" if identity.kind == "jlis" else area.name if area else path

    @staticmethod
    def full_name(area_code: str) -> str:
        """How an address begins there."""
        area = areas.find(area_code)
        return area.full_name if area else ""

    def client(self, path: str, node: str, address: str) -> Client:
        """The line of a clerk or the console to a node, kept."""
        if path not in self._credentials:
            self._credentials[path] = self.network.layout.client(self.network.authority, path)
        key = (path, address)
        if key not in self._clients:
            self._clients[key] = Client(self._credentials[path], address, node)
        return self._clients[key]

    def new_id(self) -> str:
        """A request_id not used in this test."""
        self._ids += 1
        return f"test-{self._ids}"

    @contextmanager
    def refused(self, reason: str) -> Iterator[list[Refused]]:
        """What is called inside must be refused for this reason; the refusal is the list's one item afterwards."""
        caught: list[Refused] = []
        try:
            yield caught
        except Refused as refusal:
            caught.append(refusal)
        assert caught, f"not refused; expected {reason}"
        assert caught[0].reason == reason, f"refused for {caught[0].reason}, not {reason}: {caught[0].answer}"

    def populate(self, name: str, residents: int) -> list[counter_pb2.ResidentRecord]:
        """Enter fictional households by the real rpcs and carry them up; the new 住民票."""
        return people.populate(self, name, residents)

    def console(self, name: str) -> Client:
        """The drill's line to a node."""
        path, _ = self.find(name)
        return self.client(CONSOLE, path, self.network.nodes[path].drill_listener.address)

    # Waiting

    def settle(self, seconds: float = 30.0) -> None:
        """Wait until nothing moves that could: what a cut line or a node that is down holds up is not waited for."""
        deadline = time.monotonic() + seconds
        before: dict[str, Any] | None = None
        while True:
            moving = [path for path, node in self.network.nodes.items() if self._moves(path, node)]
            now = None if moving else self.mark()
            if now is not None and now == before:
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"still moving: {'、'.join(map(self.name, moving))}")
            before = now
            if moving:
                threading.Event().wait(PAUSE)

    def _moves(self, path: str, node: Node) -> bool:
        if node.recovery.recovering:
            return not node.at_rest()
        with node.journal.read() as db:
            if journal.pending_streams(db) or journal.head(db)[0] != node.projector.position:
                return True
            owed = {peer: links.owed(db, peer) for peer in links.peers_owed(db)}
        for peer, cursors in owed.items():
            state = node.links[peer].shown.state if peer in node.links else ""
            if state == "STOPPED" and all(cursor.stopped for cursor in cursors):
                continue  # a stream that is refused holds up no other: those are waited for
            if self._reaches(path, peer) or state not in ("RETRYING", "STOPPED", "OUTSIDE"):
                return True
        if node.local.unpassed() or node.local.tasks().ready:
            return True
        comparing = node.local.reconciling
        if comparing is not None and comparing.running() and self._reaches(path, comparing.peer):
            return True
        return isinstance(node.local, Municipality) and node.local.unanswered() > 0 and self._reaches(path, CENTER)

    def _reaches(self, path: str, peer: str) -> bool:
        cut = (PARTITION, DROP_ANSWER)
        faults = [f for f in self._faults.get(path, ()) if f.kind in cut and f.peer in ("", peer)]
        cut_off = peer not in self.network.nodes or self.network.nodes[path].participation.is_cut(peer)
        return not cut_off and not any(fault.per_mille >= 1000 for fault in faults)

    def mark(self) -> dict[str, int]:
        """How far every journal has come; `hops` takes it as `since`."""
        marks = {}
        for path, node in self.network.nodes.items():
            with node.journal.read() as db:
                marks[path] = journal.head(db)[0]
        return marks

    # Trouble

    def faults(self, name: str, kind: str = "", to: str = "", share: float = 1.0, seconds: float = 0.0) -> None:
        """Put one more fault on the calls of a node: partition, delay, drop_answer or duplicate; no kind heals it.

        broken_characters is a fault of what it seals, whoever takes it.
        `to` is the other end, all by default; `share` of the calls suffer it; `seconds` is how long a delay lasts.
        """
        path, _ = self.find(name)
        peer = self.find(to)[0] if to else ""
        mine = self._faults.setdefault(path, [])
        if kind:
            mine.append(Fault(KINDS[kind], peer, round(share * 1000), seconds))
        else:
            mine.clear()
        self.network.nodes[path].set_faults(mine, self.network.nodes[path].config.seed)

    def cut(self, one: str, other: str) -> None:
        """Cut the line between two nodes, both ways."""
        self.faults(one, "partition", other)
        self.faults(other, "partition", one)

    def heal(self, *, lines: bool = True) -> None:
        """Mend every line, and let everybody try again at once."""
        for path in [path for path, faults in self._faults.items() if lines and path in self.network.nodes]:
            self.faults(path)
        for node in self.network.nodes.values():
            node.retry_now()

    def kill(self, name: str) -> None:
        """Stop a node; what it has on disk stays."""
        path, _ = self.find(name)
        self.network.stop(path)

    def start(self, name: str) -> None:
        """Start a node again with what it has on disk, on a new port; the others try it at once."""
        path, _ = self.find(name)
        node = self.network.start(path)
        node.set_faults(self._faults.get(path, []), node.config.seed)
        self._spread_directory()
        self.heal(lines=False)

    # Keeping

    def snapshot(self, name: str) -> None:
        """Keep the files of all nodes, at rest."""
        self.settle()
        for path, node in self.network.nodes.items():
            save(node, self._kept(name, path))

    def restore(self, name: str) -> None:
        """Put every node back to the snapshot, clocks included, and start it."""
        for path in self.paths:
            if path in self.network.nodes:
                self.kill(path)
        for path in self.paths:
            folder = self.network.layout.node(path)
            for old in folder.glob("*.db*"):
                old.unlink()
            for kept in self._kept(name, path).iterdir():
                shutil.copyfile(kept, folder / kept.name)
        self._faults.clear()
        for path in self.paths:
            self.network.start(path)
        self._spread_directory()
        self.heal()
        self.settle()

    def _spread_directory(self) -> None:
        """Let everybody know where everybody listens now."""
        for node in self.network.nodes.values():
            node.directory.look()

    def _kept(self, name: str, path: str) -> Path:
        return self.folder / "snapshots" / name / path.replace("/", "-")

    # Looking

    def hops(self, of: str | counter_pb2.ResidentRecord = "", since: Mapping[str, int] | None = None) -> list[str]:
        """Who heard of a resident from whom, in causal order: ["国立市→東京都", "東京都→機構"].

        `of` is a 住民票コード or a record; all persons without it.
        """
        return [str(hop) for hop in self.sequence(of, since)]

    def sequence(
        self, of: str | counter_pb2.ResidentRecord = "", since: Mapping[str, int] | None = None
    ) -> list[listing.Hop]:
        """The hops with their articles and contents."""
        code = of if isinstance(of, str) else of.identification.resident_code
        return listing.hops(self, code, since)

    def ledger_differences(self) -> list[str]:
        """Why the ledger is not at zero, in words; empty if it is."""
        nodes = self.network.nodes
        directory = next(iter(nodes.values())).directory.current
        rows = {path: Door(self, path).ledger() for path in nodes}
        unsealed = {path: Door(self, path).status().pending_records for path in nodes}
        return compare(rows, lambda area: node_of(area, directory), unsealed=unsealed).differences

    def ledger_is_zero(self) -> bool:
        """Whether everything said was acknowledged, heard, and applied or set aside, between every two nodes."""
        return not self.ledger_differences()

    def sections(self) -> list[tuple[str, str]]:
        """What is printed under a failed test."""
        return listing.sections(self)


def _path_of(node: str) -> str:
    if "/" in node:
        return Identity.parse(node).path
    one = areas.find(node)
    found = [area for area in ([one] if one else areas.by_name(node)) if area.kind == "municipality"]
    if len(found) != 1:
        raise LookupError(f"{node} names {len(found)} municipalities; give its code or its full name")
    return f"municipality/{found[0].code}"
