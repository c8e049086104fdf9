"""Until when each journaled record is to be kept, and what is erased on the day after.

A row of `retention` is a record whose clock runs, a row of `unsuperseded` one whose clock waits for the next notice
about the person. Both stand in the register's file and are written in the projector's transaction.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from google.protobuf.message import DecodeError

from jukinet.clock import from_micros
from jukinet.law import retention as law
from jukinet.model.codes import resident_code_is_valid
from jukinet.model.dates import PartialDate
from jukinet.model.identification import ChangeKind
from jukinet.model.stream import name_key
from jukinet.store import journal
from jukinet.store.database import Connection
from jukinet.store.projector import WHOLE, open_payload
from jukinet.v1 import identification_pb2, relay_pb2

RETENTION = """
CREATE TABLE retention (
  due_day TEXT NOT NULL,
  position INTEGER NOT NULL,
  record INTEGER NOT NULL,
  PRIMARY KEY (due_day, position, record)
) STRICT, WITHOUT ROWID;
CREATE TABLE unsuperseded (
  code INTEGER PRIMARY KEY,
  area_code TEXT NOT NULL,
  position INTEGER NOT NULL,
  record INTEGER NOT NULL
) STRICT;
"""
IDENTIFICATION = relay_pb2.STREAM_KIND_IDENTIFICATION
"""The stream whose records are kept person by person; what any other carries is a paper (令34条第3項)."""
NOT_YET = relay_pb2.STREAM_KIND_SUPPLEMENTARY_IDENTIFICATION
"""附票本人確認情報 (令34条第3項 from 2024-05-27) are not sent yet: until their records are known, no clock runs."""


_DELETION = ChangeKind.DELETION.value


@dataclass(frozen=True, slots=True)
class Notice:
    """What erasing must know of a notice of 本人確認情報; `former` is the code of before, if it changed it."""

    code: int
    former: int
    number: str
    former_number: str
    name_key: int | None
    area_code: str
    person_sequence: int
    deletion: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A journaled record whose period is over; `record` is WHOLE where all of the batch are."""

    due_day: str
    position: int
    record: int


def read(raw: bytes) -> Notice | None:
    """The notice, as far as it can be read."""
    try:
        record = identification_pb2.IdentificationRecord.FromString(raw)
    except DecodeError:
        return None
    person = record.identification
    if not resident_code_is_valid(person.resident_code):
        return None
    change, born = record.change, person.birth_date
    former = change.former_resident_code if resident_code_is_valid(change.former_resident_code) else "0"
    try:
        key = name_key(person.name, PartialDate(born.year, born.month, born.day), person.sex)
    except ValueError:
        key = None
    return Notice(
        int(person.resident_code), int(former), person.individual_number, change.former_individual_number, key,
        person.area_code, record.person_sequence, change.kind == _DELETION,
    )  # fmt: skip


def day_of(entry: journal.Entry) -> date:
    """The civil day on which the batch was journaled here: of receipt, or of being said."""
    return from_micros(entry.receive_virtual_time).date()


def first_due_day(kind: int, day: date) -> date:
    """The first day on which anything of a batch of that day may be erased."""
    if kind == IDENTIFICATION:
        last = law.keep_identification(True, day)
        assert last is not None
    else:
        last = law.keep_paper(day)
    return last + timedelta(days=1)


def follow(db: Connection, entry: journal.Entry, records: Sequence[bytes], aside: Collection[int]) -> Sequence[int]:
    """Note how long the records of a batch are kept, and whose clock they start; the indexes of 消除.

    What was set aside is nobody's 本人確認情報: it is kept as long as a 消除 of that day.
    """
    header, position = entry.envelope.header, entry.position
    due = first_due_day(header.kind, day_of(entry)).isoformat()
    if header.kind == NOT_YET:
        return ()
    if header.kind != IDENTIFICATION or not records:
        _run(db, due, [(position, WHOLE)])
        return ()
    running = [(position, index) for index in aside]
    notices = _notices(records, aside)
    waiting = _unsuperseded(db, {code for _, *codes, _ in notices for code in codes})
    for index, code, former, deletion in notices:
        for about in (code,) if code == former else (former, code):
            before = waiting.get(about)
            # Under a code that is left, another's notice may wait: there only the own one has a newer.
            if before is not None and law.supersedes(deletion or about != code, header.origin, before[0]):
                running.append(before[1:])
                waiting[about] = None
        if deletion:
            running.append((position, index))
        else:
            waiting[code] = (header.origin, position, index)
    _run(db, due, running)
    _wait(db, waiting)
    return [index for index, _, _, deletion in notices if deletion]


