"""転出 → 転入 → 転入通知 → 転出確定通知."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import day, person
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import intermunicipal_pb2, relay_pb2

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

pytestmark = pytest.mark.law("report_move_out", "report_move_in")

MOVE_IN = relay_pb2.STREAM_KIND_MOVE_IN_NOTICE
YOKOHAMA = "神奈川県横浜市鶴見区みどり台三丁目5番7号"
NUMBERED = "個人番号の記載の修正・個人番号の職権記載等"


@pytest.mark.law(
    "notify_move_in", "receive_move_in_notice", "confirm_move_out", "notify_identification", "forward_identification"
)
def test_a_family_moves_to_another_prefecture(juki: Juki, family: Family) -> None:
    kunitachi, tsurumi, since = juki["国立市"], juki["横浜市鶴見区"], juki.mark()

    left = kunitachi.report_move_out(family.all, "横浜市鶴見区", "2021-06-01")
    assert left.receipt.notices == 3
    juki.settle()
    came = tsurumi.report_move_in(left.certificate, YOKOHAMA, "2021-06-01")
    assert (
        came.receipt.notices == 7
    )  # of each the 記載 and the 転入通知; of the head, whose 本籍 is 国立市, also the 附票
    juki.settle()

    for code, old_id, new_id in zip(family.codes, family.all, came.receipt.resident_ids, strict=True):
        old, new = kunitachi.resident(old_id), tsurumi.resident(new_id)
        assert old.state == pb.RESIDENT_STATE_REMOVED
        assert old.planned_destination == "横浜市鶴見区"
        assert (old.confirmed_destination, old.confirmed_move_out_date) == (YOKOHAMA, day("2021-06-01"))
        assert new.identification.resident_code == code
        assert new.identification.individual_number == old.identification.individual_number
        assert new.identification.former_surname == old.identification.former_surname
        assert (new.identification.address, new.former_address) == (YOKOHAMA, old.identification.address)
        assert (new.head_name, new.relationship) == ("架空　太郎", old.relationship)
        gone = [
            "国立市 記載・職権記載等 2021-06-01 #1",
            f"国立市 {NUMBERED} 2021-06-01 #2",
            "国立市 消除・国内転出 2021-06-01 #3",
        ]
        there = ["鶴見区 記載・国内転入 2021-06-01 #1"]
        assert juki["東京都"].changes(code) == gone
        assert juki["神奈川県"].changes(code) == there
        assert sorted(juki["機構"].changes(code)) == sorted(gone + there)
        held = {item.area_code: item for item in juki["機構"].held(code)}
        assert (held["132152"].live, held["141011"].live) == (False, True)
        assert held["141011"].identification == new.identification
        (confirmed,) = juki["東京都"].confirmed(code)
        assert (confirmed.new_address, confirmed.new_area_code) == (YOKOHAMA, "141011")
        assert confirmed.move_out_date == day("2021-06-01")
        assert juki["神奈川県"].confirmed(code) == []
        hops = juki.hops(code, since)
        # 区長 → 市長 → 知事 (令31条2項): the ward's passage through the mayor stands before its city's hop.
        assert sorted(hops) == sorted(
            [
                *("国立市→東京都", "東京都→機構", "鶴見区→横浜市", "横浜市→神奈川県", "神奈川県→機構"),
                *("横浜市→国立市", "国立市→東京都"),
            ]
        )
        # The 転出確定通知 follows from the 転入通知; how the 消除 stands to either is nobody's cause.
        assert hops[::-1].index("国立市→東京都") < hops[::-1].index("横浜市→国立市")
    confirmations = [hop for hop in juki.sequence(family.codes[0], since) if hop.kind == "MOVE_OUT_CONFIRMATION"]
    assert [(str(hop), hop.article) for hop in confirmations] == [("国立市→東京都", "住基令第13条第3項")]
    assert juki["機構"].status().live_records == 3
    assert juki.ledger_differences() == []


@pytest.mark.law("notify_move_in")
def test_the_notice_says_what_we_assume_it_says(juki: Juki, family: Family) -> None:
    left = juki["国立市"].report_move_out([family.wife], "杉並区")
    juki["杉並区"].report_move_in(left.certificate, "東京都杉並区みどり台1番1号")
    juki.settle()
    (notice,) = juki["国立市"].notices(kind=MOVE_IN)
    assert notice == intermunicipal_pb2.MoveInNotice(
        resident_code=family.codes[1], name="架空　花子", birth_date=day("1982-03-14"), sex=2,
        new_address="東京都杉並区みどり台1番1号", move_in_date=day("2021-06-01"), report_date=day("2021-06-01"),
        former_address="東京都国立市みどり台二丁目3番4号", new_area_code="131156",
    )  # fmt: skip


@pytest.mark.law("confirm_move_out")
def test_within_a_prefecture_both_notices_go_to_the_same_governor(juki: Juki, family: Family) -> None:
    code = family.codes[1]
    left = juki["国立市"].report_move_out([family.wife], "中野区")
    came = juki["中野区"].report_move_in(left.certificate, "東京都中野区みどり台1番1号")
    juki.settle()
    assert sorted(juki["東京都"].changes(code))[0] == "中野区 記載・国内転入 2021-06-01 #1"
    assert [(held.area_code, held.live) for held in juki["東京都"].held(code)] == [("131148", True), ("132152", False)]
    assert juki["中野区"].resident(came.receipt.resident_ids[0]).relationship == "世帯主"
    assert juki["国立市"].resident(family.head).relationship == "世帯主"
    assert juki.ledger_differences() == []


@pytest.mark.law("issue_move_out_certificate")
def test_the_certificate_carries_all_that_the_ordinance_asks_for(juki: Juki, family: Family) -> None:
    certificate = juki["国立市"].report_move_out(family.all, "横浜市鶴見区", "2021-06-05").certificate
    head, wife, child = certificate.members
    address = "東京都国立市みどり台二丁目3番4号"
    assert (certificate.former_address, certificate.former_area_code) == (address, "132152")
    assert (certificate.destination, certificate.planned_date) == ("横浜市鶴見区", day("2021-06-05"))
    assert certificate.issue_date == day("2021-06-01")
    assert head.identification == juki["国立市"].resident(family.head).identification
    assert len(head.identification.individual_number) == 12
    assert (head.registered_domicile, head.registered_head) == ("東京都国立市架空町一番地", "架空　太郎")
    assert [member.relationship for member in certificate.members] == ["世帯主", "妻", "子"]
    assert {member.head_name for member in certificate.members} == {"架空　太郎"}
    assert (head.national_pension_class, wife.national_pension_class, child.national_pension_class) == (
        "第1号",
        "第1号",
        "",
    )
    assert (head.child_allowance, child.child_allowance) == (False, True)
    assert not any(m.national_health_insurance or m.long_term_care_insurance for m in certificate.members)

    printed = juki["国立市"].print_notice(family.head, pb.NOTICE_KIND_MOVE_OUT_CERTIFICATE).text
    number = head.identification.individual_number
    for words in (family.codes[0], number, "東京都国立市架空町一番地", "横浜市鶴見区", "令和3年6月5日", "第1号"):
        assert words in printed


@pytest.mark.law("issue_move_out_certificate")
def test_a_lost_certificate_is_printed_again_after_all_have_left(juki: Juki, family: Family) -> None:
    juki["国立市"].report_move_out(family.all, "杉並区", "2021-06-01")
    printed = juki["国立市"].print_notice(family.child, pb.NOTICE_KIND_MOVE_OUT_CERTIFICATE).text
    assert "架空　太郎　子" in printed
    assert juki["国立市"].resident(family.wife).relationship == "妻"


@pytest.mark.law("deletion_day", "complete_move_out")
def test_who_reports_beforehand_stays_live_until_midnight_of_the_planned_day(juki: Juki, family: Family) -> None:
    kunitachi, code = juki["国立市"], family.codes[0]
    left = kunitachi.report_move_out(family.all, "横浜市鶴見区", "2021-06-10")
    assert left.receipt.notices == 0
    assert [task.resident_id for task in kunitachi.tasks()] == family.all
    juki.clock.set("2021-06-09T23:59:59")
    assert kunitachi.resident(family.head).state == pb.RESIDENT_STATE_MOVING_OUT
    assert juki["機構"].held(code)[0].live
    assert kunitachi.status().next_due_time.ToJsonString() == "2021-06-09T15:00:00Z"

    juki.clock.set("2021-06-10")
    assert kunitachi.resident(family.head).state == pb.RESIDENT_STATE_REMOVED
    assert juki["機構"].changes(code)[-1] == "国立市 消除・国内転出 2021-06-10 #3"
    assert not juki["機構"].held(code)[0].live
    (row,) = [row for row in kunitachi.audit() if row["event"] == "CompleteMoveOut"]
    assert (row["article"], row["caller"]) == ("住基令第13条第1項", "municipality/132152")
    assert row["subjects"] == ",".join(map(str, family.all))
    assert juki.ledger_differences() == []


@pytest.mark.law("complete_move_out")
def test_the_clock_stops_at_midnight_even_when_it_is_moved_a_month(juki: Juki, family: Family) -> None:
    juki["国立市"].report_move_out(family.all, "横浜市鶴見区", "2021-06-10")
    juki.clock.advance(days=30)
    (entry,) = [e for e in juki["国立市"].journal() if list(e.summaries) == ["消除・国内転出 3件"]]
    assert entry.receive_virtual_time.ToJsonString() == "2021-06-09T15:00:00Z"
    assert juki.clock.today.isoformat() == "2021-07-01"


@pytest.mark.law("deletion_day", "complete_move_out")
def test_who_was_down_on_the_planned_day_removes_late_but_dates_it_as_planned(juki: Juki, family: Family) -> None:
    juki["国立市"].report_move_out(family.all, "横浜市鶴見区", "2021-06-10")
    juki.kill("国立市")
    juki.clock.advance(days=30)
    juki.start("国立市")
    juki.clock.advance(hours=1)
    assert juki["国立市"].node.clock.today().isoformat() == "2021-07-01"
    assert juki["機構"].changes(family.codes[0])[-1] == "国立市 消除・国内転出 2021-06-10 #3"
    assert juki.ledger_differences() == []


@pytest.mark.law("deletion_day", "receive_move_in_notice")
def test_an_earlier_notice_removes_earlier_but_dates_it_as_planned(juki: Juki, family: Family) -> None:
    kunitachi, code = juki["国立市"], family.codes[1]
    left = kunitachi.report_move_out([family.wife], "杉並区", "2021-06-20")
    juki.clock.set("2021-06-08")
    juki["杉並区"].report_move_in(left.certificate, "東京都杉並区みどり台1番1号", "2021-06-07")
    juki.settle()
    record = kunitachi.resident(family.wife)
    assert record.state == pb.RESIDENT_STATE_REMOVED
    assert (record.removal_date, record.confirmed_move_out_date) == (day("2021-06-20"), day("2021-06-07"))
    assert kunitachi.changes(code)[-1] == "国立市 消除・国内転出 2021-06-20 #3"
    juki.clock.set("2021-06-25")
    assert kunitachi.changes(code)[-1] == "国立市 消除・国内転出 2021-06-20 #3"
    assert juki.ledger_differences() == []


@pytest.mark.law("receive_move_in_notice")
def test_who_never_reported_leaving_is_removed_ex_officio_when_the_notice_comes(juki: Juki, family: Family) -> None:
    kunitachi, code = juki["国立市"], family.codes[1]
    paper = _notice(juki, family, "東京都小平市架空町1番地", "132110")
    assert kunitachi.enter_paper_move_in_notice(paper).receipt.notices == 2
    juki.settle()
    assert kunitachi.changes(code)[-1] == "国立市 消除・職権消除等 2021-06-01 #3"
    assert juki["東京都"].confirmed(code)[0].new_area_code == "132110"
    assert kunitachi.resident(family.head).relationship == "世帯主"


def test_without_certificate_the_refusal_names_the_ordinance(juki: Juki) -> None:
    for certificate in (
        None,
        intermunicipal_pb2.MoveOutCertificate(planned_date=day("2021-06-01"), issue_date=day("2021-06-01")),
    ):
        with juki.refused("CERTIFICATE_REQUIRED") as refusal:
            juki["杉並区"].report_move_in(certificate, "東京都杉並区みどり台1番1号")
        answer = refusal[0].answer
        assert answer.definite
        assert answer.article == "住基法第22条"
        assert "令22条" in answer.message
        assert "令22条" in answer.japanese


@pytest.mark.law("notify_move_in")
def test_while_the_line_is_down_the_notice_is_kept_shown_and_delivered_later(juki: Juki, family: Family) -> None:
    kunitachi, suginami, code = juki["国立市"], juki["杉並区"], family.codes[1]
    left = kunitachi.report_move_out([family.wife], "杉並区")
    juki.cut("国立市", "杉並区")
    suginami.report_move_in(left.certificate, "東京都杉並区みどり台1番1号")
    juki.settle()
    (task,) = suginami.tasks()
    assert (task.kind, task.counterpart, task.count) == (pb.TASK_KIND_MOVE_IN_NOTICE, "132152", 1)
    assert kunitachi.resident(family.wife).confirmed_destination == ""
    assert {held.area_code: held.live for held in juki["機構"].held(code)} == {"132152": False, "131156": True}

    juki.heal()
    juki.settle()
    assert suginami.tasks() == []
    assert kunitachi.resident(family.wife).confirmed_destination == "東京都杉並区みどり台1番1号"
    assert len(juki["東京都"].confirmed(code)) == 1
    assert juki.ledger_differences() == []


@pytest.mark.law("enter_paper_move_in_notice")
def test_the_paper_notice_has_the_same_effect_and_the_late_one_changes_nothing(juki: Juki, family: Family) -> None:
    kunitachi, code = juki["国立市"], family.codes[1]
    left = kunitachi.report_move_out([family.wife], "杉並区")
    juki.cut("国立市", "杉並区")
    juki["杉並区"].report_move_in(left.certificate, "東京都杉並区みどり台1番1号")
    (told,) = juki["杉並区"].notices(kind=MOVE_IN) or [_notice(juki, family, "東京都杉並区みどり台1番1号", "131156")]
    assert kunitachi.enter_paper_move_in_notice(told).receipt.notices == 1
    juki.settle()
    assert len(juki["東京都"].notices(kind=relay_pb2.STREAM_KIND_MOVE_OUT_CONFIRMATION)) == 1
    juki.heal()
    juki.settle()
    assert len(juki["東京都"].notices(kind=relay_pb2.STREAM_KIND_MOVE_OUT_CONFIRMATION)) == 1
    assert kunitachi.resident(family.wife).person_sequence == 3
    assert kunitachi.enter_paper_move_in_notice(told).receipt.notices == 0
    assert juki["東京都"].confirmed(code)[0].new_address == "東京都杉並区みどり台1番1号"
    assert juki.ledger_differences() == []


@pytest.mark.law("receive_move_in_notice")
def test_of_several_notices_the_latest_wins(juki: Juki, family: Family) -> None:
    kunitachi, code = juki["国立市"], family.codes[1]
    kunitachi.report_move_out([family.wife], "小平市")
    for address in ("東京都小平市架空町1番地", "東京都小平市架空町2番地"):
        kunitachi.enter_paper_move_in_notice(_notice(juki, family, address, "132110"))
    juki.settle()
    assert kunitachi.resident(family.wife).confirmed_destination == "東京都小平市架空町2番地"
    assert [confirmed.new_address for confirmed in juki["東京都"].confirmed(code)] == ["東京都小平市架空町2番地"]
    assert len(kunitachi.changes(code)) == 3


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"resident_code": "12345678901"}, "CHECK_DIGIT_WRONG", id="検査数字の合わないコード"),
        pytest.param({"resident_code": "架空"}, "CHECK_DIGIT_WRONG", id="数字でないコード"),
        pytest.param({"new_address": " "}, "FIELD_MISSING", id="転入先の住所がない"),
        pytest.param({"new_area_code": "999999"}, "AREA_UNKNOWN", id="知らない市区町村"),
        pytest.param({"move_in_date": day("2021-06-02")}, "DATE_IN_FUTURE", id="明日の転入"),
        pytest.param({"move_in_date": None}, "FIELD_MISSING", id="転入年月日がない"),
        pytest.param({"move_in_date": day("2021-05-01")}, "RESIDENT_NOT_FOUND", id="記載より前の転入"),
        pytest.param({"resident_code": "00000000000"}, "RESIDENT_NOT_FOUND", id="記録のない者"),
    ],
)
@pytest.mark.juki(nodes=["国立市"])
@pytest.mark.law("enter_paper_move_in_notice")
def test_a_paper_notice_that_cannot_be_is_refused(
    juki: Juki, family: Family, change: dict[str, object], reason: str
) -> None:
    fields = {
        field.name: value for field, value in _notice(juki, family, "東京都小平市架空町1番地", "132110").ListFields()
    }
    with juki.refused(reason):
        juki["国立市"].enter_paper_move_in_notice(intermunicipal_pb2.MoveInNotice(**{**fields, **change}))
    assert juki["国立市"].resident(family.wife).state == pb.RESIDENT_STATE_LIVE


@pytest.mark.law("receive_move_in_notice")
def test_a_notice_about_somebody_unknown_is_set_aside_alone(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    left = kunitachi.report_move_out([family.wife, family.child], "杉並区")
    stranger = left.certificate.members[0].identification
    mine = juki["中野区"].enter_ex_officio(person("架空　三太", "1970-01-01")).receipt.resident_ids[0]
    stranger.resident_code = juki["中野区"].resident(mine).identification.resident_code
    suginami.report_move_in(left.certificate, "東京都杉並区みどり台1番1号")
    juki.settle()
    assert kunitachi.quarantined() == [("131156", "RESIDENT_NOT_FOUND")]
    assert kunitachi.resident(family.child).confirmed_destination == "東京都杉並区みどり台1番1号"
    assert kunitachi.status().quarantined_records == 1
    assert juki.ledger_differences() == []


@pytest.mark.law("receive_move_in_notice")
def test_a_notice_with_another_s_code_closes_nobody_s_record(juki: Juki, family: Family) -> None:
    """The code alone does not make the person: birth date and sex must be those of the 住民票."""
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    left = kunitachi.report_move_out([family.child], "杉並区")
    left.certificate.members[0].identification.resident_code = family.codes[0]  # the head's, who stays
    suginami.report_move_in(left.certificate, "東京都杉並区みどり台1番1号")
    juki.settle()
    assert kunitachi.quarantined() == [("131156", "PERSON_DIFFERS")]
    assert kunitachi.resident(family.head).state == pb.RESIDENT_STATE_LIVE
    assert juki["東京都"].confirmed(family.codes[0]) == []
    assert juki.ledger_differences() == []


@pytest.mark.law("receive_move_in_notice")
def test_a_notice_about_somebody_dead_is_set_aside(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.report_death(family.wife)
    with juki.refused("PERSON_DIFFERS"):
        kunitachi.enter_paper_move_in_notice(_notice(juki, family, "東京都杉並区みどり台1番1号", "131156"))
    assert kunitachi.resident(family.wife).confirmed_destination == ""


def test_a_late_deletion_never_erases_the_record_of_the_new_municipality(juki: Juki, family: Family) -> None:
    code = family.codes[1]
    juki.cut("国立市", "東京都")
    left = juki["国立市"].report_move_out([family.wife], "横浜市鶴見区")
    juki["横浜市鶴見区"].report_move_in(left.certificate, YOKOHAMA)
    juki.settle()
    assert {held.area_code: held.live for held in juki["機構"].held(code)} == {"132152": True, "141011": True}
    juki.heal()
    juki.settle()
    assert {held.area_code: held.live for held in juki["機構"].held(code)} == {"132152": False, "141011": True}
    assert juki["機構"].changes(code)[-1] == "国立市 消除・国内転出 2021-06-01 #3"
    assert juki.ledger_differences() == []


def test_who_comes_back_is_counted_on_and_an_old_notice_does_not_remove_again(juki: Juki, family: Family) -> None:
    kunitachi, suginami, code = juki["国立市"], juki["杉並区"], family.codes[1]
    out = kunitachi.report_move_out([family.wife], "杉並区")
    juki.cut("国立市", "杉並区")
    there = suginami.report_move_in(out.certificate, "東京都杉並区みどり台1番1号").receipt.resident_ids
    juki.clock.advance(days=20)
    back = suginami.report_move_out(there, "国立市")
    home = kunitachi.report_move_in(back.certificate, "", household_id=family.household).receipt.resident_ids[0]
    juki.heal()
    juki.settle()

    record = kunitachi.resident(home)
    assert record.state == pb.RESIDENT_STATE_LIVE
    assert (record.person_sequence, record.relationship) == (4, "同居人")
    assert record.identification.address == "東京都国立市みどり台二丁目3番4号"
    assert kunitachi.resident(family.wife).confirmed_destination == "東京都杉並区みどり台1番1号"
    assert kunitachi.changes(code)[2:] == ["国立市 消除・国内転出 2021-06-01 #3", "国立市 記載・国内転入 2021-06-21 #4"]
    assert {held.area_code: held.live for held in juki["機構"].held(code)} == {"132152": True, "131156": False}
    assert juki.ledger_differences() == []


def test_who_moves_before_the_number_comes_gets_it_in_both_places_and_is_told_of_once(
    juki: Juki, family: Family
) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    juki.kill("機構")
    born = kunitachi.report_birth(family.household).receipt.resident_ids
    left = kunitachi.report_move_out(born, "杉並区")
    came = suginami.report_move_in(left.certificate, "東京都杉並区みどり台1番1号").receipt.resident_ids
    juki.start("機構")
    juki.settle()
    number = suginami.resident(came[0]).identification.individual_number
    assert len(number) == 12
    assert kunitachi.resident(born[0]).identification.individual_number == number
    assert kunitachi.tasks() == suginami.tasks() == []
    changes = juki["機構"].changes(left.certificate.members[0].identification.resident_code)
    assert [change for change in changes if NUMBERED in change] == [f"杉並区 {NUMBERED} 2021-06-01 #2"]


def test_from_ward_to_ward_of_one_city_is_a_move_and_not_a_relocation(juki: Juki) -> None:
    tsurumi, naka = juki["横浜市鶴見区"], juki["横浜市中区"]
    receipt = tsurumi.enter_ex_officio(person("架空　港", "1990-07-07", "女")).receipt
    ids = receipt.resident_ids
    juki.settle()
    since, code = juki.mark(), tsurumi.resident(ids[0]).identification.resident_code
    with juki.refused("AREA_NOT_YOURS"):
        there = naka.enter_ex_officio(person("架空　渚", "1991-07-07", "女")).receipt
        tsurumi.report_relocation(ids, "", household_id=there.household_id)

    left = tsurumi.report_move_out(ids, "横浜市中区", "2021-06-20")
    assert left.certificate.former_area_code == "141011"
    came = naka.report_move_in(left.certificate, "神奈川県横浜市中区みどり台1番1号").receipt
    assert came.notices == 4  # 記載, 転入通知, 消除, 転出確定通知
    juki.settle()

    assert tsurumi.resident(ids[0]).state == pb.RESIDENT_STATE_REMOVED
    assert tsurumi.resident(ids[0]).confirmed_destination == "神奈川県横浜市中区みどり台1番1号"
    for tier in ("神奈川県", "機構"):
        assert {held.area_code: held.live for held in juki[tier].held(code)} == {"141011": False, "141046": True}
        assert juki[tier].changes(code)[-1] == "鶴見区 消除・国内転出 2021-06-20 #3" or juki[tier].changes(code)[
            -1
        ] == ("中区 記載・国内転入 2021-06-01 #1")
    (confirmed,) = juki["神奈川県"].confirmed(code)
    assert confirmed.new_area_code == "141046"
    assert "横浜市→横浜市" not in juki.hops(code, since)
    (said,) = [e for e in naka.journal() if e.header.kind == MOVE_IN]
    assert (said.said, said.header.origin, said.header.counterpart) == (True, "141046", "141011")
    assert juki.ledger_differences() == []


def test_each_ward_has_its_own_stream_signed_with_the_city_s_key(juki: Juki) -> None:
    for ward in ("鶴見区", "中区"):
        juki[f"横浜市{ward}"].enter_ex_officio(person("架空　港", "1990-07-07", "女"))
    juki.settle()
    serial = juki["横浜市"].node.credentials.current.certificate_der
    with juki["神奈川県"].file() as db:
        rows = db.execute(
            "SELECT DISTINCT origin, der FROM batch JOIN certificate ON hash = certificate_hash ORDER BY 1"
        ).fetchall()
    assert rows == [("141011", serial), ("141046", serial)]
    assert {count.area_code: count.live_records for count in juki["機構"].status().live_by_origin} == {
        "141011": 1, "141046": 1,
    }  # fmt: skip
    with juki.refused("AREA_NOT_YOURS"):
        juki["横浜市"].enter_ex_officio(address="神奈川県横浜市中区1番1号")


def test_what_no_move_can_be_is_refused(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    with juki.refused("FIELD_MISSING"):
        kunitachi.report_move_out(family.all, " ")
    with juki.refused("FIELD_MISSING"):
        kunitachi.report_move_out([], "杉並区")
    with juki.refused("REPORT_TOO_LATE"):
        kunitachi.report_move_out(family.all, "杉並区", "2021-05-17")  # more than 14 days ago: 職権
    other = kunitachi.enter_ex_officio(person("架空　四郎", "1970-01-01")).receipt.resident_ids[0]
    with juki.refused("NOT_ONE_HOUSEHOLD"):
        kunitachi.report_move_out([family.head, other], "杉並区")

    certificate = kunitachi.report_move_out(family.all, "杉並区").certificate
    with juki.refused("RESIDENT_REMOVED"):
        kunitachi.report_move_out(family.all, "杉並区")
    with juki.refused("DATE_IN_FUTURE"):
        suginami.report_move_in(certificate, "東京都杉並区みどり台1番1号", "2021-06-02")
    with juki.refused("FIELD_MISSING"):
        suginami.report_move_in(certificate, "")
    with juki.refused("FIELD_OUT_OF_RANGE"):
        kunitachi.report_move_in(certificate, "東京都国立市みどり台1番1号")
    suginami.report_move_in(certificate, "東京都杉並区みどり台1番1号")
    with juki.refused("RESIDENT_LIVE_ALREADY"):
        suginami.report_move_in(certificate, "東京都杉並区みどり台1番1号")
    certificate.members[0].identification.resident_code = "12345678901"
    with juki.refused("CHECK_DIGIT_WRONG"):
        juki["中野区"].report_move_in(certificate, "東京都中野区みどり台1番1号")
    juki.settle()
    assert juki["中野区"].status().live_records == 0
    assert juki["杉並区"].status().live_records == 3


def _notice(juki: Juki, family: Family, address: str, area_code: str) -> intermunicipal_pb2.MoveInNotice:
    """A 転入通知 on paper about the wife."""
    wife = juki["国立市"].resident(family.wife).identification
    return intermunicipal_pb2.MoveInNotice(
        resident_code=wife.resident_code, name=wife.name, birth_date=wife.birth_date, sex=wife.sex,
        new_address=address, move_in_date=day("2021-06-01"), report_date=day("2021-06-01"),
        former_address=wife.address, new_area_code=area_code,
    )  # fmt: skip
