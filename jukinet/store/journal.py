"""The journal: signed headers with their batches, said and heard, append-only; inbox, outbox and evidence at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jukinet.clock import Clock, real_micros, to_micros
from jukinet.model.stream import Keys, Stream
from jukinet.pki.signing import sha256
from jukinet.store.database import Connection
from jukinet.v1 import relay_pb2

NO_HASH = bytes(32)
"""What the first header of an epoch names as its predecessor."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a stream stands here: `assigned_number` is an act's next, `next_number` the next to be journaled."""

    said: bool
    epoch: int
    next_number: int
    assigned_number: int
    head_hash: bytes
    stopped: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A numbered record that is on disk but in no batch yet."""

    id: int
    number: int
    keys: Keys
    record: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """A batch with its header read and hashed, once."""

    batch: relay_pb2.Batch
    header: relay_pb2.StreamHeader
    header_hash: bytes

    @classmethod
    def of(cls, batch: relay_pb2.Batch) -> Envelope:
        """Read the header; DecodeError if it is none."""
        return cls(batch, relay_pb2.StreamHeader.FromString(batch.header), sha256(batch.header))

    @property
    def stream(self) -> Stream:
        """The stream it belongs to."""
        return Stream(self.header.origin, self.header.kind, self.header.counterpart)

    @property
    def size(self) -> int:
        """Records in it, by its numbers."""
        return self.header.last_number - self.header.first_number + 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the journal."""

    position: int
    said: bool
    peer: str
    envelope: Envelope
    receive_time: int
    receive_virtual_time: int
    lamport_time: int


def standing(db: Connection, stream: Stream) -> Standing | None:
    """Where the stream stands; None if it never began."""
    row = db.execute(
        "SELECT said, epoch, next_number, assigned_number, head_hash, stopped FROM stream"
        " WHERE origin = ? AND kind = ? AND counterpart = ?",
        (stream.origin, stream.kind, stream.counterpart),
    ).fetchone()
    return Standing(bool(row[0]), *row[1:]) if row else None


def heard_streams(db: Connection, kind: int) -> list[Stream]:
    """Streams of this kind that others have said."""
    rows = db.execute(
        "SELECT origin, kind, counterpart FROM stream WHERE kind = ? AND said = 0 ORDER BY origin", (kind,)
    )
    return [Stream(*row) for row in rows]


def enqueue(db: Connection, stream: Stream, record: bytes, keys: Keys) -> int:
    """Give the record the stream's next number and keep it until it is sealed; the number."""
    key = (stream.origin, stream.kind, stream.counterpart)
    row = db.execute(
        "INSERT INTO stream (origin, kind, counterpart, said, epoch, next_number, assigned_number, head_hash)"
        " VALUES (?,?,?,1,1,1,2,?) ON CONFLICT DO UPDATE SET assigned_number = assigned_number + 1"
        " RETURNING assigned_number - 1",
        (*key, NO_HASH),
    ).fetchone()
    db.execute(
        "INSERT INTO pending (origin, kind, counterpart, number, code, individual_number, name_key, record)"
        " VALUES (?,?,?,?,?,?,?,?)",
        (*key, row[0], keys.code, keys.individual_number, keys.name, record),
    )
    return int(row[0])


def pending_streams(db: Connection) -> list[Stream]:
    """Streams with records that no batch holds yet."""
    return [Stream(*row) for row in db.execute("SELECT DISTINCT origin, kind, counterpart FROM pending")]


def pending(db: Connection, stream: Stream, limit: int) -> list[Pending]:
    """The oldest of them, in order of number."""
    rows = db.execute(
        "SELECT id, number, code, individual_number, name_key, record FROM pending"
        " WHERE origin = ? AND kind = ? AND counterpart = ? ORDER BY number LIMIT ?",
        (stream.origin, stream.kind, stream.counterpart, limit),
    )
    return [Pending(row[0], row[1], Keys(row[2], row[3], row[4]), row[5]) for row in rows]


def count_pending(db: Connection) -> int:
    """How many records no batch holds yet."""
    return int(db.execute("SELECT count(*) FROM pending").fetchone()[0])


