"""職権記載・消除・修正, and the entry of fictional households."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from jukinet.law import counter
from jukinet.model.dates import PartialDate
from jukinet.model.identification import ChangeReason, NewPerson, Receipt, Sex
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from municipality_node import store
from municipality_node.desk import Desk, ask
from municipality_node.issuance import store as residence


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be corrected; None leaves an item as it is."""

    name: str | None = None
    name_kana: str | None = None
    former_surname: str | None = None
    alias: str | None = None
    birth_date: PartialDate | None = None
    sex: Sex | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A household that comes onto the register whole; the head first."""

    area_code: str
    address: str
    persons: tuple[NewPerson, ...]
    resident_since: date


def enter_ex_officio(
    desk: Desk, person: NewPerson, address: str, change_date: date, area_code: str, household_id: int
) -> Receipt:
    """職権記載 of a person whom no municipality has recorded."""
    ask(counter.enter_ex_officio(change_date, desk.today))
    if household_id:
        household, address = desk.joined(household_id, address, area_code)
        home, area_code = household.id, household.area_code
    else:
        area_code = desk.area(area_code)
        home = store.insert_household(desk.db, area_code, address)
    code = desk.draw_codes(1)[0]
    resident_id = desk.enter(home, person, code, address, area_code, ChangeReason.EX_OFFICIO_ENTRY, change_date)
    residence.set_report_date(desk.db, resident_id, desk.today)
    desk.check_refill()
    return Receipt((resident_id,), home, desk.notices)


def delete_ex_officio(desk: Desk, resident_id: int, change_date: date) -> Receipt:
    """職権消除."""
    ask(counter.delete_ex_officio(change_date, desk.today))
    resident = desk.live(resident_id)
    desk.remove(resident, ChangeReason.EX_OFFICIO_DELETION, change_date)
    desk.mend_head(resident.household_id)
    return Receipt((resident.id,), resident.household_id, desk.notices)


def correct_ex_officio(desk: Desk, resident_id: int, change_date: date, correction: Correction) -> Receipt:
    """職権修正; 住民票コード and 個人番号 have acts of their own."""
    ask(counter.correct_ex_officio(change_date, desk.today))
    resident = desk.live(resident_id)
    changes = {
        field: value
        for field in ("name", "name_kana", "former_surname", "alias", "birth_date", "sex", "address")
        if (value := getattr(correction, field)) is not None
    }
    after = replace(resident.person, **changes)
    if after == resident.person:
        raise Refusal(Reason.FIELD_MISSING, field="correction")
    desk.correct(resident, after, ChangeReason.EX_OFFICIO_CORRECTION, change_date)
    if correction.birth_date is not None:
        store.set_birth_date_text(desk.db, resident.id, "")  # the words were about the date that was wrong
    addresses = {member.person.address for member in store.members(desk.db, resident.household_id)}
    if len(addresses) == 1:
        store.set_address(desk.db, resident.household_id, addresses.pop())
    return Receipt((resident.id,), resident.household_id, desk.notices)


def load_households(desk: Desk, households: Sequence[NewHousehold]) -> int:
    """職権記載等 of fictional households: how the first transmission is simulated, an assumption of ours."""
    codes = desk.draw_codes(sum(len(household.persons) for household in households))
    drawn = iter(codes)
    for household in households:
        area_code = desk.area(household.area_code)
        home = store.insert_household(desk.db, area_code, household.address)
        for person in household.persons:
            desk.enter(
                home, person, next(drawn), household.address, area_code, ChangeReason.EX_OFFICIO_ENTRY,
                household.resident_since,
            )  # fmt: skip
    desk.check_refill()
    return len(codes)
