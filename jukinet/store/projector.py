"""Applies the journal to the register, in order, right behind the writers; the register can be rebuilt from it."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from google.protobuf.message import DecodeError

from jukinet import failpoint, log
from jukinet.model.reason import Reason
from jukinet.pki import merkle
from jukinet.refusal import Refusal
from jukinet.store import journal, quarantine
from jukinet.store.database import Connection, Database, storage_refusal
from jukinet.v1 import relay_pb2

SALT = 16
"""Bytes of salt a record."""
MERGE_RECORDS = 50_000
"""Records applied in one transaction at most."""

INDEX_BITS = quarantine.INDEX_BITS
"""Packed keys of a payload: key << INDEX_BITS | index."""
INDEX_MASK = quarantine.INDEX_MASK
WHOLE = quarantine.WHOLE
"""Index that stands for all records of a batch."""

Faults = Sequence[tuple[int, Reason]]
Apply = Callable[[Connection, journal.Entry, Sequence[bytes]], Faults]
"""Applies the records of one heard batch; answers which of them must be set aside, and why."""
Follow = Callable[[Connection, journal.Entry, Sequence[bytes], Collection[int]], object]
"""Notes how long the records of a batch, said or heard, are to be kept; those at the last indexes were set aside."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The records of a batch, or why none of them counts. Erased ones are empty."""

    records: Sequence[bytes]
    fault: Reason | None = None
    erased: frozenset[int] = frozenset()


def open_payload(envelope: journal.Envelope) -> Opened:
    """Read the payload and check that its records add up to the signed root."""
    try:
        payload = relay_pb2.BatchPayload.FromString(envelope.batch.payload)
    except DecodeError:
        return Opened((), Reason.RECORD_MALFORMED)
    records, salts = payload.records, payload.salts
    if len(records) != envelope.size or len(salts) != SALT * len(records) or not _is_well_redacted(payload):
        return Opened((), Reason.RECORD_MALFORMED)
    if merkle.root(leaves(payload)) != envelope.header.records_root:
        return Opened((), Reason.ROOT_MISMATCH)
    return Opened(records, erased=frozenset(one.index for one in payload.redacted))


def _is_well_redacted(payload: relay_pb2.BatchPayload) -> bool:
    """Whether every erased record is really gone, its salt too, and none is named twice."""
    places = [one.index for one in payload.redacted]
    return places == sorted(set(places)) and all(
        one.index < len(payload.records)
        and len(one.leaf_hash) == merkle.HASH_BYTES
        and not payload.records[one.index]
        and not any(payload.salts[one.index * SALT : (one.index + 1) * SALT])
        for one in payload.redacted
    )


def leaves(payload: relay_pb2.BatchPayload) -> list[bytes]:
    """The leaf hashes of a payload; of an erased record the one that was kept."""
    salts = payload.salts
    hashes = [
        merkle.leaf_hash(salts[index * SALT : (index + 1) * SALT], record)
        for index, record in enumerate(payload.records)
    ]
    for one in payload.redacted:
        hashes[one.index] = one.leaf_hash
    return hashes


