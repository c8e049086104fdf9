"""Which area an address in words begins with."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache

from jukinet.model import areas
from jukinet.model.areas import Area


def lies_elsewhere(address: str, area_code: str, on: date) -> bool:
    """Whether the address begins with the name of another area of that day than this one, its city or prefecture.

    The longest name counts. An address that begins with no area's name says nothing; nor does a 町 or 村, or a 区 of
    another designated city, without its prefecture, 郡 or city: 栄町 and 東区 are names within many municipalities.
    """
    own = areas.find(area_code)
    if own is None:
        return False
    text, names = "".join(address.split()), _by_name()
    for length in range(min(len(text), _longest()), 0, -1):
        begins = text[:length]
        named = [area for area in names.get(begins, ()) if area.exists_on(on) and _is_named(area, begins, own)]
        if named:
            return not any(area.code in (own.code, own.city_code) or area.name == own.prefecture for area in named)
    return False


def _is_named(area: Area, text: str, own: Area) -> bool:
    return area.kind != "ward" or text != area.name or own.city_code == area.city_code


@cache
def _by_name() -> dict[str, list[Area]]:
    names: dict[str, list[Area]] = defaultdict(list)
    for area in (*areas.prefectures(), *areas.municipalities(), *areas.past_municipalities(), *areas.wards()):
        ways = {area.full_name, area.prefecture + area.city + area.name} if area.kind != "prefecture" else {area.name}
        ways |= {area.county + area.city + area.name, area.name}
        for way in ways:
            if way != area.name or area.status not in ("town", "village"):
                names[way].append(area)
    return names


@cache
def _longest() -> int:
    return max(map(len, _by_name()))
