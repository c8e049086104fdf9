"""SQL of inquiries and of 転入通知 that did not come."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from jukinet.model.confirmation import Inquiry, Searched
from jukinet.model.identification import Hit
from jukinet.store.database import Connection
from jukinet.v1 import search_pb2
from jukinet.wire import convert_abroad
from municipality_node import store
from municipality_node.store import Resident
from municipality_node.trace.store import listed, numbers


def keep_inquiry(
    db: Connection,
    day: date,
    hits: Sequence[Hit],
    *,
    operator_id: str = "",
    searched: Collection[Searched] = (),
    about: int = 0,
    truncated: bool = False,
) -> int:
    """Keep what was told, under a number. `about` is the name key of whom the inquiry looked for."""
    cursor = db.execute(
        "INSERT INTO inquiry (day, operator_id, searched, about, truncated) VALUES (?,?,?,?,?)",
        (day.isoformat(), operator_id, listed(searched), about, int(truncated)),
    )
    inquiry_id = int(cursor.lastrowid or 0)
    rows = [(inquiry_id, n, convert_abroad.hit_message(hit).SerializeToString()) for n, hit in enumerate(hits, 1)]
    db.executemany("INSERT INTO inquiry_hit VALUES (?,?,?)", rows)
    return inquiry_id


def hit(db: Connection, inquiry_id: int, number: int, since: date) -> Hit | None:
    """One hit of an inquiry made on that day or later."""
    if inquiry_id > store.MOST_ID:
        return None
    row = db.execute(
        "SELECT body FROM inquiry_hit JOIN inquiry ON inquiry.id = inquiry_id"
        " WHERE inquiry_id = ? AND hit = ? AND day >= ?",
        (inquiry_id, number, since.isoformat()),
    ).fetchone()
    return convert_abroad.hit(search_pb2.SearchHit.FromString(row[0])) if row else None


def inquiry(db: Connection, inquiry_id: int, since: date) -> Inquiry | None:
    """An inquiry made on that day or later."""
    if inquiry_id > store.MOST_ID:
        return None
    row = db.execute(
        "SELECT id, day, operator_id, searched, about, truncated, (SELECT count(*) FROM inquiry_hit"
        " WHERE inquiry_id = id) FROM inquiry WHERE id = ? AND day >= ?",
        (inquiry_id, since.isoformat()),
    ).fetchone()
    if row is None:
        return None
    searched = tuple(map(Searched, numbers(row[3])))
    return Inquiry(row[0], date.fromisoformat(row[1]), row[2], searched, row[4], row[6], truncated=bool(row[5]))


def forget_inquiries(db: Connection, before: date) -> None:
    """Forget what was told before that day."""
    db.execute("DELETE FROM inquiry WHERE day < ?", (before.isoformat(),))


def unconfirmed(db: Connection, after: int, through: date, limit: int) -> list[Resident]:
    """Those removed upon 転出届 by that day of whom no 転入通知 came, in order of number.

    Whoever has a later record here, under the same code or one that came of it, stayed after all or is back.
    """
    return store.residents(
        db,
        "state = 3 AND removal_reason = 7 AND confirmed_move_out_date = '' AND id > ? AND removal_date <= ?"
        " AND NOT EXISTS (SELECT 1 FROM resident l WHERE l.id > resident.id AND l.area_code = resident.area_code"
        " AND (l.code = resident.code OR EXISTS (SELECT 1 FROM former_value f WHERE f.resident_id = l.id"
        " AND f.value = resident.code AND f.change_kind = 5))) ORDER BY id LIMIT ?",
        (after, through.isoformat(), limit),
    )


def note_search(db: Connection, request_id: str) -> None:
    """A question goes out: until its answer is here, one may be missing."""
    db.execute("INSERT INTO search_out (request_id) VALUES (?) ON CONFLICT DO UPDATE SET lost = 0", (request_id,))


def lose_search(db: Connection, request_id: str) -> None:
    """No answer came; whether there was one, J-LIS knows."""
    db.execute("UPDATE search_out SET lost = 1 WHERE request_id = ?", (request_id,))


def lose_all_searches(db: Connection) -> None:
    """Nobody waits any more for what is out."""
    db.execute("UPDATE search_out SET lost = 1")


def finish_search(db: Connection, request_id: str) -> None:
    """The answer is here."""
    db.execute("DELETE FROM search_out WHERE request_id = ?", (request_id,))


def count_searches(db: Connection) -> int:
    """Questions that are out."""
    return int(db.execute("SELECT count(*) FROM search_out").fetchone()[0])


def lost_searches(db: Connection) -> list[str]:
    """Questions whose answer may be missing."""
    return [row[0] for row in db.execute("SELECT request_id FROM search_out WHERE lost = 1")]


def forget_lost_searches(db: Connection, request_ids: Sequence[str]) -> None:
    """Whatever was said to these is here; one that was asked again meanwhile stays."""
    db.executemany("DELETE FROM search_out WHERE request_id = ? AND lost = 1", [(one,) for one in request_ids])
