"""The honesty page: what is simulated, simplified, assumed or missing here, and what is secret in the real network."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from jukinet.console.texts import Table, Text, TextError, read

FILE = "honesty.toml"


class Group(StrEnum):
    """Under which heading an item stands, in the order of the page."""

    SIMULATED = "simulated"
    SIMPLIFIED = "simplified"
    ASSUMED = "assumed"
    SECRET = "secret"
    MISSING = "missing"


class Mark(StrEnum):
    """How well something is known; MARKS says it in words."""

    LAW = "law"
    OFFICIAL = "official"
    CORROBORATED = "corroborated"
    PRACTICE = "practice"
    INFERRED = "inferred"
    UNCONFIRMED = "unconfirmed"
    OURS = "ours"


GROUPS: dict[Group, Text] = {
    Group.SIMULATED: Text("法令どおりに動くもの", "What works as the law says"),
    Group.SIMPLIFIED: Text("簡単にしたもの", "What is simplified"),
    Group.ASSUMED: Text("公表された資料がなく、仮に決めたもの", "What is assumed, because no public text says it"),
    Group.SECRET: Text("実物では公表されていないもの", "What is secret in the real network"),
    Group.MISSING: Text("まだないもの", "What is not there"),
}

MARKS: dict[Mark, Text] = {
    Mark.LAW: Text("条文で確かめた", "read in the law"),
    Mark.OFFICIAL: Text("国や自治体の資料で確かめた", "read in official papers"),
    Mark.CORROBORATED: Text("原典は見ていないが、公表された例と合う", "not read, but agrees with published examples"),
    Mark.PRACTICE: Text("実務の資料による", "as practitioners tell it"),
    Mark.INFERRED: Text("条文から導いた解釈", "follows from the law, but is not written there"),
    Mark.UNCONFIRMED: Text("確かめられなかった", "could not be confirmed"),
    Mark.OURS: Text("この模擬の定め", "our own"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is said: about what, what, how well it is known, on which article or source, where in the code."""

    group: Group
    title: Text
    body: Text
    mark: Mark
    reference: str
    code: tuple[str, ...]


@cache
def items() -> tuple[Item, ...]:
    """Every item, in the order of the file."""
    return parse(read(FILE))


def of_group(group: Group) -> tuple[Item, ...]:
    """The items under one heading."""
    return tuple(item for item in items() if item.group is group)


def parse(file: Table) -> tuple[Item, ...]:
    """Make items of a file; TextError names the entry that is wrong."""
    found = tuple(_item(entry) for entry in file.tables("item"))
    file.end()
    for group in Group:
        if not any(item.group is group for item in found):
            raise TextError(f"{file.where}: nothing is said to be {group.value}")
    return found


def _item(entry: Table) -> Item:
    group, mark = entry.word("group"), entry.word("mark")
    if group not in {known.value for known in Group}:
        raise TextError(f"{entry.where}: no group is called {group}; see Group")
    if mark not in {known.value for known in Mark}:
        raise TextError(f"{entry.where}: no mark is called {mark}; see Mark")
    return Item(
        group=Group(group),
        title=entry.text("title"),
        body=entry.both(),
        mark=Mark(mark),
        reference=entry.word("reference"),
        code=entry.words("code"),
    )
