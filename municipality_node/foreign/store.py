"""SQL of 外国人住民's items (法30条の45) and of the grounds on which records were deleted ex officio."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from jukinet.model.foreign import Category, ForeignItems, InvestigationResult
from jukinet.store.database import Connection


@dataclass(frozen=True, slots=True)
class Kept:
    """The items of one record with the days that follow from them."""

    items: ForeignItems
    foreign_resident_since: date
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Stay:
    """A live foreign resident's stay that ends on a day."""

    resident_id: int
    category: Category
    last_day: date


class Ground(IntEnum):
    """Why a record was deleted ex officio, where that matters afterwards."""

    INVESTIGATION = 1
    STAY_ENDED = 2


@dataclass(frozen=True, slots=True)
class Removal:
    """The ground of one deletion; day and result of the investigation if it was one."""

    ground: Ground
    day: date
    result: InvestigationResult


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def keep_items(db: Connection, resident_id: int, kept: Kept) -> None:
    """Write the items of a record in place of those before."""
    items = kept.items
    db.execute(
        "INSERT OR REPLACE INTO foreign_items (resident_id, nationality, category, since, status_of_residence,"
        " period_of_stay, expiry, card_number, foreign_resident_since, last_day) VALUES (?,?,?,?,?,?,?,?,?,?)",
        (
            resident_id, items.nationality, items.category.value, items.since.isoformat(), items.status_of_residence,
            items.period_of_stay, _text(items.expiry), items.card_number, kept.foreign_resident_since.isoformat(),
            _text(kept.last_day),
        ),
    )  # fmt: skip


def items_of(db: Connection, resident_id: int) -> Kept | None:
    """The items of a record; None where none were told."""
    row = db.execute(
        "SELECT nationality, category, since, status_of_residence, period_of_stay, expiry, card_number,"
        " foreign_resident_since, last_day FROM foreign_items WHERE resident_id = ?",
        (resident_id,),
    ).fetchone()
    if row is None:
        return None
    items = ForeignItems(row[0], Category(row[1]), date.fromisoformat(row[2]), row[3], row[4], _day(row[5]), row[6])
    return Kept(items, date.fromisoformat(row[7]), _day(row[8]))


def stays_through(db: Connection, through: date, after: int, limit: int) -> list[Stay]:
    """Stays of residents that end by a day, in order of number."""
    rows = db.execute(
        "SELECT f.resident_id, f.category, f.last_day FROM foreign_items f JOIN resident r ON r.id = f.resident_id"
        " WHERE f.last_day <> '' AND f.last_day <= ? AND r.state <> 3 AND f.resident_id > ?"
        " ORDER BY f.resident_id LIMIT ?",
        (through.isoformat(), after, limit),
    )
    return [Stay(row[0], Category(row[1]), date.fromisoformat(row[2])) for row in rows]


def keep_removal(db: Connection, resident_id: int, removal: Removal) -> None:
    """Write why a record was deleted."""
    db.execute(
        "INSERT INTO ex_officio_removal (resident_id, ground, day, result) VALUES (?,?,?,?)",
        (resident_id, removal.ground.value, removal.day.isoformat(), removal.result.value),
    )


def removal_of(db: Connection, resident_id: int) -> Removal | None:
    """Why the record was deleted; None where no such ground was kept."""
    row = db.execute(
        "SELECT ground, day, result FROM ex_officio_removal WHERE resident_id = ?", (resident_id,)
    ).fetchone()
    return Removal(Ground(row[0]), date.fromisoformat(row[1]), InvestigationResult(row[2])) if row else None


def carry_over(db: Connection, old_id: int, new_id: int) -> None:
    """Write the items of one record on another of the person."""
    kept = items_of(db, old_id)
    if kept is not None:
        keep_items(db, new_id, kept)
