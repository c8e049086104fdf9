"""Numbers ever given: none is given twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jukinet.store.database import Connection
from jukinet.v1 import relay_pb2


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


def said(db: Connection, kind: int) -> list[tuple[str, int, int]]:
    """Addressee, epoch and last number of each batch that was said of a kind, also of those that were refused."""
    batches = db.execute("SELECT counterpart, epoch, last_number FROM batch WHERE said = 1 AND kind = ?", (kind,))
    refused = db.execute("SELECT header FROM conflict WHERE kind = ? AND origin = 'jlis'", (kind,)).fetchall()
    headers = [relay_pb2.StreamHeader.FromString(row[0]) for row in refused]
    return [*batches, *((header.counterpart, header.epoch, header.last_number) for header in headers)]


def said_payloads(db: Connection, kinds: Sequence[int]) -> Iterator[bytes]:
    """What was said of these kinds, in the order in which it was said, to whomever; also what was refused."""
    marks = ",".join("?" * len(kinds))
    rows = db.execute(
        f"SELECT payload FROM conflict WHERE kind IN ({marks}) AND origin = 'jlis' UNION ALL SELECT payload FROM"
        f" (SELECT payload FROM batch WHERE said = 1 AND kind IN ({marks}) ORDER BY lamport_time)",
        (*kinds, *kinds),
    )
    return (row[0] for row in rows)


def heard_payloads(db: Connection, kind: int) -> Iterator[bytes]:
    """What was heard of a kind."""
    return (row[0] for row in db.execute("SELECT payload FROM batch WHERE said = 0 AND kind = ?", (kind,)))


def keep_number(db: Connection, number: int, code: int, *, current: bool) -> None:
    """The number was given to the code: it is the one of now, or at least nobody else's.

    Of two numbers said of one code the later is the one of now; what others tell of is so only where none was said.
    """
    if not current:
        row = db.execute("SELECT 1 FROM individual_number WHERE code = ? AND current = 1", (code,)).fetchone()
        now = int(row is None)
        db.execute("INSERT INTO individual_number VALUES (?,?,?) ON CONFLICT DO NOTHING", (number, code, now))
        return
    retire_number(db, code)
    db.execute(
        "INSERT INTO individual_number VALUES (?,?,1) ON CONFLICT (number) DO UPDATE SET current = 1"
        " WHERE code = excluded.code",
        (number, code),
    )
