"""照会: a mayor asks J-LIS, directly or through the own governor, and the answer comes to the mayor alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import SEX, day, person
from jukinet.v1 import abroad_pb2 as pb
from jukinet.v1 import relay_pb2, search_pb2, search_pb2_grpc
from jukinet.wire.client import Client
from municipality_node.abroad import store

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

FOUND, NONE, SEVERAL, VIA_GOVERNOR = (
    *(search_pb2.SEARCH_OUTCOME_FOUND, search_pb2.SEARCH_OUTCOME_NONE, search_pb2.SEARCH_OUTCOME_SEVERAL),
    search_pb2.SEARCH_OUTCOME_VIA_GOVERNOR,
)
KIND = int(relay_pb2.STREAM_KIND_SEARCH_ANSWER)
HANAKO = search_pb2.SearchCriteria(name="架空　花子", birth_date=day("1982-03-14"), sex=SEX["女"])


def audits(juki: Juki, name: str, event: str) -> list[tuple[str, str, int]]:
    rows = [row for row in juki[name].audit() if row["event"] == event]
    return [(row["caller"], row["article"], row["accepted"]) for row in rows]


def answers(juki: Juki, name: str) -> list[bytes]:
    """Hashes of the batches of answers in a node's journal."""
    return [entry.header_hash for entry in juki[name].journal() if entry.header.kind == KIND]


@contextmanager
def line(juki: Juki, of: str, to: str) -> Iterator[Client]:
    """A line to a node with another node's own certificate."""
    path = juki.find(to)[0]
    client = Client(juki.network.layout.node(juki.find(of)[0]) / "pki", juki[to].node.listener.address, path)
    try:
        yield client
    finally:
        client.close()


@pytest.mark.law("inquire_identification", "search_identification", "pass_on_search", "search_via_governor")
def test_inquire_identification_of_another_prefecture_goes_through_the_own_governor(juki: Juki, family: Family) -> None:
    yokohama, wife = juki["横浜市"], juki["国立市"].resident(family.wife).identification
    told = yokohama.inquire_identification("架空　花子", "1982-03-14", "女")
    assert (told.outcome, told.via_governor) == (FOUND, True)
    (hit,) = told.hits
    assert hit == search_pb2.SearchHit(identification=wife, live=True, reason=18, article="住基法第30条の12第1項第3号")
    juki.settle()
    assert audits(juki, "機構", "SearchIdentification") == [("municipality/141003", "住基法第30条の10第1項第3号", 1)]
    assert audits(juki, "機構", "PassOnSearch") == [("prefecture/140007", "住基法第30条の12第1項第3号", 1)]
    assert audits(juki, "神奈川県", "SearchViaGovernor") == [("municipality/141003", "住基法第30条の12第1項第3号", 1)]
    assert audits(juki, "横浜市", "InquireIdentification") == [("operator/141003/c01", "住基法第30条の12第1項第3号", 1)]
    assert answers(juki, "機構") == answers(juki, "横浜市") != []
    assert answers(juki, "神奈川県") == answers(juki, "東京都") == []
    assert juki.ledger_differences() == []


@pytest.mark.law("search_identification")
def test_inquire_identification_in_the_notifying_prefecture_needs_no_governor(juki: Juki, family: Family) -> None:
    juki.kill("東京都")
    told = juki["杉並区"].inquire_identification("架空　花子", "1982-03-14", "女")
    assert (told.outcome, told.via_governor) == (FOUND, False)
    assert told.hits[0].article == "住基法第30条の10第1項第3号"
    assert audits(juki, "機構", "PassOnSearch") == []
    juki.start("東京都")
    juki.settle()
    assert juki.ledger_differences() == []


@pytest.mark.juki(clock="2024-05-27")
@pytest.mark.law("search_identification", "pass_on_search", "search_via_governor", "inquire_identification")
def test_inquire_identification_names_item_four_since_2024(juki: Juki, family: Family) -> None:
    near = juki["杉並区"].inquire_identification("架空　花子", "1982-03-14", "女")
    far = juki["横浜市"].inquire_identification("架空　花子", "1982-03-14", "女")
    assert near.hits[0].article == "住基法第30条の10第1項第4号"
    assert far.hits[0].article == "住基法第30条の12第1項第4号"
    assert audits(juki, "横浜市", "InquireIdentification")[0][1] == "住基法第30条の12第1項第4号"
    assert audits(juki, "杉並区", "InquireIdentification")[0][1] == "住基法第30条の10第1項第4号"


