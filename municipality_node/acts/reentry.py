"""記載 of somebody whose code is known: it is entered again, whatever the occasion (法30条の3第1項)."""

from __future__ import annotations

from datetime import date

from jukinet.model.identification import Change, ChangeKind, ChangeReason, Identification
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from municipality_node import store
from municipality_node.carrying import carry_over
from municipality_node.desk import Desk
from municipality_node.store import Resident, State


def reenter(
    desk: Desk,
    former: Resident,
    person: Identification,
    household_id: int,
    relationship: str,
    resident_since: date,
    change: tuple[ChangeReason, date],
) -> int:
    """Enter a person anew under the code of the record before; 更新順番号 goes on. The new record's number.

    本籍 and what else the 住民票 says beyond 本人確認情報 is taken from `former`, and so is a 転出届 that holds on.
    """
    found = [r for r in store.by_code(desk.db, person.resident_code) if r.person.area_code == person.area_code]
    if any(record.state != State.REMOVED for record in found):
        raise Refusal(Reason.RESIDENT_LIVE_ALREADY)
    words = (former.birth_date_text, former.registered_domicile, former.registered_head, former.former_address)
    desk.check(person, *words, relationship)
    resident_id = store.insert_resident(
        desk.db, household_id, person,
        relationship=relationship, resident_since=resident_since, birth_date_text=former.birth_date_text,
        registered_domicile=former.registered_domicile, registered_head=former.registered_head,
        former_address=former.former_address,
        person_sequence=store.last_sequence(desk.db, person.resident_code, person.area_code),
    )  # fmt: skip
    reason, on = change
    desk.notify(resident_id, None, person, Change(ChangeKind.ENTRY, reason, on))
    if former.state == State.MOVING_OUT and former.removal_date is not None:
        store.set_removal(
            desk.db, resident_id, State.MOVING_OUT, former.removal_reason, former.removal_date,
            former.planned_destination,
        )  # fmt: skip
    carry_over(desk, former.id, resident_id)
    return resident_id


def latest(desk: Desk, resident_id: int) -> Resident:
    """The 除票 with this number, if it is the last record of its person here."""
    former = desk.resident(resident_id)
    last = store.by_code(desk.db, former.person.resident_code)[0]
    if last.state != State.REMOVED:
        raise Refusal(Reason.RESIDENT_LIVE_ALREADY)
    if last.id != former.id:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="resident_id")
    return former
