"""How municipalities take part, and how they did between 2002-08-05 and 2015-03-30 (the ministry's overview)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cache

from jukinet.data import rows
from jukinet.model import areas


class Mode(IntEnum):
    """How a municipality takes part; the values of the wire."""

    FULL = 1
    OUTSIDE = 2
    SELECTIVE = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """From a day on, a municipality takes part in this way."""

    day: date
    area_code: str
    name: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Whom the overview names as not taking part on a day."""

    day: date
    names: frozenset[str]


_MODES = {
    "nonparticipation_start": Mode.OUTSIDE,
    "conditional_participation": Mode.SELECTIVE,
    "participation": Mode.FULL,
    "service_start": Mode.FULL,
    "primary_operation": Mode.FULL,
    "data_transmission_completed": Mode.FULL,
}
"""What the printed events mean. A declaration changes nothing yet, and 二次稼働 comes after the first data."""
BEGIN, END = date(2002, 8, 5), date(2015, 3, 30)


@cache
def turns() -> tuple[Turn, ...]:
    """Every change of the history, in order of day."""
    found = [
        Turn(day, row["code"] or _code_of(row["municipality"], day), row["municipality"], mode)
        for row in rows("nonparticipation_events.csv")
        if (mode := _MODES.get(row["event"])) is not None and (day := date.fromisoformat(row["date"]))
    ]
    return tuple(sorted(found, key=lambda turn: (turn.day, turn.area_code)))


@cache
def snapshots() -> tuple[Snapshot, ...]:
    """The seven days of the overview."""
    return tuple(
        Snapshot(date.fromisoformat(row["date"]), frozenset(row["nonparticipating"].split()))
        for row in rows("nonparticipation_snapshots.csv")
    )


def modes_on(day: date) -> dict[str, Mode]:
    """Name and mode of each municipality that did not take part as the law orders on a day."""
    last = {turn.name: turn.mode for turn in turns() if turn.day <= day}
    return {name: mode for name, mode in last.items() if mode is not Mode.FULL}


def _code_of(name: str, day: date) -> str:
    """Code of a municipality that is no more."""
    return areas.by_name(name, day)[0].code
