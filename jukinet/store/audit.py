"""操作記録: one append-only row for every act, refused or accepted, each a leaf of a Merkle tree (RFC 6962)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from jukinet.clock import Clock, real_micros, to_micros
from jukinet.pki import merkle
from jukinet.store.database import Connection
from jukinet.v1 import audit_pb2

COLUMNS = (
    "id", "real_time", "virtual_time", "lamport_time", "caller", "operator_id", "verification_id", "event", "article",
    "accepted", "refusal", "request_id", "subjects", "reason", "number_access", "provision",
)  # fmt: skip
_INSERT = f"INSERT INTO audit ({', '.join(COLUMNS[1:])}) VALUES ({', '.join('?' * (len(COLUMNS) - 1))})"


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
        entry.provision,
    )
    number = int(db.execute(_INSERT, values).lastrowid or 0)
    db.execute("INSERT INTO audit_leaf VALUES (?,?)", (number, leaf_hash((number, *values))))
    return number


def next_id(db: Connection) -> int:
    """The number of the row that comes next, for an act whose own table names it in the same transaction."""
    return int(db.execute("SELECT coalesce(max(id), 0) + 1 FROM audit").fetchone()[0])


def leaf_hash(row: Sequence[Any]) -> bytes:
    """The leaf of a row, its columns in the order of COLUMNS."""
    values = dict(zip(COLUMNS, row, strict=True))
    values["accepted"], values["number_access"] = bool(values["accepted"]), bool(values["number_access"])
    return merkle.plain_leaf_hash(audit_pb2.AuditRow(**values).SerializeToString(deterministic=True))
