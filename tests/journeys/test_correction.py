"""Corrections, from the counter to J-LIS: 軽微な修正, the two numbers, the names beside the name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.model.codes import resident_code_from
from jukinet.testing.correction_desk import STUB
from jukinet.testing.door import person
from jukinet.v1 import correction_pb2, drill_pb2, drill_pb2_grpc, identification_pb2
from jukinet.v1 import counter_pb2 as pb

if TYPE_CHECKING:
    from jukinet.testing.counter import Counter
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

TIERS = ("国立市", "東京都", "機構")
FOREIGN = identification_pb2.RESIDENCY_FOREIGN
FOREIGNER = {"residency": FOREIGN}


def code_of(counter: Counter, resident_id: int) -> str:
    return counter.resident(resident_id).identification.resident_code


def number_of(counter: Counter, resident_id: int) -> str:
    return counter.resident(resident_id).identification.individual_number


def waiting(counter: Counter) -> list[pb.Task]:
    """Changes of numbers that wait."""
    return [task for task in counter.tasks() if task.kind == pb.TASK_KIND_NUMBER_CHANGE]


# 軽微な修正


@pytest.mark.law("correct_minor")
def test_correct_minor_of_a_house_reaches_every_tier(juki: Juki, family: Family) -> None:
    kunitachi, since = juki["国立市"], juki.mark()
    address = "東京都国立市みどり台二丁目3番地の4"
    receipt = kunitachi.correct_minor(family.all, "ホ", "2021-05-31", address=address).receipt
    assert (receipt.household_id, receipt.notices) == (family.household, 3)
    juki.settle()
    for code, resident_id in zip(family.codes, family.all, strict=True):
        record = kunitachi.resident(resident_id)
        assert record.identification.address == address
        for tier in TIERS:
            assert juki[tier].changes(code)[-1] == "国立市 記載の修正・軽微な修正 2021-05-31 #3", tier
        (held,) = juki["機構"].held(code)
        assert (held.live, held.identification) == (True, record.identification)
        assert juki.hops(code, since) == ["国立市→東京都", "東京都→機構"]
    born = kunitachi.report_birth(family.household).receipt.resident_ids[0]
    assert kunitachi.resident(born).identification.address == address
    with juki.refused("NOTHING_TO_CORRECT"):
        kunitachi.correct_minor(family.all, "ホ", "2021-05-31", address=address)
    juki.settle()
    assert juki.ledger_differences() == []


@pytest.mark.law("correct_minor")
@pytest.mark.parametrize(
    ("item", "given"),
    [
        pytest.param("イ", {"name": "渡辺　太郎"}, id="イ 常用平易な文字への変更で氏名を修正する"),
        pytest.param("ロ", {"name": "邉\U000e010f　太郎"}, id="ロ 文字の同定で氏名を修正する"),
        pytest.param("ハ", {"address": "東京都国立市ひがし台二丁目3番4号"}, id="ハ 町字名の変更で住所を修正する"),
        pytest.param("ニ", {"address": "東京都国立市みどり台20番地"}, id="ニ 地番の変更で住所を修正する"),
        pytest.param("ホ", {"address": "東京都国立市みどり台二丁目30番4号"}, id="ホ 住居表示で住所を修正する"),
        pytest.param(
            "ヘ", {"address": "東京都国立市みどり台二丁目3番4号　新架空荘"}, id="ヘ 共同住宅の名称で住所を修正する"
        ),
        pytest.param(
            "ト", {"address": "東京都国立市みどり台二丁目3番4の1号"}, id="ト 総務大臣が適当と認めるもので修正する"
        ),
    ],
)  # fmt: skip
def test_correct_minor_says_the_same_reason_for_each_item(
    juki: Juki, family: Family, item: str, given: dict[str, str]
) -> None:
    juki["国立市"].correct_minor([family.head], item, **given)
    juki.settle()
    for tier in TIERS:
        assert juki[tier].changes(family.codes[0])[-1] == "国立市 記載の修正・軽微な修正 2021-06-01 #3", tier
    held = juki["機構"].held(family.codes[0])[0].identification
    assert {field: getattr(held, field) for field in given} == given


@pytest.mark.law("correct_minor")
def test_correct_minor_is_refused_at_the_door_and_changes_nothing(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    before = [kunitachi.resident(resident_id) for resident_id in family.all]
    with juki.refused("MINOR_ITEM_MISFIT") as caught:
        kunitachi.correct_minor([family.head], "ニ", name="架空　太朗")
    assert caught[0].answer.article == "住基法施行規則第11条第3項第2号"
    with juki.refused("FIELD_MISSING"):
        kunitachi.correct_minor(family.all, "", address="東京都国立市みどり台一番地")
    with juki.refused("FIELD_OUT_OF_RANGE"):
        kunitachi.correct_minor(family.all, "ロ", name="架空　太朗")
    with juki.refused("FIELD_OUT_OF_RANGE"):
        request = correction_pb2.CorrectMinorRequest(
            operation=kunitachi._op({}), resident_ids=[family.head], item=8, name="架空",  # type: ignore[arg-type]
            change_date=kunitachi._today(None),
        )  # fmt: skip
        kunitachi._ask(correction_pb2.CorrectMinorResponse, request, STUB)
    assert [kunitachi.resident(resident_id) for resident_id in family.all] == before
    rows = [row for row in kunitachi.audit() if row["event"] == "CorrectMinor"]
    assert [row["accepted"] for row in rows] == [0, 0, 0, 0]


# 住民票コード


@pytest.mark.law("change_resident_code", "notify_changed_code")
def test_change_resident_code_reaches_every_tier_with_the_old_code(juki: Juki, family: Family) -> None:
    kunitachi, old, since = juki["国立市"], family.codes[0], juki.mark()
    number = number_of(kunitachi, family.head)
    assert kunitachi.change_resident_code(family.head).receipt.notices == 1
    juki.settle()
    record = kunitachi.resident(family.head)
    new = record.identification.resident_code
    assert new != old
    assert record.identification.individual_number == number, "the 個人番号 does not change"
    for tier in TIERS:
        assert juki[tier].changes(new) == ["国立市 住民票コードの記載の修正・住民票コードの変更請求 2021-06-01 #3"], (
            tier
        )
        assert juki[tier].notices(new)[0].change.former_resident_code == old, f"{tier}: the code before"
        assert juki[tier].notices(new)[0].change.former_individual_number == "", tier
    for tier in ("東京都", "機構"):
        assert [one.live for one in juki[tier].held(old)] == [False], tier
        assert [(one.live, one.identification) for one in juki[tier].held(new)] == [(True, record.identification)], tier
        assert juki[tier].codes_after(old) == [old, new], f"{tier}: what became of the code"
        assert juki[tier].status().live_records == 3, tier
    assert juki.hops(new, since) == ["国立市→東京都", "東京都→機構"]
    assert juki.ledger_differences() == []
    printed = kunitachi.print_notice(family.head, pb.NOTICE_KIND_RESIDENT_CODE)
    assert "第30条の4第4項" in printed.text
    assert new in printed.text.replace("-", "")
    assert kunitachi.audit()[-1]["article"] == "住基法第30条の4第4項"


@pytest.mark.law("correct_resident_code", "notify_corrected_code")
def test_correct_resident_code_reaches_every_tier_and_leaves_the_other_holder_alone(juki: Juki, family: Family) -> None:
    """長野市・坂出市 2016: one code at two municipalities; the wrong one is mended."""
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    out = kunitachi.report_move_out([family.head], "杉並区", "2021-07-01").certificate
    wrong = suginami.report_move_in(out, "東京都杉並区みどり台1番1号").receipt.resident_ids[0]
    right = kunitachi.enter_ex_officio(person("架空　四郎", "1970-01-01")).receipt.resident_ids[0]
    juki.settle()
    shared = code_of(suginami, wrong)
    suginami.correct_resident_code(wrong, "2021-05-30")
    juki.settle()
    mended = code_of(suginami, wrong)
    for tier in ("杉並区", "東京都", "機構"):
        assert juki[tier].changes(mended) == [
            "杉並区 住民票コードの記載の修正・住民票コードの職権記載等 2021-05-30 #2",
            "杉並区 個人番号の記載の修正・個人番号の職権記載等 2021-06-01 #3",
        ], tier
        assert juki[tier].notices(mended)[0].change.former_resident_code == shared, tier
    assert [(one.area_code, one.live) for one in juki["機構"].held(mended)] == [("131156", True)]
    assert code_of(kunitachi, right) != mended
    assert {one.area_code: one.live for one in juki["機構"].held(shared)} == {"131156": False, "132152": False}
    assert "施行令第30条の4第2項" in suginami.print_notice(wrong, pb.NOTICE_KIND_RESIDENT_CODE).text
    with juki.refused("DATE_IN_FUTURE"):
        suginami.correct_resident_code(wrong, "2021-06-02")
    assert juki.ledger_differences() == []


@pytest.mark.law("correct_resident_code")
def test_who_really_has_a_code_that_was_wrong_here_can_still_come(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    code = family.codes[0]
    kunitachi.correct_resident_code(family.head)
    juki.settle()
    certificate = kunitachi.report_move_out([family.wife], "杉並区").certificate
    certificate.members[0].identification.resident_code = code
    certificate.former_area_code = "131148"
    came = suginami.report_move_in(certificate, "東京都杉並区みどり台1番1号").receipt.resident_ids
    out = suginami.report_move_out(came, "国立市").certificate
    back = kunitachi.report_move_in(out, "東京都国立市ひがし一番地").receipt.resident_ids[0]
    juki.settle()
    assert code_of(kunitachi, back) == code
    assert {one.area_code: one.live for one in juki["機構"].held(code)} == {"131156": False, "132152": True}
    assert juki.ledger_differences() == []


@pytest.mark.law("correct_ex_officio")
def test_correct_ex_officio_has_no_words_for_a_code_or_a_number() -> None:
    """令12条3項: 住民票コードに係る誤記を除く."""
    fields = pb.CorrectExOfficioRequest.DESCRIPTOR.fields_by_name
    assert not {"resident_code", "individual_number"} & set(fields)


@pytest.mark.law("change_resident_code")
def test_a_repeated_request_draws_one_code_and_an_empty_pool_none(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    pool = kunitachi.status().code_pool
    once = kunitachi.change_resident_code(family.head, request_id="same")
    code = code_of(kunitachi, family.head)
    assert kunitachi.change_resident_code(family.head, request_id="same") == once
    assert (code_of(kunitachi, family.head), kunitachi.status().code_pool) == (code, pool - 1)
    juki.settle()
    juki.cut("国立市", "機構")
    kunitachi.node.journal.write(lambda db: db.execute("UPDATE pool SET used = 1"))
    with juki.refused("POOL_EMPTY") as caught:
        kunitachi.change_resident_code(family.head, request_id="later")
    assert not caught[0].answer.definite
    assert code_of(kunitachi, family.head) == code
    juki.heal()
    juki.settle()
    kunitachi.change_resident_code(family.head, request_id="later")
    assert code_of(kunitachi, family.head) != code


@pytest.mark.law("change_resident_code")
def test_two_changes_and_two_moves_later_the_first_code_still_leads_to_the_person(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    codes = [family.codes[0]]
    kunitachi.change_resident_code(family.head)
    codes.append(code_of(kunitachi, family.head))
    out = kunitachi.report_move_out([family.head], "杉並区").certificate
    there = suginami.report_move_in(out, "東京都杉並区みどり台1番1号").receipt.resident_ids[0]
    suginami.change_resident_code(there)
    codes.append(code_of(suginami, there))
    out = suginami.report_move_out([there], "国立市").certificate
    back = kunitachi.report_move_in(out, "東京都国立市ひがし一番地").receipt.resident_ids[0]
    juki.settle()
    assert len(set(codes)) == 3
    for tier in ("東京都", "機構"):
        assert juki[tier].codes_after(codes[0]) == codes, tier
        living = {one.area_code: one.live for code in codes for one in juki[tier].held(code) if one.live}
        assert living == {"132152": True}, tier
    assert kunitachi.resident(family.head).confirmed_destination == "東京都杉並区みどり台1番1号"
    assert suginami.resident(there).confirmed_destination == "東京都国立市ひがし一番地"
    assert code_of(kunitachi, back) == codes[2]
    assert juki.ledger_differences() == []


@pytest.mark.law("change_resident_code", "receive_move_in_notice")
def test_a_notice_under_the_code_of_a_certificate_that_grew_old_finds_the_record(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    old = kunitachi.report_move_out([family.head], "杉並区", "2021-06-05").certificate
    kunitachi.change_resident_code(family.head)
    new = code_of(kunitachi, family.head)
    assert new in kunitachi.print_notice(family.head, pb.NOTICE_KIND_MOVE_OUT_CERTIFICATE).text
    juki.settle()
    suginami.report_move_in(old, "東京都杉並区みどり台1番1号")
    juki.settle()
    left = kunitachi.resident(family.head)
    assert (left.state, left.confirmed_destination) == (pb.RESIDENT_STATE_REMOVED, "東京都杉並区みどり台1番1号")
    assert [one.live for one in juki["機構"].held(new)] == [False]
    assert {one.area_code: one.live for one in juki["機構"].held(family.codes[0])} == {"132152": False, "131156": True}
    assert juki.ledger_differences() == []


@pytest.mark.law("change_resident_code")
def test_a_full_transmission_knows_the_new_code_alone(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.change_resident_code(family.head)
    juki.settle()
    new = code_of(kunitachi, family.head)
    request = drill_pb2.ResyncRequest(request_id=juki.new_id())
    juki.console("国立市").call(drill_pb2_grpc.DrillServiceStub, "Resync", request)
    juki.settle()
    for tier in ("東京都", "機構"):
        assert [one.live for one in juki[tier].held(new)] == [True], tier
        assert [one.live for one in juki[tier].held(family.codes[0])] == [False], tier
        assert juki[tier].codes_after(family.codes[0]) == [family.codes[0], new], tier
    kunitachi.change_resident_code(family.head)
    juki.settle()
    assert [one.live for one in juki["機構"].held(new)] == [False]
    assert juki.ledger_differences() == []


@pytest.mark.law("change_resident_code")
def test_a_ward_speaks_for_its_own_codes(juki: Juki) -> None:
    tsurumi = juki["横浜市鶴見区"]
    resident_id = tsurumi.enter_ex_officio(person("架空　港", "1990-07-07", "女")).receipt.resident_ids[0]
    juki.settle()
    old = code_of(tsurumi, resident_id)
    tsurumi.change_resident_code(resident_id)
    juki.settle()
    new = code_of(tsurumi, resident_id)
    assert [(one.area_code, one.live) for one in juki["機構"].held(new)] == [("141011", True)]
    assert juki["神奈川県"].codes_after(old) == [old, new]


# 個人番号


@pytest.mark.law("change_individual_number", "change_individual_numbers", "replace_individual_number")
@pytest.mark.parametrize(
    ("cause", "words"),
    [
        pytest.param("請求", "個人番号の変更請求", id="漏えいのおそれがあるとの請求で個人番号を変える"),
        pytest.param("職権", "個人番号の職権修正", id="職権で個人番号を変える"),
    ],
)
def test_change_individual_number_reaches_every_tier_with_the_old_number(
    juki: Juki, family: Family, cause: str, words: str
) -> None:
    kunitachi, code, since = juki["国立市"], family.codes[0], juki.mark()
    old, *others = [number_of(kunitachi, resident_id) for resident_id in family.all]
    assert kunitachi.change_individual_number(family.head, cause).receipt.notices == 0
    juki.settle()
    new = number_of(kunitachi, family.head)
    assert new != old
    for tier in TIERS:
        assert juki[tier].changes(code)[-1] == f"国立市 個人番号の記載の修正・{words} 2021-06-01 #3", tier
        change = juki[tier].notices(code)[-1].change
        assert (change.former_individual_number, change.former_resident_code) == (old, ""), tier
    (held,) = juki["機構"].held(code)
    assert (held.live, held.identification.individual_number) == (True, new)
    assert juki.hops(code, since) == ["機構→国立市", "国立市→東京都", "東京都→機構"]
    assert [number_of(kunitachi, i) for i in (family.wife, family.child)] == others, "nobody else's changes"
    assert "第7条第2項" in kunitachi.print_notice(family.head, pb.NOTICE_KIND_INDIVIDUAL_NUMBER).text
    heard = [row for row in kunitachi.audit() if row["event"] == "ReplaceIndividualNumber"]
    assert [row["article"] for row in heard] == ["番号法第7条第2項"]
    assert (waiting(kunitachi), juki.ledger_differences()) == ([], [])


@pytest.mark.law("change_individual_number", "change_individual_numbers")
def test_two_changes_in_a_row_never_give_a_number_back(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    numbers = [number_of(kunitachi, family.head)]
    for _ in range(3):
        kunitachi.change_individual_number(family.head)
        juki.settle()
        numbers.append(number_of(kunitachi, family.head))
    assert len(set(numbers)) == 4
    assert [r.change.former_individual_number for r in juki["機構"].notices(family.codes[0])][2:] == numbers[:3]


@pytest.mark.law("change_individual_number")
def test_a_lost_answer_is_asked_for_again_and_one_number_comes(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    given = _numbers_given(juki)
    juki.faults("国立市", "drop_answer", "機構")
    kunitachi.change_individual_number(family.head)
    with juki.refused("NUMBER_CHANGE_PENDING"):
        kunitachi.change_individual_number(family.head)
    juki.settle()
    assert [task.resident_id for task in waiting(kunitachi)] == [family.head]
    juki.heal()
    juki.settle()
    assert _numbers_given(juki) == given + 1
    assert waiting(kunitachi) == []
    assert juki["機構"].changes(family.codes[0])[-1].endswith("#3")


def _numbers_given(juki: Juki) -> int:
    with juki["機構"].file() as db:
        return int(db.execute("SELECT count(*) FROM individual_number").fetchone()[0])


@pytest.mark.law("change_individual_number")
def test_change_individual_number_is_refused_before_the_first_has_come(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    juki.cut("国立市", "機構")
    born = kunitachi.report_birth(family.household).receipt.resident_ids[0]
    with juki.refused("NUMBER_NOT_YET") as caught:
        kunitachi.change_individual_number(born)
    assert caught[0].answer.article == "番号法第7条第2項"
    assert waiting(kunitachi) == []
    juki.heal()
    juki.settle()
    kunitachi.change_individual_number(born)
    juki.settle()
    assert juki["機構"].changes(code_of(kunitachi, born))[-1].endswith("個人番号の変更請求 2021-06-01 #3")


@pytest.mark.law("change_individual_number", "change_individual_numbers")
def test_j_lis_refuses_another_number_for_a_code_it_never_designated(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    left = kunitachi.report_move_out([family.wife], "小平市").certificate
    forged = left.members[0].identification
    forged.resident_code = resident_code_from(4_242_424_242)
    left.former_area_code = "132110"
    stranger = kunitachi.report_move_in(left, "東京都国立市みどり台一丁目1番1号").receipt.resident_ids[0]
    juki.settle()
    before, honest = number_of(kunitachi, stranger), number_of(kunitachi, family.head)
    juki.cut("国立市", "機構")
    kunitachi.change_individual_number(stranger)
    kunitachi.change_individual_number(family.head)
    juki.heal()
    juki.settle()
    assert number_of(kunitachi, stranger) == before
    assert number_of(kunitachi, family.head) != honest, "one record that is refused keeps no other waiting"
    (task,) = waiting(kunitachi)
    assert (task.resident_id, task.last_fault) == (stranger, "CODE_NOT_DESIGNATED")
    kunitachi.correct_resident_code(stranger)
    juki.settle()
    assert waiting(kunitachi) == []
    assert number_of(kunitachi, stranger) not in (before, "")


@pytest.mark.law("change_individual_number", "replace_individual_number")
def test_who_moves_while_a_number_change_is_pending_asks_the_new_mayor(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    old = number_of(kunitachi, family.head)
    juki.cut("国立市", "機構")
    kunitachi.change_individual_number(family.head)
    out = kunitachi.report_move_out([family.head], "杉並区").certificate
    there = suginami.report_move_in(out, "東京都杉並区みどり台1番1号").receipt.resident_ids[0]
    juki.heal()
    juki.settle()
    assert [number_of(kunitachi, family.head), number_of(suginami, there)] == [old, old]
    assert waiting(kunitachi) == []
    suginami.change_individual_number(there)
    juki.settle()
    new = number_of(suginami, there)
    assert new != old
    assert juki["機構"].notices(family.codes[0])[-1].change.former_individual_number == old
    living = [one for one in juki["機構"].held(family.codes[0]) if one.live]
    assert [(one.area_code, one.identification.individual_number) for one in living] == [("131156", new)]
    assert juki.ledger_differences() == []


@pytest.mark.law("change_resident_code", "change_individual_number")
def test_a_code_that_changes_while_the_number_does_keeps_the_request_as_it_was(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    old = number_of(kunitachi, family.head)
    juki.faults("国立市", "drop_answer", "機構")
    kunitachi.change_individual_number(family.head)
    juki.settle()
    kunitachi.change_resident_code(family.head)
    juki.heal()
    juki.settle()
    assert waiting(kunitachi) == [], "asked again with the code of then, so that the request_id says the same"
    record = kunitachi.resident(family.head).identification
    assert record.individual_number != old
    last = juki["機構"].notices(record.resident_code)[-1]
    assert (last.change.former_individual_number, last.identification) == (old, record)


# Names


@pytest.mark.law("enter_former_surname", "delete_former_surname")
def test_enter_former_surname_and_delete_former_surname_reach_every_tier(juki: Juki, family: Family) -> None:
    kunitachi, code = juki["国立市"], family.codes[0]
    kunitachi.enter_former_surname(family.head, "模擬")
    juki.settle()
    for tier in TIERS:
        assert juki[tier].changes(code)[-1] == "国立市 記載の修正・職権修正等 2021-06-01 #3", tier
    assert juki["機構"].held(code)[0].identification.former_surname == "模擬"
    with juki.refused("FORMER_SURNAME_ALREADY"):
        kunitachi.enter_former_surname(family.head, "仮名")
    kunitachi.delete_former_surname(family.head)
    with juki.refused("FORMER_SURNAME_DELETED"):
        kunitachi.enter_former_surname(family.head, "模擬")
    with juki.refused("NOTHING_TO_CORRECT"):
        kunitachi.delete_former_surname(family.head)
    juki.settle()
    assert juki["機構"].changes(code)[-1] == "国立市 記載の修正・職権修正等 2021-06-01 #4"
    assert juki["機構"].held(code)[0].identification.former_surname == ""
    assert juki.ledger_differences() == []


@pytest.mark.law("enter_alias", "delete_alias")
def test_enter_alias_and_delete_alias_reach_every_tier(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    who = person("ＫＡＫＵ　ＴＡＲＯ", "1991-02-03", "男", **FOREIGNER)
    resident_id = kunitachi.enter_ex_officio(who).receipt.resident_ids[0]
    juki.settle()
    code = code_of(kunitachi, resident_id)
    kunitachi.enter_alias(resident_id, "架空　太郎")
    with juki.refused("ALIAS_ALREADY"):
        kunitachi.enter_alias(resident_id, "模擬　太郎")
    juki.settle()
    for tier in TIERS:
        assert juki[tier].changes(code)[-1] == "国立市 記載の修正・職権修正等 2021-06-01 #3", tier
    assert juki["東京都"].held(code)[0].identification.alias == "架空　太郎"
    kunitachi.delete_alias(resident_id)
    juki.settle()
    assert juki["機構"].held(code)[0].identification.alias == ""
    with juki.refused("FOR_FOREIGNERS_ONLY"):
        kunitachi.enter_alias(family.head, "模擬　太郎")
    with juki.refused("FOR_JAPANESE_ONLY"):
        kunitachi.enter_former_surname(resident_id, "模擬")
    assert juki.ledger_differences() == []


@pytest.mark.juki(clock="2025-05-25")
@pytest.mark.law("enter_name_kana", "correct_minor", "enter_former_surname")
def test_enter_name_kana_begins_on_its_day(juki: Juki, family: Family) -> None:
    kunitachi, code = juki["国立市"], family.codes[0]
    foreigner = kunitachi.enter_ex_officio(person("ＫＡＫＵ", "1991-02-03", **FOREIGNER)).receipt.resident_ids[0]
    with juki.refused("NOT_YET_IN_FORCE") as refusal:
        kunitachi.enter_name_kana(family.head, "かくう　たろう")
    assert dict(refusal[0].answer.facts) == {"since": "2025-05-26"}
    with juki.refused("MINOR_ITEM_MISFIT"):
        kunitachi.correct_minor([family.head], "ト", name_kana="かくう　たろう")
    juki.clock.set("2025-05-26")
    kunitachi.enter_name_kana(family.head, "かくう　たろう")
    kunitachi.correct_minor([family.head], "ト", name_kana="カクウ　タロウ")
    juki.settle()
    for tier in TIERS:
        assert [words.split()[1] for words in juki[tier].changes(code)[-2:]] == [
            "記載の修正・職権修正等",
            "記載の修正・軽微な修正",
        ], tier
    assert juki["機構"].held(code)[0].identification.name_kana == "カクウ　タロウ"
    with juki.refused("FOR_JAPANESE_ONLY"):
        kunitachi.enter_name_kana(foreigner, "かく")
    with juki.refused("FIELD_MISSING"):
        kunitachi.enter_former_surname(family.head, "模擬")
    kunitachi.enter_former_surname(family.head, "模擬", "もぎ")
    juki.settle()
    assert juki["機構"].held(code)[0].identification.former_surname_kana == "もぎ"
    assert juki.ledger_differences() == []


@pytest.mark.law("enter_alias", "enter_former_surname", "report_move_in")
def test_names_beside_the_name_go_along_on_a_move(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    who = person("ＫＡＫＵ　ＴＡＲＯ", "1991-02-03", "男", **FOREIGNER)
    foreigner = kunitachi.enter_ex_officio(who).receipt.resident_ids[0]
    kunitachi.enter_alias(foreigner, "架空　太郎")
    kunitachi.enter_former_surname(family.head, "模擬")
    juki.settle()
    for resident_id, field, words in ((foreigner, "alias", "架空　太郎"), (family.head, "former_surname", "模擬")):
        out = kunitachi.report_move_out([resident_id], "杉並区").certificate
        there = suginami.report_move_in(out, "東京都杉並区みどり台1番1号").receipt.resident_ids[0]
        juki.settle()
        (held,) = [one for one in juki["機構"].held(code_of(suginami, there)) if one.live]
        assert (held.area_code, getattr(held.identification, field)) == ("131156", words)


# Birth dates


@pytest.mark.law("birth_date_to_send")
@pytest.mark.parametrize(
    ("words", "sent"),
    [
        pytest.param("昭和15年2月30日", (1940, 2, 0), id="昭和十五年二月三十日は二月までを送る"),
        pytest.param("昭和16年2月29日", (1941, 2, 0), id="平年の二月二十九日は二月までを送る"),
        pytest.param("明治以前", None, id="明治以前は空欄で送る"),
    ],
)
def test_a_birth_date_that_no_calendar_has_stays_in_words_and_travels_as_far_as_it_goes(
    juki: Juki, words: str, sent: tuple[int, int, int] | None
) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    who = person("架空　古老", None, "女", birth_date_text=words)
    resident_id = kunitachi.enter_ex_officio(who).receipt.resident_ids[0]
    out = kunitachi.report_move_out([resident_id], "杉並区").certificate
    there = suginami.report_move_in(out, "東京都杉並区みどり台1番1号").receipt.resident_ids[0]
    juki.settle()
    assert suginami.resident(there).birth_date_text == words
    assert words in suginami.print_notice(there, pb.NOTICE_KIND_INDIVIDUAL_NUMBER).text
    for one in juki["機構"].held(code_of(suginami, there)):
        born = one.identification.birth_date
        assert (born.year, born.month, born.day) == (sent or (0, 0, 0))
    assert juki["機構"].quarantined() == juki["東京都"].quarantined() == juki["国立市"].quarantined() == []
    assert kunitachi.resident(resident_id).confirmed_destination
