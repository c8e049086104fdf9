"""広域交付: 交付地 asks, 住所地 answers, 交付地 makes the copy."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from jukinet.store import journal
from jukinet.testing.door import person
from jukinet.v1 import identification_pb2, relay_pb2, wide_area_pb2
from jukinet.v1 import issuance_pb2 as pb
from jukinet.wire.client import Refused

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

KIND = relay_pb2.STREAM_KIND_WIDE_AREA_RECORD
KUNITACHI, SUGINAMI = "132152", "131156"
ADDRESS = "東京都国立市みどり台二丁目3番4号"
DOCUMENT, NOTHING = pb.IDENTITY_PROOF_PHOTO_DOCUMENT, pb.IDENTITY_PROOF_UNSPECIFIED

pytestmark = pytest.mark.law("issue_wide_area_copy", "send_wide_area_record", "wide_area_record_items")


def issue(juki: Juki, family: Family, at: str = "杉並区", **request: Any) -> str:
    """The head of the family asks at another counter; the text of the copy."""
    asked = {"area_code": KUNITACHI, "requester_name": "架空　太郎", "resident_code": family.codes[0], **request}
    return juki[at].issue_wide_area_copy(**asked).text


def answers(juki: Juki, name: str) -> list[bytes]:
    """Hashes of the answers in a node's journal."""
    return [entry.header_hash for entry in juki[name].journal() if entry.header.kind == KIND]


def wide_area_records(juki: Juki, name: str) -> list[Any]:
    """Every person of every answer in a node's journal."""
    with juki[name].file() as db:
        found = [entry for entry in journal.entries(db, 0, 1 << 30) if entry.envelope.header.kind == KIND]
    payloads = [relay_pb2.BatchPayload.FromString(entry.envelope.batch.payload) for entry in found]
    return [wide_area_pb2.WideAreaRecord.FromString(raw) for payload in payloads for raw in payload.records]


def test_issue_wide_area_copy_asks_the_municipality_of_residence_and_prints_what_it_told(
    juki: Juki, family: Family
) -> None:
    text = issue(juki, family)
    juki.settle()

    number = juki["国立市"].resident(family.head).identification.individual_number
    assert text.splitlines()[0].startswith("【SIMULATION")
    for words in ("架空　太郎", "昭和55年5月1日", "男", "令和3年6月1日", ADDRESS):
        assert words in text
    for words in (family.codes[0], number, "架空町一番地", "世帯主", "第1号", "架空　花子"):
        assert words not in text
    assert "第12条の4第3項の規定により東京都国立市長から" in text
    assert text.endswith("東京都杉並区長")

    (said,) = [entry for entry in juki["国立市"].journal() if entry.header.kind == KIND]
    assert answers(juki, "杉並区") == [said.header_hash]
    assert (said.header.origin, said.header.counterpart) == (KUNITACHI, SUGINAMI)
    assert said.article == "住基法第12条の4第3項"
    assert juki["杉並区"].quarantined() == []
    assert juki.ledger_differences() == []


SHOWN = {
    "with_relationship": ("続柄", "世帯主"),
    "with_individual_number": ("個人番号",),
    "with_resident_code": ("住民票コード",),
}


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param((), id="特別の請求がなければ基本事項だけ"),
        pytest.param(("with_relationship",), id="続柄の記載を請求すれば世帯主と続柄が載る"),
        pytest.param(("with_individual_number",), id="個人番号の記載を請求すれば個人番号が載る"),
        pytest.param(("with_resident_code",), id="住民票コードの記載を請求すればコードが載る"),
        pytest.param(tuple(SHOWN), id="三つとも請求すれば三つとも載る"),
    ],
)
def test_issue_wide_area_copy_shows_and_travels_only_what_was_asked_for(
    juki: Juki, family: Family, asked: tuple[str, ...]
) -> None:
    text = issue(juki, family, **dict.fromkeys(asked, True))
    for item, words in SHOWN.items():
        assert all((word in text) == (item in asked) for word in words), item
    assert "本籍" not in text
    record = wide_area_records(juki, "杉並区")[0]
    person_at_home = juki["国立市"].resident(family.head).identification
    assert record.relationship == ("世帯主" if "with_relationship" in asked else "")
    number = person_at_home.individual_number if "with_individual_number" in asked else ""
    assert record.individual_number == number, "a 個人番号 travels that nobody asked for"
    assert record.resident_code == (family.codes[0] if "with_resident_code" in asked else "")


