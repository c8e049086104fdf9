"""誤りの通報: J-LIS tells the governor (法30条の8), the governor the mayor (法12条の5), who mends and tells again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.law.error_report import mends
from jukinet.model.finding import FindingKind
from jukinet.model.identification import ChangeKind
from jukinet.model.stream import Keys, Stream
from jukinet.store import journal
from jukinet.testing.abroad_desk import arrival
from jukinet.testing.door import person
from jukinet.testing.error_desk import STUB
from jukinet.v1 import error_report_pb2 as pb
from jukinet.v1 import identification_pb2, relay_pb2, search_pb2
from jukinet.wire.client import Refused

if TYPE_CHECKING:
    from jukinet.store.database import Connection
    from jukinet.testing.counter import Counter
    from jukinet.testing.network import Juki

STORED, REGISTER = int(relay_pb2.STREAM_KIND_STORED_ERROR_REPORT), int(relay_pb2.STREAM_KIND_REGISTER_ERROR_REPORT)
IDENTIFICATION = int(relay_pb2.STREAM_KIND_IDENTIFICATION)
TSURUMI = "横浜市鶴見区"
NAMESAKE = person("架空　重子", "1970-02-03", "女")


def two_people_under_one_code(juki: Juki) -> tuple[str, int, int]:
    """A newcomer of 鶴見区 is taken for a namesake of 国立市: the code, the innocent's record, the newcomer's."""
    innocent = juki["国立市"].enter_ex_officio(NAMESAKE, "東京都国立市みどり台1番").receipt.resident_ids[0]
    juki.settle()
    code = juki["国立市"].resident(innocent).identification.resident_code
    tsurumi = juki[TSURUMI]
    inquiry = tsurumi.inquire_identification(name="架空　重子", birth_date="1970-02-03", sex="女")
    assert inquiry.outcome == search_pb2.SEARCH_OUTCOME_FOUND
    receipt = tsurumi.report_move_in_from_abroad([arrival(NAMESAKE, inquiry)], "神奈川県横浜市鶴見区架空町1番").receipt
    return code, innocent, receipt.resident_ids[0]


def set_aside(juki: Juki, name: str, resident_id: int) -> None:
    """The municipality's register is right; what it says of somebody is garbled on the way out."""
    counter = juki[name]
    resident = counter.resident(resident_id).identification

    def say(db: Connection) -> None:
        record = identification_pb2.IdentificationRecord(identification=resident, person_sequence=90)
        record.identification.name = ""
        record.change.kind = identification_pb2.CHANGE_KIND_CORRECTION
        record.change.reason = identification_pb2.CHANGE_REASON_EX_OFFICIO_CORRECTION
        stream, keys = Stream(resident.area_code, IDENTIFICATION), Keys(int(resident.resident_code))
        journal.enqueue(db, stream, record.SerializeToString(), keys)

    counter.node.journal.write(say)
    juki.settle()


def events(juki: Juki, name: str, *wanted: str) -> list[tuple[str, str]]:
    return [(row["event"], row["article"]) for row in juki[name].audit() if row["event"] in wanted and row["accepted"]]


def only(counter: Counter) -> pb.ErrorReportRow:
    (report,) = counter.list_error_reports()
    return report


@pytest.mark.law("report_stored_error", "report_register_error", "receive_error_report", "list_error_reports")
def test_one_code_two_people_is_told_to_both_mayors_and_mended_with_a_new_code_and_number(juki: Juki) -> None:
    code, innocent, newcomer = two_people_under_one_code(juki)
    number = juki["国立市"].resident(innocent).identification.individual_number
    juki.settle()
    assert juki["機構"].flagged() == [code]
    assert juki["機構"].errors() == (0, 2, 0)
    for governor in ("東京都", "神奈川県"):
        assert [(told.resident_code, told.finding) for told in juki[governor].notices(code, STORED)] == [(code, 1)]
        assert events(juki, governor, "ReportRegisterError") == [("ReportRegisterError", "住基法第12条の5")]
    assert events(juki, "機構", "ReportStoredError") == [("ReportStoredError", "住基法第30条の8")]
    hops = juki.sequence(code)
    assert [str(hop) for hop in hops if "機構→東京都" in str(hop) or "東京都→国立市" in str(hop)]
    kunitachi, tsurumi = juki["国立市"], juki[TSURUMI]
    ours, theirs = only(kunitachi), only(tsurumi)
    assert (ours.resident_id, theirs.resident_id) == (innocent, newcomer)
    assert list(ours.report.other_area_codes) == [tsurumi.code]
    assert list(theirs.report.other_area_codes) == [kunitachi.code]

    tsurumi.correct_resident_code(newcomer)
    juki.settle()
    mended = tsurumi.resident(newcomer).identification
    assert mended.resident_code != code
    assert mended.individual_number not in ("", number)
    assert juki["機構"].flagged() == []
    assert juki["機構"].errors() == (0, 0, 2)
    closed = tsurumi.list_error_reports(with_closed=True)
    assert [row.outcome for row in closed] == [pb.ERROR_OUTCOME_CORRECTED]
    kunitachi.close_error_report(ours.error_report_id)
    assert kunitachi.list_error_reports() == []
    assert [held.live for held in juki["機構"].held(code)] == [True, False]
    assert [juki[node].errors()[:2] for node in ("機構", "東京都", "神奈川県", "国立市", "横浜市")] == [(0, 0)] * 5
    assert juki.ledger_differences() == []


