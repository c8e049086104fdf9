"""How people are found in the register of an upper tier.

Names are found by a hash of name, birth date and sex; whoever reads compares the record.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from google.protobuf.message import DecodeError

from jukinet.model.codes import RESIDENT_CODE_LENGTH
from jukinet.model.dates import PartialDate
from jukinet.model.stream import name_key
from jukinet.store.database import Connection
from jukinet.v1 import identification_pb2


class Held(NamedTuple):
    """One record of a code, with the last change that was notified; `change_date` as a number, 20210601."""

    area_code: str
    live: bool
    kind: int
    reason: int
    change_date: int
    position: int
    body: bytes


NAME_INDEX = """
CREATE TABLE name_index (
  name_key INTEGER NOT NULL,
  code INTEGER NOT NULL,
  PRIMARY KEY (name_key, code)
) STRICT, WITHOUT ROWID;
"""


def index_names(db: Connection, people: Iterable[identification_pb2.Identification]) -> None:
    """Let them be found by name. A former name stays in the index and is told of no more."""
    rows = []
    for person in people:
        code, born = person.resident_code, person.birth_date
        try:
            key = name_key(person.name, _date(born.year, born.month, born.day), person.sex)
        except ValueError:
            continue  # the register sets it aside, so nobody is to find it
        if len(code) == RESIDENT_CODE_LENGTH and code.isascii() and code.isdigit():
            rows.append((key, int(code)))
    db.executemany("INSERT OR IGNORE INTO name_index VALUES (?,?)", rows)


def forget_name(db: Connection, code: int, key: int | None) -> None:
    """Let the code be found by this name no more, unless a record that is kept bears it."""
    rows = db.execute("SELECT body FROM identification WHERE code = ?", (code,))
    kept = [identification_pb2.Identification.FromString(row[0]) for row in rows]
    if key not in {
        name_key(p.name, _date(p.birth_date.year, p.birth_date.month, p.birth_date.day), p.sex) for p in kept
    }:
        db.execute("DELETE FROM name_index WHERE name_key = ? AND code = ?", (key, code))


@lru_cache(maxsize=65_536)
def _date(year: int, month: int, day: int) -> str:
    return str(PartialDate(year, month, day))


def people(records: Iterable[bytes]) -> Iterator[identification_pb2.Identification]:
    """Those whom the notices are about that can be read."""
    for raw in records:
        try:
            yield identification_pb2.IdentificationRecord.FromString(raw).identification
        except DecodeError:
            continue


def codes_by_name(db: Connection, key: int) -> list[int]:
    """Codes of all who may have that name, birth date and sex."""
    return [row[0] for row in db.execute("SELECT code FROM name_index WHERE name_key = ? ORDER BY code", (key,))]


def codes_by_number(db: Connection, number: str) -> list[int]:
    """Codes under which the number was ever notified."""
    rows = db.execute("SELECT DISTINCT code FROM identification WHERE individual_number = ?", (int(number),))
    return [row[0] for row in rows]


def is_confirmed(db: Connection, code: int, area_code: str) -> bool:
    """Whether the governor was told that who left this area has moved in elsewhere."""
    query = "SELECT 1 FROM move_out_confirmation WHERE (code, area_code) = (?,?)"
    return db.execute(query, (code, area_code)).fetchone() is not None


def recorded(db: Connection, code: int) -> list[Held]:
    """Every record of a code, whatever became of it."""
    rows = db.execute(
        "SELECT area_code, live, change_kind, change_reason, change_date, position, body FROM identification"
        " WHERE code = ? ORDER BY position",
        (code,),
    )
    return [Held(area, bool(live), *rest) for area, live, *rest in rows]


def codes_of_numbers(db: Connection, numbers: Collection[int]) -> dict[int, list[int]]:
    """For each 個人番号 the codes under which it was ever notified."""
    return _gathered(
        db.execute(
            "SELECT DISTINCT individual_number, code FROM json_each(?) JOIN identification ON individual_number = value"
            " ORDER BY code",
            (json.dumps(list(numbers)),),
        )
    )


def codes_of_names(db: Connection, keys: Collection[int]) -> dict[int, list[int]]:
    """For each name key the codes of all who may have that name, birth date and sex."""
    query = "SELECT name_key, code FROM json_each(?) JOIN name_index ON name_key = value ORDER BY code"
    return _gathered(db.execute(query, (json.dumps(list(keys)),)))


def changed(db: Connection, codes: Collection[int]) -> set[int]:
    """Those of the codes that have become others."""
    rows = db.execute("SELECT old FROM json_each(?) JOIN code_chain ON old = value", (json.dumps(list(codes)),))
    return {row[0] for row in rows}


def _gathered(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for key, code in pairs:
        found.setdefault(key, []).append(code)
    return found


def current(db: Connection, code: int) -> list[Held]:
    """The live records of a code, else the one that was removed last.

    What is neither live nor removed was superseded by a full transmission or another code, and is nobody's record.
    """
    return current_of(db, [code]).get(code, [])


def current_of(db: Connection, codes: Collection[int]) -> dict[int, list[Held]]:
    """The same, of many."""
    rows = db.execute(
        "SELECT code, area_code, live, change_kind, change_reason, change_date, position, body FROM json_each(?)"
        " JOIN identification ON code = value WHERE live = 1 OR change_kind = 2"
        " ORDER BY code, live DESC, position DESC",
        (json.dumps(list(codes)),),
    )
    found: dict[int, list[Held]] = {}
    for code, area, live, *rest in rows:
        held = found.setdefault(code, [])
        if not held or live:
            held.append(Held(area, bool(live), *rest))
    return found
