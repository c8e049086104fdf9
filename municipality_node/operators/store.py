"""SQL of 操作者ID and of the 操作履歴."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from jukinet.clock import to_micros
from jukinet.model.dates import JST
from jukinet.model.operators import Permission
from jukinet.store.database import Connection


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the audit."""

    id: int
    virtual_time: int
    caller: str
    verification_id: str
    operator_id: str
    event: str
    article: str
    subjects: tuple[int, ...]
    refusal: str
    number_access: bool
    reason: str


_ROW = (
    "id, virtual_time, caller, verification_id, operator_id, event, article, subjects, refusal, number_access, reason"
)


def permissions(db: Connection, operator_id: str) -> frozenset[Permission] | None:
    """What was granted; None if nothing ever was."""
    if db.execute("SELECT 1 FROM operator WHERE operator_id = ?", (operator_id,)).fetchone() is None:
        return None
    rows = db.execute("SELECT permission FROM operator_permission WHERE operator_id = ?", (operator_id,))
    return frozenset(Permission(row[0]) for row in rows)


def holders(db: Connection, permission: Permission) -> set[str]:
    """Who has it."""
    rows = db.execute("SELECT operator_id FROM operator_permission WHERE permission = ?", (permission.value,))
    return {row[0] for row in rows}


def is_administered(db: Connection) -> bool:
    """Whether anybody has ADMIN."""
    row = db.execute(
        "SELECT 1 FROM operator_permission WHERE permission = ? LIMIT 1", (Permission.ADMIN.value,)
    ).fetchone()
    return row is not None


def set_permissions(db: Connection, operator_id: str, granted: Iterable[Permission]) -> None:
    """These, and no others."""
    db.execute("INSERT INTO operator VALUES (?) ON CONFLICT DO NOTHING", (operator_id,))
    db.execute("DELETE FROM operator_permission WHERE operator_id = ?", (operator_id,))
    db.executemany("INSERT INTO operator_permission VALUES (?,?)", ((operator_id, p.value) for p in granted))


def operators(db: Connection, after: str, limit: int) -> list[str]:
    """A page of ids, in order."""
    rows = db.execute(
        "SELECT operator_id FROM operator WHERE operator_id > ? ORDER BY operator_id LIMIT ?", (after, limit)
    )
    return [row[0] for row in rows]


def operations(
    db: Connection, after: int, limit: int, operator_id: str, day: date | None, number_access: bool, with_nodes: bool
) -> list[Row]:
    """A page of the audit, oldest first; refused calls that named no operator are the certificate's all the same."""
    begin = to_micros(datetime.combine(day, time(), JST)) if day else 0
    end = to_micros(datetime.combine(day + timedelta(days=1), time(), JST)) if day else 1 << 62
    rows = db.execute(
        f"SELECT {_ROW} FROM audit WHERE id > ? AND (? = '' OR operator_id = ?)"
        " AND virtual_time >= ? AND virtual_time < ? AND number_access >= ?"
        " AND (? OR caller LIKE 'operator/%') ORDER BY id LIMIT ?",
        (after, operator_id, operator_id, begin, end, int(number_access), int(with_nodes), limit),
    )
    return [_row(row) for row in rows]


def operation(db: Connection, audit_id: int) -> Row | None:
    """One row of the audit."""
    row = db.execute(f"SELECT {_ROW} FROM audit WHERE id = ?", (audit_id,)).fetchone()
    return _row(row) if row else None


def _row(row: tuple[Any, ...]) -> Row:
    return Row(
        row[0], row[1], row[2], row[3], row[4], row[5], row[6],
        tuple(map(int, filter(None, row[7].split(",")))), row[8], bool(row[9]), row[10],
    )  # fmt: skip