@pytest.mark.parametrize(
    ("request_", "shown"),
    [
        pytest.param({}, ["太郎"], id="何も言わなければ請求者だけ"),
        pytest.param({"whole_household": True}, ["太郎", "花子", "一郎"], id="世帯全員"),
        pytest.param({"member_names": ["架空　一郎"]}, ["一郎"], id="子だけの写しを親が請求する"),
        pytest.param({"member_names": ["架空太郎", "架空 一郎"]}, ["太郎", "一郎"], id="空白の違いは氏名の違いでない"),
    ],
)
def test_issue_wide_area_copy_shows_whom_it_shall_show(
    juki: Juki, family: Family, request_: dict[str, Any], shown: list[str]
) -> None:
    text = issue(juki, family, **request_)
    assert [name for name in ("太郎", "花子", "一郎") if f"架空　{name}" in text] == shown
    ids = dict(zip(("太郎", "花子", "一郎"), family.all, strict=True))
    row = audit_row(juki, "国立市", "SendWideAreaRecord")
    assert row["subjects"] == ",".join(str(ids[name]) for name in shown)


def audit_row(juki: Juki, name: str, event: str) -> dict[str, Any]:
    """The last row of that event that says whose record it was about, or of a clerk."""
    return [row for row in juki[name].audit() if row["event"] == event and (row["subjects"] or row["operator_id"])][-1]


def test_issue_wide_area_copy_tells_the_days_of_the_residence(juki: Juki, family: Family) -> None:
    left = juki["国立市"].report_move_out([family.wife], "杉並区", "2021-06-01")
    juki.clock.set("2021-06-05")
    came = juki["杉並区"].report_move_in(left.certificate, "東京都杉並区みどり台1番1号", "2021-06-03")
    juki.clock.set("2021-07-02")
    juki["杉並区"].report_relocation(came.receipt.resident_ids, "東京都杉並区みどり台2番2号", "2021-07-01")
    juki.settle()
    asked = {"area_code": SUGINAMI, "requester_name": "架空　花子", "resident_code": family.codes[1]}
    lines = issue(juki, family, "国立市", **asked).splitlines()
    for line in (
        "旧氏　　　　　　　　試作",
        "住民となつた年月日　令和3年6月3日",
        "住所　　　　　　　　東京都杉並区みどり台2番2号",
        "住所を定めた年月日　令和3年7月1日",
        "届出の年月日　　　　令和3年6月5日",
        f"従前の住所　　　　　{ADDRESS}",
    ):
        assert line in lines


def test_issue_wide_area_copy_of_a_foreign_resident_shows_the_alias_and_no_day_of_becoming_a_resident(
    juki: Juki, family: Family
) -> None:
    who = person("KAKUU TARO", "1990-02-03", "男", alias="試作　太郎", residency=identification_pb2.RESIDENCY_FOREIGN)
    mine = juki["国立市"].enter_ex_officio(who).receipt.resident_ids[0]
    juki.settle()
    code = juki["国立市"].resident(mine).identification.resident_code
    text = issue(juki, family, requester_name="試作　太郎", resident_code=code)
    assert "KAKUU TARO" in text
    assert "通称　　　　　　　　試作　太郎" in text
    assert "住民となつた年月日" not in text


