"""Erases at 00:00 what was to be kept through the day before, at every tier: a due job of the node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from google.protobuf.message import DecodeError

from jukinet import failpoint
from jukinet.law.basis import article
from jukinet.model.dates import JST
from jukinet.store import answers, audit, journal, links, quarantine, redaction, register, retention, settings
from jukinet.store.database import Connection
from jukinet.store.projector import WHOLE
from jukinet.v1 import relay_pb2

if TYPE_CHECKING:
    from jukinet.node.node import Node

A_RUN = 5_000
"""Records erased in one go."""
LONGEST_SLEEP = 3600.0
FIRST_WAIT, LONGEST_WAIT = 0.1, 30.0
"""Seconds until a file that could not be written anew is tried again: a reader is soon gone, a full disk is not."""
VACUUM_DUE = "vacuum_due"
PAPER = "keep_paper"
A_YEAR = timedelta(days=365)
"""A younger answer may yet be asked for again."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What becomes of one batch: what goes, and what stays for another period.

    `notices` are those that go, where they can be read; `before` is how many were erased already, `redacted` then.
    """

    entry: journal.Entry
    dues: Sequence[retention.Due]
    later: Sequence[retention.Due]
    payload: bytes
    redacted: int
    before: int
    notices: Sequence[retention.Notice]


class Erasing:
    """The due job. `rule` says how long this tier keeps 本人確認情報."""

    def __init__(self, node: Node, rule: str) -> None:
        self._node = node
        self._rule = rule
        self._tries = 0

    # What a tier may have otherwise

    def next_day(self, db: Connection) -> date | None:
        """The first day on which something of the register's file is due."""
        return retention.next_due(db)

    def is_live(self, db: Connection, notice: retention.Notice) -> bool:
        """Whether a live record rests on the notice."""
        return register.is_live(db, notice.code, notice.area_code, notice.person_sequence)

    def forget(self, db: Connection, erasure: Erasure) -> None:
        """Take out of the register what rests on the erased notices alone."""
        for notice in erasure.notices:
            position = erasure.entry.position
            register.forget(db, notice.code, notice.area_code, position, notice.person_sequence, notice.former)

    def erase_more(self) -> None:
        """Erase what is due beside the journal's records."""

    # The job

    def next_due(self) -> datetime | None:
        """00:00 of the first day on which something is due."""
        with self._node.register.read() as db:
            day = self.next_day(db)
        return datetime.combine(day, time(), JST) if day else None

    def ready(self) -> bool:
        """Whether something is due now, or was erased from tables but may still be read in a file."""
        due = self.next_due()
        return (due is not None and due <= self._node.clock.now()) or self._vacuum_due()

    def step(self) -> float | None:
        """Erase all that is due; then write the files anew."""
        node, due = self._node, self.next_due()
        if due is not None and due <= node.clock.now():
            erase_expired_records(self)
            return 0.0
        if self._vacuum_due():
            if not all(file.vacuum() for file in {node.journal, node.register}):
                self._tries += 1
                return float(min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self._tries - 1, 10)))
            self._tries = 0
            node.journal.write(lambda db: settings.put(db, VACUUM_DUE, ""))
            return 0.0
        if due is None or node.clock.virtual:
            return None
        return min((due - node.clock.now()).total_seconds(), LONGEST_SLEEP)

    def _vacuum_due(self) -> bool:
        with self._node.journal.read() as db:
            return bool(settings.find(db, VACUUM_DUE))

    def erase_records(self) -> None:
        """Erase records of batches; what is cut off is done again from its beginning.

        The register goes first, while the records can still be read that say whom it is to forget.
        """
        node, today = self._node, self._node.clock.today()
        with node.register.read() as db:
            dues = sorted(retention.expired(db, today, A_RUN), key=lambda due: due.position)
        erasures = [self._examine(position, list(group)) for position, group in groupby(dues, lambda d: d.position)]

        def forget(db: Connection) -> None:
            for erasure in erasures:
                self.forget(db, erasure)
                for due in erasure.dues:
                    quarantine.forget(db, erasure.entry.position, due.record)

        def done(db: Connection) -> None:
            for erasure in erasures:
                retention.done(db, erasure.dues)
                kind = erasure.entry.envelope.header.kind
                retention.keep_longer(db, erasure.later, retention.first_due_day(kind, today))

        node.register.write(forget)
        failpoint.hit("register_erased")
        node.journal.write(lambda db: self._redact(db, erasures, today))
        failpoint.hit("journal_erased")
        node.register.write(done)

    def _examine(self, position: int, dues: list[retention.Due]) -> Erasure:
        """What can go of one batch: nothing that a neighbour still lacks, nobody's live record."""
        with self._node.journal.read() as db:
            entry = journal.entry(db, position)
            assert entry is not None
            owed = links.is_owed(db, entry.envelope)
        raw, size = entry.envelope.batch.payload, entry.envelope.size
        if owed:
            return Erasure(entry, (), dues, raw, 0, 0, ())
        try:
            payload = relay_pb2.BatchPayload.FromString(raw)
        except DecodeError:  # set aside when it came
            return Erasure(entry, dues, (), b"", size, 0, ())
        gone: set[int] = set()
        notices: list[retention.Notice] = []
        later: list[retention.Due] = []
        personal = entry.envelope.header.kind == retention.IDENTIFICATION
        for due in dues:
            indexes = range(len(payload.records)) if due.record == WHOLE else [due.record]
            found = [retention.read(payload.records[index]) for index in indexes] if personal else []
            known = [notice for notice in found if notice is not None]
            if due.record != WHOLE and self._any_live(known):
                later.append(due)
                continue
            gone.update(indexes)
            notices += known
        left = redaction.redact(payload, gone)
        going = [due for due in dues if due not in later]
        return Erasure(
            entry, going, later, left.SerializeToString(), len(left.redacted), len(payload.redacted), notices
        )

    def _any_live(self, notices: Iterable[retention.Notice]) -> bool:
        with self._node.register.read() as db:
            return any(self.is_live(db, notice) for notice in notices)

    def _redact(self, db: Connection, erasures: Sequence[Erasure], today: date) -> None:
        counts: Counter[str] = Counter()
        for erasure in erasures:
            if erasure.redacted > erasure.before:
                journal.redact(db, erasure.entry.position, erasure.payload, erasure.redacted)
                personal = erasure.entry.envelope.header.kind == retention.IDENTIFICATION
                counts[self._rule if personal else PAPER] += erasure.redacted - erasure.before
            answers.forget(db, _words(erasure), today - A_YEAR)
        for rule, count in counts.items():
            self.audit(db, rule, count, today)

    def audit(self, db: Connection, rule: str, count: int, today: date, subjects: Sequence[int] = ()) -> None:
        """Write down how much was erased on which article, and that the files must be written anew."""
        node = self._node
        entry = audit.Entry(
            node.config.path, "EraseExpiredRecords", article(rule, today), True, subjects=subjects, reason=f"{count}件"
        )
        audit.append(db, node.clock, entry)
        settings.put(db, VACUUM_DUE, "1")


def _words(erasure: Erasure) -> Iterator[str | bytes]:
    """What an answer would say that tells of what is erased: a number, or the very batch."""
    for notice in erasure.notices:
        yield from (f"{code:011d}" for code in (notice.code, notice.former) if code)
        yield from (notice.number, notice.former_number)
    if erasure.entry.envelope.header.kind == relay_pb2.STREAM_KIND_SEARCH_ANSWER and erasure.dues:
        yield erasure.entry.envelope.batch.signature


def erase_expired_records(job: Erasing) -> None:
    """保存期間を経過した記録の消去."""
    job.erase_records()
    job.erase_more()
