"""The people whom somebody looked at: an opaque key each, so that no address says a number or a name."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from jukinet.stack import holding
from jukinet.stack.fault import Exit, StackFault
from jukinet.stack.holding import Holding, Record
from jukinet.stack.reach import Reach

BURST_SECONDS = 15.0
"""Changes that follow each other within this are one: a notice takes a while from the municipality up."""

Cell = tuple[str, str, str]
"""A column (node and record) and a field."""
View = Mapping[Cell, str]


@dataclass(slots=True)
class Followed:
    """One person: the key, the code it stands for, and how the last looks saw them."""

    key: str
    code: str
    name: str
    before: View | None = None
    now: View | None = None
    changed_at: float = field(default=float("-inf"))

    def see(self, view: View, instant: float) -> dict[Cell, str]:
        """Take a new look: the cells that differ from before the last change, each with what stood there."""
        if self.now is None:
            self.before = view
        elif view != self.now:
            if instant - self.changed_at > BURST_SECONDS:
                self.before = self.now
            self.changed_at = instant
        self.now = view
        before = self.before or {}
        return {cell: before.get(cell, "") for cell in (*before, *view) if before.get(cell, "") != view.get(cell, "")}


class Persons:
    """Whom one looked at on each stage, kept as long as the stage and the console live."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[Reach, dict[str, Followed]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def all(self, stage: Reach) -> list[Followed]:
        """Everybody looked at on this stage, in the order in which they were chosen."""
        with self._lock:
            return list(self._known.get(stage, {}).values())

    def find(self, stage: Reach, key: str) -> Followed:
        """By key; StackFault if it stands for nobody here."""
        with self._lock:
            found = self._known.get(stage, {}).get(key)
        if found is None:
            raise StackFault(
                "This key stands for nobody on the present stage; keys last as long as the console and the stage.",
                "この符号に当たる人は、今の舞台にはいません（符号はコンソールと舞台が続く間だけ有効です）。",
                "Choose the person again on /people（「人」の画面で選び直してください）.",
                Exit.REFUSED,
            )
        return found

    def choose(self, stage: Reach, node: str, resident_id: int) -> Followed:
        """Give a person of a municipality a key, the same one again if it has one under any of its codes."""
        own = holding.record_of(stage, stage.topology.find(node).path, resident_id)
        code = own.value("resident_code") if own else ""
        if own is None or not code:
            raise StackFault(
                "There is no such resident record.",
                "その住民票はありません。",
                "Look for people on /people.",
                Exit.REFUSED,
            )
        codes = {one for held in holding.holdings(stage, code).values() for one in held.codes} | {code}
        with self._lock:
            known = self._known.setdefault(stage, {})
            for one in known.values():
                if one.code in codes:
                    return one
            key = f"p{len(known) + 1}"
            known[key] = Followed(key, code, own.value("name"))
            return known[key]

    def look(self, person: Followed, view: View) -> dict[Cell, str]:
        """What changed since the last change, for two windows alike."""
        with self._lock:
            return person.see(view, time.monotonic())


def column(held: Holding, record: Record) -> str:
    """Names one record of one node."""
    return f"{held.node} {record.area_code} {record.resident_id}"


def message_ids(stage: Reach, code: str) -> list[str]:
    """The notices in which a person was heard of, and the calls that gave of them, by the names of messages."""
    heard = [("notice", one.node, one.position) for one in holding.messages(stage, code) if not one.said]
    given = [("rpc", one.node, one.audit_id) for one in holding.provisions(stage, code)]
    return list(dict.fromkeys(f"{kind}-{node.replace('/', '-')}-{place}" for kind, node, place in (*heard, *given)))
