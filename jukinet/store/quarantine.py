"""What was set aside and still stands open: no later notice stands for it."""

from __future__ import annotations

from dataclasses import dataclass

from jukinet.model.codes import resident_code_is_valid
from jukinet.model.finding import Finding, FindingKind
from jukinet.store.database import Connection
from jukinet.v1 import relay_pb2


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


def findings(db: Connection) -> list[Finding]:
    """Open notices of 本人確認情報 as errors that their origins are to be told of; a code that is none is left out."""
    return [
        Finding(
            FindingKind.SET_ASIDE, one.origin, one.code if resident_code_is_valid(f"{one.code:011d}") else 0, one.epoch,
            one.number, one.reason,
        )
        for one in open_records(db, int(relay_pb2.STREAM_KIND_IDENTIFICATION))
    ]  # fmt: skip
