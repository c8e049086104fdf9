"""SQL of errors that were told of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from jukinet.model.finding import Finding, FindingKind
from jukinet.store.database import Connection

ERROR_REPORTS = """
CREATE TABLE error_report (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: a clerk may still have the number on paper
  report_number INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  area_code TEXT NOT NULL,
  code INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  number INTEGER NOT NULL,
  reason TEXT NOT NULL,
  others TEXT NOT NULL,
  found TEXT NOT NULL,
  received TEXT NOT NULL,
  closed TEXT NOT NULL DEFAULT '',
  outcome INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX error_report_open ON error_report (code, kind, area_code, epoch, number) WHERE closed = '';
"""


class Outcome(IntEnum):
    """How a report was closed; the values of the wire."""

    OPEN = 0
    CORRECTED = 1
    RESENT = 2
    NOTHING_TO_MEND = 3


@dataclass(frozen=True, slots=True)
class Report:
    """A report; days in ISO format, empty where it has not come to that."""

    id: int
    report_number: int
    finding: Finding
    found: str
    received: str
    closed: str
    outcome: Outcome


_COLUMNS = "id, report_number, kind, area_code, code, epoch, number, reason, others, found, received, closed, outcome"


def receive(db: Connection, report_number: int, finding: Finding, found: str, today: date) -> int:
    """Keep a report, unless the same error is open already; its number, 0 if it is."""
    row = db.execute(
        "INSERT INTO error_report (report_number, kind, area_code, code, epoch, number, reason, others, found,"
        " received) VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING RETURNING id",
        (
            report_number, finding.kind.value, finding.area_code, finding.code, finding.epoch, finding.number,
            finding.reason, ",".join(finding.others), found, today.isoformat(),
        ),
    ).fetchone()  # fmt: skip
    return int(row[0]) if row else 0


def find(db: Connection, report_id: int) -> Report | None:
    """The report with this number."""
    found = _select(db, "id = ?", report_id)
    return found[0] if found else None


def page(db: Connection, after: int, limit: int, *, with_closed: bool = True) -> list[Report]:
    """Reports behind a number, in order."""
    return _select(db, "id > ? AND (? OR closed = '') ORDER BY id LIMIT ?", after, with_closed, limit)


def open_about(db: Connection, area_code: str, code: int) -> list[Report]:
    """Open reports about one record."""
    return _select(db, "code = ? AND area_code = ? AND closed = ''", code, area_code)


def close(db: Connection, report_id: int, outcome: Outcome, today: date) -> None:
    """Nothing more is to be done about it."""
    db.execute(
        "UPDATE error_report SET closed = ?, outcome = ? WHERE id = ?", (today.isoformat(), outcome.value, report_id)
    )


def open_about_notices(db: Connection, area_code: str) -> list[Report]:
    """Open reports about notices of the area, by their numbers."""
    return _select(db, "area_code = ? AND number > 0 AND closed = ''", area_code)


def counts(db: Connection) -> tuple[int, int]:
    """How many are open, and how many closed."""
    row = db.execute(
        "SELECT coalesce(sum(closed = ''), 0), coalesce(sum(closed <> ''), 0) FROM error_report"
    ).fetchone()
    return row[0], row[1]


def _select(db: Connection, where: str, *values: int | str) -> list[Report]:
    rows = db.execute(f"SELECT {_COLUMNS} FROM error_report WHERE {where}", values)
    found = []
    for row in rows:
        others = tuple(filter(None, row[8].split(",")))
        finding = Finding(FindingKind(row[2]), row[3], row[4], row[5], row[6], row[7], others)
        found.append(Report(row[0], row[1], finding, row[9], row[10], row[11], Outcome(row[12])))
    return found
