"""Fictional households of a municipality, drawn from its published figures; the same seed gives the same people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from jukinet.model import areas
from jukinet.model.areas import Area
from jukinet.synthetic import tables
from jukinet.synthetic.families import ADULT_YEARS, YEAR, Drawn, Family, form_families
from jukinet.synthetic.tables import Name, Sex, Weighted

# People are drawn and grouped so many at a time: the first household is there at once, and memory stays flat.
_CHUNK = 1_000

# A register writes surname and given name with a full-width space between.
_SPACE = "\u3000"

# About a quarter of all people are the spouse of a head, so that 1 % of all have a 旧氏 beside the name.
_FORMER_SURNAME_SHARE = 0.04


@dataclass(frozen=True, slots=True)
class Person:
    """A fictional resident: what a 住民票 needs of a person before any number is given."""

    name: str
    name_kana: str
    birth_date: date
    sex: Sex
    relationship: str
    japanese: bool = True
    alias: str = ""
    former_surname: str = ""
    former_surname_kana: str = ""


@dataclass(frozen=True, slots=True)
class Household:
    """People who live together, 世帯主 first.

    `area_code` is the ward's in a designated city, else the municipality's.
    """

    members: tuple[Person, ...]
    address: str
    area_code: str


def households(area_code: str, residents: int, seed: int, on: date = date(2021, 6, 1)) -> Iterator[Household]:
    """Draw the households of a municipality or ward, `residents` persons in all.

    Ages and sexes follow the prefecture's pyramid of 2021, sizes the municipality's mean; ages are as of `on`, and
    wards are those of that day. Each area has its own stream, and a larger count of residents begins with the same
    households, but for the last one or two thousand persons. Raises LookupError for a code that names no municipality
    or ward, ValueError where the ward does not exist on that day or the count is negative.
    """
    area = areas.find(area_code)
    if area is None or area.kind == "prefecture":
        raise LookupError(f"{area_code!r} is not the code of a municipality or ward; see areas.by_name")
    if not area.exists_on(on):
        raise ValueError(f"{area.full_name} does not exist on {on}; see areas.wards_of")
    if residents < 0:
        raise ValueError("the count of residents cannot be negative")
    return _draw(area, residents, on, Random(f"{seed}/{area_code}"))


def _draw(area: Area, residents: int, on: date, rng: Random) -> Iterator[Household]:
    homes = _homes(area, on)
    share = _households_per_person(area)
    left = residents
    while left:
        size = _CHUNK if left >= 2 * _CHUNK else left  # no last chunk too small to make families of
        left -= size
        people = _draw_people(area.prefecture_code, size, on, rng)
        for family in form_families(people, max(1, round(size * share)), on.toordinal(), rng):
            yield _settle(family, homes.pick(rng), rng)


def _homes(area: Area, on: date) -> Weighted[Area]:
    """Give the wards of a designated city by population, or the area itself."""
    places = areas.wards_of(area.code, on) or (area,)
    return Weighted.of(places, [place.population or 1 for place in places])


def _households_per_person(area: Area) -> float:
    # A ward of after 2021 has no figures, its city has; for a municipality of the past its prefecture stands in.
    counted = area if area.population else areas.find(area.city_code) or areas.prefecture_of(area.code)
    return counted.households / counted.population


def _draw_people(prefecture_code: str, count: int, on: date, rng: Random) -> list[Drawn]:
    """Draw sexes and birthdays from the pyramid, again if nobody is an adult (a handful of residents may be so)."""
    pyramid = tables.pyramid(prefecture_code)
    latest_adult = on.toordinal() - ADULT_YEARS * YEAR
    first_days = {age: _years_before(on, age + 5) + 1 for _, age in pyramid.values}
    while True:
        people = []
        for sex, age in pyramid.picks(rng, count):
            first = first_days[age]
            # A band ends where the next younger begins, today for the youngest.
            last = first_days.get(age - 5, on.toordinal() + 1)
            people.append(Drawn(sex, first + int(rng.random() * (last - first))))
        if any(person.born <= latest_adult for person in people):
            return people


def _years_before(day: date, years: int) -> int:
    """Give the ordinal of the same day some years ago, of 28 February for a leap day without one."""
    leap_day = (day.month, day.day) == (2, 29)
    return (day.replace(year=day.year - years, day=28 if leap_day else day.day)).toordinal()


def _settle(family: Family, home: Area, rng: Random) -> Household:
    """Give a family its names and its address."""
    surname = tables.surnames().pick(rng)
    taken: set[str] = set()
    members = []
    for relationship, drawn in family.members():
        given = _given_name(drawn.sex, taken, rng)
        former = _former_surname(surname, rng) if drawn is family.spouse else None
        members.append(
            Person(
                name=surname.written + _SPACE + given.written,
                name_kana=surname.kana + _SPACE + given.kana,
                birth_date=date.fromordinal(drawn.born),
                sex=drawn.sex,
                relationship=relationship,
                former_surname=former.written if former else "",
                former_surname_kana=former.kana if former else "",
            )
        )
    return Household(tuple(members), home.full_name + _street(rng), home.code)


def _given_name(sex: Sex, taken: set[str], rng: Random) -> Name:
    """Draw a name that nobody else in the household bears."""
    while True:
        name = tables.given_names(sex).pick(rng)
        if name.written not in taken:
            taken.add(name.written)
            return name


def _former_surname(surname: Name, rng: Random) -> Name | None:
    if rng.random() >= _FORMER_SURNAME_SHARE:
        return None
    former = tables.surnames().pick(rng)
    return former if former.written != surname.written else None


def _street(rng: Random) -> str:
    """Invent a 町名 and number: みどり台2丁目3番4号, or みどり町12番地3."""
    town = tables.towns()[int(rng.random() * len(tables.towns()))]
    block, house = 1 + int(rng.random() * 40), 1 + int(rng.random() * 30)
    if not town.highest_chome:
        return f"{town.name}{block}番地{house}"
    return f"{town.name}{1 + int(rng.random() * town.highest_chome)}丁目{block}番{house}号"
