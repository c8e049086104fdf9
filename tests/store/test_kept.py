"""No table without a word on how long it is kept."""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlite_utils

from jlis_center.assemble import TIER as CENTER_TIER
from jukinet.clock import to_micros
from jukinet.model.dates import JST, PartialDate
from jukinet.model.stream import name_key
from jukinet.store import kept, people, register
from jukinet.store.database import Connection, Database, Schema
from jukinet.store.kept import Kept
from jukinet.v1 import identification_pb2
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


# Upper tiers

KUNITACHI, SUGINAMI = "132152", "131156"
UPPER = ("identification", "code_chain", "succeeded", "double", "name_index")


@pytest.fixture
def center(tmp_path: Path) -> Iterator[Database]:
    assert CENTER_TIER.register is not None
    made = Database(tmp_path / "register.db", CENTER_TIER.register)
    yield made
    made.close()


def hold(db: Connection, code: int, area: str, name: str, *, live: int = 0, position: int = 1) -> None:
    person = identification_pb2.Identification(name=name, sex=identification_pb2.SEX_MALE)
    body = person.SerializeToString()
    db.execute("INSERT INTO identification VALUES (?,?,NULL,1,?,6,20,?,1,?,0)", (code, area, live, position, body))
    db.execute("INSERT OR IGNORE INTO name_index VALUES (?,?)", (key(name), code))


def key(name: str) -> int:
    return name_key(name, PartialDate(), 1)


def counts(db: Connection) -> dict[str, int]:
    return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in UPPER}


@pytest.mark.law("keep_identification_at_center")
@pytest.mark.parametrize(
    ("live", "left"),
    [
        pytest.param(0, (0, 0, 0, 0, 0), id="消除された者の記録に伴うものはすべて消える"),
        pytest.param(1, (1, 0, 1, 0, 1), id="現住の者の記録と氏名の索引と承継は残る"),
    ],
)
def test_what_rests_on_an_erased_notice_goes_with_it(center: Database, live: int, left: tuple[int, ...]) -> None:
    def work(db: Connection) -> dict[str, int]:
        hold(db, 1, KUNITACHI, "架空", live=live)
        db.execute("INSERT INTO code_chain VALUES (2, ?, 1, 19, 1, 1)", (KUNITACHI,))
        db.execute("INSERT INTO succeeded VALUES (1, ?, 1)", (SUGINAMI,))
        db.execute("INSERT INTO double VALUES (1, '2021-06-01', 0, 0)")
        register.forget(db, 1, KUNITACHI, 1, 1, 2)
        people.forget_name(db, 1, key("架空"))
        return counts(db)

    assert center.write(work) == dict(zip(UPPER, left, strict=True))


@pytest.mark.law("keep_identification_at_center")
def test_what_rests_on_other_notices_stays(center: Database) -> None:
    def work(db: Connection) -> dict[str, int]:
        hold(db, 1, KUNITACHI, "架空")
        hold(db, 1, SUGINAMI, "架空", live=1, position=2)
        hold(db, 3, KUNITACHI, "模擬", live=1, position=3)
        hold(db, 3, SUGINAMI, "模擬", live=1, position=4)
        db.execute("INSERT INTO code_chain VALUES (2, ?, 1, 19, 1, 7)", (KUNITACHI,))
        db.execute("INSERT INTO succeeded VALUES (1, ?, 2)", (KUNITACHI,))
        db.execute("INSERT INTO succeeded VALUES (3, ?, 2)", (KUNITACHI,))
        db.execute("INSERT INTO double VALUES (3, '2021-06-01', 0, 0)")
        register.forget(db, 1, KUNITACHI, 1, 1, 2)
        people.forget_name(db, 1, key("架空"))
        return counts(db)

    assert center.write(work) == dict(zip(UPPER, (3, 1, 1, 1, 2), strict=True))


@pytest.mark.law("keep_identification_at_center")
def test_a_former_name_is_found_no_more_and_todays_is(center: Database) -> None:
    def work(db: Connection) -> list[list[int]]:
        hold(db, 1, KUNITACHI, "架空", live=1)
        db.execute("INSERT INTO name_index VALUES (?, 1)", (key("往古"),))
        for name in ("往古", "架空"):
            people.forget_name(db, 1, key(name))
        return [people.codes_by_name(db, key(name)) for name in ("往古", "架空")]

    assert center.write(work) == [[], [1]]


# Files of before


def test_papers_of_an_older_file_count_from_its_last_day(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    db = sqlite3.connect(path)
    schema = importlib.import_module("municipality_node.schema")
    schema.migrations.apply(sqlite_utils.Database(db), stop_before="m013_kept")
    db.execute("PRAGMA user_version=12")
    db.execute(
        "INSERT INTO audit (real_time, virtual_time, lamport_time, caller, operator_id, verification_id, event,"
        " article, accepted, refusal, request_id, subjects, reason) VALUES (0,?,0,'','','','','',1,'','','','')",
        (to_micros(datetime(2023, 3, 1, 9, tzinfo=JST)),),
    )
    db.execute("INSERT INTO move_out (head_id, with_card, online, body) VALUES (1,0,0,x'')")
    db.execute("INSERT INTO supplementary_notice_heard VALUES (x'01')")
    entry = (
        "INSERT INTO supplementary_entry (area_code, registered_domicile, registered_head, name, name_kana, birth_date,"
        " sex, code, address, settled_date, moved_abroad, told_by, told_on, from_family_register, removed_date)"
        " VALUES ('','','','','','',0,0,'','',0,'','',0,?)"
    )
    db.executemany(entry, [("2010-01-01",), ("",)])
    db.execute("INSERT INTO household VALUES (1,'132152','',0)")
    resident = (
        "INSERT INTO resident (id, household_id, area_code, code, state, person_sequence, relationship, resident_since,"
        " birth_date_text, registered_domicile, registered_head, former_address, body)"
        " VALUES (?,1,'132152',?,?,1,'','','','','','',x'')"
    )
    db.executemany(resident, [(1, 1, 3), (2, 2, 1)])
    db.commit()
    db.close()
    file = Database(path, MUNICIPALITY_TIER.journal)
    with file.read() as reader:
        assert store.next_due(reader) == date(2024, 3, 2)
    for on, left in ((date(2024, 3, 1), (1, 1, 2)), (date(2024, 3, 2), (0, 0, 2)), (date(2173, 3, 2), (0, 0, 1))):
        file.write(lambda db, on=on: [store.erase_dated(db, kept, on) for kept in store.DATED])  # type: ignore[misc]
        with file.read() as reader:
            tables = ("move_out", "supplementary_notice_heard", "supplementary_entry")
            assert tuple(reader.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables) == left, on
    with file.read() as reader:
        assert reader.execute("SELECT * FROM removed_record").fetchall() == [(1, "2173-03-02")], "nobody told of it"
        assert reader.execute("SELECT removed_date FROM supplementary_entry").fetchall() == [("",)], "the live one"
    file.close()
