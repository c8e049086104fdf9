"""SQL of 支援措置."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from jukinet.model.identification import ChangeReason
from jukinet.model.support import Support
from jukinet.store.database import Connection

_COLUMNS = "support.id, support.resident_id, start_date, last_date, end_date"
_OPEN = "end_date = '' AND last_date >= ?"


def add_support(db: Connection, resident_id: int, start: date, last: date) -> None:
    """Begin."""
    db.execute(
        "INSERT INTO support (resident_id, start_date, last_date) VALUES (?,?,?)",
        (resident_id, start.isoformat(), last.isoformat()),
    )


def current(db: Connection, resident_id: int, today: date) -> Support | None:
    """What is neither over nor ended, of this record."""
    row = db.execute(
        f"SELECT {_COLUMNS} FROM support WHERE resident_id = ? AND {_OPEN} ORDER BY id DESC LIMIT 1",
        (resident_id, today.isoformat()),
    ).fetchone()
    return _support(row) if row else None


def is_supported(db: Connection, code: str, today: date) -> bool:
    """Whether any record of this code here, live or 除票, is under 支援措置."""
    row = db.execute(
        "SELECT 1 FROM support JOIN resident ON resident.id = support.resident_id"
        f" WHERE resident.code = ? AND {_OPEN} LIMIT 1",
        (int(code), today.isoformat()),
    ).fetchone()
    return row is not None


def set_last_date(db: Connection, support_id: int, last: date) -> None:
    """Extend."""
    db.execute("UPDATE support SET last_date = ? WHERE id = ?", (last.isoformat(), support_id))


def set_end_date(db: Connection, support_id: int, on: date) -> None:
    """End before its time."""
    db.execute("UPDATE support SET end_date = ? WHERE id = ?", (on.isoformat(), support_id))


def supports(db: Connection, after: int, limit: int, since: date) -> list[tuple[Support, ChangeReason, date | None]]:
    """A page, in order of number, with how and when the record was removed; `since` leaves out what was over before."""
    rows = db.execute(
        f"SELECT {_COLUMNS}, removal_reason, CASE state WHEN 3 THEN removal_date ELSE '' END FROM support"
        " JOIN resident ON resident.id = support.resident_id"
        " WHERE support.id > ? AND last_date >= ? AND (end_date = '' OR ? = '0001-01-01') ORDER BY support.id LIMIT ?",
        (after, since.isoformat(), since.isoformat(), limit),
    )
    return [(_support(row), ChangeReason(row[5]), _day(row[6])) for row in rows]


def _support(row: Sequence[Any]) -> Support:
    return Support(row[0], row[1], date.fromisoformat(row[2]), date.fromisoformat(row[3]), _day(row[4]))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
