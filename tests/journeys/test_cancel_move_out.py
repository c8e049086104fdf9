"""転出の取消し: undone before the planned day, entered again after it, and never once somebody lives elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import day
from jukinet.v1 import counter_pb2 as pb

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

SUGINAMI = "東京都杉並区みどり台1番1号"
pytestmark = pytest.mark.law("cancel_move_out")


def test_cancel_move_out_before_the_planned_day_undoes_the_plan_and_nothing_goes_up(juki: Juki, family: Family) -> None:
    kunitachi, since = juki["国立市"], juki.mark()
    before = [kunitachi.resident(resident_id) for resident_id in family.all]
    kunitachi.report_move_out(family.all, "杉並区", "2021-06-10")
    undone = kunitachi.cancel_move_out(family.all).receipt
    assert (undone.notices, list(undone.resident_ids)) == (0, family.all)
    assert [kunitachi.resident(resident_id) for resident_id in family.all] == before
    assert kunitachi.tasks() == []
    juki.clock.set("2021-06-11")
    assert [kunitachi.resident(resident_id) for resident_id in family.all] == before
    assert juki.hops(since=since) == []


def test_cancel_move_out_after_the_removal_enters_the_household_again(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.report_move_out(family.all, "杉並区", "2021-06-10")
    old = [kunitachi.resident(resident_id) for resident_id in family.all]
    juki.clock.set("2021-06-12")
    back = kunitachi.cancel_move_out(family.all).receipt
    assert (back.notices, back.household_id) == (3, family.household)
    juki.settle()
    for before, code, new_id in zip(old, family.codes, back.resident_ids, strict=True):
        new, gone = kunitachi.resident(new_id), kunitachi.resident(before.resident_id)
        assert (new.state, gone.state) == (pb.RESIDENT_STATE_LIVE, pb.RESIDENT_STATE_REMOVED)
        assert new.identification == before.identification
        assert (new.relationship, new.head_name) == (before.relationship, "架空　太郎")
        assert new.resident_since == before.resident_since
        assert (gone.person_sequence, new.person_sequence) == (3, 4)
        for tier in ("東京都", "機構"):
            assert juki[tier].changes(code)[2:] == [
                "国立市 消除・国内転出 2021-06-10 #3",
                "国立市 記載・職権記載等 2021-06-12 #4",
            ]
            assert [held.live for held in juki[tier].held(code)] == [True]
    assert kunitachi.tasks() == []
    row = [row for row in kunitachi.audit() if row["event"] == "CancelMoveOut"][-1]
    assert (row["article"], row["accepted"]) == ("住基令第12条第3項", 1)
    assert juki.ledger_differences() == []


def test_the_head_who_comes_back_is_head_again(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.report_move_out([family.head], "杉並区", "2021-06-01")
    assert kunitachi.resident(family.wife).relationship == "世帯主"
    new_id = kunitachi.cancel_move_out([family.head]).receipt.resident_ids[0]
    household = kunitachi.residents(household_id=family.household)
    standing = {r.resident_id: r.relationship for r in household if r.state == pb.RESIDENT_STATE_LIVE}
    assert standing == {new_id: "世帯主", family.wife: "妻", family.child: "子"}
    assert {record.head_name for record in household} == {"架空　太郎"}


def test_who_came_back_can_leave_again_and_only_then_be_confirmed(juki: Juki, family: Family) -> None:
    kunitachi, suginami, code = juki["国立市"], juki["杉並区"], family.codes[1]
    kunitachi.report_move_out([family.wife], "杉並区", with_card=True)
    (back,) = kunitachi.cancel_move_out([family.wife]).receipt.resident_ids
    with juki.refused("NO_MOVE_OUT_INFORMATION"):
        suginami.report_special_move_in(code, "国立市", SUGINAMI)
    kunitachi.report_move_out([back], "杉並区", with_card=True)
    suginami.report_special_move_in(code, "国立市", SUGINAMI)
    juki.settle()
    assert kunitachi.resident(back).confirmed_destination == SUGINAMI
    assert kunitachi.resident(family.wife).confirmed_destination == ""
    assert [(h.area_code, h.live) for h in juki["機構"].held(code)] == [("131156", True), ("132152", False)]
    assert juki.ledger_differences() == []


def test_only_who_stays_is_taken_off_what_the_other_is_told(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    kunitachi.report_move_out(family.all, "杉並区", "2021-06-10", with_card=True)
    kunitachi.cancel_move_out([family.child])
    came = suginami.report_special_move_in(family.codes[0], "国立市", SUGINAMI).receipt.resident_ids
    assert [suginami.resident(new).identification.resident_code for new in came] == list(family.codes[:2])
    juki.settle()
    assert kunitachi.resident(family.child).state == pb.RESIDENT_STATE_LIVE
    assert kunitachi.resident(family.child).relationship == "世帯主"


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        pytest.param("stays", "NO_MOVE_OUT_TO_CANCEL", id="転出届をしていない者"),
        pytest.param("dead", "NO_MOVE_OUT_TO_CANCEL", id="死亡した者"),
        pytest.param("deleted", "NO_MOVE_OUT_TO_CANCEL", id="職権で消除された者"),
        pytest.param("cancelled", "NO_MOVE_OUT_TO_CANCEL", id="既に取り消した者"),
        pytest.param("entered", "NO_MOVE_OUT_TO_CANCEL", id="既に記載し直した者の除票"),
        pytest.param("confirmed", "MOVE_OUT_CONFIRMED", id="転入通知を受けた者"),
        pytest.param("came back", "NO_MOVE_OUT_TO_CANCEL", id="転入先から戻って来た者の前の除票"),
        pytest.param("nobody", "RESIDENT_NOT_FOUND", id="いない者"),
        pytest.param("none", "FIELD_MISSING", id="誰も名指さない"),
        pytest.param("twice", "FIELD_MISSING", id="同じ者を二度名指す"),
    ],
)
@pytest.mark.juki(nodes=["国立市", "杉並区"])
def test_what_cannot_be_cancelled_is_refused_and_changes_nothing(
    juki: Juki, family: Family, how: str, reason: str
) -> None:
    kunitachi, who = juki["国立市"], [family.wife]
    if how == "dead":
        kunitachi.report_death(family.wife)
    elif how == "deleted":
        kunitachi.delete_ex_officio(family.wife)
    elif how == "cancelled":
        kunitachi.report_move_out(who, "杉並区", "2021-06-10")
        kunitachi.cancel_move_out(who)
    elif how == "entered":
        kunitachi.report_move_out(who, "杉並区")
        kunitachi.cancel_move_out(who)
    elif how in ("confirmed", "came back"):
        paper = kunitachi.report_move_out(who, "杉並区").certificate
        there = juki["杉並区"].report_move_in(paper, SUGINAMI).receipt.resident_ids
        juki.settle()
        if how == "came back":
            paper = juki["杉並区"].report_move_out(there, "国立市").certificate
            kunitachi.report_move_in(paper, "東京都国立市架空町9番地")
    elif how == "nobody":
        who = [9999]
    elif how == "none":
        who = []
    elif how == "twice":
        kunitachi.report_move_out(who, "杉並区", "2021-06-10")
        who = who * 2
    juki.settle()
    before = kunitachi.residents()
    with juki.refused(reason):
        kunitachi.cancel_move_out(who)
    assert kunitachi.residents() == before


@pytest.mark.juki(nodes=["国立市", "杉並区"])
def test_if_one_cannot_come_back_nobody_does(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.report_move_out([family.wife, family.child], "杉並区")
    before = kunitachi.residents()
    with juki.refused("NO_MOVE_OUT_TO_CANCEL"):
        kunitachi.cancel_move_out([family.wife, family.head])
    other = kunitachi.enter_ex_officio().receipt.resident_ids[0]
    kunitachi.report_move_out([other], "杉並区")
    with juki.refused("NOT_ONE_HOUSEHOLD"):
        kunitachi.cancel_move_out([family.wife, other])
    assert kunitachi.residents()[:3] == before


@pytest.mark.law("print_notice", "issue_move_out_certificate")
@pytest.mark.juki(nodes=["国立市", "杉並区"])
def test_who_stays_is_printed_no_certificate(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.report_move_out([family.wife], "杉並区")
    kunitachi.print_notice(family.wife, pb.NOTICE_KIND_MOVE_OUT_CERTIFICATE)
    (back,) = kunitachi.cancel_move_out([family.wife]).receipt.resident_ids
    for resident_id in (family.wife, back):
        with juki.refused("NOTHING_TO_PRINT"):
            kunitachi.print_notice(resident_id, pb.NOTICE_KIND_MOVE_OUT_CERTIFICATE)


def test_who_reports_elsewhere_after_all_is_removed_ex_officio(juki: Juki, family: Family) -> None:
    """A paper that was not given back still works: the 転入通知 then ends the restored record."""
    kunitachi = juki["国立市"]
    paper = kunitachi.report_move_out([family.wife], "杉並区").certificate
    (back,) = kunitachi.cancel_move_out([family.wife]).receipt.resident_ids
    juki["杉並区"].report_move_in(paper, SUGINAMI)
    juki.settle()
    gone = kunitachi.resident(back)
    assert (gone.state, gone.removal_reason) == (pb.RESIDENT_STATE_REMOVED, 12)  # 職権消除等
    assert gone.confirmed_destination == SUGINAMI
    assert [held.live for held in juki["機構"].held(family.codes[1])] == [True, False]
    assert juki.ledger_differences() == []


@pytest.mark.juki(clock="2023-03-01")
@pytest.mark.law("notify_move_out_beforehand", "cancel_move_out")
def test_what_was_told_beforehand_is_taken_back(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    kunitachi.report_move_out([family.wife], "杉並区", "2023-03-10", with_card=True)
    juki.settle()
    kunitachi.cancel_move_out([family.wife])
    juki.settle()
    assert suginami.list_move_out_pre_notices() == []
    juki.clock.set("2023-03-10")
    with juki.refused("NO_MOVE_OUT_INFORMATION"):
        suginami.report_special_move_in(family.codes[1], "国立市", SUGINAMI)
    assert kunitachi.resident(family.wife).state == pb.RESIDENT_STATE_LIVE


def test_a_household_that_has_moved_meanwhile_is_left_in_peace(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.report_move_out([family.wife], "杉並区")
    kunitachi.report_relocation([family.head, family.child], "東京都国立市架空町9番地")
    back = kunitachi.cancel_move_out([family.wife]).receipt
    assert back.household_id != family.household
    record = kunitachi.resident(back.resident_ids[0])
    assert (record.identification.address, record.relationship) == ("東京都国立市みどり台二丁目3番4号", "世帯主")


def test_repeating_the_cancellation_gives_the_same_answer(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.report_move_out([family.wife], "杉並区")
    first = kunitachi.cancel_move_out([family.wife], request_id="once")
    assert kunitachi.cancel_move_out([family.wife], request_id="once") == first
    assert len(kunitachi.residents()) == 4
    assert kunitachi.resident(first.receipt.resident_ids[0]).resident_since == day("2021-06-01")
