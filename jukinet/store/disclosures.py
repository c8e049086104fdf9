"""SQL of 開示請求 and 訂正等の申出. Whom a request means is forgotten once it is answered; the code stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jukinet.store.database import Connection

DISCLOSURES = """
CREATE TABLE disclosure (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  subject INTEGER NOT NULL,
  criteria BLOB NOT NULL,
  code INTEGER NOT NULL,
  accepted TEXT NOT NULL,
  due TEXT NOT NULL,
  extended INTEGER NOT NULL DEFAULT 0,
  answered TEXT NOT NULL DEFAULT '',
  found INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE disclosure_correction (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  disclosure_id INTEGER NOT NULL,
  fields TEXT NOT NULL,
  accepted TEXT NOT NULL,
  answered TEXT NOT NULL DEFAULT '',
  error INTEGER NOT NULL DEFAULT 0
) STRICT;
"""
MOST = 1_000
_ROW = "SELECT id, subject, criteria, code, accepted, due, extended, answered, found FROM disclosure"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One request; `answered` is None while it is open, `code` 0 where nobody was found."""

    id: int
    subject: int
    criteria: bytes
    code: int
    accepted: date
    due: date
    extended: bool
    answered: date | None
    found: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """One 申出."""

    id: int
    disclosure_id: int
    answered: bool


def add(db: Connection, subject: int, criteria: bytes, code: int, accepted: date, due: date) -> int:
    """A new request; its number."""
    cursor = db.execute(
        "INSERT INTO disclosure (subject, criteria, code, accepted, due) VALUES (?,?,?,?,?)",
        (subject, criteria, code, accepted.isoformat(), due.isoformat()),
    )
    return int(cursor.lastrowid or 0)


def find(db: Connection, number: int) -> Disclosure | None:
    """The request of that number."""
    row = db.execute(f"{_ROW} WHERE id = ?", (number,)).fetchone()
    return _read(row) if row else None


def page(db: Connection, *, open_only: bool) -> list[Disclosure]:
    """Requests in order of number."""
    where = "WHERE answered = ''" if open_only else ""
    return [_read(row) for row in db.execute(f"{_ROW} {where} ORDER BY id LIMIT ?", (MOST,))]


def answer(db: Connection, number: int, code: int, day: date) -> None:
    """It is answered; whom it meant is forgotten but for the code."""
    db.execute(
        "UPDATE disclosure SET answered = ?, criteria = x'', code = ?, found = ? WHERE id = ?",
        (day.isoformat(), code, int(code != 0), number),
    )


def extend(db: Connection, number: int, due: date) -> None:
    """Put off the last day."""
    db.execute("UPDATE disclosure SET due = ?, extended = 1 WHERE id = ?", (due.isoformat(), number))


def add_correction(db: Connection, disclosure_id: int, fields: str, day: date) -> int:
    """A 申出; its number."""
    cursor = db.execute(
        "INSERT INTO disclosure_correction (disclosure_id, fields, accepted) VALUES (?,?,?)",
        (disclosure_id, fields, day.isoformat()),
    )
    return int(cursor.lastrowid or 0)


def correction(db: Connection, number: int) -> Correction | None:
    """The 申出 of that number."""
    row = db.execute(
        "SELECT id, disclosure_id, answered <> '' FROM disclosure_correction WHERE id = ?", (number,)
    ).fetchone()
    return Correction(row[0], row[1], bool(row[2])) if row else None


def answer_correction(db: Connection, number: int, day: date, *, error: bool) -> None:
    """What the investigation came to."""
    db.execute(
        "UPDATE disclosure_correction SET answered = ?, error = ? WHERE id = ?", (day.isoformat(), int(error), number)
    )


def forget(db: Connection, before: date) -> None:
    """Drop what was answered before a day, with the 申出 that rest on it."""
    # What is still investigated keeps its disclosure.
    old = (
        "SELECT id FROM disclosure WHERE answered <> '' AND answered < ? AND NOT EXISTS"
        " (SELECT 1 FROM disclosure_correction c WHERE c.disclosure_id = disclosure.id AND c.answered = '')"
    )
    gone = db.execute(old, (before.isoformat(),)).fetchall()
    db.executemany("DELETE FROM disclosure_correction WHERE disclosure_id = ?", gone)
    db.executemany("DELETE FROM disclosure WHERE id = ?", gone)


def _read(row: tuple[int, int, bytes, int, str, str, int, str, int]) -> Disclosure:
    number, subject, criteria, code, accepted, due, extended, answered, found = row
    return Disclosure(
        number, subject, criteria, code, date.fromisoformat(accepted), date.fromisoformat(due), bool(extended),
        date.fromisoformat(answered) if answered else None, bool(found),
    )  # fmt: skip