def test_issue_wide_area_copy_before_the_planned_day_of_moving_out(juki: Juki, family: Family) -> None:
    """Who has only reported to leave is still recorded (法12条の4第1項); on the day itself no more."""
    juki["国立市"].report_move_out(family.all, "中野区", "2021-06-10")
    assert "架空　太郎" in issue(juki, family)
    juki.clock.set("2021-06-10")
    with juki.refused("RECORD_NOT_SENT"):
        issue(juki, family)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"requester_name": "架空　次郎"}, id="コードと氏名が合わない"),
        pytest.param({"resident_code": "00000000000"}, id="記録のない住民票コード"),
        pytest.param({"area_code": "131148"}, id="住所地が違う"),
        pytest.param({"member_names": ["架空　三太"]}, id="同じ世帯にいない者の記載"),
        pytest.param({"member_names": ["架空　太郎", "架空　三太"]}, id="一人でも世帯にいなければ誰も載せない"),
        pytest.param({"member_names": [" "]}, id="氏名が空白"),
    ],
)
def test_issue_wide_area_copy_is_refused_in_one_and_the_same_words(
    juki: Juki, family: Family, change: dict[str, Any]
) -> None:
    juki["国立市"].enter_ex_officio(person("架空　三太", "1970-01-01"))
    with juki.refused("RECORD_NOT_SENT") as refusal:
        issue(juki, family, **change)
    assert_unlearned(juki, family, refusal[0].answer)


def assert_unlearned(juki: Juki, family: Family, answer: Any) -> None:
    """The refusal says what it says for a code that nobody ever had."""
    with juki.refused("RECORD_NOT_SENT") as unknown:
        issue(juki, family, resident_code="00000000000")
    assert answer == unknown[0].answer
    assert answer.definite


def test_issue_wide_area_copy_of_a_removed_record_is_refused_as_of_one_that_never_was(
    juki: Juki, family: Family
) -> None:
    juki["国立市"].report_death(family.head)
    juki.settle()
    with juki.refused("RECORD_NOT_SENT") as refusal:
        issue(juki, family)
    assert_unlearned(juki, family, refusal[0].answer)
    assert answers(juki, "国立市") == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"proof": NOTHING}, "PROOF_REQUIRED", id="カードも書類も提示がない"),
        pytest.param(
            {"proof": DOCUMENT, "resident_code": ""},
            "FIELD_MISSING",
            id="書類だけでコードも生年月日・性別もない",
        ),
        pytest.param(
            {"proof": DOCUMENT, "resident_code": "", "birth_date": "1980-05-01", "sex": "男"},
            "CODE_REQUIRED",
            id="生年月日と性別だけでは住所地に通知できない",
        ),
        pytest.param({"improper_purpose": True}, "PURPOSE_IMPROPER", id="不当な目的が明らか"),
        pytest.param({"requester_name": "　"}, "FIELD_MISSING", id="請求者の氏名がない"),
        pytest.param({"resident_code": "12345678901"}, "CHECK_DIGIT_WRONG", id="検査数字の合わないコード"),
        pytest.param({"area_code": "999999"}, "AREA_UNKNOWN", id="知らない市区町村"),
        pytest.param({"area_code": "130001"}, "AREA_UNKNOWN", id="都道府県は住所地でない"),
        pytest.param({"area_code": SUGINAMI}, "OWN_RESIDENT", id="自らの住民"),
        pytest.param({"reason": ""}, "OPERATION_INCOMPLETE", id="理由のない操作"),
        pytest.param({"birth_date": "2021-02-30"}, "DATE_IMPOSSIBLE", id="暦にない生年月日"),
    ],
)
def test_issue_wide_area_copy_is_refused_before_anybody_is_asked(
    juki: Juki, family: Family, change: dict[str, Any], reason: str
) -> None:
    before = juki["国立市"].counts()
    with juki.refused(reason) as refusal:
        issue(juki, family, **change)
    assert refusal[0].answer.article == "住基法第12条の4第4項"
    assert juki["国立市"].counts() == before
    row = audit_row(juki, "杉並区", "IssueWideAreaCopy") if change != {"reason": ""} else juki["杉並区"].audit()[-1]
    assert (row["accepted"], row["refusal"]) == (0, reason)


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"birth_date": "1980-05-02"}, id="申告した生年月日が住民票と違う"),
        pytest.param({"sex": "女"}, id="申告した性別が住民票と違う"),
    ],
)
def test_issue_wide_area_copy_goes_to_nobody_who_is_another_than_told(
    juki: Juki, family: Family, told: dict[str, str]
) -> None:
    with juki.refused("PERSON_DIFFERS"):
        issue(juki, family, proof=DOCUMENT, **told)
    assert issue(juki, family, proof=DOCUMENT, birth_date="1980-05-01", sex="男")


