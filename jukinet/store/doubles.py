"""Codes of which two municipalities hold a live record: normal for some days in a move, otherwise one code, two people.

Maintained with the register, so that nobody needs to search it.
"""

from __future__ import annotations

from datetime import date

from jukinet.law.notification import double_is_flagged
from jukinet.model.identification import ChangeKind, ChangeReason
from jukinet.store.database import Connection
from jukinet.v1 import identification_pb2

DOUBLES = """
CREATE TABLE double (
  code INTEGER PRIMARY KEY,
  since TEXT NOT NULL,
  differs INTEGER NOT NULL,
  move_in INTEGER NOT NULL
) STRICT;
"""


def note(db: Connection, code: int, day: date) -> None:
    """A record of this code was stored on that day: open the double, or close it where one live record is left."""
    rows = db.execute(
        "SELECT change_kind, change_reason, body FROM identification WHERE code = ? AND live = 1"
        " ORDER BY position DESC",
        (code,),
    ).fetchall()
    if len(rows) < 2:
        db.execute("DELETE FROM double WHERE code = ?", (code,))
        return
    people = [identification_pb2.Identification.FromString(row[2]) for row in rows]
    differs = len({(p.birth_date.SerializeToString(), p.sex) for p in people}) > 1
    move_in = rows[0][0] != ChangeKind.ENTRY or rows[0][1] == ChangeReason.MOVE_IN
    # What opened it stays noted until it closes: a correction afterwards makes no move of what was none.
    db.execute(
        "INSERT INTO double VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET differs = max(differs, excluded.differs),"
        " move_in = min(move_in, excluded.move_in)",
        (code, day.isoformat(), int(differs), int(move_in)),
    )


def flagged(db: Connection, today: date) -> list[int]:
    """Codes whose double is no move under way."""
    rows = db.execute(
        "SELECT code, since, differs, move_in FROM double d WHERE (SELECT count(*) FROM identification i"
        " WHERE i.code = d.code AND live = 1) > 1 ORDER BY code"
    )
    return [row[0] for row in rows if double_is_flagged(bool(row[2]), bool(row[3]), date.fromisoformat(row[1]), today)]
