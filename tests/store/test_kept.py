"""No table without a word on how long it is kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from jlis_center.assemble import TIER as CENTER_TIER
from jukinet.store import kept
from jukinet.store.database import Database, Schema
from jukinet.store.kept import Kept
from municipality_node.assemble import TIER as MUNICIPALITY_TIER
from municipality_node.retention import kept as municipal
from municipality_node.retention import store
from prefecture_node.assemble import TIER as PREFECTURE_TIER

README = Path(municipal.__file__).with_name("README.md")
HEAD = "| table | what of a person | how long | basis | what erases it |\n| --- | --- | --- | --- | --- |"
TITLES = {"Municipality": municipal.TABLES, "Governor": kept.PREFECTURE, "J-LIS": kept.CENTER}


def schemas() -> list[object]:
    found = []
    for name, tier, tables in (
        ("市町村", MUNICIPALITY_TIER, municipal.TABLES),
        ("都道府県", PREFECTURE_TIER, kept.PREFECTURE),
        ("機構", CENTER_TIER, kept.CENTER),
    ):
        files = [tier.journal, *([tier.register] if tier.register else [])]
        found.append(pytest.param(files, tables, id=name))
    return found


def columns(folder: Path, files: Sequence[Schema]) -> dict[str, dict[str, str]]:
    """Columns and their types, of every table of these files."""
    found: dict[str, dict[str, str]] = {}
    for schema in files:
        path = folder / f"{schema.migrations}.db"
        Database(path, schema).close()
        db = sqlite3.connect(path)
        for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            if not table.startswith(("sqlite_", "_sqlite_")):
                found[table] = {row[1]: row[2] for row in db.execute(f"PRAGMA table_info({table})")}
        db.close()
    return found


@pytest.mark.parametrize(("files", "tables"), schemas())
def test_every_table_has_its_line(tmp_path: Path, files: list[Schema], tables: tuple[Kept, ...]) -> None:
    named = [one.table for one in tables]
    assert sorted(named) == sorted(columns(tmp_path, files)), "a table is new, or gone: say how long it is kept"
    assert all(one.period and one.erased_by for one in tables if one.holds)


def test_what_goes_with_a_removed_record_has_its_number(tmp_path: Path) -> None:
    there = columns(tmp_path, [MUNICIPALITY_TIER.journal])
    by_record = {one.table for one in municipal.TABLES if one.erased_by == municipal.WITH_RECORD}
    assert by_record == {table for table, names in there.items() if "resident_id" in names} - {"move_out_person"}
    dated = {one.table for one in store.DATED} | {table for one in store.DATED for table, _ in one.children}
    assert dated - {"answered"} == {one.table for one in municipal.TABLES if one.erased_by == municipal.BY_DAY}


@pytest.mark.parametrize("table", [one.table for one in municipal.TABLES if one.erased_by == municipal.WITH_RECORD])
def test_nothing_forbids_to_erase_it(tmp_path: Path, table: str) -> None:
    path = tmp_path / "journal.db"
    Database(path, MUNICIPALITY_TIER.journal).close()
    db = sqlite3.connect(path)
    forbidden = (
        "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? AND sql LIKE '%append-only%'"
    )
    assert db.execute(forbidden, (table,)).fetchone() == (0,)
    db.close()


def test_the_page_shows_the_tables() -> None:
    text = README.read_text()
    for title, tables in TITLES.items():
        lines = "\n".join(one.line() for one in tables if one.holds)
        assert f"## {title}\n\n{HEAD}\n{lines}\n" in text, f"render {title} of {README.name} anew"
