"""都道府県知事・機構保存本人確認情報: the register of the upper tiers, a projection of their journal.

Keyed by (code, municipality): each municipality speaks only for its own record, so a late 消除 from the one that was
left never erases the live record of the new one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from google.protobuf.message import DecodeError
from google.type.date_pb2 import Date

from jukinet.clock import from_micros
from jukinet.law.area import change_administrative_area
from jukinet.law.notification import REASONS_OF_KIND
from jukinet.model.characters import are_broken
from jukinet.model.codes import individual_number_is_valid, resident_code_is_valid
from jukinet.model.dates import PartialDate
from jukinet.model.identification import ChangeKind, ChangeReason
from jukinet.model.reason import Reason
from jukinet.store import doubles
from jukinet.store.database import Connection
from jukinet.store.journal import Entry, Envelope
from jukinet.v1 import identification_pb2, intermunicipal_pb2

IDENTIFICATION = """
CREATE TABLE identification (
  code INTEGER NOT NULL,
  area_code TEXT NOT NULL,
  individual_number INTEGER,
  person_sequence INTEGER NOT NULL,
  live INTEGER NOT NULL,
  change_kind INTEGER NOT NULL,
  change_reason INTEGER NOT NULL,
  position INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (code, area_code)
) STRICT, WITHOUT ROWID;
CREATE INDEX identification_by_number ON identification (individual_number) WHERE individual_number IS NOT NULL;
CREATE TABLE tally (area_code TEXT PRIMARY KEY, live INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE stream_epoch (area_code TEXT PRIMARY KEY, epoch INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""
BY_AREA = "CREATE INDEX identification_by_area ON identification (area_code, code)"
CHANGE_DATE = "ALTER TABLE identification ADD COLUMN change_date INTEGER NOT NULL DEFAULT 0"
CODE_CHAIN = """
CREATE TABLE code_chain (
  old INTEGER NOT NULL,
  area_code TEXT NOT NULL,
  new INTEGER NOT NULL,
  change_reason INTEGER NOT NULL,
  person_sequence INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (old, area_code)
) STRICT, WITHOUT ROWID;
"""
SUCCEEDED = """
CREATE TABLE succeeded (
  code INTEGER NOT NULL,
  area_code TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (code, area_code)
) STRICT, WITHOUT ROWID;
"""
MOVE_OUT = """
CREATE TABLE move_out_confirmation (
  code INTEGER NOT NULL,
  area_code TEXT NOT NULL,
  position INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (code, area_code)
) STRICT, WITHOUT ROWID;
"""


MOST_SEQUENCE = (1 << 63) - 1
"""What the register's file can hold."""
MOST_STEPS = 1_000
"""Changes of one person's code that are followed."""


def record_fault(record: identification_pb2.IdentificationRecord, origin: str) -> Reason | None:
    """Why the record must be set aside; None if it may be stored."""
    person, change = record.identification, record.change
    if person.area_code != origin:
        return Reason.AREA_NOT_YOURS
    if not 1 <= record.person_sequence <= MOST_SEQUENCE:
        return Reason.RECORD_MALFORMED
    if not _numbers_are_valid(person, change):
        return Reason.CHECK_DIGIT_WRONG
    try:
        fits = ChangeReason(change.reason) in REASONS_OF_KIND[ChangeKind(change.kind)]
    except (ValueError, KeyError):
        fits = False
    if not fits:
        return Reason.CHANGE_INCONSISTENT
    try:
        for day in (change.change_date, person.birth_date):
            PartialDate(day.year, day.month, day.day)
    except ValueError:
        return Reason.DATE_IMPOSSIBLE
    if not (person.name and person.address):
        return Reason.FIELD_MISSING
    written = (person.name, person.name_kana, person.address, person.alias)
    broken = are_broken(*written, person.former_surname, person.former_surname_kana)
    return Reason.CHARACTERS_BROKEN if broken else None


def succession_fault(record: identification_pb2.IdentificationRecord, origin: str, said_on: date) -> Reason | None:
    """Why a record that takes over from another area must be set aside; None if it may, or takes over from none."""
    change = record.change
    if not change.former_area_code:
        return None
    if int(change.reason) != ChangeReason.MINOR_CORRECTION.value:
        return Reason.CHANGE_INCONSISTENT
    day = PartialDate(change.change_date.year, change.change_date.month, change.change_date.day).exact()
    if day is None or not change_administrative_area(origin, change.former_area_code, day, said_on).allowed:
        return Reason.AREA_NOT_YOURS
    return None


def _numbers_are_valid(person: identification_pb2.Identification, change: identification_pb2.Change) -> bool:
    """Only the code must be there; what is there must bear its check digit."""
    codes = [person.resident_code, *filter(None, [change.former_resident_code])]
    numbers = filter(None, [person.individual_number, change.former_individual_number])
    return all(map(resident_code_is_valid, codes)) and all(map(individual_number_is_valid, numbers))


def apply_identification(db: Connection, entry: Entry, records: Sequence[bytes]) -> list[tuple[int, Reason]]:
    """Bring the notices of one batch into the register; those that must be set aside are answered."""
    faults: list[tuple[int, Reason]] = []
    origin, epoch = entry.envelope.header.origin, entry.envelope.header.epoch
    _begin_epoch(db, origin, epoch)
    said_on = _said_on(entry.envelope)
    changes = dict.fromkeys([origin], 0)
    for index, raw in enumerate(records):
        record = _examined(raw, origin, said_on)
        if isinstance(record, Reason):
            faults.append((index, record))
            continue
        former = record.change.former_area_code
        if former:
            changes[former] = changes.get(former, 0) - _succeed(db, entry, record)
        changes[origin] += _store(db, entry, record)
    for area, change in changes.items():
        if change:
            db.execute(
                "INSERT INTO tally VALUES (?,?) ON CONFLICT DO UPDATE SET live = live + excluded.live", (area, change)
            )
    return faults


def first_fault(
    envelope: Envelope, records: Sequence[bytes], erased: Collection[int] = ()
) -> tuple[int, Reason] | None:
    """The first record that would be set aside, and why; None if all that are there may be stored."""
    said_on = _said_on(envelope)
    for index, raw in enumerate(records):
        found = _examined(raw, envelope.header.origin, said_on)
        if isinstance(found, Reason) and index not in erased:
            return index, found
    return None


def _examined(raw: bytes, origin: str, said_on: date) -> identification_pb2.IdentificationRecord | Reason:
    """The record, or why it must be set aside."""
    try:
        record = identification_pb2.IdentificationRecord.FromString(raw)
    except DecodeError:
        return Reason.RECORD_MALFORMED
    return record_fault(record, origin) or succession_fault(record, origin, said_on) or record


def _said_on(envelope: Envelope) -> date:
    """The civil day on which the batch was signed."""
    signed = envelope.header.virtual_time
    return from_micros(signed.seconds * 1_000_000 + signed.nanos // 1_000).date()


def _succeed(db: Connection, entry: Entry, record: identification_pb2.IdentificationRecord) -> int:
    """Close the row of the area that was taken over, also against what is still on its way from it; 1 if it lived."""
    code, former = int(record.identification.resident_code), record.change.former_area_code
    db.execute("INSERT INTO succeeded VALUES (?,?,?) ON CONFLICT DO NOTHING", (code, former, entry.position))
    query = "UPDATE identification SET live = 0 WHERE code = ? AND area_code = ? AND live = 1"
    return db.execute(query, (code, former)).rowcount


def _begin_epoch(db: Connection, origin: str, epoch: int) -> None:
    """A new epoch is a full transmission: what it does not mention is no longer live."""
    row = db.execute("SELECT epoch FROM stream_epoch WHERE area_code = ?", (origin,)).fetchone()
    if row is not None and row[0] == epoch:
        return
    db.execute(
        "INSERT INTO stream_epoch VALUES (?,?) ON CONFLICT DO UPDATE SET epoch = excluded.epoch", (origin, epoch)
    )
    if row is not None:
        db.execute("UPDATE identification SET live = 0, person_sequence = 0 WHERE area_code = ?", (origin,))
        db.execute("UPDATE code_chain SET person_sequence = 0 WHERE area_code = ?", (origin,))
        db.execute("UPDATE tally SET live = 0 WHERE area_code = ?", (origin,))


def _store(db: Connection, entry: Entry, record: identification_pb2.IdentificationRecord) -> int:
    """Write one record unless a later one is there; the change in the number of live records."""
    person, origin = record.identification, entry.envelope.header.origin
    code = int(person.resident_code)
    change = 0
    if record.change.former_resident_code and record.change.former_resident_code != person.resident_code:
        change -= _retire(db, entry, record)
    if _is_superseded(db, code, origin, record.person_sequence):
        return change
    row = db.execute(
        "SELECT person_sequence, live FROM identification WHERE code = ? AND area_code = ?", (code, origin)
    ).fetchone()
    if row is not None and row[0] >= record.person_sequence:
        return change
    gone = db.execute("SELECT 1 FROM succeeded WHERE code = ? AND area_code = ?", (code, origin)).fetchone()
    live = int(ChangeKind(record.change.kind) is not ChangeKind.DELETION and gone is None)
    db.execute(
        "INSERT OR REPLACE INTO identification VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        (
            code, origin, int(person.individual_number) if person.individual_number else None, record.person_sequence,
            live, record.change.kind, record.change.reason, entry.position, entry.envelope.header.epoch,
            person.SerializeToString(deterministic=True), _number(record.change.change_date),
        ),
    )  # fmt: skip
    now = live - (row[1] if row else 0)
    day = from_micros(entry.receive_virtual_time).date()
    if now or live:
        doubles.note(db, code, day)
    doubles.note_stale(db, code, origin, day)
    return change + now


def _number(day: Date) -> int:
    """A date as a number, 20210601; parts that are 不詳 are zeros."""
    return (day.year * 100 + day.month) * 100 + day.day


def _retire(db: Connection, entry: Entry, record: identification_pb2.IdentificationRecord) -> int:
    """Close this municipality's row of a code that was changed, and keep what it became; 1 if it was live."""
    old, origin = int(record.change.former_resident_code), entry.envelope.header.origin
    if _is_superseded(db, old, origin, record.person_sequence):
        return 0
    db.execute(
        "INSERT OR REPLACE INTO code_chain VALUES (?,?,?,?,?,?)",
        (
            old, origin, int(record.identification.resident_code), record.change.reason, record.person_sequence,
            entry.position,
        ),
    )  # fmt: skip
    cursor = db.execute(
        "UPDATE identification SET live = 0 WHERE code = ? AND area_code = ? AND live = 1 AND person_sequence < ?",
        (old, origin, record.person_sequence),
    )
    day = from_micros(entry.receive_virtual_time).date()
    if cursor.rowcount:
        doubles.note(db, old, day)
    if record.change.reason != ChangeReason.CODE_CHANGE_REQUEST.value:
        _disown(db, old, origin, record.person_sequence, day)
    doubles.note_stale(db, old, "", day)
    return cursor.rowcount


def _disown(db: Connection, old: int, origin: str, person_sequence: int, day: date) -> None:
    """The code was another's all along: a 除票 of this municipality is not of it, and no change of code led to it."""
    mended = ChangeReason.CODE_EX_OFFICIO_ENTRY.value
    db.execute(
        "UPDATE identification SET change_kind = ?, change_reason = ? WHERE code = ? AND area_code = ? AND live = 0"
        " AND person_sequence < ?",
        (ChangeKind.CODE_CORRECTION.value, mended, old, origin, person_sequence),
    )
    rows = db.execute(
        "UPDATE code_chain SET change_reason = ? WHERE new = ? AND area_code = ? AND change_reason = ? RETURNING old",
        (mended, old, origin, ChangeReason.CODE_CHANGE_REQUEST.value),
    ).fetchall()
    for (before,) in rows:
        _disown(db, before, origin, person_sequence, day)
        doubles.note_stale(db, before, "", day)


def _is_superseded(db: Connection, code: int, origin: str, person_sequence: int) -> bool:
    """Whether this municipality has changed the code since: a notice from before must not bring it back."""
    query = "SELECT 1 FROM code_chain WHERE old = ? AND area_code = ? AND person_sequence >= ?"
    return db.execute(query, (code, origin, person_sequence)).fetchone() is not None


def codes_after(db: Connection, code: str) -> list[str]:
    """What became of a code, step by step, in whatever municipality; the code itself first.

    Only changes that the person wished are followed: a code written in error may be another's.
    """
    rows = db.execute(
        "WITH RECURSIVE after (code, step) AS (SELECT ?, 0 UNION SELECT new, step + 1 FROM code_chain JOIN after"
        " ON old = code AND change_reason = ? WHERE step < ?)"
        " SELECT code FROM after GROUP BY code ORDER BY min(step), code",
        (int(code), ChangeReason.CODE_CHANGE_REQUEST.value, MOST_STEPS),
    )
    return [f"{row[0]:011d}" for row in rows]


def codes_of_person(db: Connection, code: int) -> list[int]:
    """Every code that the person bears or bore by a change that was wished, in whatever municipality."""
    rows = db.execute(
        "WITH RECURSIVE his (code) AS (SELECT ? UNION SELECT CASE WHEN old = code THEN new ELSE old END"
        " FROM code_chain JOIN his ON code IN (old, new) WHERE change_reason = ?) SELECT code FROM his ORDER BY code",
        (code, ChangeReason.CODE_CHANGE_REQUEST.value),
    )
    return [row[0] for row in rows]


def apply_move_out_confirmation(db: Connection, entry: Entry, records: Sequence[bytes]) -> list[tuple[int, Reason]]:
    """Keep the 転出確定通知 (令13条第3項); it ends here."""
    faults: list[tuple[int, Reason]] = []
    for index, raw in enumerate(records):
        try:
            notice = intermunicipal_pb2.MoveOutConfirmation.FromString(raw)
        except DecodeError:
            faults.append((index, Reason.RECORD_MALFORMED))
            continue
        if not resident_code_is_valid(notice.resident_code):
            faults.append((index, Reason.CHECK_DIGIT_WRONG))
            continue
        key = (int(notice.resident_code), entry.envelope.header.origin)
        if notice.withdrawn:
            _withdraw_move_out(db, key, notice)
            continue
        db.execute(
            "INSERT OR REPLACE INTO move_out_confirmation VALUES (?,?,?,?)",
            (*key, entry.position, raw),
        )
    return faults


def _withdraw_move_out(db: Connection, key: tuple[int, str], withdrawn: intermunicipal_pb2.MoveOutConfirmation) -> None:
    """Forget a 転出確定通知 that was taken back, if no other has taken its place."""
    row = db.execute("SELECT body FROM move_out_confirmation WHERE (code, area_code) = (?,?)", key).fetchone()
    taken_back = intermunicipal_pb2.MoveOutConfirmation()
    taken_back.CopyFrom(withdrawn)
    taken_back.ClearField("withdrawn")
    if row is not None and intermunicipal_pb2.MoveOutConfirmation.FromString(row[0]) == taken_back:
        db.execute("DELETE FROM move_out_confirmation WHERE (code, area_code) = (?,?)", key)


def live(db: Connection) -> dict[str, int]:
    """Live records by origin."""
    return dict(db.execute("SELECT area_code, live FROM tally WHERE live > 0"))


def is_live(db: Connection, code: int, area_code: str, person_sequence: int) -> bool:
    """Whether a live record rests on this very notice."""
    row = db.execute(
        "SELECT 1 FROM identification WHERE code = ? AND area_code = ? AND person_sequence = ? AND live = 1",
        (code, area_code, person_sequence),
    ).fetchone()
    return row is not None


def forget(
    db: Connection, code: int, area_code: str, position: int, person_sequence: int, former_code: int = 0
) -> None:
    """Drop the record that is closed and rests on this notice or on one before it, and what only goes with it."""
    db.execute(
        "DELETE FROM identification WHERE code = ? AND area_code = ? AND position = ? AND person_sequence <= ?"
        " AND live = 0",
        (code, area_code, position, person_sequence),
    )
    # That a code became another rests on the notice that said so, which may be anybody's live record.
    db.execute(
        "DELETE FROM code_chain WHERE old = ? AND area_code = ? AND position = ?", (former_code, area_code, position)
    )
    db.execute(
        "DELETE FROM succeeded WHERE code = ? AND NOT EXISTS (SELECT 1 FROM identification i"
        " WHERE i.code = succeeded.code AND (i.area_code = succeeded.area_code OR succeeded.area_code <> ?))",
        (code, area_code),
    )
    db.execute("DELETE FROM stale_entry WHERE (code, area_code) = (?, ?)", (code, area_code))
    db.execute(
        "DELETE FROM double WHERE code = ? AND (SELECT count(*) FROM identification WHERE code = ? AND live = 1) < 2",
        (code, code),
    )


def forget_move_outs(db: Connection, position: int) -> None:
    """Drop the 転出確定通知 of one batch."""
    db.execute("DELETE FROM move_out_confirmation WHERE position = ?", (position,))


def drop_unfounded(db: Connection, area_code: str, rows: Iterable[tuple[int, int, bytes]], day: date) -> None:
    """Drop rows that rest on no notice, as they were read, and count the area's live records anew."""
    query = "DELETE FROM identification WHERE code = ? AND area_code = ? AND person_sequence = ? AND body = ?"
    for code, sequence, body in rows:
        db.execute(query, (code, area_code, sequence, body))
        doubles.note(db, code, day)
        doubles.note_stale(db, code, "", day)
    db.execute(
        "INSERT OR REPLACE INTO tally SELECT ?, count(*) FROM identification WHERE area_code = ? AND live = 1",
        (area_code, area_code),
    )
