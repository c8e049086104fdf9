"""SQL of 戸籍の附票, of what does not fit it, and of notices of 戸籍 offices."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from jukinet.model.dates import PartialDate
from jukinet.model.family_register import (
    RegistrationNotice,
    SupplementaryAddress,
    SupplementaryEntry,
    SupplementaryMismatch,
)
from jukinet.model.identification import Sex
from jukinet.pki.signing import sha256
from jukinet.store.database import Connection
from jukinet.v1 import family_register_pb2 as pb
from jukinet.wire import convert_family_register as convert
from municipality_node.store import MOST_ID

_ADDRESS = "address, settled_date, moved_abroad, told_by, told_on"
_ENTRY = (
    "id, area_code, registered_domicile, registered_head, name, name_kana, birth_date, sex, code,"
    f" from_family_register, removed_date, transferred_to, former_name, {_ADDRESS}"
)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _address(row: tuple[Any, ...]) -> SupplementaryAddress:
    return SupplementaryAddress(row[0], _day(row[1]), bool(row[2]), row[3], _day(row[4]))


def _entry(row: tuple[Any, ...]) -> SupplementaryEntry:
    address = _address(row[13:])
    return SupplementaryEntry(
        id=row[0],
        area_code=row[1],
        registered_domicile=row[2],
        registered_head=row[3],
        name=row[4],
        name_kana=row[5],
        birth_date=PartialDate.parse(row[6]),
        sex=Sex(row[7]),
        resident_code=f"{row[8]:011d}" if row[8] else "",
        from_family_register=bool(row[9]),
        removed_date=_day(row[10]),
        transferred_to=row[11],
        former_name=row[12],
        current=address if address.told_on else None,
    )


def entry(db: Connection, entry_id: int) -> SupplementaryEntry | None:
    """The entry with this number, with all 住所."""
    if entry_id > MOST_ID:
        return None
    row = db.execute(f"SELECT {_ENTRY} FROM supplementary_entry WHERE id = ?", (entry_id,)).fetchone()
    return _with_former(db, _entry(row)) if row else None


def _with_former(db: Connection, found: SupplementaryEntry) -> SupplementaryEntry:
    return replace(found, former=tuple(address for _, address in former_addresses(db, found.id)))


def former_addresses(db: Connection, entry_id: int) -> list[tuple[int, SupplementaryAddress]]:
    """What the entry said before, the latest first."""
    rows = db.execute(
        f"SELECT id, {_ADDRESS} FROM supplementary_address WHERE entry_id = ? ORDER BY settled_date DESC, id DESC",
        (entry_id,),
    )
    return [(row[0], _address(row[1:])) for row in rows]


def of_register(db: Connection, area_code: str, domicile: str, head: str) -> list[SupplementaryEntry]:
    """All who are, or were, in the 附票 of this 戸籍 here, in order of entry."""
    rows = db.execute(
        f"SELECT {_ENTRY} FROM supplementary_entry WHERE area_code = ? AND registered_domicile = ?"
        " AND registered_head = ? ORDER BY id",
        (area_code, domicile, head),
    )
    return [_entry(row) for row in rows]


def page(
    db: Connection, after: int, limit: int, domicile: str, head: str, with_removed: bool
) -> list[SupplementaryEntry]:
    """Entries in order of number; empty words stand for any."""
    rows = db.execute(
        f"SELECT {_ENTRY} FROM supplementary_entry WHERE id > ? AND (? = '' OR registered_domicile = ?)"
        " AND (? = '' OR registered_head = ?) AND (? OR removed_date = '') ORDER BY id LIMIT ?",
        (after, domicile, domicile, head, head, int(with_removed), limit),
    ).fetchall()
    return [_with_former(db, _entry(row)) for row in rows]


def insert(db: Connection, new: SupplementaryEntry) -> int:
    """記載. The number of the new entry."""
    cursor = db.execute(
        "INSERT INTO supplementary_entry (area_code, registered_domicile, registered_head, name, name_kana, birth_date,"
        f" sex, code, from_family_register, {_ADDRESS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            new.area_code, new.registered_domicile, new.registered_head, new.name, new.name_kana, str(new.birth_date),
            new.sex.value, int(new.resident_code or 0), int(new.from_family_register), *_values(new.current),
        ),
    )  # fmt: skip
    entry_id = int(cursor.lastrowid or 0)
    for address in new.former:
        insert_former(db, entry_id, address)
    return entry_id


def _values(address: SupplementaryAddress | None) -> tuple[Any, ...]:
    if address is None:
        return ("", "", 0, "", "")
    settled, told = _text(address.settled_date), _text(address.told_on)
    return (address.address, settled, int(address.moved_abroad), address.told_by, told)


def update_person(db: Connection, entry_id: int, person: SupplementaryEntry) -> None:
    """修正 of what is not the 住所."""
    db.execute(
        "UPDATE supplementary_entry SET name = ?, former_name = ?, name_kana = ?, birth_date = ?, sex = ?, code = ?"
        " WHERE id = ?",
        (
            person.name, person.former_name, person.name_kana, str(person.birth_date), person.sex.value,
            int(person.resident_code or 0), entry_id,
        ),
    )  # fmt: skip


def set_current(db: Connection, entry_id: int, address: SupplementaryAddress) -> None:
    """What the entry says now."""
    db.execute(f"UPDATE supplementary_entry SET ({_ADDRESS}) = (?,?,?,?,?) WHERE id = ?", (*_values(address), entry_id))


def insert_former(db: Connection, entry_id: int, address: SupplementaryAddress) -> None:
    """What the entry said at another time."""
    db.execute(
        f"INSERT INTO supplementary_address (entry_id, {_ADDRESS}) VALUES (?,?,?,?,?,?)", (entry_id, *_values(address))
    )


def correct_former(db: Connection, address_id: int, address: SupplementaryAddress) -> None:
    """Write a former 住所 anew."""
    db.execute(
        f"UPDATE supplementary_address SET ({_ADDRESS}) = (?,?,?,?,?) WHERE id = ?", (*_values(address), address_id)
    )


def remove(db: Connection, entry_id: int, on: date, today: date, transferred_to: str = "") -> None:
    """消除 (令19条), done today: from now on it is kept as a 除票 (令34条第1項)."""
    db.execute(
        "UPDATE supplementary_entry SET removed_date = ?, transferred_to = ?, removed_on = ? WHERE id = ?",
        (on.isoformat(), transferred_to, today.isoformat(), entry_id),
    )


def was_heard(db: Connection, record: bytes) -> bool:
    """Whether the same notice has been followed before, by line or on paper."""
    digest = sha256(record)
    return db.execute("SELECT 1 FROM supplementary_notice_heard WHERE digest = ?", (digest,)).fetchone() is not None


def note_heard(db: Connection, record: bytes, today: date) -> None:
    """The 附票 follows this notice, which came from elsewhere."""
    db.execute("INSERT INTO supplementary_notice_heard VALUES (?,?)", (sha256(record), today.isoformat()))


def add_mismatch(db: Connection, found: SupplementaryMismatch, today: date) -> bool:
    """Keep a mismatch; False if it is there already, on whatever day it was found."""
    body = convert.supplementary_mismatch_message(found).SerializeToString(deterministic=True)
    key = convert.supplementary_mismatch_message(replace(found, found_date=date.min))
    cursor = db.execute(
        "INSERT INTO supplementary_mismatch (found_here, by_line, digest, body, accepted_on) VALUES (?,?,?,?,?)"
        " ON CONFLICT DO NOTHING",
        (
            int(found.found_here), int(found.by_line), sha256(key.SerializeToString(deterministic=True)), body,
            today.isoformat(),
        ),
    )  # fmt: skip
    return cursor.rowcount == 1


def mismatches(db: Connection, after: int, limit: int) -> list[SupplementaryMismatch]:
    """Mismatches, oldest first."""
    rows = db.execute(
        "SELECT id, found_here, by_line, body FROM supplementary_mismatch WHERE id > ? ORDER BY id LIMIT ?",
        (after, limit),
    )
    return [_mismatch(row) for row in rows]


def mismatch(db: Connection, mismatch_id: int) -> SupplementaryMismatch | None:
    """One of them."""
    found = mismatches(db, mismatch_id - 1, 1) if 0 < mismatch_id <= MOST_ID else []
    return found[0] if found and found[0].id == mismatch_id else None


def _mismatch(row: tuple[Any, ...]) -> SupplementaryMismatch:
    said = convert.supplementary_mismatch(pb.SupplementaryRegisterMismatch.FromString(row[3]))
    return replace(said, id=row[0], found_here=bool(row[1]), by_line=bool(row[2]))


def add_waiting(db: Connection, notice: RegistrationNotice, fault: str) -> None:
    """Keep a birth that no code is there for."""
    body = convert.registration_notice_message(notice).SerializeToString(deterministic=True)
    db.execute("INSERT INTO family_registration_waiting (last_fault, body) VALUES (?,?)", (fault, body))


def waiting(db: Connection) -> list[tuple[int, str, RegistrationNotice]]:
    """What waits, oldest first: number, why, and what it says."""
    rows = db.execute("SELECT id, last_fault, body FROM family_registration_waiting ORDER BY id")
    return [
        (row[0], row[1], convert.registration_notice(pb.FamilyRegistrationNotice.FromString(row[2]))) for row in rows
    ]


def set_waiting_fault(db: Connection, waiting_id: int, fault: str) -> None:
    """Note why it could not be applied."""
    db.execute("UPDATE family_registration_waiting SET last_fault = ? WHERE id = ?", (fault, waiting_id))


def finish_waiting(db: Connection, waiting_id: int) -> None:
    """It has been applied."""
    db.execute("DELETE FROM family_registration_waiting WHERE id = ?", (waiting_id,))


def set_aside(db: Connection, kind: int) -> list[tuple[int, int, str]]:
    """Position, index and reason of each record of this kind that was set aside and is not done with."""
    rows = db.execute(
        "SELECT position, record, reason FROM quarantine WHERE kind = ? AND settled = 0 ORDER BY position, record",
        (kind,),
    )
    return [(row[0], row[1], row[2]) for row in rows]


def family_of(db: Connection, resident_id: int) -> tuple[str, str]:
    """戸籍の表示 of a 住民票: 本籍 and 筆頭者."""
    row = db.execute(
        "SELECT registered_domicile, registered_head FROM resident WHERE id = ?", (resident_id,)
    ).fetchone()
    return (row[0], row[1]) if row else ("", "")


def set_family(db: Connection, resident_id: int, domicile: str, head: str) -> None:
    """戸籍の表示 from now on."""
    db.execute(
        "UPDATE resident SET registered_domicile = ?, registered_head = ? WHERE id = ?", (domicile, head, resident_id)
    )


def households_at(db: Connection, area_code: str, address: str) -> list[int]:
    """Households at an address, also those nobody lives in any more."""
    rows = db.execute("SELECT id FROM household WHERE area_code = ? AND address = ? ORDER BY id", (area_code, address))
    return [row[0] for row in rows]


def resident_ids(db: Connection, household_id: int) -> list[int]:
    """Whoever was ever recorded in the household, the latest first."""
    rows = db.execute("SELECT id FROM resident WHERE household_id = ? ORDER BY id DESC", (household_id,))
    return [row[0] for row in rows]
