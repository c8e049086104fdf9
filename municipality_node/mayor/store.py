"""SQL of what the mayor passed on."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from jukinet.node.config import Passage
from jukinet.store.database import Connection


def insert(db: Connection, passage: Passage) -> None:
    """The mayor has passed on the batch at this position."""
    db.execute(
        "INSERT INTO passage (position, real_time, virtual_time, lamport_time) VALUES (?,?,?,?)",
        (passage.position, passage.real_time, passage.virtual_time, passage.lamport_time),
    )


def last(db: Connection) -> int:
    """The last position passed on; 0 before the first."""
    return int(db.execute("SELECT coalesce(max(position), 0) FROM passage").fetchone()[0])


def waiting(db: Connection, after: int, wards: Collection[str], kinds: Collection[int]) -> list[tuple[int, int]]:
    """Position and size of each sealed batch of the wards that waits for the mayor, in order."""
    rows = db.execute(
        "SELECT position, last_number - first_number + 1 FROM batch WHERE position > ? AND said = 1"
        f" AND origin IN ({_marks(wards)}) AND kind IN ({_marks(kinds)}) ORDER BY position",
        (after, *wards, *kinds),
    )
    return list(rows)


def passages(db: Connection, positions: Collection[int]) -> Mapping[int, Passage]:
    """What is known of the mayor's passing on, by position."""
    if not positions:
        return {}
    rows = db.execute(
        "SELECT position, real_time, virtual_time, lamport_time FROM passage WHERE position BETWEEN ? AND ?",
        (min(positions), max(positions)),
    )
    return {row[0]: Passage(*row) for row in rows}


def _marks(values: Collection[object]) -> str:
    return ",".join("?" * len(values))
