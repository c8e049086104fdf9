"""日本の国籍の取得と喪失: one record is closed and one opened, of the same person in the same household (令8条の2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from jukinet.law import nationality
from jukinet.model.foreign import ForeignItems
from jukinet.model.identification import ChangeReason, Identification, Receipt, Residency
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from municipality_node import store
from municipality_node.acts.foreign import enter_foreign_items
from municipality_node.acts.reentry import reenter
from municipality_node.desk import Desk, ask
from municipality_node.store import Resident


def acquire_nationality(
    desk: Desk, resident_id: int, acquired: date, registered: tuple[str, str], name: str, name_kana: str
) -> Receipt:
    """帰化等: 通称 ends (令30条の15), 戸籍の表示 begins (法7条5号). `registered` are 本籍 and 筆頭者."""
    resident = desk.live(resident_id)
    before = resident.person
    ask(nationality.acquire_nationality(before.residency, before.birth_date, acquired, desk.today))
    for field, value in zip(("registered_domicile", "registered_head"), registered, strict=True):
        if not value.strip():
            raise Refusal(Reason.FIELD_MISSING, field=field)
    after = replace(
        before,
        residency=Residency.JAPANESE,
        name=name or before.name,
        name_kana=name_kana or ("" if name else before.name_kana),
        alias="",
    )
    reasons = (
        ChangeReason.EX_OFFICIO_DELETION_NATURALIZATION,
        ChangeReason.EX_OFFICIO_ENTRY_NATURALIZATION,
    )
    new_id = _replace(desk, resident, after, registered, reasons, acquired)
    return Receipt((resident.id, new_id), resident.household_id, desk.notices)


def lose_nationality(desk: Desk, resident_id: int, lost: date, items: ForeignItems, name: str) -> Receipt:
    """国籍喪失: 戸籍の表示 and 旧氏 end with the family register, 国籍等 and the rest of 法30条の45 begin."""
    resident = desk.live(resident_id)
    before = resident.person
    ask(nationality.lose_nationality(before.residency, before.birth_date, lost, desk.today, items))
    read = nationality.foreign_record_has_reading(desk.today)
    after = replace(
        before,
        residency=Residency.FOREIGN,
        name=name or before.name,
        name_kana=before.name_kana if read and not name else "",
        former_surname="",
        former_surname_kana="",
    )
    reasons = (
        ChangeReason.EX_OFFICIO_DELETION_NATIONALITY_LOSS,
        ChangeReason.EX_OFFICIO_ENTRY_NATIONALITY_LOSS,
    )
    new_id = _replace(desk, resident, after, ("", ""), reasons, lost)
    enter_foreign_items(desk, new_id, items)
    return Receipt((resident.id, new_id), resident.household_id, desk.notices)


def _replace(
    desk: Desk,
    resident: Resident,
    after: Identification,
    registered: tuple[str, str],
    reasons: tuple[ChangeReason, ChangeReason],
    on: date,
) -> int:
    """消除 and 記載 in this order; who is 世帯主 stays it, and a 転出届 made before holds on."""
    deletion, entry = reasons
    desk.remove(resident, deletion, on)
    domicile, head = registered
    former = replace(resident, registered_domicile=domicile, registered_head=head)
    new_id = reenter(
        desk, former, after, resident.household_id, resident.relationship, resident.resident_since, (entry, on)
    )
    household = store.household(desk.db, resident.household_id)
    if household is not None and household.head_id == resident.id:
        store.set_head(desk.db, household.id, new_id)
    return new_id
