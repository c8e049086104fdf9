"""SQL of retention at the municipality."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from jukinet.law import retention as law
from jukinet.store import journal, retention
from jukinet.store.database import Connection
from jukinet.v1 import identification_pb2, relay_pb2
from jukinet.wire import convert

REMOVED_RECORD = """
CREATE TABLE removed_record (
  resident_id INTEGER PRIMARY KEY,
  due_day TEXT NOT NULL
) STRICT;
CREATE INDEX removed_record_due ON removed_record (due_day);
CREATE TRIGGER removed_record_restored AFTER UPDATE OF state ON resident WHEN old.state = 3 AND new.state <> 3 BEGIN
  DELETE FROM removed_record WHERE resident_id = new.id;
END;
"""


@dataclass(frozen=True, slots=True)
class RemovedRecord:
    """A 除票 whose period is over, with the numbers that an answer about it would name."""

    resident_id: int
    words: tuple[str, str]


def follow(db: Connection, entry: journal.Entry, records: Sequence[bytes], aside: Collection[int]) -> None:
    """Note how long the records of a batch are kept; a 消除 that was said also starts the clock of its 除票."""
    deletions = retention.follow(db, entry, records, aside)
    if not entry.said:
        return
    due = law.keep_removed_record(retention.day_of(entry)) + timedelta(days=1)
    for notice in map(retention.read, (records[index] for index in deletions)):
        if notice is not None:
            # Whoever came back has a later record; a full transmission tells of a 消除 again and changes no clock.
            db.execute(
                "INSERT OR IGNORE INTO removed_record SELECT min(id), ? FROM resident WHERE code = ? AND area_code = ?"
                " AND state = 3 AND person_sequence >= ? HAVING min(id) IS NOT NULL",
                (due.isoformat(), notice.code, notice.area_code, notice.person_sequence),
            )


def follow_journal(db: Connection) -> None:
    """Follow all that is applied of a journal from before there was retention."""
    applied = int(db.execute("SELECT position FROM applied").fetchone()[0])
    for entry in journal.entries(db, 0, applied):
        follow(db, entry, relay_pb2.BatchPayload.FromString(entry.envelope.batch.payload).records, ())


def is_live(db: Connection, code: int, area_code: str, person_sequence: int) -> bool:
    """Whether a live 住民票 rests on this very notice."""
    row = db.execute(
        "SELECT 1 FROM resident WHERE code = ? AND area_code = ? AND person_sequence = ? AND state <> 3",
        (code, area_code, person_sequence),
    ).fetchone()
    return row is not None


def next_due(db: Connection) -> date | None:
    """The first day on which a 除票 is to be erased."""
    row = db.execute("SELECT min(due_day) FROM removed_record").fetchone()
    return date.fromisoformat(row[0]) if row[0] else None


def expired(db: Connection, today: date, limit: int) -> list[RemovedRecord]:
    """除票 whose due day has come."""
    rows = db.execute(
        "SELECT id, body FROM removed_record JOIN resident ON id = resident_id WHERE due_day <= ? AND state = 3"
        " ORDER BY due_day, id LIMIT ?",
        (today.isoformat(), limit),
    )
    return [RemovedRecord(row[0], _words(row[1])) for row in rows]


def _words(body: bytes) -> tuple[str, str]:
    person = convert.identification(identification_pb2.Identification.FromString(body))
    return person.resident_code, person.individual_number


def erase(db: Connection, resident_ids: Sequence[int]) -> None:
    """Delete the 除票 with all that is kept by its number, households without anybody, and codes only they bore."""
    kept = db.execute(
        "SELECT t.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'"
        " AND c.name = 'resident_id'"
    ).fetchall()
    for resident_id in resident_ids:
        for (table,) in kept:
            db.execute(f'DELETE FROM "{table}" WHERE resident_id = ?', (resident_id,))
        code = db.execute("DELETE FROM resident WHERE id = ? RETURNING code", (resident_id,)).fetchone()[0]
        db.execute("UPDATE household SET head_id = 0 WHERE head_id = ?", (resident_id,))
        db.execute(
            "DELETE FROM pool WHERE code = ? AND used = 1 AND NOT EXISTS (SELECT 1 FROM resident WHERE code = ?)",
            (code, code),
        )
    db.execute("DELETE FROM household WHERE NOT EXISTS (SELECT 1 FROM resident WHERE household_id = household.id)")
