"""Files from before there was retention follow the journal that is there already."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from google.type import date_pb2
from relay.bench import CENTER, KUNITACHI, TOKYO, bench, operation

from jukinet.v1 import counter_pb2

FILES = [
    (KUNITACHI, "journal.db"),
    (TOKYO, "journal.db"),
    (TOKYO, "register.db"),
    (CENTER, "journal.db"),
    (CENTER, "register.db"),
]
TABLES = ("retention", "unsuperseded", "removed_record")
REGISTER = ("identification", "tally", "applied", "applied_count", "quarantine", "move_out_confirmation", *TABLES)


def rows(file: Path, tables: tuple[str, ...]) -> dict[str, list[tuple[object, ...]]]:
    db = sqlite3.connect(file)
    there = {row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    found = {name: sorted(db.execute(f"SELECT * FROM {name}"), key=repr) for name in tables if name in there}
    db.close()
    return found


def make_older(file: Path) -> None:
    """Take out what the migration put in."""
    db = sqlite3.connect(file)
    for trigger in ("batch_no_update", "removed_record_restored"):
        db.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    for table in TABLES:
        db.execute(f"DROP TABLE IF EXISTS {table}")
    if file.name == "journal.db":
        db.execute("ALTER TABLE batch DROP COLUMN redacted")
        refuse = "SELECT RAISE(ABORT, 'batch is append-only')"
        db.execute(f"CREATE TRIGGER batch_no_update BEFORE UPDATE ON batch BEGIN {refuse}; END")
    db.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '%retention'")
    db.execute("PRAGMA user_version=1")
    db.commit()
    db.close()


def test_yesterdays_files_follow_their_journals(tmp_path: Path) -> None:
    with bench(tmp_path, [CENTER, TOKYO, KUNITACHI]) as net:
        net.network.settle()
        for number in range(3):
            net.enter(KUNITACHI, f"n{number}")
        net.network.settle()
        net.counter(
            KUNITACHI,
            "ReportDeath",
            counter_pb2.ReportDeathRequest(
                operation=operation("death"), resident_id=2, death_date=date_pb2.Date(year=2021, month=6, day=1)
            ),
        )
        net.network.settle()
        files = [net.network.layout.node(path) / file for path, file in FILES]
        for path in (KUNITACHI, TOKYO, CENTER):
            net.network.stop(path)
        before = [rows(file, REGISTER) for file in files]
        assert len(before[0]["removed_record"]) == 1
        assert [len(before[at]["unsuperseded"]) for at in (0, 2, 4)] == [2, 2, 2]
        for file in files:
            make_older(file)
        for path in (CENTER, TOKYO, KUNITACHI):
            net.network.start(path)
        net.publish()
        net.network.settle()
        for path in (KUNITACHI, TOKYO, CENTER):
            net.network.stop(path)
        assert [rows(file, REGISTER) for file in files] == before
