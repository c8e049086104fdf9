"""操作記録: one append-only row for every act, refused or accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from jukinet.clock import Clock, real_micros, to_micros
from jukinet.store.database import Connection


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what on which article, and how it ended. `subjects` are resident_ids, numbers of the node's own."""

    caller: str
    event: str
    article: str
    accepted: bool
    refusal: str = ""
    request_id: str = ""
    operator_id: str = ""
    verification_id: str = ""
    reason: str = ""
    subjects: Sequence[int] = field(default=())
    number_access: bool = False


def append(db: Connection, clock: Clock, entry: Entry) -> int:
    """Write the row; its number."""
    cursor = db.execute(
        "INSERT INTO audit (real_time, virtual_time, lamport_time, caller, operator_id, verification_id, event,"
        " article, accepted, refusal, request_id, subjects, reason, number_access)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            real_micros(),
            to_micros(clock.now()),
            clock.lamport,
            entry.caller,
            entry.operator_id,
            entry.verification_id,
            entry.event,
            entry.article,
            int(entry.accepted),
            entry.refusal,
            entry.request_id,
            ",".join(map(str, entry.subjects)),
            entry.reason,
            int(entry.number_access),
        ),
    )
    return int(cursor.lastrowid or 0)
