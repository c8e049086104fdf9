from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet.model.dates import PartialDate, civil_day, days_passed, kept_through, wareki


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1990-05-01", (1990, 5, 1)),
        ("1990-05", (1990, 5, 0)),
        ("1990", (1990, 0, 0)),
        ("", (0, 0, 0)),
        ("2000-02-29", (2000, 2, 29)),
    ],
)
def test_a_date_is_read_as_far_as_it_is_known_and_written_back(text: str, parts: tuple[int, int, int]) -> None:
    partial = PartialDate.parse(text)
    assert (partial.year, partial.month, partial.day) == parts
    assert str(partial) == text


@pytest.mark.parametrize(
    "text",
    [
        "1990-02-30",
        "1900-02-29",
        "1990-13",
        "1990-00",
        "1990-05-00",
        "0000",
        "90",
        "1990-5-1",
        "1990/05/01",
        " 1990",
        "1990\n",
        "１９９０",
        "-05-01",
    ],
)
def test_an_impossible_or_malformed_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="leave an unknown part out"):
        PartialDate.parse(text)


@pytest.mark.parametrize(
    "parts", [(0, 5, 1), (0, 5, 0), (1990, 0, 1), (0, 0, 1), (-1, 1, 1), (1990, -1, 0), (2**32, 1, 1)]
)
def test_parts_that_make_no_date_or_stand_without_what_is_above_them_are_refused(parts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="leave"):
        PartialDate(*parts)


@given(st.dates())
def test_a_wholly_known_date_survives_text_and_back(day: date) -> None:
    partial = PartialDate.of(day)
    assert PartialDate.parse(str(partial)) == partial
    assert partial.exact() == day


def test_a_partly_known_date_has_no_exact_day() -> None:
    assert PartialDate(1990, 5).exact() is None


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2021, 6, 1), "令和3年6月1日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1912, 7, 30), "大正元年7月30日"),
        (date(1912, 7, 29), "明治45年7月29日"),
        (date(1868, 10, 23), "明治元年10月23日"),
        (date(1868, 10, 22), "西暦1868年10月22日"),
    ],
)
def test_an_era_begins_on_its_very_day(day: date, text: str) -> None:
    assert wareki(day) == text


@pytest.mark.parametrize(
    ("text", "wareki_text"),
    [
        ("", "年月日不詳"),
        ("1945", "昭和20年月日不詳"),
        ("1945-08", "昭和20年8月日不詳"),
        ("1989", "昭和64年又は平成元年月日不詳"),
        ("1989-01", "昭和64年1月又は平成元年1月日不詳"),
        ("1989-02", "平成元年2月日不詳"),
    ],
)
def test_an_unknown_part_is_written_as_unknown_and_both_eras_named_where_it_decides(
    text: str, wareki_text: str
) -> None:
    assert PartialDate.parse(text).to_wareki() == wareki_text


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2021, 5, 31, 14, 59, 59, tzinfo=UTC), date(2021, 5, 31)),
        (datetime(2021, 5, 31, 15, 0, tzinfo=UTC), date(2021, 6, 1)),
        (datetime(2021, 6, 1, 0, 0, tzinfo=timezone(timedelta(hours=9))), date(2021, 6, 1)),
    ],
)
def test_the_civil_day_turns_at_midnight_in_japan(instant: datetime, day: date) -> None:
    assert civil_day(instant) == day


def test_a_naive_datetime_has_no_civil_day() -> None:
    with pytest.raises(ValueError, match="time zone"):
        civil_day(datetime.fromisoformat("2021-06-01T00:00:00"))


def test_fourteen_days_have_passed_on_the_fifteenth_day_after_the_event() -> None:
    assert days_passed(date(2021, 6, 1), 14) == date(2021, 6, 16)
    assert days_passed(date(2021, 6, 1), 30) == date(2021, 7, 2)


@pytest.mark.parametrize(
    ("notice", "years", "last_day"),
    [
        pytest.param(date(2021, 6, 2), 150, date(2171, 6, 1), id="the day of the notice is the first day"),
        pytest.param(date(2021, 1, 1), 1, date(2021, 12, 31), id="across new year"),
        pytest.param(date(2020, 2, 29), 1, date(2021, 2, 28), id="leap day to a year without one"),
        pytest.param(date(2020, 2, 29), 4, date(2024, 2, 28), id="leap day to a year with one"),
        pytest.param(date(2023, 3, 1), 1, date(2024, 2, 29), id="first of March into a leap year"),
        pytest.param(date(2024, 2, 29), 150, date(2174, 2, 28), id="leap day and 150 years"),
    ],
)
def test_a_period_counted_from_a_day_ends_the_day_before_its_anniversary(
    notice: date, years: int, last_day: date
) -> None:
    assert kept_through(notice, years) == last_day


@pytest.mark.parametrize("years", [0, -1])
def test_a_period_of_no_years_is_refused(years: int) -> None:
    with pytest.raises(ValueError, match="at least one year"):
        kept_through(date(2021, 6, 2), years)
