"""What was set aside: which of it still stands open, and what stands for the rest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields

from google.protobuf.message import DecodeError

from jukinet.model.codes import resident_code_is_valid
from jukinet.model.finding import Finding, FindingKind
from jukinet.store.database import Connection
from jukinet.store.journal import Entry
from jukinet.v1 import identification_pb2, relay_pb2

WHOLE = -1
"""Index that stands for all records of a batch."""
BY_HAND = -1
"""In place of the position that stands for a record: a paper did, or a clerk said that it is done with."""
IDENTIFICATION = int(relay_pb2.STREAM_KIND_IDENTIFICATION)
INDEX_BITS = 20
INDEX_MASK = (1 << INDEX_BITS) - 1


@dataclass(frozen=True, slots=True)
class Listed:
    """A record that was set aside, or a whole batch (`record` -1), by its number in its stream.

    `settled` is 0 while nothing stands for it.
    """

    position: int
    record: int
    origin: str
    kind: int
    counterpart: str
    epoch: int
    number: int
    records: int
    code: int
    reason: str
    settled: int


_COLUMNS = ", ".join(field.name for field in fields(Listed))


def open_records(db: Connection, kind: int = 0) -> list[Listed]:
    """Those for which nothing stands yet; of one stream kind, or of all."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM quarantine WHERE settled = 0 AND (? = 0 OR kind = ?) ORDER BY position, record",
        (kind, kind),
    )
    return [Listed(*row) for row in rows]


def count_open(db: Connection) -> int:
    """Records for which nothing stands yet."""
    return int(db.execute("SELECT coalesce(sum(records), 0) FROM quarantine WHERE settled = 0").fetchone()[0])


def page(db: Connection, after: tuple[int, int], limit: int, *, open_only: bool) -> list[Listed]:
    """All that was ever set aside and not released, behind a position and index."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM quarantine WHERE (position, record) > (?,?) AND (settled = 0 OR ? = 0)"
        " ORDER BY position, record LIMIT ?",
        (*after, int(open_only), limit),
    )
    return [Listed(*row) for row in rows]


def find(db: Connection, position: int, record: int) -> Listed | None:
    """The one at that place."""
    found = page(db, (position, record - 1), 1, open_only=False)
    return found[0] if found and (found[0].position, found[0].record) == (position, record) else None


def settle(db: Connection, entry: Entry, records: Sequence[bytes], aside: Collection[int]) -> None:
    """A batch that counts stands for what was set aside before: of epochs it ends, and of people it tells of.

    A notice of the same origin about the same 住民票コード stands for every earlier one, and one that `repairs_number`
    names is stood for even where its code could not be read. Those at the indexes `aside` stand for nothing.
    """
    header, position = entry.envelope.header, entry.position
    stream = (header.origin, header.kind, header.counterpart)
    if not _any_open(db, header.origin, header.kind):
        return
    db.execute(
        "UPDATE quarantine SET settled = ? WHERE settled = 0 AND origin = ? AND kind = ? AND counterpart = ?"
        " AND epoch < ?",
        (position, *stream, header.epoch),
    )
    for index, code in _codes(entry, records):
        if code and index not in aside:
            db.execute(
                "UPDATE quarantine SET settled = ? WHERE settled = 0 AND origin = ? AND kind = ? AND code = ?"
                " AND counterpart = ? AND (position, record) < (?,?)",
                (position, header.origin, header.kind, code, header.counterpart, position, index),
            )
    if header.kind == IDENTIFICATION:
        for index, raw in enumerate(records):
            number = _repairs(raw) if index not in aside else 0
            if number:
                db.execute(
                    "UPDATE quarantine SET settled = ? WHERE settled = 0 AND origin = ? AND kind = ? AND epoch = ?"
                    " AND number = ? AND records = 1",
                    (position, header.origin, header.kind, header.epoch, number),
                )


def settle_by_code(db: Connection, origin: str, kind: int, code: int) -> None:
    """A paper says what the notices of this origin about the code said that could not be used."""
    db.execute(
        "UPDATE quarantine SET settled = ? WHERE settled = 0 AND origin = ? AND kind = ? AND code = ?",
        (BY_HAND, origin, kind, code),
    )


def settle_by_hand(db: Connection, position: int, record: int) -> None:
    """Somebody has looked into it, and it is done with."""
    query = "UPDATE quarantine SET settled = ? WHERE position = ? AND record = ? AND settled = 0"
    db.execute(query, (BY_HAND, position, record))


def release(db: Connection, entry: Entry, record: int, still: Sequence[tuple[int, str]]) -> None:
    """Count what was set aside as applied, but for those of a whole batch that are `still` set aside, each alone."""
    header, size = entry.envelope.header, entry.envelope.size
    db.execute("DELETE FROM quarantine WHERE position = ? AND record = ?", (entry.position, record))
    codes = dict(_codes(entry, ())) if still else {}
    for index, reason in still:
        db.execute(
            "INSERT INTO quarantine (position, record, origin, kind, counterpart, epoch, records, reason, number, code)"
            " VALUES (?,?,?,?,?,?,1,?,?,?)",
            (
                entry.position, index, header.origin, header.kind, header.counterpart, header.epoch, reason,
                header.first_number + index, codes.get(index, 0),
            ),
        )  # fmt: skip
    db.execute(
        "UPDATE applied_count SET records = records + ? WHERE position = ?",
        ((size if record == WHOLE else 1) - len(still), entry.position),
    )


def forget(db: Connection, position: int, record: int) -> None:
    """The record is erased: that there was one stays counted, about whom does not."""
    db.execute(
        "UPDATE quarantine SET code = 0 WHERE position = ? AND (record = ? OR ? = -1)", (position, record, record)
    )


def _any_open(db: Connection, origin: str, kind: int) -> bool:
    query = "SELECT 1 FROM quarantine WHERE settled = 0 AND origin = ? AND kind = ? LIMIT 1"
    return db.execute(query, (origin, kind)).fetchone() is not None


def _codes(entry: Entry, records: Sequence[bytes]) -> list[tuple[int, int]]:
    """住民票コード that each record is about, by index: as its sender packed them, and one that it says is no more."""
    try:
        keys = relay_pb2.BatchPayload.FromString(entry.envelope.batch.payload).code_keys
    except DecodeError:
        return []
    found = [(key & INDEX_MASK, key >> INDEX_BITS) for key in keys]
    if entry.envelope.header.kind == IDENTIFICATION:
        for index, raw in enumerate(records):
            former = _record(raw).change.former_resident_code
            found += [(index, int(former))] if former.isascii() and former.isdecimal() and len(former) < 19 else []
    return found


def _repairs(raw: bytes) -> int:
    return _record(raw).repairs_number


def _record(raw: bytes) -> identification_pb2.IdentificationRecord:
    try:
        return identification_pb2.IdentificationRecord.FromString(raw)
    except DecodeError:
        return identification_pb2.IdentificationRecord()


def findings(db: Connection) -> list[Finding]:
    """Open notices of 本人確認情報 as errors that their origins are to be told of; a code that is none is left out."""
    return [
        Finding(
            FindingKind.SET_ASIDE, one.origin, one.code if resident_code_is_valid(f"{one.code:011d}") else 0, one.epoch,
            one.number, one.reason,
        )
        for one in open_records(db, IDENTIFICATION)
    ]  # fmt: skip
