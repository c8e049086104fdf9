"""Corrections of a 住民票: 軽微な修正, the two numbers, and the names beside the name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from jukinet.clock import to_micros
from jukinet.law import correction as law
from jukinet.law.basis import find, in_force
from jukinet.model.correction import MinorItem, NumberChangeCause
from jukinet.model.identification import Change, ChangeKind, ChangeReason, Identification, Receipt
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from municipality_node import store
from municipality_node.acts.move_in import tell_move_in
from municipality_node.acts.resend import tell_again
from municipality_node.desk import Desk, ask
from municipality_node.former import store as former_store
from municipality_node.store import Resident, State
from municipality_node.tasks import store as task_store
from municipality_node.tasks.store import TaskKind
from municipality_node.trace import store as trace_store


@dataclass(frozen=True, slots=True)
class MinorCorrection:
    """What a 軽微な修正 corrects; None leaves an item as it is."""

    name: str | None = None
    name_kana: str | None = None
    address: str | None = None

    @property
    def given(self) -> dict[str, Any]:
        """Only what is corrected."""
        items = {"name": self.name, "name_kana": self.name_kana, "address": self.address}
        return {field: value for field, value in items.items() if value is not None}


def correct_minor(
    desk: Desk, resident_ids: Sequence[int], item: MinorItem, change_date: date, correction: MinorCorrection
) -> Receipt:
    """軽微な修正: the same words for each who is named; whose record says so already is left as it is."""
    given = correction.given
    if not given:
        raise Refusal(Reason.FIELD_MISSING, field="correction")
    if not resident_ids or len(set(resident_ids)) != len(resident_ids):
        raise Refusal(Reason.FIELD_MISSING, field="resident_ids")
    if item == MinorItem.UNSPECIFIED:
        raise Refusal(Reason.FIELD_MISSING, field="item")
    ask(_rule(desk, "correct_minor")(item, given.keys(), change_date, desk.today))
    if len(resident_ids) > 1 and given.keys() != {"address"}:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="resident_ids")  # a name is one person's
    residents = [desk.live(resident_id) for resident_id in resident_ids]
    if "name_kana" in given:
        _check_reading(desk, "name_kana", given["name_kana"])
        ask(law.enter_name_kana(residents[0].person.residency))
    touched = []
    for resident in residents:
        after = replace(resident.person, **given)
        if after != resident.person:
            desk.correct(resident, after, ChangeReason.MINOR_CORRECTION, change_date)
            touched.append(resident)
    if not touched:
        raise Refusal(Reason.NOTHING_TO_CORRECT)
    for household_id in {resident.household_id for resident in touched}:
        addresses = {member.person.address for member in store.members(desk.db, household_id)}
        if len(addresses) == 1:
            store.set_address(desk.db, household_id, addresses.pop())
    return Receipt(tuple(resident.id for resident in touched), touched[0].household_id, desk.notices)


def change_resident_code(desk: Desk, resident_id: int) -> Receipt:
    """住民票コードの変更請求: a new code of the pool. The 個人番号 stays (番号法7条 names no such case)."""
    resident = desk.live(resident_id)
    code = desk.draw_codes(1)[0]
    after = replace(resident.person, resident_code=code)
    desk.correct(resident, after, ChangeReason.CODE_CHANGE_REQUEST, desk.today)
    desk.check_refill()
    return Receipt((resident.id,), resident.household_id, desk.notices)


def correct_resident_code(desk: Desk, resident_id: int, change_date: date) -> Receipt:
    """住民票コードの誤記の修正: a new code of the pool, since the right one is not known (令30条の2).

    A number was made from the wrong code (番号法8条2項), so it is another's: J-LIS is asked for one from the new code.
    Whoever was told of a 転入 under the wrong code is told that it was not theirs. A 除票 is corrected too, since J-LIS
    may tell of it; that is said upward as its 消除 under the new code.
    """
    ask(law.correct_resident_code(change_date, desk.today))
    resident = desk.resident(resident_id)
    code = desk.draw_codes(1)[0]
    after = replace(resident.person, resident_code=code, individual_number="")
    if resident.state == State.REMOVED:
        _correct_removed(desk, resident, after)
    else:
        desk.correct(resident, after, ChangeReason.CODE_EX_OFFICIO_ENTRY, change_date)
        task_store.ask_first_number(desk.db, resident_id, to_micros(desk.clock.now()))
    _tell_again_whose_it_is(desk, resident)
    for area_code, withdrawn, notice in trace_store.told(desk.db, resident_id):
        if not withdrawn:
            tell_move_in(desk, area_code, replace(notice, withdrawn=True))
    trace_store.set_withdrawn(desk.db, resident_id)
    desk.check_refill()
    return Receipt((resident.id,), resident.household_id, desk.notices)


def _tell_again_whose_it_is(desk: Desk, wrong: Resident) -> None:
    """Where the code was another's here before: above, the wrong record stood in the place of that 除票."""
    here = store.by_code(desk.db, wrong.person.resident_code)
    former = next((one for one in here if one.person.area_code == wrong.person.area_code), None)
    if former is None or former.state != State.REMOVED:
        return
    sequence = store.next_sequence(desk.db, wrong.id)
    former_store.raise_sequence(desk.db, wrong.id, sequence)
    change = Change(ChangeKind.DELETION, former.removal_reason, former.removal_date or desk.today)
    tell_again(desk, former.person, change, sequence)


