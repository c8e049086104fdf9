"""Printable notices to the person."""

from __future__ import annotations

from jukinet.law import abroad
from jukinet.law.special_move import issue_move_out_certificate
from jukinet.model import areas
from jukinet.model.dates import wareki
from jukinet.model.identification import CertificateMember, ChangeKind, ChangeReason, Sex
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from municipality_node.acts.cancellation import is_last_record
from municipality_node.acts.certificate import move_out_certificate
from municipality_node.desk import Desk, ask
from municipality_node.former import store as former_store
from municipality_node.special_move import store as special_store
from municipality_node.store import Resident, State

BANNER = "【SIMULATION ／ 架空の人物 — 実在の人物・機関とは関係ありません】"
RESIDENT_CODE, INDIVIDUAL_NUMBER, MOVE_OUT_CERTIFICATE, MOVE_IN_INQUIRY = 1, 2, 3, 4
RULES = {
    RESIDENT_CODE: "print_notice",
    INDIVIDUAL_NUMBER: "designate_individual_number",
    MOVE_OUT_CERTIFICATE: "issue_move_out_certificate",
    MOVE_IN_INQUIRY: "inquire_move_in_notice",
}
"""On which rule each paper is given out."""
_AFTER_CHANGE = {
    ChangeReason.CODE_CHANGE_REQUEST: "notify_changed_code",
    ChangeReason.CODE_EX_OFFICIO_ENTRY: "notify_corrected_code",
    ChangeReason.NUMBER_CHANGE_REQUEST: "replace_individual_number",
    ChangeReason.NUMBER_EX_OFFICIO_CORRECTION: "replace_individual_number",
}
_KINDS = {RESIDENT_CODE: ChangeKind.CODE_CORRECTION, INDIVIDUAL_NUMBER: ChangeKind.NUMBER_CORRECTION}


def rule_of(desk: Desk, resident_id: int, kind: int) -> str:
    """On which rule this person is given the paper: after a change, that of the change."""
    reason = former_store.last_reason(desk.db, resident_id, _KINDS[kind]) if kind in _KINDS else None
    return _AFTER_CHANGE[reason] if reason else RULES.get(kind, "")


def print_notice(desk: Desk, resident_id: int, kind: int) -> tuple[str, str]:
    """住民票コード通知票, 個人番号通知書, 転出証明書 or 照会書: title and text."""
    resident = desk.resident(resident_id)
    forms = {
        RESIDENT_CODE: ("住民票コード通知票", _code),
        INDIVIDUAL_NUMBER: ("個人番号通知書", _number),
        MOVE_OUT_CERTIFICATE: ("転出証明書", _certificate),
        MOVE_IN_INQUIRY: ("転入通知照会書", _inquiry),
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
    words = {
        "notify_changed_code": "住民基本台帳法第30条の4第4項の規定により、住民票コードの記載の変更をしたので、"
        "新たに記載した住民票コードを通知します。",
        "notify_corrected_code": "住民基本台帳法施行令第30条の4第2項の規定により、住民票コードに係る記載の修正を"
        "したので、新たに記載した住民票コードを通知します。",
    }
    first = "住民基本台帳法第30条の3第3項の規定により、住民票に記載した住民票コードを通知します。"
    return [
        words.get(rule_of(desk, resident.id, RESIDENT_CODE), first),
        "",
        f"氏名　　　　　{resident.person.name}",
        f"住民票コード　{code[:4]}-{code[4:8]}-{code[8:]}",
    ]


def _number(desk: Desk, resident: Resident) -> list[str]:
    number = resident.person.individual_number
    if not number:
        raise Refusal(Reason.NOTHING_TO_PRINT)
    desk.prints_number = True
    changed = rule_of(desk, resident.id, INDIVIDUAL_NUMBER) == "replace_individual_number"
    words = "番号法第7条第2項の規定により、従前の個人番号に代えて" if changed else "番号法第7条第1項の規定により、"
    return [
        f"{words}個人番号を指定したので通知します。",
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
    if not is_last_record(desk, resident):
        raise Refusal(Reason.NOTHING_TO_PRINT)  # who is back, or never left, has no paper to leave with
    left = special_store.move_out_of(desk.db, resident.id)
    ask(
        issue_move_out_certificate(
            resident.removal_date, left is not None and left.with_card, resident.confirmed_move_out_date is not None,
            desk.today,
        )
    )  # fmt: skip
    certificate = move_out_certificate(desk, [resident], resident.planned_destination, resident.removal_date)
    member = certificate.members[0]
    person = member.identification
    desk.prints_number = bool(person.individual_number)
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


def _inquiry(desk: Desk, resident: Resident) -> list[str]:
    """To the municipality that somebody reported to move to; it answers with a 転入通知."""
    planned = resident.removal_date if resident.removal_reason == ChangeReason.MOVE_OUT else None
    missing = abroad.list_missing_move_in_notices(planned, desk.today) if planned else 0
    if planned is None or not missing or resident.state != State.REMOVED or resident.confirmed_move_out_date:
        raise Refusal(Reason.NOTHING_TO_PRINT)
    person = resident.person
    return [
        f"次の者について、転出予定年月日から{missing}日を経過しましたが、転入通知が届いていません。",
        "転入の有無を調査の上、転入しているときは転入通知を再送してください。",
        "",
        f"照会先　　　　　{resident.planned_destination}",
        f"氏名　　　　　　{person.name}",
        f"生年月日　　　　{resident.birth_date_text or person.birth_date.to_wareki()}",
        f"男女の別　　　　{'男' if person.sex == Sex.MALE else '女'}",
        f"従前の住所　　　{person.address}",
        f"転出予定年月日　{wareki(planned)}",
        f"団体コード　　　{person.area_code}",
    ]
