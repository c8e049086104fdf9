"""令30条の6, 30条の7, 34条: how long what was told is kept, to the day."""

from __future__ import annotations

from datetime import date

import pytest

from jukinet.law import basis, retention

DELETION, OTHER = True, False
KEEP = ("keep_identification_at_governor", "keep_identification_at_center", "keep_notified_identification")


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.law(*KEEP)
@pytest.mark.parametrize("rule", KEEP, ids=["都道府県知事", "機構", "市町村長"])
@pytest.mark.parametrize(
    ("deletion", "noticed", "following", "through"),
    [
        pytest.param(DELETION, "2021-06-02", "", "2171-06-01", id="消除は通知の日を初日として150年"),
        pytest.param(DELETION, "2021-06-02", "2030-01-01", "2171-06-01", id="消除の後に何が通知されても変わらない"),
        pytest.param(OTHER, "2021-06-02", "", "", id="生存者の最後の記録は期間が始まらない"),
        pytest.param(OTHER, "2021-06-02", "2021-06-02", "2171-06-01", id="同日に次の通知があればその日から"),
        pytest.param(OTHER, "2021-06-02", "2080-12-31", "2230-12-30", id="自らの通知の日ではなく次の通知の日から"),
        pytest.param(DELETION, "2024-02-29", "", "2174-02-28", id="閏日の消除は平年の2月末日まで"),
        pytest.param(OTHER, "2021-06-02", "2024-02-29", "2174-02-28", id="閏日に次の通知"),
        pytest.param(DELETION, "2026-03-01", "", "2176-02-29", id="3月1日の消除は閏年の2月29日まで"),
        pytest.param(DELETION, "2024-02-28", "", "2174-02-27", id="2月28日の消除は2月27日まで"),
        pytest.param(DELETION, "2024-03-31", "", "2174-03-30", id="年度末の消除"),
        pytest.param(DELETION, "2024-04-01", "", "2174-03-31", id="年度初日の消除は年度末まで"),
        pytest.param(DELETION, "2023-12-31", "", "2173-12-30", id="大晦日の消除"),
        pytest.param(DELETION, "2024-01-01", "", "2173-12-31", id="元日の消除は大晦日まで"),
    ],
)
def test_identification_is_kept_through(rule: str, deletion: bool, noticed: str, following: str, through: str) -> None:
    found = basis.find(rule)
    assert found is not None
    assert found.function(deletion, date.fromisoformat(noticed), day(following)) == day(through)


@pytest.mark.law("keep_removed_record")
@pytest.mark.parametrize(
    ("removed", "through"),
    [
        pytest.param("2021-06-02", "2171-06-02", id="除票は初日を算入せず応当日まで"),
        pytest.param("2024-02-28", "2174-02-28", id="翌日が閏日"),
        pytest.param("2024-02-29", "2174-02-28", id="閏日に消除した除票"),
        pytest.param("2026-02-28", "2176-02-29", id="150年後が閏年なら2月29日まで"),
        pytest.param("2024-03-31", "2174-03-31", id="年度末に消除した除票"),
        pytest.param("2023-12-31", "2173-12-31", id="大晦日に消除した除票"),
    ],
)
def test_a_removed_record_is_kept_through(removed: str, through: str) -> None:
    assert retention.keep_removed_record(date.fromisoformat(removed)) == date.fromisoformat(through)


@pytest.mark.law("keep_paper")
@pytest.mark.parametrize(
    ("accepted", "through"),
    [
        pytest.param("2021-06-02", "2022-06-02", id="届出書は初日を算入せず1年後の応当日まで"),
        pytest.param("2024-02-29", "2025-02-28", id="閏日に受理した届出書"),
        pytest.param("2023-02-28", "2024-02-29", id="翌年が閏年なら2月29日まで"),
        pytest.param("2024-02-28", "2025-02-28", id="翌日が閏日の届出書"),
        pytest.param("2022-03-31", "2023-03-31", id="年度末に受理した通知書"),
        pytest.param("2022-04-01", "2023-04-01", id="年度初日に受理した通知書"),
        pytest.param("2022-12-31", "2023-12-31", id="大晦日に受理した通知書"),
    ],
)
def test_a_paper_is_kept_through(accepted: str, through: str) -> None:
    assert retention.keep_paper(date.fromisoformat(accepted)) == date.fromisoformat(through)


@pytest.mark.law("keep_paper")
@pytest.mark.parametrize(
    ("on", "article"),
    [
        pytest.param(date(2024, 5, 26), "住基令第34条第3項", id="附票の本人確認情報の前は3項"),
        pytest.param(date(2024, 5, 27), "住基令第34条第4項", id="令和6年5月27日から4項"),
    ],
)
def test_the_paragraph_on_papers_moved(on: date, article: str) -> None:
    assert basis.article("keep_paper", on) == article


@pytest.mark.law(*KEEP)
@pytest.mark.parametrize(
    ("deletion", "origin", "newer"),
    [
        pytest.param(OTHER, "132152", True, id="同じ市町村の修正"),
        pytest.param(DELETION, "132152", True, id="同じ市町村の消除"),
        pytest.param(OTHER, "141011", True, id="別の市町村の記載"),
        pytest.param(DELETION, "141011", False, id="前住所地の遅れた消除は現住所地の記載より新しくない"),
    ],
)
def test_what_is_newer_about_a_person(deletion: bool, origin: str, newer: bool) -> None:
    assert retention.supersedes(deletion, origin, "132152") is newer
