"""広域交付: what 住所地 tells, and the copy that 交付地 makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jukinet.law import issuance
from jukinet.model import areas
from jukinet.model.codes import resident_code_is_valid
from jukinet.model.dates import PartialDate, wareki
from jukinet.model.identification import Sex
from jukinet.model.reason import Reason
from jukinet.model.wide_area import WideAreaItems, WideAreaRecord, WideAreaRequest
from jukinet.node.act import MOST_WORDS
from jukinet.refusal import Refusal
from jukinet.wire import gate
from municipality_node import store
from municipality_node.acts.printing import BANNER
from municipality_node.acts.support import hold_copy
from municipality_node.desk import HEAD, Desk, ask
from municipality_node.issuance import store as residence
from municipality_node.store import Resident, State

TITLE = "住民票の写し（広域交付）"
CARD, DOCUMENT = 1, 2
MOST_MEMBERS = 100
UNTOLD = PartialDate()


@dataclass(frozen=True, slots=True)
class Told:
    """What the person at the counter showed and told, beside what 住所地 is asked."""

    proof: int
    birth_date: PartialDate = UNTOLD
    sex: Sex = Sex.UNSPECIFIED
    improper: bool = False


# 住所地


def send_wide_area_record(desk: Desk, asked: WideAreaRequest) -> list[tuple[Resident, WideAreaRecord]]:
    """The records that 令15条の3第2項 lets 交付地 have, in order of entry.

    Nobody recorded here by that code, another name, another ward, a 除票, a person outside the household, 支援措置: all
    are told in the same words, so that nothing can be learnt of who is, or was, a resident, or is protected.
    """
    if not resident_code_is_valid(asked.resident_code):
        raise Refusal(Reason.RECORD_NOT_SENT)
    found = [
        resident
        for resident in store.by_code(desk.db, asked.resident_code)
        if resident.state != State.REMOVED
        and asked.area_code in (resident.person.area_code, desk.node.area_code)
        and _is_called(resident, asked.requester_name)
    ]
    if len(found) != 1:  # two wards may hold one code of two people: the asker is to name the ward
        raise Refusal(Reason.RECORD_NOT_SENT)
    requester = found[0]
    shown = _shown(desk, requester, asked)
    hold_copy(desk, "send_wide_area_record", list({resident.id: resident for resident in (requester, *shown)}.values()))
    head_name = store.head_name(desk.db, requester.household_id)
    return [(resident, _record(desk, resident, requester, head_name, asked.items)) for resident in shown]


def _shown(desk: Desk, requester: Resident, asked: WideAreaRequest) -> list[Resident]:
    """請求者及び請求者と同一の世帯に属する者のうち、写しに記載する者."""
    if not asked.whole_household and not asked.member_names:
        return [requester]
    members = store.members(desk.db, requester.household_id)
    if asked.whole_household:
        return members
    shown = [member for member in members if any(_is_called(member, name) for name in asked.member_names)]
    if not all(any(_is_called(member, name) for member in shown) for name in asked.member_names):
        raise Refusal(Reason.RECORD_NOT_SENT)
    return shown


def _is_called(resident: Resident, name: str) -> bool:
    """Whether that is the person's 氏名 or 通称 (令30条の16第7項), however it is spaced."""
    bare = "".join(name.split())
    return bool(bare) and bare in ("".join(resident.person.name.split()), "".join(resident.person.alias.split()))


def _record(desk: Desk, resident: Resident, requester: Resident, head: str, asked: WideAreaItems) -> WideAreaRecord:
    person = resident.person
    items = issuance.wide_area_record_items(asked, person.residency)
    days = residence.residence(desk.db, resident.id)
    return WideAreaRecord(
        name=person.name,
        former_surname=person.former_surname,
        alias=person.alias,
        birth_date=person.birth_date,
        birth_date_text=resident.birth_date_text,
        sex=person.sex,
        resident_since=resident.resident_since if "六" in items else None,
        address=person.address,
        address_since=days.address_since,
        report_date=days.report_date,
        former_address=resident.former_address,
        relationship=resident.relationship if "四" in items else "",
        head_name=head if "四" in items else "",
        individual_number=person.individual_number if "八の二" in items else "",
        resident_code=person.resident_code if "十三" in items else "",
        requester=resident.id == requester.id,
    )


