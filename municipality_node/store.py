"""SQL of the municipality: residents, households, designated codes, tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any

from jukinet.model.identification import ChangeKind, ChangeReason, Identification
from jukinet.model.stream import name_key
from jukinet.store.database import Connection
from jukinet.v1 import identification_pb2
from jukinet.wire import convert

POOL = "pool"
MOST_ID = 2**63 - 1
"""The wire has room for greater numbers, the file has not."""


class State(IntEnum):
    """Where a resident record stands; the values of the wire."""

    LIVE = 1
    MOVING_OUT = 2
    REMOVED = 3


@dataclass(frozen=True, slots=True)
class Resident:
    """A 住民票 (or 除票) with what the counter knows beyond 本人確認情報."""

    id: int
    household_id: int
    state: State
    person_sequence: int
    relationship: str
    resident_since: date
    birth_date_text: str
    registered_domicile: str
    registered_head: str
    former_address: str
    removal_reason: ChangeReason
    removal_date: date | None
    planned_destination: str
    confirmed_destination: str
    confirmed_move_out_date: date | None
    person: Identification


@dataclass(frozen=True, slots=True)
class Household:
    """A 世帯."""

    id: int
    area_code: str
    address: str
    head_id: int


_COLUMNS = (
    "id, household_id, state, person_sequence, relationship, resident_since, birth_date_text, registered_domicile,"
    " registered_head, former_address, removal_reason, removal_date, planned_destination, confirmed_destination,"
    " confirmed_move_out_date, body"
)


def _resident(row: tuple[Any, ...]) -> Resident:
    return Resident(
        id=row[0],
        household_id=row[1],
        state=State(row[2]),
        person_sequence=row[3],
        relationship=row[4],
        resident_since=date.fromisoformat(row[5]),
        birth_date_text=row[6],
        registered_domicile=row[7],
        registered_head=row[8],
        former_address=row[9],
        removal_reason=ChangeReason(row[10]),
        removal_date=_day(row[11]),
        planned_destination=row[12],
        confirmed_destination=row[13],
        confirmed_move_out_date=_day(row[14]),
        person=convert.identification(identification_pb2.Identification.FromString(row[15])),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def resident(db: Connection, resident_id: int) -> Resident | None:
    """The record with this number."""
    if resident_id > MOST_ID:
        return None
    row = db.execute(f"SELECT {_COLUMNS} FROM resident WHERE id = ?", (resident_id,)).fetchone()
    return _resident(row) if row else None


def residents(db: Connection, where: str, values: Sequence[int | str]) -> list[Resident]:
    """Records by a condition that another store states."""
    return [_resident(row) for row in db.execute(f"SELECT {_COLUMNS} FROM resident WHERE {where}", tuple(values))]


def by_code(db: Connection, code: str) -> list[Resident]:
    """Every record of this code, live or removed, the latest first; also those that had it until the person changed it.

    A code that was written in error leads to nobody: it may be another's. So does one that was changed before the
    error was found.
    """
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM resident WHERE code = :code OR id IN (SELECT resident_id FROM former_value f"
        " WHERE value = :code AND change_kind = :kind AND change_reason = :request AND NOT EXISTS (SELECT 1"
        " FROM former_value m WHERE m.resident_id = f.resident_id AND m.change_reason = :mended AND m.id > f.id))"
        " ORDER BY id DESC",
        {
            "code": int(code), "kind": ChangeKind.CODE_CORRECTION.value,
            "request": ChangeReason.CODE_CHANGE_REQUEST.value, "mended": ChangeReason.CODE_EX_OFFICIO_ENTRY.value,
        },
    )  # fmt: skip
    return [_resident(row) for row in rows]


def is_inhabited(db: Connection, household_id: int) -> bool:
    """Whether a resident belongs to the household."""
    return (
        db.execute("SELECT 1 FROM resident WHERE household_id = ? AND state <> 3 LIMIT 1", (household_id,)).fetchone()
        is not None
    )


def last_sequence(db: Connection, code: str, area_code: str) -> int:
    """更新順番号 of the last notice about this code in this area; 0 before the first."""
    row = db.execute(
        "SELECT coalesce(max(person_sequence), 0) FROM (SELECT person_sequence FROM resident WHERE code = ? AND"
        " area_code = ? UNION ALL SELECT person_sequence FROM former_value WHERE value = ? AND area_code = ?"
        " AND change_kind = ?)",
        (int(code), area_code, int(code), area_code, ChangeKind.CODE_CORRECTION.value),
    ).fetchone()
    return int(row[0])


def members(db: Connection, household_id: int) -> list[Resident]:
    """Those of the household who are residents, in order of entry."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM resident WHERE household_id = ? AND state <> 3 ORDER BY id", (household_id,)
    )
    return [_resident(row) for row in rows]


