"""Grouping of people, whose sexes and ages are given, into plausible households.

Nobody's age is changed to fit a family, so the age pyramid of those who come in is that of those who go out.
"""

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from jukinet.synthetic.tables import Sex

YEAR = 365.25

ADULT_YEARS = 18
LEAST_PARENT_GAP = 18 * YEAR
GREATEST_PARENT_GAP = 45 * YEAR
_GREATEST_SPOUSE_GAP = 12 * YEAR
_LEAST_SIBLING_GAP = 300  # days
_MOST_CHILDREN = 4

# Assumptions, chosen so that about a quarter of the nation is in a couple's second place, as in the census.
_SPOUSE_SHARE = 0.65  # of the adults who are not head of a household
_SINGLE_PARENT_SHARE = 0.12  # of the adults without spouse
_WIFE_AS_HEAD_SHARE = 0.03
_MARRIED_YOUNG_SHARE = 0.1  # of those below 25 whom a couple might take

# How readily an adult of up to so many years lives with parents or, when old, with a child.
_KIN_WEIGHTS = ((25, 1.0), (35, 0.35), (50, 0.15), (70, 0.04), (80, 0.08), (200, 0.3))
_ELDER_YEARS = 70


class Drawn(NamedTuple):
    """A person drawn from the pyramid: sex and day of birth as ordinal."""

    sex: Sex
    born: int


class Member(NamedTuple):
    """A person's place in a household: 続柄 as written in the 住民票."""

    relationship: str
    person: Drawn


@dataclass(slots=True)
class Family:
    """A household that is being put together."""

    head: Drawn
    spouse: Drawn | None = None
    children: list[Drawn] = field(default_factory=list)
    elders: list[Drawn] = field(default_factory=list)
    others: list[Member] = field(default_factory=list)

    @property
    def youngest_parent_born(self) -> int:
        """Birth of the head or spouse, whoever is younger."""
        return max(self.head.born, self.spouse.born if self.spouse else 0)

    def can_raise(self, child: Drawn) -> bool:
        """Say whether head and spouse are of an age to be its parents, and its siblings leave room."""
        parents = [self.head, self.spouse] if self.spouse else [self.head]
        return (
            len(self.children) < _MOST_CHILDREN
            and all(_may_be_parent(parent, child) for parent in parents)
            and all(abs(sibling.born - child.born) >= _LEAST_SIBLING_GAP for sibling in self.children)
        )

    def can_house(self, elder: Drawn) -> bool:
        """Say whether this may be the head's father or mother."""
        return _may_be_parent(elder, self.head) and all(other.sex != elder.sex for other in self.elders)

    def members(self) -> list[Member]:
        """List the head, the spouse, the children by age, then the others."""
        listed = [Member("世帯主", self.head)]
        if self.spouse:
            listed.append(Member("妻" if self.spouse.sex == "female" else "夫", self.spouse))
        listed += [Member("子", child) for child in sorted(self.children, key=_born)]
        listed += [Member("母" if elder.sex == "female" else "父", elder) for elder in self.elders]
        return listed + self.others


def form_families(people: list[Drawn], count: int, today: int, rng: Random) -> list[Family]:
    """Group people into about `count` families, each with an adult as head; everybody gets a place.

    `today` is an ordinal. At least one of the people has to be an adult.
    """
    adults = [person for person in people if _age(person, today) >= ADULT_YEARS]
    minors = [person for person in people if _age(person, today) < ADULT_YEARS]
    joining = max(0, len(people) - count - len(minors))
    couples = round(joining * _SPOUSE_SHARE)
    kin, heads = _choose_kin(adults, joining - couples, today, rng)
    families = _pair(heads, couples, today, rng)
    elders = [person for person in kin if _age(person, today) >= _ELDER_YEARS]
    offspring = [person for person in kin if _age(person, today) < _ELDER_YEARS]
    # Minors choose first: adult children and elders can live alone, minors cannot.
    orphans = _place_children(minors, families, rng)
    alone = _place_children(offspring, families, rng) + _place_elders(elders, families, rng)
    families += [Family(person) for person in alone]
    _take_in(orphans, families)
    rng.shuffle(families)
    return families


