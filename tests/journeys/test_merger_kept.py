"""合併 (二見町 → 伊勢市, 2005-11-01): what desks keep by the number of a record goes along with the record."""

from __future__ import annotations

import pytest

from jukinet.testing.door import person
from jukinet.testing.nationality_desk import medium_term
from jukinet.testing.network import Juki
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import drill_pb2
from tests.journeys.test_investigation import PUBLIC
from tests.journeys.test_merger import DAY, FUTAMI, ISE, drill, take_over

TOWN, CITY, KUNITACHI = "二見町", "伊勢市", "国立市"
HOME, TOKYO = "三重県度会郡二見町大字架空1番地", "東京都国立市みどり台1番1号"
before_the_merger = pytest.mark.juki(nodes=[TOWN, CITY, KUNITACHI], clock="2005-10-20")


def townswoman(juki: Juki, **items: str) -> tuple[int, str]:
    """Number and code of a record of 二見町."""
    new = person("架空　汐", "1960-01-02", "女", **items)
    (resident_id,) = juki[TOWN].enter_ex_officio(new, address=HOME).receipt.resident_ids
    juki.settle()
    return resident_id, juki[TOWN].resident(resident_id).identification.resident_code


def merged(juki: Juki) -> pb.ResidentRecord:
    """The one record of 伊勢市 after the merger."""
    juki.clock.set(DAY)
    take_over(juki)
    (record,) = juki[CITY].residents()
    return record


@pytest.mark.law("change_administrative_area", "start_support")
@before_the_merger
def test_支援措置は合併した市でも写しを止め期限も同じ(juki: Juki) -> None:
    resident_id, code = townswoman(juki)
    juki[TOWN].start_support([resident_id])
    (before,) = juki[TOWN].supports()
    record = merged(juki)
    (after,) = juki[CITY].supports()
    assert after.resident_id == record.resident_id
    assert (after.start_date, after.last_date) == (before.start_date, before.last_date)
    with juki.refused("RECORD_NOT_SENT"):
        juki[KUNITACHI].issue_wide_area_copy(ISE, "架空　汐", code)
    juki[CITY].end_support([record.resident_id])
    assert juki[KUNITACHI].issue_wide_area_copy(ISE, "架空　汐", code).text


@pytest.mark.law("change_administrative_area", "start_support")
@before_the_merger
def test_終わつた支援措置は合併した市で写しを止めない(juki: Juki) -> None:
    resident_id, code = townswoman(juki)
    juki[TOWN].start_support([resident_id])
    juki[TOWN].end_support([resident_id])
    merged(juki)
    assert juki[CITY].supports() == []
    assert juki[KUNITACHI].issue_wide_area_copy(ISE, "架空　汐", code).text


@pytest.mark.law("change_administrative_area")
@before_the_merger
def test_外国人住民の三十条の四十五の事項は合併した市にもある(juki: Juki) -> None:
    new = person("ＤＯＥ　ＪＡＮＥ", "1990-01-01", "女")
    items = medium_term("2005-10-20", "2008-10-20")
    (resident_id,) = juki[TOWN].report_foreign_resident(new, items, address=HOME).receipt.resident_ids
    before = juki[TOWN].foreign_items(resident_id)
    after = juki[CITY].foreign_items(merged(juki).resident_id)
    assert (after.items, after.foreign_resident_since) == (before.items, before.foreign_resident_since)


@pytest.mark.law("send_move_out_certificate", "change_administrative_area")
@before_the_merger
@pytest.mark.parametrize(
    "former", [pytest.param(ISE, id="カードに伊勢市とある"), pytest.param(FUTAMI, id="カードに二見町とある")]
)
def test_町でカードを使つてした転出届により合併の後に転入する(juki: Juki, former: str) -> None:
    resident_id, code = townswoman(juki)
    juki[TOWN].report_move_out([resident_id], "東京都国立市", "2005-11-05", with_card=True)
    record = merged(juki)
    juki.clock.set("2005-11-05")
    juki[KUNITACHI].report_special_move_in(code, former, TOKYO)
    juki.settle()
    assert [held.area_code for held in juki["機構"].held(code) if held.live] == ["132152"]
    assert juki[CITY].resident(record.resident_id).confirmed_destination == TOKYO
    assert juki.ledger_differences() == []


@pytest.mark.law("send_move_out_certificate", "cancel_move_out")
@before_the_merger
def test_町で取り消した転出届では合併の後に転入できない(juki: Juki) -> None:
    resident_id, code = townswoman(juki)
    juki[TOWN].report_move_out([resident_id], "東京都国立市", "2005-11-05", with_card=True)
    juki[TOWN].cancel_move_out([resident_id])
    merged(juki)
    juki.clock.set("2005-11-05")
    with juki.refused("NO_MOVE_OUT_INFORMATION"):
        juki[KUNITACHI].report_special_move_in(code, ISE, TOKYO)


