"""SQL of whom an office asks for in the 住民基本台帳."""

from __future__ import annotations

import json
from collections.abc import Collection

from jukinet.store import journal
from jukinet.store.database import Connection
from jukinet.v1 import identification_pb2, relay_pb2
from municipality_node import store
from municipality_node.store import Resident


def codes_by_name(db: Connection, key: int) -> list[str]:
    """Codes of all who may have that name, birth date and sex, live or removed."""
    rows = db.execute(
        "SELECT DISTINCT code FROM resident JOIN resident_name ON resident_id = id WHERE name_key = ? ORDER BY code",
        (key,),
    )
    return [f"{row[0]:011d}" for row in rows]


def of_code(db: Connection, code: str) -> list[Resident]:
    """The 住民票 and 除票 of a code, the latest first."""
    return store.residents(db, "code = ? ORDER BY id DESC", (int(code),))


def last_changes(db: Connection, codes: Collection[int]) -> dict[int, identification_pb2.Change]:
    """変更情報 of the last notice about each; none about whoever was not told of yet."""
    rows = db.execute(
        "SELECT code, position, record FROM unsuperseded WHERE code IN (SELECT value FROM json_each(?))"
        " ORDER BY position", (json.dumps(list(codes)),)
    ).fetchall()  # fmt: skip
    found: dict[int, identification_pb2.Change] = {}
    at = 0
    records: tuple[bytes, ...] = ()
    for code, position, index in rows:
        if position != at:
            entry = journal.entry(db, position)
            payload = relay_pb2.BatchPayload.FromString(entry.envelope.batch.payload if entry else b"")
            at, records = position, tuple(payload.records)
        if index < len(records) and records[index]:
            found[code] = identification_pb2.IdentificationRecord.FromString(records[index]).change
    return found
