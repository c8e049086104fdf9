"""Weighted tables that the generator draws from: ages, surnames, given names; and invented towns."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from random import Random
from typing import Generic, Literal, NamedTuple, TypeVar

from jukinet import data

Sex = Literal["male", "female"]

T = TypeVar("T")

# How much likelier a name of the list of common names is than any other.
_COMMON_NAME_WEIGHT = 20


class Name(NamedTuple):
    """A surname or given name as written, and its reading in katakana."""

    written: str
    kana: str


class AgeBand(NamedTuple):
    """A sex and five years of age: `first_age` to `first_age` + 4."""

    sex: Sex
    first_age: int


class Town(NamedTuple):
    """An invented 町名 and its highest 丁目, 0 where it has none."""

    name: str
    highest_chome: int


@dataclass(frozen=True, slots=True)
class Weighted(Generic[T]):
    """Values with cumulative weights."""

    values: Sequence[T]
    cumulative: Sequence[float]

    @classmethod
    def of(cls, values: Sequence[T], weights: Sequence[float]) -> "Weighted[T]":
        """Take one weight for each value."""
        return cls(values, tuple(accumulate(weights)))

    def pick(self, rng: Random) -> T:
        """Draw one value."""
        return self.values[bisect(self.cumulative, rng.random() * self.cumulative[-1])]

    def picks(self, rng: Random, count: int) -> list[T]:
        """Draw several values, each independent of the others."""
        return rng.choices(self.values, cum_weights=self.cumulative, k=count)


@cache
def surnames() -> Weighted[Name]:
    """Give surnames, the frequent ones heavier."""
    rows = data.rows("surnames.csv")
    return Weighted.of(
        [Name(row["surname"], row["kana"]) for row in rows],
        [1 / (int(row["rank"])) for row in rows],
    )


@cache
def given_names(sex: Sex) -> Weighted[Name]:
    """Give given names of one sex, the common ones heavier."""
    rows = [row for row in data.rows("given_names.csv") if row["sex"] == sex]
    return Weighted.of(
        [Name(row["name"], row["kana"]) for row in rows],
        [_COMMON_NAME_WEIGHT if row["common"] == "1" else 1 for row in rows],
    )


@cache
def pyramid(prefecture_code: str) -> Weighted[AgeBand]:
    """Give sexes and ages as registered in a prefecture (two digits) at 2021-01-01; the last band begins at 100."""
    bands: list[AgeBand] = []
    weights: list[float] = []
    sexes: tuple[Sex, Sex] = ("male", "female")
    rows = {row["sex"]: row for row in data.rows("population_age_sex.csv") if row["prefecture_code"] == prefecture_code}
    for sex in sexes:
        for column, persons in rows[sex].items():
            if column[0].isdigit():
                bands.append(AgeBand(sex, int(column.rstrip("+").split("-")[0])))
                weights.append(int(persons))
    return Weighted.of(bands, weights)


@cache
def towns() -> tuple[Town, ...]:
    """Give the invented towns."""
    return tuple(Town(row["name"], int(row["chome"])) for row in data.rows("towns.csv"))
