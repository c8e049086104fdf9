"""Whoever goes on under another record of the same municipality loses nothing that is kept by the number of the old."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jukinet.testing.door import person
from jukinet.testing.nationality_desk import medium_term
from jukinet.testing.network import Juki
from tests.journeys.conftest import Family

KUNITACHI, SUGINAMI, ELSEWHERE = "国立市", "東京都杉並区みどり台1番1号", "東京都国立市みどり台三丁目1番1号"
DOMICILE, HOME = "東京都国立市架空7番地", "東京都国立市みどり台二丁目3番4号"

Anew = Callable[[Juki, int], int]


def foreigner(juki: Juki) -> int:
    report = juki[KUNITACHI].report_foreign_resident(
        person("ＤＯＥ　ＪＡＮＥ", "1990-01-01", "女"), medium_term("2021-06-01", "2024-06-01"), address=HOME
    )
    juki.settle()
    return int(report.receipt.resident_ids[-1])


def left_and_cancelled(juki: Juki, resident_id: int) -> int:
    """転出届, 転出予定日の消除, 転出取消し: the new record."""
    clerk = juki[KUNITACHI]
    clerk.report_move_out([resident_id], SUGINAMI, "2021-06-05")
    juki.clock.set("2021-06-06")
    (back,) = clerk.cancel_move_out([resident_id]).receipt.resident_ids
    juki.settle()
    return int(back)


def deleted_and_restored(juki: Juki, resident_id: int) -> int:
    """実態調査による職権消除, 職権回復: the new record."""
    clerk = juki[KUNITACHI]
    clerk.delete_after_investigation(resident_id)
    new = clerk.restore_ex_officio(resident_id).receipt.resident_ids[1]
    juki.settle()
    return int(new)


def nationality_lost(juki: Juki, resident_id: int) -> int:
    """国籍喪失: the new record."""
    today = str(juki[KUNITACHI].node.clock.today())
    receipt = juki[KUNITACHI].lose_nationality(resident_id, items=medium_term(today)).receipt
    juki.settle()
    return int(receipt.resident_ids[1])


ways = pytest.mark.parametrize(
    "anew",
    [
        pytest.param(left_and_cancelled, id="転出取消しで記載した"),
        pytest.param(deleted_and_restored, id="職権で回復した"),
        pytest.param(nationality_lost, id="国籍喪失で記載した"),
    ],
)
same_nationality = pytest.mark.parametrize("anew", ways.args[1][:2])


@pytest.mark.law("start_support", "send_wide_area_record")
@ways
def test_支援措置の写しは新しい住民票でも出さない(juki: Juki, family: Family, anew: Anew) -> None:
    clerk = juki[KUNITACHI]
    clerk.start_support([family.wife])
    new = anew(juki, family.wife)
    clerk.change_resident_code(new)
    juki.settle()
    code = clerk.resident(new).identification.resident_code
    with juki.refused("RECORD_NOT_SENT"):
        juki["杉並区"].issue_wide_area_copy(clerk.code, "架空　花子", code)
    clerk.end_support([new])
    assert juki["杉並区"].issue_wide_area_copy(clerk.code, "架空　花子", code).text


@pytest.mark.law("extend_support")
@ways
def test_支援措置は新しい住民票で延長し終わらせる(juki: Juki, family: Family, anew: Anew) -> None:
    clerk = juki[KUNITACHI]
    clerk.start_support([family.wife])
    new = anew(juki, family.wife)
    assert [support.resident_id for support in clerk.supports()] == [new]
    juki.clock.set("2022-05-20")
    clerk.extend_support([new])
    with juki.refused("SUPPORT_NOT_IN_FORCE"):
        clerk.end_support([family.wife])
    clerk.end_support([new])


@pytest.mark.law("enter_former_surname")
@same_nationality
def test_削除した旧氏は新しい住民票にも記載しない(juki: Juki, family: Family, anew: Anew) -> None:
    clerk = juki[KUNITACHI]
    deleted = clerk.resident(family.wife).identification.former_surname
    clerk.delete_former_surname(family.wife)
    new = anew(juki, family.wife)
    with juki.refused("FORMER_SURNAME_DELETED"):
        clerk.enter_former_surname(new, deleted)
    assert clerk.resident(new).identification.former_surname == ""


@pytest.mark.law("issue_wide_area_copy")
@ways
def test_住所を定めた年月日は新しい住民票でも写しに載る(juki: Juki, family: Family, anew: Anew) -> None:
    clerk = juki[KUNITACHI]
    juki.clock.set("2021-06-02")
    clerk.report_relocation(family.all, ELSEWHERE)
    anew(juki, family.wife)
    assert "住所を定めた年月日" in juki["杉並区"].issue_wide_area_copy(clerk.code, "架空　花子", family.codes[1]).text


@pytest.mark.law("issue_wide_area_copy")
def test_別の住所で回復した者には前の住所を定めた年月日を載せない(juki: Juki, family: Family) -> None:
    clerk = juki[KUNITACHI]
    juki.clock.set("2021-06-02")
    clerk.report_relocation(family.all, ELSEWHERE)
    clerk.delete_after_investigation(family.wife)
    clerk.restore_ex_officio(family.wife, address="東京都国立市みどり台四丁目1番1号")
    juki.settle()
    copy = juki["杉並区"].issue_wide_area_copy(clerk.code, "架空　花子", family.codes[1]).text
    assert "住所を定めた年月日" not in copy


@pytest.mark.law("change_individual_number")
@ways
def test_申し出た個人番号の変更は新しい住民票で待つ(juki: Juki, family: Family, anew: Anew) -> None:
    clerk = juki[KUNITACHI]
    before = clerk.resident(family.wife).identification.individual_number
    juki.cut(KUNITACHI, "機構")
    clerk.change_individual_number(family.wife)
    new = anew(juki, family.wife)
    juki.heal()
    juki.settle()
    assert clerk.resident(new).identification.individual_number != before
    assert clerk.tasks() == []


@pytest.mark.law("print_notice", "notify_changed_code")
@ways
def test_変更した住民票コードの通知票は新しい住民票でも変更の条文を引く(juki: Juki, family: Family, anew: Anew) -> None:
    clerk = juki[KUNITACHI]
    assert "第30条の3第3項" in clerk.print_notice(family.head, 1).text
    clerk.change_resident_code(family.wife)
    new = anew(juki, family.wife)
    assert "第30条の4第4項" in clerk.print_notice(new, 1).text


@pytest.mark.law("cancel_move_out")
@same_nationality
def test_外国人住民の三十条の四十五の事項は新しい住民票にもある(juki: Juki, anew: Anew) -> None:
    resident_id = foreigner(juki)
    new = anew(juki, resident_id)
    clerk = juki[KUNITACHI]
    assert clerk.foreign_items(new).items == clerk.foreign_items(resident_id).items
    assert clerk.foreign_items(new).items.nationality


@pytest.mark.law("acquire_nationality")
def test_帰化した者の住民票に三十条の四十五の事項はない(juki: Juki) -> None:
    new = juki[KUNITACHI].acquire_nationality(foreigner(juki)).receipt.resident_ids[1]
    with juki.refused("NOT_FOREIGN_RESIDENT"):
        juki[KUNITACHI].foreign_items(new)


@pytest.mark.law("send_move_out_certificate", "acquire_nationality")
def test_カードで転出届をしてから帰化した者は日本人として転入する(juki: Juki) -> None:
    clerk, resident_id = juki[KUNITACHI], foreigner(juki)
    code = clerk.resident(resident_id).identification.resident_code
    clerk.report_move_out([resident_id], SUGINAMI, "2021-06-10", with_card=True)
    clerk.acquire_nationality(resident_id, name="架空　蓮", registered_domicile=DOMICILE)
    juki.clock.set("2021-06-10")
    (new,) = juki["杉並区"].report_special_move_in(code, KUNITACHI, SUGINAMI).receipt.resident_ids
    juki.settle()
    assert juki["杉並区"].resident(new).identification.name == "架空　蓮"
    with juki.refused("NOT_FOREIGN_RESIDENT"):
        juki["杉並区"].foreign_items(new)
    (member,) = juki["杉並区"].report_move_out([new], HOME, "2021-06-20").certificate.members
    assert member.registered_domicile == DOMICILE
    assert not member.HasField("foreign_items")
    assert [held.live for held in juki["機構"].held(code)].count(True) == 1
    assert juki.ledger_differences() == []


@pytest.mark.law("cancel_move_out")
def test_紙の転出届をした外国人が帰化しても特例の転入届はできない(juki: Juki) -> None:
    clerk, resident_id = juki[KUNITACHI], foreigner(juki)
    code = clerk.resident(resident_id).identification.resident_code
    clerk.report_move_out([resident_id], SUGINAMI, "2021-06-10")
    clerk.acquire_nationality(resident_id)
    juki.clock.set("2021-06-10")
    with juki.refused("NO_MOVE_OUT_INFORMATION"):
        juki["杉並区"].report_special_move_in(code, KUNITACHI, SUGINAMI)


@pytest.mark.law("cancel_move_out", "lose_nationality")
def test_転出予定の世帯主は国籍を失つても取消しで世帯主に戻る(juki: Juki, family: Family) -> None:
    clerk = juki[KUNITACHI]
    clerk.report_move_out([family.head], SUGINAMI, "2021-06-10")
    new = nationality_lost(juki, family.head)
    juki.clock.set("2021-06-12")
    (back,) = clerk.cancel_move_out([new]).receipt.resident_ids
    juki.settle()
    assert clerk.resident(back).relationship == "世帯主"
    assert clerk.resident(family.wife).relationship == "妻"


@pytest.mark.law("start_support", "send_wide_area_record")
@pytest.mark.parametrize(
    "over", [pytest.param(False, id="期間中は出さない"), pytest.param(True, id="終わらせれば出す")]
)
def test_よそで住民票コードを変えて戻つた者は個人番号で守られる(juki: Juki, family: Family, over: bool) -> None:
    clerk, suginami = juki[KUNITACHI], juki["杉並区"]
    clerk.start_support([family.wife])
    paper = clerk.report_move_out([family.wife], SUGINAMI, "2021-06-01").certificate
    (there,) = suginami.report_move_in(paper, SUGINAMI).receipt.resident_ids
    suginami.change_resident_code(there)
    paper = suginami.report_move_out([there], HOME, "2021-06-01").certificate
    (back,) = clerk.report_move_in(paper, HOME).receipt.resident_ids
    juki.settle()
    code = clerk.resident(back).identification.resident_code
    assert code != family.codes[1]
    if over:
        clerk.end_support([family.wife])
        assert suginami.issue_wide_area_copy(clerk.code, "架空　花子", code).text
    else:
        with juki.refused("RECORD_NOT_SENT"):
            suginami.issue_wide_area_copy(clerk.code, "架空　花子", code)
