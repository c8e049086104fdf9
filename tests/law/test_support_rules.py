"""支援措置 by itself: one year, extended from a month before its end, provisional after a move, over by itself."""

from __future__ import annotations

from datetime import date

import pytest

from jukinet.law import index, support
from jukinet.law.basis import every_rule, find
from jukinet.model.identification import ChangeReason
from jukinet.model.reason import Reason
from jukinet.model.support import Support, SupportStanding

_ = index.ROOMS
START, LAST = date(2021, 6, 1), date(2022, 5, 31)
NOT_REMOVED = ChangeReason(0)


@pytest.mark.law("start_support")
@pytest.mark.parametrize(
    ("start", "last"),
    [
        pytest.param(date(2021, 6, 1), date(2022, 5, 31), id="6月1日に始めれば翌年5月31日まで"),
        pytest.param(date(2021, 1, 1), date(2021, 12, 31), id="元日に始めれば大晦日まで"),
        pytest.param(date(2024, 2, 29), date(2025, 2, 28), id="閏日に始めれば翌年2月末日まで"),
        pytest.param(date(2023, 3, 1), date(2024, 2, 29), id="3月1日に始めれば閏年は2月29日まで"),
    ],
)
def test_start_support_is_for_one_year(start: date, last: date) -> None:
    assert support.first_term(start) == last


@pytest.mark.law("start_support", "end_support")
def test_start_support_and_end_support_answer_to_what_is_in_force() -> None:
    assert support.start_support(False).allowed
    assert support.start_support(True).reason == Reason.SUPPORT_IN_FORCE
    assert support.end_support(True).allowed
    assert support.end_support(False).reason == Reason.SUPPORT_NOT_IN_FORCE


@pytest.mark.law("extend_support")
@pytest.mark.parametrize(
    ("last", "today", "reason"),
    [
        pytest.param(LAST, date(2022, 4, 30), Reason.SUPPORT_EXTENSION_EARLY, id="終了の1か月前の前日は早い"),
        pytest.param(LAST, date(2022, 5, 1), None, id="終了の1か月前の日から延長できる"),
        pytest.param(LAST, LAST, None, id="最後の日でも延長できる"),
        pytest.param(LAST, date(2022, 6, 1), Reason.SUPPORT_NOT_IN_FORCE, id="満了の翌日は延長できない"),
        pytest.param(None, START, Reason.SUPPORT_NOT_IN_FORCE, id="始まっていなければ延長できない"),
        pytest.param(date(2022, 3, 30), date(2022, 2, 27), Reason.SUPPORT_EXTENSION_EARLY, id="2月末日の前は早い"),
        pytest.param(date(2022, 3, 30), date(2022, 2, 28), None, id="応当日がなければ2月末日から"),
        pytest.param(date(2021, 12, 31), date(2021, 12, 1), None, id="年をまたぐ終了の1か月前"),
        pytest.param(date(2021, 12, 31), date(2021, 11, 30), Reason.SUPPORT_EXTENSION_EARLY, id="年をまたぐ1日前"),
    ],
)
def test_extend_support_from_one_month_before_the_end(last: date | None, today: date, reason: Reason | None) -> None:
    assert support.extend_support(last, today).reason == reason


@pytest.mark.law("extend_support")
def test_extend_support_adds_a_year_to_the_end_not_to_the_day_of_the_report() -> None:
    assert support.next_term(LAST) == date(2023, 5, 31)
    assert support.next_term(date(2023, 2, 28)) == date(2024, 2, 29)


@pytest.mark.law("support_standing")
@pytest.mark.parametrize(
    ("reason", "removed", "ended", "today", "expected"),
    [
        pytest.param(NOT_REMOVED, None, None, START, SupportStanding.IN_FORCE, id="始めた日"),
        pytest.param(NOT_REMOVED, None, None, LAST, SupportStanding.IN_FORCE, id="最後の日"),
        pytest.param(NOT_REMOVED, None, None, date(2022, 6, 1), SupportStanding.EXPIRED, id="満了の翌日"),
        pytest.param(NOT_REMOVED, None, date(2021, 7, 1), LAST, SupportStanding.ENDED, id="申出により終えた"),
        pytest.param(
            ChangeReason.MOVE_OUT, date(2021, 7, 1), None, LAST, SupportStanding.PROVISIONAL, id="転出後は仮支援措置"
        ),
        pytest.param(
            ChangeReason.MOVE_OUT_ABROAD, date(2021, 7, 1), None, LAST, SupportStanding.PROVISIONAL, id="国外転出後も仮"
        ),
        pytest.param(
            ChangeReason.MOVE_OUT,
            date(2021, 7, 1),
            None,
            date(2022, 6, 1),
            SupportStanding.EXPIRED,
            id="仮も一年で満了",
        ),
        pytest.param(
            ChangeReason.MOVE_OUT, date(2021, 5, 1), None, START, SupportStanding.IN_FORCE, id="前住所地で除票に始めた"
        ),
        pytest.param(
            ChangeReason.MOVE_OUT,
            date(2021, 7, 1),
            None,
            date(2021, 6, 30),
            SupportStanding.IN_FORCE,
            id="転出予定日前",
        ),
        pytest.param(
            ChangeReason.DEATH, date(2021, 7, 1), None, LAST, SupportStanding.IN_FORCE, id="死亡した者の除票も守る"
        ),
    ],
)
def test_support_standing(
    reason: ChangeReason, removed: date | None, ended: date | None, today: date, expected: SupportStanding
) -> None:
    assert support.standing(Support(1, 1, START, LAST, ended), reason, removed, today) == expected


@pytest.mark.law("hold_for_support")
@pytest.mark.parametrize(
    ("rule", "held"),
    [
        pytest.param("send_wide_area_record", True, id="広域交付の住民票情報は出さない"),
        pytest.param("notify_move_in", False, id="転入通知（9条1項）は送る"),
        pytest.param("notify_family_registration", False, id="戸籍届書等の通知（9条2項）は送る"),
        pytest.param("notify_supplementary_register", False, id="附票記載事項通知（19条1項）は送る"),
        pytest.param("notify_supplementary_mismatch", False, id="附票の不一致の通知（19条2項）は送る"),
        pytest.param("notify_supplementary_transfer", False, id="転籍の通知（19条3項）は送る"),
        pytest.param("notify_move_out_beforehand", False, id="転出届時の事前通知（24条の2）は送る"),
        pytest.param("send_move_out_certificate", False, id="転出証明書情報（24条の2第4項）は送る"),
        pytest.param("notify_identification", False, id="本人確認情報（30条の6）は送る"),
        pytest.param("confirm_move_out", False, id="転出確定通知（令13条3項）は送る"),
    ],
)
def test_hold_for_support_holds_copies_and_no_notice(rule: str, held: bool) -> None:
    assert find(rule, date(2024, 5, 27)) is not None
    assert support.hold_for_support(rule, True).allowed != held, "a notice is held back, or a copy is not"
    assert support.hold_for_support(rule, False).allowed


def test_support_rests_on_the_guideline_and_on_no_article() -> None:
    rules = [rule for rule in every_rule() if "support" in rule.name]
    assert len(rules) == 6
    assert {rule.article for rule in rules} == {"住民基本台帳事務処理要領"}
