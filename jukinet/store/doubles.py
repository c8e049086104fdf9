"""Codes of which two municipalities hold a live record: normal for some days in a move, otherwise one code, two people.

Maintained with the register, so that nobody needs to search it.
"""

from __future__ import annotations

from datetime import date, timedelta

from jukinet.law.notification import MOVE_DAYS, double_is_flagged, stale_entry_is_flagged
from jukinet.model.finding import Finding, FindingKind
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
STALE_ENTRIES = """
CREATE TABLE stale_entry (
  code INTEGER NOT NULL,
  area_code TEXT NOT NULL,
  since TEXT NOT NULL,
  entered_after INTEGER NOT NULL,
  PRIMARY KEY (code, area_code)
) STRICT, WITHOUT ROWID;
"""
_ENDED = (
    "EXISTS (SELECT 1 FROM code_chain c WHERE c.old = :code AND c.change_reason = :request)"
    " OR EXISTS (SELECT 1 FROM identification d WHERE d.code = :code AND d.live = 0 AND d.change_reason = :death"
    " AND d.area_code <> i.area_code)"
)
"""What the code stood for has ended: the person has another one, or is dead."""


def note_stale(db: Connection, code: int, origin: str, day: date) -> None:
    """A record of this code was stored: open what is live under an ended code, and close what no longer is.

    Whoever is entered from then on is entered after the end; whose record was there may still be on the way out.
    """
    ended = {
        "code": code, "request": ChangeReason.CODE_CHANGE_REQUEST.value, "death": ChangeReason.DEATH.value
    }  # fmt: skip
    db.execute(
        "DELETE FROM stale_entry WHERE code = :code AND NOT EXISTS (SELECT 1 FROM identification i"
        f" WHERE (i.code, i.area_code) = (stale_entry.code, stale_entry.area_code) AND i.live = 1 AND ({_ENDED}))",
        ended,
    )
    db.execute(
        "INSERT INTO stale_entry SELECT code, area_code, :day, area_code = :origin AND change_kind = :entry"
        f" FROM identification i WHERE code = :code AND live = 1 AND ({_ENDED}) ON CONFLICT DO NOTHING",
        ended | {"day": day.isoformat(), "origin": origin, "entry": ChangeKind.ENTRY.value},
    )


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


def findings(db: Connection, today: date) -> list[Finding]:
    """Doubles that are no move under way, for each area, and ended codes under which somebody lives."""
    found = []
    rows = db.execute(
        "SELECT d.code, since, differs, move_in, group_concat(i.area_code) FROM double d JOIN identification i"
        " ON i.code = d.code AND i.live = 1 GROUP BY d.code HAVING count(*) > 1 ORDER BY d.code"
    )
    for code, since, differs, move_in, joined in rows:
        if double_is_flagged(bool(differs), bool(move_in), date.fromisoformat(since), today):
            areas = sorted(joined.split(","))
            found += [
                Finding(FindingKind.DOUBLE, area, code, others=tuple(other for other in areas if other != area))
                for area in areas
            ]
    rows = db.execute(
        "SELECT s.code, s.area_code, s.since, s.entered_after FROM stale_entry s JOIN identification i"
        " ON (i.code, i.area_code) = (s.code, s.area_code) WHERE i.live = 1 ORDER BY s.code, s.area_code"
    )
    found += [
        Finding(FindingKind.STALE_ENTRY, area, code)
        for code, area, since, entered_after in rows
        if stale_entry_is_flagged(bool(entered_after), date.fromisoformat(since), today)
    ]
    return found


def next_day(db: Connection, today: date) -> date | None:
    """The first day after this on which what is a move under way becomes an error."""
    rows = db.execute(
        "SELECT since FROM double d WHERE differs = 0 AND move_in = 1 AND (SELECT count(*) FROM identification i"
        " WHERE i.code = d.code AND i.live = 1) > 1 UNION ALL SELECT since FROM stale_entry WHERE entered_after = 0"
    )
    days = (date.fromisoformat(row[0]) + timedelta(days=MOVE_DAYS + 1) for row in rows)
    return min((day for day in days if day > today), default=None)
