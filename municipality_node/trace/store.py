"""SQL of what is kept of how a code was entered, as long as the record."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from jukinet.model.confirmation import UNCONFIRMED, Compared, Confirmation, Inquiry, Searched
from jukinet.model.identification import ChangeReason, CodeBasis, MoveInNotice
from jukinet.store.database import Connection
from jukinet.store.projector import INDEX_BITS, INDEX_MASK
from jukinet.v1 import identification_pb2, intermunicipal_pb2, relay_pb2
from jukinet.wire import convert

CODE_TRACE = """
CREATE TABLE code_trace (
  resident_id INTEGER PRIMARY KEY REFERENCES resident(id),
  code_basis INTEGER NOT NULL,
  inquiry_id INTEGER NOT NULL, -- 0: none was possible
  inquiry_day TEXT NOT NULL,
  inquiry_operator TEXT NOT NULL,
  searched TEXT NOT NULL,
  hits INTEGER NOT NULL,
  hit INTEGER NOT NULL,
  compared TEXT NOT NULL,
  words TEXT NOT NULL,
  not_inquired TEXT NOT NULL,
  held_area_code TEXT NOT NULL,
  held_live INTEGER NOT NULL,
  held_reason INTEGER NOT NULL
) STRICT;
CREATE TABLE code_told ( -- 転入通知 that rest on a hit: if its code was another's, they are taken back
  resident_id INTEGER NOT NULL REFERENCES resident(id),
  area_code TEXT NOT NULL,
  withdrawn INTEGER NOT NULL DEFAULT 0,
  body BLOB NOT NULL,
  PRIMARY KEY (resident_id, area_code)
) STRICT, WITHOUT ROWID;
ALTER TABLE inquiry ADD COLUMN operator_id TEXT NOT NULL DEFAULT '';
ALTER TABLE inquiry ADD COLUMN searched TEXT NOT NULL DEFAULT '';
ALTER TABLE inquiry ADD COLUMN about INTEGER NOT NULL DEFAULT 0;
ALTER TABLE inquiry ADD COLUMN truncated INTEGER NOT NULL DEFAULT 0;
"""
IDENTIFICATION = int(relay_pb2.STREAM_KIND_IDENTIFICATION)


@dataclass(frozen=True, slots=True)
class CodeTrace:
    """Upon what a code was entered. `inquiry` is None where none was possible; `held_*` is what J-LIS told."""

    code_basis: CodeBasis
    inquiry: Inquiry | None
    hit: int = 0
    confirmation: Confirmation = UNCONFIRMED
    not_inquired: str = ""
    held_area_code: str = ""
    held_live: bool = False
    held_reason: ChangeReason = ChangeReason.UNSPECIFIED


@dataclass(frozen=True, slots=True)
class Said:
    """A notice of 本人確認情報 in the own journal; position 0 before it is signed."""

    position: int
    virtual_time: int
    notice: identification_pb2.IdentificationRecord


def keep(db: Connection, resident_id: int, trace: CodeTrace) -> None:
    """Keep upon what the record's code was entered."""
    inquiry = trace.inquiry or Inquiry(0, date.min, "", (), 0, 0, truncated=False)
    db.execute(
        "INSERT INTO code_trace VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            resident_id, trace.code_basis.value, inquiry.id, inquiry.day.isoformat() if inquiry.id else "",
            inquiry.operator_id, listed(inquiry.searched), inquiry.hits, trace.hit, listed(trace.confirmation.compared),
            trace.confirmation.words, trace.not_inquired, trace.held_area_code, int(trace.held_live),
            trace.held_reason.value,
        ),
    )  # fmt: skip


def find(db: Connection, resident_id: int) -> CodeTrace | None:
    """Upon what the record's code was entered; None where it came by another way than an arrival without paper."""
    row = db.execute(
        "SELECT code_basis, inquiry_id, inquiry_day, inquiry_operator, searched, hits, hit, compared, words,"
        " not_inquired, held_area_code, held_live, held_reason FROM code_trace WHERE resident_id = ?",
        (resident_id,),
    ).fetchone()
    if row is None:
        return None
    searched = tuple(map(Searched, numbers(row[4])))
    day = date.fromisoformat(row[2]) if row[2] else date.min
    inquiry = Inquiry(row[1], day, row[3], searched, 0, row[5], truncated=False) if row[1] else None
    confirmation = Confirmation(tuple(map(Compared, numbers(row[7]))), row[8])
    reason = ChangeReason(row[12])
    return CodeTrace(CodeBasis(row[0]), inquiry, row[6], confirmation, row[9], row[10], bool(row[11]), reason)


