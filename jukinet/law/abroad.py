"""国外転出入, 転出証明書によらない転入, the search for whom that needs, and 転入通知 that do not arrive."""

from __future__ import annotations

from datetime import date

from jukinet.law.basis import Decision, basis, state
from jukinet.law.counter import REPORT_DAYS
from jukinet.model.dates import PartialDate, days_passed
from jukinet.model.identification import ChangeReason, CodeBasis, Sex
from jukinet.model.reason import Reason

RENUMBERED = date(2024, 5, 27)
"""From then on 第3号 of 法30条の10第1項 and 30条の12第1項 is 第4号."""
MOST_HITS = 10
MISSING_AFTER = (14, 30)
"""Days after which a 転入通知 is missing, and after which it is missing for long."""

state(
    "search_identification",
    "住基法第30条の10第1項第4号",
    "住民基本台帳事務のための本人確認情報の提供",
    since=RENUMBERED,
)
for _name, _caption in (
    ("pass_on_search", "都道府県知事を経た求めによる本人確認情報の提供"),
    ("search_via_governor", "都道府県知事を経た求め"),
):
    state(_name, "住基法第30条の12第1項第3号", _caption)
    state(_name, "住基法第30条の12第1項第4号", _caption, since=RENUMBERED)
state("collect_search_answers", "住基法第30条の10第2項", "機構から市町村長への送信")
state("inquire_identification", "住基法第30条の10第1項第3号", "本人確認情報の照会")
state("inquire_identification", "住基法第30条の10第1項第4号", "本人確認情報の照会", since=RENUMBERED)
state("resend_move_in_notice", "住基法第9条第1項", "転入通知の再送")
state("inquire_move_in_notice", "住基法第34条第2項", "転入通知が届かないときの照会")


@basis("住基法第30条の12第1項", "求めの経路")
def goes_via_governor(asking_prefecture: str, notifying_prefecture: str) -> bool:
    """通知都道府県以外の都道府県の区域内の市町村長は、その都道府県知事を経て求める。

    The 通知都道府県 is that of the live record, or, where there is none, of the last that was notified (our inference).
    """
    return asking_prefecture != notifying_prefecture


@basis("住基法第30条の10第1項第3号", "検索の鍵")
def search_keys(code: str, number: str, name: str, birth_date: PartialDate, sex: Sex) -> Decision:
    """A code, a number, or name with birth date and sex: an assumption, the real combinations are not public."""
    if code or number:
        return Decision.allow()
    if not name.strip() or birth_date == PartialDate() or sex is Sex.UNSPECIFIED:
        return Decision.deny(Reason.SEARCH_TOO_WIDE)
    return Decision.allow()


@basis("住基法第24条", "国外転出の転出届")
def report_move_out_abroad(planned_date: date, today: date) -> Decision:
    """国外に転出をする者も、あらかじめ届け出る。転出証明書は交付しない（令24条1項）。

    As at home, more than 14 days after the move it is no 届出 any more but 職権.
    """
    if (today - planned_date).days > REPORT_DAYS:
        return Decision.deny(Reason.REPORT_TOO_LATE, field="planned_date")
    return Decision.allow()


@basis("住基法第22条第1項第7号", "国外からの転入届")
def report_move_in_from_abroad(move_in_date: date, today: date) -> Decision:
    """国外から転入をした者は、出生の年月日、男女の別及び戸籍の表示も届け出る（令22条）。外国人住民は法30条の46による。"""
    return _happened(move_in_date, today)


@basis("住基令第22条", "転出証明書によらない転入届")
def report_move_in_without_certificate(move_in_date: date, today: date) -> Decision:
    """やむを得ない理由により転出証明書を提出することができない者の転入届。The reason stands in the audit row."""
    return _happened(move_in_date, today)


@basis("住基法第30条の3", "記載する住民票コード")
def code_to_enter(code_basis: CodeBasis, has_hit: bool) -> Decision:
    """直近に記載されたコード（1項）、記録されたことのない者には指定されたコード（2項）、判明しないときは新たなコード（令30条の2）。

    A code is carried over from an inquiry's hit alone: nobody types one in.
    """
    if code_basis is CodeBasis.UNSPECIFIED:
        return Decision.deny(Reason.CODE_BASIS_MISSING)
    if has_hit != (code_basis is CodeBasis.CARRIED_OVER):
        return Decision.deny(Reason.CODE_BASIS_MISSING)
    return Decision.allow()


@basis("住基法第30条の3第1項", "照会で判明した者との一致")
def hit_is_the_person(
    birth_date: PartialDate, sex: Sex, found_birth_date: PartialDate, found_sex: Sex, last_reason: ChangeReason
) -> Decision:
    """Birth date and sex must agree; a name may have changed. Nobody comes back whose death was notified.

    Names and birth dates alone have given two people one code (長野市・坂出市 2016, 西東京市 2020).
    """
    if (birth_date, sex) != (found_birth_date, found_sex) or last_reason is ChangeReason.DEATH:
        return Decision.deny(Reason.HIT_DIFFERS)
    return Decision.allow()


@basis("住基令第13条第2項", "転入通知の未着")
def list_missing_move_in_notices(planned_date: date, today: date) -> int:
    """The longest period since the planned day that has passed without 転入通知, in days; 0 if none has."""
    return max((days for days in MISSING_AFTER if days_passed(planned_date, days) <= today), default=0)


def missing_if_planned_by(today: date) -> date:
    """The last planned day from which the shorter period has passed."""
    return today - (days_passed(today, MISSING_AFTER[0]) - today)


def _happened(day: date, today: date) -> Decision:
    if day > today:
        return Decision.deny(Reason.DATE_IN_FUTURE, field="move_in_date")
    return Decision.allow()
