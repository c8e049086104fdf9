"""実態調査: 職権消除, 公示, 職権回復, and the 転入通知 that comes afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import day
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import intermunicipal_pb2, nationality_pb2

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

PUBLIC, LETTER = nationality_pb2.DELETION_NOTICE_FORM_PUBLIC, nationality_pb2.DELETION_NOTICE_FORM_LETTER
ELSEWHERE = nationality_pb2.INVESTIGATION_RESULT_LIVES_ELSEWHERE
HERE = nationality_pb2.INVESTIGATION_RESULT_LIVES_HERE
SUGINAMI = "東京都杉並区みどり台1番1号"


def notice(juki: Juki, family: Family, moved: str) -> intermunicipal_pb2.MoveInNotice:
    person = juki["国立市"].resident(family.wife).identification
    return intermunicipal_pb2.MoveInNotice(
        resident_code=person.resident_code, name=person.name, birth_date=person.birth_date, sex=person.sex,
        new_address=SUGINAMI, move_in_date=day(moved), report_date=day(moved), former_address=person.address,
        new_area_code="131156",
    )  # fmt: skip


@pytest.mark.law("delete_after_investigation", "print_deletion_notice")
def test_delete_after_investigation_goes_up_and_is_made_public(juki: Juki, family: Family) -> None:
    kunitachi, code = juki["国立市"], family.codes[0]
    done = kunitachi.delete_after_investigation(family.head, "2021-06-01", "2021-06-01")
    assert done.receipt.notices == 1
    juki.settle()
    assert juki["東京都"].changes(code)[-1] == "国立市 消除・職権消除等 2021-06-01 #3"
    assert juki["機構"].changes(code)[-1] == "国立市 消除・職権消除等 2021-06-01 #3"
    assert [held.live for held in juki["機構"].held(code)] == [False]
    assert kunitachi.resident(family.wife).relationship == "世帯主"
    (row,) = [row for row in kunitachi.audit() if row["event"] == "DeleteAfterInvestigation"]
    assert (row["article"], row["subjects"]) == ("住基令第12条第1項", str(family.head))

    paper = kunitachi.print_deletion_notice(family.head, PUBLIC)
    assert paper.title == "住民票の職権消除の公示"
    assert "令和3年6月1日" in paper.text
    for hidden in (code, kunitachi.resident(family.head).identification.individual_number, "昭和55年"):
        assert hidden not in paper.text
    with juki.refused("DELETION_NOTICE_OTHERWISE") as refusal:
        kunitachi.print_deletion_notice(family.head, LETTER)
    assert refusal[0].answer.article == "住基令第12条第4項"
    with juki.refused("NOT_INVESTIGATED"):
        kunitachi.print_deletion_notice(family.wife, PUBLIC)
    with juki.refused("FIELD_OUT_OF_RANGE"):
        kunitachi.print_deletion_notice(family.head, nationality_pb2.DELETION_NOTICE_FORM_UNSPECIFIED)
    assert juki.ledger_differences() == []


@pytest.mark.law("delete_after_investigation")
def test_delete_after_investigation_needs_a_finding(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    with juki.refused("INVESTIGATION_CONTRADICTS"):
        kunitachi.delete_after_investigation(family.wife, result=HERE)
    with juki.refused("FIELD_MISSING"):
        kunitachi.delete_after_investigation(family.wife, result=nationality_pb2.INVESTIGATION_RESULT_UNSPECIFIED)
    with juki.refused("DATE_IN_FUTURE"):
        kunitachi.delete_after_investigation(family.wife, "2021-06-02")
    with juki.refused("DATE_IN_FUTURE"):
        kunitachi.delete_after_investigation(family.wife, change_date="2021-06-02")
    with juki.refused("FIELD_OUT_OF_RANGE"):
        kunitachi.delete_after_investigation(family.wife, change_date="2021-05-31")
    with juki.refused("RESIDENT_NOT_FOUND"):
        kunitachi.delete_after_investigation(999)
    kunitachi.report_death(family.child)
    with juki.refused("RESIDENT_REMOVED"):
        kunitachi.delete_after_investigation(family.child)
    juki.settle()
    assert [held.live for held in juki["機構"].held(family.codes[1])] == [True]


@pytest.mark.law("restore_ex_officio", "resident_since_after_restoration")
def test_restore_ex_officio_enters_the_person_again_under_the_same_code(juki: Juki, family: Family) -> None:
    kunitachi, code = juki["国立市"], family.codes[1]
    before = kunitachi.resident(family.wife)
    kunitachi.delete_after_investigation(family.wife)
    juki.clock.set("2021-06-20")
    assert [held.live for held in juki["機構"].held(code)] == [False]

    done = kunitachi.restore_ex_officio(family.wife, "2021-06-18", "2021-06-01")
    assert done.receipt.notices == 1
    old_id, new_id = done.receipt.resident_ids
    juki.settle()
    new = kunitachi.resident(new_id)
    assert (old_id, new.state) == (family.wife, pb.RESIDENT_STATE_LIVE)
    assert new.identification == before.identification
    assert (new.household_id, new.relationship, new.resident_since) == (
        family.household, "妻", before.resident_since,
    )  # fmt: skip
    assert juki["機構"].changes(code)[-2:] == [
        "国立市 消除・職権消除等 2021-06-01 #3",
        "国立市 記載・職権記載等 2021-06-01 #4",
    ]
    (held,) = juki["機構"].held(code)
    assert (held.live, held.identification) == (True, before.identification)
    (row,) = [row for row in kunitachi.audit() if row["event"] == "RestoreExOfficio"]
    assert (row["article"], row["subjects"]) == ("住基令第12条第3項", f"{old_id},{new_id}")
    with juki.refused("RESIDENT_LIVE_ALREADY"):
        kunitachi.restore_ex_officio(family.wife)
    assert juki["機構"].status().live_records == 3
    assert juki.ledger_differences() == []


@pytest.mark.law("restore_ex_officio")
def test_restore_ex_officio_is_refused_for_the_dead_the_departed_and_the_resident(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    with juki.refused("RESIDENT_LIVE_ALREADY"):
        kunitachi.restore_ex_officio(family.head)
    kunitachi.report_death(family.head)
    with juki.refused("NOT_REMOVED_EX_OFFICIO") as refusal:
        kunitachi.restore_ex_officio(family.head)
    assert refusal[0].answer.article == "住基令第12条第3項"
    kunitachi.report_move_out([family.wife], "杉並区")
    with juki.refused("NOT_REMOVED_EX_OFFICIO"):
        kunitachi.restore_ex_officio(family.wife)
    kunitachi.delete_after_investigation(family.child)
    with juki.refused("INVESTIGATION_CONTRADICTS"):
        kunitachi.restore_ex_officio(family.child, result=ELSEWHERE)
    with juki.refused("DATE_IN_FUTURE"):
        kunitachi.restore_ex_officio(family.child, change_date="2021-06-02")
    with juki.refused("HOUSEHOLD_NOT_FOUND"):
        kunitachi.restore_ex_officio(family.child, household_id=999)
    with juki.refused("RESIDENT_NOT_FOUND"):
        kunitachi.restore_ex_officio(999)


@pytest.mark.law("delete_after_investigation", "receive_move_in_notice", "confirm_move_out", "restore_ex_officio")
def test_a_move_in_notice_after_the_deletion_completes_the_closed_record(juki: Juki, family: Family) -> None:
    kunitachi, code = juki["国立市"], family.codes[1]
    kunitachi.delete_after_investigation(family.wife, result=ELSEWHERE)
    told = notice(juki, family, "2021-06-05")
    juki.clock.set("2021-06-10")
    assert kunitachi.enter_paper_move_in_notice(told).receipt.notices == 1
    juki.settle()
    record = kunitachi.resident(family.wife)
    assert (record.confirmed_destination, record.confirmed_move_out_date) == (SUGINAMI, day("2021-06-05"))
    assert juki["東京都"].confirmed(code)[0].new_area_code == "131156"
    # The 消除 was told when it was done; the 転出確定通知 goes to the governor alone.
    assert juki["機構"].changes(code)[-1] == "国立市 消除・職権消除等 2021-06-01 #3"
    with juki.refused("LIVES_ELSEWHERE"):
        kunitachi.restore_ex_officio(family.wife)
    assert juki.ledger_differences() == []


@pytest.mark.law("delete_after_investigation", "report_move_in", "receive_move_in_notice")
def test_who_was_deleted_and_moves_with_a_certificate_of_before_is_one_live_person(juki: Juki, family: Family) -> None:
    """転出届 was made, the person stayed on beyond the planned day nowhere, and then 転入 with the old certificate."""
    kunitachi, suginami, code = juki["国立市"], juki["杉並区"], family.codes[1]
    left = kunitachi.report_move_out([family.wife], "杉並区", "2021-06-20")
    kunitachi.delete_after_investigation(family.wife, result=ELSEWHERE)
    assert kunitachi.resident(family.wife).planned_destination == "杉並区"
    suginami.report_move_in(left.certificate, SUGINAMI)
    juki.settle()
    assert kunitachi.resident(family.wife).confirmed_destination == SUGINAMI
    assert [(held.area_code, held.live) for held in juki["機構"].held(code)] == [("131156", True), ("132152", False)]
    juki.clock.set("2021-06-21")
    assert kunitachi.changes(code)[-1] == "国立市 消除・職権消除等 2021-06-01 #3"
    assert juki.ledger_differences() == []
