"""転入届の特例 by its clauses: 法24条の2 and 令24条の2 to 24条の4, day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jukinet.law import index, special_move
from jukinet.law.basis import Decision, article, find
from jukinet.model import areas
from jukinet.model.destination import area_of
from jukinet.model.reason import Reason

_ = index.ROOMS
PLANNED = date(2021, 6, 1)
ALLOWED = None


def after(days: int, day: date = PLANNED) -> date:
    return day + timedelta(days=days)


def reason(decision: Decision) -> Reason | None:
    assert decision.allowed == (decision.reason is None)
    return decision.reason


@pytest.mark.law("report_special_move_in")
@pytest.mark.parametrize(
    ("moved", "planned", "today", "expected"),
    [
        pytest.param(0, 0, 0, ALLOWED, id="転出予定日に転入し、その日に届け出る"),
        pytest.param(-3, 0, -3, ALLOWED, id="転出予定日前に転入しても届け出られる"),
        pytest.param(0, 0, 13, ALLOWED, id="転入から13日目"),
        pytest.param(0, 0, 14, ALLOWED, id="転入から14日目は最後の日"),
        pytest.param(0, 0, 15, Reason.SPECIAL_TOO_LATE, id="転入から14日を経過した日は遅い"),
        pytest.param(0, 0, 16, Reason.SPECIAL_TOO_LATE, id="その翌日も遅い"),
        pytest.param(20, 0, 29, ALLOWED, id="転出予定日から29日目"),
        pytest.param(20, 0, 30, ALLOWED, id="転出予定日から30日目は最後の日"),
        pytest.param(20, 0, 31, Reason.SPECIAL_TOO_LATE, id="転出予定日から30日を経過した日は遅い"),
        pytest.param(31, 0, 31, Reason.SPECIAL_TOO_LATE, id="その日に転入しても、30日の方が早ければ遅い"),
        pytest.param(-20, 0, -6, ALLOWED, id="転出予定日前でも、転入から14日目まで"),
        pytest.param(-20, 0, -5, Reason.SPECIAL_TOO_LATE, id="転出予定日前でも、転入から14日を経過すれば遅い"),
        pytest.param(16, 0, 30, ALLOWED, id="両方の最後の日が重なる日"),
        pytest.param(16, 0, 31, Reason.SPECIAL_TOO_LATE, id="両方が経過した日"),
        pytest.param(1, 0, 0, Reason.DATE_IN_FUTURE, id="明日の転入は届け出られない"),
        pytest.param(0, None, 14, ALLOWED, id="転出地に聞く前は転入の日だけで見る"),
        pytest.param(0, None, 15, Reason.SPECIAL_TOO_LATE, id="転入から14日を経過していれば聞くまでもない"),
    ],
)
def test_令24条の2第1項第2号(moved: int, planned: int | None, today: int, expected: Reason | None) -> None:
    decision = special_move.report_special_move_in(
        after(moved), None if planned is None else after(planned), after(today), card_presented=True
    )
    assert reason(decision) == expected


@pytest.mark.law("report_special_move_in")
@pytest.mark.parametrize(
    ("card", "since", "expected"),
    [
        pytest.param(True, False, ALLOWED, id="カードを提出し、間に記録がない"),
        pytest.param(False, False, Reason.CARD_REQUIRED, id="三号・カードの提出がない"),
        pytest.param(True, True, Reason.RECORDED_MEANWHILE, id="一号・間に他の市町村の台帳に記録された"),
        pytest.param(False, True, Reason.CARD_REQUIRED, id="一号と三号・まずカードを求める"),
    ],
)
def test_令24条の2第1項第1号と第3号(card: bool, since: bool, expected: Reason | None) -> None:
    decision = special_move.report_special_move_in(PLANNED, PLANNED, PLANNED, card_presented=card, recorded_since=since)
    assert reason(decision) == expected


@pytest.mark.law("report_special_move_in")
@pytest.mark.parametrize(
    ("today", "expected"),
    [
        pytest.param(date(2024, 3, 30), ALLOWED, id="閏年の2月29日の転出予定から30日目"),
        pytest.param(date(2024, 3, 31), Reason.SPECIAL_TOO_LATE, id="閏年の2月29日の転出予定から30日を経過した日"),
    ],
)
def test_令24条の2第1項第2号_閏年(today: date, expected: Reason | None) -> None:
    decision = special_move.report_special_move_in(date(2024, 3, 20), date(2024, 2, 29), today, card_presented=True)
    assert reason(decision) == expected


@pytest.mark.law("move_out_with_card")
@pytest.mark.parametrize(
    ("head_leaves", "leaving", "expected"),
    [
        pytest.param(True, 1, ALLOWED, id="世帯主が一人で転出する"),
        pytest.param(True, 5, ALLOWED, id="世帯主のカードで世帯員も転出する（第2項）"),
        pytest.param(False, 1, ALLOWED, id="世帯員が自分のカードで一人で転出する"),
        pytest.param(False, 2, Reason.CARD_OF_ANOTHER, id="世帯主が残るとき、世帯員のカードは他の世帯員に使えない"),
    ],
)
def test_法24条の2第2項(head_leaves: bool, leaving: int, expected: Reason | None) -> None:
    assert reason(special_move.move_out_with_card(head_leaves, leaving)) == expected


@pytest.mark.law("report_move_out_online")
@pytest.mark.parametrize(
    ("today", "planned", "card", "expected"),
    [
        pytest.param(date(2023, 2, 5), 0, True, Reason.ONLINE_NOT_OFFERED, id="開始の前日は受けない"),
        pytest.param(date(2023, 2, 6), 0, True, ALLOWED, id="開始の日から受ける"),
        pytest.param(date(2023, 3, 1), 30, True, ALLOWED, id="転出予定日の30日前"),
        pytest.param(date(2023, 3, 1), 31, True, Reason.ONLINE_PERIOD, id="転出予定日の31日前は早い"),
        pytest.param(date(2023, 3, 1), -10, True, ALLOWED, id="転出予定日の10日後"),
        pytest.param(date(2023, 3, 1), -11, True, Reason.ONLINE_PERIOD, id="転出予定日の11日後は遅い"),
        pytest.param(date(2023, 3, 1), 0, False, Reason.CARD_REQUIRED, id="カードがなければ受けない"),
    ],
)
def test_オンラインの転出届(today: date, planned: int, card: bool, expected: Reason | None) -> None:
    rule = find("report_move_out_online", today)
    assert rule is not None
    assert reason(rule.function(after(planned, today), card, today)) == expected


@pytest.mark.law("send_move_out_certificate")
@pytest.mark.parametrize(
    ("card", "elsewhere", "neighbour", "expected"),
    [
        pytest.param(True, False, True, ALLOWED, id="特例の転出届をした者が他の市町村に転入届をした"),
        pytest.param(False, False, True, Reason.NO_MOVE_OUT_INFORMATION, id="転出証明書を受けた者、転出しない者"),
        pytest.param(True, True, True, Reason.NO_MOVE_OUT_INFORMATION, id="他の市町村が既に記載した者"),
        pytest.param(True, False, False, Reason.NO_MOVE_OUT_INFORMATION, id="転入届を受けていない者からの求め"),
    ],
)
def test_法24条の2第4項(card: bool, elsewhere: bool, neighbour: bool, expected: Reason | None) -> None:
    assert reason(special_move.send_move_out_certificate(card, elsewhere, neighbour)) == expected


@pytest.mark.law("send_move_out_certificate", "notify_move_out_beforehand", "erase_move_out_pre_notice")
@pytest.mark.parametrize(
    ("rule", "day", "expected"),
    [
        pytest.param("send_move_out_certificate", date(2021, 6, 1), "住基法第24条の2第4項", id="令和3年は4項で答える"),
        pytest.param("send_move_out_certificate", date(2023, 2, 5), "住基法第24条の2第4項", id="改正前日も4項"),
        pytest.param("send_move_out_certificate", date(2023, 2, 6), "住基法第24条の2第6項", id="改正後は6項で答える"),
        pytest.param("notify_move_out_beforehand", date(2023, 2, 5), "", id="改正前に事前通知はない"),
        pytest.param(
            "notify_move_out_beforehand", date(2023, 2, 6), "住基法第24条の2第3項", id="改正後は事前に通知する"
        ),
        pytest.param("erase_move_out_pre_notice", date(2023, 2, 5), "", id="改正前に消去するものはない"),
        pytest.param("erase_move_out_pre_notice", date(2023, 2, 6), "住基法第24条の2第4項", id="改正後は消去する"),
        pytest.param("list_move_out_pre_notices", date(2023, 2, 5), "", id="改正前に見るものはない"),
    ],
)
def test_which_paragraph_is_in_force(rule: str, day: date, expected: str) -> None:
    assert article(rule, day) == expected


@pytest.mark.law("erase_move_out_pre_notice")
@pytest.mark.parametrize(
    ("planned", "expected"),
    [
        pytest.param(date(2023, 3, 1), date(2023, 4, 2), id="30日を経過した日の翌日"),
        pytest.param(date(2023, 12, 31), date(2024, 2, 1), id="年をまたぐ"),
        pytest.param(date(2024, 1, 31), date(2024, 3, 3), id="閏年の2月をまたぐ"),
    ],
)
def test_令24条の4(planned: date, expected: date) -> None:
    """「30日を経過した日までの期間が経過したとき」: the first day on which nothing is left."""
    assert special_move.erase_move_out_pre_notice(planned) == expected


@pytest.mark.law("cancel_move_out")
@pytest.mark.parametrize(
    ("leaving", "confirmed", "expected"),
    [
        pytest.param(True, False, ALLOWED, id="転出届をして、まだ転入していない"),
        pytest.param(False, False, Reason.NO_MOVE_OUT_TO_CANCEL, id="転出届をしていない"),
        pytest.param(True, True, Reason.MOVE_OUT_CONFIRMED, id="転入通知を受けた後"),
    ],
)
def test_転出の取消し(leaving: bool, confirmed: bool, expected: Reason | None) -> None:
    assert reason(special_move.cancel_move_out(leaving, confirmed)) == expected


@pytest.mark.law("notify_move_out_beforehand")
@pytest.mark.parametrize(
    ("destination", "day", "expected"),
    [
        pytest.param("東京都国立市みどり台一丁目1番1号", PLANNED, "国立市", id="住所から市が分かる"),
        pytest.param("国立市", PLANNED, "国立市", id="市の名前だけ"),
        pytest.param(" 国立市 ", PLANNED, "国立市", id="前後の空白"),
        pytest.param("神奈川県横浜市鶴見区みどり台1番", PLANNED, "鶴見区", id="指定都市の区まで分かる"),
        pytest.param("横浜市鶴見区", PLANNED, "鶴見区", id="県を略しても区まで分かる"),
        pytest.param("横浜市", PLANNED, "横浜市", id="指定都市の名だけなら市"),
        pytest.param("横浜市内", PLANNED, "横浜市", id="区が書かれていない"),
        pytest.param("北海道松前郡松前町字架空1番地", PLANNED, "松前町", id="郡のある町"),
        pytest.param("府中市", PLANNED, None, id="同名の市が二つあれば分からない"),
        pytest.param("東京都府中市", PLANNED, "府中市", id="県まで書けば分かる"),
        pytest.param("東京都", PLANNED, None, id="都道府県だけでは分からない"),
        pytest.param("架空市みどり台", PLANNED, None, id="ない市"),
        pytest.param("未定", PLANNED, None, id="未定"),
        pytest.param("", PLANNED, None, id="空"),
        pytest.param("静岡県浜松市中央区", date(2023, 12, 31), "浜松市", id="まだない区は市とする"),
        pytest.param("静岡県浜松市中央区", date(2024, 1, 1), "中央区", id="区ができた日から区"),
        pytest.param("静岡県浜松市中区", date(2024, 1, 1), "浜松市", id="なくなった区は市とする"),
    ],
)
def test_area_of_a_destination(destination: str, day: date, expected: str | None) -> None:
    found = area_of(destination, day)
    assert (found.name if found else None) == expected
    assert found is None or areas.find(found.code) == found
