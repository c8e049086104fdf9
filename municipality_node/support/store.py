"""SQL of 支援措置."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from jukinet.model.identification import ChangeReason
from jukinet.model.support import Support
from jukinet.store.database import Connection
from municipality_node import store
from municipality_node.former import store as former_store
from municipality_node.store import Resident

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


def is_supported(db: Connection, resident: Resident, today: date) -> bool:
    """Whether any record of this person here, live or 除票, is under 支援措置.

    Records are the same person's by the number, or by a code that one of them has and the other has, or had until the
    person changed it.
    """
    rows = db.execute(f"SELECT DISTINCT resident_id FROM support WHERE {_OPEN}", (today.isoformat(),)).fetchall()
    protected = [found for row in rows if (found := store.resident(db, row[0])) is not None]
    if not protected:
        return False
    person = resident.person
    codes = _codes(db, resident)
    return any(
        found.id == resident.id
        or (person.individual_number and found.person.individual_number == person.individual_number)
        or codes & _codes(db, found)
        for found in protected
    )


def _codes(db: Connection, resident: Resident) -> set[str]:
    return {resident.person.resident_code, *former_store.changed_codes(db, resident.id)}


def set_last_date(db: Connection, support_id: int, last: date) -> None:
    """Extend."""
    db.execute("UPDATE support SET last_date = ? WHERE id = ?", (last.isoformat(), support_id))


def set_end_date(db: Connection, support_id: int, on: date) -> None:
    """End before its time."""
    db.execute("UPDATE support SET end_date = ? WHERE id = ?", (on.isoformat(), support_id))


def carry_over(db: Connection, old_id: int, new_id: int, today: date) -> None:
    """Let what is neither over nor ended protect the person by another record."""
    db.execute(
        f"UPDATE support SET resident_id = ? WHERE resident_id = ? AND {_OPEN}", (new_id, old_id, today.isoformat())
    )


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
