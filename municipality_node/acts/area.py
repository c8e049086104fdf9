"""行政区画の変更: old wards' residents become the new wards', a merged municipality's those of its successor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from jukinet.clock import to_micros
from jukinet.law.area import change_administrative_area as may_change
from jukinet.model import successions
from jukinet.model.identification import Change, ChangeKind, ChangeReason, Identification
from jukinet.model.reason import Reason
from jukinet.model.successions import Succession
from jukinet.refusal import Refusal
from jukinet.v1 import drill_pb2
from municipality_node import store
from municipality_node.area import kept as area_kept
from municipality_node.area import store as area_store
from municipality_node.desk import Desk, ask
from municipality_node.retention import store as retention_store
from municipality_node.store import Resident, State
from municipality_node.tasks import store as task_store
from municipality_node.tasks.store import TaskKind


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A record on its way from a municipality that is no more to its successor, as it was there."""

    resident: Resident
    household_address: str
    is_head: bool
    kept: drill_pb2.KeptWithRecord = field(default_factory=drill_pb2.KeptWithRecord)


def change_administrative_area(desk: Desk, area_code: str, after: int, limit: int) -> list[int]:
    """The next residents of an area that has become another: 軽微な修正, said by the new area. Whose records.

    A household stays together: where the area is divided, the household's address decides.
    """
    residents = area_store.living_in(desk.db, area_code, after, limit)
    for resident in residents:
        household = store.household(desk.db, resident.household_id)
        assert household is not None
        # Moved with a member before, or by its address.
        with_others = [s for s in successions.of(area_code) if s.successor == household.area_code]
        succession = with_others[0] if with_others else _succession(desk, area_code, household.address)
        if household.area_code == area_code:
            area_store.set_household_area(
                desk.db, household.id, succession.successor, succession.rewritten(household.address)
            )
        before, code = resident.person, resident.person.resident_code
        person = replace(before, area_code=succession.successor, address=succession.rewritten(before.address))
        sequence = store.last_sequence(desk.db, code, succession.successor)
        area_store.take_over(desk.db, resident.id, person, sequence)
        _say(desk, resident.id, before, person, succession)
    return [resident.id for resident in residents]


def hand_over_residents(desk: Desk, successor: str, after: int, limit: int) -> list[HandedOver]:
    """The next records, 除票 among them, for the municipality that this one has become; here they are closed."""
    _check(desk, successor, desk.node.area_code)
    found = []
    for resident in store.latest_after(desk.db, after, limit):
        household = store.household(desk.db, resident.household_id)
        assert household is not None
        reason = _number_change(desk, resident.id)
        as_it_was, reason = area_store.hand_over(desk.db, resident, successor, to_micros(desk.clock.now()), reason)
        # The successor asks; J-LIS answering both of us would leave one of us with a number that is no more.
        task_store.finish_number(desk.db, resident.id, TaskKind.NUMBER_CHANGE)
        retention_store.keep_as_removed(desk.db, resident.id, desk.today)
        kept = area_kept.gather(desk, resident, reason)
        found.append(HandedOver(as_it_was, household.address, household.head_id == resident.id, kept))
    return found


def _number_change(desk: Desk, resident_id: int) -> int:
    waiting = task_store.of_resident(desk.db, resident_id)
    return next((task.change_reason for task in waiting if task.kind == TaskKind.NUMBER_CHANGE), 0)


def absorb_residents(desk: Desk, former_area_code: str, records: Sequence[HandedOver]) -> list[int]:
    """Take over the records of a municipality that has become this one; those taken over before are left alone.

    Each resident goes up as a 軽微な修正 by 行政区画の変更; 除票 are kept, and nothing goes up about them.
    """
    succession = _check(desk, desk.node.area_code, former_area_code)
    entered = []
    for record in records:
        if record.resident.person.area_code != former_area_code:
            raise Refusal(Reason.AREA_NOT_YOURS)
        if not area_store.absorbed(desk.db, former_area_code, record.resident.id):
            entered.append(_absorb(desk, record, succession))
    return entered


def _absorb(desk: Desk, record: HandedOver, succession: Succession) -> int:
    old, before = record.resident, record.resident.person
    person = before
    if old.state != State.REMOVED:
        person = replace(before, area_code=succession.successor, address=succession.rewritten(before.address))
    desk.check(person, old.birth_date_text, old.registered_domicile, old.registered_head, old.relationship, told=False)
    live = [r for r in store.by_code(desk.db, person.resident_code) if r.state != State.REMOVED]
    if live and old.state != State.REMOVED:
        # Moved here already, and the 転入通知 had not arrived there: this record takes over from that one.
        resident_id = live[0].id
        person = live[0].person
    else:
        resident_id = _enter(desk, record, person, succession)
    area_kept.write(desk, resident_id, record.kept, moved_before=bool(live) and old.state != State.REMOVED)
    area_store.note_absorbed(desk.db, succession.former, old.id, resident_id)
    if old.state != State.REMOVED:
        _say(desk, resident_id, before, person, succession)
        if not person.individual_number:
            task_store.add_task(desk.db, TaskKind.INDIVIDUAL_NUMBER, to_micros(desk.clock.now()), resident_id)
    return resident_id


def _enter(desk: Desk, record: HandedOver, person: Identification, succession: Succession) -> int:
    old = record.resident
    home = area_store.absorbed_household(desk.db, succession.former, old.household_id)
    if not home:
        address = succession.rewritten(record.household_address)
        home = store.insert_household(desk.db, succession.successor, address)
        area_store.note_absorbed_household(desk.db, succession.former, old.household_id, home)
    resident_id = store.insert_resident(
        desk.db, home, person,
        relationship=old.relationship, resident_since=old.resident_since, birth_date_text=old.birth_date_text,
        registered_domicile=old.registered_domicile, registered_head=old.registered_head,
        former_address=old.former_address,
        person_sequence=store.last_sequence(desk.db, person.resident_code, person.area_code),
    )  # fmt: skip
    if record.is_head:
        store.set_head(desk.db, home, resident_id)
    if old.state != State.LIVE:
        day = old.removal_date or desk.today
        store.set_removal(desk.db, resident_id, old.state, old.removal_reason, day, old.planned_destination)
    if old.state == State.REMOVED:
        retention_store.keep_as_removed(desk.db, resident_id, desk.today)
    if old.confirmed_move_out_date is not None:
        store.confirm_move_out(desk.db, resident_id, old.confirmed_destination, old.confirmed_move_out_date)
    return resident_id


def _say(desk: Desk, resident_id: int, before: Identification, after: Identification, succession: Succession) -> None:
    change = Change(
        ChangeKind.CORRECTION, ChangeReason.MINOR_CORRECTION, succession.day, former_area_code=succession.former
    )
    desk.notify(resident_id, before, after, change)


def _succession(desk: Desk, area_code: str, address: str) -> Succession:
    found = successions.successor(area_code, address, desk.today)
    if found is None:
        raise Refusal(Reason.AREA_STILL_EXISTS)
    ask(may_change(found.successor, found.former, found.day, desk.today))
    return found


def _check(desk: Desk, successor: str, former: str) -> Succession:
    """The succession of one municipality by another, which must have come."""
    found = [s for s in successions.of(former) if s.successor == successor]
    day = found[0].day if found else date.max
    ask(may_change(successor, former, day, desk.today))
    return found[0]
