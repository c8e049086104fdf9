"""What was answered to whom: a repeat gets the same answer, the same id with other content is refused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from jukinet.clock import real_micros
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from jukinet.store.database import Connection

KEPT_MICROS = 7 * 24 * 3600 * 1_000_000
"""Seven real days."""


def find(db: Connection, caller: str, request_id: str, method: str, digest: bytes) -> bytes | None:
    """The answer given before, if any; REQUEST_ID_REUSED if the content differs."""
    row = db.execute(
        "SELECT method, digest, answer FROM answered WHERE caller = ? AND request_id = ?", (caller, request_id)
    ).fetchone()
    if row is None:
        return None
    if (row[0], row[1]) != (method, digest):
        raise Refusal(Reason.REQUEST_ID_REUSED)
    return bytes(row[2])


def keep(db: Connection, caller: str, request_id: str, method: str, digest: bytes, answer: bytes, day: date) -> None:
    """Keep the answer, given on this civil day; those of more than seven real days ago go."""
    now = real_micros()
    db.execute(
        "INSERT INTO answered (caller, request_id, method, digest, answer, real_time, day) VALUES (?,?,?,?,?,?,?)",
        (caller, request_id, method, digest, answer, now, day.isoformat()),
    )
    db.execute("DELETE FROM answered WHERE real_time < ?", (now - KEPT_MICROS,))


def forget(db: Connection, words: Iterable[str | bytes], before: date) -> None:
    """Drop the answers of before that day that say one of these words: a number, or the signature of a batch."""
    db.executemany(
        "DELETE FROM answered WHERE instr(answer, CAST(? AS BLOB)) > 0 AND day < ?",
        ((word, before.isoformat()) for word in words if word),
    )
