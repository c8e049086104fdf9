"""The audit's column for 個人番号: files of before open, keep their rows, and stay append-only."""

from __future__ import annotations

import importlib
import sqlite3
from pathlib import Path

import pytest
import sqlite_utils

from jukinet.clock import Clock
from jukinet.node.config import Tier
from jukinet.store import audit
from jukinet.store.database import Database

FIRST = {"municipality": "m001_register", "prefecture": "m001_journal", "jlis": "m001_journal"}
MODULES = {"municipality": "municipality_node", "prefecture": "prefecture_node", "jlis": "jlis_center"}


def tier(kind: str) -> Tier:
    found: Tier = importlib.import_module(f"{MODULES[kind]}.assemble").TIER
    return found


def yesterday(path: Path, kind: str) -> None:
    """A file with the first migration alone, and one row in its audit."""
    schema = tier(kind).journal
    migrations = getattr(importlib.import_module(schema.module), schema.migrations)
    db = sqlite3.connect(path, isolation_level=None)
    names = [one.name for one in migrations.pending(sqlite_utils.Database(db))]
    assert names[0] == FIRST[kind]
    migrations.apply(sqlite_utils.Database(db), stop_before=names[1])
    db.execute(
        "INSERT INTO audit (real_time, virtual_time, lamport_time, caller, operator_id, verification_id, event,"
        " article, accepted, refusal, request_id, subjects, reason) VALUES (1,1,1,'c','o','v','GetResident','a',1,"
        "'','r','12','w')"
    )
    db.execute("PRAGMA user_version=1")
    db.close()


@pytest.mark.parametrize("kind", list(MODULES), ids=["市区町村", "都道府県", "機構"])
def test_a_file_of_before_gets_the_column_and_its_rows_stay(tmp_path: Path, kind: str) -> None:
    yesterday(tmp_path / "journal.db", kind)
    db = Database(tmp_path / "journal.db", tier(kind).journal)
    entry = audit.Entry("c", "PrintNotice", "a", True, number_access=True)
    db.write(lambda connection: audit.append(connection, Clock(), entry))
    with db.read() as connection:
        rows = connection.execute("SELECT event, subjects, number_access FROM audit ORDER BY id").fetchall()
    assert rows == [("GetResident", "12", 0), ("PrintNotice", "", 1)]
    with pytest.raises(sqlite3.IntegrityError, match="audit is append-only"):
        db.write(lambda connection: connection.execute("UPDATE audit SET number_access = 0"))
    db.close()