def _correct_removed(desk: Desk, resident: Resident, after: Identification) -> None:
    former = resident.person.resident_code
    mended = Change(
        ChangeKind.CODE_CORRECTION, ChangeReason.CODE_EX_OFFICIO_ENTRY, desk.today, former_resident_code=former
    )
    store.update_person(desk.db, resident.id, after)
    told = Change(
        ChangeKind.DELETION, resident.removal_reason, resident.removal_date or desk.today, former_resident_code=former
    )
    tell_again(desk, after, told, store.next_sequence(desk.db, resident.id))
    former_store.keep(desk.db, resident.id, mended)


def change_individual_number(desk: Desk, resident_id: int, cause: NumberChangeCause) -> Receipt:
    """個人番号の変更: J-LIS is asked; the record is corrected when its answer comes."""
    if cause == NumberChangeCause.UNSPECIFIED:
        raise Refusal(Reason.FIELD_MISSING, field="cause")
    resident = desk.live(resident_id)
    waiting = {task.kind for task in task_store.of_resident(desk.db, resident.id)}
    ask(law.change_individual_number(resident.person.individual_number, TaskKind.NUMBER_CHANGE in waiting))
    reason = law.reason_of_number_change(cause)
    task_store.add_task(
        desk.db, TaskKind.NUMBER_CHANGE, to_micros(desk.clock.now()), resident.id, change_reason=reason.value
    )
    return Receipt((resident.id,), resident.household_id, desk.notices)


def enter_former_surname(
    desk: Desk, resident_id: int, former_surname: str, kana: str, surname_changed: bool
) -> Receipt:
    """旧氏の記載, or its change to the one borne just before the 氏 changed again."""
    resident = desk.live(resident_id)
    _require("former_surname", former_surname)
    held, deleted = resident.person.former_surname, former_store.deleted_surnames(desk.db, resident.id)
    ask(
        _rule(desk, "enter_former_surname")(
            resident.person.residency, held, deleted, former_surname, kana, surname_changed
        )
    )
    _check_reading(desk, "former_surname_kana", kana)
    after = replace(resident.person, former_surname=former_surname, former_surname_kana=kana)
    return _correct_name(desk, resident, after)


def delete_former_surname(desk: Desk, resident_id: int) -> Receipt:
    """旧氏の削除; it cannot be entered again."""
    resident = desk.live(resident_id)
    ask(_rule(desk, "delete_former_surname")(resident.person.former_surname))
    receipt = _correct_name(desk, resident, replace(resident.person, former_surname="", former_surname_kana=""))
    former_store.keep_deleted_surname(desk.db, resident.id, resident.person.former_surname)
    return receipt


def enter_alias(desk: Desk, resident_id: int, alias: str) -> Receipt:
    """通称の記載."""
    resident = desk.live(resident_id)
    _require("alias", alias)
    ask(law.enter_alias(resident.person.residency, resident.person.alias))
    return _correct_name(desk, resident, replace(resident.person, alias=alias))


def delete_alias(desk: Desk, resident_id: int) -> Receipt:
    """通称の削除."""
    resident = desk.live(resident_id)
    ask(law.delete_alias(resident.person.residency, resident.person.alias))
    return _correct_name(desk, resident, replace(resident.person, alias=""))


def enter_name_kana(desk: Desk, resident_id: int, name_kana: str) -> Receipt:
    """氏名の振り仮名の記載."""
    resident = desk.live(resident_id)
    _require("name_kana", name_kana)
    ask(_rule(desk, "enter_name_kana")(resident.person.residency))
    _check_reading(desk, "name_kana", name_kana)
    return _correct_name(desk, resident, replace(resident.person, name_kana=name_kana))


def _correct_name(desk: Desk, resident: Resident, after: Identification) -> Receipt:
    """規則11条第3項第3号: neither 転居 nor 軽微な修正, so 職権修正等."""
    if after == resident.person:
        raise Refusal(Reason.NOTHING_TO_CORRECT)
    desk.correct(resident, after, ChangeReason.EX_OFFICIO_CORRECTION, desk.today)
    return Receipt((resident.id,), resident.household_id, desk.notices)


def _check_reading(desk: Desk, field: str, text: str) -> None:
    """Before readings were items of the 住民票, nobody was to look at them."""
    if in_force("write_reading", desk.today).allowed:
        ask(law.write_reading(field, text))


def _require(field: str, value: str) -> None:
    if not value.strip():
        raise Refusal(Reason.FIELD_MISSING, field=field)


def _rule(desk: Desk, name: str) -> Callable[..., Any]:
    """The version of a rule that is in force today."""
    ask(in_force(name, desk.today))
    found = find(name, desk.today)
    assert found is not None
    return found.function
