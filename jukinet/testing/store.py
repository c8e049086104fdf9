"""What a test may look up in a node's files beyond its rpcs; reading only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jukinet.model.identification import ChangeKind, ChangeReason
from jukinet.store.database import Connection
from jukinet.v1 import identification_pb2


@dataclass(frozen=True, slots=True)
class Held:
    """本人確認情報 as a governor or J-LIS holds it for one municipality."""

    area_code: str
    live: bool
    person_sequence: int
    kind: str
    reason: str
    identification: identification_pb2.Identification


def held(register: Connection, code: str) -> list[Held]:
    """What is held about a 住民票コード, one item for each municipality that ever spoke of it."""
    rows = register.execute(
        "SELECT area_code, live, person_sequence, change_kind, change_reason, body FROM identification"
        " WHERE code = ? ORDER BY area_code",
        (int(code),),
    )
    return [
        Held(
            row[0], bool(row[1]), row[2], ChangeKind(row[3]).japanese, ChangeReason(row[4]).japanese,
            identification_pb2.Identification.FromString(row[5]),
        )
        for row in rows
    ]  # fmt: skip


def confirmed(register: Connection, code: str) -> list[bytes]:
    """転出確定通知 that a governor keeps about a 住民票コード, as they came."""
    rows = register.execute("SELECT body FROM move_out_confirmation WHERE code = ? ORDER BY area_code", (int(code),))
    return [bytes(row[0]) for row in rows]


def tables(db: Connection) -> list[str]:
    """Names of all tables."""
    rows = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [str(row[0]) for row in rows]


def counts(db: Connection) -> dict[str, int]:
    """Rows of every table but the leaf hashes, of which each audit row has one."""
    found = {name: int(db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in tables(db)}
    found.pop("audit_leaf", None)
    return found


def audit(db: Connection) -> list[dict[str, Any]]:
    """The audit rows, oldest first."""
    cursor = db.execute("SELECT * FROM audit ORDER BY id")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def quarantined(db: Connection) -> list[tuple[str, str]]:
    """Origin and reason of what was set aside."""
    return [tuple(row) for row in db.execute("SELECT origin, reason FROM quarantine ORDER BY position, record")]
