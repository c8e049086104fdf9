"""What an upper tier finds wrong is opened, told to whoever is below, and closed when mended (法30条の8, 12条の5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from jukinet.law.basis import article
from jukinet.law.retention import keep_paper
from jukinet.model.finding import Finding, FindingKind
from jukinet.model.stream import Keys, Stream
from jukinet.node.erasing import VACUUM_DUE
from jukinet.store import audit, findings, journal, settings
from jukinet.store.database import Connection
from jukinet.store.findings import Found
from jukinet.store.journal import Entry
from jukinet.v1 import relay_pb2
from jukinet.wire.convert_error_report import finding_of, report_message

if TYPE_CHECKING:
    from jukinet.node.node import Node

HEARD_THROUGH = "error_reports_heard"
A_RUN = 1_000
REFUSED_OR_COMPARED = frozenset({FindingKind.REFUSED, FindingKind.DIFFERS})
"""Found, and closed, by the receiver and by 整合: this worker does not see them."""

Key = tuple[FindingKind, str, int, int, int]


@dataclass(frozen=True, slots=True)
class Route:
    """How a tier tells: the stream kind, its rule and audit event, and to whom an area's errors go.

    `heard` is the kind in which the tier above tells this one; 0 where none does.
    """

    kind: int
    rule: str
    event: str
    addressee: Callable[[str], str]
    heard: int = 0


def key(finding: Finding) -> Key:
    """What makes it the same error."""
    return finding.kind, finding.area_code, finding.code, finding.epoch, finding.number


class Reporting:
    """The worker of one upper tier. `detect` answers all that is wrong in the register of now."""

    def __init__(self, node: Node, route: Route, detect: Callable[[Connection, date], Iterable[Finding]]) -> None:
        self._node = node
        self._route = route
        self._detect = detect

    def step(self) -> float | None:
        """Bring the findings up to date, then tell."""
        while (due := self.next_due()) is not None and due <= self._node.clock.today():
            self._node.journal.write(self._erase)
        if self._changes() or self._unheard():
            self._node.journal.write(self._update)
        if not self._untold():  # every commit wakes this worker
            return None
        self._node.journal.write(self._report)
        return 0.0

    def _untold(self) -> bool:
        with self._node.journal.read() as db:
            return bool(findings.unreported(db, 1))

    def next_due(self) -> date | None:
        """The day after the last on which a report is kept: as long as any paper from when it was done."""
        with self._node.journal.read() as db:
            mended = findings.first_mended(db)
        return keep_paper(mended) + timedelta(days=1) if mended else None

    def _erase(self, db: Connection) -> None:
        mended = findings.first_mended(db)
        if mended is not None:
            findings.erase(db, mended)
            settings.put(db, VACUUM_DUE, "1")

    def ready(self) -> bool:
        """Whether something is found that was not noted, or noted and not told."""
        due = self.next_due()
        is_due = due is not None and due <= self._node.clock.today()
        return is_due or self._untold() or bool(self._unheard()) or self._changes()

    def queue(self, after: int, limit: int) -> Sequence[Found]:
        """What waits here and what has passed, behind a number."""
        with self._node.journal.read() as db:
            return findings.page(db, after, limit)

    def counts(self) -> tuple[int, int, int]:
        """How many wait, were told and are not mended, and are done."""
        with self._node.journal.read() as db:
            return findings.counts(db)

    def _present(self) -> dict[Key, Finding]:
        with self._node.register.read() as db:
            return {key(one): one for one in self._detect(db, self._node.clock.today())}

    def _changes(self) -> bool:
        present = self._present()
        with self._node.journal.read() as db:
            opened = {key(found.finding) for found in findings.opened(db)}
            return bool(present.keys() - opened) or bool(self._gone(db, present))

    def _gone(self, db: Connection, present: dict[Key, Finding]) -> list[Found]:
        """Open findings that are no more. What was heard from above is over once it is passed on."""
        return [found for found in findings.opened(db) if self._is_over(db, found, present)]

    def _is_over(self, db: Connection, found: Found, present: dict[Key, Finding]) -> bool:
        one = found.finding
        if one.kind is FindingKind.DISPUTED:
            return bool(found.reported)  # the register itself shows nothing wrong
        if one.kind in REFUSED_OR_COMPARED or key(one) in present:
            return False
        return bool(found.reported) or not self._route.heard

    def _unheard(self) -> list[Entry]:
        """Reports from above that were received and not noted yet."""
        if not self._route.heard:
            return []
        with self._node.journal.read() as db:
            after = int(settings.find(db, HEARD_THROUGH) or "0")
            return journal.heard_of_kind(db, self._route.heard, after, A_RUN)

    def _update(self, db: Connection) -> None:
        today, present = self._node.clock.today(), self._present()
        after = int(settings.find(db, HEARD_THROUGH) or "0")
        for entry in journal.heard_of_kind(db, self._route.heard, after, A_RUN) if self._route.heard else ():
            for record in relay_pb2.BatchPayload.FromString(entry.envelope.batch.payload).records:
                finding = finding_of(record)
                if finding is not None and self._route.addressee(finding.area_code):
                    findings.note(db, finding, today)
            settings.put(db, HEARD_THROUGH, str(entry.position))
        for finding in present.values():
            findings.note(db, finding, today)
        for found in self._gone(db, present):
            findings.set_mended(db, found.id, today)

    def _report(self, db: Connection) -> None:
        """Tell of what nobody was told of, each once, in the transaction that notes that it was told."""
        today, route = self._node.clock.today(), self._route
        waiting = findings.unreported(db, A_RUN)
        for found in waiting:
            one = found.finding
            stream = Stream(self._node.identity.name, route.kind, route.addressee(one.area_code))
            record = report_message(found).SerializeToString()
            journal.enqueue(db, stream, record, Keys(one.code or None))
            findings.set_reported(db, found.id, today)
        if waiting:
            law = article(route.rule, today)
            audit.append(db, self._node.clock, audit.Entry(self._node.config.path, route.event, law, True))
