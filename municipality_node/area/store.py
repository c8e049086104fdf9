"""SQL of records that change their area, are handed over, or are absorbed."""

from __future__ import annotations

from dataclasses import replace

from jukinet.model.identification import Identification
from jukinet.store.database import Connection
from municipality_node import store
from municipality_node.store import Resident, State


def living_in(db: Connection, area_code: str, after: int, limit: int) -> list[Resident]:
    """Residents of an area, in order of number."""
    rows = db.execute(
        "SELECT id FROM resident WHERE id > ? AND area_code = ? AND state <> 3 ORDER BY id LIMIT ?",
        (after, area_code, limit),
    ).fetchall()
    found = [store.resident(db, row[0]) for row in rows]
    return [resident for resident in found if resident is not None]


def take_over(db: Connection, resident_id: int, person: Identification, person_sequence: int) -> None:
    """The record is another area's from now on, and so is the count of notices about the person."""
    db.execute(
        "UPDATE resident SET area_code = ?, body = ?, person_sequence = ? WHERE id = ?",
        (person.area_code, store.body(person), person_sequence, resident_id),
    )


def set_household_area(db: Connection, household_id: int, area_code: str, address: str) -> None:
    """The household lives in another area from now on."""
    db.execute("UPDATE household SET area_code = ?, address = ? WHERE id = ?", (area_code, address, household_id))


def hand_over(
    db: Connection, resident: Resident, successor: str, virtual_time: int, number_change: int
) -> tuple[Resident, int]:
    """Close the record here without a notice; as it was before, also when it is handed over again.

    Also why a change of number waited then, or 0.
    """
    db.execute(
        "INSERT INTO handed_over (resident_id, state, successor, virtual_time, number_change) VALUES (?,?,?,?,?)"
        " ON CONFLICT DO NOTHING",
        (resident.id, resident.state.value, successor, virtual_time, number_change),
    )
    db.execute("UPDATE resident SET state = ? WHERE id = ?", (State.REMOVED.value, resident.id))
    row = db.execute("SELECT state, number_change FROM handed_over WHERE resident_id = ?", (resident.id,)).fetchone()
    return replace(resident, state=State(row[0])), int(row[1])


def is_handed_over(db: Connection, resident_id: int) -> bool:
    """Whether another municipality has the record."""
    return db.execute("SELECT 1 FROM handed_over WHERE resident_id = ?", (resident_id,)).fetchone() is not None


def absorbed(db: Connection, area_code: str, former_id: int) -> bool:
    """Whether the record has been taken over from there."""
    row = db.execute("SELECT 1 FROM absorbed WHERE area_code = ? AND former_id = ?", (area_code, former_id)).fetchone()
    return row is not None


def note_absorbed(db: Connection, area_code: str, former_id: int, resident_id: int) -> None:
    """Remember which record here was which there."""
    db.execute("INSERT INTO absorbed VALUES (?,?,?)", (area_code, former_id, resident_id))


def absorbed_household(db: Connection, area_code: str, former_id: int) -> int:
    """The household here that was that one there; 0 if it has not come yet."""
    row = db.execute(
        "SELECT household_id FROM absorbed_household WHERE area_code = ? AND former_id = ?", (area_code, former_id)
    ).fetchone()
    return int(row[0]) if row else 0


def note_absorbed_household(db: Connection, area_code: str, former_id: int, household_id: int) -> None:
    """Remember which household here was which there."""
    db.execute("INSERT INTO absorbed_household VALUES (?,?,?)", (area_code, former_id, household_id))
