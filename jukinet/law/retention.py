"""保存期間: how long each tier keeps what it was told, and what it said."""

from __future__ import annotations

from datetime import date, timedelta

from jukinet.law.basis import basis
from jukinet.model.dates import kept_through

YEARS = 150
PAPER_YEARS = 1


def keep_identification(deletion: bool, noticed: date, next_notice: date | None = None) -> date | None:
    """消除は通知の日から、記載・記載の修正は次の通知の日から、起算して150年を経過する日まで保存する。

    The last day of the period; None while it has no end: of somebody about whom nothing newer was told. 「起算して」:
    the day from which is counted is the first of the period.
    """
    begin = noticed if deletion else next_notice
    return kept_through(begin, YEARS) if begin else None


def supersedes(deletion: bool, origin: str, of: str) -> bool:
    """Whether a notice of `origin` is a 新たな本人確認情報 to a 記載 or 修正 that `of` told before about the person.

    Any notice is, save one: the 消除 of a municipality that was left tells nothing newer about the record of the one
    moved to, which may have been told first. How the law means this case is not written; so nobody's live record ends.
    """
    return not deletion or origin == of


for _name, _article, _caption in (
    ("keep_identification_at_governor", "住基令第30条の6", "都道府県における本人確認情報の保存期間"),
    ("keep_identification_at_center", "住基令第30条の7", "機構における本人確認情報の保存期間"),
    ("keep_notified_identification", "住基令第34条第2項", "市町村長が通知した本人確認情報の保存"),
):
    basis(_article, _caption, name=_name)(keep_identification)


@basis("住基令第34条第1項", "除票の保存")
def keep_removed_record(removed: date) -> date:
    """除票を、消除した日から150年間保存する: the last day of the period.

    Not 「起算して」: the day of the 消除 itself does not count (民法140条); so it ends a day later than the notice.
    """
    return kept_through(removed + timedelta(days=1), YEARS)


@basis("住基令第34条第3項", "届出書、通知書その他の書類の保存")
def keep_paper(accepted: date) -> date:
    """法及び令に基づく届出書、通知書その他の書類を、受理された日から1年間保存する: the last day of the period.

    Not 「起算して」: the day of acceptance does not count (民法140条).
    """
    return kept_through(accepted + timedelta(days=1), PAPER_YEARS)


basis("住基令第34条第4項", "届出書、通知書その他の書類の保存", name="keep_paper", since=date(2024, 5, 27))(keep_paper)


@basis("住基法第30条の18", "提供の記録の保存期間（当方の定め。実務は5年から7年）")
def keep_provision_log(today: date, years: int) -> date:
    """提供の記録を、提供の日から起算して定めた年数保存する: the first day whose provisions are still kept."""
    if (today.month, today.day) == (2, 29):
        return date(today.year - years, 3, 1)
    return date(today.year - years, today.month, today.day) + timedelta(days=1)
