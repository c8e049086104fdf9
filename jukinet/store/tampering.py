"""What somebody might do who holds a node's disk: for drills that show how it is found. The node must not run."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from jukinet.store import audit

JOURNAL = "journal.db"


def change_audit_reason(folder: Path) -> None:
    """The reason of the last act of a clerk is written over."""
    _write(
        folder,
        "UPDATE audit SET reason = '別の事由' WHERE id = (SELECT max(id) FROM audit WHERE caller LIKE 'operator/%')",
    )


def rewrite_audit_log(folder: Path) -> None:
    """The same, by somebody who knows the log: every leaf is reckoned anew, and the signed heads are thrown away."""
    change_audit_reason(folder)
    with closing(sqlite3.connect(folder / JOURNAL)) as db:
        rows = db.execute(f"SELECT {', '.join(audit.COLUMNS)} FROM audit ORDER BY id").fetchall()
    _write(folder, "DELETE FROM audit_leaf")
    for row in rows:
        _write(folder, "INSERT INTO audit_leaf VALUES (?,?)", row[0], audit.leaf_hash(row))
    _write(folder, "DELETE FROM tree_head")


def remove_audit_row(folder: Path) -> None:
    """The last act of a clerk is taken out."""
    _write(folder, "DELETE FROM audit WHERE id = (SELECT max(id) FROM audit WHERE caller LIKE 'operator/%')")


def change_provision(folder: Path) -> None:
    """To whom the last provision went is written over."""
    _write(
        folder, "UPDATE audit SET provision = x'0a0178' WHERE id = (SELECT max(id) FROM audit WHERE provision <> x'')"
    )


def drop_journal_tail(folder: Path) -> None:
    """The last batch is taken out of the journal."""
    _write(folder, "DELETE FROM batch WHERE position = (SELECT max(position) FROM batch)")


TAMPERINGS: Mapping[str, Callable[[Path], None]] = {
    one.__name__: one
    for one in (change_audit_reason, rewrite_audit_log, remove_audit_row, change_provision, drop_journal_tail)
}


def _write(folder: Path, statement: str, *values: int | bytes) -> None:
    """Past every trigger: they keep a programme from a mistake, not whoever holds the disk from what he means."""
    with closing(sqlite3.connect(folder / JOURNAL)) as db, db:
        triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f'DROP TRIGGER "{name}"')
        db.execute(statement, values)
        for _, again in triggers:
            db.execute(again)
