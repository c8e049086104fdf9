"""What a municipality does by itself at 00:00 of a day: one transaction, an audit row for each job that had to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from jukinet.clock import Clock
from jukinet.law.basis import article
from jukinet.pki.identity import Identity
from jukinet.store import audit
from jukinet.store.database import Connection
from municipality_node import store
from municipality_node.acts.move_out import complete_move_out
from municipality_node.acts.special_move import erase_move_out_pre_notice, tell_move_outs_again
from municipality_node.desk import Desk
from municipality_node.special_move import store as special_store


@dataclass(frozen=True, slots=True)
class Job:
    """A job: when it next falls due, and the act, which answers whose records it touched."""

    next_day: Callable[[Connection], date | None]
    rule: str
    event: str
    act: Callable[[Desk], Sequence[int]]


JOBS = (
    Job(store.next_leaving, "complete_move_out", "CompleteMoveOut", complete_move_out),
    Job(special_store.next_erasure, "erase_move_out_pre_notice", "EraseMoveOutPreNotice", erase_move_out_pre_notice),
)


class DueJobs:
    """The jobs of one municipality."""

    def __init__(self, path: str, node: Identity, clock: Clock) -> None:
        self._path = path
        self._node = node
        self._clock = clock

    def next_day(self, db: Connection) -> date | None:
        """The first day on which one of them falls due."""
        return min((day for job in JOBS if (day := job.next_day(db)) is not None), default=None)

    def do(self, db: Connection) -> None:
        """Do all whose day has come."""
        today = self._clock.today()
        for job in JOBS:
            day = job.next_day(db)
            if day is None or day > today:
                continue
            desk = Desk(db, self._clock, self._node)
            subjects = job.act(desk)
            tell_move_outs_again(desk)
            law = article(job.rule, today)
            audit.append(db, self._clock, audit.Entry(self._path, job.event, law, True, subjects=subjects))