class Projector:
    """One projection. `step` is called by one thread at a time; `wait_applied` by any."""

    def __init__(
        self, journal_file: Database, register: Database, apply: Apply, follow: Follow = lambda *_: None
    ) -> None:
        self._journal = journal_file
        self._register = register
        self._apply = apply
        self.follow = follow
        self._moved = threading.Condition()
        with register.read() as db:
            self.position, self.records_through = db.execute("SELECT position, records_through FROM applied").fetchone()

    def step(self) -> bool:
        """Apply what is there, up to a merge; False if nothing was."""
        with self._journal.read() as db:
            batch: list[journal.Entry] = []
            records = 0
            for entry in journal.entries(db, self.position, 1_000):
                batch.append(entry)
                records += entry.envelope.size
                if records >= MERGE_RECORDS:
                    break
        if not batch:
            return False
        opened = {entry.position: _open(entry) for entry in batch}
        for entry in batch:
            # Before the merge: whatever a power cut leaves undone is then done again with it.
            fault = opened[entry.position].fault
            if fault is not None:
                self._stop(entry, fault)
        self._register.write(lambda db: self._merge(db, batch, opened))
        with self._moved:
            self.position = batch[-1].position
            self.records_through += records
            self._moved.notify_all()
        return True

    def _stop(self, entry: journal.Entry, reason: Reason) -> None:
        def stop(db: Connection) -> None:
            standing = journal.standing(db, entry.envelope.stream)
            # A register that is built anew passes over faults of epochs that are long closed.
            if standing is not None and standing.epoch == entry.envelope.header.epoch:
                journal.stop_stream(db, entry.envelope.stream, reason.value)

        self._journal.write(stop)

    def _merge(self, db: Connection, batch: Sequence[journal.Entry], opened: Mapping[int, Opened]) -> None:
        for entry in batch:
            found = opened[entry.position]
            faults = () if entry.said else self.faults(db, entry, found)
            if not entry.said:
                _note(db, entry, faults)
            whole = any(index == WHOLE for index, _ in faults)
            aside = range(len(found.records)) if whole else {index for index, _ in faults}
            if not (entry.said or whole):
                quarantine.settle(db, entry, found.records, aside)
            self.follow(db, entry, found.records, aside)
            failpoint.hit("mid_merge")
        total = sum(entry.envelope.size for entry in batch)
        db.execute(
            "UPDATE applied SET position = ?, records_through = records_through + ?", (batch[-1].position, total)
        )

    def faults(self, db: Connection, entry: journal.Entry, opened: Opened) -> Faults:
        """Apply one batch. What nobody foresaw sets it aside whole: it must not hold up all that comes after it."""
        if opened.fault is not None:
            return [(WHOLE, opened.fault)]
        db.execute("SAVEPOINT batch")
        try:
            faults = self._apply(db, entry, opened.records)
        except Exception as error:
            if isinstance(error, sqlite3.Error) and storage_refusal(error):
                raise
            db.execute("ROLLBACK TO batch")
            log.incident("apply", error)
            faults = [(WHOLE, Reason.INTERNAL)]
        db.execute("RELEASE batch")
        return [fault for fault in faults if fault[0] not in opened.erased]

    def wait_applied(self, position: int, seconds: float) -> None:
        """Return once the register shows the journal up to `position`; BACKLOG if that takes longer."""
        deadline = time.monotonic() + seconds
        with self._moved:
            while self.position < position:
                left = deadline - time.monotonic()
                if left <= 0 or not self._moved.wait(left):
                    raise Refusal(Reason.BACKLOG)


def _open(entry: journal.Entry) -> Opened:
    """What was heard is checked; what this node said itself is only read."""
    if not entry.said:
        return open_payload(entry.envelope)
    payload = relay_pb2.BatchPayload.FromString(entry.envelope.batch.payload)
    return Opened(payload.records, erased=frozenset(one.index for one in payload.redacted))


def _note(db: Connection, entry: journal.Entry, faults: Faults) -> None:
    """Write how many records of the batch were applied, and which were set aside."""
    header, size = entry.envelope.header, entry.envelope.size
    aside = 0
    codes = _codes(entry.envelope) if faults else {}
    for index, reason in faults:
        count = size if index == WHOLE else 1
        aside += count
        db.execute(
            "INSERT INTO quarantine (position, record, origin, kind, counterpart, epoch, records, reason, number, code)"
            " VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                entry.position, index, header.origin, header.kind, header.counterpart, header.epoch, count,
                reason.value, header.first_number + max(index, 0), codes.get(index, 0),
            ),
        )  # fmt: skip
    db.execute(
        "INSERT INTO applied_count VALUES (?,?,?,?,?,?)",
        (header.origin, header.kind, header.counterpart, header.epoch, entry.position, size - aside),
    )


def _codes(envelope: journal.Envelope) -> dict[int, int]:
    """住民票コード by place in the batch, as its sender packed them; none where the payload cannot be read."""
    try:
        keys = relay_pb2.BatchPayload.FromString(envelope.batch.payload).code_keys
    except DecodeError:
        return {}
    return {key & INDEX_MASK: key >> INDEX_BITS for key in keys}