def released(db: Connection, entry: journal.Entry, records: Sequence[bytes]) -> Sequence[bytes]:
    """Those of records that count only now whose clock is to be set anew: nobody has said a later thing of them since.

    The others are kept as they were when they were set aside.
    """
    if entry.envelope.header.kind != IDENTIFICATION:
        return records
    fresh = list(records)
    for index, raw in enumerate(records):
        notice = read(raw) if raw else None
        if notice is None:
            continue
        codes = [code for code in (notice.code, notice.former) if code]
        if any(row is not None and row[1] > entry.position for row in _unsuperseded(db, codes).values()):
            fresh[index] = b""
        else:
            db.execute("DELETE FROM retention WHERE position = ? AND record = ?", (entry.position, index))
    return fresh


def supersede(db: Connection, code: int, area_code: str, day: date) -> None:
    """Another says from now on what is new about the person: the last notice of this area is kept from that day."""
    waiting = _unsuperseded(db, [code]).get(code)
    if waiting is not None and waiting[0] == area_code:
        _run(db, first_due_day(IDENTIFICATION, day).isoformat(), [waiting[1:]])
        _wait(db, {code: None})


def _notices(records: Sequence[bytes], aside: Collection[int]) -> list[tuple[int, int, int, bool]]:
    """Index, code, code before and whether it is a 消除, of each record that is there and was not set aside."""
    found = []
    for index, raw in enumerate(records):
        if raw and index not in aside:
            record = identification_pb2.IdentificationRecord.FromString(raw)
            change, code = record.change, int(record.identification.resident_code)
            former = int(change.former_resident_code or code)
            found.append((index, code, former, change.kind == _DELETION))
    return found


_Waiting = dict[int, tuple[str, int, int] | None]


def _unsuperseded(db: Connection, codes: Collection[int]) -> _Waiting:
    rows = db.execute(
        "SELECT code, area_code, position, record FROM unsuperseded"
        " WHERE code IN (SELECT value FROM json_each(?))", (json.dumps(list(codes)),)
    )  # fmt: skip
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _run(db: Connection, due_day: str, rows: Iterable[tuple[int, int]]) -> None:
    db.executemany("INSERT OR IGNORE INTO retention VALUES (?,?,?)", ((due_day, *row) for row in rows))


def _wait(db: Connection, waiting: _Waiting) -> None:
    db.executemany(
        "INSERT OR REPLACE INTO unsuperseded VALUES (?,?,?,?)",
        ((code, *row) for code, row in waiting.items() if row is not None),
    )
    db.executemany("DELETE FROM unsuperseded WHERE code = ?", ((c,) for c, row in waiting.items() if row is None))


def next_due(db: Connection) -> date | None:
    """The first day on which something is to be erased."""
    row = db.execute("SELECT min(due_day) FROM retention").fetchone()
    return date.fromisoformat(row[0]) if row[0] else None


def expired(db: Connection, today: date, limit: int) -> list[Due]:
    """Records whose due day has come, the oldest first."""
    rows = db.execute(
        "SELECT due_day, position, record FROM retention WHERE due_day <= ? ORDER BY due_day, position, record LIMIT ?",
        (today.isoformat(), limit),
    )
    return [Due(*row) for row in rows]


def done(db: Connection, dues: Iterable[Due]) -> None:
    """Forget that these were due."""
    db.executemany(
        "DELETE FROM retention WHERE due_day = ? AND position = ? AND record = ?",
        ((due.due_day, due.position, due.record) for due in dues),
    )


def keep_longer(db: Connection, dues: Iterable[Due], due_day: date) -> None:
    """Count the period anew for what cannot go yet."""
    dues = list(dues)
    done(db, dues)
    _run(db, due_day.isoformat(), [(due.position, due.record) for due in dues])


def proven_redacted(envelope: journal.Envelope, today: date) -> bool:
    """Whether a payload that no longer has its signed hash lacks only what may be gone by today.

    All leaf hashes, kept or computed, must add up to the signed root; and the period of a record of that day must be
    over, or whoever carries a batch could hold records back.
    """
    header = envelope.header
    try:
        due = first_due_day(header.kind, from_micros(header.virtual_time.seconds * 1_000_000).date())
    except (OverflowError, ValueError):  # a day that no calendar has, or none that has a year 150 years on
        return False
    if due > today:
        return False
    opened = open_payload(envelope)
    return opened.fault is None and bool(opened.erased)