def test_issue_wide_area_copy_while_the_line_is_down_may_be_tried_again_and_asks_once(
    juki: Juki, family: Family
) -> None:
    juki.cut("国立市", "杉並区")
    with juki.refused("PEER_UNREACHABLE") as refusal:
        issue(juki, family, request_id="once")
    assert not refusal[0].answer.definite
    juki.heal()
    first = issue(juki, family, request_id="once")
    juki.cut("国立市", "杉並区")
    assert issue(juki, family, request_id="once") == first, "what was answered is asked for no more"
    assert len(answers(juki, "国立市")) == 1
    assert len([row for row in juki["杉並区"].audit() if row["event"] == "IssueWideAreaCopy" and row["accepted"]]) == 1


def test_issue_wide_area_copy_with_the_same_id_for_something_else_is_refused(juki: Juki, family: Family) -> None:
    issue(juki, family, request_id="once")
    with juki.refused("REQUEST_ID_REUSED"):
        issue(juki, family, request_id="once", with_individual_number=True)
    assert len(answers(juki, "国立市")) == 1


def test_two_clerks_may_use_the_same_id(juki: Juki, family: Family) -> None:
    issue(juki, family, request_id="once")
    other = juki.clerk("杉並区", "c02").issue_wide_area_copy(
        KUNITACHI, "架空　花子", family.codes[1], request_id="once"
    )
    assert "架空　花子" in other.text


def test_answers_that_were_lost_come_with_the_next_one(juki: Juki, family: Family) -> None:
    """A clerk who gives up leaves no gap: the asker says what it expects, and gets it all."""
    juki.faults("杉並区", "drop_answer", "国立市")
    for _ in range(3):
        with juki.refused("PEER_UNREACHABLE"):
            issue(juki, family)
    assert (len(answers(juki, "国立市")), answers(juki, "杉並区")) == (3, [])
    juki.faults("杉並区")
    assert "架空　太郎" in issue(juki, family)
    assert len(answers(juki, "国立市")) == 4
    assert answers(juki, "杉並区") == answers(juki, "国立市")
    juki.settle()
    assert juki.ledger_differences() == []


def test_a_lost_answer_is_the_same_when_its_request_is_repeated_later(juki: Juki, family: Family) -> None:
    juki.faults("杉並区", "drop_answer", "国立市")
    with juki.refused("PEER_UNREACHABLE"):
        issue(juki, family, request_id="lost")
    juki.faults("杉並区")
    issue(juki, family)
    assert "架空　太郎" in issue(juki, family, request_id="lost")
    assert len(answers(juki, "国立市")) == 2
    juki.settle()
    assert juki.ledger_differences() == []


def test_issue_wide_area_copy_is_in_the_audit_of_both_ends(juki: Juki, family: Family) -> None:
    for numbered in (False, True):
        issue(juki, family, with_individual_number=numbered, request_id=f"copy-{numbered}")
        asked, told = audit_row(juki, "杉並区", "IssueWideAreaCopy"), audit_row(juki, "国立市", "SendWideAreaRecord")
        assert (asked["caller"], asked["article"]) == ("operator/131156/c01", "住基法第12条の4第4項")
        assert (told["caller"], told["article"]) == ("municipality/131156", "住基法第12条の4第3項")
        assert (told["subjects"], asked["subjects"]) == (str(family.head), "")
        assert told["request_id"] == f"c01:{asked['request_id']}"
        assert (asked["number_access"], told["number_access"]) == (int(numbered), int(numbered))