def drop_pending(db: Connection, stream: Stream, through: int) -> None:
    """Forget what a batch now holds."""
    db.execute(
        "DELETE FROM pending WHERE origin = ? AND kind = ? AND counterpart = ? AND number <= ?",
        (stream.origin, stream.kind, stream.counterpart, through),
    )


def append(
    db: Connection, clock: Clock, envelope: Envelope, *, said: bool, peer: str = "", to: str | None = None
) -> int:
    """Write the batch behind the last one; `to` is the neighbour it must travel on to, if any. Its position."""
    header, batch, stream = envelope.header, envelope.batch, envelope.stream
    key = (stream.origin, stream.kind, stream.counterpart)
    db.execute(
        "INSERT INTO certificate (hash, der) VALUES (?,?) ON CONFLICT DO NOTHING",
        (header.signer_certificate_hash, batch.certificate),
    )
    position, through = head(db)
    lamport = clock.tick(0 if said else header.lamport_time)
    db.execute(
        "INSERT INTO batch (position, said, peer, origin, kind, counterpart, epoch, first_number, last_number,"
        " records_through, header_hash, header, signature, certificate_hash, receive_time, receive_virtual_time,"
        " lamport_time, payload) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            position + 1, int(said), peer, *key, header.epoch, header.first_number, header.last_number,
            through + envelope.size, envelope.header_hash, batch.header, batch.signature,
            header.signer_certificate_hash, real_micros(), to_micros(clock.now()),
            header.lamport_time if said else lamport, batch.payload,
        ),
    )  # fmt: skip
    after = header.last_number + 1
    db.execute(
        "INSERT INTO stream (origin, kind, counterpart, said, epoch, next_number, assigned_number, head_hash)"
        " VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET epoch = excluded.epoch,"
        " next_number = excluded.next_number,"
        " assigned_number = max(assigned_number * said, excluded.next_number), head_hash = excluded.head_hash,"
        " stopped = CASE WHEN epoch = excluded.epoch THEN stopped ELSE '' END",
        (*key, int(said), header.epoch, after, after, envelope.header_hash),
    )
    if to is not None:
        db.execute(
            "INSERT INTO cursor (peer, origin, kind, counterpart, epoch, next_number) VALUES (?,?,?,?,?,?)"
            " ON CONFLICT DO UPDATE SET epoch = excluded.epoch, next_number = excluded.next_number, stopped = ''"
            " WHERE excluded.epoch > epoch",
            (to, *key, header.epoch, header.first_number),
        )
    return position + 1


def head(db: Connection) -> tuple[int, int]:
    """The last position, and how many records the journal holds up to it."""
    row = db.execute("SELECT position, records_through FROM batch ORDER BY position DESC LIMIT 1").fetchone()
    return (row[0], row[1]) if row else (0, 0)


def header_hash_at(db: Connection, stream: Stream, epoch: int, first_number: int) -> bytes | None:
    """Hash of the kept header that begins with this number; None if none does."""
    row = db.execute(
        "SELECT header_hash FROM batch WHERE origin = ? AND kind = ? AND counterpart = ? AND epoch = ?"
        " AND first_number = ?",
        (stream.origin, stream.kind, stream.counterpart, epoch, first_number),
    ).fetchone()
    return bytes(row[0]) if row else None


_BATCH = (
    "SELECT position, said, peer, header, signature, der, payload, header_hash, receive_time, receive_virtual_time,"
    " lamport_time FROM batch JOIN certificate ON certificate.hash = certificate_hash "
)


def entries(db: Connection, after: int, limit: int) -> Iterator[Entry]:
    """The journal behind a position, in order."""
    for row in db.execute(_BATCH + "WHERE position > ? ORDER BY position LIMIT ?", (after, limit)):
        yield _entry(row)


def entry(db: Connection, position: int) -> Entry | None:
    """One row of the journal."""
    row = db.execute(_BATCH + "WHERE position = ?", (position,)).fetchone()
    return _entry(row) if row else None


def entries_with(db: Connection, words: Sequence[bytes], after: int, limit: int, but: int) -> Iterator[Entry]:
    """The same, only batches that hold one of these words somewhere; those of the stream kind `but` are left out."""
    where = " OR ".join(["instr(payload, ?) > 0"] * len(words))
    query = f"WHERE position > ? AND kind <> ? AND ({where}) ORDER BY position LIMIT ?"
    for row in db.execute(_BATCH + query, (after, but, *words, limit)):
        yield _entry(row)


