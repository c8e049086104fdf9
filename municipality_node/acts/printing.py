"""Printable notices to the person."""

from __future__ import annotations

from jukinet.model import areas
from jukinet.model.dates import wareki
from jukinet.model.identification import CertificateMember, ChangeReason, Sex
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from municipality_node.acts.move_out import move_out_certificate
from municipality_node.desk import Desk
from municipality_node.store import Resident

BANNER = "【SIMULATION ／ 架空の人物 — 実在の人物・機関とは関係ありません】"
RESIDENT_CODE, INDIVIDUAL_NUMBER, MOVE_OUT_CERTIFICATE = 1, 2, 3
RULES = {
    RESIDENT_CODE: "print_notice",
    INDIVIDUAL_NUMBER: "designate_individual_number",
    MOVE_OUT_CERTIFICATE: "issue_move_out_certificate",
}
"""On which rule each paper is given out."""


def print_notice(desk: Desk, resident_id: int, kind: int) -> tuple[str, str]:
    """住民票コード通知票, 個人番号通知書 or 転出証明書: title and text."""
    resident = desk.resident(resident_id)
    forms = {
        RESIDENT_CODE: ("住民票コード通知票", _code),
        INDIVIDUAL_NUMBER: ("個人番号通知書", _number),
        MOVE_OUT_CERTIFICATE: ("転出証明書", _certificate),
    }
    if kind not in forms:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="kind")
    title, form = forms[kind]
    lines = [BANNER, "", title, "", *form(desk, resident), "", f"発行日　{wareki(desk.today)}", _issuer(resident)]
    return title, "\n".join(lines)


def _issuer(resident: Resident) -> str:
    area = areas.find(resident.person.area_code)
    return f"{area.full_name}長" if area else ""


def _code(desk: Desk, resident: Resident) -> list[str]:
    code = resident.person.resident_code
    return [
        "住民基本台帳法第30条の3第3項の規定により、住民票に記載した住民票コードを通知します。",
        "",
        f"氏名　　　　　{resident.person.name}",
        f"住民票コード　{code[:4]}-{code[4:8]}-{code[8:]}",
    ]


def _number(desk: Desk, resident: Resident) -> list[str]:
    number = resident.person.individual_number
    if not number:
        raise Refusal(Reason.NOTHING_TO_PRINT)
    return [
        "番号法第7条第1項の規定により、個人番号を指定したので通知します。",
        "",
        f"氏名　　　{resident.person.name}",
        f"生年月日　{resident.birth_date_text or resident.person.birth_date.to_wareki()}",
        f"個人番号　{number[:4]} {number[4:8]} {number[8:]}",
    ]


def _standing(member: CertificateMember) -> str:
    """戸籍の表示 of a Japanese; of a foreign resident 国籍等 and the stay (令30条の21)."""
    items = member.foreign_items
    if items is None:
        return f"本籍・筆頭者　{member.registered_domicile}　{member.registered_head}"
    words = (items.nationality, items.category.japanese, items.status_of_residence, items.period_of_stay)
    until = f"{wareki(items.expiry)}まで" if items.expiry else ""
    return "国籍・在留　　" + "　".join(word for word in (*words, until, items.card_number) if word)


def _certificate(desk: Desk, resident: Resident) -> list[str]:
    if resident.removal_date is None or resident.removal_reason != ChangeReason.MOVE_OUT:
        raise Refusal(Reason.NOTHING_TO_PRINT)
    certificate = move_out_certificate(desk, [resident], resident.planned_destination, resident.removal_date)
    member = certificate.members[0]
    person = member.identification
    insured = [
        word
        for word, holds in (
            ("国民健康保険", member.national_health_insurance),
            ("後期高齢者医療", member.late_stage_medical_care),
            ("介護保険", member.long_term_care_insurance),
        )
        if holds
    ]
    return [
        f"氏名　　　　　{person.name}",
        f"生年月日　　　{member.birth_date_text or person.birth_date.to_wareki()}",
        f"男女の別　　　{'男' if person.sex == Sex.MALE else '女'}",
        f"住民票コード　{person.resident_code}",
        f"個人番号　　　{person.individual_number or '（未付番）'}",
        f"世帯主・続柄　{member.head_name}　{member.relationship}",
        _standing(member),
        f"従前の住所　　{certificate.former_address}",
        f"転出先　　　　{certificate.destination}",
        f"転出予定年月日　{wareki(certificate.planned_date)}",
        f"保険　　　　　{'、'.join(insured) or '（なし）'}",
        f"国民年金　　　{member.national_pension_class or '（なし）'}",
        f"児童手当　　　{'受給' if member.child_allowance else '（なし）'}",
    ]
