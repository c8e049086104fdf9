"""Golden traces: what travelled in each step, as a partial order, without what replays differ in."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from jukinet.drill.messages import COUNTER, NOTICE, Message
from jukinet.drill.recorder import short_name

_COUNTED = re.compile(r"^(?P<what>.*?) ?(?P<count>(?<![0-9])[0-9]+)件$")
TRAINER = "trainer"
"""Id of the clerk with whom the player looks at a counter: what it looks at is no part of a story."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """Messages of one step that are alike, however they were packed, and however often one asked again."""

    kind: str
    sender: str
    receiver: str
    rule: str
    article: str
    what: tuple[tuple[str, int], ...]
    refusal: str = ""

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        found: dict[str, Any] = {
            "kind": self.kind, "from": self.sender, "to": self.receiver, "rule": self.rule, "article": self.article,
            "what": [f"{what} {count}" if count else what for what, count in self.what],
        }  # fmt: skip
        return found | ({"refusal": self.refusal} if self.refusal else {})


def of_step(messages: Iterable[Message]) -> dict[str, Any]:
    """Arrows in a fixed order, and which of them came before which: a relayed batch goes hop by hop."""
    counts: dict[tuple[str, ...], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    chains: dict[str, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
    for message in messages:
        if is_look(message):
            continue
        key = (
            message.kind, name_of(message.sender), name_of(message.receiver), message.rule, message.article,
            message.refusal,
        )  # fmt: skip
        for what, count in _parts(message):
            counts[key][what] += count
        if message.kind == NOTICE:
            chains[message.header_hash].append((message.lamport, key))
    arrows = {
        key: Arrow(key[0], key[1], key[2], key[3], key[4], tuple(sorted(found.items())), key[5])
        for key, found in counts.items()
    }
    order = sorted(arrows)
    places = {key: place for place, key in enumerate(order)}
    before = set()
    for chain in chains.values():
        chain.sort()
        before |= {(places[one], places[other]) for (_, one), (_, other) in pairwise(chain)}
    return {"arrows": [arrows[key].plain() for key in order], "before": [list(pair) for pair in sorted(before)]}


def _parts(message: Message) -> list[tuple[str, int]]:
    if message.kind != NOTICE:
        # How often a person asks is the story's; how often a node asks, its retries'.
        return [(what, 1 if message.plane == COUNTER and message.accepted else 0) for what in message.what]
    found = []
    for what in message.what:
        counted = _COUNTED.match(what)
        found.append((counted["what"], int(counted["count"])) if counted else (what, message.records))
    return found


def carried(messages: Iterable[Message], rule: str, sender: str = "", receiver: str = "") -> int:
    """How much came by a rule, from somebody, to somebody, or to anyone: records of notices, and calls."""
    return sum(
        message.records
        for message in messages
        if message.rule == rule
        and not message.refusal
        and sender in ("", name_of(message.sender))
        and receiver in ("", name_of(message.receiver))
    )


def is_look(message: Message) -> bool:
    """Whether it is the player's own look at a counter."""
    return message.sender.startswith("operator/") and message.sender.endswith(f"/{TRAINER}")


def name_of(path: str) -> str:
    """How a trace names somebody: 国立市, J-LIS, 国立市の窓口, office/japan-pension-service."""
    kind, _, rest = path.partition("/")
    if kind == "operator":
        area = rest.partition("/")[0]
        return f"{short_name(f'municipality/{area}') if area != 'jlis' else 'J-LIS'}の窓口"
    return short_name(path) if kind in ("municipality", "prefecture", "jlis") else path


def differences(expected: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]]) -> list[str]:
    """Where a trace leaves the golden one, in words; empty if it does not."""
    told = []
    wanted = {step["id"]: step for step in expected}
    for step in found:
        golden = wanted.pop(step["id"], None)
        if golden is None:
            told.append(f"{step['id']}: not in the golden trace")
            continue
        for key in ("outcome", "before"):
            if golden[key] != step[key]:
                told.append(f"{step['id']}: {key} is {step[key]}, golden {golden[key]}")
        texts = [[json.dumps(arrow, ensure_ascii=False) for arrow in one["arrows"]] for one in (golden, step)]
        told += [f"{step['id']}: missing {arrow}" for arrow in texts[0] if arrow not in texts[1]]
        told += [f"{step['id']}: unexpected {arrow}" for arrow in texts[1] if arrow not in texts[0]]
    return told + [f"{id}: never played" for id in wanted]


def read_golden(file: Path) -> list[dict[str, Any]]:
    """The golden trace of a scenario, step by step; empty if none is kept yet."""
    if not file.exists():
        return []
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["steps"]
    return found


def write_golden(file: Path, name: str, steps: Sequence[dict[str, Any]]) -> None:
    """Keep a trace as the golden one."""
    lines = ",\n".join(_step_text(step) for step in steps)
    file.write_text(f'{{"scenario": {json.dumps(name)}, "steps": [\n{lines}\n]}}\n', encoding="utf-8")


def _step_text(step: dict[str, Any]) -> str:
    arrows = ",\n   ".join(json.dumps(arrow, ensure_ascii=False) for arrow in step["arrows"])
    head = f'  {{"id": {json.dumps(step["id"])}, "outcome": {json.dumps(step["outcome"])}, "arrows": ['
    return (
        f'{head}\n   {arrows}\n  ], "before": {json.dumps(step["before"])}}}' if arrows else f'{head}], "before": []}}'
    )
