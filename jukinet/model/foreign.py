"""What the record of a foreign resident says beyond that of a Japanese (法30条の45), and what 実態調査 found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum


class Category(IntEnum):
    """法30条の45の表の上欄; the values of the wire."""

    UNSPECIFIED = 0
    MEDIUM_TO_LONG_TERM = 1
    SPECIAL_PERMANENT = 2
    TEMPORARY_REFUGE = 3
    PROVISIONAL_STAY = 4
    TRANSITIONAL_BY_BIRTH = 5
    TRANSITIONAL_BY_NATIONALITY_LOSS = 6

    @property
    def japanese(self) -> str:
        """The words of the law."""
        words = ("", "中長期在留者", "特別永住者", "一時庇護許可者", "仮滞在許可者")
        return (*words, "出生による経過滞在者", "国籍喪失による経過滞在者")[self]

    @property
    def is_transitional(self) -> bool:
        """経過滞在者: no status of residence yet, and 60 days to get one."""
        return self in (Category.TRANSITIONAL_BY_BIRTH, Category.TRANSITIONAL_BY_NATIONALITY_LOSS)


@dataclass(frozen=True, slots=True)
class ForeignItems:
    """国籍等 and the table's lower column; empty where the category has no such item. `since` is of the category."""

    nationality: str
    category: Category
    since: date
    status_of_residence: str = ""
    period_of_stay: str = ""
    expiry: date | None = None
    card_number: str = ""


class InvestigationResult(IntEnum):
    """What 実態調査 found; the values of the wire."""

    UNSPECIFIED = 0
    WHEREABOUTS_UNKNOWN = 1
    LIVES_ELSEWHERE = 2
    LIVES_HERE = 3

    @property
    def japanese(self) -> str:
        """The words of the paper."""
        return ("", "居住の事実なし（居所不明）", "居住の事実なし（他所に居住）", "居住の事実を確認")[self]
