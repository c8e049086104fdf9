"""転入届の特例: 転出届 with the card, the question or the notice beforehand, 転入届 without paper."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import day, person
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import intermunicipal_pb2, intermunicipal_pb2_grpc, relay_pb2
from jukinet.wire.client import Client

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

CERTIFICATE = relay_pb2.STREAM_KIND_MOVE_OUT_CERTIFICATE
SUGINAMI = "東京都杉並区みどり台1番1号"


@pytest.mark.law("report_special_move_in", "send_move_out_certificate", "move_out_with_card")
def test_report_special_move_in_of_a_family_without_paper(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    left = kunitachi.report_move_out(family.all, "杉並区", "2021-06-01", with_card=True)
    assert left.certificate == intermunicipal_pb2.MoveOutCertificate(), "no paper is given out"
    assert left.receipt.notices == 3, "消除 upward, and nothing sideways before 2023"
    juki.settle()
    since = juki.mark()

    came = suginami.report_special_move_in(family.codes[0], "国立市", SUGINAMI, "2021-06-01")
    assert came.receipt.notices == 7, "記載, 転入通知, and one 附票 notice: that of the one whose 本籍 is known"
    juki.settle()

    for code, old_id, new_id in zip(family.codes, family.all, came.receipt.resident_ids, strict=True):
        old, new = kunitachi.resident(old_id), suginami.resident(new_id)
        assert (old.state, old.confirmed_destination) == (pb.RESIDENT_STATE_REMOVED, SUGINAMI)
        assert new.identification.resident_code == code
        assert new.identification.individual_number == old.identification.individual_number
        assert (new.head_name, new.relationship) == ("架空　太郎", old.relationship)
        assert juki["東京都"].changes(code)[-1] == "杉並区 記載・国内転入 2021-06-01 #1"
        assert {held.area_code: held.live for held in juki["機構"].held(code)} == {"132152": False, "131156": True}
        assert juki["東京都"].confirmed(code)[0].move_out_date == day("2021-06-01")
    asked = [hop for hop in juki.sequence(family.codes[0], since) if hop.kind == "MOVE_OUT_CERTIFICATE"]
    assert [(str(hop), hop.article) for hop in asked] == [("国立市→杉並区", "住基法第24条の2第4項")]
    assert juki.ledger_differences() == []


def said(juki: Juki, name: str, kind: int = CERTIFICATE) -> int:
    """How many batches of that kind a municipality signed."""
    return len([entry for entry in juki[name].journal() if entry.header.kind == kind and entry.said])


def written(juki: Juki, name: str) -> dict[str, int]:
    """Rows of everything that an act at the counter writes."""
    counts = juki[name].counts()
    return {table: counts[table] for table in ("resident", "household", "pending", "batch", "answered", "task")}


@pytest.mark.law("report_special_move_in")
def test_report_special_move_in_before_the_planned_day_removes_there_at_once(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    kunitachi.report_move_out([family.wife], "杉並区", "2021-06-20", with_card=True)
    suginami.report_special_move_in(family.codes[1], "国立市", SUGINAMI)
    juki.settle()
    old = kunitachi.resident(family.wife)
    assert (old.state, old.removal_date) == (pb.RESIDENT_STATE_REMOVED, day("2021-06-20"))
    assert old.confirmed_move_out_date == day("2021-06-01")
    assert "国立市 消除・国内転出 2021-06-20 #3" in juki["東京都"].changes(family.codes[1])
    assert juki.ledger_differences() == []


@pytest.mark.law("report_special_move_in")
def test_report_special_move_in_elsewhere_than_planned_corrects_the_destination(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.report_move_out([family.wife], "杉並区", with_card=True)
    juki["中野区"].report_special_move_in(family.codes[1], "国立市", "東京都中野区みどり台1番1号")
    juki.settle()
    old = kunitachi.resident(family.wife)
    assert (old.planned_destination, old.confirmed_destination) == ("杉並区", "東京都中野区みどり台1番1号")
    assert juki["杉並区"].residents() == []
    assert juki.ledger_differences() == []


@pytest.mark.law("report_special_move_in")
def test_report_special_move_in_joins_a_household_and_carries_what_came_since(juki: Juki, family: Family) -> None:
    """A child whose 個人番号 came only after the 転出届 brings it along."""
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    home = suginami.enter_ex_officio().receipt.household_id
    juki.settle()
    juki.kill("機構")
    born = kunitachi.report_birth(family.household).receipt.resident_ids[0]
    kunitachi.report_move_out([*family.all, born], "杉並区", "2021-06-10", with_card=True)
    juki.start("機構")
    juki.settle()
    number = kunitachi.resident(born).identification.individual_number
    assert len(number) == 12

    came = suginami.report_special_move_in(family.codes[0], "国立市", "", household_id=home).receipt
    assert came.household_id == home
    child = suginami.resident(came.resident_ids[3])
    assert child.identification.individual_number == number
    assert child.relationship == "同居人"
    juki.settle()
    assert juki.ledger_differences() == []


@pytest.mark.law("move_out_with_card")
@pytest.mark.juki(nodes=["国立市"])
def test_the_card_of_a_member_serves_no_other_and_nothing_is_written(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    before = written(juki, "国立市")
    with juki.refused("CARD_OF_ANOTHER") as refusal:
        kunitachi.report_move_out([family.wife, family.child], "杉並区", with_card=True)
    assert "第2項" in refusal[0].answer.japanese
    assert written(juki, "国立市") == before
    assert kunitachi.resident(family.wife).state == pb.RESIDENT_STATE_LIVE
    kunitachi.report_move_out([family.head, family.child], "杉並区", with_card=True)


@pytest.mark.law("report_special_move_in")
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"card_presented": False}, "CARD_REQUIRED", id="カードの提出がない"),
        pytest.param({"move_in_date": "2021-06-02"}, "DATE_IN_FUTURE", id="明日の転入"),
        pytest.param({"move_in_date": ""}, "FIELD_MISSING", id="転入年月日がない"),
        pytest.param({"move_in_date": "2021-02-30"}, "DATE_IMPOSSIBLE", id="暦にない日"),
        pytest.param({"move_in_date": "2021-05-17"}, "SPECIAL_TOO_LATE", id="転入から15日目"),
        pytest.param({"resident_code": "12345678901"}, "CHECK_DIGIT_WRONG", id="検査数字の合わないコード"),
        pytest.param({"resident_code": "架空"}, "CHECK_DIGIT_WRONG", id="数字でないコード"),
        pytest.param({"former": "999999"}, "AREA_UNKNOWN", id="知らない転出地"),
        pytest.param({"former": "130001"}, "AREA_UNKNOWN", id="転出地が都道府県"),
        pytest.param({"former": "141003"}, "AREA_UNKNOWN", id="転出地が区のある市"),
        pytest.param({"household_id": 999}, "HOUSEHOLD_NOT_FOUND", id="ない世帯に入る"),
        pytest.param({"verification_id": ""}, "OPERATION_INCOMPLETE", id="照合IDがない"),
        pytest.param({"request_id": ""}, "REQUEST_ID_MISSING", id="request_idがない"),
    ],
)
def test_what_can_be_refused_at_once_is_never_asked_about(
    juki: Juki, family: Family, change: dict[str, object], reason: str
) -> None:
    juki["国立市"].report_move_out([family.wife], "杉並区", with_card=True)
    juki.settle()
    before = written(juki, "杉並区")
    words = {"resident_code": family.codes[1], "former": "国立市", "address": SUGINAMI, **change}
    with juki.refused(reason) as refusal:
        juki["杉並区"].report_special_move_in(**words)  # type: ignore[arg-type]
    assert refusal[0].answer.definite
    assert refusal[0].answer.article == "住基法第24条の2第1項"
    assert said(juki, "国立市") == 0
    assert written(juki, "杉並区") == before


@pytest.mark.law("report_special_move_in")
def test_on_the_30th_day_the_report_is_taken_and_on_the_31st_it_is_not(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    kunitachi.report_move_out([family.wife], "杉並区", "2021-06-01", with_card=True)
    kunitachi.report_move_out([family.child], "杉並区", "2021-06-01", with_card=True)
    juki.clock.set("2021-07-01")
    suginami.report_special_move_in(family.codes[1], "国立市", SUGINAMI, "2021-06-25")
    juki.clock.set("2021-07-02")
    before = written(juki, "杉並区")
    with juki.refused("SPECIAL_TOO_LATE") as refusal:
        suginami.report_special_move_in(family.codes[2], "国立市", SUGINAMI, "2021-06-25")
    assert refusal[0].answer.article == "住基法第24条の2第1項"
    after = written(juki, "杉並区")
    assert after.pop("batch") == before.pop("batch") + 1, "the answer stands in the journal, and nothing else"
    assert after == before
    juki.settle()
    assert juki.ledger_differences() == []


def gone(juki: Juki, family: Family, how: str) -> str:
    """Bring the wife into a state in which there is nothing to tell about; her code."""
    kunitachi, code = juki["国立市"], family.codes[1]
    if how == "paper":
        kunitachi.report_move_out([family.wife], "杉並区")
    elif how == "cancelled":
        kunitachi.report_move_out([family.wife], "杉並区", "2021-06-10", with_card=True)
        kunitachi.cancel_move_out([family.wife])
    elif how == "cancelled after":
        kunitachi.report_move_out([family.wife], "杉並区", with_card=True)
        kunitachi.cancel_move_out([family.wife])
    elif how == "dead":
        kunitachi.report_move_out([family.wife], "杉並区", "2021-06-10", with_card=True)
        kunitachi.report_death(family.wife)
    elif how == "deleted":
        kunitachi.report_move_out([family.wife], "杉並区", "2021-06-10", with_card=True)
        kunitachi.delete_ex_officio(family.wife)
    elif how == "elsewhere":
        kunitachi.report_move_out([family.wife], "杉並区", with_card=True)
        juki["中野区"].report_special_move_in(code, "国立市", "東京都中野区みどり台1番1号")
    elif how == "elsewhere by paper":
        kunitachi.report_move_out([family.wife], "杉並区", with_card=True)
        who = kunitachi.resident(family.wife).identification
        notice = intermunicipal_pb2.MoveInNotice(
            resident_code=code, name=who.name, birth_date=who.birth_date, sex=who.sex,
            new_address="東京都小平市架空町1番地", move_in_date=day("2021-06-01"), report_date=day("2021-06-01"),
            former_address=who.address, new_area_code="132110",
        )  # fmt: skip
        kunitachi.enter_paper_move_in_notice(notice)
    elif how == "unknown":
        code = "00000000000"
    juki.settle()
    return code


@pytest.mark.law("send_move_out_certificate")
@pytest.mark.parametrize(
    "how",
    [
        pytest.param("stays", id="転出していない者"),
        pytest.param("paper", id="転出証明書の交付を受けた者"),
        pytest.param("cancelled", id="予定日前に転出を取り消した者"),
        pytest.param("cancelled after", id="消除後に転出を取り消した者"),
        pytest.param("dead", id="転出前に死亡した者"),
        pytest.param("deleted", id="職権で消除された者"),
        pytest.param("elsewhere", id="他の区が特例で既に記載した者"),
        pytest.param("elsewhere by paper", id="紙の転入通知で転出が確定した者"),
        pytest.param("unknown", id="記録のない者"),
    ],
)
def test_send_move_out_certificate_tells_nothing_and_always_in_the_same_words(
    juki: Juki, family: Family, how: str
) -> None:
    code = gone(juki, family, how)
    answered, before = said(juki, "国立市"), written(juki, "杉並区")
    with juki.refused("NO_MOVE_OUT_INFORMATION") as refusal:
        juki["杉並区"].report_special_move_in(code, "国立市", SUGINAMI)
    told = refusal[0].answer
    assert told.definite
    assert told.message.startswith("There is no 転出証明書情報 to tell about under that code.")
    assert (said(juki, "国立市"), written(juki, "杉並区")) == (answered, before)
    row = juki["国立市"].audit()[-1]
    assert (row["caller"], row["event"], row["refusal"]) == (
        "municipality/131156", "SendMoveOutCertificate", "NO_MOVE_OUT_INFORMATION",
    )  # fmt: skip


@pytest.mark.law("send_move_out_certificate")
@pytest.mark.parametrize(
    ("asker", "area_code", "former"),
    [
        pytest.param("中野区", "131156", "132152", id="他の区の名で求める"),
        pytest.param("中野区", "132152", "132152", id="転出地の名で求める"),
        pytest.param("中野区", "", "132152", id="名を示さずに求める"),
        pytest.param("杉並区", "131156", "132144", id="転出地でない市の者として求める"),
    ],
)
def test_send_move_out_certificate_answers_only_whom_the_report_was_made_to(
    juki: Juki, family: Family, asker: str, area_code: str, former: str
) -> None:
    juki["国立市"].report_move_out([family.wife], "杉並区", with_card=True)
    request = intermunicipal_pb2.SendMoveOutCertificateRequest(
        request_id="q", resident_code=family.codes[1], former_area_code=former, area_code=area_code, next_number=1
    )
    path = juki[asker].path
    line = Client(juki.network.layout.node(path) / "pki", juki["国立市"].node.listener.address, juki["国立市"].path)
    try:
        with juki.refused("NO_MOVE_OUT_INFORMATION"):
            line.call(intermunicipal_pb2_grpc.IntermunicipalServiceStub, "SendMoveOutCertificate", request)
        assert said(juki, "国立市") == 0
        request.former_area_code, request.area_code, request.request_id = "132152", juki[asker].code, "q2"
        answer = line.call(intermunicipal_pb2_grpc.IntermunicipalServiceStub, "SendMoveOutCertificate", request)
        assert len(answer.batches) == 1
    finally:
        line.close()


@pytest.mark.law("send_move_out_certificate")
def test_who_repeats_a_report_asks_once_and_enters_once(juki: Juki, family: Family) -> None:
    suginami = juki["杉並区"]
    juki["国立市"].report_move_out(family.all, "杉並区", with_card=True)
    first = suginami.report_special_move_in(family.codes[0], "国立市", SUGINAMI, request_id="again")
    juki.settle()
    juki.cut("国立市", "杉並区")
    assert suginami.report_special_move_in(family.codes[0], "国立市", SUGINAMI, request_id="again") == first
    juki.heal()
    asked = [row for row in juki["国立市"].audit() if row["event"] == "SendMoveOutCertificate"]
    assert [(row["caller"], row["accepted"]) for row in asked] == [("municipality/131156", 1)], "asked once"
    assert len(suginami.residents()) == 3
    with juki.refused("REQUEST_ID_REUSED"):
        suginami.report_special_move_in(family.codes[0], "国立市", SUGINAMI + "二階", request_id="again")
    juki.settle()
    assert juki.ledger_differences() == []


@pytest.mark.law("send_move_out_certificate")
def test_what_was_refused_after_asking_is_asked_once_more_and_answered_with_the_same_batch(
    juki: Juki, family: Family
) -> None:
    suginami = juki["杉並区"]
    juki["国立市"].report_move_out([family.wife], "杉並区", with_card=True)
    with juki.refused("FIELD_MISSING"):
        suginami.report_special_move_in(family.codes[1], "国立市", " ", request_id="mended")
    assert suginami.residents() == []
    suginami.report_special_move_in(family.codes[1], "国立市", SUGINAMI, request_id="mended")
    assert said(juki, "国立市") == 1
    juki.settle()
    assert juki.ledger_differences() == []


@pytest.mark.law("report_special_move_in")
def test_while_the_other_is_down_nothing_is_written_and_the_same_request_works_later(
    juki: Juki, family: Family
) -> None:
    suginami, code = juki["杉並区"], family.codes[1]
    juki["国立市"].report_move_out([family.wife], "杉並区", with_card=True)
    juki.settle()
    juki.kill("国立市")
    before = written(juki, "杉並区")
    for _ in range(2):
        with juki.refused("PEER_UNREACHABLE") as refusal:
            suginami.report_special_move_in(code, "国立市", SUGINAMI, request_id="later")
        assert not refusal[0].answer.definite
        assert refusal[0].answer.article == "住基法第24条の2第1項"
    assert written(juki, "杉並区") == before
    juki.start("国立市")
    suginami.report_special_move_in(code, "国立市", SUGINAMI, request_id="later")
    assert said(juki, "国立市") == 1
    juki.settle()
    assert juki["国立市"].resident(family.wife).confirmed_destination == SUGINAMI
    assert juki.ledger_differences() == []


@pytest.mark.law("send_move_out_certificate")
def test_an_answer_lost_on_the_way_comes_again_under_the_same_request(juki: Juki, family: Family) -> None:
    suginami, code = juki["杉並区"], family.codes[1]
    juki["国立市"].report_move_out([family.wife], "杉並区", with_card=True)
    juki.settle()
    before = written(juki, "杉並区")
    juki.faults("杉並区", "drop_answer", "国立市")
    with juki.refused("PEER_UNREACHABLE") as refusal:
        suginami.report_special_move_in(code, "国立市", SUGINAMI, request_id="lost")
    assert not refusal[0].answer.definite
    assert (written(juki, "杉並区"), said(juki, "国立市")) == (before, 1)
    juki.heal()
    suginami.report_special_move_in(code, "国立市", SUGINAMI, request_id="lost")
    assert said(juki, "国立市") == 1
    juki.settle()
    assert juki.ledger_differences() == []


@pytest.mark.law("send_move_out_certificate")
def test_a_lost_answer_that_nobody_asks_for_again_blocks_no_later_one(juki: Juki, family: Family) -> None:
    suginami = juki["杉並区"]
    for resident in (family.wife, family.child):
        juki["国立市"].report_move_out([resident], "杉並区", with_card=True)
    juki.settle()
    juki.faults("杉並区", "drop_answer", "国立市")
    with juki.refused("PEER_UNREACHABLE"):
        suginami.report_special_move_in(family.codes[1], "国立市", SUGINAMI, request_id="given up")
    juki.heal()
    suginami.report_special_move_in(family.codes[2], "国立市", SUGINAMI)
    assert said(juki, "国立市") == 2
    juki.settle()
    assert juki.ledger_differences() == []
    # And the one that was given up can still be taken up.
    suginami.report_special_move_in(family.codes[1], "国立市", SUGINAMI, request_id="given up")
    assert said(juki, "国立市") == 2


@pytest.mark.law("report_special_move_in", "send_move_out_certificate")
@pytest.mark.parametrize(
    ("former", "to", "hop"),
    [
        pytest.param("横浜市鶴見区", "国立市", ["横浜市→国立市"], id="指定都市の区から市へ"),
        pytest.param("国立市", "横浜市中区", ["国立市→横浜市"], id="市から指定都市の区へ"),
        pytest.param("横浜市鶴見区", "横浜市中区", [], id="同じ指定都市の区から区へ"),
    ],
)
def test_wards_are_left_and_moved_to_through_the_city_s_computer(
    juki: Juki, former: str, to: str, hop: list[str]
) -> None:
    left, came = juki[former], juki[to]
    who = left.enter_ex_officio(person("架空　港", "1990-07-07", "女")).receipt.resident_ids
    juki.settle()
    code = left.resident(who[0]).identification.resident_code
    left.report_move_out(who, to, with_card=True)
    juki.settle()
    since = juki.mark()
    address = juki.full_name(came.code) + "みどり台1番1号"
    new_id = came.report_special_move_in(code, former, address).receipt.resident_ids[0]
    juki.settle()
    assert came.resident(new_id).identification.area_code == came.code
    assert left.resident(who[0]).confirmed_destination == address
    assert [str(h) for h in juki.sequence(code, since) if h.kind == "MOVE_OUT_CERTIFICATE"] == hop
    assert {held.area_code: held.live for held in juki["機構"].held(code)} == {left.code: False, came.code: True}
    assert juki.ledger_differences() == []


@pytest.mark.law("send_move_out_certificate")
def test_of_a_city_s_own_ward_nothing_is_told_about_who_stays(juki: Juki) -> None:
    tsurumi, naka = juki["横浜市鶴見区"], juki["横浜市中区"]
    who = tsurumi.enter_ex_officio(person("架空　港", "1990-07-07", "女")).receipt.resident_ids
    code = tsurumi.resident(who[0]).identification.resident_code
    with juki.refused("NO_MOVE_OUT_INFORMATION"):
        naka.report_special_move_in(code, "横浜市鶴見区", "神奈川県横浜市中区みどり台1番1号")
    assert naka.resident(who[0]).state == pb.RESIDENT_STATE_LIVE


@pytest.mark.law("send_move_out_certificate")
def test_several_clerks_may_ask_the_same_municipality_at_once(juki: Juki) -> None:
    kunitachi, codes = juki["国立市"], []
    for number in range(4):
        who = kunitachi.enter_ex_officio(person(f"架空　{number}郎", "1990-07-07")).receipt.resident_ids
        codes.append(kunitachi.resident(who[0]).identification.resident_code)
        kunitachi.report_move_out(who, "杉並区", with_card=True)
    juki.settle()
    clerks = [juki.clerk("杉並区", f"c{number}") for number in range(4)]
    for clerk in clerks:
        clerk.residents()  # each has its line before they start together
    with ThreadPoolExecutor(4) as threads:
        came = list(
            threads.map(
                lambda pair: pair[0].report_special_move_in(pair[1], "国立市", SUGINAMI, request_id=pair[1]),
                zip(clerks, codes, strict=True),
            )
        )
    assert len({answer.receipt.resident_ids[0] for answer in came}) == 4
    assert said(juki, "国立市") == 4
    juki.settle()
    assert juki.ledger_differences() == []


@pytest.mark.law("send_move_out_certificate", "report_move_out")
def test_who_reports_again_without_card_leaves_by_that_report_alone(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    kunitachi.report_move_out(family.all, "杉並区", "2021-06-10", with_card=True)
    paper = kunitachi.report_move_out([family.wife], "中野区", "2021-06-12").certificate
    with juki.refused("NO_MOVE_OUT_INFORMATION"):
        suginami.report_special_move_in(family.codes[1], "国立市", SUGINAMI)
    came = suginami.report_special_move_in(family.codes[0], "国立市", SUGINAMI).receipt.resident_ids
    assert [suginami.resident(new).identification.name for new in came] == ["架空　太郎", "架空　一郎"]
    juki["中野区"].report_move_in(paper, "東京都中野区みどり台1番1号")
    juki.settle()
    assert kunitachi.resident(family.wife).confirmed_destination == "東京都中野区みどり台1番1号"
    assert juki.ledger_differences() == []
