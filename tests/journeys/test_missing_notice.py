"""転入通知 that does not arrive: 未着者一覧, 照会書, 再送, and the list of what could not be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import day
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import relay_pb2

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

INQUIRY = pb.NOTICE_KIND_MOVE_IN_INQUIRY
SUGINAMI = "東京都杉並区みどり台1番1号"
CONFIRMED = relay_pb2.STREAM_KIND_MOVE_OUT_CONFIRMATION


@pytest.mark.parametrize(
    ("on", "days"),
    [
        pytest.param("2021-06-10", 0, id="転出予定日当日は載らない"),
        pytest.param("2021-06-24", 0, id="十四日目はまだ載らない"),
        pytest.param("2021-06-25", 14, id="十四日を経過した日に載る"),
        pytest.param("2021-07-10", 14, id="三十日目はまだ十四日の区分"),
        pytest.param("2021-07-11", 30, id="三十日を経過した日に三十日の区分"),
    ],
)
@pytest.mark.law("list_missing_move_in_notices")
def test_list_missing_move_in_notices(juki: Juki, family: Family, on: str, days: int) -> None:
    kunitachi = juki["国立市"]
    kunitachi.report_move_out([family.wife], "杉並区", "2021-06-10")
    juki.clock.set(on)
    found = kunitachi.list_missing_move_in_notices()
    assert [row.resident_id for row in found] == [family.wife] * (days > 0)
    if days:
        (row,) = found
        assert (row.planned_destination, row.planned_date, row.days_passed) == ("杉並区", day("2021-06-10"), days)
    (audit,) = [row for row in kunitachi.audit() if row["event"] == "ListMissingMoveInNotices"]
    assert audit["subjects"] == (str(family.wife) if days else "")


def test_list_missing_move_in_notices_leaves_out_who_is_not_waited_for(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    left = kunitachi.report_move_out([family.wife], "杉並区")
    juki["杉並区"].report_move_in(left.certificate, SUGINAMI)
    kunitachi.delete_ex_officio(family.child)
    kunitachi.report_death(family.head)
    juki.clock.advance(days=60)
    assert kunitachi.list_missing_move_in_notices() == []


@pytest.mark.parametrize("changed", [False, True], ids=["取り消した者", "取り消した後にコードを変更した者"])
@pytest.mark.law("list_missing_move_in_notices", "cancel_move_out")
def test_list_missing_move_in_notices_leaves_out_who_stays_after_all(juki: Juki, family: Family, changed: bool) -> None:
    kunitachi = juki["国立市"]
    kunitachi.report_move_out([family.wife], "杉並区")
    (again,) = kunitachi.cancel_move_out([family.wife]).receipt.resident_ids
    assert again != family.wife
    if changed:
        kunitachi.change_resident_code(again)
    juki.clock.advance(days=60)
    assert kunitachi.list_missing_move_in_notices() == []


def test_list_missing_move_in_notices_comes_in_pages(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.report_move_out(family.all, "杉並区")
    juki.clock.advance(days=15)
    for size in (1, 2, 3, 0):
        assert [row.resident_id for row in kunitachi.list_missing_move_in_notices(size)] == family.all


@pytest.mark.law("inquire_move_in_notice")
def test_print_notice_writes_the_inquiry_to_where_somebody_was_to_move(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.report_move_out([family.wife], "杉並区", "2021-06-10")
    for on in ("2021-06-02", "2021-06-24"):
        juki.clock.set(on)
        with juki.refused("NOTHING_TO_PRINT"):
            kunitachi.print_notice(family.wife, INQUIRY)
    juki.clock.set("2021-06-25")
    paper = kunitachi.print_notice(family.wife, INQUIRY)
    assert paper.title == "転入通知照会書"
    for words in ("杉並区", "架空　花子", "令和3年6月10日", "14日を経過", "132152", "国立市長", "SIMULATION"):
        assert words in paper.text
    (row,) = [row for row in kunitachi.audit() if row["event"] == "PrintNotice" and row["accepted"]]
    assert row["article"] == "住基法第34条第2項"
    code = kunitachi.resident(family.wife).identification.resident_code
    assert code not in paper.text, "a paper that leaves the office carries no code"


def test_print_notice_writes_no_inquiry_once_the_notice_came(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    left = kunitachi.report_move_out([family.wife], "杉並区")
    juki.clock.advance(days=20)
    juki["杉並区"].report_move_in(left.certificate, SUGINAMI)
    juki.settle()
    for resident_id in (family.wife, family.head):
        with juki.refused("NOTHING_TO_PRINT"):
            kunitachi.print_notice(resident_id, INQUIRY)


@pytest.mark.law("resend_move_in_notice", "notify_move_in")
def test_resend_move_in_notice_says_what_the_record_says_now_and_wins(juki: Juki, family: Family) -> None:
    kunitachi, suginami, code = juki["国立市"], juki["杉並区"], family.codes[1]
    left = kunitachi.report_move_out([family.wife], "杉並区")
    came = suginami.report_move_in(left.certificate, "東京都杉並区みどり台1番1号").receipt.resident_ids[0]
    juki.settle()
    suginami.correct_ex_officio(came, address="東京都杉並区みどり台1番11号")
    assert suginami.resend_move_in_notice(came, "132152").receipt.notices == 1
    juki.settle()
    assert kunitachi.resident(family.wife).confirmed_destination == "東京都杉並区みどり台1番11号"
    assert [confirmed.new_address for confirmed in juki["東京都"].confirmed(code)] == ["東京都杉並区みどり台1番11号"]
    told = len(juki["東京都"].notices(code, CONFIRMED))
    suginami.resend_move_in_notice(came, "132152")
    juki.settle()
    assert len(juki["東京都"].notices(code, CONFIRMED)) == told == 2, "the same again changes nothing"
    assert juki.ledger_differences() == []


@pytest.mark.law("resend_move_in_notice", "list_missing_move_in_notices")
def test_resend_move_in_notice_takes_who_is_missing_off_the_list(juki: Juki, family: Family) -> None:
    """The notice went to the wrong place; the 照会書 finds it out."""
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    certificate = kunitachi.report_move_out([family.wife], "杉並区").certificate
    certificate.former_area_code = "131148"
    came = suginami.report_move_in(certificate, SUGINAMI).receipt.resident_ids[0]
    juki.clock.advance(days=15)
    assert juki["中野区"].quarantined() == [("131156", "RESIDENT_NOT_FOUND")]
    assert [row.resident_id for row in kunitachi.list_missing_move_in_notices()] == [family.wife]
    suginami.resend_move_in_notice(came, "132152")
    juki.settle()
    assert kunitachi.list_missing_move_in_notices() == []
    assert kunitachi.resident(family.wife).confirmed_move_out_date == day("2021-06-01")
    assert juki.ledger_differences() == []


def test_resend_move_in_notice_of_what_was_no_move_is_refused(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    with juki.refused("NOTHING_TO_RESEND"):
        kunitachi.resend_move_in_notice(family.wife, "131156")
    left = kunitachi.report_move_out([family.wife], "杉並区")
    came = suginami.report_move_in(left.certificate, SUGINAMI).receipt.resident_ids[0]
    with juki.refused("NOTHING_TO_RESEND"):
        suginami.resend_move_in_notice(came, "131156")
    for code in ("999999", "130001", "141003", ""):
        with juki.refused("AREA_UNKNOWN"):
            suginami.resend_move_in_notice(came, code)
    with juki.refused("RESIDENT_NOT_FOUND"):
        suginami.resend_move_in_notice(999, "132152")
    juki.settle()
    assert len(suginami.notices(kind=relay_pb2.STREAM_KIND_MOVE_IN_NOTICE)) == 1


def test_resend_move_in_notice_while_the_line_is_down_waits_and_arrives(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    left = kunitachi.report_move_out([family.wife], "杉並区")
    juki.cut("国立市", "杉並区")
    came = suginami.report_move_in(left.certificate, SUGINAMI).receipt.resident_ids[0]
    suginami.resend_move_in_notice(came, "132152")
    juki.settle()
    assert [task.count for task in suginami.tasks()] == [2]
    juki.heal()
    juki.settle()
    assert kunitachi.resident(family.wife).confirmed_destination == SUGINAMI
    assert juki.ledger_differences() == []
