"""支援措置: what the ministry's guideline (住民基本台帳事務処理要領) asks of municipalities; no article says it."""

from __future__ import annotations

from datetime import date, timedelta

from jukinet.law.basis import Decision, basis, state
from jukinet.model.dates import kept_through
from jukinet.model.identification import ChangeReason
from jukinet.model.reason import Reason
from jukinet.model.support import Support, SupportStanding

GUIDELINE = "住民基本台帳事務処理要領"
HELD = frozenset({"send_wide_area_record"})
"""Rules on which a copy leaves, or what one is made of; every other rule goes on as the act has it."""


@basis(GUIDELINE, "支援措置の開始")
def start_support(in_force: bool) -> Decision:
    """支援の必要性を確認した日から一年。Whoever is under it already is extended, not begun anew."""
    return Decision.deny(Reason.SUPPORT_IN_FORCE) if in_force else Decision.allow()


def first_term(start: date) -> date:
    """Last day of the year that begins on that day."""
    return kept_through(start, 1)


def next_term(last: date) -> date:
    """Last day of the further year."""
    return kept_through(last + timedelta(days=1), 1)


def extendable_from(last: date) -> date:
    """The day one month before the term is over; the end of the month where it has no such day."""
    over = last + timedelta(days=1)
    year, month = (over.year, over.month - 1) if over.month > 1 else (over.year - 1, 12)
    end_of_month = date(over.year, over.month, 1) - timedelta(days=1)
    return date(year, month, min(over.day, end_of_month.day))


@basis(GUIDELINE, "支援措置の延長")
def extend_support(last: date | None, today: date) -> Decision:
    """期間終了の一月前から、延長の申出を受ける。`last` is the last day of what is in force, None if nothing is."""
    if last is None or today > last:
        return Decision.deny(Reason.SUPPORT_NOT_IN_FORCE)
    if today < extendable_from(last):
        return Decision.deny(Reason.SUPPORT_EXTENSION_EARLY, since=extendable_from(last).isoformat())
    return Decision.allow()


@basis(GUIDELINE, "支援措置の終了")
def end_support(in_force: bool) -> Decision:
    """申出により、期間の終了前に終える。"""
    return Decision.allow() if in_force else Decision.deny(Reason.SUPPORT_NOT_IN_FORCE)


@basis(GUIDELINE, "支援措置の期間", name="support_standing")
def standing(support: Support, removal_reason: ChangeReason, removal_date: date | None, today: date) -> SupportStanding:
    """一年で満了する。転出したときは、前住所地では仮支援措置となり、新住所地には改めて申し出る。

    Nothing has to happen on the last day: it is over once the day has passed.
    """
    if support.end_date is not None:
        return SupportStanding.ENDED
    if today > support.last_date:
        return SupportStanding.EXPIRED
    moved = removal_reason in (ChangeReason.MOVE_OUT, ChangeReason.MOVE_OUT_ABROAD)
    if moved and removal_date is not None and support.start_date <= removal_date <= today:
        return SupportStanding.PROVISIONAL
    return SupportStanding.IN_FORCE


@basis(GUIDELINE, "支援措置による交付の制限")
def hold_for_support(rule: str, supported: bool) -> Decision:
    """住民票（除票を含む。）の写し等及び戸籍の附票の写しの交付を制限する。

    What municipalities tell one another and the governor is no copy, and the act exempts nobody: 転入通知 (9条), 附票
    notices (19条), 転出証明書情報 (24条の2), 本人確認情報 (30条の6) go as ever.
    """
    return Decision.deny(Reason.RECORD_NOT_SENT) if supported and rule in HELD else Decision.allow()


state("list_supports", GUIDELINE, "支援措置の確認")
