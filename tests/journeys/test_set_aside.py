"""Notices between municipalities that could not be used: the clerk's list holds them until they are done with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.stack.doctor import told
from jukinet.testing.door import day, person
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import family_register_pb2, intermunicipal_pb2, quarantine_pb2, relay_pb2

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

SUGINAMI, HOME = "東京都杉並区みどり台1番1号", "東京都国立市みどり台二丁目3番4号"
SETTLED, MENDED = quarantine_pb2.QUARANTINE_STATE_SETTLED, quarantine_pb2.QUARANTINE_STATE_MENDED


def listed(juki: Juki, name: str = "国立市") -> list[pb.Task]:
    """What the clerk sees of notices that were set aside."""
    return [task for task in juki[name].tasks() if task.kind == pb.TASK_KIND_NOTICE_SET_ASIDE]


def doctor(juki: Juki, name: str = "国立市") -> list[str]:
    """What the doctor says of them."""
    path, _ = juki.find(name)
    return [one.remedy for one in told(path, name, juki[name].status()) if one.check == "quarantine"]


def misfit(juki: Juki, family: Family) -> int:
    """国立市 has the child's birth date wrong when the 転入通知 comes; the record at 杉並区."""
    left = juki["国立市"].report_move_out([family.child], "杉並区", "2021-06-20")
    juki["国立市"].correct_ex_officio(family.child, birth_date="2014-11-23")
    came = juki["杉並区"].report_move_in(left.certificate, SUGINAMI).receipt.resident_ids[0]
    juki.settle()
    (task,) = listed(juki)
    assert (task.counterpart, task.last_fault, task.notice) == (
        "131156", "PERSON_DIFFERS", relay_pb2.STREAM_KIND_MOVE_IN_NOTICE,
    )  # fmt: skip
    juki["国立市"].correct_ex_officio(family.child, birth_date="2015-11-23")
    return came


@pytest.mark.law("settle_set_aside")
def test_settle_set_aside_takes_a_notice_off_the_list_and_leaves_it_counted(juki: Juki, family: Family) -> None:
    misfit(juki, family)
    (task,) = listed(juki)
    (remedy,) = doctor(juki)
    assert "settle-set-aside" in remedy
    juki["国立市"].settle_set_aside(task.position, task.index, reason="発信元に確かめた", request_id="s")
    juki["国立市"].settle_set_aside(task.position, task.index, reason="発信元に確かめた", request_id="s")  # a repeat
    assert listed(juki) == doctor(juki) == []
    (one,) = juki.quarantine("国立市", with_settled=True)
    assert (one.state, one.position, one.index) == (SETTLED, task.position, task.index)
    assert juki["国立市"].status().quarantined_records == 1
    (row,) = [row for row in juki["国立市"].audit() if row["event"] == "SettleSetAside"]
    assert (row["accepted"], row["reason"], row["operator_id"]) == (1, "発信元に確かめた", "o-c01")
    assert juki.ledger_differences() == []


@pytest.mark.law("settle_set_aside")
def test_settle_set_aside_of_what_is_not_there_or_done_with_is_refused(juki: Juki, family: Family) -> None:
    misfit(juki, family)
    (task,) = listed(juki)
    for position, index in ((task.position, task.index + 1), (999, 0)):
        with juki.refused("NOT_SET_ASIDE"):
            juki["国立市"].settle_set_aside(position, index)
    with juki.refused("OPERATION_INCOMPLETE"):
        juki["国立市"].settle_set_aside(task.position, task.index, reason="")
    assert len(listed(juki)) == 1
    juki["国立市"].settle_set_aside(task.position, task.index)
    with juki.refused("NOT_SET_ASIDE"):
        juki["国立市"].settle_set_aside(task.position, task.index)


@pytest.mark.law("resend_move_in_notice", "list_quarantine")
def test_the_same_notice_by_line_takes_it_off_the_list_by_itself(juki: Juki, family: Family) -> None:
    came = misfit(juki, family)
    juki["杉並区"].resend_move_in_notice(came, "132152")
    juki.settle()
    assert juki["国立市"].resident(family.child).confirmed_destination == SUGINAMI
    assert listed(juki) == doctor(juki) == []
    assert [one.state for one in juki.quarantine("国立市", with_settled=True)] == [MENDED]
    assert juki.ledger_differences() == []


@pytest.mark.law("enter_paper_move_in_notice", "list_quarantine")
def test_the_same_notice_on_paper_takes_it_off_the_list_and_anothers_does_not(juki: Juki, family: Family) -> None:
    misfit(juki, family)

    def paper(index: int, birth: str, sex: int) -> None:
        notice = intermunicipal_pb2.MoveInNotice(
            resident_code=family.codes[index], name="架空", birth_date=day(birth), sex=sex, new_address=SUGINAMI,
            move_in_date=day("2021-06-01"), report_date=day("2021-06-01"), former_address=HOME,
            new_area_code="131156",
        )  # fmt: skip
        juki["国立市"].enter_paper_move_in_notice(notice)

    paper(1, "1982-03-14", 2)  # about the wife
    assert len(listed(juki)) == 1
    paper(2, "2015-11-23", 1)
    assert listed(juki) == doctor(juki) == []
    assert [one.state for one in juki.quarantine("国立市", with_settled=True)] == [SETTLED]


@pytest.mark.juki(nodes=["国立市", "矢祭町"], clock="2024-05-27")
@pytest.mark.law("settle_set_aside", "consult_family_registration_notices")
def test_a_notice_of_a_family_register_office_leaves_its_list_too(juki: Juki) -> None:
    juki["国立市"].enter_ex_officio(person("架空　太郎"))
    juki.settle()
    death = family_register_pb2.FamilyRegistrationNotice(
        event=family_register_pb2.REGISTRATION_EVENT_DEATH, event_date=day("2024-05-27"), name="独居　一人",
        birth_date=day("1980-05-01"), sex=1, address="東京都国立市東一丁目1番1号", residence_area_code="132152",
    )  # fmt: skip
    for _ in range(2):
        juki["矢祭町"].accept_family_registration(death)
    juki.settle()
    first, second = juki["国立市"].family_registration_notices()
    juki["国立市"].settle_set_aside(first.position, first.index, reason="紙の通知で処理済み")
    assert juki["国立市"].family_registration_notices() == [second]
    assert len(listed(juki)) == 1


@pytest.mark.juki(nodes=["国立市", "杉並区"])
@pytest.mark.law("keep_paper", "list_quarantine")
def test_whom_a_notice_was_about_is_forgotten_with_it_and_that_there_was_one_is_not(juki: Juki, family: Family) -> None:
    misfit(juki, family)

    def codes() -> list[int]:
        with juki["国立市"].file() as db:
            return [row[0] for row in db.execute("SELECT code FROM quarantine").fetchall()]

    juki.clock.set("2022-06-01")
    assert codes() == [int(family.codes[2])]
    juki.clock.set("2022-06-02")
    assert codes() == [0]
    (one,) = juki.quarantine("国立市")
    assert one.reason == "PERSON_DIFFERS"
    with juki.refused("RECORD_ERASED"):
        juki.release("国立市", one.position, one.index)
