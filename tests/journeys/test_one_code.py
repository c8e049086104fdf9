"""One code, two people (長野市・坂出市 2016, 西東京市 2020): how it happens, how it is found, and how it is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jukinet.testing.abroad_desk import CARRIED_OVER, STUB, arrival
from jukinet.testing.door import person
from jukinet.v1 import abroad_pb2, search_pb2

if TYPE_CHECKING:
    from jukinet.testing.counter import Counter
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

FOUND, NONE, SEVERAL = (
    *(search_pb2.SEARCH_OUTCOME_FOUND, search_pb2.SEARCH_OUTCOME_NONE, search_pb2.SEARCH_OUTCOME_SEVERAL),
)
HANAKO = ("架空　花子", "1982-03-14", "女")
SUGINAMI = "東京都杉並区みどり台1番1号"
NAKANO = "東京都中野区みどり台1番1号"


def came_from_abroad(counter: Counter, *, hit: int = 1, address: str = SUGINAMI, compared: tuple[str, ...] = ()) -> int:
    """A namesake of the same birth date and sex, taken for whom the search told of."""
    told = counter.inquire_identification(*HANAKO)
    return int(
        counter.report_move_in_from_abroad([arrival(person(*HANAKO), told, hit, compared=compared)], address)
        .receipt.resident_ids[0]
    )  # fmt: skip


def places(counter: Counter, *criteria: str, **by: Any) -> list[str]:
    """Where those live, or lived, whom J-LIS tells of."""
    return [hit.identification.address for hit in counter.inquire_identification(*criteria, **by).hits]


def test_the_prescribed_check_finds_exactly_one_and_it_is_the_wrong_one(juki: Juki, family: Family) -> None:
    """西東京市 2020."""
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    innocent = kunitachi.resident(family.wife).identification
    code, number = innocent.resident_code, innocent.individual_number
    assert suginami.inquire_identification(*HANAKO).outcome == FOUND
    wrong = came_from_abroad(suginami)
    juki.settle()
    assert suginami.resident(wrong).identification.resident_code == code, "the entry is accepted"
    assert juki["機構"].flagged() == [code], "the second 記載 is no 国内転入"
    nakano = juki["中野区"]
    for by in ({"code": code}, {"number": number}):
        assert nakano.inquire_identification(**by).outcome == SEVERAL, "both are shown"  # type: ignore[arg-type]

    suginami.correct_resident_code(wrong)
    juki.settle()
    mended = suginami.resident(wrong).identification
    assert mended.resident_code != code
    assert mended.individual_number not in ("", number), "J-LIS makes another number from the new code"
    assert kunitachi.resident(family.wife).identification == innocent
    assert juki["機構"].flagged() == juki["東京都"].flagged() == []
    assert places(nakano, code=code) == places(nakano, number=number) == [innocent.address]
    assert places(nakano, code=mended.resident_code) == places(nakano, number=mended.individual_number) == [SUGINAMI]
    assert places(nakano, *HANAKO, address_prefix=innocent.address) == [innocent.address]
    assert sorted(places(nakano, *HANAKO)) == sorted([innocent.address, SUGINAMI]), "namesakes, each with an own code"
    assert juki["機構"].codes_after(code) == [code]
    juki.settle()
    assert juki.ledger_differences() == []


@pytest.mark.law("trace_record")
def test_months_later_the_trace_says_upon_which_inquiry_the_code_was_entered(juki: Juki, family: Family) -> None:
    suginami = juki["杉並区"]
    wrong = came_from_abroad(suginami)
    juki.settle()
    juki.clock.advance(days=200)
    suginami.inquire_identification(*HANAKO)  # what J-LIS told then is forgotten, the trace is not
    trace = suginami.trace_record(wrong)
    code = trace.code
    assert (code.hit, code.hits, code.code_basis) == (1, 1, CARRIED_OVER)
    assert list(code.searched) == [abroad_pb2.SEARCHED_ITEM_NAME_BIRTH_DATE_SEX]
    assert (code.held_by_area_code, code.held_live) == ("132152", True)
    assert (code.inquiry_operator_id, list(code.confirmation.compared)) == ("o-c01", [])
    assert (code.inquiry_date.month, code.inquiry_date.day) == (6, 1)
    assert trace.acts[0].event == "ReportMoveInFromAbroad"
    rows = {row["id"]: row for row in suginami.audit()}
    assert rows[trace.acts[0].audit_id]["operator_id"] == trace.acts[0].operator_id == "o-c01"
    assert [(one.person_sequence, one.reason) for one in trace.notices] == [(1, 2)], "記載・国外転入等"
    assert all(one.position for one in trace.notices)
    said = str(trace)
    held = suginami.resident(wrong).identification
    assert not any(secret in said for secret in (held.name, held.resident_code, held.individual_number, SUGINAMI))


@pytest.mark.law("trace_record")
def test_a_record_that_rests_on_no_inquiry_has_no_code_trace_and_nobody_s_record_none(
    juki: Juki, family: Family
) -> None:
    trace = juki["国立市"].trace_record(family.wife)
    assert not trace.HasField("code")
    assert trace.acts[0].event == "EnterExOfficio"
    assert [one.reason for one in trace.notices] == [6, 18]
    with juki.refused("RESIDENT_NOT_FOUND"):
        juki["国立市"].trace_record(999)


@pytest.mark.law("trace_record")
def test_of_two_records_here_under_one_code_each_is_traced_by_itself(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.delete_ex_officio(family.wife)
    juki.settle()
    wrong = came_from_abroad(kunitachi, address="東京都国立市ひがし1番")
    juki.settle()
    assert kunitachi.resident(wrong).identification.resident_code == family.codes[1]
    assert [one.reason for one in kunitachi.trace_record(family.wife).notices] == [6, 18, 12]
    assert [one.reason for one in kunitachi.trace_record(wrong).notices] == [2]
    kunitachi.correct_resident_code(wrong)
    juki.settle()
    assert [one.reason for one in kunitachi.trace_record(wrong).notices] == [2, 20, 12, 18], (
        "the 除票 of the code's holder is told again"
    )
    assert [one.reason for one in kunitachi.trace_record(family.wife).notices] == [6, 18, 12]
    assert places(juki["中野区"], code=family.codes[1]) == [kunitachi.resident(family.wife).identification.address]


# 照会結果が複数


@pytest.fixture
def namesakes(juki: Juki, family: Family) -> str:
    """Two people of one name, birth date and sex, each with an own code; where the second lives."""
    juki["杉並区"].enter_ex_officio(person(*HANAKO), address=SUGINAMI)
    juki.settle()
    return SUGINAMI


@pytest.mark.law("confirm_identity")
def test_of_several_hits_one_is_taken_only_when_the_clerk_says_what_was_compared(juki: Juki, namesakes: str) -> None:
    nakano = juki["中野区"]
    told = nakano.inquire_identification(*HANAKO)
    assert (told.outcome, len(told.hits)) == (SEVERAL, 2)
    number = next(n for n, hit in enumerate(told.hits, 1) if hit.identification.address == namesakes)
    comes = lambda **given: [arrival(person(*HANAKO), told, number, **given)]  # noqa: E731
    with juki.refused("IDENTITY_NOT_CONFIRMED") as refused:
        nakano.report_move_in_from_abroad(comes(), NAKANO)
    assert refused[0].answer.article == "住基法第22条第1項第7号"
    with juki.refused("IDENTITY_NOT_CONFIRMED"):
        nakano.report_move_in_without_certificate(comes(), NAKANO)
    with juki.refused("IDENTITY_NOT_CONFIRMED"):
        nakano.report_move_in_from_abroad(comes(compared=["従前の住所"], words=""), NAKANO)
    entered = nakano.report_move_in_from_abroad(comes(compared=["従前の住所"]), NAKANO).receipt.resident_ids[0]
    code = nakano.trace_record(entered).code
    assert (code.hit, code.hits, code.confirmation.words) == (number, 2, "窓口で照合")
    assert list(code.confirmation.compared) == [abroad_pb2.COMPARED_ITEM_FORMER_ADDRESS]


@pytest.mark.law("confirm_identity")
def test_what_was_searched_by_is_no_confirmation(juki: Juki) -> None:
    nakano = juki["中野区"]
    for _ in range(2):
        juki["杉並区"].enter_ex_officio(person(*HANAKO), address=SUGINAMI)
    juki.settle()
    told = nakano.inquire_identification(*HANAKO, address_prefix=SUGINAMI)
    assert told.outcome == SEVERAL
    comes = lambda by: [arrival(person(*HANAKO), told, 1, compared=[by])]  # noqa: E731
    with juki.refused("IDENTITY_NOT_CONFIRMED"):
        nakano.report_move_in_from_abroad(comes("従前の住所"), NAKANO)
    nakano.report_move_in_from_abroad(comes("世帯員"), NAKANO)


@pytest.mark.law("confirm_identity")
def test_a_list_that_was_cut_off_serves_nobody_and_a_narrower_one_does(juki: Juki) -> None:
    suginami, nakano = juki["杉並区"], juki["中野区"]
    for house in range(1, 12):
        suginami.enter_ex_officio(person(*HANAKO), address=f"東京都杉並区みどり台{house}番{house}号")
    juki.settle()
    told = nakano.inquire_identification(*HANAKO)
    assert (len(told.hits), told.truncated) == (10, True)
    with juki.refused("INQUIRY_TRUNCATED"):
        nakano.report_move_in_from_abroad([arrival(person(*HANAKO), told, 1, compared=["本人確認書類"])], NAKANO)
    narrow = nakano.inquire_identification(*HANAKO, address_prefix="東京都杉並区みどり台11番")
    nakano.report_move_in_from_abroad([arrival(person(*HANAKO), narrow)], NAKANO)


# 新しいコード


@pytest.mark.law("inquire_before_new_code")
def test_a_new_code_needs_an_inquiry_that_found_nobody_or_why_there_is_none(juki: Juki, family: Family) -> None:
    nakano, new = juki["中野区"], ("架空　新子", "1999-09-09", "女")

    def come(**given: Any) -> Any:
        arrivals = [abroad_pb2.Arrival(person=person(*new), code_basis=abroad_pb2.CODE_BASIS_NOT_DETERMINABLE, **given)]
        request = abroad_pb2.ReportMoveInFromAbroadRequest(
            operation=nakano._op({}), arrivals=arrivals, former_country="フランス", address=NAKANO,
            move_in_date=nakano._today(None),
        )  # fmt: skip
        return nakano.call("ReportMoveInFromAbroad", request, STUB)

    with juki.refused("INQUIRY_REQUIRED"):
        come()
    other = nakano.inquire_identification("架空　他子", "1999-09-09", "女")
    narrowed = nakano.inquire_identification(*new, address_prefix="東京都")
    for told in (other, narrowed):
        assert told.outcome == NONE
        with juki.refused("INQUIRY_REQUIRED"):
            come(inquiry_id=told.inquiry_id)
    done = come(inquiry_id=nakano.inquire_identification(*new).inquiry_id)
    code = nakano.trace_record(done.receipt.resident_ids[0]).code
    assert (code.hits, code.hit, code.not_inquired) == (0, 0, "")
    juki.cut("中野区", "機構")
    with juki.refused("PEER_UNREACHABLE"):
        nakano.inquire_identification(*new)
    done = come(not_inquired="回線の故障")
    code = nakano.trace_record(done.receipt.resident_ids[0]).code
    assert (code.inquiry_id, code.not_inquired) == (0, "回線の故障")


@pytest.mark.law("inquire_before_new_code")
def test_whoever_is_found_must_be_compared_before_a_new_code_is_taken(juki: Juki, family: Family) -> None:
    nakano = juki["中野区"]
    told = nakano.inquire_identification(*HANAKO)
    with juki.refused("IDENTITY_NOT_CONFIRMED"):
        nakano.report_move_in_from_abroad([arrival(person(*HANAKO), told, 0)], NAKANO)
    came = nakano.report_move_in_from_abroad([arrival(person(*HANAKO), told, 0, compared=["戸籍の表示"])], NAKANO)
    juki.settle()
    code = nakano.resident(came.receipt.resident_ids[0]).identification.resident_code
    assert code != family.codes[1]
    assert juki["機構"].flagged() == []


# 除票しかない者


@pytest.mark.law("correct_resident_code", "restore_ex_officio", "receive_move_in_notice")
def test_whose_record_was_deleted_long_ago_is_found_years_later_and_gets_the_own_code_back(
    juki: Juki, family: Family
) -> None:
    """長野市・坂出市 2016: the 除票 was all there was, the former address unknown."""
    kunitachi, suginami, nakano = juki["国立市"], juki["杉並区"], juki["中野区"]
    innocent, code = kunitachi.resident(family.wife).identification, family.codes[1]
    kunitachi.delete_ex_officio(family.wife)
    juki.settle()
    told = suginami.inquire_identification(*HANAKO)
    assert (told.outcome, told.hits[0].live) == (FOUND, False)
    came = suginami.report_move_in_without_certificate([arrival(person(*HANAKO), told)], SUGINAMI)
    (wrong,) = came.receipt.resident_ids
    juki.settle()
    juki.clock.advance(days=300)
    assert juki["機構"].flagged() == [], "one live record: the network sees a move"
    assert kunitachi.resident(family.wife).confirmed_destination == SUGINAMI
    assert len(juki["東京都"].confirmed(code)) == 1
    with juki.refused("LIVES_ELSEWHERE"):
        kunitachi.restore_ex_officio(family.wife)

    code_trace = suginami.trace_record(wrong).code
    assert (code_trace.held_by_area_code, code_trace.held_live, list(code_trace.told_area_codes)) == (
        "132152", False, ["132152"]
    )  # fmt: skip
    suginami.correct_resident_code(wrong)
    juki.settle()
    assert suginami.trace_record(wrong).code.withdrawn
    assert kunitachi.resident(family.wife).confirmed_destination == "", "the 転入通知 is taken back"
    assert juki["東京都"].confirmed(code) == [], "and the 転出確定通知 that rested on it"
    assert places(nakano, code=code) == [innocent.address]
    kunitachi.restore_ex_officio(family.wife)
    juki.settle()
    living = [one.identification for one in juki["機構"].held(code) if one.live]
    assert [(one.address, one.individual_number) for one in living] == [
        (innocent.address, innocent.individual_number)
    ]  # fmt: skip
    assert places(nakano, number=innocent.individual_number) == [innocent.address]
    juki.settle()
    assert juki["機構"].flagged() == []
    assert juki.ledger_differences() == []
    assert kunitachi.quarantined() == suginami.quarantined() == []


@pytest.mark.law("receive_move_in_notice")
def test_a_notice_that_was_right_is_not_taken_back_by_another_s_mending(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    kunitachi.delete_ex_officio(family.wife)
    juki.settle()
    told = suginami.inquire_identification(*HANAKO)
    wrong = suginami.report_move_in_without_certificate([arrival(person(*HANAKO), told)], SUGINAMI).receipt
    juki.settle()
    right = juki["中野区"].inquire_identification(code=family.codes[1])
    juki["中野区"].report_move_in_without_certificate(
        [arrival(person(*HANAKO), right)], NAKANO, unreported=[("132152", "東京都国立市")]
    )
    juki.settle()
    assert kunitachi.resident(family.wife).confirmed_destination == NAKANO, "the latest wins"
    suginami.correct_resident_code(wrong.resident_ids[0])
    juki.settle()
    assert kunitachi.resident(family.wife).confirmed_destination == NAKANO


# どの経路でも混ざらない


def test_the_innocent_one_comes_where_the_other_was_only_after_the_mending(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    wrong = came_from_abroad(suginami)
    juki.settle()
    paper = kunitachi.report_move_out([family.wife], "杉並区").certificate
    with juki.refused("RESIDENT_LIVE_ALREADY"):
        suginami.report_move_in(paper, "東京都杉並区ひがし1番")
    suginami.correct_resident_code(wrong)
    (came,) = suginami.report_move_in(paper, "東京都杉並区ひがし1番").receipt.resident_ids
    juki.settle()
    assert suginami.resident(came).identification.resident_code == family.codes[1]
    assert suginami.resident(wrong).state == 1
    assert kunitachi.resident(family.wife).confirmed_destination == "東京都杉並区ひがし1番"
    assert places(juki["中野区"], code=family.codes[1]) == ["東京都杉並区ひがし1番"]


def test_a_code_changed_on_request_under_the_wrong_one_leads_nobody_anywhere_once_it_is_mended(
    juki: Juki, family: Family
) -> None:
    kunitachi, suginami, code = juki["国立市"], juki["杉並区"], family.codes[1]
    home = kunitachi.resident(family.wife).identification.address
    wrong = came_from_abroad(suginami)
    juki.settle()
    suginami.change_resident_code(wrong)
    juki.settle()
    assert juki["中野区"].inquire_identification(code=code).outcome == SEVERAL
    suginami.correct_resident_code(wrong)
    juki.settle()
    assert places(juki["中野区"], code=code) == [home]
    assert juki["機構"].codes_after(code) == [code]
    juki.clock.advance(days=40)
    assert juki["機構"].flagged() == [], "the innocent one's code has not ended"
    paper = kunitachi.report_move_out([family.wife], "杉並区").certificate
    suginami.report_move_in(paper, "東京都杉並区ひがし1番")
    juki.settle()
    assert suginami.resident(wrong).state == 1


@pytest.mark.law("correct_resident_code")
def test_who_died_under_another_s_code_is_mended_as_a_除票(juki: Juki, family: Family) -> None:
    kunitachi, suginami, code = juki["国立市"], juki["杉並区"], family.codes[1]
    home = kunitachi.resident(family.wife).identification.address
    wrong = came_from_abroad(suginami)
    suginami.report_death(wrong)
    juki.settle()
    juki.clock.advance(days=40)
    assert juki["機構"].flagged() == [code], "somebody lives under the code of one who is said to be dead"
    suginami.correct_resident_code(wrong)
    juki.settle()
    assert juki["機構"].flagged() == []
    assert suginami.resident(wrong).state == 3
    kunitachi.report_move_out_abroad([family.wife], "フランス")
    juki.settle()
    assert places(juki["中野区"], code=code) == [home]
    assert suginami.resident(wrong).identification.individual_number == ""


@pytest.mark.law("send_wide_area_record", "enter_paper_move_in_notice")
def test_two_wards_with_one_code_answer_nobody_who_names_the_city_alone(juki: Juki, family: Family) -> None:
    tsurumi, naka, code = juki["横浜市鶴見区"], juki["横浜市中区"], family.codes[1]
    paper = juki["国立市"].report_move_out([family.wife], "横浜市鶴見区").certificate
    (right,) = tsurumi.report_move_in(paper, "神奈川県横浜市鶴見区みどり台1番1号").receipt.resident_ids
    juki.settle()
    wrong = came_from_abroad(naka, address="神奈川県横浜市中区みどり台1番1号")
    juki.settle()
    ask = lambda area: juki["国立市"].issue_wide_area_copy(area, HANAKO[0], code)  # noqa: E731
    with juki.refused("RECORD_NOT_SENT"):
        ask("141003")
    assert "鶴見区みどり台" in ask("141011").text
    naka.correct_resident_code(wrong)
    juki.settle()
    assert "鶴見区みどり台" in ask("141003").text
    assert tsurumi.resident(right).identification.resident_code == code