def receive_times(db: Connection, positions: Collection[int]) -> dict[int, int]:
    """When those rows of the journal came, on the virtual clock, in microseconds."""
    rows = db.execute(
        "SELECT position, receive_virtual_time FROM batch WHERE position IN (SELECT value FROM json_each(?))",
        (json.dumps(list(positions)),),
    )
    return {row[0]: row[1] for row in rows}


def batch_from(db: Connection, stream: Stream, epoch: int, first_number: int) -> Envelope | None:
    """The kept batch that holds this number, as the same bytes; None if there is none yet."""
    row = db.execute(
        _BATCH + "WHERE origin = ? AND kind = ? AND counterpart = ? AND epoch = ? AND first_number <= ?"
        " ORDER BY first_number DESC LIMIT 1",
        (stream.origin, stream.kind, stream.counterpart, epoch, first_number),
    ).fetchone()
    if row is None:
        return None
    envelope = _entry(row).envelope
    return envelope if envelope.header.last_number >= first_number else None


def _entry(row: Sequence[Any]) -> Entry:
    position, said, peer, header, signature, der, payload, header_hash, received, virtual, lamport = row
    batch = relay_pb2.Batch(header=header, signature=signature, payload=payload, certificate=der)
    envelope = Envelope(batch, relay_pb2.StreamHeader.FromString(batch.header), bytes(header_hash))
    return Entry(position, bool(said), peer, envelope, received, virtual, lamport)


def heard_of_kind(db: Connection, kind: int, after: int, limit: int) -> list[Entry]:
    """What was heard of a stream kind behind a position, in order."""
    rows = db.execute(
        _BATCH + "WHERE position > ? AND kind = ? AND said = 0 ORDER BY position LIMIT ?", (after, kind, limit)
    )
    return [_entry(row) for row in rows]


def stop_stream(db: Connection, stream: Stream, reason: str) -> None:
    """Take nothing more of this stream until a new epoch opens."""
    db.execute(
        "UPDATE stream SET stopped = ? WHERE origin = ? AND kind = ? AND counterpart = ? AND stopped = ''",
        (reason, stream.origin, stream.kind, stream.counterpart),
    )


def keep_conflict(db: Connection, peer: str, envelope: Envelope, reason: str) -> bool:
    """Keep a refused batch as evidence, once; whether it is new."""
    stream, batch = envelope.stream, envelope.batch
    cursor = db.execute(
        "INSERT INTO conflict (peer, origin, kind, counterpart, reason, header, signature, certificate, payload,"
        " receive_time) SELECT ?,?,?,?,?,?,?,?,?,? WHERE NOT EXISTS (SELECT 1 FROM conflict WHERE header = ?)",
        (
            peer, stream.origin, stream.kind, stream.counterpart, reason, batch.header, batch.signature,
            batch.certificate, batch.payload, real_micros(), batch.header,
        ),
    )  # fmt: skip
    return cursor.rowcount == 1


def open_epoch(db: Connection, stream: Stream) -> int:
    """Begin the stream anew: numbering and chain from the start; unsealed records go. The epoch.

    A later epoch is the second it was opened in: so it is later than any that was opened before, also by a node that
    was restored from an old copy and does not remember it.
    """
    drop_pending(db, stream, 1 << 62)
    now = real_micros() // 1_000_000
    row = db.execute(
        "INSERT INTO stream (origin, kind, counterpart, said, epoch, next_number, assigned_number, head_hash)"
        " VALUES (?,?,?,1,1,1,1,?) ON CONFLICT DO UPDATE SET epoch = max(epoch + 1, ?), next_number = 1,"
        " assigned_number = 1, head_hash = excluded.head_hash, stopped = '' RETURNING epoch",
        (stream.origin, stream.kind, stream.counterpart, NO_HASH, now),
    ).fetchone()
    return int(row[0])


def redact(db: Connection, position: int, payload: bytes, redacted: int) -> None:
    """Put what is left of a batch in its place; `redacted` records of it are erased by now."""
    db.execute("UPDATE batch SET payload = ?, redacted = ? WHERE position = ?", (payload, redacted, position))