@pytest.mark.law("search_identification")
def test_who_is_sent_to_the_governor_is_told_nothing_of_whom_it_is_about(juki: Juki, family: Family) -> None:
    request = search_pb2.SearchIdentificationRequest(request_id="far", criteria=HANAKO)
    with line(juki, "横浜市", "機構") as mayor:
        for _ in range(2):
            told = mayor.call(search_pb2_grpc.SearchServiceStub, "SearchIdentification", request)
            assert told == search_pb2.SearchIdentificationResponse(outcome=VIA_GOVERNOR)
    assert answers(juki, "機構") == []


@pytest.mark.law("pass_on_search")
def test_a_governor_passes_on_for_the_own_mayors_alone_and_learns_nothing(juki: Juki, family: Family) -> None:
    asked = search_pb2.SearchIdentificationRequest(request_id="by proxy", criteria=HANAKO)
    stub = search_pb2_grpc.SearchServiceStub
    with line(juki, "神奈川県", "機構") as governor:
        for municipality in ("132152", "074829", "141011", "999999", ""):
            request = search_pb2.PassOnSearchRequest(
                request_id=f"x{municipality}", municipality=municipality, search=asked
            )
            with juki.refused("NOT_YOUR_MUNICIPALITY"):
                governor.call(stub, "PassOnSearch", request)
        assert answers(juki, "機構") == []
        request = search_pb2.PassOnSearchRequest(request_id="own", municipality="141003", search=asked)
        assert governor.call(stub, "PassOnSearch", request) == search_pb2.PassOnSearchResponse()
        with juki.refused("CALLER_NOT_NAMED"):
            governor.call(stub, "SearchIdentification", asked)
        with juki.refused("CALLER_NOT_NAMED"):
            governor.call(stub, "CollectSearchAnswers", search_pb2.CollectSearchAnswersRequest(from_number=1))
    assert len(answers(juki, "機構")) == 1


@pytest.mark.law("search_via_governor")
def test_a_mayor_asks_through_the_own_governor_and_no_other(juki: Juki, family: Family) -> None:
    asked = search_pb2.SearchIdentificationRequest(request_id="far", criteria=HANAKO)
    request = search_pb2.SearchViaGovernorRequest(request_id="far", search=asked)
    stub = search_pb2_grpc.GovernorSearchServiceStub
    with line(juki, "横浜市", "東京都") as mayor, juki.refused("NOT_YOUR_MUNICIPALITY"):
        mayor.call(stub, "SearchViaGovernor", request)
    assert audits(juki, "機構", "PassOnSearch") == []
    with line(juki, "横浜市", "神奈川県") as mayor:
        assert mayor.call(stub, "SearchViaGovernor", request) == search_pb2.SearchViaGovernorResponse()
    assert len(audits(juki, "機構", "PassOnSearch")) == 1


@pytest.mark.parametrize("down", ["機構", "神奈川県"])
def test_inquire_identification_while_somebody_is_down_leaves_nothing_and_may_be_repeated(
    juki: Juki, family: Family, down: str
) -> None:
    yokohama = juki["横浜市"]
    before = yokohama.counts()
    juki.kill(down)
    with juki.refused("PEER_UNREACHABLE") as refusal:
        yokohama.inquire_identification("架空　花子", "1982-03-14", "女", request_id="again")
    assert not refusal[0].answer.definite
    after = yokohama.counts()
    assert after.pop("audit") == before.pop("audit") + 1
    before.pop("search_out")
    after.pop("search_out")  # that an answer may be missing
    assert after == before
    juki.start(down)
    told = yokohama.inquire_identification("架空　花子", "1982-03-14", "女", request_id="again")
    assert (told.outcome, len(answers(juki, "横浜市"))) == (FOUND, 1)
    juki.settle()
    assert yokohama.counts()["search_out"] == 0
    assert juki.ledger_differences() == []


def test_inquire_identification_whose_answer_was_lost_gets_the_same_one_with_the_same_request_id(
    juki: Juki, family: Family
) -> None:
    suginami = juki["杉並区"]
    juki.faults("杉並区", "drop_answer", "機構")
    with juki.refused("PEER_UNREACHABLE"):
        suginami.inquire_identification("架空　花子", "1982-03-14", "女", request_id="lost")
    juki.heal()
    told = suginami.inquire_identification("架空　花子", "1982-03-14", "女", request_id="lost")
    assert told == suginami.inquire_identification("架空　花子", "1982-03-14", "女", request_id="lost")
    assert answers(juki, "杉並区") == answers(juki, "機構")
    assert len(answers(juki, "機構")) == 1
    assert suginami.counts()["inquiry"] == 1
    juki.kill("機構")
    assert told == suginami.inquire_identification("架空　花子", "1982-03-14", "女", request_id="lost"), (
        "nobody is asked"
    )
    with juki.refused("REQUEST_ID_REUSED"):
        suginami.inquire_identification("架空　太郎", "1980-05-01", "男", request_id="lost")


