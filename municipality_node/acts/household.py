"""転居 and 世帯変更."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from jukinet.law import counter
from jukinet.model.identification import ChangeReason, Receipt
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from municipality_node import store
from municipality_node.desk import HEAD, LODGER, Desk, ask
from municipality_node.issuance import store as residence
from municipality_node.store import Resident


def report_relocation(
    desk: Desk, resident_ids: list[int], address: str, relocation_date: date, household_id: int
) -> Receipt:
    """転居届: those named move together within the municipality, or the ward."""
    ask(counter.report_relocation(relocation_date, desk.today))
    if not address.strip() and not household_id:
        raise Refusal(Reason.FIELD_MISSING, field="address")
    moving = desk.one_household(resident_ids)
    home = moving[0].household_id
    area_code = moving[0].person.area_code
    relationships: list[str] = []
    if household_id:
        joined, address = desk.joined(household_id, address, area_code)
        # The form does not tell: 同居人 until a 世帯変更届 says more.
        home, relationships = joined.id, [LODGER] * len(moving)
    elif len(store.members(desk.db, home)) == len(moving):
        store.set_address(desk.db, home, address)
    else:
        home = store.insert_household(desk.db, area_code, address)
    for resident in moving:
        after = replace(resident.person, address=address)
        if after != resident.person:
            desk.correct(resident, after, ChangeReason.RELOCATION, relocation_date)
            residence.set_address_since(desk.db, resident.id, relocation_date)
    _settle(desk, moving, home, relationships)
    return Receipt(tuple(resident_ids), home, desk.notices)


def report_household_change(
    desk: Desk, resident_ids: list[int], household_id: int, head_id: int, relationships: list[str]
) -> Receipt:
    """世帯変更届: 世帯分離, 世帯合併 or 世帯主変更. No item of 本人確認情報 changes, so nothing goes up."""
    changing = desk.one_household(resident_ids)
    if relationships and len(relationships) != len(changing):
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="relationships")
    home, address, area_code = changing[0].household_id, changing[0].person.address, changing[0].person.area_code
    if household_id:
        joined = desk.household(household_id)
        if (joined.address, joined.area_code) != (address, area_code):
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="household_id")  # another address is 転居
        home = joined.id
    elif len(store.members(desk.db, home)) != len(changing):
        home = store.insert_household(desk.db, area_code, address)
    _settle(desk, changing, home, relationships, head_id)
    heads = [member.id for member in store.members(desk.db, home) if member.relationship == HEAD]
    if len(heads) > 1:
        # Whoever was a head and is none any more needs a 続柄.
        raise Refusal(Reason.FIELD_MISSING, field="relationships")
    return Receipt(tuple(resident_ids), home, desk.notices)


def _settle(desk: Desk, moving: list[Resident], home: int, relationships: list[str], head_id: int = 0) -> None:
    """Put them into their household, and give both households a head who lives there."""
    for index, resident in enumerate(moving):
        relationship = relationships[index] if relationships else resident.relationship
        store.set_household(desk.db, resident.id, home, relationship)
    if head_id:
        if head_id not in {resident.id for resident in store.members(desk.db, home)}:
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="head_resident_id")
        store.set_head(desk.db, home, head_id)
    for household_id in {home, moving[0].household_id}:
        desk.mend_head(household_id)
