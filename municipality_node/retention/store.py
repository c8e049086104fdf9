"""SQL of retention at the municipality."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from jukinet.law import retention as law
from jukinet.store import journal, retention
from jukinet.store.database import Connection
from jukinet.v1 import relay_pb2
from municipality_node.retention.kept import TABLES, WITH_RECORD

if TYPE_CHECKING:
    import sqlite_utils as utils

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
class Dated:
    """A table whose rows go by the day in `since`, which is empty while no period runs; `children` by their column.

    `waits` is a condition on which a row stays on. Clocks begin with the day of the act, whatever date it bears.
    """

    table: str
    since: str
    period: Callable[[date], date]
    children: tuple[tuple[str, str], ...] = ()
    waits: str = "0"


DATED = (
    Dated(
        "move_out", "accepted_on", law.keep_paper, (("move_out_person", "move_out_id"),),
        "EXISTS (SELECT 1 FROM move_out_person p JOIN resident r ON r.id = p.resident_id"
        " WHERE p.move_out_id = move_out.id AND p.leaving = 1 AND r.state = 2)",
    ),
    Dated("inquiry", "day", law.keep_paper, (("inquiry_hit", "inquiry_id"),)),
    Dated("supplementary_notice_heard", "accepted_on", law.keep_paper),
    Dated("supplementary_mismatch", "accepted_on", law.keep_paper),
    Dated("answered", "day", law.keep_paper),
    Dated("error_report", "closed", law.keep_paper),
    Dated("paper_notice", "posted", law.keep_paper),
    Dated("supplementary_entry", "removed_on", law.keep_removed_record, (("supplementary_address", "entry_id"),)),
)  # fmt: skip


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
    """The first day on which a 除票 or a row of `DATED` is to be erased."""
    row = db.execute("SELECT min(due_day) FROM removed_record").fetchone()
    days = [date.fromisoformat(row[0])] if row[0] else []
    for kept in DATED:
        first = next(_days(db, kept), None)
        days += [_due(kept, first)] if first else []
    return min(days, default=None)


def _days(db: Connection, kept: Dated) -> Iterator[date]:
    """Days from which rows of the table are kept, the first first."""
    after = ""
    while True:
        row = db.execute(
            f"SELECT min({kept.since}) FROM {kept.table} WHERE {kept.since} > ? AND NOT {kept.waits}", (after,)
        ).fetchone()
        if not row[0]:
            return
        after = row[0]
        yield date.fromisoformat(after)


def _due(kept: Dated, since: date) -> date:
    return kept.period(since) + timedelta(days=1)


def erase_dated(db: Connection, kept: Dated, today: date) -> int:
    """Delete the rows whose period is over; how many."""
    count = 0
    for since in _days(db, kept):
        if _due(kept, since) > today:
            break
        of_day = f"{kept.since} = ? AND NOT {kept.waits}"
        for table, column in kept.children:
            db.execute(
                f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM {kept.table} WHERE {of_day})",
                (since.isoformat(),),
            )
        count += db.execute(f"DELETE FROM {kept.table} WHERE {of_day}", (since.isoformat(),)).rowcount
    return count


def date_papers(db: utils.Database, day: date) -> None:
    """Let papers, cleared 附票 and 除票 that no notice told of be dated; what is there counts from this day."""
    there = set(db.table_names())
    for kept in DATED:
        if kept.table in there and kept.since not in {column.name for column in db.table(kept.table).columns}:
            db.executescript(f"ALTER TABLE {kept.table} ADD COLUMN {kept.since} TEXT NOT NULL DEFAULT ''")
            condition = "removed_date <> ''" if kept.since == "removed_on" else "1"
            db.execute(f"UPDATE {kept.table} SET {kept.since} = ? WHERE {condition}", (day.isoformat(),))
            db.executescript(f"CREATE INDEX {kept.table}_{kept.since} ON {kept.table} ({kept.since})")
    due = law.keep_removed_record(day) + timedelta(days=1)
    db.execute("INSERT OR IGNORE INTO removed_record SELECT id, ? FROM resident WHERE state = 3", (due.isoformat(),))


def keep_as_removed(db: Connection, resident_id: int, today: date) -> None:
    """Begin the period of a 除票 that no notice of 消除 tells of, and of the last notice about its person."""
    code, area = db.execute("SELECT code, area_code FROM resident WHERE id = ?", (resident_id,)).fetchone()
    retention.supersede(db, code, area, today)
    due = law.keep_removed_record(today) + timedelta(days=1)
    db.execute("INSERT OR IGNORE INTO removed_record VALUES (?,?)", (resident_id, due.isoformat()))


def expired(db: Connection, today: date, limit: int) -> list[int]:
    """除票 whose due day has come."""
    rows = db.execute(
        "SELECT id FROM removed_record JOIN resident ON id = resident_id WHERE due_day <= ? AND state = 3"
        " ORDER BY due_day, id LIMIT ?",
        (today.isoformat(), limit),
    )
    return [row[0] for row in rows]


def erase(db: Connection, resident_ids: Sequence[int]) -> None:
    """Delete the 除票 with all that is kept by its number, households without anybody, and codes only they bore."""
    for resident_id in resident_ids:
        codes = _codes(db, resident_id)
        for kept in TABLES:
            if kept.erased_by == WITH_RECORD:
                db.execute(f"DELETE FROM {kept.table} WHERE resident_id = ?", (resident_id,))
        db.execute("DELETE FROM move_out_person WHERE resident_id = ?", (resident_id,))
        db.execute("DELETE FROM resident WHERE id = ?", (resident_id,))
        db.execute("UPDATE household SET head_id = 0 WHERE head_id = ?", (resident_id,))
        db.executemany(
            "DELETE FROM pool WHERE code = ? AND used = 1 AND NOT EXISTS (SELECT 1 FROM resident WHERE code = ?)"
            " AND NOT EXISTS (SELECT 1 FROM former_value WHERE value = ?)",
            [(code, code, code) for code in codes],
        )
    empty = "NOT EXISTS (SELECT 1 FROM resident WHERE household_id = household.id)"
    db.execute(f"DELETE FROM absorbed_household WHERE household_id IN (SELECT id FROM household WHERE {empty})")
    db.execute(f"DELETE FROM household WHERE {empty}")


def _codes(db: Connection, resident_id: int) -> list[int]:
    """Codes that the record bears or bore; a former number among them is no code of the pool."""
    rows = db.execute(
        "SELECT code FROM resident WHERE id = ? UNION SELECT value FROM former_value WHERE resident_id = ?",
        (resident_id, resident_id),
    )
    return [row[0] for row in rows]
