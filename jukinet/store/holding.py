"""What the register of an upper tier holds of one person, row by row, whatever became of it."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import NamedTuple

from jukinet.store.database import Connection


class Row(NamedTuple):
    """A row of the register; `change_date` as a number, 20210601."""

    code: int
    area_code: str
    person_sequence: int
    live: bool
    kind: int
    reason: int
    change_date: int
    position: int
    body: bytes


class Link(NamedTuple):
    """A code that became another."""

    old: int
    new: int
    area_code: str
    reason: int


def rows(db: Connection, codes: Collection[int]) -> list[Row]:
    """Every row of these codes, in the order in which they were told."""
    found = db.execute(
        "SELECT code, area_code, person_sequence, live, change_kind, change_reason, change_date, position, body"
        " FROM json_each(?) JOIN identification ON code = value ORDER BY position, code, area_code",
        (json.dumps(list(codes)),),
    )
    return [Row(code, area, sequence, bool(live), *rest) for code, area, sequence, live, *rest in found]


def chain(db: Connection, codes: Collection[int]) -> list[Link]:
    """How these codes became others, or others these, for whatever reason."""
    found = db.execute(
        "SELECT old, new, area_code, change_reason FROM code_chain, (SELECT ? AS wanted)"
        " WHERE old IN (SELECT value FROM json_each(wanted)) OR new IN (SELECT value FROM json_each(wanted))"
        " ORDER BY position, old, area_code",
        (json.dumps(list(codes)),),
    )
    return [Link(*row) for row in found]


def move_outs(db: Connection, codes: Collection[int]) -> dict[tuple[int, str], bytes]:
    """転出確定通知 that a governor keeps, by code and municipality."""
    found = db.execute(
        "SELECT code, area_code, body FROM json_each(?) JOIN move_out_confirmation ON code = value",
        (json.dumps(list(codes)),),
    )
    return {(code, area): body for code, area, body in found}


def set_aside(db: Connection, positions: Collection[int]) -> set[tuple[int, int]]:
    """Position and place of records of these batches that were set aside and still are; place -1 is the whole batch."""
    found = db.execute(
        "SELECT position, record FROM json_each(?) JOIN quarantine ON position = value WHERE settled = 0",
        (json.dumps(list(positions)),),
    )
    return {(position, record) for position, record in found}