def page(db: Connection, after: int, limit: int, household_id: int, state: int) -> list[Resident]:
    """Records in order of number; 0 stands for any household, any state."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM resident WHERE id > ? AND (? = 0 OR household_id = ?) AND (? = 0 OR state = ?)"
        " ORDER BY id LIMIT ?",
        (after, household_id, household_id, state, state, limit),
    )
    return [_resident(row) for row in rows]


def latest_after(db: Connection, after: int, limit: int) -> list[Resident]:
    """The last record of each code in each area, live or removed, in order of number."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM resident r WHERE id > ? AND NOT EXISTS (SELECT 1 FROM resident l WHERE l.code = r.code"
        " AND l.area_code = r.area_code AND l.id > r.id) ORDER BY id LIMIT ?",
        (after, limit),
    )
    return [_resident(row) for row in rows]


def leaving(db: Connection, through: date) -> list[Resident]:
    """Those whose planned day has come."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM resident WHERE state = 2 AND removal_date <= ? ORDER BY removal_date, id",
        (through.isoformat(),),
    )
    return [_resident(row) for row in rows]


def all_leaving(db: Connection) -> list[Resident]:
    """Those who have reported to leave on a coming day."""
    return [_resident(row) for row in db.execute(f"SELECT {_COLUMNS} FROM resident WHERE state = 2 ORDER BY id")]


def next_leaving(db: Connection) -> date | None:
    """The next planned day."""
    row = db.execute("SELECT min(removal_date) FROM resident WHERE state = 2").fetchone()
    return _day(row[0])


def insert_resident(
    db: Connection,
    household_id: int,
    person: Identification,
    *,
    relationship: str,
    resident_since: date,
    person_sequence: int = 0,
    birth_date_text: str = "",
    registered_domicile: str = "",
    registered_head: str = "",
    former_address: str = "",
) -> int:
    """記載. The number of the new record."""
    cursor = db.execute(
        "INSERT INTO resident (household_id, area_code, code, state, person_sequence, relationship, resident_since,"
        " birth_date_text, registered_domicile, registered_head, former_address, body)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            household_id, person.area_code, int(person.resident_code), State.LIVE.value, person_sequence, relationship,
            resident_since.isoformat(), birth_date_text, registered_domicile, registered_head, former_address,
            body(person),
        ),
    )  # fmt: skip
    resident_id = int(cursor.lastrowid or 0)
    db.execute("INSERT INTO resident_name VALUES (?,?)", (_name_key(person), resident_id))
    return resident_id


def live_rows(db: Connection, area_code: str) -> Iterator[tuple[int, int, bytes]]:
    """Code, 更新順番号 and 本人確認情報 of all residents of an area who are not withheld, in order of code."""
    return db.execute(
        "SELECT code, person_sequence, body FROM resident WHERE area_code = ? AND state <> 3"
        " AND id NOT IN (SELECT resident_id FROM opt_out) ORDER BY code",
        (area_code,),
    )


def last_id(db: Connection) -> int:
    """The number of the last record that was entered; 0 if there is none."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM resident").fetchone()[0])


def alike(db: Connection, resident_id: int, limit: int) -> list[int]:
    """Other records, of another code, with the same name, birth date and sex: the same person, or a namesake."""
    own = resident(db, resident_id)
    if own is None:
        return []
    rows = db.execute(
        "SELECT resident_id FROM resident_name JOIN resident ON id = resident_id WHERE name_key = ? AND code <> ?"
        " ORDER BY resident_id LIMIT ?",
        (_name_key(own.person), int(own.person.resident_code), limit),
    )
    return [int(row[0]) for row in rows]


def _name_key(person: Identification) -> int:
    return name_key(person.name, person.birth_date, person.sex)


def index_names(db: Connection) -> None:
    """Let everybody be found by name who was entered before there was an index."""
    for record in residents(db, "1 = 1 ORDER BY id", ()):
        db.execute("INSERT INTO resident_name VALUES (?,?)", (_name_key(record.person), record.id))


