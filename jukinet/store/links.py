"""How far each neighbour has acknowledged each stream."""

from __future__ import annotations

from dataclasses import dataclass

from jukinet.model.stream import Stream
from jukinet.store.database import Connection
from jukinet.store.journal import Envelope

UNBOUNDED = (1 << 63) - 1
"""All that is sealed may be sent."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The next number that a neighbour is owed."""

    stream: Stream
    epoch: int
    next_number: int
    stopped: str
    through_number: int = UNBOUNDED
    """The last that may be sent so far; what is sealed beyond it is still to be passed on."""


_OWED = (
    " FROM cursor c JOIN stream s USING (origin, kind, counterpart)"
    " WHERE s.epoch = c.epoch AND s.next_number > c.next_number"  # a new epoch brings its cursor with its first batch
    " AND c.through_number >= c.next_number"
)


def owed(db: Connection, peer: str) -> list[Cursor]:
    """Streams of which the neighbour lacks something, in a fixed order."""
    rows = db.execute(
        "SELECT origin, kind, counterpart, c.epoch, c.next_number, c.stopped, c.through_number"
        + _OWED
        + " AND peer = ?",
        (peer,),
    )
    return [Cursor(Stream(*row[:3]), *row[3:]) for row in rows]


def peers_owed(db: Connection) -> list[str]:
    """Neighbours who lack something."""
    return [row[0] for row in db.execute("SELECT DISTINCT peer" + _OWED)]


def peers(db: Connection) -> list[str]:
    """Neighbours that something was ever sent to."""
    return [row[0] for row in db.execute("SELECT DISTINCT peer FROM cursor ORDER BY peer")]


def backlog(db: Connection, peer: str) -> tuple[int, int]:
    """Batches and records that the neighbour has not acknowledged."""
    row = db.execute(
        "SELECT count(*), coalesce(sum(b.last_number - b.first_number + 1), 0) FROM cursor c JOIN batch b"
        " USING (origin, kind, counterpart, epoch) WHERE c.peer = ? AND b.first_number >= c.next_number"
        " AND b.last_number <= c.through_number",
        (peer,),
    ).fetchone()
    return row[0], row[1]


def let_through(db: Connection, peer: str, stream: Stream, epoch: int, first_number: int, last_number: int) -> None:
    """The neighbour may now be sent everything up to `last_number`; the first of an epoch brings its cursor."""
    db.execute(
        "INSERT INTO cursor (peer, origin, kind, counterpart, epoch, next_number, through_number)"
        " VALUES (?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET through_number = excluded.through_number,"
        " next_number = CASE WHEN excluded.epoch > epoch THEN excluded.next_number ELSE next_number END,"
        " stopped = CASE WHEN excluded.epoch > epoch THEN '' ELSE stopped END, epoch = excluded.epoch"
        " WHERE excluded.epoch >= epoch",
        (peer, stream.origin, stream.kind, stream.counterpart, epoch, first_number, last_number),
    )


def is_owed(db: Connection, envelope: Envelope) -> bool:
    """Whether a neighbour still lacks the batch."""
    stream, header = envelope.stream, envelope.header
    row = db.execute(
        "SELECT 1 FROM cursor WHERE origin = ? AND kind = ? AND counterpart = ? AND epoch = ? AND next_number <= ?",
        (stream.origin, stream.kind, stream.counterpart, header.epoch, header.last_number),
    ).fetchone()
    return row is not None


def move(db: Connection, peer: str, cursor: Cursor, next_number: int) -> None:
    """Put the cursor where the neighbour says it stands, forward or back."""
    _update(db, peer, cursor, "next_number = ?, stopped = ''", next_number)


def stop(db: Connection, peer: str, cursor: Cursor, reason: str) -> None:
    """Note why the stream does not move."""
    _update(db, peer, cursor, "stopped = ?", reason)


def _update(db: Connection, peer: str, cursor: Cursor, change: str, value: int | str) -> None:
    stream = cursor.stream
    db.execute(
        f"UPDATE cursor SET {change} WHERE peer = ? AND origin = ? AND kind = ? AND counterpart = ? AND epoch = ?",
        (value, peer, stream.origin, stream.kind, stream.counterpart, cursor.epoch),
    )
