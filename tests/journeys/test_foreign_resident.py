"""外国人住民: 法30条の47・48の届出 and 法30条の50の通知, at the counter and at each tier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import day, person
from jukinet.testing.nationality_desk import STUB, foreign_items, medium_term
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import foreign_pb2, identification_pb2, nationality_pb2

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

FOREIGN = identification_pb2.RESIDENCY_FOREIGN
NUMBERED = "個人番号の記載の修正・個人番号の職権記載等"
HANA = person("SHISAKU HANA", "1985-02-03", "女")


def enter(juki: Juki) -> int:
    """試作 花, who became a 中長期在留者 in May and reported it to 国立市."""
    (resident_id,) = juki["国立市"].report_foreign_resident(HANA, medium_term("2021-05-10")).receipt.resident_ids
    juki.settle()
    return resident_id


@pytest.mark.law("report_foreign_resident", "foreign_resident_since", "designate_individual_number")
def test_report_foreign_resident_enters_a_person_never_recorded_before(juki: Juki) -> None:
    kunitachi, since = juki["国立市"], juki.mark()
    done = kunitachi.report_foreign_resident(HANA, medium_term("2021-05-10"))
    assert done.receipt.notices == 1
    juki.settle()
    record = kunitachi.resident(done.receipt.resident_ids[0])
    code = record.identification.resident_code
    assert (record.identification.residency, record.relationship) == (FOREIGN, "世帯主")
    assert len(record.identification.individual_number) == 12
    told = ["国立市 記載・国外転入等 2021-05-10 #1", f"国立市 {NUMBERED} 2021-06-01 #2"]
    assert juki["東京都"].changes(code) == told
    assert juki["機構"].changes(code) == told
    assert {"国立市→東京都", "東京都→機構"} <= set(juki.hops(code, since))
    (held,) = juki["機構"].held(code)
    assert (held.live, held.identification) == (True, record.identification)
    kept = kunitachi.foreign_items(record.resident_id)
    assert (kept.items, kept.foreign_resident_since) == (medium_term("2021-05-10"), day("2021-05-10"))
    assert kept.last_day == day("2024-06-01")
    # What 法30条の45 adds stays with the mayor: 本人確認情報 has no place for it.
    assert "技術" not in str(juki["機構"].notices(code))
    assert juki.ledger_differences() == []


@pytest.mark.law("report_foreign_resident")
def test_report_foreign_resident_refuses_what_the_law_does_not_ask_for(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    before = kunitachi.residents()
    by_birth = foreign_items(category=foreign_pb2.FOREIGN_CATEGORY_TRANSITIONAL_BY_BIRTH, since="2021-05-10")
    with juki.refused("STAY_IS_TRANSITIONAL") as refusal:
        kunitachi.report_foreign_resident(HANA, by_birth)
    assert refusal[0].answer.article == "住基法第30条の47"
    with juki.refused("EVIDENCE_REQUIRED"):
        kunitachi.report_foreign_resident(HANA, medium_term("2021-05-10"), card_shown=False)
    with juki.refused("STAY_LAPSED"):
        kunitachi.report_foreign_resident(HANA, medium_term("2021-05-10", "2021-05-31"))
    with juki.refused("DATE_IN_FUTURE"):
        kunitachi.report_foreign_resident(HANA, medium_term("2021-06-02"))
    with juki.refused("FIELD_MISSING"):
        kunitachi.report_foreign_resident(None, medium_term("2021-05-10"))
    japanese = person(residency=identification_pb2.RESIDENCY_JAPANESE)
    with juki.refused("FIELD_OUT_OF_RANGE"):
        kunitachi.report_foreign_resident(japanese, medium_term("2021-05-10"))
    with juki.refused("FIELD_MISSING"):
        kunitachi.report_foreign_resident(HANA, foreign_pb2.ForeignItems())
    with juki.refused("HOUSEHOLD_NOT_FOUND"):
        kunitachi.report_foreign_resident(HANA, medium_term("2021-05-10"), household_id=999)
    kunitachi.delete_after_investigation(family.wife)
    with juki.refused("NOT_FOREIGN_RESIDENT"):
        kunitachi.report_foreign_resident(None, medium_term("2021-05-10"), former_resident_id=family.wife)
    assert len(kunitachi.residents()) == len(before)


@pytest.mark.law("report_foreign_resident", "enter_immigration_notice")
def test_who_lost_the_status_and_got_one_again_keeps_code_and_number(juki: Juki) -> None:
    kunitachi = juki["国立市"]
    first = kunitachi.resident(enter(juki))
    code = first.identification.resident_code
    kunitachi.enter_immigration_notice(first.resident_id, stay_ended=True)
    juki.clock.set("2021-09-01")
    assert [held.live for held in juki["機構"].held(code)] == [False]
    with juki.refused("STAY_LAPSED"):
        kunitachi.restore_ex_officio(first.resident_id)

    again = kunitachi.report_foreign_resident(
        None, medium_term("2021-08-20", card_number="EF12345678GH"), former_resident_id=first.resident_id
    )
    juki.settle()
    second = kunitachi.resident(again.receipt.resident_ids[0])
    assert second.identification.resident_code == code, "another code"
    assert second.identification.individual_number == first.identification.individual_number
    assert kunitachi.foreign_items(second.resident_id).items.card_number == "EF12345678GH"
    # The 除票 keeps what it said.
    assert kunitachi.foreign_items(first.resident_id).items.card_number == "AB12345678CD"
    assert juki["機構"].changes(code)[-2:] == [
        "国立市 消除・職権消除等 2021-06-01 #3",
        "国立市 記載・国外転入等 2021-08-20 #4",
    ]
    assert [held.live for held in juki["機構"].held(code)] == [True]
    with juki.refused("RESIDENT_LIVE_ALREADY"):
        kunitachi.report_foreign_resident(None, medium_term("2021-08-20"), former_resident_id=first.resident_id)


@pytest.mark.law("report_relationship_change")
def test_report_relationship_change_is_kept_and_told_to_nobody(juki: Juki) -> None:
    kunitachi = juki["国立市"]
    head = kunitachi.resident(enter(juki))
    mate = person("SHISAKU TARO", "1984-01-01", "男", relationship="同居人")
    (mate_id,) = kunitachi.report_foreign_resident(
        mate, medium_term("2021-05-10"), household_id=head.household_id
    ).receipt.resident_ids
    juki.settle()
    code = kunitachi.resident(mate_id).identification.resident_code
    with juki.refused("EVIDENCE_REQUIRED") as refusal:
        kunitachi.report_relationship_change(mate_id, "夫", relationship_evidence=False)
    assert refusal[0].answer.article == "住基法第30条の48"
    done = kunitachi.report_relationship_change(mate_id, "夫", "2021-05-30")
    assert done.receipt.notices == 0
    juki.settle()
    assert kunitachi.resident(mate_id).relationship == "夫"
    assert len(juki["機構"].changes(code)) == 2
    (row,) = [row for row in kunitachi.audit() if row["event"] == "ReportRelationshipChange" and row["accepted"]]
    assert (row["article"], row["subjects"]) == ("住基法第30条の48", str(mate_id))


@pytest.mark.law("enter_immigration_notice")
def test_enter_immigration_notice_of_a_name_goes_up_and_of_a_new_card_does_not(juki: Juki, family: Family) -> None:
    kunitachi, resident_id = juki["国立市"], enter(juki)
    code = kunitachi.resident(resident_id).identification.resident_code
    assert kunitachi.enter_immigration_notice(resident_id, "2021-05-25", name="SHISAKU HANAKO").receipt.notices == 1
    renewed = medium_term("2021-05-10", "2026-05-10", period_of_stay="5年", card_number="EF12345678GH")
    assert kunitachi.enter_immigration_notice(resident_id, items=renewed).receipt.notices == 0
    juki.settle()
    assert juki["機構"].changes(code)[2:] == ["国立市 記載の修正・職権修正等 2021-05-25 #3"]
    assert juki["機構"].held(code)[0].identification.name == "SHISAKU HANAKO"
    assert kunitachi.foreign_items(resident_id).items == renewed
    with juki.refused("NOT_FOREIGN_RESIDENT") as refusal:
        kunitachi.enter_immigration_notice(family.wife, name="SHISAKU HANAKO")
    assert refusal[0].answer.article == "住基法第30条の50"
    with juki.refused("FIELD_MISSING"):
        kunitachi.enter_immigration_notice(resident_id, items=renewed)
    kunitachi.report_death(resident_id)
    with juki.refused("RESIDENT_REMOVED"):
        kunitachi.enter_immigration_notice(resident_id, stay_ended=True)
    juki.settle()
    assert juki.ledger_differences() == []


@pytest.mark.law("enter_immigration_notice", "last_day_of_stay")
def test_a_child_born_here_has_sixty_days(juki: Juki) -> None:
    kunitachi = juki["国立市"]
    head = kunitachi.resident(enter(juki))
    child = person("SHISAKU MIRAI", "2021-06-01", "女", relationship="子", residency=FOREIGN)
    (child_id,) = kunitachi.report_birth(head.household_id, child).receipt.resident_ids
    born = foreign_items(category=foreign_pb2.FOREIGN_CATEGORY_TRANSITIONAL_BY_BIRTH, since="2021-06-01")
    assert kunitachi.enter_immigration_notice(child_id, items=born).receipt.notices == 0
    assert [stay.resident_id for stay in kunitachi.lapsing_stays("2021-07-30")] == []
    assert [stay.resident_id for stay in kunitachi.lapsing_stays("2021-07-31")] == [child_id]
    everybody = kunitachi.lapsing_stays("2024-06-01", page_size=1)
    assert [stay.resident_id for stay in everybody] == [head.resident_id, child_id]
    request = nationality_pb2.ListLapsingStaysRequest(
        operation=pb.Operation(request_id="page", verification_id="v", operator_id="o", reason="窓口"),
        through=day("2021-07-31"), page_token="架空",
    )  # fmt: skip
    with juki.refused("FIELD_OUT_OF_RANGE"):
        kunitachi.call("ListLapsingStays", request, STUB)
    with juki.refused("FIELD_MISSING"):
        kunitachi.lapsing_stays("")


@pytest.mark.law("report_move_out", "report_move_in", "foreign_record_items")
def test_what_the_card_says_moves_with_a_foreign_resident(juki: Juki) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    resident_id = enter(juki)
    juki.clock.set("2021-06-10")
    left = kunitachi.report_move_out([resident_id], "杉並区")
    assert left.certificate.members[0].foreign_items == medium_term("2021-05-10")
    printed = kunitachi.print_notice(resident_id, pb.NOTICE_KIND_MOVE_OUT_CERTIFICATE).text
    assert "架空国　中長期在留者　技術・人文知識・国際業務" in printed
    assert "本籍" not in printed
    came = suginami.report_move_in(left.certificate, "東京都杉並区みどり台1番1号")
    kept = suginami.foreign_items(came.receipt.resident_ids[0])
    assert (kept.items, kept.last_day) == (medium_term("2021-05-10"), day("2024-06-01"))
    # 外国人住民となつた年月日 is the later one: that of becoming a resident there.
    assert kept.foreign_resident_since == day("2021-06-10")
    juki.settle()
    assert kunitachi.lapsing_stays("2024-06-01") == []
    assert [stay.resident_id for stay in suginami.lapsing_stays("2024-06-01")] == list(came.receipt.resident_ids)


@pytest.mark.juki(clock="2026-06-14")
@pytest.mark.law("enter_immigration_notice", "report_foreign_resident")
def test_five_years_on_the_same_acts_stand_in_chapter_four_four(juki: Juki) -> None:
    kunitachi = juki["国立市"]
    done = kunitachi.report_foreign_resident(HANA, medium_term("2026-06-10", "2029-06-10"))
    record = kunitachi.resident(done.receipt.resident_ids[0])
    assert record.state == pb.RESIDENT_STATE_LIVE
    assert kunitachi.enter_immigration_notice(record.resident_id, name="SHISAKU HANAKO").receipt.notices == 1
