"""SQL of what stood on a 住民票 before it was changed."""

from __future__ import annotations

from dataclasses import dataclass

from jukinet.model.identification import Change, ChangeKind, ChangeReason
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from jukinet.store.database import Connection
from municipality_node import store


@dataclass(frozen=True, slots=True)
class FormerValue:
    """A code or number of before, with area and 更新順番号 of that time."""

    area_code: str
    kind: ChangeKind
    reason: ChangeReason
    value: int
    person_sequence: int


def keep(db: Connection, resident_id: int, change: Change) -> None:
    """Keep the code or number that the change took away, if there was one."""
    value = change.former_resident_code or change.former_individual_number
    if not value:
        return
    db.execute(
        "INSERT INTO former_value (resident_id, area_code, change_kind, change_reason, value, person_sequence)"
        " SELECT id, area_code, ?, ?, ?, person_sequence FROM resident WHERE id = ?",
        (change.kind.value, change.reason.value, int(value), resident_id),
    )


def raise_sequence(db: Connection, resident_id: int, person_sequence: int) -> None:
    """Under the code that was changed last, something was said since: whoever has it next goes on from there."""
    db.execute(
        "UPDATE former_value SET person_sequence = ? WHERE id = (SELECT max(id) FROM former_value WHERE resident_id = ?"
        " AND change_kind = ?)",
        (person_sequence, resident_id, ChangeKind.CODE_CORRECTION.value),
    )


def values(db: Connection, resident_id: int) -> list[FormerValue]:
    """All of a record, the oldest first."""
    rows = db.execute(
        "SELECT area_code, change_kind, change_reason, value, person_sequence FROM former_value WHERE resident_id = ?"
        " ORDER BY id",
        (resident_id,),
    )
    return [FormerValue(row[0], ChangeKind(row[1]), ChangeReason(row[2]), row[3], row[4]) for row in rows]


def keep_value(db: Connection, resident_id: int, value: FormerValue) -> None:
    """Keep what another municipality kept."""
    if value.value > store.MOST_ID or value.person_sequence > store.MOST_ID:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="former_values")
    db.execute(
        "INSERT INTO former_value (resident_id, area_code, change_kind, change_reason, value, person_sequence)"
        " VALUES (?,?,?,?,?,?)",
        (resident_id, value.area_code, value.kind.value, value.reason.value, value.value, value.person_sequence),
    )


def last_reason(db: Connection, resident_id: int, kind: ChangeKind) -> ChangeReason | None:
    """Why the code or number was changed last; None if it is the first."""
    if resident_id > store.MOST_ID:
        return None
    row = db.execute(
        "SELECT change_reason FROM former_value WHERE resident_id = ? AND change_kind = ? ORDER BY id DESC LIMIT 1",
        (resident_id, kind.value),
    ).fetchone()
    return ChangeReason(row[0]) if row else None


def changed_codes(db: Connection, resident_id: int) -> list[str]:
    """Codes of this record until the person changed them; those up to one written in error may be another's."""
    rows = db.execute(
        "SELECT value FROM former_value WHERE resident_id = ? AND change_kind = ? AND change_reason = ? AND id >"
        " (SELECT coalesce(max(id), 0) FROM former_value WHERE resident_id = ? AND change_reason = ?)",
        (
            resident_id, ChangeKind.CODE_CORRECTION.value, ChangeReason.CODE_CHANGE_REQUEST.value, resident_id,
            ChangeReason.CODE_EX_OFFICIO_ENTRY.value,
        ),
    )  # fmt: skip
    return [f"{row[0]:011d}" for row in rows]


def last_holder(db: Connection, code: str) -> int | None:
    """Whose record had the code before it was changed, for whatever reason."""
    row = db.execute(
        "SELECT resident_id FROM former_value WHERE value = ? AND change_kind = ? ORDER BY id DESC LIMIT 1",
        (int(code), ChangeKind.CODE_CORRECTION.value),
    ).fetchone()
    return int(row[0]) if row else None


def keep_deleted_surname(db: Connection, resident_id: int, former_surname: str) -> None:
    """Keep a 旧氏 that was taken away: it may not come back (令30条の14第1項)."""
    db.execute("INSERT OR IGNORE INTO deleted_former_surname VALUES (?,?)", (resident_id, former_surname))


def deleted_surnames(db: Connection, resident_id: int) -> list[str]:
    """旧氏 that were taken away from this record."""
    rows = db.execute(
        "SELECT former_surname FROM deleted_former_surname WHERE resident_id = ? ORDER BY former_surname",
        (resident_id,),
    )
    return [str(row[0]) for row in rows]


def carry_over(db: Connection, old_id: int, new_id: int) -> None:
    """Let another record of the person know them too."""
    db.execute(
        "INSERT INTO former_value (resident_id, area_code, change_kind, change_reason, value, person_sequence)"
        " SELECT ?, area_code, change_kind, change_reason, value, person_sequence FROM former_value"
        " WHERE resident_id = ? ORDER BY id",
        (new_id, old_id),
    )
    for former_surname in deleted_surnames(db, old_id):
        keep_deleted_surname(db, new_id, former_surname)
