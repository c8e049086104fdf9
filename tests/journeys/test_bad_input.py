"""不詳 dates are taken as they are; everything else that cannot be is refused once, clearly, and leaves no trace."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from jukinet.testing.door import Day, day, person
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import counter_pb2_grpc, identification_pb2, intermunicipal_pb2

if TYPE_CHECKING:
    from jukinet.testing.counter import Counter
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

SECRET = "極秘　漏洩子"
"""A name that must turn up nowhere but in a record."""


@pytest.mark.parametrize(
    ("written", "text", "shown"),
    [
        pytest.param("1940", "昭和15年月日不詳", (1940, 0, 0), id="年だけ分かる"),
        pytest.param("1940-03", "昭和15年3月日不詳", (1940, 3, 0), id="年月だけ分かる"),
        pytest.param(None, "大正頃", None, id="何も分からない"),
    ],
)
def test_a_birth_date_of_which_part_is_unknown_goes_up_as_it_is(
    juki: Juki, written: Day, text: str, shown: tuple[int, int, int] | None
) -> None:
    kunitachi = juki["国立市"]
    receipt = kunitachi.enter_ex_officio(person("架空　古老", written, "女", birth_date_text=text)).receipt
    juki.settle()
    record = kunitachi.resident(receipt.resident_ids[0])
    assert record.birth_date_text == text
    for tier in ("東京都", "機構"):
        sent = juki[tier].held(record.identification.resident_code)[0].identification
        assert sent.HasField("birth_date") is (shown is not None)
        if shown is not None:
            assert (sent.birth_date.year, sent.birth_date.month, sent.birth_date.day) == shown
    printed = kunitachi.print_notice(record.resident_id, pb.NOTICE_KIND_INDIVIDUAL_NUMBER).text
    assert text in printed

    certificate = kunitachi.report_move_out([record.resident_id], "杉並区").certificate
    came = juki["杉並区"].report_move_in(certificate, "東京都杉並区みどり台1番1号").receipt.resident_ids[0]
    assert juki["杉並区"].resident(came).birth_date_text == text
    juki.settle()
    assert juki["国立市"].quarantined() == []
    juki["杉並区"].correct_ex_officio(came, birth_date="1940-03-05")
    assert juki["杉並区"].resident(came).birth_date_text == ""


def _certificate(**change: Any) -> intermunicipal_pb2.MoveOutCertificate:
    items = {
        "resident_code": "00000000000",
        "name": SECRET,
        "address": "東京都小平市架空町1番地",
        "sex": 1,
        "residency": 1,
    }
    member = identification_pb2.Identification(birth_date=day("1990-01-01"), area_code="132110", **{**items, **change})
    return intermunicipal_pb2.MoveOutCertificate(
        members=[intermunicipal_pb2.MoveOutCertificateMember(identification=member, relationship="世帯主")],
        former_address="東京都小平市架空町1番地", former_area_code="132110", destination="国立市",
        planned_date=day("2021-06-01"), issue_date=day("2021-05-20"),
    )  # fmt: skip


def _from(area_code: str) -> intermunicipal_pb2.MoveOutCertificate:
    certificate = _certificate()
    certificate.former_area_code = area_code
    return certificate


HERE = "東京都国立市みどり台一丁目1番1号"


def _moved_in(c: Counter, **change: Any) -> None:
    c.report_move_in(_certificate(**change), HERE)


def _elsewhere(c: Counter) -> None:
    request = pb.EnterExOfficioRequest(
        operation=_operation("x"),
        person=person(SECRET),
        address=HERE,
        change_date=day("2021-06-01"),
        area_code="131156",
    )
    c.call("EnterExOfficio", request)


def _list(c: Counter, token: str) -> None:
    c.call("ListResidents", pb.ListResidentsRequest(operation=_operation("z"), page_token=token))


def _empty(c: Counter) -> None:
    c.call("ReportHouseholdChange", pb.ReportHouseholdChangeRequest(operation=pb.Operation(request_id="y")))


def _domicile(c: Counter) -> None:
    c.enter_ex_officio(person(SECRET, registered_domicile="東" * 6000))


REFUSALS: list[tuple[str, str, Callable[[Counter, Family], Any]]] = [
    ("コードの検査数字", "CHECK_DIGIT_WRONG", lambda c, f: _moved_in(c, resident_code="12345678901")),
    ("コードが数字でない", "CHECK_DIGIT_WRONG", lambda c, f: _moved_in(c, resident_code=SECRET)),
    ("個人番号の検査数字", "CHECK_DIGIT_WRONG", lambda c, f: _moved_in(c, individual_number="123456789012")),
    ("暦にない日", "DATE_IMPOSSIBLE", lambda c, f: c.enter_ex_officio(person(SECRET, "2021-02-30"))),
    ("月のない日", "DATE_IMPOSSIBLE", lambda c, f: c.enter_ex_officio(person(SECRET, "2021-00-30"))),
    ("将来の出生", "DATE_IN_FUTURE", lambda c, f: c.enter_ex_officio(person(SECRET, "2021-06-02"))),
    ("将来の年の出生", "DATE_IN_FUTURE", lambda c, f: c.enter_ex_officio(person(SECRET, "2022"))),
    ("将来の異動", "DATE_IN_FUTURE", lambda c, f: c.enter_ex_officio(person(SECRET), change_date="2021-06-02")),
    ("知らない市区町村から", "AREA_UNKNOWN", lambda c, f: c.report_move_in(_from("999999"), HERE)),
    ("都道府県から", "AREA_UNKNOWN", lambda c, f: c.report_move_in(_from("130001"), HERE)),
    ("区のない指定都市から", "AREA_UNKNOWN", lambda c, f: c.report_move_in(_from("141003"), HERE)),
    ("よその区域に", "AREA_NOT_YOURS", lambda c, f: _elsewhere(c)),
    ("知らない者", "RESIDENT_NOT_FOUND", lambda c, f: c.correct_ex_officio(999, name=SECRET)),
    ("知らない世帯", "HOUSEHOLD_NOT_FOUND", lambda c, f: c.report_birth(999, person(SECRET, "2021-06-01"))),
    ("世帯番号", "HOUSEHOLD_NOT_FOUND", lambda c, f: c.report_birth(2**64 - 1, person(SECRET, "2021-06-01"))),
    ("照合IDがない", "OPERATION_INCOMPLETE", lambda c, f: c.enter_ex_officio(person(SECRET), verification_id="")),
    ("操作者IDがない", "OPERATION_INCOMPLETE", lambda c, f: c.enter_ex_officio(person(SECRET), operator_id="")),
    ("理由がない", "OPERATION_INCOMPLETE", lambda c, f: c.enter_ex_officio(person(SECRET), reason="")),
    ("理由が長すぎる", "OPERATION_INCOMPLETE", lambda c, f: c.enter_ex_officio(person(SECRET), reason="長" * 201)),
    ("何も書かれていない", "OPERATION_INCOMPLETE", lambda c, f: _empty(c)),
    ("request_id がない", "REQUEST_ID_MISSING", lambda c, f: c.enter_ex_officio(person(SECRET), request_id="")),
    ("request_id", "REQUEST_ID_MISSING", lambda c, f: c.enter_ex_officio(person(SECRET), request_id="x" * 129)),
    ("大きすぎる氏名", "RECORD_TOO_LARGE", lambda c, f: c.enter_ex_officio(person(SECRET * 3000))),
    ("大きすぎる本籍", "RECORD_TOO_LARGE", lambda c, f: _domicile(c)),
    ("大きすぎる住所", "RECORD_TOO_LARGE", lambda c, f: c.report_relocation(f.all, "東" * 6000)),
    ("長すぎる転出先", "FIELD_OUT_OF_RANGE", lambda c, f: c.report_move_out(f.all, "東" * 201)),
    ("氏名がない", "FIELD_MISSING", lambda c, f: c.enter_ex_officio(person(" "))),
    ("壊れた文字の氏名", "CHARACTERS_BROKEN", lambda c, f: c.enter_ex_officio(person(SECRET + "\ufffd"))),
    ("制御文字のある住所", "CHARACTERS_BROKEN", lambda c, f: c.report_relocation(f.all, "東京都国立市\x1b東1丁目")),
    ("性別がない", "FIELD_MISSING", lambda c, f: c.enter_ex_officio(person(SECRET, sex=""))),
    ("知らない通知書", "FIELD_OUT_OF_RANGE", lambda c, f: c.print_notice(f.head, pb.NOTICE_KIND_UNSPECIFIED)),
    ("読めないページ", "FIELD_OUT_OF_RANGE", lambda c, f: _list(c, "9" * 30)),
]


def _operation(request_id: str) -> pb.Operation:
    return pb.Operation(request_id=request_id, verification_id="v", operator_id="o", reason="試験")


@pytest.mark.juki(nodes=["国立市"])
def test_every_refusal_is_clear_leaves_nothing_and_is_written_down(
    juki: Juki, family: Family, capfd: pytest.CaptureFixture[str]
) -> None:
    kunitachi = juki["国立市"]
    capfd.readouterr()
    for what, reason, act in REFUSALS:
        before, audited = kunitachi.counts(), len(kunitachi.audit())
        with juki.refused(reason) as refusal:
            act(kunitachi, family)
        answer = refusal[0].answer
        after = kunitachi.counts()
        assert {**after, "audit": 0} == {**before, "audit": 0}, what
        (row,) = kunitachi.audit()[audited:]
        assert (row["accepted"], row["refusal"], row["article"]) == (0, reason, answer.article), what
        assert answer.article, what
        assert answer.definite, what
        assert re.search(r"[a-z]{4}", answer.message), what
        assert re.search(r"[ぁ-ん]", answer.japanese), what
        told = f"{answer} {list(row.values())}"
        for private in (SECRET, "漏洩", "12345678901", "東東"):
            assert private not in told, what
    out, err = capfd.readouterr()
    assert "漏洩" not in out + err
    assert "incident" not in err
    juki.settle()
    assert juki["機構"].status().live_records == 3


@pytest.mark.juki(nodes=["国立市"])
def test_the_same_request_is_done_once_and_answered_the_same(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    child = person(SECRET, "2021-06-01", relationship="子")
    first = kunitachi.report_birth(family.household, child, request_id="birth-1")
    counts = kunitachi.counts()
    assert kunitachi.report_birth(family.household, child, request_id="birth-1") == first
    assert kunitachi.counts()["resident"] == counts["resident"] == 4
    assert len([row for row in kunitachi.audit() if row["event"] == "ReportBirth"]) == 1
    juki.kill("国立市")
    juki.start("国立市")
    assert juki["国立市"].report_birth(family.household, child, request_id="birth-1") == first
    juki.settle()
    code = kunitachi.resident(first.receipt.resident_ids[0]).identification.resident_code
    assert len(juki["機構"].changes(code)) == 2
    assert juki.ledger_differences() == []


@pytest.mark.juki(nodes=["国立市"])
def test_the_same_request_id_with_other_content_is_refused(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.report_death(family.child, request_id="act-1")
    for act in (
        lambda: kunitachi.report_death(family.wife, request_id="act-1"),
        lambda: kunitachi.report_death(family.child, request_id="act-1", reason="別の理由"),
        lambda: kunitachi.delete_ex_officio(family.child, request_id="act-1"),
    ):
        with juki.refused("REQUEST_ID_REUSED") as refusal:
            act()
        assert refusal[0].answer.definite
    assert kunitachi.resident(family.wife).state == pb.RESIDENT_STATE_LIVE
    # Another clerk's ids are another clerk's.
    assert juki.clerk("国立市", "c02").report_death(family.wife, request_id="act-1").receipt.notices == 1


def test_a_clerk_acts_at_the_own_counter_only(juki: Juki, family: Family) -> None:
    line = juki.client("operator/131156/c01", "municipality/132152", juki["国立市"].node.listener.address)
    request = pb.GetResidentRequest(operation=_operation("a"), resident_id=family.head)
    with juki.refused("NOT_YOUR_COUNTER"):
        line.call(counter_pb2_grpc.CounterServiceStub, "GetResident", request)
