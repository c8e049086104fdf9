"""転出届時の事前通知 from 2023-02-06: told at once, used at the counter, erased when its period is over."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import day, person
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import relay_pb2

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

CERTIFICATE = relay_pb2.STREAM_KIND_MOVE_OUT_CERTIFICATE
PRE_NOTICE = relay_pb2.STREAM_KIND_MOVE_OUT_PRE_NOTICE
SUGINAMI = "東京都杉並区みどり台1番1号"
IN_2023 = pytest.mark.juki(clock="2023-03-01")


def said(juki: Juki, name: str, kind: int) -> int:
    """How many batches of that kind a municipality signed."""
    return len([entry for entry in juki[name].journal() if entry.header.kind == kind and entry.said])


def erased(juki: Juki, name: str) -> list[str]:
    """Articles of the erasures in the audit."""
    return [row["article"] for row in juki[name].audit() if row["event"] == "EraseMoveOutPreNotice"]


@IN_2023
@pytest.mark.law("notify_move_out_beforehand", "receive_move_out_pre_notice", "list_move_out_pre_notices")
def test_a_report_by_card_is_told_to_its_destination_at_once_and_used_there(juki: Juki, family: Family) -> None:
    kunitachi, suginami, since = juki["国立市"], juki["杉並区"], juki.mark()
    left = kunitachi.report_move_out(family.all, SUGINAMI, "2023-03-20", with_card=True)
    assert left.receipt.notices == 1, "the notice sideways; 消除 only on the planned day"
    juki.settle()
    (hop,) = [h for h in juki.sequence(family.codes[0], since) if h.kind == "MOVE_OUT_PRE_NOTICE"]
    assert (str(hop), hop.article) == ("国立市→杉並区", "住基法第24条の2第3項")
    (held,) = suginami.list_move_out_pre_notices()
    paper = held.notice.certificate
    assert (held.area_code, held.erase_date) == ("131156", day("2023-04-21"))
    assert (paper.former_area_code, paper.planned_date) == ("132152", day("2023-03-20"))
    assert [member.relationship for member in paper.members] == ["世帯主", "妻", "子"]
    assert [member.identification for member in paper.members] == [
        kunitachi.resident(resident_id).identification for resident_id in family.all
    ]
    assert suginami.audit()[-1]["event"] == "ListMoveOutPreNotices"

    juki.clock.set("2023-03-20")
    juki.cut("国立市", "杉並区")
    came = suginami.report_special_move_in(family.codes[1], "国立市", SUGINAMI)
    assert len(came.receipt.resident_ids) == 3, "nobody had to be asked"
    assert suginami.list_move_out_pre_notices() == []
    juki.heal()
    juki.settle()
    assert said(juki, "国立市", CERTIFICATE) == 0
    assert kunitachi.resident(family.child).confirmed_destination == SUGINAMI
    juki.clock.set("2023-06-01")
    assert erased(juki, "杉並区") == []
    assert juki.ledger_differences() == []


@pytest.mark.law("notify_move_out_beforehand", "send_move_out_certificate")
@pytest.mark.parametrize(
    ("today", "notices", "answers"),
    [
        pytest.param("2023-02-05", 0, 1, id="改正の前日は、通知せずに求めに答える"),
        pytest.param("2023-02-06", 1, 0, id="改正の日からは、求められる前に通知する"),
    ],
)
@pytest.mark.juki(clock="2023-02-05")
def test_on_the_day_of_the_amendment_pull_becomes_push(
    juki: Juki, family: Family, today: str, notices: int, answers: int
) -> None:
    juki.clock.set(today)
    juki["国立市"].report_move_out([family.wife], "杉並区", with_card=True)
    juki.settle()
    assert said(juki, "国立市", PRE_NOTICE) == notices
    juki["杉並区"].report_special_move_in(family.codes[1], "国立市", SUGINAMI)
    assert said(juki, "国立市", CERTIFICATE) == answers
    juki.settle()
    assert juki.ledger_differences() == []


@pytest.mark.law("list_move_out_pre_notices")
@pytest.mark.juki(nodes=["国立市"])
def test_list_move_out_pre_notices_has_no_basis_before_the_amendment(juki: Juki) -> None:
    with juki.refused("NOT_YET_IN_FORCE") as refusal:
        juki["国立市"].list_move_out_pre_notices()
    assert dict(refusal[0].answer.facts) == {"since": "2023-02-06"}


@IN_2023
@pytest.mark.law("notify_move_out_beforehand")
@pytest.mark.parametrize(
    ("destination", "with_card", "notices"),
    [
        pytest.param("杉並区", True, 1, id="カードで、転出先が分かる"),
        pytest.param("東京都杉並区みどり台1番1号", True, 1, id="カードで、住所まで分かる"),
        pytest.param("杉並区", False, 0, id="転出証明書による者は通知しない"),
        pytest.param("府中市", True, 0, id="同名の市があって決まらない"),
        pytest.param("未定", True, 0, id="転出先が未定"),
        pytest.param("国立市", True, 0, id="転出先が自らの市"),
    ],
)
def test_who_is_told_beforehand(juki: Juki, family: Family, destination: str, with_card: bool, notices: int) -> None:
    juki["国立市"].report_move_out([family.wife], destination, "2023-03-20", with_card=with_card)
    juki.settle()
    assert said(juki, "国立市", PRE_NOTICE) == notices
    assert len(juki["杉並区"].list_move_out_pre_notices()) == notices


@IN_2023
@pytest.mark.law("send_move_out_certificate")
def test_where_no_notice_came_the_other_is_asked_on_the_new_paragraph(juki: Juki, family: Family) -> None:
    juki["国立市"].report_move_out([family.wife], "未定", with_card=True)
    juki.settle()
    since = juki.mark()
    juki["杉並区"].report_special_move_in(family.codes[1], "国立市", SUGINAMI)
    (hop,) = [h for h in juki.sequence(family.codes[1], since) if h.kind == "MOVE_OUT_CERTIFICATE"]
    assert (str(hop), hop.article) == ("国立市→杉並区", "住基法第24条の2第6項")
    juki.settle()
    assert juki.ledger_differences() == []


@IN_2023
@pytest.mark.law("send_move_out_certificate", "erase_move_out_pre_notice")
def test_who_turns_up_elsewhere_is_asked_about_and_the_planned_city_is_told(juki: Juki, family: Family) -> None:
    kunitachi, nakano, suginami = juki["国立市"], juki["中野区"], juki["杉並区"]
    kunitachi.report_move_out([family.wife], "杉並区", "2023-03-01", with_card=True)
    nakano.report_special_move_in(family.codes[1], "国立市", "東京都中野区みどり台1番1号")
    juki.settle()
    assert said(juki, "国立市", CERTIFICATE) == 1
    assert kunitachi.resident(family.wife).confirmed_destination == "東京都中野区みどり台1番1号"
    assert suginami.list_move_out_pre_notices() == []
    assert juki.ledger_differences() == []


@IN_2023
@pytest.mark.law("erase_move_out_pre_notice")
def test_of_whom_nothing_is_heard_the_planned_city_erases_what_it_was_told(juki: Juki, family: Family) -> None:
    suginami = juki["杉並区"]
    juki["国立市"].report_move_out([family.wife], "杉並区", "2023-03-01", with_card=True)
    juki.settle()
    juki.clock.set("2023-04-01")  # the day after the 30th: the last day of the period
    assert len(suginami.list_move_out_pre_notices()) == 1
    assert suginami.status().next_due_time.ToDatetime().date() == date(2023, 4, 1)  # 00:00 JST of the 2nd
    juki.clock.set("2023-04-02")
    assert suginami.list_move_out_pre_notices() == []
    assert erased(juki, "杉並区") == ["住基法第24条の2第4項"]
    counts = suginami.counts()
    assert (counts["move_out_pre_notice"], counts["move_out_pre_notice_person"]) == (0, 0)
    assert suginami.status().next_due_time.ToDatetime().date() > date(2023, 4, 2)  # papers, after a year
    assert juki.ledger_differences() == []


@IN_2023
@pytest.mark.law("erase_move_out_pre_notice", "report_special_move_in")
def test_whoever_comes_after_the_erasure_needs_a_paper(juki: Juki, family: Family) -> None:
    juki["国立市"].report_move_out([family.wife], "杉並区", "2023-03-01", with_card=True)
    juki.clock.set("2023-04-02")
    with juki.refused("SPECIAL_TOO_LATE"):
        juki["杉並区"].report_special_move_in(family.codes[1], "国立市", SUGINAMI)
    assert juki["杉並区"].residents() == []
    assert said(juki, "国立市", CERTIFICATE) == 1, "what was erased had to be asked for"


@IN_2023
@pytest.mark.law("report_special_move_in")
def test_the_notice_at_hand_does_not_lengthen_the_period(juki: Juki, family: Family) -> None:
    suginami = juki["杉並区"]
    juki["国立市"].report_move_out([family.wife], "杉並区", "2023-03-01", with_card=True)
    juki.clock.set("2023-04-01")
    assert len(suginami.list_move_out_pre_notices()) == 1
    with juki.refused("SPECIAL_TOO_LATE"):
        suginami.report_special_move_in(family.codes[1], "国立市", SUGINAMI)
    assert said(juki, "国立市", CERTIFICATE) == 0
    assert len(suginami.list_move_out_pre_notices()) == 1


@IN_2023
@pytest.mark.law("erase_move_out_pre_notice", "complete_move_out")
def test_two_jobs_of_one_day_are_both_done_and_each_has_its_audit_row(juki: Juki, family: Family) -> None:
    """杉並区 erases on the day on which one of its own leaves."""
    suginami = juki["杉並区"]
    juki["国立市"].report_move_out([family.wife], "杉並区", "2023-03-01", with_card=True)
    own = suginami.enter_ex_officio().receipt.resident_ids
    suginami.report_move_out(own, "中野区", "2023-04-02")
    juki.clock.set("2023-05-01")
    assert suginami.list_move_out_pre_notices() == []
    assert suginami.resident(own[0]).state == pb.RESIDENT_STATE_REMOVED
    done = [r for r in suginami.audit() if r["event"] in ("CompleteMoveOut", "EraseMoveOutPreNotice")]
    assert [row["event"] for row in done] == ["CompleteMoveOut", "EraseMoveOutPreNotice"]


@IN_2023
@pytest.mark.law("notify_move_out_beforehand")
def test_while_the_line_is_down_the_notice_waits_and_comes_later(juki: Juki, family: Family) -> None:
    juki.cut("国立市", "杉並区")
    juki["国立市"].report_move_out([family.wife], "杉並区", "2023-03-20", with_card=True)
    juki.settle()
    assert juki["杉並区"].list_move_out_pre_notices() == []
    juki.heal()
    juki.settle()
    assert len(juki["杉並区"].list_move_out_pre_notices()) == 1
    assert juki.ledger_differences() == []


@IN_2023
@pytest.mark.law("notify_move_out_beforehand", "send_move_out_certificate")
@pytest.mark.parametrize(
    ("destination", "to", "asked"),
    [
        pytest.param("横浜市鶴見区", "横浜市鶴見区", 0, id="通知を受けた区は求めない"),
        pytest.param("横浜市鶴見区", "横浜市中区", 1, id="通知を受けていない区は求める"),
        pytest.param("横浜市", "横浜市中区", 0, id="区が分からず市に通知されたときは、どの区も求めない"),
    ],
)
def test_a_ward_uses_what_was_told_to_it_or_to_its_city(
    juki: Juki, family: Family, destination: str, to: str, asked: int
) -> None:
    juki["国立市"].report_move_out([family.wife], destination, "2023-03-01", with_card=True)
    juki.settle()
    address = juki.full_name(juki[to].code) + "みどり台1番1号"
    juki[to].report_special_move_in(family.codes[1], "国立市", address)
    assert said(juki, "国立市", CERTIFICATE) == asked
    juki.settle()
    assert juki.ledger_differences() == []


@IN_2023
@pytest.mark.law("notify_move_out_beforehand", "receive_move_out_pre_notice")
def test_from_ward_to_ward_the_notice_is_signed_and_kept_without_a_line(juki: Juki) -> None:
    tsurumi, naka = juki["横浜市鶴見区"], juki["横浜市中区"]
    who = tsurumi.enter_ex_officio(person("架空　港", "1990-07-07", "女")).receipt.resident_ids
    juki.settle()
    code = tsurumi.resident(who[0]).identification.resident_code
    tsurumi.report_move_out(who, "横浜市中区", with_card=True)
    (held,) = naka.list_move_out_pre_notices()
    assert (held.area_code, held.notice.certificate.former_area_code) == ("141046", "141011")
    juki.settle()
    (entry,) = [e for e in naka.journal() if e.header.kind == PRE_NOTICE]
    assert (entry.said, entry.header.origin, entry.header.counterpart) == (True, "141011", "141046")
    naka.report_special_move_in(code, "横浜市鶴見区", "神奈川県横浜市中区みどり台1番1号")
    assert naka.list_move_out_pre_notices() == []
    juki.settle()
    assert juki.ledger_differences() == []


@pytest.mark.law("report_move_out_online")
@pytest.mark.parametrize(
    ("planned", "card", "reason"),
    [
        pytest.param("2023-03-31", True, "", id="転出予定日の30日前"),
        pytest.param("2023-04-01", True, "ONLINE_PERIOD", id="転出予定日の31日前"),
        pytest.param("2023-02-19", True, "", id="転出予定日の10日後"),
        pytest.param("2023-02-18", True, "ONLINE_PERIOD", id="転出予定日の11日後"),
        pytest.param("2023-03-10", False, "CARD_REQUIRED", id="カードによらない"),
    ],
)
@IN_2023
def test_report_move_out_online(juki: Juki, family: Family, planned: str, card: bool, reason: str) -> None:
    kunitachi = juki["国立市"]
    if not reason:
        assert not kunitachi.report_move_out(
            family.all, "杉並区", planned, with_card=card, online=True
        ).certificate.members
        juki.settle()
        assert len(juki["杉並区"].list_move_out_pre_notices()) == 1
        return
    with juki.refused(reason) as refusal:
        kunitachi.report_move_out(family.all, "杉並区", planned, with_card=card, online=True)
    assert refusal[0].answer.article == "住基法第24条"
    assert kunitachi.resident(family.head).state == pb.RESIDENT_STATE_LIVE
    assert kunitachi.counts()["move_out"] == 0


@pytest.mark.law("report_move_out_online")
@pytest.mark.juki(nodes=["国立市"])
def test_report_move_out_online_is_not_taken_in_2021(juki: Juki, family: Family) -> None:
    with juki.refused("ONLINE_NOT_OFFERED") as refusal:
        juki["国立市"].report_move_out(family.all, "杉並区", with_card=True, online=True)
    assert "令和5年2月6日" in refusal[0].answer.japanese
    assert juki["国立市"].resident(family.head).state == pb.RESIDENT_STATE_LIVE
