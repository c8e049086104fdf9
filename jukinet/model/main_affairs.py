"""What the ministry published of one year's provisions: by appended table, by main affair, and month by month."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jukinet.data import rows
from jukinet.model.provision import Form

MONTHS = ("apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "jan", "feb", "mar")


@dataclass(frozen=True, slots=True)
class MainAffair:
    """A 主な事務 with its yearly count, and the 項 of 2021-04-01 that it is."""

    table: int
    recipient: str
    affair: str
    count: int
    fiscal_year: str
    affair_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableTotal:
    """What went out under one appended table in a year; `affairs` is the number of its 項 on 2021-04-01."""

    table: int
    affairs: int
    count: int
    fiscal_year: str


@dataclass(frozen=True, slots=True)
class MonthlyFigures:
    """令和2年度 of one agency, affair and form, from April; None where the table is blank."""

    agency: str
    affair: str
    form: Form
    office_id: str
    affair_id: str
    months: tuple[int | None, ...]


@cache
def main_affairs() -> tuple[MainAffair, ...]:
    """The 57 of the overview, as it lists them."""
    return tuple(
        MainAffair(
            int(row["table"]), row["recipient"], row["affair"], int(row["count"]), row["fiscal_year"],
            tuple(row["affair_ids"].split(";")),
        )
        for row in rows("main_affairs.csv")
    )  # fmt: skip


@cache
def table_totals() -> tuple[TableTotal, ...]:
    """One for each appended table."""
    return tuple(
        TableTotal(int(row["table"]), int(row["affairs"]), int(row["count"]), row["fiscal_year"])
        for row in rows("appended_table_totals.csv")
    )


@cache
def monthly_figures() -> tuple[MonthlyFigures, ...]:
    """The 18 rows of the overview's monthly tables."""
    forms = {form.japanese: form for form in Form}
    return tuple(
        MonthlyFigures(
            row["agency"], row["affair"], forms[row["form"]], row["office_id"], row["affair_id"],
            tuple(int(row[month]) if row[month] else None for month in MONTHS),
        )
        for row in rows("monthly_provision_r2.csv")
    )  # fmt: skip
