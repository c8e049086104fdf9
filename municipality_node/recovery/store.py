"""SQL of records made anew after a loss."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from jukinet.model.identification import ChangeKind
from jukinet.store.database import Connection
from municipality_node import store
from municipality_node.store import Resident

RECOVERED = """
CREATE TABLE recovered_record (
  resident_id INTEGER PRIMARY KEY REFERENCES resident(id),
  day TEXT NOT NULL
) STRICT;
"""


def note(db: Connection, resident_id: int, day: date) -> None:
    """The record says less than it did: a clerk has to complete it."""
    db.execute("INSERT OR IGNORE INTO recovered_record VALUES (?,?)", (resident_id, day.isoformat()))


def is_noted(db: Connection, resident_id: int) -> bool:
    """Whether the record was made anew."""
    return db.execute("SELECT 1 FROM recovered_record WHERE resident_id = ?", (resident_id,)).fetchone() is not None


def to_complete(db: Connection) -> list[int]:
    """Those of residents, in order of number."""
    rows = db.execute(
        "SELECT resident_id FROM recovered_record JOIN resident ON id = resident_id WHERE state <> 3 ORDER BY 1"
    )
    return [int(row[0]) for row in rows]


def latest(db: Connection, code: str, areas: Collection[str]) -> Resident | None:
    """The record of a code in one of these areas: a live one, or else the last."""
    marks = ",".join("?" * len(areas))
    found = store.residents(
        db, f"code = ? AND area_code IN ({marks}) ORDER BY state = 3, id DESC LIMIT 1", (int(code), *areas)
    )
    return found[0] if found else None


def set_sequence(db: Connection, resident_id: int, person_sequence: int) -> None:
    """The 更新順番号 of the last notice about the person."""
    db.execute("UPDATE resident SET person_sequence = ? WHERE id = ?", (person_sequence, resident_id))


def household_at(db: Connection, area_code: str, address: str) -> int:
    """The one household that lives at the address; 0 if there is none, or more than one."""
    rows = db.execute(
        "SELECT id FROM household h WHERE area_code = ? AND address = ? AND EXISTS"
        " (SELECT 1 FROM resident r WHERE r.household_id = h.id AND r.state <> 3) LIMIT 2",
        (area_code, address),
    ).fetchall()
    return int(rows[0][0]) if len(rows) == 1 else 0


def use_codes(db: Connection, codes: Collection[int]) -> None:
    """These codes of the pool are somebody's."""
    db.executemany("UPDATE pool SET used = 1 WHERE used = 0 AND code = ?", ((code,) for code in codes))


def use_recorded_codes(db: Connection) -> None:
    """Whatever code stands on a record, or stood there, is no longer to be given."""
    db.execute(
        "UPDATE pool SET used = 1 WHERE used = 0 AND code IN"
        " (SELECT code FROM resident UNION SELECT value FROM former_value WHERE change_kind = ?)",
        (ChangeKind.CODE_CORRECTION.value,),
    )


def draw_last_code(db: Connection) -> str:
    """The unused code that would be given last of all: what was lost was drawn from the other end. Empty if none."""
    row = db.execute(
        "UPDATE pool SET used = 1 WHERE id = (SELECT max(id) FROM pool WHERE used = 0) RETURNING code"
    ).fetchone()
    return f"{row[0]:011d}" if row else ""