@pytest.mark.law("collect_search_answers")
def test_an_answer_that_was_lost_and_never_asked_for_again_holds_up_no_other(juki: Juki, family: Family) -> None:
    suginami = juki["杉並区"]
    with line(juki, "杉並区", "機構") as mayor:
        for number in range(3):
            request = search_pb2.SearchIdentificationRequest(request_id=f"lost-{number}", criteria=HANAKO)
            mayor.call(search_pb2_grpc.SearchServiceStub, "SearchIdentification", request)
    assert (len(answers(juki, "機構")), answers(juki, "杉並区")) == (3, [])
    told = suginami.inquire_identification("架空　太郎", "1980-05-01", "男")
    assert told.hits[0].identification.resident_code == family.codes[0]
    assert answers(juki, "杉並区") == answers(juki, "機構")
    assert len(answers(juki, "機構")) == 4
    juki.settle()
    assert suginami.quarantined() == []
    assert juki.ledger_differences() == []


@pytest.mark.law("collect_search_answers")
def test_an_answer_that_was_lost_is_fetched_though_nobody_asks_again(juki: Juki, family: Family) -> None:
    suginami = juki["杉並区"]
    juki.faults("杉並区", "drop_answer", "機構")
    with juki.refused("PEER_UNREACHABLE"):
        suginami.inquire_identification("架空　花子", "1982-03-14", "女")
    assert (len(answers(juki, "機構")), answers(juki, "杉並区")) == (1, [])
    juki.kill("杉並区")
    juki.start("杉並区")
    assert answers(juki, "杉並区") == [], "the line is still down"
    juki.heal()
    juki.settle()
    assert answers(juki, "杉並区") == answers(juki, "機構")
    assert (suginami.counts()["search_out"], suginami.counts()["inquiry"]) == (0, 0)
    assert juki.ledger_differences() == []


def test_a_node_that_stopped_while_it_asked_fetches_the_answer_when_it_starts(juki: Juki, family: Family) -> None:
    suginami = juki["杉並区"]
    with line(juki, "杉並区", "機構") as mayor:  # what the mayor's computer had asked when it stopped
        request = search_pb2.SearchIdentificationRequest(request_id="out", criteria=HANAKO)
        mayor.call(search_pb2_grpc.SearchServiceStub, "SearchIdentification", request)
    suginami.node.journal.write(lambda db: store.note_search(db, "out"))
    juki.kill("杉並区")
    juki.start("杉並区")
    juki.settle()
    assert answers(juki, "杉並区") == answers(juki, "機構") != []
    assert juki.ledger_differences() == []


def test_two_clerks_who_inquire_at_once_are_both_answered(juki: Juki, family: Family) -> None:
    told: list[pb.InquireIdentificationResponse] = []

    def ask(number: int) -> None:
        told.append(juki.clerk("杉並区", f"c{number:02d}").inquire_identification("架空　花子", "1982-03-14", "女"))

    for number in range(4):  # their lines are made beforehand: the door keeps one for each
        juki.clerk("杉並区", f"c{number:02d}").tasks()
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.outcome for answer in told] == [FOUND] * 4
    assert answers(juki, "杉並区") == answers(juki, "機構")


