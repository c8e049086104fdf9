"""Expands provision_core.csv, read by hand from 法30条の9 – 30条の15, over every row of the appended tables.

Imports nothing of the project: what is expected must not come from what is tested. The tables are read as files.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
DATA = HERE.parent.parent / "jukinet" / "data"
DAYS = {"2021-04-01": "2021-04-01", "2021-06-01": "2021-06-01", "2023-02-06": "2021-06-01", "2026-06-14": "2026-06-14"}
"""Days that are asked about, and the snapshot that stands for each."""

TOKYO, KANAGAWA = "130001", "140007"
PROVIDERS = {"jlis": "jlis", "prefecture": TOKYO, "municipality": "132144"}
TERRITORY = {"near": TOKYO, "far": KANAGAWA, "any": TOKYO}
LOCAL = {
    "mayor": "132152-mayor", "election": "132152-election", "governor": "130001-governor",
    "other governor": "140007-governor", "prefectural election": "130001-election",
    "prefectural education": "130001-education", "other education": "140007-education",
    "national stranger": "coal-pension-fund",
}  # fmt: skip
NAMES = {
    "mayor": ("市町村長", "市町村長その他の執行機関"),
    "election": ("選挙管理委員会", "市町村長その他の執行機関"),
    "governor": ("都道府県知事", "都道府県知事その他の執行機関", "都道府県知事又は教育委員会"),
    "prefectural election": ("都道府県知事その他の執行機関", "都道府県知事以外の執行機関"),
    "prefectural education": (
        "教育委員会", "都道府県知事以外の執行機関", "都道府県知事又は教育委員会", "都道府県知事その他の執行機関",
    ),
}  # fmt: skip
"""Which wordings of 上欄 name whom; a row that is worded otherwise is left to tests of its own."""
PLAIN = {text for texts in NAMES.values() for text in texts}


class Case(NamedTuple):
    """One question, and what must come of it."""

    provider: str
    area_code: str
    office: str
    affair: str
    day: str
    notifying: str
    via: bool
    outcome: str
    article: str
    number: bool


def cases() -> Iterator[Case]:
    """All of them."""
    core = _rows(HERE / "provision_core.csv")
    bodies = {row["name"]: row["id"] for row in _rows(DATA / "offices.csv")}
    for day, snapshot in DAYS.items():
        tables = {number: _table(number, snapshot) for number in "123456"}
        for template in core:
            for row in tables[template["table"]]:
                case = _case(template, row, tables, bodies, day)
                if case is not None:
                    yield case


def _case(
    template: dict[str, str], row: dict[str, str], tables: dict[str, list[dict[str, str]]], bodies: dict[str, str],
    day: str,
) -> Case | None:  # fmt: skip
    table, who, outcome, article = (template[name] for name in ("table", "office", "outcome", "article"))
    office = bodies.get(row["recipient"], "") if who == "named" else LOCAL[who]
    if not office:
        return None  # several bodies in one 上欄
    if who != "named" and table != "1" and row["recipient"] not in PLAIN:
        return None
    applied = row
    near = template["territory"] == "near"
    if template["provider"] == "jlis" and table in "24" and who in ("mayor", "election"):
        found = _like(row, tables["2" if near else "4"])
        if found is None:
            outcome, article = "AFFAIR_NOT_IN_TABLE", ""
        elif (named := found["recipient"] in NAMES[who]) or found["recipient"] not in PLAIN:
            if not named or who == "election":
                return None  # a wording, or an organ, that this template does not speak of
            applied = found
        else:
            outcome, article = "NOT_THE_RECIPIENT", ""
    elif table in "356" and who in NAMES and outcome in ("allow", "own store", "NOT_THE_RECIPIENT"):
        named = row["recipient"] in NAMES[who]
        if named == (outcome == "NOT_THE_RECIPIENT"):
            return None
    elif _is_skipped(template, row, tables):
        return None
    number = outcome == "allow" and applied["number_item"] != "no"
    return Case(
        template["provider"], PROVIDERS[template["provider"]], office, f"{table}-{row['item_id']}", day,
        TERRITORY[template["territory"]], template["via"] == "yes", outcome, article, number,
    )  # fmt: skip


def _like(row: dict[str, str], table: list[dict[str, str]]) -> dict[str, str] | None:
    """The same 事務 in the table that applies: in the same words, or the only one of its law and 上欄."""
    same = [one for one in table if one["affair"] == row["affair"]]
    if same:
        return same[0]
    worded = [one for one in table if (one["basis_law"], one["recipient"]) == (row["basis_law"], row["recipient"])]
    return worded[0] if len(worded) == 1 else None


def _is_skipped(
    template: dict[str, str], row: dict[str, str], tables: dict[str, list[dict[str, str]]]
) -> bool:  # fmt: skip
    """Whether the template's stranger is none in this row, or the law has the 事務 for it in another table."""
    if template["office"] == "national stranger" and template["table"] == "1":
        return "石炭鉱業年金基金" in row["recipient"]
    return template["outcome"] == "AFFAIR_NOT_IN_TABLE" and _elsewhere(template, row, tables)


def _elsewhere(template: dict[str, str], row: dict[str, str], tables: dict[str, list[dict[str, str]]]) -> bool:
    """Whether the table that the law turns to for this office has the 事務 after all."""
    turned_to = {
        "mayor": ("2", "4"), "governor": ("3",), "national stranger": ("1",), "prefectural education": ("6",),
    }[template["office"]]  # fmt: skip
    return any(_like(row, tables[table]) is not None for table in turned_to)


def _table(number: str, snapshot: str) -> list[dict[str, str]]:
    return _rows(DATA / "appended_tables" / f"appended_table_{number}_{snapshot}.csv")


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