@pytest.mark.parametrize(
    ("area_code", "sent"),
    [
        pytest.param("141011", True, id="住所地の区"),
        pytest.param("141003", True, id="市長の計算機"),
        pytest.param("141020", False, id="同じ市の他の区"),
    ],
)
def test_a_ward_is_asked_through_the_mayor_s_computer(juki: Juki, area_code: str, sent: bool) -> None:
    mine = juki["横浜市鶴見区"].enter_ex_officio(person("架空　鶴子", "1990-02-03", "女")).receipt.resident_ids[0]
    juki.settle()
    code = juki["横浜市鶴見区"].resident(mine).identification.resident_code
    if not sent:
        with juki.refused("RECORD_NOT_SENT"):
            juki["国立市"].issue_wide_area_copy(area_code, "架空　鶴子", code)
        return
    text = juki["国立市"].issue_wide_area_copy(area_code, "架空　鶴子", code).text
    assert "架空　鶴子" in text
    (entry,) = [entry for entry in juki["国立市"].journal() if entry.header.kind == KIND]
    assert entry.header.origin == "141003"


def test_many_clerks_of_two_municipalities_ask_one_another_at_once(juki: Juki, family: Family) -> None:
    mine = juki["杉並区"].enter_ex_officio(person("架空　杉子", "1990-02-03", "女")).receipt.resident_ids[0]
    juki.settle()
    code = juki["杉並区"].resident(mine).identification.resident_code
    asks = [
        ("杉並区", KUNITACHI, "架空　太郎", family.codes[0]),
        ("国立市", SUGINAMI, "架空　杉子", code),
    ] * 8

    clients = [juki.clerk(at, f"k{number}").client for at in ("杉並区", "国立市") for number in range(4)]
    assert len(clients) == 8  # certificates are issued before the threads begin

    def one(number: int) -> str:
        """A clerk who tries again while told to."""
        at, *asked = asks[number]
        for _ in range(200):
            try:
                return juki.clerk(at, f"k{number % 4}").issue_wide_area_copy(*asked, request_id=f"busy-{number}").text
            except Refused as refusal:
                if refusal.answer.definite:
                    raise
        raise AssertionError("never answered")

    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(one, range(len(asks))))
    assert all(asked[2] in text for asked, text in zip(asks, texts, strict=True))
    assert answers(juki, "国立市") != []
    assert set(answers(juki, "国立市")) == set(answers(juki, "杉並区"))
    assert len(answers(juki, "国立市")) == len(asks), "somebody was answered twice"
    juki.settle()
    assert juki.ledger_differences() == []


def test_the_audit_of_neither_end_names_anybody(juki: Juki, family: Family) -> None:
    issue(juki, family, whole_household=True, with_individual_number=True, with_resident_code=True)
    with juki.refused("RECORD_NOT_SENT"):
        issue(juki, family, requester_name="架空　次郎")
    number = juki["国立市"].resident(family.head).identification.individual_number
    for name in ("国立市", "杉並区"):
        rows = str(juki[name].audit())
        for words in ("架空", "太郎", "次郎", family.codes[0], number, ADDRESS):
            assert words not in rows


def test_nothing_of_a_copy_goes_up(juki: Juki, family: Family) -> None:
    """The horizontal plane: neither governor nor J-LIS hears of it."""
    since = juki.mark()
    issue(juki, family)
    juki.settle()
    assert [hop for hop in juki.hops("", since) if "機構" in hop or "東京都" in hop] == []


def test_who_has_not_the_number_yet_gets_a_copy_that_says_so(juki: Juki, family: Family) -> None:
    juki.kill("機構")
    child = juki["国立市"].report_birth(family.household).receipt.resident_ids[0]
    assert juki["国立市"].resident(child).identification.individual_number == ""
    text = issue(juki, family, member_names=["架空　花子"], with_individual_number=True)
    assert "個人番号　　　　　　（記載なし）" in text