def _choose_kin(adults: list[Drawn], count: int, today: int, rng: Random) -> tuple[list[Drawn], list[Drawn]]:
    """Part those who live with parents or children from the rest, by weighted sampling without replacement."""

    def key(person: Drawn) -> float:
        age = _age(person, today)
        weight = next(weight for below, weight in _KIN_WEIGHTS if age < below)
        return float(rng.random() ** (1 / weight))

    ranked = sorted(adults, key=key, reverse=True)
    count = min(count, len(ranked) - 1)
    return ranked[:count], ranked[count:]


def _pair(adults: list[Drawn], couples: int, today: int, rng: Random) -> list[Family]:
    """Make up to `couples` couples of similar age; the rest are heads alone."""
    men = [person for person in adults if person.sex == "male"]
    women = sorted((person for person in adults if person.sex == "female"), key=_born)
    rng.shuffle(men)
    families: list[Family] = []
    for man in men:
        family = Family(man)
        families.append(family)
        if couples <= 0 or not women or (_age(man, today) < 25 and rng.random() >= _MARRIED_YOUNG_SHARE):
            continue
        wished = man.born + rng.gauss(1.5, 3) * YEAR
        place = min(bisect(women, wished, key=_born), len(women) - 1)
        if abs(women[place].born - man.born) <= _GREATEST_SPOUSE_GAP:
            family.spouse = women.pop(place)
            couples -= 1
            if rng.random() < _WIFE_AS_HEAD_SHARE:
                family.head, family.spouse = family.spouse, man
    return families + [Family(woman) for woman in women]


def _place_children(children: list[Drawn], families: list[Family], rng: Random) -> list[Drawn]:
    """Give each child the parents nearest to an age drawn for them; return those for whom nobody fits."""
    parents = [family for family in families if family.spouse or rng.random() < _SINGLE_PARENT_SHARE]
    parents.sort(key=lambda family: family.youngest_parent_born)
    births = [family.youngest_parent_born for family in parents]
    left: list[Drawn] = []
    for child in children:
        wished = child.born - rng.gauss(30, 5) * YEAR
        for place in _outward(bisect(births, wished), len(parents)):
            if parents[place].can_raise(child):
                parents[place].children.append(child)
                break
        else:
            left.append(child)
    return left


def _place_elders(elders: list[Drawn], families: list[Family], rng: Random) -> list[Drawn]:
    """Let each elder live with a child of about 28 years less; return those for whom nobody fits."""
    hosts = sorted(families, key=lambda family: family.head.born)
    births = [family.head.born for family in hosts]
    left: list[Drawn] = []
    for elder in elders:
        wished = elder.born + rng.gauss(28, 4) * YEAR
        for place in _outward(bisect(births, wished), len(hosts)):
            if hosts[place].can_house(elder):
                hosts[place].elders.append(elder)
                break
        else:
            left.append(elder)
    return left


def _take_in(orphans: list[Drawn], families: list[Family]) -> None:
    """Put minors without fitting parents to the head whose age fits best: as child, grandchild or sibling."""
    for orphan in orphans:
        family = min(families, key=lambda family: abs(orphan.born - family.head.born - 30 * YEAR))
        if _may_be_parent(family.head, orphan):
            relationship = "子"
        elif orphan.born - family.head.born > GREATEST_PARENT_GAP:
            relationship = "子の子"
        else:
            relationship = "妹" if orphan.sex == "female" else "弟"
        family.others.append(Member(relationship, orphan))


def _outward(middle: int, length: int) -> Iterator[int]:
    """Count the places of a list from its middle to both ends."""
    for step in range(max(middle, length - middle) + 1):
        if middle + step < length:
            yield middle + step
        if middle - step - 1 >= 0:
            yield middle - step - 1


def _may_be_parent(elder: Drawn, younger: Drawn) -> bool:
    return LEAST_PARENT_GAP <= younger.born - elder.born <= GREATEST_PARENT_GAP


def _age(person: Drawn, today: int) -> float:
    return (today - person.born) / YEAR


def _born(person: Drawn) -> int:
    return person.born
