"""What changes after a 転出届: told again where it was told, never entered from an old notice, flagged if it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import day, person
from jukinet.testing.nationality_desk import medium_term
from jukinet.v1 import identification_pb2, intermunicipal_pb2, relay_pb2

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

PRE_NOTICE = relay_pb2.STREAM_KIND_MOVE_OUT_PRE_NOTICE
SUGINAMI, NAKANO = "東京都杉並区みどり台1番1号", "東京都中野区みどり台1番1号"
HOME = "東京都国立市みどり台二丁目3番4号"
IN_2023 = pytest.mark.juki(clock="2023-03-01")
OVER_THE_CHANGE = pytest.mark.juki(nodes=["浜松市", "国立市", "国分寺市"], clock="2023-12-20")
TOLD_AGAIN = pytest.mark.law("notify_move_out_beforehand", "receive_move_out_pre_notice")
PRINT_CERTIFICATE = 3


def said(juki: Juki, name: str) -> int:
    """How many 事前通知 a municipality signed."""
    return len([entry for entry in juki[name].journal() if entry.header.kind == PRE_NOTICE and entry.said])


def live(juki: Juki, code: str) -> list[str]:
    """Areas in which the code lives at J-LIS."""
    return sorted(held.area_code for held in juki["機構"].held(code) if held.live)


def told(juki: Juki, family: Family) -> None:
    """All three report to leave for 杉並区, which is told."""
    juki["国立市"].report_move_out(family.all, SUGINAMI, "2023-03-20", with_card=True)
    juki.settle()


# Told again


@IN_2023
@TOLD_AGAIN
@pytest.mark.parametrize(
    ("change", "leaving"),
    [
        pytest.param(lambda k, f: k.change_individual_number(f.wife), 3, id="個人番号を変えた"),
        pytest.param(lambda k, f: k.change_resident_code(f.wife), 3, id="住民票コードを変えた"),
        pytest.param(lambda k, f: k.correct_ex_officio(f.wife, name="架空　花代"), 3, id="氏名を職権で修正した"),
        pytest.param(lambda k, f: k.report_death(f.head, "2023-03-01"), 2, id="世帯主が死亡した"),
        pytest.param(lambda k, f: k.cancel_move_out([f.child]), 2, id="子だけ転出を取りやめた"),
        pytest.param(lambda k, f: k.cancel_move_out(f.all), 0, id="全員が転出を取りやめた"),
        pytest.param(lambda k, f: k.delete_ex_officio(f.child), 2, id="子が職権で消除された"),
        pytest.param(
            lambda k, f: k.lose_nationality(f.wife, items=medium_term("2023-03-01")), 3, id="妻が国籍を失った"
        ),
    ],
)
def test_what_changes_after_the_notice_is_told_again(
    juki: Juki, family: Family, change: Callable[..., object], leaving: int
) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    told(juki, family)
    change(kunitachi, family)
    juki.settle()
    assert said(juki, "国立市") == 2
    held = [member for notice in suginami.list_move_out_pre_notices() for member in notice.notice.certificate.members]
    assert len(held) == leaving
    now = {r.identification.SerializeToString(deterministic=True) for r in kunitachi.residents()}
    assert {m.identification.SerializeToString(deterministic=True) for m in held} <= now, "as it is recorded today"
    juki.clock.set("2023-03-20")
    juki.settle()
    if not leaving:
        with juki.refused("NO_MOVE_OUT_INFORMATION"):
            suginami.report_special_move_in(family.codes[1], "国立市", SUGINAMI)
        return
    code = held[-1].identification.resident_code
    assert len(suginami.report_special_move_in(code, "国立市", SUGINAMI).receipt.resident_ids) == leaving
    juki.settle()
    assert suginami.list_move_out_pre_notices() == []
    assert juki["機構"].flagged() == []
    assert juki.ledger_differences() == []


@IN_2023
@TOLD_AGAIN
def test_what_changes_nothing_of_the_certificate_is_not_told_again(juki: Juki, family: Family) -> None:
    told(juki, family)
    (other,) = juki["国立市"].enter_ex_officio(person("架空　次郎", "1990-07-07", "男")).receipt.resident_ids
    juki["国立市"].change_resident_code(other)
    juki.settle()
    juki.clock.set("2023-03-20")
    juki["杉並区"].report_special_move_in(family.codes[1], "国立市", SUGINAMI)
    juki.settle()
    assert juki["国立市"].resident(family.child).confirmed_destination == SUGINAMI
    assert said(juki, "国立市") == 1, "neither another person, nor the 消除, nor their arrival is news"


@IN_2023
@TOLD_AGAIN
def test_a_third_city_that_recorded_them_leaves_the_planned_one_nothing(juki: Juki, family: Family) -> None:
    told(juki, family)
    juki.clock.set("2023-03-20")
    juki["中野区"].report_special_move_in(family.codes[1], "国立市", NAKANO)
    juki.settle()
    assert juki["杉並区"].list_move_out_pre_notices() == []
    with juki.refused("NO_MOVE_OUT_INFORMATION"):
        juki["杉並区"].report_special_move_in(family.codes[1], "国立市", SUGINAMI)
    juki.settle()
    assert live(juki, family.codes[1]) == ["131148"]


@IN_2023
@TOLD_AGAIN
def test_who_reports_again_to_go_elsewhere_is_taken_back_from_the_first(juki: Juki, family: Family) -> None:
    told(juki, family)
    juki["国立市"].report_move_out([family.wife], NAKANO, "2023-03-25", with_card=True)
    juki.settle()
    (there,), (here,) = juki["中野区"].list_move_out_pre_notices(), juki["杉並区"].list_move_out_pre_notices()
    assert [len(held.notice.certificate.members) for held in (there, here)] == [1, 2]


@IN_2023
@TOLD_AGAIN
def test_the_old_code_on_the_card_still_leads_to_the_person(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    told(juki, family)
    kunitachi.change_resident_code(family.wife)
    juki.settle()
    code = kunitachi.resident(family.wife).identification.resident_code
    juki.clock.set("2023-03-20")
    came = suginami.report_special_move_in(family.codes[1], "国立市", SUGINAMI).receipt.resident_ids
    juki.settle()
    assert [suginami.resident(one).identification.resident_code for one in came][1] == code
    assert (live(juki, family.codes[1]), live(juki, code)) == ([], ["131156"])
    assert juki["機構"].flagged() == []


@pytest.mark.law("send_move_out_certificate")
def test_who_asks_is_told_the_stay_of_today(juki: Juki) -> None:
    kunitachi = juki["国立市"]
    entered = kunitachi.report_foreign_resident(
        person("ＤＯＥ　ＪＡＮＥ", "1990-01-01", "女"), medium_term("2021-06-01"), address=HOME
    )
    jane = entered.receipt.resident_ids[-1]
    juki.settle()
    kunitachi.report_move_out([jane], SUGINAMI, "2021-06-10", with_card=True)
    kunitachi.enter_immigration_notice(jane, items=medium_term("2021-06-01", "2027-06-01", card_number="ZZ12345678ZZ"))
    juki.clock.set("2021-06-10")
    code = kunitachi.resident(jane).identification.resident_code
    (came,) = juki["杉並区"].report_special_move_in(code, "国立市", SUGINAMI).receipt.resident_ids
    assert juki["杉並区"].foreign_items(came).items.card_number == "ZZ12345678ZZ"


# Over a change of wards


@OVER_THE_CHANGE
@pytest.mark.law("send_move_out_certificate", "notify_move_out_beforehand")
@pytest.mark.parametrize("former", [pytest.param("221317", id="中区"), pytest.param("221384", id="中央区")])
@pytest.mark.parametrize(
    ("to", "area"),
    [pytest.param("国立市", "132152", id="通知を受けた市"), pytest.param("国分寺市", "132144", id="求める市")],
)
def test_either_code_of_a_reorganized_ward_leads_to_the_report(juki: Juki, former: str, to: str, area: str) -> None:
    naka, hamamatsu = juki["浜松市中区"], juki["浜松市"]
    address = "静岡県浜松市中区みどり台一丁目1番1号"
    (number,) = naka.enter_ex_officio(person("架空　遠江", "1990-07-07", "女"), address=address).receipt.resident_ids
    juki.settle()
    code = hamamatsu.resident(number).identification.resident_code
    naka.report_move_out([number], "東京都国立市", "2024-01-05", with_card=True)
    juki.settle()
    juki.clock.set("2024-01-05")
    juki.settle()
    (held,) = juki["国立市"].list_move_out_pre_notices()
    assert held.notice.certificate.former_area_code == "221384", "it names the area of today"
    juki[to].report_special_move_in(code, former, f"東京都{to}みどり台1番1号")
    juki.settle()
    assert live(juki, code) == [area]
    assert hamamatsu.resident(number).confirmed_destination
    assert juki["国立市"].list_move_out_pre_notices() == []
    assert juki.ledger_differences() == []


# Flagged at J-LIS

FLAGGED = pytest.mark.law("stale_entry_is_flagged")


@FLAGGED
def test_who_is_entered_under_a_code_that_was_changed_is_flagged_until_it_is_mended(juki: Juki, family: Family) -> None:
    kunitachi, suginami, code = juki["国立市"], juki["杉並区"], family.codes[1]
    paper = kunitachi.report_move_out([family.wife], SUGINAMI, "2021-06-20").certificate
    kunitachi.change_resident_code(family.wife)
    juki.settle()
    assert juki["機構"].flagged() == []
    (wrong,) = suginami.report_move_in(paper, SUGINAMI).receipt.resident_ids
    juki.settle()
    assert (juki["機構"].flagged(), juki["東京都"].flagged()) == ([code], [code])
    assert juki["機構"].status().flagged_codes == 1
    suginami.delete_ex_officio(wrong)
    juki.settle()
    assert (juki["機構"].flagged(), juki["機構"].status().flagged_codes) == ([], 0)


@FLAGGED
def test_a_dead_person_who_is_entered_elsewhere_is_flagged_until_removed(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    paper = kunitachi.report_move_out(family.all, SUGINAMI, "2021-06-10").certificate
    kunitachi.report_death(family.head, "2021-06-01")
    juki.settle()
    assert juki["機構"].flagged() == []
    entered = suginami.report_move_in(paper, SUGINAMI).receipt.resident_ids
    juki.settle()
    assert juki["機構"].flagged() == [family.codes[0]], "and neither wife nor child"
    suginami.report_death(entered[0], "2021-06-01")
    juki.settle()
    assert juki["機構"].flagged() == []


@FLAGGED
@pytest.mark.parametrize("dies", [pytest.param(True, id="死亡"), pytest.param(False, id="コードの変更")])
def test_what_the_former_city_has_not_closed_yet_has_the_time_of_a_move(juki: Juki, family: Family, dies: bool) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    paper = kunitachi.report_move_out([family.wife], SUGINAMI, "2021-06-20").certificate
    juki.cut("杉並区", "国立市")
    (came,) = suginami.report_move_in(paper, SUGINAMI).receipt.resident_ids
    juki.settle()
    if dies:
        suginami.report_death(came, "2021-06-01")
    else:
        suginami.change_resident_code(came)
    juki.settle()
    assert juki["機構"].flagged() == []
    juki.clock.set("2021-06-16")
    assert juki["機構"].flagged() == [family.codes[1]]
    juki.heal()
    juki.settle()
    assert juki["機構"].flagged() == []


# Back on the same day, and papers


@pytest.mark.law("receive_move_in_notice")
@pytest.mark.parametrize("repeated", [pytest.param(False, id="一度"), pytest.param(True, id="紙でもう一度")])
def test_a_late_notice_closes_nobody_who_came_back_that_day(juki: Juki, family: Family, repeated: bool) -> None:
    kunitachi, suginami, code = juki["国立市"], juki["杉並区"], family.codes[1]
    paper = kunitachi.report_move_out([family.wife], SUGINAMI).certificate
    juki.settle()
    juki.cut("国立市", "杉並区")
    (there,) = suginami.report_move_in(paper, SUGINAMI).receipt.resident_ids
    back = suginami.report_move_out([there], "東京都国立市").certificate
    (here,) = kunitachi.report_move_in(back, HOME).receipt.resident_ids
    juki.heal()
    juki.settle()
    if repeated:
        kunitachi.enter_paper_move_in_notice(
            intermunicipal_pb2.MoveInNotice(
                resident_code=code, name="架空　花子", birth_date=day("1982-03-14"), sex=identification_pb2.SEX_FEMALE,
                new_address=SUGINAMI, move_in_date=day("2021-06-01"), report_date=day("2021-06-01"),
                former_address=HOME, new_area_code="131156",
            )
        )  # fmt: skip
    assert live(juki, code) == ["132152"]
    assert kunitachi.resident(here).removal_reason == 0
    assert kunitachi.resident(family.wife).confirmed_destination == SUGINAMI


@pytest.mark.law("issue_move_out_certificate")
def test_no_certificate_for_whom_the_move_is_confirmed(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    paper = kunitachi.report_move_out([family.wife], SUGINAMI).certificate
    assert "転出証明書" in kunitachi.print_notice(family.wife, PRINT_CERTIFICATE).text
    juki["杉並区"].report_move_in(paper, SUGINAMI)
    juki.settle()
    with juki.refused("NOTHING_TO_PRINT"):
        kunitachi.print_notice(family.wife, PRINT_CERTIFICATE)


@pytest.mark.law("issue_move_out_certificate")
def test_no_certificate_while_the_card_serves_and_one_afterwards(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.report_move_out([family.wife], SUGINAMI, "2021-06-10", with_card=True)
    for on in ("2021-06-02", "2021-07-10"):
        juki.clock.set(on)
        with juki.refused("NOTHING_TO_PRINT"):
            kunitachi.print_notice(family.wife, PRINT_CERTIFICATE)
    juki.clock.set("2021-07-11")
    assert "転出証明書" in kunitachi.print_notice(family.wife, PRINT_CERTIFICATE).text
