"""Which area takes over from which, and on what day: reorganized wards and merged municipalities."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, cast

from jukinet import data
from jukinet.model import areas

SuccessionKind = Literal["ward_reorganization", "merger"]


@dataclass(frozen=True, slots=True)
class Succession:
    """One area, or the named towns of it, becomes part of another on a day. `address` begins addresses from then on."""

    former: str
    successor: str
    day: date
    kind: SuccessionKind
    address: str
    towns: tuple[str, ...] = ()

    def rewritten(self, address: str) -> str:
        """The address as of that day; one that does not begin with the former area's name stays as it is."""
        rest = _within(self.former, address)
        return address if rest is None else self.address + rest


def of(area_code: str) -> tuple[Succession, ...]:
    """What becomes of an area, its named towns first; nothing where it lasts."""
    return _by_former().get(area_code, ())


def successor(area_code: str, address: str, on: date) -> Succession | None:
    """What an address of the area has become by that day; None while, or where, the area lasts.

    Where an area is divided, the town that follows its name in the address decides; an address that names none of the
    listed towns goes with the rest.
    """
    come = [succession for succession in of(area_code) if succession.day <= on]
    rest = (_within(area_code, address) or "").lstrip("\u3000 ")
    named = [succession for succession in come if rest.startswith(succession.towns or "\0")]
    return next(iter(named or [succession for succession in come if not succession.towns]), None)


def present(area_code: str, address: str, on: date) -> str:
    """The code of the area that keeps the address on that day: the area itself where it lasts."""
    found = successor(area_code, address, on)
    return present(found.successor, found.rewritten(address), on) if found else area_code


def succeeds(area_code: str, former: str, day: date) -> bool:
    """Whether the one area takes over from the other, or from a part of it, on exactly that day."""
    return any((found.successor, found.day) == (area_code, day) for found in of(former))


def formers(area_code: str, on: date) -> tuple[str, ...]:
    """The areas, themselves lasting no more, that have become this one, or a part of it, by that day."""
    come = [s for rows in _by_former().values() for s in rows if s.successor == area_code and s.day <= on]
    return tuple(dict.fromkeys(code for s in come for code in (s.former, *formers(s.former, on))))


def are_kin(area_code: str, other: str, on: date) -> bool:
    """Whether the one is, or has become, the other, or a part of it: a card or an old record names the former code."""
    return area_code == other or area_code in formers(other, on) or other in formers(area_code, on)


def _within(area_code: str, address: str) -> str | None:
    """What follows the area's name in the address, written with or without prefecture and county."""
    area = areas.find(area_code)
    if area is None:
        return None
    for name in (area.full_name, area.prefecture + area.city + area.name, area.city + area.name):
        if address.startswith(name):
            return address.removeprefix(name)
    return None


@cache
def _by_former() -> dict[str, tuple[Succession, ...]]:
    by_former: dict[str, list[Succession]] = defaultdict(list)
    for row in data.rows("area_successions.csv"):
        by_former[row["from"]].append(
            Succession(
                row["from"], row["to"], date.fromisoformat(row["date"]), cast(SuccessionKind, row["kind"]),
                row["address"], tuple(row["towns"].split()),
            )
        )  # fmt: skip
    return {former: tuple(sorted(rows, key=lambda row: not row.towns)) for former, rows in by_former.items()}
