"""Findings of an upper tier, in its journal's file: what was found, when it was reported, when it was mended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jukinet.model.finding import Finding, FindingKind
from jukinet.store.database import Connection

FINDINGS = """
CREATE TABLE finding (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: reports are numbered by it
  kind INTEGER NOT NULL,
  area_code TEXT NOT NULL,
  code INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  number INTEGER NOT NULL,
  reason TEXT NOT NULL,
  others TEXT NOT NULL,
  found TEXT NOT NULL,
  reported TEXT NOT NULL DEFAULT '',
  mended TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX finding_open ON finding (kind, area_code, code, epoch, number) WHERE mended = '';
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with its way: days in ISO format, empty where it has not come to that."""

    id: int
    finding: Finding
    found: str
    reported: str
    mended: str


def note(db: Connection, finding: Finding, day: date) -> bool:
    """Open the finding, unless it is open already; whether it was new."""
    cursor = db.execute(
        "INSERT INTO finding (kind, area_code, code, epoch, number, reason, others, found) VALUES (?,?,?,?,?,?,?,?)"
        " ON CONFLICT DO NOTHING",
        (
            finding.kind.value, finding.area_code, finding.code, finding.epoch, finding.number, finding.reason,
            ",".join(finding.others), day.isoformat(),
        ),
    )  # fmt: skip
    return cursor.rowcount == 1


def unreported(db: Connection, limit: int = -1) -> list[Found]:
    """Open ones that nobody was told of, in order."""
    return _select(db, "mended = '' AND reported = '' ORDER BY id LIMIT ?", limit)


def opened(db: Connection, limit: int = -1) -> list[Found]:
    """Open ones, in order."""
    return _select(db, "mended = '' ORDER BY id LIMIT ?", limit)


def page(db: Connection, after: int, limit: int) -> list[Found]:
    """All, also mended ones, behind a number."""
    return _select(db, "id > ? ORDER BY id LIMIT ?", after, limit)


def counts(db: Connection) -> tuple[int, int, int]:
    """How many nobody was told of, were told and are not mended, and are mended."""
    row = db.execute(
        "SELECT coalesce(sum(mended = '' AND reported = ''), 0), coalesce(sum(mended = '' AND reported <> ''), 0),"
        " coalesce(sum(mended <> ''), 0) FROM finding"
    ).fetchone()
    return row[0], row[1], row[2]


def first_mended(db: Connection) -> date | None:
    """The earliest day on which one was mended."""
    row = db.execute("SELECT min(mended) FROM finding WHERE mended <> ''").fetchone()
    return date.fromisoformat(row[0]) if row[0] else None


def erase(db: Connection, mended: date) -> None:
    """Drop what was mended on that day, or before."""
    db.execute("DELETE FROM finding WHERE mended <> '' AND mended <= ?", (mended.isoformat(),))


def set_reported(db: Connection, finding_id: int, day: date) -> None:
    """Somebody was told."""
    db.execute("UPDATE finding SET reported = ? WHERE id = ?", (day.isoformat(), finding_id))


def set_mended(db: Connection, finding_id: int, day: date) -> None:
    """What was found is no more."""
    db.execute("UPDATE finding SET mended = ? WHERE id = ?", (day.isoformat(), finding_id))


def mend_refused(db: Connection, area_code: str, epoch: int, last_number: int, day: date) -> None:
    """A batch of the area was taken up to that number: what was refused before it in its stream is no more."""
    db.execute(
        "UPDATE finding SET mended = ? WHERE kind = ? AND area_code = ? AND mended = '' AND (epoch, number) <= (?,?)",
        (day.isoformat(), FindingKind.REFUSED.value, area_code, epoch, last_number),
    )


def _select(db: Connection, where: str, *values: int) -> list[Found]:
    rows = db.execute(
        "SELECT id, kind, area_code, code, epoch, number, reason, others, found, reported, mended FROM finding"
        f" WHERE {where}",
        values,
    )
    found = []
    for row in rows:
        others = tuple(filter(None, row[7].split(",")))
        finding = Finding(FindingKind(row[1]), row[2], row[3], row[4], row[5], row[6], others)
        found.append(Found(row[0], finding, *row[8:]))
    return found