@pytest.mark.parametrize(
    ("asked", "outcome"),
    [
        pytest.param(
            {"name": "架空　花子", "birth_date": "1982-03-14", "sex": "女"}, FOUND, id="氏名・生年月日・性別の一致"
        ),
        pytest.param(
            {"name": "架空　花子", "birth_date": "1982-03-15", "sex": "女"}, NONE, id="生年月日が一日違えば該当なし"
        ),
        pytest.param({"name": "架空　花子", "birth_date": "1982-03-14", "sex": "男"}, NONE, id="性別が違えば該当なし"),
        pytest.param({"name": "架空　花", "birth_date": "1982-03-14", "sex": "女"}, NONE, id="氏名の一部では該当なし"),
        pytest.param(
            {"name": "架空　花子", "birth_date": "1982-03-14", "sex": "女", "address_prefix": "東京都国立市"},
            FOUND,
            id="住所の始めで絞る",
        ),
        pytest.param(
            {"name": "架空　花子", "birth_date": "1982-03-14", "sex": "女", "address_prefix": "東京都小平市"},
            NONE,
            id="住所の始めが違えば該当なし",
        ),
        pytest.param({"name": "架空　花子", "birth_date": "1982", "sex": "女"}, NONE, id="生年だけの者はいない"),
    ],
)
def test_inquire_identification_finds_whom_all_items_fit(
    juki: Juki, family: Family, asked: dict[str, str], outcome: int
) -> None:
    told = juki["杉並区"].inquire_identification(**asked)
    assert told.outcome == outcome
    assert len(told.hits) == (outcome == FOUND)
    assert told.inquiry_id == 1


def test_inquire_identification_by_code_and_by_number(juki: Juki, family: Family) -> None:
    head = juki["国立市"].resident(family.head).identification
    for told in (
        juki["杉並区"].inquire_identification(code=head.resident_code),
        juki["杉並区"].inquire_identification(number=head.individual_number),
        juki["杉並区"].inquire_identification("架空　太郎", code=head.resident_code),
    ):
        assert [hit.identification for hit in told.hits] == [head]
    assert juki["杉並区"].inquire_identification("架空　花子", code=head.resident_code).outcome == NONE
    assert juki["杉並区"].inquire_identification(code="00000000019").outcome == NONE


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        pytest.param({}, "SEARCH_TOO_WIDE", id="何も書かない"),
        pytest.param({"name": "架空　花子"}, "SEARCH_TOO_WIDE", id="氏名だけ"),
        pytest.param({"name": "架空　花子", "sex": "女"}, "SEARCH_TOO_WIDE", id="生年月日がない"),
        pytest.param({"name": "架空　花子", "birth_date": "1982-03-14"}, "SEARCH_TOO_WIDE", id="性別がない"),
        pytest.param({"birth_date": "1982-03-14", "sex": "女"}, "SEARCH_TOO_WIDE", id="氏名がない"),
        pytest.param({"address_prefix": "東京都国立市"}, "SEARCH_TOO_WIDE", id="住所だけ"),
        pytest.param({"code": "12345678901"}, "CHECK_DIGIT_WRONG", id="検査数字の合わない住民票コード"),
        pytest.param({"number": "123456789012"}, "CHECK_DIGIT_WRONG", id="検査用数字の合わない個人番号"),
        pytest.param(
            {"name": "架空　花子", "birth_date": "1982-02-30", "sex": "女"}, "DATE_IMPOSSIBLE", id="暦にない生年月日"
        ),
        pytest.param({"code": "00000000019", "request_id": ""}, "REQUEST_ID_MISSING", id="request_idがない"),
        pytest.param({"code": "00000000019", "reason": ""}, "OPERATION_INCOMPLETE", id="理由がない"),
    ],
)
def test_inquire_identification_that_asks_too_little_is_refused_before_anybody_is_asked(
    juki: Juki, asked: dict[str, str], reason: str
) -> None:
    with juki.refused(reason) as refusal:
        juki["杉並区"].inquire_identification(**asked)
    assert refusal[0].answer.article == "住基法第30条の10第1項第3号"
    assert audits(juki, "機構", "SearchIdentification") == []
    assert juki["杉並区"].counts()["inquiry"] == 0


def test_people_of_the_same_name_and_birth_date_are_all_shown(juki: Juki) -> None:
    twin = person("架空　葵", "1990-01-01", "女")
    for name in ("国立市", "杉並区", "横浜市鶴見区"):
        juki[name].enter_ex_officio(twin)
    juki.settle()
    told = juki["中野区"].inquire_identification("架空　葵", "1990-01-01", "女")
    assert (told.outcome, told.via_governor, told.truncated) == (SEVERAL, True, False)
    assert {hit.identification.area_code: hit.article.removeprefix("住基法第30条の") for hit in told.hits} == {
        "132152": "10第1項第3号", "131156": "10第1項第3号", "141011": "12第1項第3号",
    }  # fmt: skip
    near = juki["中野区"].inquire_identification("架空　葵", "1990-01-01", "女", address_prefix="東京都")
    assert ([hit.identification.area_code for hit in near.hits].count("141011"), near.via_governor) == (0, False)


