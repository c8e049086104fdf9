"""操作記録: one append-only row for every act, refused or accepted, each a leaf of a Merkle tree (RFC 6962)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from jukinet.clock import Clock, real_micros, to_micros
from jukinet.pki import merkle
from jukinet.store.database import Connection
from jukinet.v1 import audit_pb2

COLUMNS = (
    "id", "real_time", "virtual_time", "lamport_time", "caller", "operator_id", "verification_id", "event", "article",
    "accepted", "refusal", "request_id", "subjects", "reason", "number_access", "provision_hash",
)  # fmt: skip
_INSERT = f"INSERT INTO audit ({', '.join(COLUMNS[1:])}, provision) VALUES ({', '.join('?' * len(COLUMNS))})"


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what on which article, and how it ended. `subjects` are resident_ids, numbers of the node's own.

    `provision` is a serialized ProvisionEntry: what was provided, or asked for in vain, never about whom.
    """

    caller: str
    event: str
    article: str
    accepted: bool
    refusal: str = ""
    request_id: str = ""
    operator_id: str = ""
    verification_id: str = ""
    reason: str = ""
    subjects: Sequence[int] = field(default=())
    number_access: bool = False
    provision: bytes = b""


def append(db: Connection, clock: Clock, entry: Entry) -> int:
    """Write the row and its leaf hash; its number."""
    values = (
        real_micros(),
        to_micros(clock.now()),
        clock.lamport,
        entry.caller,
        entry.operator_id,
        entry.verification_id,
        entry.event,
        entry.article,
        int(entry.accepted),
        entry.refusal,
        entry.request_id,
        ",".join(map(str, entry.subjects)),
        entry.reason,
        int(entry.number_access),
        sha256(entry.provision).digest() if entry.provision else b"",
    )
    number = int(db.execute(_INSERT, (*values, entry.provision)).lastrowid or 0)
    db.execute("INSERT INTO audit_leaf VALUES (?,?)", (number, leaf_hash((number, *values))))
    return number


def next_id(db: Connection) -> int:
    """The number of the row that comes next, for an act whose own table names it in the same transaction."""
    return int(db.execute("SELECT coalesce(max(id), 0) + 1 FROM audit").fetchone()[0])


def leaf_hash(row: Sequence[Any]) -> bytes:
    """The leaf of a row, its columns in the order of COLUMNS."""
    return merkle.plain_leaf_hash(serialized(row))


def serialized(row: Sequence[Any]) -> bytes:
    """The row as it is hashed."""
    return message(row).SerializeToString(deterministic=True)


def message(row: Sequence[Any]) -> audit_pb2.AuditRow:
    """The row for the wire; ValueError if a column holds what none ever wrote."""
    values = dict(zip(COLUMNS, row, strict=True))
    for name in ("accepted", "number_access"):
        if values[name] not in (0, 1):
            raise ValueError(f"{name} is yes or no")
        values[name] = bool(values[name])
    return audit_pb2.AuditRow(**values)