@pytest.mark.law("resend_identification")
def test_an_error_of_the_code_is_not_mended_by_telling_it_again(juki: Juki) -> None:
    _, innocent, _ = two_people_under_one_code(juki)
    juki.settle()
    report = only(juki["国立市"])
    with juki.refused("CODE_TO_BE_CORRECTED"):
        juki["国立市"].resend_identification(innocent, report.error_report_id)
    juki["国立市"].report_relocation([innocent], "東京都国立市みどり台2番")
    juki.settle()
    assert only(juki["国立市"]).error_report_id == report.error_report_id
    assert juki["機構"].errors() == (0, 2, 0)


@pytest.mark.law("resend_identification")
def test_a_notice_that_was_set_aside_is_told_again_and_every_queue_empties(juki: Juki) -> None:
    resident = juki.populate("国立市", 3)[0]
    set_aside(juki, "国立市", resident.resident_id)
    assert juki["機構"].errors() == (0, 1, 0)
    assert juki["東京都"].errors() == (0, 1, 0)
    report = only(juki["国立市"])
    assert (report.report.finding, report.report.reason) == (pb.ERROR_FINDING_SET_ASIDE, "FIELD_MISSING")
    assert report.resident_id == resident.resident_id
    receipt = juki["国立市"].resend_identification(resident.resident_id, report.error_report_id).receipt
    assert receipt.notices == 1
    juki.settle()
    last = juki["機構"].notices(resident.identification.resident_code)[-1]
    assert last.repairs_number == report.report.number
    assert juki["国立市"].errors() == (0, 0, 1)
    with juki.refused("ERROR_REPORT_CLOSED"):
        juki["国立市"].resend_identification(resident.resident_id, report.error_report_id)


def test_told_while_the_line_is_cut_waits_where_it_is_and_arrives_once(juki: Juki) -> None:
    two_people_under_one_code(juki)
    juki.cut("東京都", "国立市")
    juki.settle()
    assert juki["国立市"].list_error_reports() == []
    assert juki["東京都"].errors()[0] == 0
    links = {link.peer: link.backlog_records for link in juki["東京都"].status().links}
    assert links["municipality/132152"] == 1
    juki.kill("東京都")
    juki.start("東京都")
    juki.heal()
    juki.settle()
    assert len(juki["国立市"].list_error_reports()) == 1
    assert len(juki["国立市"].notices(kind=REGISTER)) == 1


@pytest.mark.parametrize("node", ["機構", "東京都", "国立市"])
def test_a_station_that_was_down_is_told_when_it_comes_back(juki: Juki, node: str) -> None:
    resident = juki.populate("国立市", 3)[0]
    if node == "機構":
        juki.cut("東京都", "機構")
    else:
        juki.cut("機構", "東京都") if node == "東京都" else juki.cut("東京都", "国立市")
    set_aside(juki, "国立市", resident.resident_id)
    juki.kill(node)
    juki.start(node)
    juki.heal()
    juki.settle()
    assert len(juki["国立市"].list_error_reports()) == 1
    assert juki["機構"].errors() == (0, 1, 0)


def test_a_move_under_way_is_told_only_when_it_takes_too_long(juki: Juki) -> None:
    resident = juki.populate("国立市", 3)[-1]
    certificate = juki["国立市"].report_move_out([resident.resident_id], "横浜市", "2021-07-20").certificate
    juki.cut("横浜市", "国立市")
    juki[TSURUMI].report_move_in(certificate, "神奈川県横浜市鶴見区架空町1番")
    juki.settle()
    assert juki["機構"].errors() == (0, 0, 0)
    juki.clock.set("2021-06-15")
    assert juki["機構"].errors() == (0, 0, 0)
    juki.clock.set("2021-06-20")
    assert juki["機構"].errors() == (0, 2, 0)
    found = only(juki["国立市"]).report.found_date
    assert (found.month, found.day) == (6, 16)
    juki.heal()
    juki.settle()
    assert juki["機構"].errors() == (0, 0, 2)
    assert juki["国立市"].list_error_reports() == []