def note_told(db: Connection, resident_id: int, area_code: str, notice: MoveInNotice) -> None:
    """A 転入通知 that rests on a hit went there; a later one takes its place. Nothing where no hit was taken."""
    db.execute(
        "INSERT INTO code_told SELECT resident_id, ?, 0, ? FROM code_trace WHERE resident_id = ? AND hit > 0"
        " ON CONFLICT DO UPDATE SET body = excluded.body, withdrawn = 0",
        (area_code, convert.move_in_notice_message(notice).SerializeToString(deterministic=True), resident_id),
    )


def told(db: Connection, resident_id: int) -> list[tuple[str, bool, MoveInNotice]]:
    """Who was told of a 転入 under the code, whether that was taken back, and what was said."""
    rows = db.execute(
        "SELECT area_code, withdrawn, body FROM code_told WHERE resident_id = ? ORDER BY area_code", (resident_id,)
    )
    return [
        (row[0], bool(row[1]), convert.move_in_notice(intermunicipal_pb2.MoveInNotice.FromString(row[2])))
        for row in rows
    ]


def set_withdrawn(db: Connection, resident_id: int) -> None:
    """All that was told is taken back."""
    db.execute("UPDATE code_told SET withdrawn = 1 WHERE resident_id = ?", (resident_id,))


def carry_over(db: Connection, old_id: int, new_id: int) -> None:
    """Let another record of the person know it too."""
    db.execute(
        "INSERT INTO code_trace SELECT ?, code_basis, inquiry_id, inquiry_day, inquiry_operator, searched, hits, hit,"
        " compared, words, not_inquired, held_area_code, held_live, held_reason FROM code_trace WHERE resident_id = ?",
        (new_id, old_id),
    )
    db.execute(
        "INSERT INTO code_told SELECT ?, area_code, withdrawn, body FROM code_told WHERE resident_id = ?",
        (new_id, old_id),
    )


def acts(db: Connection, resident_id: int) -> list[int]:
    """Audit rows of what was done to the record, oldest first. Reads the whole 操作履歴: for a rare look."""
    rows = db.execute(
        "SELECT id FROM audit WHERE accepted = 1 AND ',' || subjects || ',' LIKE '%,' || ? || ',%' ORDER BY id",
        (resident_id,),
    )
    return [row[0] for row in rows]


def before(db: Connection, resident_id: int, codes: Collection[int]) -> int:
    """更新順番号 of the last notice about an earlier record of these codes in the same area."""
    marks = ",".join("?" * len(codes))
    row = db.execute(
        "SELECT coalesce(max(o.person_sequence), 0) FROM resident r JOIN resident o ON o.area_code = r.area_code"
        f" AND o.id < r.id AND o.code IN ({marks}) WHERE r.id = ?",
        (*codes, resident_id),
    ).fetchone()
    return int(row[0])


def codes(db: Connection, resident_id: int) -> list[int]:
    """Codes that the record has and had, for whatever reason it changed."""
    rows = db.execute(
        "SELECT code FROM resident WHERE id = ? UNION SELECT value FROM former_value WHERE resident_id = ?"
        " AND change_kind = 5",
        (resident_id, resident_id),
    )
    return [row[0] for row in rows]


def said(db: Connection, of: Collection[int]) -> Iterator[Said]:
    """What was said upward under these codes, in order; the keys of each batch are looked through."""
    rows = db.execute(
        "SELECT position, receive_virtual_time, payload FROM batch WHERE said = 1 AND kind = ? ORDER BY position",
        (IDENTIFICATION,),
    )
    for position, virtual_time, raw in rows:
        payload = relay_pb2.BatchPayload.FromString(raw)
        for key in payload.code_keys:
            record = payload.records[key & INDEX_MASK] if key >> INDEX_BITS in of else b""
            if record:
                yield Said(position, virtual_time, identification_pb2.IdentificationRecord.FromString(record))
    for code, record in db.execute("SELECT code, record FROM pending WHERE kind = ? ORDER BY id", (IDENTIFICATION,)):
        if code in of:
            yield Said(0, 0, identification_pb2.IdentificationRecord.FromString(record))


def listed(items: Collection[int]) -> str:
    """Numbers as the file has them."""
    return ",".join(str(int(item)) for item in items)


def numbers(text: str) -> list[int]:
    """The same, read."""
    return [int(part) for part in text.split(",") if part]
