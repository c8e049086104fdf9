"""The appended tables as data: how many rows were in force, whom each names, and who may use 個人番号."""

from __future__ import annotations

from datetime import date

import pytest

from jukinet.data import rows as package_rows
from jukinet.model import appended_table, offices
from jukinet.model.appended_table import SNAPSHOTS, TABLES
from jukinet.model.main_affairs import main_affairs, monthly_figures

COUNTS = {
    "2021-04-01": [184, 56, 66, 55, 66, 4],
    "2021-06-01": [183, 58, 68, 57, 68, 5],
    "2026-06-14": [300, 86, 103, 85, 103, 7],
}
CONJUNCTIONS = ("又は", "若しくは", "及び", "並びに", "、")


@pytest.mark.parametrize("day", COUNTS)
def test_rows_in_force_are_as_many_as_the_ministry_counts(day: str) -> None:
    assert [len(appended_table.rows(table, date.fromisoformat(day))) for table in TABLES] == COUNTS[day]


@pytest.mark.parametrize(
    ("day", "stands_for", "approximate"),
    [
        ("2020-06-01", "2021-04-01", True),
        ("2021-04-01", "2021-04-01", False),
        ("2021-05-31", "2021-04-01", True),
        ("2021-06-01", "2021-06-01", False),
        ("2026-06-13", "2021-06-01", True),
        ("2026-06-14", "2026-06-14", False),
    ],
)
def test_between_two_snapshots_the_last_applies(day: str, stands_for: str, approximate: bool) -> None:
    on = date.fromisoformat(day)
    assert (str(appended_table.snapshot(on)), appended_table.is_approximate(on)) == (stands_for, approximate)


def test_a_row_is_of_its_day() -> None:
    taxes = {day: appended_table.find("4-1-10", day) for day in SNAPSHOTS}
    assert [row is not None for row in taxes.values()][:2] == [False, True], "地方税 was 4-1-9 before 2021-05-19"
    assert appended_table.find("7-1", SNAPSHOTS[0]) is None


@pytest.mark.parametrize("day", SNAPSHOTS, ids=str)
def test_every_body_of_the_first_table_is_one_office(day: date) -> None:
    known = {office.name: office for office in offices.national().values()}
    for row in appended_table.rows(1, day):
        for body in row.recipients:
            assert offices.is_recipient(row, known[body]), body
            assert not body.endswith(CONJUNCTIONS)
            assert not body.startswith(CONJUNCTIONS)


@pytest.mark.parametrize("day", SNAPSHOTS, ids=str)
def test_every_wording_of_the_other_tables_is_decided(day: date) -> None:
    undecided = {row.recipient for table in (2, 3, 4, 5, 6) for row in appended_table.rows(table, day)}
    assert [text for text in undecided if not offices.is_decided(text)] == []


@pytest.mark.parametrize(
    ("affair", "office", "named"),
    [
        ("1-77", "japan-pension-service", True),
        ("1-77", "mhlw", True),
        ("1-77", "national-tax-agency", False),
        ("2-5-6", "132152-mayor", True),
        ("2-5-6", "132152-education", True),
        ("2-2-2", "132152-education", False),
        ("2-2-2", "130001-governor", False),
        ("3-4-2", "140007-governor", True),
        ("5-4-2", "130001-education", False),
        ("6-2", "130001-education", True),
        ("6-2", "130001-governor", False),
    ],
)
def test_a_row_names_its_offices_and_nobody_else(affair: str, office: str, named: bool) -> None:
    row = appended_table.find(affair, SNAPSHOTS[0])
    assert row is not None
    assert offices.is_recipient(row, offices.parse(office)) is named


@pytest.mark.parametrize(
    ("town", "text", "named"),
    [
        ("074829", "町村長", True),
        ("141003", "指定都市の長", True),
        ("132152", "指定都市の長", False),
        ("132152", "市長又は福祉事務所を管理する町村長", True),
        ("074829", "市長又は福祉事務所を管理する町村長", False),
        ("131156", "保健所を設置する市又は特別区の長", True),
        ("132152", "保健所を設置する市又は特別区の長", False),
    ],
)
def test_kinds_of_towns_are_told_apart(town: str, text: str, named: bool) -> None:
    row = next(row for table in (2, 4) for row in appended_table.rows(table, SNAPSHOTS[0]) if row.recipient == text)
    assert offices.is_recipient(row, offices.parse(f"{town}-mayor")) is named


@pytest.mark.parametrize("text", ["", "trading-company", "132152", "132152-governor", "130001-mayor", "999999-mayor"])
def test_no_office_is_made_up(text: str) -> None:
    with pytest.raises(ValueError, match="no such office"):
        offices.parse(text)


NUMBERS = {
    "1-77": "三十一", "1-74": "二十四", "1-72": "一", "1-69": "五十七", "1-44-2": "三十八", "1-42": "二十九",
    "1-47-5": "八十一", "1-77-13": "九十五", "1-63": "五", "1-16": "no", "1-26": "no", "1-30": "no", "1-31": "no",
    "1-113": "no", "1-73-2": "no", "2-2-2": "十六", "2-5-6": "五十六", "2-5-24": "三十", "2-5-23": "六十八",
    "2-5-11": "十五", "2-1-8": "no", "3-4-2": "十六", "3-5-4": "九十一", "4-1-9": "十六", "4-1-8": "no",
    "5-4-2": "十六", "5-6": "no", "5-9-5": "十一", "5-28": "十九", "6-3": "九十一", "6-1": "二十六",
}  # fmt: skip


@pytest.mark.parametrize("affair", NUMBERS)
def test_who_may_use_the_individual_number_was_read_by_hand(affair: str) -> None:
    row = appended_table.find(affair, SNAPSHOTS[0])
    assert row is not None
    assert row.number_item == NUMBERS[affair]


@pytest.mark.parametrize(
    ("affair", "item"), [("1-72-3", "no"), ("5-8-3", "no"), ("1-77", "三十一"), ("5-29", "六十一の二")]
)
def test_the_mapping_of_a_later_day_was_read_by_hand_too(affair: str, item: str) -> None:
    row = appended_table.find(affair, SNAPSHOTS[2])
    assert row is not None
    assert row.number_item == item


def test_every_mapping_names_an_item_that_exists() -> None:
    items = {row["item"] for row in package_rows("number_use_2021-06-01.csv")}
    used = {row.number_item for day in SNAPSHOTS for table in TABLES for row in appended_table.rows(table, day)}
    assert used - {"no"} <= items
    assert len(used) > 90


def test_main_affairs_and_monthly_figures_are_tied_to_rows_that_name_them() -> None:
    for affair in main_affairs():
        rows = [appended_table.find(one, SNAPSHOTS[0]) for one in affair.affair_ids]
        assert all(row is not None and row.table == affair.table for row in rows)
    assert sum(count or 0 for figures in monthly_figures() for count in figures.months) == 1_451_961_046
    for figures in monthly_figures():
        row = appended_table.find(figures.affair_id, SNAPSHOTS[0])
        assert row is not None
        assert offices.is_recipient(row, offices.parse(figures.office_id))
