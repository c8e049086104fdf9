"""Numbers ever given: none is given twice."""

from __future__ import annotations

from collections.abc import Sequence

from jukinet.store.database import Connection


def designated(db: Connection, municipality: str) -> int:
    """How many codes the municipality was given so far."""
    row = db.execute(
        "SELECT coalesce(max(ordinal) + 1, 0) FROM designation WHERE municipality = ?", (municipality,)
    ).fetchone()
    return int(row[0])


def designate(db: Connection, municipality: str, first: int, codes: Sequence[int]) -> None:
    """Give these codes to the municipality; IntegrityError if one was given before."""
    db.executemany(
        "INSERT INTO designation VALUES (?,?,?)",
        ((code, municipality, first + offset) for offset, code in enumerate(codes)),
    )


def is_designated(db: Connection, code: int) -> bool:
    """Whether the code was ever given to a municipality."""
    return db.execute("SELECT 1 FROM designation WHERE code = ?", (code,)).fetchone() is not None


def number_of(db: Connection, code: int) -> int | None:
    """The number generated from the code before, if any."""
    row = db.execute("SELECT number FROM individual_number WHERE code = ? AND current = 1", (code,)).fetchone()
    return int(row[0]) if row else None


def claim_number(db: Connection, number: int, code: int) -> bool:
    """Take the number for the code, unless it was ever given to anybody."""
    cursor = db.execute("INSERT INTO individual_number VALUES (?,?,1) ON CONFLICT (number) DO NOTHING", (number, code))
    return cursor.rowcount == 1


def retire_number(db: Connection, code: int) -> None:
    """The number generated from the code is a former one from now on; it stays, so that nobody is given it."""
    db.execute("UPDATE individual_number SET current = 0 WHERE code = ? AND current = 1", (code,))
