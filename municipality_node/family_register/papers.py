"""What was, or still is, told on paper: printable texts, from which the other municipality's clerk enters it."""

from __future__ import annotations

from datetime import date

from jukinet.model import areas
from jukinet.model.dates import PartialDate, wareki
from jukinet.model.family_register import (
    RegistrationNotice,
    SupplementaryEntry,
    SupplementaryMismatch,
    SupplementaryTransfer,
)
from jukinet.model.identification import Sex
from municipality_node.acts.printing import BANNER

_SEXES = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNSPECIFIED: ""}


def _paper(title: str, to: str, lines: list[str], on: date, issuer: str) -> str:
    items = [line for line in lines if not line.endswith("　")]
    return "\n".join([BANNER, "", title, "", f"{_mayor(to)}　様", "", *items, "", wareki(on), _mayor(issuer)])


def _mayor(area_code: str) -> str:
    area = areas.find(area_code)
    return f"{area.full_name}長" if area else ""


def _born(value: PartialDate) -> str:
    return "" if value == PartialDate() else value.to_wareki()


def mismatch_paper(found: SupplementaryMismatch, today: date) -> tuple[str, str]:
    """戸籍と合わない旨の通知書 (法19条2項): title and text."""
    title, notice = "戸籍の附票記載事項通知の不一致について", found.notice
    lines = [
        "住民基本台帳法第19条第1項の規定により通知を受けた事項が、次のとおり戸籍の記載と合わないので通知します。",
        "",
        f"本籍　{notice.registered_domicile}",
        f"筆頭者　{notice.registered_head}",
        f"氏名　{notice.name}",
        f"住所　{notice.address}",
        f"異動年月日　{wareki(notice.change_date)}",
        f"理由　{found.reason.japanese}",
    ]
    return title, _paper(title, notice.area_code, lines, today, found.area_code)


def transfer_paper(transfer: SupplementaryTransfer, to: str, today: date) -> str:
    """転籍による戸籍の附票の通知書 (法19条3項)."""
    lines = [
        "住民基本台帳法第19条第3項の規定により、戸籍の附票に記載をしてある事項を通知します。",
        "",
        f"原籍　{transfer.registered_domicile}",
        f"新本籍　{transfer.new_registered_domicile}",
        f"筆頭者　{transfer.registered_head}",
        f"転籍年月日　{wareki(transfer.transfer_date)}",
    ]
    for entry in transfer.entries:
        lines += ["", *_entry(entry)]
    return _paper("戸籍の附票（転籍）通知書", to, lines, today, transfer.area_code)


def _entry(entry: SupplementaryEntry) -> list[str]:
    addresses = [*([entry.current] if entry.current else []), *entry.former]
    return [
        f"氏名　{entry.name}",
        f"出生の年月日　{_born(entry.birth_date)}",
        f"男女の別　{_SEXES[entry.sex]}",
        *(
            f"住所　{'国外転出者' if one.moved_abroad else one.address}"
            f"（住所を定めた年月日 {wareki(one.settled_date) if one.settled_date else '不明'}）"
            for one in addresses
        ),
    ]


def registration_paper(notice: RegistrationNotice, today: date) -> str:
    """戸籍届書等による住民票記載事項通知書 (法9条2項)."""
    lines = [
        "住民基本台帳法第9条第2項の規定により、住民票の記載等をすべき事項を通知します。",
        "",
        f"事由　{notice.event.japanese}",
        f"年月日　{wareki(notice.event_date)}",
        f"氏名　{notice.name}",
        f"振り仮名　{notice.name_kana}",
        f"出生の年月日　{_born(notice.birth_date)}",
        f"男女の別　{_SEXES[notice.sex]}",
        f"住所　{notice.address}",
        f"世帯主　{notice.head_name}",
        f"続柄　{notice.relationship}",
        f"新氏名　{notice.new_name}",
        f"新氏名の振り仮名　{notice.new_name_kana}",
        f"本籍　{notice.registered_domicile}",
        f"筆頭者　{notice.registered_head}",
        f"受理年月日　{wareki(notice.accept_date)}",
    ]
    return _paper(
        "戸籍届書等による住民票記載事項通知書", notice.residence_area_code, lines, today, notice.accepting_area_code
    )
