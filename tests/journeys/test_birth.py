"""出生: 記載 at once, 個人番号 when J-LIS answers, a second notice then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import person
from jukinet.v1 import counter_pb2 as pb

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

pytestmark = pytest.mark.law("report_birth")

NUMBERED = "個人番号の記載の修正・個人番号の職権記載等"


@pytest.mark.law(
    "designate_individual_number", "generate_individual_numbers", "notify_identification", "forward_identification"
)
def test_a_child_is_entered_numbered_and_known_to_the_nation(juki: Juki, family: Family) -> None:
    kunitachi, since = juki["国立市"], juki.mark()

    born = kunitachi.report_birth(
        family.household, person("架空　次郎", "2021-05-30", "男", name_kana="かくう　じろう", relationship="子")
    )
    assert born.receipt.notices == 1
    juki.settle()

    child = kunitachi.resident(born.receipt.resident_ids[0])
    code = child.identification.resident_code
    assert (child.relationship, child.head_name) == ("子", "架空　太郎")
    assert (child.household_id, child.person_sequence) == (family.household, 2)
    assert child.identification.address == "東京都国立市みどり台二丁目3番4号"
    assert len(child.identification.individual_number) == 12
    expected = ["国立市 記載・出生 2021-05-30 #1", f"国立市 {NUMBERED} 2021-06-01 #2"]
    for tier in ("国立市", "東京都", "機構"):
        assert juki[tier].changes(code) == expected, tier
    for tier in ("東京都", "機構"):
        (held,) = juki[tier].held(code)
        assert (held.live, held.person_sequence, held.area_code) == (True, 2, "132152"), tier
        assert held.identification == child.identification, tier
    first, second = kunitachi.notices(code)
    assert first.identification.individual_number == ""
    assert second.change.former_individual_number == ""
    hops = juki.hops(child, since)
    assert sorted(hops) == sorted(["国立市→東京都", "東京都→機構", "機構→国立市", "国立市→東京都", "東京都→機構"])
    assert hops[-1] == "東京都→機構"
    assert kunitachi.tasks() == []
    assert juki.ledger_differences() == []


def test_the_act_is_written_down_with_its_article_clerk_and_reason(juki: Juki, family: Family) -> None:
    clerk = juki.clerk("国立市", "c07", verification_id="照合7", operator_id="操作7", reason="出生届の受理")
    receipt = clerk.report_birth(family.household).receipt
    (row,) = [row for row in juki["国立市"].audit() if row["id"] == receipt.audit_id]
    assert (row["event"], row["article"], row["accepted"]) == ("ReportBirth", "住基法第30条の3第2項", 1)
    assert (row["caller"], row["verification_id"], row["operator_id"]) == ("operator/132152/c07", "照合7", "操作7")
    assert (row["reason"], row["subjects"]) == ("出生届の受理", str(receipt.resident_ids[0]))


@pytest.mark.law("generate_individual_numbers")
def test_while_j_lis_is_down_the_child_is_entered_unnumbered_and_nothing_waits(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    juki.kill("機構")

    born = kunitachi.report_birth(family.household).receipt.resident_ids[0]
    kunitachi.report_relocation(family.all, "東京都国立市みどり台九丁目9番9号")
    juki.settle()

    (task,) = kunitachi.tasks()
    assert (task.kind, task.resident_id) == (pb.TASK_KIND_INDIVIDUAL_NUMBER, born)
    assert task.last_fault.startswith("PEER_UNREACHABLE")
    code = kunitachi.resident(born).identification.resident_code
    assert juki["東京都"].changes(code) == ["国立市 記載・出生 2021-06-01 #1"]
    assert kunitachi.resident(born).identification.individual_number == ""
    assert not juki.ledger_is_zero()

    juki.start("機構")
    juki.settle()
    assert kunitachi.tasks() == []
    assert len(kunitachi.resident(born).identification.individual_number) == 12
    assert [change.split()[1] for change in juki["機構"].changes(code)] == ["記載・出生", NUMBERED]
    assert juki.ledger_differences() == []


@pytest.mark.law("designate_individual_number")
def test_a_child_who_dies_before_the_number_comes_gets_it_on_the_closed_record_alone(
    juki: Juki, family: Family
) -> None:
    kunitachi = juki["国立市"]
    juki.cut("国立市", "機構")
    born = kunitachi.report_birth(family.household).receipt.resident_ids[0]
    kunitachi.report_death(born)
    juki.heal()
    juki.settle()
    record = kunitachi.resident(born)
    assert len(record.identification.individual_number) == 12
    assert kunitachi.tasks() == []
    assert [change.split()[1] for change in juki["機構"].changes(record.identification.resident_code)] == [
        "記載・出生", "消除・死亡",
    ]  # fmt: skip


@pytest.mark.juki(nodes=["矢祭町"])
def test_an_empty_pool_refuses_for_now_and_the_same_request_succeeds_after_the_refill(juki: Juki) -> None:
    yamatsuri = juki["矢祭町"]
    juki.cut("矢祭町", "機構")
    home = juki.populate("矢祭町", 1000)[0].household_id
    assert yamatsuri.status().code_pool == 0
    with juki.refused("POOL_EMPTY") as refusal:
        yamatsuri.report_birth(home, request_id="birth-1")
    assert not refusal[0].answer.definite
    assert any(task.kind == pb.TASK_KIND_CODE_REFILL for task in yamatsuri.tasks())
    juki.heal()
    juki.settle()
    assert yamatsuri.status().code_pool == 1000
    assert yamatsuri.report_birth(home, request_id="birth-1").receipt.resident_ids == [1001]


@pytest.mark.juki(nodes=["矢祭町"])
@pytest.mark.law("pool_needs_refill", "designate_codes")
def test_the_pool_is_refilled_below_a_fifth_and_not_before(juki: Juki) -> None:
    yamatsuri = juki["矢祭町"]
    home = juki.populate("矢祭町", 800)[0].household_id
    assert yamatsuri.status().code_pool == 200
    yamatsuri.report_birth(home)
    juki.settle()
    assert yamatsuri.status().code_pool == 1000
    with yamatsuri.file() as db:
        codes = [row[0] for row in db.execute("SELECT code FROM pool")]
    assert len(set(codes)) == len(codes) == 1801


@pytest.mark.law("print_notice")
def test_both_notices_are_printed_for_the_parents(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    juki.cut("国立市", "機構")
    born = kunitachi.report_birth(family.household, person("架空　三郎", "2021-06-01", "男")).receipt.resident_ids[0]
    juki.settle()

    code = kunitachi.resident(born).identification.resident_code
    notice = kunitachi.print_notice(born, pb.NOTICE_KIND_RESIDENT_CODE)
    assert notice.title == "住民票コード通知票"
    assert f"{code[:4]}-{code[4:8]}-{code[8:]}" in notice.text
    assert "架空　三郎" in notice.text
    assert "東京都国立市長" in notice.text
    with juki.refused("NOTHING_TO_PRINT") as refusal:
        kunitachi.print_notice(born, pb.NOTICE_KIND_INDIVIDUAL_NUMBER)
    assert not refusal[0].answer.definite

    juki.heal()
    juki.settle()
    number = kunitachi.resident(born).identification.individual_number
    notice = kunitachi.print_notice(born, pb.NOTICE_KIND_INDIVIDUAL_NUMBER)
    assert notice.title == "個人番号通知書"
    assert f"{number[:4]} {number[4:8]} {number[8:]}" in notice.text
    assert "令和3年6月1日" in notice.text
    with juki.refused("NOTHING_TO_PRINT"):
        kunitachi.print_notice(born, pb.NOTICE_KIND_MOVE_OUT_CERTIFICATE)


@pytest.mark.parametrize(
    ("child", "reason", "field"),
    [
        pytest.param(
            person("架空　次郎", "2021-06-02"), "DATE_IN_FUTURE", "birth_date", id="明日生まれた子は記載しない"
        ),
        pytest.param(person("架空　次郎", "2021-02-29"), "DATE_IMPOSSIBLE", "birth_date", id="暦にない日は記載しない"),
        pytest.param(person("架空　次郎", None), "FIELD_MISSING", "birth_date", id="出生の日がなければ記載しない"),
        pytest.param(person("　", "2021-06-01"), "FIELD_MISSING", "name", id="氏名がなければ記載しない"),
        pytest.param(person("架空　次郎", "2021-06-01", ""), "FIELD_MISSING", "sex", id="性別がなければ記載しない"),
        pytest.param(
            person("架空　次郎", "2021-06-01", relationship="世帯主"),
            "FIELD_OUT_OF_RANGE",
            "relationship",
            id="世帯主のいる世帯に世帯主は生まれない",
        ),
    ],
)
def test_a_birth_that_cannot_be_is_refused(
    juki: Juki, family: Family, child: pb.NewPerson, reason: str, field: str
) -> None:
    with juki.refused(reason) as refusal:
        juki["国立市"].report_birth(family.household, child)
    assert dict(refusal[0].answer.facts) == {"field": field}
    assert juki["国立市"].status().live_records == 3


def test_a_birth_into_a_household_nobody_lives_in_is_refused(juki: Juki, family: Family) -> None:
    with juki.refused("HOUSEHOLD_NOT_FOUND"):
        juki["国立市"].report_birth(family.household + 1)


@pytest.mark.law("print_notice", "designate_individual_number", "issue_move_out_certificate")
def test_each_paper_is_given_out_on_its_own_article(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.report_move_out([family.child], "杉並区")
    for kind in (
        pb.NOTICE_KIND_RESIDENT_CODE,
        pb.NOTICE_KIND_INDIVIDUAL_NUMBER,
        pb.NOTICE_KIND_MOVE_OUT_CERTIFICATE,
    ):
        kunitachi.print_notice(family.child, kind)
    printed = [row["article"] for row in kunitachi.audit() if row["event"] == "PrintNotice"]
    assert printed == ["住基法第30条の3第3項", "番号法第7条第1項", "住基令第24条"]
