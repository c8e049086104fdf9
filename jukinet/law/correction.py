"""記載の修正: what may be corrected, on whose wish, and what of a birth date can be sent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import date

from jukinet.law.basis import Decision, basis, state
from jukinet.model.correction import MinorItem, NumberChangeCause
from jukinet.model.dates import PartialDate
from jukinet.model.identification import ChangeReason, Residency
from jukinet.model.reason import Reason

FORMER_SURNAMES = date(2019, 11, 5)
"""旧氏 (平成31年政令第152号)."""
READINGS = date(2025, 5, 26)
"""氏名の振り仮名 and 旧氏の振り仮名 become items of the 住民票."""

_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fb\u30fc\u3000 ]*")
_NAMED = {MinorItem.PLAIN_CHARACTER, MinorItem.CHARACTER_IDENTIFICATION, MinorItem.RECOGNIZED}


def _fits(allowed: Collection[str], fields: Collection[str], change_date: date, today: date) -> Decision:
    if change_date > today:
        return Decision.deny(Reason.DATE_IN_FUTURE, field="change_date")
    for field in sorted(fields):
        if field not in allowed:
            return Decision.deny(Reason.MINOR_ITEM_MISFIT, field=field)
    return Decision.allow()


@basis("住基法施行規則第11条第3項第2号", "軽微な修正")
def correct_minor(item: MinorItem, fields: Collection[str], change_date: date, today: date) -> Decision:
    """イ・ロ・トは氏名又は住所、ハからヘまでは住所に係る記載の修正である。"""
    return _fits({"name", "address"} if item in _NAMED else {"address"}, fields, change_date, today)


@basis("住基法施行規則第11条第3項第2号", "軽微な修正（振り仮名を含む）", name="correct_minor", since=READINGS)
def correct_minor_with_readings(item: MinorItem, fields: Collection[str], change_date: date, today: date) -> Decision:
    """トは氏名若しくは氏名の振り仮名又は住所に係る記載の修正となつた; the others are as before."""
    if item == MinorItem.RECOGNIZED:
        return _fits({"name", "name_kana", "address"}, fields, change_date, today)
    return correct_minor(item, fields, change_date, today)


state("change_resident_code", "住基法第30条の4第1項", "住民票コードの記載の変更請求")
state("notify_changed_code", "住基法第30条の4第4項", "変更後の住民票コードの通知")


@basis("住基令第30条の4第1項", "住民票コードに係る誤記の修正")
def correct_resident_code(change_date: date, today: date) -> Decision:
    """住民票コードに誤記又は記載漏れがあることを知つたときは、職権で修正する（令12条3項はコードを除く）。"""
    if change_date > today:
        return Decision.deny(Reason.DATE_IN_FUTURE, field="change_date")
    return Decision.allow()


state("notify_corrected_code", "住基令第30条の4第2項", "修正後の住民票コードの通知")


@basis("番号法第7条第2項", "個人番号の変更")
def change_individual_number(individual_number: str, pending: bool) -> Decision:
    """従前の個人番号に代えて指定する: there must be one, and one change is out at a time."""
    if not individual_number:
        return Decision.deny(Reason.NUMBER_NOT_YET)
    return Decision.deny(Reason.NUMBER_CHANGE_PENDING) if pending else Decision.allow()


def reason_of_number_change(cause: NumberChangeCause) -> ChangeReason:
    """規則11条第4項: 請求 (番号令3条) or 職権 (番号令4条)."""
    if cause == NumberChangeCause.REQUEST:
        return ChangeReason.NUMBER_CHANGE_REQUEST
    return ChangeReason.NUMBER_EX_OFFICIO_CORRECTION


@basis("番号法第8条第2項", "従前の個人番号に代わる番号の生成")
def change_individual_numbers(count: int, distinct: int) -> Decision:
    """他のいずれの個人番号（従前の個人番号を含む。）とも異なる番号を生成し、通知する（番号令8条三号）。"""
    if not 1 <= count <= 5_000 or distinct != count:
        return Decision.deny(Reason.FIELD_OUT_OF_RANGE, field="resident_codes")
    return Decision.allow()


state("replace_individual_number", "番号法第7条第2項", "従前の個人番号に代わる個人番号の指定")


@basis("住基令第30条の14第1項", "旧氏の記載", since=FORMER_SURNAMES)
def enter_former_surname(
    residency: Residency, held: str, deleted: Collection[str], wished: str, kana: str, surname_changed: bool
) -> Decision:
    """一の旧氏に限る（令30条の13）。既にあれば、氏に変更があつたときに限り、直前に称していた旧氏に変更できる（3項）。

    Whoever had one deleted may only have one borne since (1項後段): never what was deleted.
    """
    if residency == Residency.FOREIGN:
        return Decision.deny(Reason.FOR_JAPANESE_ONLY)
    if held and not surname_changed:
        return Decision.deny(Reason.FORMER_SURNAME_ALREADY)
    if surname_changed and not held:
        return Decision.deny(Reason.NOTHING_TO_CORRECT)
    return Decision.deny(Reason.FORMER_SURNAME_DELETED) if wished in deleted else Decision.allow()


@basis("住基令第30条の14第1項", "旧氏及び旧氏の振り仮名の記載", name="enter_former_surname", since=READINGS)
def enter_former_surname_with_reading(
    residency: Residency, held: str, deleted: Collection[str], wished: str, kana: str, surname_changed: bool
) -> Decision:
    """旧氏の振り仮名を添える; 変更は4項となつた."""
    decision = enter_former_surname(residency, held, deleted, wished, kana, surname_changed)
    if decision.allowed and not kana.strip():
        return Decision.deny(Reason.FIELD_MISSING, field="former_surname_kana")
    return decision


@basis("住基令第30条の14第4項", "旧氏の削除", since=FORMER_SURNAMES)
def delete_former_surname(held: str) -> Decision:
    """旧氏記載者は、旧氏の削除を求めることができる。"""
    return Decision.allow() if held else Decision.deny(Reason.NOTHING_TO_CORRECT)


@basis("住基令第30条の14第6項", "旧氏及び旧氏の振り仮名の削除", name="delete_former_surname", since=READINGS)
def delete_former_surname_with_reading(held: str) -> Decision:
    """旧氏等記載者は、旧氏及び旧氏の振り仮名の削除を求めることができる。"""
    return delete_former_surname(held)


@basis("住基令第30条の16第1項", "通称の記載")
def enter_alias(residency: Residency, held: str) -> Decision:
    """外国人住民は、通称の記載を求めることができる。 Another one needs the deletion of the first."""
    if residency != Residency.FOREIGN:
        return Decision.deny(Reason.FOR_FOREIGNERS_ONLY)
    return Decision.deny(Reason.ALIAS_ALREADY) if held else Decision.allow()


@basis("住基令第30条の16第4項", "通称の削除")
def delete_alias(residency: Residency, held: str) -> Decision:
    """外国人住民は、通称の削除を求めることができる。"""
    if residency != Residency.FOREIGN:
        return Decision.deny(Reason.FOR_FOREIGNERS_ONLY)
    return Decision.allow() if held else Decision.deny(Reason.NOTHING_TO_CORRECT)


@basis("住基法第7条第1号の2", "氏名の振り仮名の記載", since=READINGS)
def enter_name_kana(residency: Residency) -> Decision:
    """氏名の振り仮名は日本人住民の記載事項である（法30条の45は1号の2を除く）。"""
    return Decision.deny(Reason.FOR_JAPANESE_ONLY) if residency == Residency.FOREIGN else Decision.allow()


@basis("住基法第7条第1号の2", "振り仮名に用いる文字", since=READINGS)
def write_reading(field: str, text: str) -> Decision:
    """ひらがな・カタカナ、長音、中点、空白だけで書く; nothing at all is no reading, and fits."""
    return Decision.allow() if _KANA.fullmatch(text) else Decision.deny(Reason.READING_NOT_KANA, field=field)


# 出生の年月日

_ERAS = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019, "西暦": 1, "": 1}
_DIGITS = str.maketrans("〇零一二三四五六七八九元", "001234567891")
_WORDS = re.compile(
    r"(明治|大正|昭和|平成|令和|西暦|)([0-9]+)年(?:([0-9]+)月(?:([0-9]+)日)?)?(?:(?:月?日)?不詳)?(?:生)?"
)
_UNKNOWN = re.compile(r"(?:(?:生年)?(?:年?月日)?不詳|明治以前|江戸時代)(?:生)?")


@basis("住基法第7条第2号", "不詳又は暦にない出生の年月日")
def birth_date_to_send(words: str) -> PartialDate | None:
    """What a calendar has of the words on a 住民票; None where they cannot be read.

    The 住民票 keeps its words (昭和15年2月30日, 明治以前); what travels is as much of them as a calendar has.
    """
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", words))
    if _UNKNOWN.fullmatch(text):
        return PartialDate()
    text = re.sub(r"([〇零一二三四五六七八九]?)十([一二三四五六七八九]?)", _tens, text).translate(_DIGITS)
    found = _WORDS.fullmatch(text)
    if found is None:
        return None
    era, year, month, day = found.group(1), *(int(part or 0) for part in found.groups()[1:])
    if (not era and year < 1000) or not 1 <= _ERAS[era] + year - 1 <= 9999:
        return None
    return _nearest(_ERAS[era] + year - 1, month, day)


def _tens(found: re.Match[str]) -> str:
    return (found.group(1) or "一") + (found.group(2) or "〇")


def _nearest(year: int, month: int, day: int) -> PartialDate:
    for parts in ((year, month, day), (year, month, 0)):
        try:
            return PartialDate(*parts)
        except ValueError:
            continue
    return PartialDate(year)
