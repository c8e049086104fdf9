"""帰化 and 国籍喪失: two records of one person, two notices, one code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import day, person
from jukinet.testing.nationality_desk import foreign_items, medium_term
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import drill_pb2, drill_pb2_grpc, foreign_pb2, identification_pb2

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

FOREIGN, JAPANESE = identification_pb2.RESIDENCY_FOREIGN, identification_pb2.RESIDENCY_JAPANESE
NUMBERED = "個人番号の記載の修正・個人番号の職権記載等"
YOKOHAMA = "神奈川県横浜市鶴見区みどり台三丁目5番7号"


def foreigner(juki: Juki, household_id: int = 0) -> int:
    """試作 花, a foreign resident of 国立市 with 通称, numbered and known to J-LIS."""
    who = person("SHISAKU HANA", "1985-02-03", "女", residency=FOREIGN, alias="試作　花", relationship="配偶者")
    (resident_id,) = juki["国立市"].enter_ex_officio(who, household_id=household_id).receipt.resident_ids
    juki.settle()
    return resident_id


@pytest.mark.law("acquire_nationality", "notify_identification", "forward_identification")
def test_acquire_nationality_closes_one_record_and_opens_another_up_to_the_centre(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    before = kunitachi.resident(foreigner(juki, family.household))
    code, since = before.identification.resident_code, juki.mark()

    done = kunitachi.acquire_nationality(before.resident_id, "2021-05-20", name="試作　花", name_kana="しさく　はな")
    assert done.receipt.notices == 2
    old_id, new_id = done.receipt.resident_ids
    juki.settle()

    old, new = kunitachi.resident(old_id), kunitachi.resident(new_id)
    assert (old.resident_id, old.state) == (before.resident_id, pb.RESIDENT_STATE_REMOVED)
    assert old.removal_date == day("2021-05-20")
    assert (old.identification.residency, old.identification.alias) == (FOREIGN, "試作　花")
    assert (new.state, new.household_id, new.relationship) == (pb.RESIDENT_STATE_LIVE, family.household, "配偶者")
    assert new.identification.resident_code == code
    assert len(new.identification.individual_number) == 12
    assert new.identification.individual_number == before.identification.individual_number
    assert (new.identification.name, new.identification.alias) == ("試作　花", "")
    assert new.identification.residency == JAPANESE
    told = [
        "国立市 記載・職権記載等 2021-06-01 #1",
        f"国立市 {NUMBERED} 2021-06-01 #2",
        "国立市 消除・職権消除等（帰化等） 2021-05-20 #3",
        "国立市 記載・職権記載等（帰化等） 2021-05-20 #4",
    ]
    assert kunitachi.changes(code) == told
    assert juki["東京都"].changes(code) == told
    assert juki["機構"].changes(code) == told
    deletion, entry = juki["機構"].notices(code)[-2:]
    assert deletion.identification == before.identification
    assert entry.identification == new.identification
    (held,) = juki["機構"].held(code)
    assert (held.live, held.identification) == (True, new.identification)
    assert set(juki.hops(code, since)) == {"国立市→東京都", "東京都→機構"}
    (row,) = [row for row in kunitachi.audit() if row["event"] == "AcquireNationality"]
    assert (row["article"], row["subjects"]) == ("住基令第8条の2第1項", f"{old_id},{new_id}")
    assert juki["機構"].status().live_records == 4
    assert juki.ledger_differences() == []


@pytest.mark.law("lose_nationality", "foreign_record_items", "foreign_resident_since")
def test_lose_nationality_closes_one_record_and_opens_another_up_to_the_centre(juki: Juki, family: Family) -> None:
    kunitachi, code = juki["国立市"], family.codes[1]
    before = kunitachi.resident(family.wife)

    done = kunitachi.lose_nationality(family.wife, "2021-05-10", name="KAKU HANAKO")
    assert done.receipt.notices == 2
    old_id, new_id = done.receipt.resident_ids
    juki.settle()

    old, new = kunitachi.resident(old_id), kunitachi.resident(new_id)
    assert (old.resident_id, old.state) == (family.wife, pb.RESIDENT_STATE_REMOVED)
    assert (new.household_id, new.relationship, new.head_name) == (family.household, "妻", "架空　太郎")
    assert new.identification.residency == FOREIGN
    assert new.identification.individual_number == before.identification.individual_number
    assert (before.identification.former_surname, new.identification.former_surname) == ("試作", "")
    assert juki["機構"].changes(code)[-2:] == [
        "国立市 消除・職権消除等（国籍喪失） 2021-05-10 #3",
        "国立市 記載・職権記載等（国籍喪失） 2021-05-10 #4",
    ]
    (held,) = juki["機構"].held(code)
    assert (held.live, held.identification) == (True, new.identification)
    kept = kunitachi.foreign_items(new_id)
    assert kept.items.category == foreign_pb2.FOREIGN_CATEGORY_TRANSITIONAL_BY_NATIONALITY_LOSS
    assert (kept.items.nationality, kept.items.since) == ("架空国", day("2021-05-10"))
    # The record began on the day of 職権記載, later than the loss: 外国人住民となつた年月日 is the later one.
    assert kept.foreign_resident_since == day("2021-06-01")
    assert kept.last_day == day("2021-07-09")
    assert juki.ledger_differences() == []


@pytest.mark.law("acquire_nationality", "report_move_in", "confirm_move_out")
def test_a_household_with_a_naturalized_member_moves_on_under_the_same_codes(juki: Juki, family: Family) -> None:
    kunitachi, tsurumi = juki["国立市"], juki["横浜市鶴見区"]
    spouse = foreigner(juki, family.household)
    code = kunitachi.resident(spouse).identification.resident_code
    _, new_id = kunitachi.acquire_nationality(spouse, name="試作　花").receipt.resident_ids

    left = kunitachi.report_move_out([*family.all, new_id], "横浜市鶴見区")
    came = tsurumi.report_move_in(left.certificate, YOKOHAMA)
    juki.settle()
    moved = tsurumi.resident(came.receipt.resident_ids[3]).identification
    assert (moved.resident_code, moved.residency, moved.name) == (code, JAPANESE, "試作　花")
    assert moved.individual_number == kunitachi.resident(new_id).identification.individual_number
    assert kunitachi.changes(code)[-3:] == [
        "国立市 消除・職権消除等（帰化等） 2021-06-01 #3",
        "国立市 記載・職権記載等（帰化等） 2021-06-01 #4",
        "国立市 消除・国内転出 2021-06-01 #5",
    ]
    assert [(held.area_code, held.live) for held in juki["機構"].held(code)] == [("132152", False), ("141011", True)]
    # The 転入通知 is about the record that was open, not about the one that the naturalization closed.
    assert kunitachi.resident(spouse).confirmed_destination == ""
    assert kunitachi.resident(new_id).confirmed_destination == YOKOHAMA
    assert len(juki["東京都"].confirmed(code)) == 1
    assert juki["機構"].status().live_records == 4
    assert juki.ledger_differences() == []


@pytest.mark.law("lose_nationality", "report_move_in")
def test_a_household_whose_head_lost_the_nationality_moves_on_under_the_same_codes(juki: Juki, family: Family) -> None:
    kunitachi, suginami, code = juki["国立市"], juki["杉並区"], family.codes[0]
    _, head = kunitachi.lose_nationality(family.head).receipt.resident_ids
    assert kunitachi.resident(family.child).head_name == "架空　太郎"
    left = kunitachi.report_move_out([head, family.wife, family.child], "杉並区")
    came = suginami.report_move_in(left.certificate, "東京都杉並区みどり台1番1号")
    juki.settle()
    moved = suginami.resident(came.receipt.resident_ids[0])
    assert (moved.identification.residency, moved.relationship) == (FOREIGN, "世帯主")
    assert moved.identification.resident_code == code
    # 令23条2項 as read for foreign residents by 令30条の21: no 戸籍の表示, but 国籍等 and the stay.
    (told,) = [member for member in left.certificate.members if member.HasField("foreign_items")]
    assert (told.identification.resident_code, told.registered_domicile) == (code, "")
    kept = suginami.foreign_items(moved.resident_id)
    assert (kept.items.nationality, kept.last_day) == ("架空国", day("2021-07-31"))
    assert [(held.area_code, held.live) for held in juki["機構"].held(code)] == [("131156", True), ("132152", False)]
    assert juki.ledger_differences() == []


@pytest.mark.law("acquire_nationality")
def test_a_report_of_leaving_made_before_holds_for_the_new_record(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    spouse = foreigner(juki, family.household)
    code = kunitachi.resident(spouse).identification.resident_code
    kunitachi.report_move_out([spouse], "杉並区", "2021-06-10")
    _, new_id = kunitachi.acquire_nationality(spouse).receipt.resident_ids
    assert kunitachi.resident(new_id).state == pb.RESIDENT_STATE_MOVING_OUT
    juki.clock.set("2021-06-10")
    assert kunitachi.resident(new_id).state == pb.RESIDENT_STATE_REMOVED
    assert juki["機構"].changes(code)[-1] == "国立市 消除・国内転出 2021-06-10 #5"
    assert [held.live for held in juki["機構"].held(code)] == [False]


@pytest.mark.law("acquire_nationality", "lose_nationality")
def test_delivered_twice_and_with_answers_lost_the_pair_is_held_once(juki: Juki, family: Family) -> None:
    kunitachi, code = juki["国立市"], family.codes[1]
    juki.faults("国立市", "duplicate", "東京都")
    juki.faults("東京都", "drop_answer", "機構", share=0.5)
    _, foreign_id = kunitachi.lose_nationality(family.wife).receipt.resident_ids
    kunitachi.acquire_nationality(foreign_id)
    juki.heal()
    juki.settle()
    assert juki["機構"].changes(code)[2:] == [
        "国立市 消除・職権消除等（国籍喪失） 2021-06-01 #3",
        "国立市 記載・職権記載等（国籍喪失） 2021-06-01 #4",
        "国立市 消除・職権消除等（帰化等） 2021-06-01 #5",
        "国立市 記載・職権記載等（帰化等） 2021-06-01 #6",
    ]
    assert juki["機構"].changes(code) == juki["東京都"].changes(code)
    (held,) = juki["機構"].held(code)
    assert (held.live, held.identification.residency) == (True, JAPANESE)
    assert juki["機構"].status().live_records == 3
    assert juki.ledger_differences() == []


@pytest.mark.law("acquire_nationality")
def test_a_repeat_with_the_same_request_id_changes_nothing_more(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    spouse = foreigner(juki, family.household)
    code = kunitachi.resident(spouse).identification.resident_code
    first = kunitachi.acquire_nationality(spouse, request_id="once")
    assert kunitachi.acquire_nationality(spouse, request_id="once") == first
    juki.settle()
    assert len(juki["機構"].changes(code)) == 4
    with juki.refused("RESIDENT_REMOVED"):
        kunitachi.acquire_nationality(spouse)
    with juki.refused("NATIONALITY_UNCHANGED"):
        kunitachi.acquire_nationality(first.receipt.resident_ids[1])


@pytest.mark.law("acquire_nationality", "lose_nationality")
def test_what_the_ordinance_does_not_let_happen_leaves_nothing_behind(juki: Juki, family: Family) -> None:
    kunitachi, spouse = juki["国立市"], foreigner(juki, family.household)
    before = (kunitachi.residents(), kunitachi.counts())
    with juki.refused("NATIONALITY_UNCHANGED") as refusal:
        kunitachi.acquire_nationality(family.wife)
    assert refusal[0].answer.article == "住基令第8条の2第1項"
    assert "令8条の2" in refusal[0].answer.japanese
    with juki.refused("DATE_IN_FUTURE"):
        kunitachi.acquire_nationality(spouse, "2021-06-02")
    with juki.refused("FIELD_MISSING"):
        kunitachi.acquire_nationality(spouse, registered_domicile="")
    with juki.refused("RESIDENT_NOT_FOUND"):
        kunitachi.acquire_nationality(999)
    with juki.refused("NATIONALITY_UNCHANGED") as refusal:
        kunitachi.lose_nationality(spouse)
    assert refusal[0].answer.article == "住基令第8条の2第2項"
    with juki.refused("STAY_LAPSED"):
        kunitachi.lose_nationality(family.wife, "2021-04-01")
    with juki.refused("FIELD_MISSING"):
        kunitachi.lose_nationality(family.wife, items=foreign_items(""))
    after = (kunitachi.residents(), kunitachi.counts())
    assert after[0] == before[0]
    assert {table for table in after[1] if after[1][table] != before[1][table]} <= {"audit"}


@pytest.mark.juki(clock="2025-05-26")
@pytest.mark.law("lose_nationality", "foreign_record_reading")
def test_since_readings_are_law_a_foreign_record_has_none(juki: Juki) -> None:
    kunitachi = juki["国立市"]
    who = person("架空　花子", "1982-03-14", "女", name_kana="かくう　はなこ")
    (resident_id,) = kunitachi.enter_ex_officio(who).receipt.resident_ids
    _, new_id = kunitachi.lose_nationality(resident_id).receipt.resident_ids
    assert kunitachi.resident(new_id).identification.name_kana == ""


@pytest.mark.law("lose_nationality", "enter_immigration_notice", "last_day_of_stay")
def test_who_lost_the_nationality_has_sixty_days_to_get_a_status(juki: Juki, family: Family) -> None:
    kunitachi, code = juki["国立市"], family.codes[1]
    _, new_id = kunitachi.lose_nationality(family.wife).receipt.resident_ids
    juki.clock.set("2021-07-31")
    (stay,) = kunitachi.lapsing_stays()
    assert (stay.resident_id, stay.last_day, stay.lapsed) == (new_id, day("2021-07-31"), False)
    juki.clock.set("2021-08-01")
    assert [stay.lapsed for stay in kunitachi.lapsing_stays()] == [True]

    # 在留資格の取得 is told by the Agency and is no item of 本人確認情報.
    told = kunitachi.enter_immigration_notice(new_id, "2021-07-30", items=medium_term("2021-07-30"))
    assert told.receipt.notices == 0
    assert kunitachi.lapsing_stays() == []
    assert kunitachi.foreign_items(new_id).items.status_of_residence == "技術・人文知識・国際業務"
    juki.settle()
    assert len(juki["機構"].changes(code)) == 4

    ended = kunitachi.enter_immigration_notice(new_id, "2021-08-01", stay_ended=True)
    assert ended.receipt.notices == 1
    juki.settle()
    assert juki["機構"].changes(code)[-1] == "国立市 消除・職権消除等 2021-08-01 #5"
    assert [held.live for held in juki["機構"].held(code)] == [False]


@pytest.mark.law("acquire_nationality", "restore_ex_officio")
def test_in_a_ward_both_notices_go_by_the_mayor_to_the_governor(juki: Juki) -> None:
    tsurumi = juki["横浜市鶴見区"]
    who = person("SHISAKU HANA", "1985-02-03", "女", residency=FOREIGN)
    (resident_id,) = tsurumi.enter_ex_officio(who).receipt.resident_ids
    juki.settle()
    code, since = tsurumi.resident(resident_id).identification.resident_code, juki.mark()
    _, new_id = tsurumi.acquire_nationality(resident_id).receipt.resident_ids
    tsurumi.delete_after_investigation(new_id)
    _, back = tsurumi.restore_ex_officio(new_id).receipt.resident_ids
    juki.settle()
    assert juki["機構"].changes(code)[2:] == [
        "鶴見区 消除・職権消除等（帰化等） 2021-06-01 #3",
        "鶴見区 記載・職権記載等（帰化等） 2021-06-01 #4",
        "鶴見区 消除・職権消除等 2021-06-01 #5",
        "鶴見区 記載・職権記載等 2021-06-01 #6",
    ]
    assert set(juki.hops(code, since)) == {"鶴見区→横浜市", "横浜市→神奈川県", "神奈川県→機構"}
    (held,) = juki["機構"].held(code)
    assert (held.area_code, held.live) == ("141011", True)
    assert held.identification == tsurumi.resident(back).identification
    assert juki.ledger_differences() == []


@pytest.mark.law("acquire_nationality")
def test_after_a_full_transmission_the_centre_still_has_one_live_record(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    spouse = foreigner(juki, family.household)
    code = kunitachi.resident(spouse).identification.resident_code
    _, new_id = kunitachi.acquire_nationality(spouse).receipt.resident_ids
    juki.settle()
    request = drill_pb2.ResyncRequest(request_id="r")
    juki.console("国立市").call(drill_pb2_grpc.DrillServiceStub, "Resync", request)
    juki.settle()
    (held,) = juki["機構"].held(code)
    assert (held.live, held.identification) == (True, kunitachi.resident(new_id).identification)
    assert juki["機構"].status().live_records == 4
    assert juki.ledger_differences() == []


@pytest.mark.law("lose_nationality")
def test_while_the_line_is_down_the_pair_waits_together_and_arrives_in_order(juki: Juki, family: Family) -> None:
    kunitachi, code = juki["国立市"], family.codes[1]
    juki.cut("国立市", "東京都")
    kunitachi.lose_nationality(family.wife)
    juki.settle()
    assert juki["東京都"].changes(code) == kunitachi.changes(code)[:2]
    assert [held.live for held in juki["機構"].held(code)] == [True]
    juki.heal()
    juki.settle()
    assert [words.split(" #")[0] for words in juki["機構"].changes(code)[-2:]] == [
        "国立市 消除・職権消除等（国籍喪失） 2021-06-01",
        "国立市 記載・職権記載等（国籍喪失） 2021-06-01",
    ]
    assert juki["機構"].status().live_records == 3
    assert juki.ledger_differences() == []