@pytest.mark.parametrize(
    ("people", "truncated"), [pytest.param(10, False, id="十人"), pytest.param(11, True, id="十一人")]
)
def test_of_many_ten_are_shown_and_that_there_are_more_is_said(juki: Juki, people: int, truncated: bool) -> None:
    for _ in range(people):
        juki["国立市"].enter_ex_officio(person("架空　葵", "1990-01-01", "女"))
    juki.settle()
    told = juki["国立市"].inquire_identification("架空　葵", "1990-01-01", "女")
    assert (told.outcome, len(told.hits), told.truncated) == (SEVERAL, 10, truncated)
    assert len({hit.identification.resident_code for hit in told.hits}) == 10


def test_who_moved_is_found_once_where_the_live_record_is(juki: Juki, family: Family) -> None:
    left = juki["国立市"].report_move_out([family.wife], "横浜市鶴見区")
    juki["横浜市鶴見区"].report_move_in(left.certificate, "神奈川県横浜市鶴見区みどり台1番1号")
    juki.settle()
    told = juki["国立市"].inquire_identification("架空　花子", "1982-03-14", "女")
    assert (told.outcome, told.via_governor) == (FOUND, True)  # 通知都道府県 is Kanagawa now
    assert (told.hits[0].live, told.hits[0].identification.area_code) == (True, "141011")
    assert not juki["横浜市"].inquire_identification("架空　花子", "1982-03-14", "女").via_governor


def test_who_left_is_told_of_by_the_prefecture_that_notified_last(juki: Juki, family: Family) -> None:
    left = juki["国立市"].report_move_out([family.wife], "横浜市鶴見区")
    came = juki["横浜市鶴見区"].report_move_in(left.certificate, "神奈川県横浜市鶴見区みどり台1番1号").receipt
    juki.settle()
    juki["横浜市鶴見区"].report_move_out_abroad(came.resident_ids, "フランス")
    juki.settle()
    told = juki["国立市"].inquire_identification("架空　花子", "1982-03-14", "女")
    assert (told.via_governor, told.hits[0].live, told.hits[0].reason) == (True, False, 8)
    assert told.hits[0].identification.area_code == "141011"
    assert not juki["横浜市"].inquire_identification("架空　花子", "1982-03-14", "女").via_governor


def test_two_live_records_of_one_code_are_both_shown(juki: Juki, family: Family) -> None:
    left = juki["国立市"].report_move_out([family.wife], "杉並区", "2021-06-20")
    juki.cut("国立市", "杉並区")
    juki["杉並区"].report_move_in(left.certificate, "東京都杉並区みどり台1番1号")
    juki.settle()
    told = juki["中野区"].inquire_identification("架空　花子", "1982-03-14", "女")
    assert told.outcome == SEVERAL
    assert sorted((hit.identification.area_code, hit.live) for hit in told.hits) == [("131156", True), ("132152", True)]


def test_a_former_name_finds_nobody(juki: Juki, family: Family) -> None:
    juki["国立市"].correct_ex_officio(family.wife, name="試作　花子")
    juki.settle()
    assert juki["杉並区"].inquire_identification("試作　花子", "1982-03-14", "女").outcome == FOUND
    assert juki["杉並区"].inquire_identification("架空　花子", "1982-03-14", "女").outcome == NONE


def test_what_was_notified_a_moment_ago_is_found(juki: Juki) -> None:
    for number in range(5):
        juki["国立市"].enter_ex_officio(person(f"架空　{number}", "1990-01-01", "女"))
        juki.settle()
        assert juki["国立市"].inquire_identification(f"架空　{number}", "1990-01-01", "女").outcome == FOUND


def test_no_log_no_audit_and_no_refusal_names_whom_it_is_about(
    juki: Juki, family: Family, capfd: pytest.CaptureFixture[str]
) -> None:
    wife = juki["国立市"].resident(family.wife).identification
    capfd.readouterr()
    juki["横浜市"].inquire_identification("架空　花子", "1982-03-14", "女")
    juki.kill("機構")
    with juki.refused("PEER_UNREACHABLE") as refusal:
        juki["杉並区"].inquire_identification("架空　花子", "1982-03-14", "女")
    said = capfd.readouterr().err + str(refusal[0].answer)
    for name in ("横浜市", "神奈川県", "杉並区"):
        said += str(juki[name].audit())
    juki.start("機構")
    said += str(juki["機構"].audit())
    for secret in ("架空　花子", wife.resident_code, wife.individual_number, wife.address):
        assert secret not in said
