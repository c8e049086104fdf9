"""不正利用の点検: what stands out of look-ups that the law allowed, or refused again and again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from jukinet.model.provision import Form

MOST_ROWS = 100
SATURDAY = 5


class Kind(IntEnum):
    """A pattern."""

    NO_CASE = 1
    ONE_PERSON = 2
    OFF_HOURS = 3
    BULK = 4
    REFUSED = 5

    @property
    def japanese(self) -> str:
        """For people."""
        return ("事案番号なし", "同一人の反復照会", "執務時間外", "大量照会", "拒否の反復")[self - 1]


MAYOR = "municipality/"


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on something stands out; our own figures, as no rule gives any."""

    lookups: int = 5
    days: int = 30
    records: int = 20_000
    refusals: int = 3
    opens: int = 8
    closes: int = 21


@dataclass(frozen=True, slots=True)
class Lookup:
    """One row of the 操作記録: what an operator of an office asked for. `at` is in Japanese time.

    `subject` tells people apart and is empty where not exactly one was found.
    """

    audit_id: int
    at: datetime
    office: str
    operator_id: str
    accepted: bool
    form: Form
    asked: int
    case_number: str
    subject: bytes = b""


@dataclass(slots=True)
class Suspicion:
    """What stands out of one operator's look-ups."""

    kind: Kind
    office: str
    operator_id: str
    first: datetime
    last: datetime
    count: int = 0
    audit_ids: list[int] = field(default_factory=list)

    def add(self, audit_id: int, at: datetime, count: int) -> None:
        """One more row of it."""
        self.first, self.last = min(self.first, at), max(self.last, at)
        self.count += count
        if len(self.audit_ids) < MOST_ROWS:
            self.audit_ids.append(audit_id)


class _Book:
    """Suspicions as they grow; `apart` keeps those of one operator apart by day."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Kind, str, str, object], Suspicion] = {}

    def note(self, kind: Kind, one: Lookup, count: int = 1, apart: object = None) -> None:
        key = kind, one.office, one.operator_id, apart
        if key not in self._kept:
            self._kept[key] = Suspicion(kind, one.office, one.operator_id, one.at, one.at)
        self._kept[key].add(one.audit_id, one.at, count)

    def beyond(self, limits: Limits) -> list[Suspicion]:
        least = {Kind.BULK: limits.records + 1, Kind.REFUSED: limits.refusals}
        return [one for one in self._kept.values() if one.count >= least.get(one.kind, 1)]


def suspicions(
    lookups: Iterable[Lookup], limits: Limits, cases: Collection[tuple[str, str]] | None = None
) -> list[Suspicion]:
    """What stands out of these rows, by kind; `cases` are all there are, as office and number, None if unknown."""
    book = _Book()
    of_person: dict[tuple[str, str, bytes], list[tuple[int, datetime]]] = defaultdict(list)
    for one in lookups:
        day = one.at.date()
        if not one.accepted:
            book.note(Kind.REFUSED, one, apart=day)
            continue
        # A mayor's search for 住民基本台帳事務 rests on a 届出, and bears no number of a case.
        no_case = not one.case_number and not one.office.startswith(MAYOR)
        if no_case or (one.case_number and cases is not None and (one.office, one.case_number) not in cases):
            book.note(Kind.NO_CASE, one)
        if not limits.opens <= one.at.hour < limits.closes or one.at.weekday() >= SATURDAY:
            book.note(Kind.OFF_HOURS, one)
        book.note(Kind.BULK, one, one.asked, apart=day)
        if one.subject:
            of_person[one.office, one.operator_id, one.subject].append((one.audit_id, one.at))
    found = book.beyond(limits)
    for (office, operator_id, _), seen in of_person.items():
        if repeated := _crowded(seen, limits):
            person = Suspicion(Kind.ONE_PERSON, office, operator_id, repeated[0][1], repeated[0][1])
            for audit_id, at in repeated:
                person.add(audit_id, at, 1)
            found.append(person)
    return sorted(found, key=lambda one: (one.kind, one.office, one.operator_id, one.audit_ids))


def _crowded(seen: Sequence[tuple[int, datetime]], limits: Limits) -> list[tuple[int, datetime]]:
    """Those look-ups of one person that lie among enough others within the days."""
    kept: list[tuple[int, datetime]] = []
    through = 0
    for begin in range(len(seen) - limits.lookups + 1):
        end = begin + limits.lookups
        if (seen[end - 1][1].date() - seen[begin][1].date()).days < limits.days:
            kept += seen[max(begin, through) : end]
            through = end
    return kept
