"""What somebody might do who holds a node's disk: for drills that show how it is found. The node must not run."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

JOURNAL = "journal.db"


def change_audit_reason(folder: Path) -> None:
    """The reason of the last act of a clerk is written over."""
    _write(
        folder,
        "UPDATE audit SET reason = '別の事由' WHERE id = (SELECT max(id) FROM audit WHERE caller LIKE 'operator/%')",
    )


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
    one.__name__: one for one in (change_audit_reason, remove_audit_row, change_provision, drop_journal_tail)
}


def _write(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / JOURNAL)) as db, db:
        db.execute(statement)
