"""国外転出 → 国外からの転入, with the search at J-LIS between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.testing.abroad_desk import NOT_DETERMINABLE, STUB, arrival
from jukinet.testing.door import day, person
from jukinet.v1 import abroad_pb2, identification_pb2, search_pb2
from jukinet.v1 import counter_pb2 as pb

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

WIFE = person("架空　花子", "1982-03-14", "女", relationship="世帯主", registered_domicile="東京都国立市架空町一番地")
SUGINAMI = "東京都杉並区みどり台1番1号"
YOKOHAMA = "神奈川県横浜市鶴見区みどり台三丁目5番7号"


@pytest.mark.law(
    "report_move_out_abroad", "inquire_identification", "search_identification", "report_move_in_from_abroad"
)
def test_report_move_in_from_abroad_gives_back_the_code_and_number_of_who_left(juki: Juki, family: Family) -> None:
    kunitachi, suginami, code = juki["国立市"], juki["杉並区"], family.codes[1]
    number = kunitachi.resident(family.wife).identification.individual_number
    left = kunitachi.report_move_out_abroad([family.wife], "アメリカ合衆国", "2021-06-10")
    assert left.receipt.notices == 0
    assert kunitachi.resident(family.wife).state == pb.RESIDENT_STATE_MOVING_OUT
    juki.clock.set("2021-06-10")
    record = kunitachi.resident(family.wife)
    assert (record.state, record.planned_destination) == (pb.RESIDENT_STATE_REMOVED, "アメリカ合衆国")
    assert juki["機構"].changes(code)[-1] == "国立市 消除・国外転出 2021-06-10 #3"

    juki.clock.set("2022-04-01")
    told = suginami.inquire_identification("架空　花子", "1982-03-14", "女")
    assert (told.outcome, told.via_governor, told.truncated) == (search_pb2.SEARCH_OUTCOME_FOUND, False, False)
    (hit,) = told.hits
    assert (hit.live, hit.article) == (False, "住基法第30条の10第1項第3号")
    assert (hit.identification.resident_code, hit.identification.individual_number) == (code, number)
    since = juki.mark()
    came = suginami.report_move_in_from_abroad([arrival(WIFE, told)], SUGINAMI, "2022-03-30")
    # 30条の6 to the governor, and 19条1項 to 国立市, where the 本籍 is.
    assert (came.receipt.notices, list(came.warnings)) == (2, [])
    juki.settle()
    back = suginami.resident(came.receipt.resident_ids[0])
    assert (back.identification.resident_code, back.identification.individual_number) == (code, number)
    assert (back.former_address, back.resident_since) == ("アメリカ合衆国", day("2022-03-30"))
    assert juki["東京都"].changes(code)[-1] == "杉並区 記載・国外転入等 2022-03-30 #1"
    assert {held.area_code: held.live for held in juki["機構"].held(code)} == {"131156": True, "132152": False}
    assert juki.hops(code, since) == ["杉並区→東京都", "東京都→機構"]
    assert suginami.tasks() == []
    assert juki.ledger_differences() == []


@pytest.mark.law("report_move_in_from_abroad", "search_via_governor")
def test_report_move_in_from_abroad_to_another_prefecture(juki: Juki, family: Family) -> None:
    tsurumi, code = juki["横浜市鶴見区"], family.codes[1]
    juki["国立市"].report_move_out_abroad([family.wife], "フランス")
    juki.settle()
    told = tsurumi.inquire_identification("架空　花子", "1982-03-14", "女")
    assert told.via_governor
    came = tsurumi.report_move_in_from_abroad([arrival(WIFE, told)], YOKOHAMA)
    juki.settle()
    assert tsurumi.resident(came.receipt.resident_ids[0]).identification.resident_code == code
    assert juki["神奈川県"].changes(code) == ["鶴見区 記載・国外転入等 2021-06-01 #1"]
    assert juki["東京都"].confirmed(code) == [], "nobody in Japan was left: no 転入通知"
    assert juki.ledger_differences() == []


@pytest.mark.law("report_move_in_from_abroad")
def test_report_move_in_from_abroad_of_who_was_never_recorded_takes_a_code_of_the_pool(juki: Juki) -> None:
    suginami = juki["杉並区"]
    told = suginami.inquire_identification("架空　海", "1999-09-09", "男")
    assert (told.outcome, list(told.hits)) == (search_pb2.SEARCH_OUTCOME_NONE, [])
    pool = suginami.status().code_pool
    came = suginami.report_move_in_from_abroad([arrival(person("架空　海", "1999-09-09", "男"))], SUGINAMI)
    juki.settle()
    assert suginami.status().code_pool == pool - 1
    new = suginami.resident(came.receipt.resident_ids[0]).identification
    assert len(new.individual_number) == 12
    assert juki["東京都"].changes(new.resident_code) == [
        "杉並区 記載・国外転入等 2021-06-01 #1",
        "杉並区 個人番号の記載の修正・個人番号の職権記載等 2021-06-01 #2",
    ]
    printed = suginami.print_notice(came.receipt.resident_ids[0], pb.NOTICE_KIND_RESIDENT_CODE).text
    assert new.resident_code[:4] in printed


def test_report_move_in_from_abroad_of_a_family_where_each_has_a_basis_of_the_own(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    kunitachi.report_move_out_abroad([family.head, family.wife], "フランス")
    juki.settle()
    head = suginami.inquire_identification("架空　太郎", "1980-05-01", "男")
    wife = suginami.inquire_identification(code=family.codes[1])
    arrivals = [
        arrival(person("架空　太郎", "1980-05-01", "男"), head),
        arrival(person("架空　花子", "1982-03-14", "女", relationship="妻"), wife),
        arrival(person("架空　次郎", "2020-02-29", "男", relationship="子")),
        arrival(person("架空　ジャン", "1955-05-05", "男", relationship="父"), new=NOT_DETERMINABLE),
    ]
    came = suginami.report_move_in_from_abroad(arrivals, SUGINAMI, country="フランス").receipt
    juki.settle()
    records = [suginami.resident(resident_id) for resident_id in came.resident_ids]
    assert [record.relationship for record in records] == ["世帯主", "妻", "子", "父"]
    assert {record.head_name for record in records} == {"架空　太郎"}
    codes = [record.identification.resident_code for record in records]
    assert codes[:2] == list(family.codes[:2])
    assert len(set(codes)) == 4
    assert all(record.identification.individual_number for record in records)
    assert juki["東京都"].status().live_records == 5
    assert juki.ledger_differences() == []


def test_who_comes_back_to_where_the_record_was_is_counted_on(juki: Juki, family: Family) -> None:
    kunitachi, code = juki["国立市"], family.codes[1]
    kunitachi.report_move_out_abroad([family.wife], "フランス")
    juki.settle()
    told = kunitachi.inquire_identification(code=code)
    back = person("架空　花子", "1982-03-14", "女", relationship="妻")
    came = kunitachi.report_move_in_from_abroad([arrival(back, told)], household_id=family.household).receipt
    juki.settle()
    assert kunitachi.changes(code)[2:] == [
        "国立市 消除・国外転出 2021-06-01 #3",
        "国立市 記載・国外転入等 2021-06-01 #4",
    ]
    assert kunitachi.resident(came.resident_ids[0]).relationship == "妻"
    assert [held.live for held in juki["機構"].held(code)] == [True]


@pytest.mark.law("report_move_in_from_abroad")
def test_who_is_live_elsewhere_is_entered_and_the_clerk_is_warned(juki: Juki, family: Family) -> None:
    suginami, code = juki["杉並区"], family.codes[1]
    told = suginami.inquire_identification("架空　花子", "1982-03-14", "女")
    came = suginami.report_move_in_from_abroad([arrival(WIFE, told)], SUGINAMI)
    (warning,) = came.warnings
    assert (warning.resident_id, warning.live_in_area_code) == (came.receipt.resident_ids[0], "132152")
    juki.settle()
    assert {held.area_code: held.live for held in juki["機構"].held(code)} == {"131156": True, "132152": True}
    with juki.refused("RESIDENT_LIVE_ALREADY"):
        suginami.report_move_in_from_abroad([arrival(WIFE, told)], SUGINAMI)
    assert juki.ledger_differences() == []


@pytest.mark.law("report_move_out_abroad")
def test_report_move_out_abroad_gives_no_certificate(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.report_move_out_abroad([family.wife], "フランス")
    with juki.refused("NOTHING_TO_PRINT"):
        kunitachi.print_notice(family.wife, pb.NOTICE_KIND_MOVE_OUT_CERTIFICATE)
    assert kunitachi.resident(family.head).relationship == "世帯主"
    assert kunitachi.list_missing_move_in_notices() == []
    juki.clock.advance(days=40)
    assert kunitachi.list_missing_move_in_notices() == [], "nobody will tell of who went abroad"


def test_who_reported_to_go_abroad_and_moved_within_japan_is_removed_ex_officio(juki: Juki, family: Family) -> None:
    kunitachi, suginami, code = juki["国立市"], juki["杉並区"], family.codes[1]
    kunitachi.report_move_out_abroad([family.wife], "フランス", "2021-07-01")
    told = suginami.inquire_identification(code=code)
    suginami.report_move_in_without_certificate([arrival(WIFE, told)], SUGINAMI)
    juki.settle()
    assert kunitachi.changes(code)[-1] == "国立市 消除・職権消除等 2021-06-01 #3"
    assert kunitachi.resident(family.wife).confirmed_destination == SUGINAMI
    juki.clock.set("2021-07-02")
    assert len(kunitachi.changes(code)) == 3
    assert juki.ledger_differences() == []


@pytest.mark.law("report_move_in_without_certificate", "notify_move_in", "confirm_move_out")
def test_report_move_in_without_certificate_removes_who_never_reported_leaving(juki: Juki, family: Family) -> None:
    """無届転出: 記載 → 転入通知 → 職権消除 → 転出確定通知."""
    kunitachi, suginami, code = juki["国立市"], juki["杉並区"], family.codes[1]
    juki.clock.set("2021-06-11")
    told = suginami.inquire_identification("架空　花子", "1982-03-14", "女")
    since = juki.mark()
    came = suginami.report_move_in_without_certificate([arrival(WIFE, told)], SUGINAMI, "2021-06-08").receipt
    assert came.notices == 3  # 30条の6, 9条1項, and 19条1項 to the 本籍地
    juki.settle()
    new = suginami.resident(came.resident_ids[0])
    assert (new.identification.resident_code, new.former_address) == (code, "東京都国立市みどり台二丁目3番4号")
    assert new.identification.individual_number == told.hits[0].identification.individual_number
    assert suginami.changes(code) == ["杉並区 記載・国内転入 2021-06-08 #1"]
    old = kunitachi.resident(family.wife)
    assert (old.state, old.removal_reason) == (pb.RESIDENT_STATE_REMOVED, 12)
    assert (old.confirmed_destination, old.confirmed_move_out_date) == (SUGINAMI, day("2021-06-08"))
    assert kunitachi.changes(code)[-1] == "国立市 消除・職権消除等 2021-06-08 #3"
    assert [confirmed.new_address for confirmed in juki["東京都"].confirmed(code)] == [SUGINAMI]
    order = [(str(hop), hop.kind) for hop in juki.sequence(code, since)]
    assert order.index(("杉並区→国立市", "MOVE_IN_NOTICE")) < order.index(("国立市→東京都", "IDENTIFICATION"))
    assert order.index(("杉並区→国立市", "MOVE_IN_NOTICE")) < order.index(("国立市→東京都", "MOVE_OUT_CONFIRMATION"))
    assert {held.area_code: held.live for held in juki["機構"].held(code)} == {"131156": True, "132152": False}
    assert juki.ledger_differences() == []


def test_report_move_in_without_certificate_after_an_ex_officio_deletion_completes_the_record(
    juki: Juki, family: Family
) -> None:
    """職権消除後の転入通知: 除票に転出の旨."""
    kunitachi, code = juki["国立市"], family.codes[1]
    kunitachi.delete_ex_officio(family.wife, "2021-06-01")
    juki.clock.set("2021-08-01")
    told = juki["杉並区"].inquire_identification(code=code)
    assert (told.hits[0].live, told.hits[0].reason) == (False, 12)
    juki["杉並区"].report_move_in_without_certificate([arrival(WIFE, told)], SUGINAMI)
    juki.settle()
    old = kunitachi.resident(family.wife)
    assert (old.removal_reason, old.removal_date) == (12, day("2021-06-01"))
    assert (old.confirmed_destination, old.confirmed_move_out_date) == (SUGINAMI, day("2021-08-01"))
    assert len(kunitachi.changes(code)) == 3, "nothing more goes up"
    assert len(juki["東京都"].confirmed(code)) == 1
    assert juki.ledger_differences() == []


def test_report_move_in_without_certificate_of_who_lost_it_keeps_the_planned_date(juki: Juki, family: Family) -> None:
    kunitachi, code = juki["国立市"], family.codes[1]
    kunitachi.report_move_out([family.wife], "中野区", "2021-06-20")
    told = juki["杉並区"].inquire_identification(code=code)
    juki["杉並区"].report_move_in_without_certificate([arrival(WIFE, told)], SUGINAMI)
    juki.settle()
    old = kunitachi.resident(family.wife)
    assert kunitachi.changes(code)[-1] == "国立市 消除・国内転出 2021-06-20 #3"
    assert (old.planned_destination, old.confirmed_destination) == ("中野区", SUGINAMI)
    assert (old.removal_date, old.confirmed_move_out_date) == (day("2021-06-20"), day("2021-06-01"))
    assert juki.ledger_differences() == []


@pytest.mark.law("report_move_in_without_certificate", "notify_move_in")
def test_after_moves_never_reported_every_place_is_told_and_who_has_the_record_completes_it(
    juki: Juki, family: Family
) -> None:
    """未届転入: moved twice, registered once."""
    kunitachi, suginami, code = juki["国立市"], juki["杉並区"], family.codes[1]
    told = suginami.inquire_identification(code=code)
    places = [("132144", "東京都国分寺市架空町1番地"), ("131148", "東京都中野区架空町2番地")]
    came = suginami.report_move_in_without_certificate([arrival(WIFE, told)], SUGINAMI, unreported=places).receipt
    assert came.notices == 5  # 30条の6, 9条1項 to three, and 19条1項 to the 本籍地
    juki.settle()
    assert suginami.resident(came.resident_ids[0]).former_address == "東京都中野区架空町2番地（未届）"
    for name in ("国分寺市", "中野区"):
        assert juki[name].quarantined() == [("131156", "RESIDENT_NOT_FOUND")]
        assert juki[name].changes() == []
    assert kunitachi.quarantined() == []
    assert kunitachi.resident(family.wife).confirmed_destination == SUGINAMI
    assert [confirmed.new_area_code for confirmed in juki["東京都"].confirmed(code)] == ["131156"]
    assert juki.ledger_differences() == []


@pytest.mark.law("report_move_in_without_certificate")
def test_whose_code_cannot_be_found_out_gets_a_new_one_and_the_former_mayor_a_notice(juki: Juki) -> None:
    suginami = juki["杉並区"]
    stranger = person("架空　不明", "1970-07-07", "男")
    came = suginami.report_move_in_without_certificate(
        [arrival(stranger, new=NOT_DETERMINABLE)], SUGINAMI, last_registered=("132152", "東京都国立市架空町9番地")
    ).receipt
    juki.settle()
    new = suginami.resident(came.resident_ids[0])
    assert new.former_address == "東京都国立市架空町9番地"
    assert len(new.identification.individual_number) == 12
    assert juki["国立市"].quarantined() == [("131156", "RESIDENT_NOT_FOUND")]
    other = person("架空　無名", "1971-07-07", "男")
    came = suginami.report_move_in_without_certificate([arrival(other, new=NOT_DETERMINABLE)], SUGINAMI).receipt
    assert (came.notices, suginami.resident(came.resident_ids[0]).former_address) == (1, "不明")


def test_from_ward_to_ward_without_certificate_the_other_ward_hears_at_once(juki: Juki) -> None:
    tsurumi, naka = juki["横浜市鶴見区"], juki["横浜市中区"]
    who = person("架空　港", "1990-07-07", "女")
    ids = tsurumi.enter_ex_officio(who).receipt.resident_ids
    juki.settle()
    told = naka.inquire_identification("架空　港", "1990-07-07", "女")
    assert not told.via_governor
    places = [("141020", "神奈川県横浜市神奈川区架空町1番地")]
    house = "神奈川県横浜市中区架空町5番地"
    came = naka.report_move_in_without_certificate([arrival(who, told)], house, unreported=places).receipt
    assert came.notices == 5  # 記載, two 転入通知, 消除, 転出確定通知
    juki.settle()
    assert tsurumi.resident(ids[0]).removal_reason == 12
    code = naka.resident(came.resident_ids[0]).identification.resident_code
    assert {held.area_code: held.live for held in juki["機構"].held(code)} == {"141011": False, "141046": True}
    assert juki.ledger_differences() == []


@pytest.mark.law("inquire_identification")
def test_a_hit_is_used_by_its_own_municipality_and_no_later_than_the_day_after(juki: Juki, family: Family) -> None:
    suginami, nakano = juki["杉並区"], juki["中野区"]
    juki["国立市"].report_move_out_abroad([family.wife], "フランス")
    juki.settle()
    told = suginami.inquire_identification(code=family.codes[1])
    answers = []
    for at, inquiry, hit in ((nakano, told.inquiry_id, 1), (suginami, told.inquiry_id, 2), (suginami, 99, 1)):
        told.inquiry_id = inquiry
        with juki.refused("INQUIRY_NOT_FOUND") as refusal:
            at.report_move_in_from_abroad([arrival(WIFE, told, hit)], SUGINAMI)
        answers.append(refusal[0].answer)
    assert answers[0] == answers[1] == answers[2], "what is not yours reads as what does not exist"

    told.inquiry_id = 1
    juki.clock.advance(days=2)
    with juki.refused("INQUIRY_NOT_FOUND"):
        suginami.report_move_in_from_abroad([arrival(WIFE, told)], SUGINAMI)
    told = suginami.inquire_identification(code=family.codes[1])
    assert (told.inquiry_id, suginami.counts()["inquiry"], suginami.counts()["inquiry_hit"]) == (2, 1, 1)
    juki.clock.advance(days=1)
    suginami.report_move_in_from_abroad([arrival(WIFE, told)], SUGINAMI)


def test_only_the_own_clerks_serve_the_desk(juki: Juki, family: Family) -> None:
    line = juki.client("operator/132144/c01", "municipality/132152", juki["国立市"].node.listener.address)
    request = abroad_pb2.ReportMoveOutAbroadRequest(resident_ids=[family.wife], destination="フランス")
    with juki.refused("NOT_YOUR_COUNTER"):
        line.call(STUB, "ReportMoveOutAbroad", request)
    assert juki["国立市"].resident(family.wife).state == pb.RESIDENT_STATE_LIVE


@pytest.mark.law("report_move_in_from_abroad")
def test_report_move_in_from_abroad_of_a_foreign_resident_who_was_here_before(juki: Juki) -> None:
    """法30条の46: a person whose code was given years ago keeps it, and stays a 外国人住民."""
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    who = person(
        "ＫＡＫＵ　ＡＬＥＸ", "1990-10-10", "男", alias="架空　有", residency=identification_pb2.RESIDENCY_FOREIGN
    )
    ids = kunitachi.enter_ex_officio(who).receipt.resident_ids
    juki.settle()
    before = kunitachi.resident(ids[0]).identification
    kunitachi.report_move_out_abroad(ids, "フランス")
    juki.clock.set("2024-06-01")
    told = suginami.inquire_identification("ＫＡＫＵ　ＡＬＥＸ", "1990-10-10", "男")
    came = suginami.report_move_in_from_abroad([arrival(who, told)], SUGINAMI, country="フランス").receipt
    juki.settle()
    after = suginami.resident(came.resident_ids[0]).identification
    assert (after.resident_code, after.individual_number) == (before.resident_code, before.individual_number)
    assert (after.residency, after.alias) == (identification_pb2.RESIDENCY_FOREIGN, "架空　有")
    assert juki["機構"].changes(after.resident_code)[-1] == "杉並区 記載・国外転入等 2024-06-01 #1"
