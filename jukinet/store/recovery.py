"""SQL of 回復: what a journal holds for a neighbour who has lost it, and what was lost here itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jukinet.model.stream import Keys, Stream
from jukinet.store import journal, settings
from jukinet.store.database import Connection, Database, Schema
from jukinet.v1 import relay_pb2

RECOVERING, SINCE, MISSING = "recovering", "recovering_since", "recovery_missing"
_INDEX_BITS = 20


@dataclass(frozen=True, slots=True)
class Held:
    """One epoch of a stream, as far as this journal has it and may give it out."""

    stream: Stream
    epoch: int
    next_number: int
    head_hash: bytes
    yours: bool
    stopped: str


def is_recovering(db: Connection) -> bool:
    """Whether something was lost here that is not fetched yet."""
    return bool(settings.find(db, RECOVERING))


def begin(db: Connection) -> None:
    """From now on nothing is said here; what stands behind the present position is what comes back."""
    if not is_recovering(db):
        settings.put(db, RECOVERING, "1")
        settings.put(db, SINCE, str(journal.head(db)[0]))


def end(db: Connection, missing: Sequence[str]) -> None:
    """The node speaks again; `missing` are those who could not be asked."""
    settings.put(db, RECOVERING, "")
    settings.put(db, MISSING, ",".join(missing))


def missing(db: Connection) -> list[str]:
    """Who was not asked in the last recovery."""
    return list(filter(None, settings.find(db, MISSING).split(",")))


def held_for(
    db: Connection, peer: str, is_theirs: Callable[[str], bool], only: tuple[Stream, int] | None = None
) -> list[Held]:
    """What the neighbour said, and what is for it, by its own link or as answers; `only` of one epoch of a stream."""
    found = []
    stream, epoch = only or (Stream("", 0), 0)
    one = "WHERE b.origin = ? AND b.kind = ? AND b.counterpart = ? AND b.epoch = ?" if only else ""
    rows = db.execute(
        "SELECT b.origin, b.kind, b.counterpart, b.epoch, max(b.last_number) + 1, max(b.said),"
        " (SELECT c.through_number FROM cursor c WHERE (c.origin, c.kind, c.counterpart, c.epoch) ="
        " (b.origin, b.kind, b.counterpart, b.epoch) AND c.peer = ?),"
        " CASE WHEN s.epoch = b.epoch THEN s.stopped ELSE '' END"
        f" FROM batch b JOIN stream s USING (origin, kind, counterpart) {one} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
        (peer, *((stream.origin, stream.kind, stream.counterpart, epoch) if only else ())),
    )
    for *names, epoch, following, said, through, stopped in rows.fetchall():
        stream = Stream(*names)
        yours = is_theirs(stream.origin)
        answered = bool(said) and through is None and is_theirs(stream.counterpart)
        if not (yours or answered or through is not None):
            continue
        if through is not None and not yours and following > through + 1:
            following = through + 1
        last = journal.batch_from(db, stream, epoch, following - 1)
        head = last.header_hash if last else journal.NO_HASH
        found.append(Held(stream, epoch, following, head, yours, stopped))
    return found


def batches(db: Connection, held: Held, number: int, most: int, most_bytes: int) -> list[relay_pb2.Batch]:
    """The batches from that number on, in order; one at least, if there is one."""
    found: list[relay_pb2.Batch] = []
    size = 0
    while number < held.next_number and len(found) < most:
        envelope = journal.batch_from(db, held.stream, held.epoch, number)
        if envelope is None:
            break
        size += len(envelope.batch.payload) + len(envelope.batch.header)
        if found and size > most_bytes:
            break
        found.append(envelope.batch)
        number = envelope.header.last_number + 1
    return found


def has_header(db: Connection, stream: Stream, epoch: int, header_hash: bytes) -> bool:
    """Whether this journal has that very batch."""
    row = db.execute(
        "SELECT 1 FROM batch WHERE (origin, kind, counterpart, epoch) = (?,?,?,?) AND header_hash = ?",
        (stream.origin, stream.kind, stream.counterpart, epoch, header_hash),
    ).fetchone()
    return row is not None


def records_from(db: Connection, stream: Stream, epoch: int, number: int) -> list[tuple[bytes, Keys]]:
    """What this journal says in that epoch from a number on, with the keys it can be found by."""
    found: list[tuple[bytes, Keys]] = []
    while (envelope := journal.batch_from(db, stream, epoch, number)) is not None:
        found += _records(envelope)[number - envelope.header.first_number :]
        number = envelope.header.last_number + 1
    return found


def _records(envelope: journal.Envelope) -> list[tuple[bytes, Keys]]:
    payload = relay_pb2.BatchPayload.FromString(envelope.batch.payload)
    packed = (payload.code_keys, payload.number_keys, payload.name_keys)
    codes, numbers, names = ({key & ((1 << _INDEX_BITS) - 1): key >> _INDEX_BITS for key in keys} for keys in packed)
    return [
        (record, Keys(codes.get(index), numbers.get(index), names.get(index)))
        for index, record in enumerate(payload.records)
    ]


def open_anew(db: Connection, stream: Stream, records: Sequence[tuple[bytes, Keys]]) -> None:
    """Begin a new epoch of the stream with these records, and what waits for its signature behind them."""
    waiting = [(one.record, one.keys) for one in journal.pending(db, stream, 1 << 62)]
    journal.open_epoch(db, stream)
    for record, keys in (*records, *waiting):
        journal.enqueue(db, stream, record, keys)


def settle_pending(db: Connection) -> None:
    """What waits for its signature and was said before the loss is not said twice; the rest is numbered behind it."""
    since = int(settings.find(db, SINCE) or 0)
    for stream in journal.pending_streams(db):
        said = _said_since(db, stream, since)
        waiting = [one for one in journal.pending(db, stream, 1 << 62) if one.record not in said]
        journal.drop_pending(db, stream, 1 << 62)
        db.execute(
            "UPDATE stream SET assigned_number = next_number WHERE (origin, kind, counterpart) = (?,?,?)",
            (stream.origin, stream.kind, stream.counterpart),
        )
        for one in waiting:
            journal.enqueue(db, stream, one.record, one.keys)


def _said_since(db: Connection, stream: Stream, position: int) -> set[bytes]:
    rows = db.execute(
        "SELECT payload FROM batch WHERE said = 1 AND (origin, kind, counterpart) = (?,?,?) AND position > ?",
        (stream.origin, stream.kind, stream.counterpart, position),
    )
    return {record for (payload,) in rows for record in relay_pb2.BatchPayload.FromString(payload).records}


def unacknowledged(db: Connection, stream: Stream) -> int:
    """The first number that no neighbour has acknowledged of a stream that this node says."""
    row = db.execute(
        "SELECT min(c.next_number) FROM cursor c JOIN stream s USING (origin, kind, counterpart)"
        " WHERE s.epoch = c.epoch AND (c.origin, c.kind, c.counterpart) = (?,?,?)",
        (stream.origin, stream.kind, stream.counterpart),
    ).fetchone()
    return int(row[0] or 1)


def open_register(file: Database, register: Database, schema: Schema) -> Database:
    """The register as a projection of this journal: one that knows of more than the journal holds is begun anew."""
    with register.read() as db:
        position, through = db.execute("SELECT position, records_through FROM applied").fetchone()
    with file.read() as db:
        row = db.execute("SELECT records_through FROM batch WHERE position = ?", (position,)).fetchone()
    if position == 0 or (row is not None and row[0] == through):
        return register
    register.close()
    for part in register.path.parent.glob(f"{register.path.name}*"):
        part.unlink()
    return Database(register.path, schema)


def raise_counters(db: Connection, least: int) -> None:
    """Let no number that was given before be given again: they go on from `least`, microseconds of real time."""
    tables = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE sql LIKE '%AUTOINCREMENT%'")]
    for table in tables:
        changed = db.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (least, table))
        if not changed.rowcount:
            db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?,?)", (table, least))
