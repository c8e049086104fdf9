"""Where each pattern of misuse begins: the look-up before the threshold, and the one on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from jukinet.model.dates import JST
from jukinet.model.misuse import MOST_ROWS, Kind, Limits, Lookup, suspicions
from jukinet.model.provision import Form

TUESDAY = datetime(2021, 6, 1, 10, tzinfo=JST)
SOMEBODY, ANOTHER = b"\0\1\0", b"\0\0\1"


def lookup(
    number: int = 1,
    at: datetime = TUESDAY,
    *,
    operator: str = "o-1",
    accepted: bool = True,
    form: Form = Form.IMMEDIATE,
    asked: int = 1,
    case: str = "A-1",
    subject: bytes = b"",
) -> Lookup:
    return Lookup(number, at, "office/moj", operator, accepted, form, asked, case, subject)


def kinds(lookups: Sequence[Lookup], limits: Limits | None = None) -> list[Kind]:
    return [one.kind for one in suspicions(lookups, limits or Limits())]


def person(days: Sequence[int], subject: bytes = SOMEBODY, operator: str = "o-1") -> list[Lookup]:
    """Look-ups of one person; days are counted from a Tuesday, and weekends left to OFF_HOURS."""
    return [
        lookup(number, TUESDAY + timedelta(days=day), subject=subject, operator=operator)
        for number, day in enumerate(days, start=1)
    ]


@pytest.mark.parametrize(
    ("at", "off"),
    [
        ("2021-06-01 07:59:59", True),
        ("2021-06-01 08:00:00", False),
        ("2021-06-04 20:59:59", False),
        ("2021-06-04 21:00:00", True),
        ("2021-06-05 10:00:00", True),
        ("2021-06-06 10:00:00", True),
        ("2021-06-07 10:00:00", False),
    ],
)
def test_off_hours_begin_at_the_hour_and_on_saturday(at: str, off: bool) -> None:
    assert kinds([lookup(at=datetime.fromisoformat(at).replace(tzinfo=JST))]) == [Kind.OFF_HOURS] * off


@pytest.mark.parametrize(
    ("days", "rows"),
    [
        ((0, 0, 0, 0), []),
        ((0, 0, 0, 0, 0), [1, 2, 3, 4, 5]),
        ((0, 7, 14, 21, 29), [1, 2, 3, 4, 5]),
        ((0, 7, 14, 21, 30), []),
        ((0, 41, 48, 49, 50, 51, 52, 90), [2, 3, 4, 5, 6, 7]),
        ((0, 0, 0, 0, 0, 100, 101, 102, 105, 106, 107), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    ],
)
def test_one_person_is_five_within_thirty_days(days: tuple[int, ...], rows: list[int]) -> None:
    limits = Limits()
    found = [one for one in suspicions(person(days), limits) if one.kind is Kind.ONE_PERSON]
    assert [one.audit_ids for one in found] == [rows] * bool(rows)
    assert [one.count for one in found] == [len(rows)] * bool(rows)


def test_one_person_is_told_apart_from_another_and_by_operator() -> None:
    assert kinds(person((0, 0, 0, 0)) + person((0, 0, 0, 0), ANOTHER)) == []
    assert kinds(person((0, 0, 0, 0)) + person((0,), operator="o-2")) == []
    assert kinds(person((0,) * 5, b"")) == [], "nobody was found, or several"
    by_pages_of_one = [lookup(n, form=Form.LINE, subject=SOMEBODY) for n in range(5)]
    assert kinds(by_pages_of_one) == kinds(person((0,) * 5)) != []
    both = suspicions(person((0,) * 5) + person((0,) * 5, ANOTHER), Limits())
    assert [one.kind for one in both] == [Kind.ONE_PERSON] * 2
    assert SOMEBODY not in repr(both).encode()


def test_bulk_is_beyond_the_records_of_one_operator_on_one_day() -> None:
    half = [lookup(1, form=Form.LINE, asked=10_000), lookup(2, form=Form.MEDIUM, asked=10_000)]
    assert kinds(half) == []
    assert kinds([*half, lookup(3, TUESDAY + timedelta(days=1))]) == []
    assert kinds([*half, lookup(3, operator="o-2")]) == []
    [one] = suspicions([*half, lookup(3)], Limits())
    assert (one.kind, one.count, one.audit_ids) == (Kind.BULK, 20_001, [1, 2, 3])


def test_refused_is_three_by_one_operator_on_one_day_and_nothing_else() -> None:
    night = TUESDAY.replace(hour=23)
    refused = [lookup(n, night, accepted=False, case="") for n in (1, 2, 3)]
    assert kinds(refused[:2]) == []
    assert kinds(refused) == [Kind.REFUSED]
    assert kinds([*refused[:2], lookup(3, night + timedelta(hours=1), accepted=False)]) == []
    assert kinds([*refused[:2], lookup(3, night, accepted=False, operator="o-2")]) == []


def test_a_case_must_be_given_and_be_that_offices_own() -> None:
    asked = [lookup(1), lookup(2, case="")]
    assert [one.audit_ids for one in suspicions(asked, Limits())] == [[2]]
    assert [one.audit_ids for one in suspicions(asked, Limits(), {("office/moj", "A-1")})] == [[2]]
    assert [one.audit_ids for one in suspicions(asked, Limits(), {("office/other", "A-1")})] == [[1, 2]]
    assert [one.audit_ids for one in suspicions(asked, Limits(), set())] == [[1, 2]], "no cases at all"


def test_rows_are_cut_and_the_count_is_not() -> None:
    last = TUESDAY + timedelta(minutes=5)
    [one] = suspicions([lookup(n, last if n > MOST_ROWS else TUESDAY, case="") for n in range(1, 151)], Limits())
    assert (one.count, len(one.audit_ids), one.first, one.last) == (150, MOST_ROWS, TUESDAY, last)
