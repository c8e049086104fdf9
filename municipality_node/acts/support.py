"""支援措置: begun, extended and ended upon 申出; while it lasts, copies are held back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jukinet.law import support as law
from jukinet.model.identification import Receipt
from jukinet.model.reason import Reason
from jukinet.model.support import Support, SupportStanding
from jukinet.refusal import Refusal
from municipality_node.desk import Desk, ask
from municipality_node.store import Resident
from municipality_node.support import store


class Held(Refusal):
    """A copy held back. The asker is told what a record that is not there is told; the own file says whose it was."""

    def __init__(self, reason: Reason, residents: Sequence[Resident]) -> None:
        super().__init__(reason)
        self.subjects = [resident.id for resident in residents]


@dataclass(frozen=True, slots=True)
class Listed:
    """A 支援措置 with where it stands today."""

    support: Support
    standing: SupportStanding


def start_support(desk: Desk, resident_ids: list[int]) -> tuple[Receipt, date]:
    """For one year from today, also for 除票: who has fled asks where they lived before as well. The last day."""
    last = law.first_term(desk.today)
    for resident in _named(desk, resident_ids):
        ask(law.start_support(store.current(desk.db, resident.id, desk.today) is not None))
        store.add_support(desk.db, resident.id, desk.today, last)
    return Receipt(tuple(resident_ids), 0, desk.notices), last


def extend_support(desk: Desk, resident_ids: list[int]) -> tuple[Receipt, date]:
    """For a further year, each from the end of the present one. The earliest last day."""
    lasts = []
    for resident in _named(desk, resident_ids):
        found = store.current(desk.db, resident.id, desk.today)
        ask(law.extend_support(found.last_date if found else None, desk.today))
        assert found is not None
        lasts.append(law.next_term(found.last_date))
        store.set_last_date(desk.db, found.id, lasts[-1])
    return Receipt(tuple(resident_ids), 0, desk.notices), min(lasts)


def end_support(desk: Desk, resident_ids: list[int]) -> Receipt:
    """From now on copies are given again."""
    for resident in _named(desk, resident_ids):
        found = store.current(desk.db, resident.id, desk.today)
        ask(law.end_support(found is not None))
        assert found is not None
        store.set_end_date(desk.db, found.id, desk.today)
    return Receipt(tuple(resident_ids), 0, desk.notices)


def list_supports(desk: Desk, after: int, limit: int, with_past: bool) -> list[Listed]:
    """A page, in order of number."""
    since = date.min if with_past else desk.today
    return [
        Listed(support, law.standing(support, reason, removed, desk.today))
        for support, reason, removed in store.supports(desk.db, after, limit, since)
    ]


def hold_copy(desk: Desk, rule: str, residents: Sequence[Resident]) -> None:
    """Refuse what would leave on this rule where one of these persons is under 支援措置."""
    held = [r for r in residents if store.is_supported(desk.db, r, desk.today)]
    decision = law.hold_for_support(rule, bool(held))
    if not decision.allowed:
        raise Held(decision.reason or Reason.NO_BASIS, held)


def _named(desk: Desk, resident_ids: list[int]) -> list[Resident]:
    if not resident_ids or len(set(resident_ids)) != len(resident_ids):
        raise Refusal(Reason.FIELD_MISSING, field="resident_ids")
    return [desk.resident(resident_id) for resident_id in resident_ids]
