"""条例事務: what an ordinance says, who let it in, and whether it counts on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from jukinet.model.provision import ORDINANCE, Ordinance, OrdinanceKind


class Step(IntEnum):
    """What was done; the values of the wire."""

    PROPOSED = 1
    APPROVED = 2
    REPEALED = 3


@dataclass(frozen=True, slots=True)
class Terms:
    """What the ordinance says. `until` is the last day; None if it names none."""

    kind: OrdinanceKind
    title: str
    affair: str
    recipients: tuple[str, ...]
    uses_number: bool
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Who took a step: certificate, 照合ID and 操作者ID."""

    caller: str
    verification_id: str
    operator_id: str

    def may_be(self, other: Person) -> bool:
        """Whether anything says that the two are one; only the certificate is proven, the rest is said."""
        return (
            self.caller == other.caller
            or self.verification_id == other.verification_id
            or self.operator_id == other.operator_id
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """One row of the trail. `virtual_time` is in microseconds; `from_day` is of a repeal alone."""

    step: Step
    by: Person
    virtual_time: int
    audit_id: int
    from_day: date | None = None


@dataclass(frozen=True, slots=True)
class Affair:
    """A 条例事務 with its trail, oldest first."""

    id: int
    terms: Terms
    trail: tuple[Taken, ...]

    def taken(self, step: Step) -> Taken | None:
        """The row of this step, if it was taken."""
        return next((one for one in self.trail if one.step is step), None)

    def is_in_force(self, on: date) -> bool:
        """Whether it was approved, runs on that day, and was not repealed from then or before."""
        repealed, terms = self.taken(Step.REPEALED), self.terms
        runs = terms.since <= on and (terms.until is None or on <= terms.until)
        ended = repealed is not None and repealed.from_day is not None and repealed.from_day <= on
        return self.taken(Step.APPROVED) is not None and runs and not ended

    def as_provided(self) -> Ordinance:
        """As 提供 asks for it."""
        terms = self.terms
        return Ordinance(
            f"{ORDINANCE}{self.id}", terms.kind, frozenset(terms.recipients), terms.affair, terms.uses_number
        )