@pytest.mark.law("cancel_move_out", "change_administrative_area")
@before_the_merger
def test_町で転出届をした世帯主は合併した市の取消しで世帯主に戻る(juki: Juki) -> None:
    resident_id, _ = townswoman(juki)
    home = juki[TOWN].resident(resident_id).household_id
    new = person("架空　波", "1962-03-04", relationship="夫")
    juki[TOWN].enter_ex_officio(new, household_id=home)
    juki[TOWN].report_move_out([resident_id], "東京都国立市", "2005-11-05")
    juki.settle()
    juki.clock.set(DAY)
    take_over(juki)
    juki.clock.set("2005-11-06")
    (leaver,) = [r for r in range(1, 3) if juki[CITY].resident(r).identification.name == "架空　汐"]
    (back,) = juki[CITY].cancel_move_out([leaver]).receipt.resident_ids
    people = {record.identification.name: record.relationship for record in juki[CITY].residents()}
    assert people == {"架空　汐": "世帯主", "架空　波": "夫"}
    assert juki[CITY].resident(back).head_name == "架空　汐"


@pytest.mark.law("change_individual_number", "change_administrative_area")
@before_the_merger
def test_町で申し出た個人番号の変更は合併した市に届く(juki: Juki) -> None:
    resident_id, code = townswoman(juki)
    before = juki[TOWN].resident(resident_id).identification.individual_number
    juki.cut(TOWN, "機構")
    juki[TOWN].change_individual_number(resident_id)
    record = merged(juki)
    assert juki[TOWN].tasks() == [], "the city asks, not the town"
    juki.heal()
    juki.settle()
    after = juki[CITY].resident(record.resident_id).identification.individual_number
    assert after != before
    assert [h.identification.individual_number for h in juki["機構"].held(code) if h.live] == [after]
    assert juki[TOWN].tasks() == juki[CITY].tasks() == []


@pytest.mark.law("change_individual_number", "change_administrative_area")
@before_the_merger
def test_失われて再び引き渡した頁でも個人番号の変更は市に届く(juki: Juki) -> None:
    resident_id, _ = townswoman(juki)
    before = juki[TOWN].resident(resident_id).identification.individual_number
    juki.cut(TOWN, "機構")
    juki[TOWN].change_individual_number(resident_id)
    juki.clock.set(DAY)
    drill(
        juki,
        TOWN,
        "HandOverResidents",
        drill_pb2.HandOverResidentsRequest(request_id=juki.new_id(), successor_area_code=ISE),
    )
    take_over(juki)
    juki.heal()
    juki.settle()
    (record,) = juki[CITY].residents()
    assert record.identification.individual_number != before


@pytest.mark.law("change_individual_number", "change_administrative_area")
@before_the_merger
def test_町で変更を終えた個人番号は合併で変わらない(juki: Juki) -> None:
    resident_id, _ = townswoman(juki)
    juki[TOWN].change_individual_number(resident_id)
    juki.settle()
    number = juki[TOWN].resident(resident_id).identification.individual_number
    assert merged(juki).identification.individual_number == number


@pytest.mark.law("print_notice", "notify_changed_code", "change_administrative_area")
@before_the_merger
def test_町で変更した住民票コードの通知票は合併した市でも変更の条文を引く(juki: Juki) -> None:
    resident_id, _ = townswoman(juki)
    juki[TOWN].change_resident_code(resident_id)
    assert "第30条の4第4項" in juki[CITY].print_notice(merged(juki).resident_id, 1).text


@pytest.mark.law("issue_wide_area_copy", "change_administrative_area")
@before_the_merger
def test_住所を定めた年月日は合併した市の写しに載る(juki: Juki) -> None:
    resident_id, code = townswoman(juki)
    juki[TOWN].report_relocation([resident_id], "三重県度会郡二見町大字架空9番地")
    merged(juki)
    assert "住所を定めた年月日" in juki[KUNITACHI].issue_wide_area_copy(ISE, "架空　汐", code).text


@pytest.mark.law("print_deletion_notice", "change_administrative_area")
@before_the_merger
def test_町で実態調査により消除した者は合併した市で回復できる(juki: Juki) -> None:
    resident_id, _ = townswoman(juki)
    juki[TOWN].delete_after_investigation(resident_id)
    juki.settle()
    juki.clock.set(DAY)
    take_over(juki)
    notice = juki[CITY].print_deletion_notice(1, PUBLIC).text
    assert "調査年月日" in notice
    juki[CITY].restore_ex_officio(1)
    states = [record.state for record in juki[CITY].residents()]
    assert states == [pb.RESIDENT_STATE_REMOVED, pb.RESIDENT_STATE_LIVE]