def body(person: Identification) -> bytes:
    """本人確認情報 as stored and sent."""
    return convert.identification_message(person).SerializeToString(deterministic=True)


def update_person(db: Connection, resident_id: int, person: Identification) -> None:
    """記載の修正."""
    db.execute(
        "UPDATE resident SET body = ?, code = ? WHERE id = ?", (body(person), int(person.resident_code), resident_id)
    )
    db.execute("UPDATE resident_name SET name_key = ? WHERE resident_id = ?", (_name_key(person), resident_id))


def next_sequence(db: Connection, resident_id: int) -> int:
    """Take the next 更新順番号 of the person."""
    row = db.execute(
        "UPDATE resident SET person_sequence = person_sequence + 1 WHERE id = ? RETURNING person_sequence",
        (resident_id,),
    ).fetchone()
    return int(row[0])


def raise_sequence(db: Connection, resident_id: int, least: int) -> None:
    """Let the next 更新順番号 of the person be greater than this one."""
    db.execute("UPDATE resident SET person_sequence = max(person_sequence, ?) WHERE id = ?", (least, resident_id))


def set_removal(
    db: Connection, resident_id: int, state: State, reason: ChangeReason, day: date, destination: str
) -> None:
    """消除, or the plan of one."""
    db.execute(
        "UPDATE resident SET state = ?, removal_reason = ?, removal_date = ?, planned_destination = ? WHERE id = ?",
        (state.value, reason.value, day.isoformat(), destination, resident_id),
    )


def confirm_move_out(db: Connection, resident_id: int, destination: str, day: date | None) -> None:
    """除票に転出をした旨を記載 (令13条第2項); no day takes it back."""
    db.execute(
        "UPDATE resident SET confirmed_destination = ?, confirmed_move_out_date = ? WHERE id = ?",
        (destination, day.isoformat() if day else "", resident_id),
    )


def set_birth_date_text(db: Connection, resident_id: int, text: str) -> None:
    """The words of the 住民票 where the birth date is 不詳."""
    db.execute("UPDATE resident SET birth_date_text = ? WHERE id = ?", (text, resident_id))


def set_household(db: Connection, resident_id: int, household_id: int, relationship: str) -> None:
    """Move the record to a household."""
    db.execute(
        "UPDATE resident SET household_id = ?, relationship = ? WHERE id = ?", (household_id, relationship, resident_id)
    )


def insert_household(db: Connection, area_code: str, address: str) -> int:
    """A new household, still without head."""
    cursor = db.execute("INSERT INTO household (area_code, address) VALUES (?,?)", (area_code, address))
    return int(cursor.lastrowid or 0)


def household(db: Connection, household_id: int) -> Household | None:
    """The household with this number."""
    if household_id > MOST_ID:
        return None
    row = db.execute("SELECT id, area_code, address, head_id FROM household WHERE id = ?", (household_id,)).fetchone()
    return Household(*row) if row else None


def set_head(db: Connection, household_id: int, resident_id: int) -> None:
    """Name the 世帯主; 0 if nobody is left."""
    db.execute("UPDATE household SET head_id = ? WHERE id = ?", (resident_id, household_id))


def head_name(db: Connection, household_id: int) -> str:
    """世帯主の氏名; empty if nobody is left."""
    found = household(db, household_id)
    head = resident(db, found.head_id) if found else None
    return head.person.name if head else ""


def set_address(db: Connection, household_id: int, address: str) -> None:
    """Where the household lives now."""
    db.execute("UPDATE household SET address = ? WHERE id = ?", (address, household_id))


def add_codes(db: Connection, codes: list[int]) -> None:
    """Keep what J-LIS designated."""
    db.executemany("INSERT INTO pool (code) VALUES (?)", ((code,) for code in codes))


def draw_codes(db: Connection, count: int) -> list[str]:
    """Take unused codes; fewer if the pool runs out."""
    rows = db.execute(
        "UPDATE pool SET used = 1 WHERE id IN (SELECT id FROM pool WHERE used = 0 ORDER BY id LIMIT ?) RETURNING code",
        (count,),
    ).fetchall()
    return [f"{row[0]:011d}" for row in rows]


def tally(db: Connection) -> dict[str, int]:
    """Residents by area, and unused codes under `pool`."""
    return dict(db.execute("SELECT name, count FROM tally"))


def applied(db: Connection) -> int:
    """Position up to which the journal is applied."""
    return int(db.execute("SELECT position FROM applied").fetchone()[0])
