"""SQL of residents who are withheld, and of the paper tray."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jukinet.store.database import Connection

PARTICIPATION = """
CREATE TABLE opt_out (
  resident_id INTEGER PRIMARY KEY REFERENCES resident(id),
  filed TEXT NOT NULL
) STRICT;
CREATE TABLE paper_notice (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: the number stands on a paper
  counterpart TEXT NOT NULL,
  body BLOB NOT NULL,
  written TEXT NOT NULL,
  posted TEXT NOT NULL DEFAULT ''
) STRICT;
"""


@dataclass(frozen=True, slots=True)
class Paper:
    """A 転入通知 in the tray; days in ISO format, `posted` empty before."""

    id: int
    counterpart: str
    body: bytes
    written: str
    posted: str


def is_withheld(db: Connection, resident_id: int) -> bool:
    """Whether the resident has filed 非通知の申出."""
    return db.execute("SELECT 1 FROM opt_out WHERE resident_id = ?", (resident_id,)).fetchone() is not None


def withhold(db: Connection, resident_id: int, today: date) -> None:
    """Withhold the resident from now on."""
    db.execute("INSERT INTO opt_out VALUES (?,?)", (resident_id, today.isoformat()))


def tell_again(db: Connection, resident_id: int) -> None:
    """Withhold the resident no longer."""
    db.execute("DELETE FROM opt_out WHERE resident_id = ?", (resident_id,))


def end_all(db: Connection) -> None:
    """Whoever takes part fully withholds nobody."""
    db.execute("DELETE FROM opt_out")


def carry_over(db: Connection, old_id: int, new_id: int) -> None:
    """The new record is the same person's."""
    db.execute("UPDATE opt_out SET resident_id = ? WHERE resident_id = ?", (new_id, old_id))


def page(db: Connection, after: int, limit: int) -> list[tuple[int, date]]:
    """Who is withheld, and since when, behind a number."""
    rows = db.execute("SELECT * FROM opt_out WHERE resident_id > ? ORDER BY resident_id LIMIT ?", (after, limit))
    return [(row[0], date.fromisoformat(row[1])) for row in rows]


def put_into_tray(db: Connection, counterpart: str, body: bytes, today: date) -> None:
    """A 転入通知 that is to go by paper."""
    query = "INSERT INTO paper_notice (counterpart, body, written) VALUES (?,?,?)"
    db.execute(query, (counterpart, body, today.isoformat()))


def papers(db: Connection, after: int, limit: int, *, with_posted: bool) -> list[Paper]:
    """The tray behind a number, in order."""
    query = "SELECT * FROM paper_notice WHERE id > ? AND (? OR posted = '') ORDER BY id LIMIT ?"
    rows = db.execute(query, (after, with_posted, limit))
    return [Paper(*row) for row in rows]


def post(db: Connection, paper_id: int, today: date) -> bool:
    """Take it out of the tray; False if it does not lie there."""
    query = "UPDATE paper_notice SET posted = ? WHERE id = ? AND posted = ''"
    return db.execute(query, (today.isoformat(), paper_id)).rowcount == 1
