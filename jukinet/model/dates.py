"""Civil dates: birth dates that may be partly unknown, 和暦, and the two ways in which the law counts a period."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

# A fixed offset: Japan keeps no summer time, and no time zone database is needed.
JST = timezone(timedelta(hours=9), "JST")

# First day of each era, latest first. The calendar before 1873 was lunar: 明治 is counted back in Gregorian days.
_ERAS = (
    (date(2019, 5, 1), "令和"),
    (date(1989, 1, 8), "平成"),
    (date(1926, 12, 25), "昭和"),
    (date(1912, 7, 30), "大正"),
    (date(1868, 10, 23), "明治"),
)

_PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which the day, day and month, or everything may be unknown (不詳); 0 stands for unknown.

    Raises ValueError for a date that no calendar has, and for a day or month known without what stands above it.
    """

    year: int = 0
    month: int = 0
    day: int = 0

    def __post_init__(self) -> None:
        if (self.day and not self.month) or (self.month and not self.year):
            raise ValueError("a day needs its month and a month its year; leave out the finer part instead")
        try:
            date(self.year or 1, self.month or 1, self.day or 1)
        except (ValueError, OverflowError) as error:
            raise ValueError("no calendar has this date; leave an unknown part out") from error

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read "1990-05-01", "1990-05", "1990" or "" (wholly unknown)."""
        if not text:
            return cls()
        match = _PARTIAL_DATE.fullmatch(text)
        if match is None or "0000" in text or "-00" in text:
            raise ValueError("expected YYYY-MM-DD, YYYY-MM, YYYY or nothing; leave an unknown part out")
        return cls(*(int(part) for part in match.groups("0")))

    @classmethod
    def of(cls, day: date) -> "PartialDate":
        """Make a wholly known date."""
        return cls(day.year, day.month, day.day)

    def exact(self) -> date | None:
        """Give the day, or None where a part is unknown."""
        return date(self.year, self.month, self.day) if self.day else None

    def __str__(self) -> str:
        parts = [f"{self.year:04d}"] if self.year else []
        parts += [f"{part:02d}" for part in (self.month, self.day) if part]
        return "-".join(parts)

    def to_wareki(self) -> str:
        """Write in 和暦, unknown parts as 不詳; where the era hangs on the unknown part, both are named.

        A date before 明治 is written as 西暦.
        """
        if not self.year:
            return "年月日不詳"
        last_month = self.month or 12
        first = date(self.year, self.month or 1, self.day or 1)
        last = date(self.year, last_month, self.day or monthrange(self.year, last_month)[1])
        month = f"{self.month}月" if self.month else ""
        years = dict.fromkeys(f"{_era_year(day)}{month}" for day in (first, last))
        unknown = "" if self.day else ("日不詳" if self.month else "月日不詳")
        return "又は".join(years) + (f"{self.day}日" if self.day else "") + unknown


def wareki(day: date) -> str:
    """Write a day in 和暦, as 令和3年6月1日."""
    return PartialDate.of(day).to_wareki()


def civil_day(instant: datetime) -> date:
    """Give the Japanese civil day of an instant; raises ValueError for a datetime without time zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone; a naive datetime could be a day off")
    return instant.astimezone(JST).date()


def days_passed(event_day: date, days: int) -> date:
    """Give the 「N日を経過した日」: the initial day does not count (住基法施行令第24条の2).

    That this is the day after the N-th day is our inference; the texts do not spell it out.
    """
    return event_day + timedelta(days=days + 1)


def kept_through(day: date, years: int) -> date:
    """Give the last day of a period 「起算して」 from `day`: the initial day counts (住基法施行令第34条ほか).

    A notice of 2021-06-02 kept 150 years is kept through 2171-06-01. A period begun on 29 February ends at the end of
    February where its last year has no such day (民法第143条第2項ただし書). Raises ValueError for less than one year.
    """
    if years < 1:
        raise ValueError("a period of retention is at least one year")
    year = day.year + years
    if (day.month, day.day) == (2, 29):
        return date(year, 2, 28)  # the day before the 29th, or the end of a February without one
    return date(year, day.month, day.day) - timedelta(days=1)


def _era_year(day: date) -> str:
    for start, era in _ERAS:
        if day >= start:
            year = day.year - start.year + 1
            return f"{era}{'元' if year == 1 else year}年"
    return f"西暦{day.year}年"
