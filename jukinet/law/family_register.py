"""戸籍の附票, and what 戸籍 offices and register offices tell one another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import Enum
from typing import TypeVar

from jukinet.law.basis import Decision, basis, find, state
from jukinet.model.dates import PartialDate
from jukinet.model.family_register import SupplementaryEntry, SupplementaryNotice
from jukinet.model.identification import ChangeReason, Identification, Residency, Sex
from jukinet.model.reason import Reason

T = TypeVar("T", SupplementaryNotice, SupplementaryEntry)

BY_LINE = date(2024, 5, 27)
"""From here on 法9条2項 and 19条2項・3項 go by line too, and the 附票 knows 住民票コード and 国外転出者."""


class Item(Enum):
    """法17条, item by item."""

    REGISTER = "戸籍の表示"
    NAME = "氏名"
    NAME_KANA = "氏名の振り仮名"
    ADDRESS = "住所"
    SETTLED_DATE = "住所を定めた年月日"
    BIRTH_DATE = "出生の年月日"
    SEX = "男女の別"
    RESIDENT_CODE = "住民票コード"
    MOVED_ABROAD = "国外転出者である旨"


_AT_FIRST = frozenset({Item.REGISTER, Item.NAME, Item.ADDRESS, Item.SETTLED_DATE})
_FROM_2022 = _AT_FIRST | {Item.BIRTH_DATE, Item.SEX}
_FROM_2024 = _FROM_2022 | {Item.RESIDENT_CODE, Item.MOVED_ABROAD}


@basis("住基法第17条", "戸籍の附票の記載事項", name="supplementary_register_items")
def _items_at_first() -> frozenset[Item]:
    """戸籍の表示、氏名、住所、住所を定めた年月日。"""
    return _AT_FIRST


@basis("住基法第17条", "戸籍の附票の記載事項", name="supplementary_register_items", since=date(2022, 1, 11))
def _items_from_2022() -> frozenset[Item]:
    """出生の年月日と男女の別が加わる（5号、6号）。"""
    return _FROM_2022


@basis("住基法第17条", "戸籍の附票の記載事項", name="supplementary_register_items", since=BY_LINE)
def _items_from_2024() -> frozenset[Item]:
    """住民票コード（7号）と国外転出者である旨（3号）が加わる。"""
    return _FROM_2024


@basis("住基法第17条", "戸籍の附票の記載事項", name="supplementary_register_items", since=date(2025, 5, 26))
def _items_from_2025() -> frozenset[Item]:
    """氏名の振り仮名が加わる（2号の2）。"""
    return _FROM_2024 | {Item.NAME_KANA}


def supplementary_register_items(on: date) -> frozenset[Item]:
    """What the 附票 says on that day, and so what may be told of it."""
    rule = find("supplementary_register_items", on)
    assert rule is not None
    found: frozenset[Item] = rule.function()
    return found


def only_items(told: T, on: date) -> T:
    """The notice, or entry, with nothing but what the 附票 knows that day."""
    items = supplementary_register_items(on)
    return replace(
        told,
        name_kana=told.name_kana if Item.NAME_KANA in items else "",
        birth_date=told.birth_date if Item.BIRTH_DATE in items else PartialDate(),
        sex=told.sex if Item.SEX in items else Sex.UNSPECIFIED,
        resident_code=told.resident_code if Item.RESIDENT_CODE in items else "",
    )


ABROAD = "国外"
"""住所 of somebody who left Japan, before the 附票 knew 国外転出者; the word is an assumption of ours."""


@basis("住基法第17条", "国外転出者の住所")
def address_abroad(on: date) -> tuple[str, bool]:
    """国外転出者にあつては、住所に代えて国外転出者である旨（3号）: 住所 and 旨 as they are written that day."""
    known = Item.MOVED_ABROAD in supplementary_register_items(on)
    return ("", True) if known else (ABROAD, False)


_NO_DATE_OF_ITS_OWN = {ChangeReason.EX_OFFICIO_ENTRY_NATURALIZATION, ChangeReason.EX_OFFICIO_ENTRY_NATIONALITY_LOSS}


@basis("住基法第19条第1項", "戸籍の附票記載事項通知")
def notify_supplementary_register(
    before: Identification | None, after: Identification | None, reason: ChangeReason, on: date
) -> Decision:
    """住所地の市町村長は、住民票の記載等をした場合に、本籍地において附票の記載の修正をすべきときは、通知する。

    Foreign residents have no 戸籍. 国内転出 is told by where the person moves to; upon 死亡, 帰化 and 国籍喪失 the 附票
    follows the 戸籍 (令18条, 19条). What a 附票 says after 職権消除 is not laid down: nothing is told, which is an
    assumption of ours; the 転入通知 that shows it was a move would have been overtaken by the new 住所.
    """
    person = after or before
    if person is None or person.residency == Residency.FOREIGN:
        return Decision.deny(Reason.CHANGE_INCONSISTENT)
    if after is None:
        told = reason == ChangeReason.MOVE_OUT_ABROAD
    elif before is None:
        told = True
    else:
        items = supplementary_register_items(on)
        told = any(item in items and old != new for item, old, new in _compared(before, after))
    return Decision.allow() if told else Decision.deny(Reason.CHANGE_INCONSISTENT)


def _compared(before: Identification, after: Identification) -> list[tuple[Item, object, object]]:
    return [
        (Item.NAME, before.name, after.name),
        (Item.NAME_KANA, before.name_kana, after.name_kana),
        (Item.ADDRESS, before.address, after.address),
        (Item.BIRTH_DATE, before.birth_date, after.birth_date),
        (Item.SEX, before.sex, after.sex),
        (Item.RESIDENT_CODE, before.resident_code, after.resident_code),
    ]


@basis("住基法第17条", "住所を定めた年月日")
def settled_date(before: Identification | None, reason: ChangeReason, change_date: date) -> date | None:
    """記載又は転居の年月日、国外転出者にあつては転出の予定年月日; None where the person has not moved."""
    moved = reason in (ChangeReason.RELOCATION, ChangeReason.MOVE_OUT_ABROAD) or before is None
    return change_date if moved and reason not in _NO_DATE_OF_ITS_OWN else None


def goes_by_line(rule: str, on: date) -> bool:
    """Whether the notice goes by line that day (法9条3項, 19条4項); otherwise it is a paper."""
    return find(rule, on) is not None


@basis("住基法第19条第3項", "転籍のときの原籍地の市町村長の通知")
def report_domicile_transfer(transfer_date: date, today: date) -> Decision:
    """本籍が一の市町村から他の市町村に転属したときは、原籍地の市町村長は、附票の記載事項を新本籍地に通知する。"""
    if transfer_date > today:
        return Decision.deny(Reason.DATE_IN_FUTURE, field="transfer_date")
    return Decision.allow()


@basis("住基法第9条第2項", "住民以外の者についての戸籍の届書の受理")
def accept_family_registration(event_date: date, today: date) -> Decision:
    """住民以外の者について届書を受理し、住所地で住民票の記載等をすべきときは、その事項を住所地に通知する。"""
    if event_date > today:
        return Decision.deny(Reason.DATE_IN_FUTURE, field="event_date")
    return Decision.allow()


# Until 2024-05-27 these three were told on paper: the duty is as old as the Act, the stream is not.
state("notify_family_registration", "住基法第9条第2項", "戸籍届書等による住民票記載事項通知", since=BY_LINE)
state("notify_supplementary_mismatch", "住基法第19条第2項", "戸籍の附票と合わないときの通知", since=BY_LINE)
state("notify_supplementary_transfer", "住基法第19条第3項", "転籍のときの戸籍の附票の通知", since=BY_LINE)

state("enter_supplementary_register", "住基令第18条", "戸籍の附票の作成及び記載")
state("clear_supplementary_register", "住基令第19条", "戸籍の附票の消除")
state("consult_supplementary_register", "住基法第16条", "戸籍の附票の確認")
state("receive_supplementary_notice", "住基令第20条", "戸籍の附票の記載の修正")
state("enter_paper_supplementary_notice", "住基法施行規則第5条の2第2項", "回線故障時の戸籍の附票記載事項通知")
state("consult_supplementary_mismatches", "住基法第19条第2項", "戸籍と合わない旨の通知の確認")
state("print_supplementary_mismatch", "住基法第19条第2項", "戸籍と合わない旨の通知書")
state("receive_supplementary_mismatch", "住基法第19条第2項", "戸籍と合わない旨の通知の受領")
state("receive_supplementary_transfer", "住基令第18条", "転籍による戸籍の附票の記載")
state("enter_paper_domicile_transfer", "住基法第19条第3項", "書面による転籍の通知")
state("receive_family_registration", "住基令第12条第2項", "法9条2項の通知による職権の記載等")
state("enter_paper_family_registration_notice", "住基令第12条第2項", "書面による法9条2項の通知")
state("consult_family_registration_notices", "住基令第12条第2項", "法9条2項の通知の確認")
