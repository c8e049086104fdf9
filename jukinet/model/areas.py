"""The areas of Japan: prefectures, municipalities, and the wards of designated cities, known by 全国地方公共団体コード.

As of 2021-01-01, with the wards of 浜松市 before and after 2024-01-01 and some municipalities that have merged since
2002. The tables are read on first use and kept.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from jukinet import data

AreaKind = Literal["prefecture", "municipality", "ward"]


@dataclass(frozen=True, slots=True)
class Area:
    """A prefecture, a municipality (the 23 special wards of 東京都 among them) or a ward of a designated city.

    Figures are register figures of 2021-01-01, 0 where the area did not exist then. `status` is "prefecture", "city",
    "town", "village", "special_ward" or "ward"; `county` is the 郡 or empty; `city_code` and `city` name the designated
    city of a ward. Latitude and longitude are the office's, in degrees, and None for prefectures and wards.
    """

    code: str
    kind: AreaKind
    name: str
    kana: str
    prefecture_code: str
    prefecture: str
    status: str
    county: str = ""
    city_code: str = ""
    city: str = ""
    is_designated_city: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    population: int = 0
    male: int = 0
    female: int = 0
    households: int = 0
    latitude: float | None = None
    longitude: float | None = None

    @property
    def full_name(self) -> str:
        """Name as an address begins: 東京都国立市, 北海道松前郡松前町, 神奈川県横浜市鶴見区."""
        if self.kind == "prefecture":
            return self.name
        return f"{self.prefecture}{self.county}{self.city}{self.name}"

    def exists_on(self, day: date) -> bool:
        """Say whether the area exists on that day; one without dates always does."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


def find(code: str) -> Area | None:
    """Give the area of a six-digit code, past municipalities and past and future wards included."""
    return _all().get(code)


def prefectures() -> tuple[Area, ...]:
    """Give the 47 prefectures by code."""
    return _of_kind("prefecture")


def municipalities() -> tuple[Area, ...]:
    """Give the 1,741 municipalities by code; a designated city is one, its wards are not."""
    return tuple(area for area in _of_kind("municipality") if area.valid_to is None)


def past_municipalities() -> tuple[Area, ...]:
    """Give the municipalities that had ceased to exist by 2021, by code; only those that are simulated."""
    return tuple(area for area in _of_kind("municipality") if area.valid_to is not None)


def wards() -> tuple[Area, ...]:
    """Give the wards of all designated cities by code, past and future ones included."""
    return _of_kind("ward")


def wards_of(city_code: str, on: date | None = None) -> tuple[Area, ...]:
    """Give the wards of a designated city that exist on a day, or at any time; empty for every other area."""
    return tuple(ward for ward in _wards_by_city().get(city_code, ()) if on is None or ward.exists_on(on))


def prefecture_of(area_code: str) -> Area:
    """Give the prefecture that an area lies in, with the governor's code: 132152 lies in 130001.

    Raises LookupError for a code that names no area.
    """
    area = find(area_code)
    if area is None:
        raise LookupError(f"no area has the code {area_code!r}; see areas.by_name")
    return _prefectures_by_number()[area.prefecture_code]


def by_name(name: str, on: date | None = None) -> list[Area]:
    """Give the areas of that name by code: names repeat (府中市), "東京都府中市" or the full name with 郡 does not.

    With a day only those that exist then: 浜松市天竜区 has had another code since 2024.
    """
    return [area for area in _by_name().get(name, ()) if on is None or area.exists_on(on)]


def registered_domicile_area(text: str, on: date) -> Area | None:
    """Give the municipality or ward that a 本籍 lies in, by the longest full name the text begins with on that day.

    None for a text that begins with none, or only with a prefecture or a designated city (本籍 lies in a ward of it).
    """
    names = _by_full_name()
    for length in range(min(len(text), _longest_full_name()), 0, -1):
        found = [area for area in names.get(text[:length], ()) if area.exists_on(on)]
        if found:
            area = found[0]
            return None if area.kind == "prefecture" or area.is_designated_city else area
    return None


@cache
def _by_full_name() -> dict[str, list[Area]]:
    index: dict[str, list[Area]] = defaultdict(list)
    for area in _all().values():
        index[area.full_name].append(area)
    return index


@cache
def _longest_full_name() -> int:
    return max(map(len, _by_full_name()))


@cache
def _all() -> dict[str, Area]:
    numbers = {row["name"]: row["code"][:2] for row in data.rows("prefectures.csv")}
    cities = {row["code"]: row["name"] for row in data.rows("municipalities.csv")}
    read: list[Area] = []
    for kind, table in _TABLES:
        for row in data.rows(table):
            prefecture = row.get("prefecture", row["name"])
            city_code = row.get("city_code", "")
            read.append(
                Area(
                    code=row["code"],
                    kind=kind,
                    name=row["name"],
                    kana=row["kana"],
                    prefecture_code=numbers[prefecture],
                    prefecture=prefecture,
                    status=row.get("kind", kind),
                    county=row.get("county", ""),
                    city_code=city_code,
                    city=cities.get(city_code, ""),
                    is_designated_city=row.get("designated_city") == "1",
                    valid_from=_day(row.get("valid_from")),
                    valid_to=_day(row.get("valid_to")),
                    population=int(row["population"] or 0),
                    male=int(row["male"] or 0),
                    female=int(row["female"] or 0),
                    households=int(row["households"] or 0),
                    latitude=_degrees(row.get("latitude")),
                    longitude=_degrees(row.get("longitude")),
                )
            )
    return {area.code: area for area in sorted(read, key=lambda area: area.code)}


_TABLES: tuple[tuple[AreaKind, str], ...] = (
    ("prefecture", "prefectures.csv"),
    ("municipality", "municipalities.csv"),
    ("municipality", "past_municipalities.csv"),
    ("ward", "wards.csv"),
)


@cache
def _of_kind(kind: AreaKind) -> tuple[Area, ...]:
    return tuple(area for area in _all().values() if area.kind == kind)


@cache
def _prefectures_by_number() -> dict[str, Area]:
    return {area.prefecture_code: area for area in prefectures()}


@cache
def _wards_by_city() -> dict[str, list[Area]]:
    by_city: dict[str, list[Area]] = defaultdict(list)
    for ward in wards():
        by_city[ward.city_code].append(ward)
    return dict(by_city)


@cache
def _by_name() -> dict[str, list[Area]]:
    index: dict[str, list[Area]] = defaultdict(list)
    for area in _all().values():
        with_city = area.city + area.name
        for name in dict.fromkeys((area.name, with_city, area.prefecture + with_city, area.full_name)):
            index[name].append(area)
    return dict(index)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _degrees(text: str | None) -> float | None:
    return float(text) if text else None
