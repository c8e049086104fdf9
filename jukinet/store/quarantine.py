"""What was set aside and still stands open: no later notice stands for it."""

from __future__ import annotations

from dataclasses import dataclass

from jukinet.store.database import Connection


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """A record that was set aside, or a whole batch of them (`record` -1), by its number in its stream."""

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


def open_records(db: Connection, kind: int = 0, after: int = 0, limit: int = -1) -> list[OpenRecord]:
    """Those behind a position for which nothing stands yet; of one stream kind, or of all."""
    rows = db.execute(
        "SELECT position, record, origin, kind, counterpart, epoch, number, records, code, reason FROM quarantine"
        " WHERE settled = 0 AND (? = 0 OR kind = ?) AND position > ? ORDER BY position, record LIMIT ?",
        (kind, kind, after, limit),
    )
    return [OpenRecord(*row) for row in rows]
