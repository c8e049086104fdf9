"""転出の取消し: who does not leave after all."""

from __future__ import annotations

from jukinet.law import special_move as law
from jukinet.model.identification import Change, ChangeKind, ChangeReason, Receipt
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from municipality_node import store
from municipality_node.carrying import carry_over
from municipality_node.desk import HEAD, LODGER, Desk, ask
from municipality_node.special_move import store as special_store
from municipality_node.store import Resident, State

MOVES_OUT = (ChangeReason.MOVE_OUT, ChangeReason.MOVE_OUT_ABROAD)


def cancel_move_out(desk: Desk, resident_ids: list[int]) -> Receipt:
    """転出の取消し: before the planned day the plan is undone; after it a new record goes on where the old one ended.

    What another municipality was told beforehand is told again without them.
    """
    if not resident_ids or len(set(resident_ids)) != len(resident_ids):
        raise Refusal(Reason.FIELD_MISSING, field="resident_ids")
    found = [desk.resident(resident_id) for resident_id in resident_ids]
    if len({resident.household_id for resident in found}) != 1:
        raise Refusal(Reason.NOT_ONE_HOUSEHOLD)
    for resident in found:
        leaving = resident.removal_reason in MOVES_OUT and is_last_record(desk, resident)
        ask(law.cancel_move_out(leaving, resident.confirmed_move_out_date is not None))
    removed = [resident for resident in found if resident.state == State.REMOVED]
    home = _home(desk, removed) if removed else found[0].household_id
    again = _restore(desk, removed, home)
    for resident in found:
        if resident.state == State.MOVING_OUT:
            special_store.undo_plan(desk.db, resident.id)
        special_store.take_back(desk.db, resident.id)
    return Receipt(tuple(again.get(resident.id, resident.id) for resident in found), home, desk.notices)


def is_last_record(desk: Desk, resident: Resident) -> bool:
    """Whether no later record of the person stands in the same area."""
    records = store.by_code(desk.db, resident.person.resident_code)
    return next(r.id for r in records if r.person.area_code == resident.person.area_code) == resident.id


def _home(desk: Desk, removed: list[Resident]) -> int:
    """The household that was left; a new one at the old address if the household has moved meanwhile."""
    person = removed[0].person
    household = store.household(desk.db, removed[0].household_id)
    if household is not None and (household.address, household.area_code) == (person.address, person.area_code):
        return household.id
    return store.insert_household(desk.db, person.area_code, person.address)


def _restore(desk: Desk, removed: list[Resident], home: int) -> dict[int, int]:
    """職権記載 of each with code, number and 住民となつた年月日 as before; new record's number by old one's."""
    before = _before(desk, removed)
    others = store.members(desk.db, home)
    again: dict[int, int] = {}
    for resident in removed:
        again[resident.id] = new_id = store.insert_resident(
            desk.db, home, resident.person,
            relationship=resident.relationship, resident_since=resident.resident_since,
            birth_date_text=resident.birth_date_text, registered_domicile=resident.registered_domicile,
            registered_head=resident.registered_head, former_address=resident.former_address,
            person_sequence=store.last_sequence(
                desk.db, resident.person.resident_code, resident.person.area_code
            ),
        )  # fmt: skip
        change = Change(ChangeKind.ENTRY, ChangeReason.EX_OFFICIO_ENTRY, desk.today)
        desk.notify(new_id, None, resident.person, change)
        carry_over(desk, resident.id, new_id)
        if resident.relationship == HEAD:
            _take_the_head(desk, home, new_id, others, before)
    desk.mend_head(home)
    return again


def _before(desk: Desk, removed: list[Resident]) -> dict[str, str]:
    """続柄 by 住民票コード as they were when the 転出届 was made."""
    kept: dict[str, str] = {}
    for resident in removed:
        left = special_store.move_out_of(desk.db, resident.id)
        for person, relationship in (special_store.relationships(desk.db, left.id) if left else {}).items():
            kept[desk.resident(person).person.resident_code] = relationship
    return kept


def _take_the_head(desk: Desk, home: int, new_id: int, others: list[Resident], before: dict[str, str]) -> None:
    """Who was head becomes it again, and who stood in takes the former 続柄.

    Where a 世帯変更届 has told of others since, or nobody knows their 続柄 of before, the former head joins as 同居人.
    """
    household = store.household(desk.db, home)
    stand_in = next((person for person in others if household and person.id == household.head_id), None)
    if stand_in is None:
        store.set_head(desk.db, home, new_id)
        return
    relationship = before.get(stand_in.person.resident_code, HEAD)
    rest = [person for person in others if person.id != stand_in.id]
    as_before = all(before.get(person.person.resident_code) == person.relationship for person in rest)
    if relationship == HEAD or not as_before:
        store.set_household(desk.db, new_id, home, LODGER)
        return
    store.set_household(desk.db, stand_in.id, home, relationship)
    store.set_head(desk.db, home, new_id)
