"""The ledger: what was said, acknowledged, heard, applied and set aside, each counted from rows stored here."""

from __future__ import annotations

from dataclasses import dataclass

from jukinet.model.stream import Stream
from jukinet.store.database import Connection


@dataclass(frozen=True, slots=True)
class Row:
    """One stream towards, or from, one neighbour."""

    stream: Stream
    epoch: int
    peer: str
    sending: bool
    records: int
    last_number: int
    head_hash: bytes
    acknowledged: int = 0
    applied: int = 0
    quarantined: int = 0
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record that could not be applied, or a whole batch of them: who sent it, which kind, why, and when it came."""

    position: int
    record: int

    origin: str
    kind: int
    records: int
    reason: str
    virtual_time: int


_HELD = (
    "SELECT b.origin, b.kind, b.counterpart, b.epoch, {peer}, sum(b.last_number - b.first_number + 1),"
    " max(b.last_number), (SELECT header_hash FROM batch h WHERE h.origin = b.origin AND h.kind = b.kind"
    " AND h.counterpart = b.counterpart AND h.epoch = b.epoch{bound} ORDER BY h.first_number DESC LIMIT 1), {more}"
    " FROM batch b {join} GROUP BY b.origin, b.kind, b.counterpart, b.epoch, {peer}"
)


def sent(db: Connection) -> list[Row]:
    """What this node owes its neighbours, and how much of it they acknowledged."""
    query = _HELD.format(
        peer="c.peer",
        more="sum(CASE WHEN b.last_number < c.next_number THEN b.last_number - b.first_number + 1 ELSE 0 END),"
        " max(c.stopped)",
        join="JOIN cursor c USING (origin, kind, counterpart, epoch) WHERE b.last_number <= c.through_number",
        bound=" AND h.last_number <= c.through_number",
    )
    return [
        Row(Stream(*r[:3]), r[3], r[4], True, r[5], r[6], bytes(r[7]), acknowledged=r[8], stopped=r[9])
        for r in db.execute(query)
    ]


def heard(journal: Connection, register: Connection) -> list[Row]:
    """What neighbours brought, and how much of it the register shows or has set aside."""
    query = _HELD.format(
        peer="b.peer",
        more="max(s.stopped)",
        join="JOIN stream s USING (origin, kind, counterpart) WHERE b.said = 0",
        bound="",
    )
    applied = _by_stream(register, "applied_count")
    aside = _by_stream(register, "quarantine")
    return [
        Row(
            Stream(*r[:3]), r[3], r[4], False, r[5], r[6], bytes(r[7]),
            applied=applied.get(tuple(r[:4]), 0), quarantined=aside.get(tuple(r[:4]), 0), stopped=r[8],
        )
        for r in journal.execute(query)
    ]  # fmt: skip


def answered(db: Connection, kinds: tuple[int, ...]) -> list[Row]:
    """What was said as the answer of an rpc: it has no link, the asker's journal is the other side."""
    marks = ",".join("?" * len(kinds))
    rows = db.execute(
        "SELECT origin, kind, counterpart, epoch, sum(last_number - first_number + 1), max(last_number) FROM batch b"
        f" WHERE said = 1 AND kind IN ({marks}) GROUP BY origin, kind, counterpart, epoch",
        kinds,
    ).fetchall()
    heads = {
        tuple(r[:4]): bytes(r[4])
        for r in db.execute("SELECT origin, kind, counterpart, epoch, head_hash FROM stream WHERE said = 1")
    }
    return [
        Row(Stream(*r[:3]), r[3], r[2], True, r[4], r[5], heads.get(tuple(r[:4]), b""), acknowledged=r[4]) for r in rows
    ]


def _by_stream(db: Connection, table: str) -> dict[tuple[object, ...], int]:
    rows = db.execute(f"SELECT origin, kind, counterpart, epoch, sum(records) FROM {table} GROUP BY 1, 2, 3, 4")
    return {tuple(row[:4]): row[4] for row in rows}


def quarantined(register: Connection) -> int:
    """Records set aside."""
    return int(register.execute("SELECT coalesce(sum(records), 0) FROM quarantine").fetchone()[0])


def set_aside(db: Connection, limit: int) -> list[SetAside]:
    """Records set aside here that nothing stands for, the latest first; where the journal holds the batches too."""
    rows = db.execute(
        "SELECT q.position, q.record, q.origin, q.kind, q.records, q.reason, coalesce(b.receive_virtual_time, 0)"
        " FROM quarantine q"
        " LEFT JOIN batch b ON b.position = q.position WHERE q.settled = 0 ORDER BY q.position DESC, q.record LIMIT ?",
        (limit,),
    )
    return [SetAside(*row) for row in rows]