# 交付地


def check_wide_area_request(desk: Desk, asked: WideAreaRequest, told: Told) -> None:
    """Refuse what 住所地 need not be asked for."""
    born_and_sex = told.birth_date != UNTOLD and told.sex != Sex.UNSPECIFIED
    proven, by_document = told.proof in (CARD, DOCUMENT), told.proof == DOCUMENT
    ask(issuance.issue_wide_area_copy(proven, by_document, bool(asked.resident_code), born_and_sex, told.improper))
    if not asked.requester_name.strip():
        raise Refusal(Reason.FIELD_MISSING, field="requester_name")
    if not resident_code_is_valid(asked.resident_code):
        raise Refusal(Reason.CHECK_DIGIT_WRONG, field="resident_code")
    if len(asked.member_names) > MOST_MEMBERS or any(
        len(name) > MOST_WORDS for name in (asked.requester_name, *asked.member_names)
    ):
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="member_names")
    area = areas.find(asked.area_code)
    if area is None or area.kind == "prefecture" or not area.exists_on(desk.today):
        raise Refusal(Reason.AREA_UNKNOWN)
    if gate.speaks_for(desk.node, asked.area_code):
        raise Refusal(Reason.OWN_RESIDENT)


def issue_wide_area_copy(
    desk: Desk, asked: WideAreaRequest, told: Told, records: Sequence[WideAreaRecord]
) -> tuple[str, str]:
    """The copy, made of what 住所地 told (令15条の4): title and text. It shows nothing that was not asked for.

    Birth date and sex that the person told must be those of the answer, where the answer shows the person.
    """
    check_wide_area_request(desk, asked, told)
    if not records:
        raise Refusal(Reason.RECORD_MALFORMED)
    for record in records:
        born_otherwise = told.birth_date not in (UNTOLD, record.birth_date)
        if record.requester and (born_otherwise or told.sex not in (Sex.UNSPECIFIED, record.sex)):
            raise Refusal(Reason.PERSON_DIFFERS)
    desk.prints_number = asked.items.individual_number and any(record.individual_number for record in records)
    lines = [BANNER, "", TITLE, ""]
    if asked.items.relationship:
        lines += [f"世帯主　　　　　　{records[0].head_name}", ""]
    for record in records:
        lines += [*_lines(record, asked.items), ""]
    there = areas.find(asked.area_code)
    lines += [
        f"この写しは、住民基本台帳法第12条の4第3項の規定により{there.full_name if there else ''}長から住民票"
        "に記載されている事項が通知され、当該通知に基づき作成したものである。",
        "",
        f"発行日　{wareki(desk.today)}",
        _issuer(desk),
    ]
    return TITLE, "\n".join(lines)


def _lines(record: WideAreaRecord, asked: WideAreaItems) -> list[str]:
    pairs = [
        ("氏名　　　　　　　", record.name),
        ("旧氏　　　　　　　", record.former_surname),
        ("通称　　　　　　　", record.alias),
        ("生年月日　　　　　", record.birth_date_text or record.birth_date.to_wareki()),
        ("男女の別　　　　　", "男" if record.sex == Sex.MALE else "女"),
        ("住民となつた年月日", wareki(record.resident_since) if record.resident_since else ""),
        ("住所　　　　　　　", record.address),
        ("住所を定めた年月日", wareki(record.address_since) if record.address_since else ""),
        ("届出の年月日　　　", wareki(record.report_date) if record.report_date else ""),
        ("従前の住所　　　　", record.former_address),
    ]
    if asked.relationship:
        pairs.append(("続柄　　　　　　　", record.relationship or HEAD))
    if asked.individual_number:
        pairs.append(("個人番号　　　　　", record.individual_number or "（記載なし）"))
    if asked.resident_code:
        pairs.append(("住民票コード　　　", record.resident_code or "（記載なし）"))
    return [f"{name}　{value}" for name, value in pairs if value]


def _issuer(desk: Desk) -> str:
    area = areas.find(desk.node.area_code)
    return f"{area.full_name}長" if area else ""
