"""SQL of 条例事務: what was entered, and every step since; neither is ever changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from jukinet.model.ordinance import Affair, Person, Step, Taken, Terms
from jukinet.model.provision import OrdinanceKind
from jukinet.store.database import Connection

MOST_ID = 2**63 - 1
ORDINANCES = """
CREATE TABLE ordinance (
  id INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  title TEXT NOT NULL,
  affair TEXT NOT NULL,
  recipients TEXT NOT NULL,
  uses_number INTEGER NOT NULL,
  since TEXT NOT NULL,
  until TEXT NOT NULL
) STRICT;
CREATE TABLE ordinance_trail (
  ordinance_id INTEGER NOT NULL REFERENCES ordinance(id),
  step INTEGER NOT NULL,
  caller TEXT NOT NULL,
  verification_id TEXT NOT NULL,
  operator_id TEXT NOT NULL,
  virtual_time INTEGER NOT NULL,
  audit_id INTEGER NOT NULL,
  from_day TEXT NOT NULL,
  PRIMARY KEY (ordinance_id, step)
) STRICT, WITHOUT ROWID;
"""
TABLES = ("ordinance", "ordinance_trail")


def add(db: Connection, terms: Terms) -> int:
    """The number of a new one."""
    cursor = db.execute(
        "INSERT INTO ordinance (kind, title, affair, recipients, uses_number, since, until) VALUES (?,?,?,?,?,?,?)",
        (
            terms.kind.value, terms.title, terms.affair, " ".join(terms.recipients), int(terms.uses_number),
            terms.since.isoformat(), terms.until.isoformat() if terms.until else "",
        ),
    )  # fmt: skip
    return int(cursor.lastrowid or 0)


def take(db: Connection, ordinance_id: int, taken: Taken) -> None:
    """One more row of the trail."""
    db.execute(
        "INSERT INTO ordinance_trail VALUES (?,?,?,?,?,?,?,?)",
        (
            ordinance_id, taken.step.value, taken.by.caller, taken.by.verification_id, taken.by.operator_id,
            taken.virtual_time, taken.audit_id, taken.from_day.isoformat() if taken.from_day else "",
        ),
    )  # fmt: skip


_COLUMNS = "id, kind, title, affair, recipients, uses_number, since, until"


def find(db: Connection, ordinance_id: int) -> Affair | None:
    """The one of this number."""
    if not 0 < ordinance_id <= MOST_ID:
        return None
    row = db.execute(f"SELECT {_COLUMNS} FROM ordinance WHERE id = ?", (ordinance_id,)).fetchone()
    return _affair(db, row) if row else None


def page(db: Connection, after: int, limit: int) -> list[Affair]:
    """In order of number."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM ordinance WHERE id > ? ORDER BY id LIMIT ?", (after, limit)).fetchall()
    return [_affair(db, row) for row in rows]


def _affair(db: Connection, row: tuple[Any, ...]) -> Affair:
    number, kind, title, affair, recipients, uses_number, since, until = row
    terms = Terms(
        OrdinanceKind(kind), title, affair, tuple(recipients.split()), bool(uses_number), date.fromisoformat(since),
        _day(until),
    )  # fmt: skip
    return Affair(number, terms, tuple(_trail(db, number)))


def _trail(db: Connection, ordinance_id: int) -> Iterator[Taken]:
    rows = db.execute(
        "SELECT step, caller, verification_id, operator_id, virtual_time, audit_id, from_day FROM ordinance_trail"
        " WHERE ordinance_id = ? ORDER BY audit_id",
        (ordinance_id,),
    )
    for step, caller, verification_id, operator_id, virtual_time, audit_id, from_day in rows:
        by = Person(caller, verification_id, operator_id)
        yield Taken(Step(step), by, virtual_time, audit_id, _day(from_day))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