@pytest.mark.law("close_error_report")
def test_a_report_is_closed_once_and_only_where_there_is_one(juki: Juki) -> None:
    two_people_under_one_code(juki)
    juki.settle()
    kunitachi = juki["国立市"]
    report = only(kunitachi).error_report_id
    kunitachi.close_error_report(report)
    with juki.refused("ERROR_REPORT_CLOSED"):
        kunitachi.close_error_report(report)
    with juki.refused("ERROR_REPORT_NOT_FOUND"):
        kunitachi.close_error_report(99)
    with juki.refused("ERROR_REPORT_NOT_FOUND"):
        kunitachi.resend_identification(only_resident(kunitachi), 99)


def only_resident(counter: Counter) -> int:
    return counter.residents()[0].resident_id


@pytest.mark.law("report_register_error")
def test_nobody_tells_of_what_is_not_theirs(juki: Juki) -> None:
    juki.populate("国立市", 1)
    report = pb.ErrorReport(report_number=1, finding=pb.ERROR_FINDING_DIFFERS, area_code="132152")
    report.found_date.CopyFrom(juki["国立市"].residents()[0].resident_since)

    def say(name: str, kind: int, to: str) -> None:
        node = juki[name].node
        stream = Stream(node.identity.name, kind, to)
        node.journal.write(lambda db: journal.enqueue(db, stream, report.SerializeToString(), Keys()))

    say("神奈川県", REGISTER, "132152")  # not that governor's
    say("機構", STORED, "140007")  # nor that one's either
    juki.settle()
    assert juki["国立市"].list_error_reports() == []
    assert juki["神奈川県"].quarantined() == [("jlis", "AREA_NOT_YOURS")]
    assert juki["神奈川県"].errors() == (0, 0, 0)
    (row,) = [row for row in juki["神奈川県"].ledger() if row.kind == REGISTER and row.sending]
    assert row.stopped == "ORIGIN_NOT_CARRIED"


@pytest.mark.law("mends")
@pytest.mark.parametrize(
    ("kind", "change", "mended"),
    [
        pytest.param(FindingKind.DOUBLE, ChangeKind.CODE_CORRECTION, True, id="重複はコードの修正で直る"),
        pytest.param(FindingKind.DOUBLE, ChangeKind.DELETION, True, id="重複は消除で直る"),
        pytest.param(FindingKind.DOUBLE, ChangeKind.CORRECTION, False, id="重複は転居では直らない"),
        pytest.param(FindingKind.STALE_ENTRY, ChangeKind.NUMBER_CORRECTION, False, id="終わったコードは番号で直らない"),
        pytest.param(FindingKind.SET_ASIDE, ChangeKind.CORRECTION, True, id="隔離は次の通知で直る"),
        pytest.param(FindingKind.DIFFERS, ChangeKind.ENTRY, True, id="相違は次の通知で直る"),
    ],
)
def test_mends(kind: FindingKind, change: ChangeKind, mended: bool) -> None:
    assert mends(kind, change) is mended


def test_the_queue_of_a_station_names_nobody(juki: Juki) -> None:
    code, _, _ = two_people_under_one_code(juki)
    juki.settle()
    for node in ("機構", "東京都", "国立市"):
        rows = juki[node].node.local.error_queue(0, 10).rows
        assert rows
        assert code not in str(rows)


def test_a_clerk_of_another_counter_sees_no_reports(juki: Juki) -> None:
    two_people_under_one_code(juki)
    juki.settle()
    kunitachi = juki["国立市"]
    stranger = juki.client("operator/132144/c01", kunitachi.path, kunitachi.node.listener.address)
    with pytest.raises(Refused) as refused:
        stranger.call(STUB, "ListErrorReports", pb.ListErrorReportsRequest())
    assert refused.value.reason == "NOT_YOUR_COUNTER"


def test_where_nothing_is_wrong_nothing_is_written(juki: Juki) -> None:
    juki.populate("国立市", 3)
    for name in ("機構", "東京都"):
        node = juki[name].node
        before = node.journal.commits
        for work in node.local.works():
            work.step()
        assert node.journal.commits == before, "a commit wakes every worker: it would never rest"
