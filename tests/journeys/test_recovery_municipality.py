"""回復: a municipality put back to an old copy, or destroyed, has again all that anybody had acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import person
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import recovery_pb2, recovery_pb2_grpc, relay_pb2
from jukinet.wire.client import Client

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

REMOVED = pb.RESIDENT_STATE_REMOVED
IDENTIFICATION = relay_pb2.STREAM_KIND_IDENTIFICATION


def records(juki: Juki, name: str) -> dict[str, tuple[str, str, str, bool, str]]:
    """By code, the last record: name, address, number, whether it lives, where its person is confirmed to have gone."""
    return {
        r.identification.resident_code: (
            r.identification.name, r.identification.address, r.identification.individual_number, r.state != REMOVED,
            r.confirmed_destination,
        )
        for r in sorted(juki[name].residents(), key=lambda r: r.resident_id)
    }  # fmt: skip


def union(juki: Juki) -> set[str]:
    """Codes of all residents of all municipalities."""
    towns = [path for path in juki.paths if path.startswith("municipality/")]
    return {code for town in towns for code, record in records(juki, town).items() if record[3]}


def at_the_centre(juki: Juki) -> set[str]:
    with juki.network.nodes["jlis/center"].register.read() as db:
        rows = db.execute("SELECT code FROM identification WHERE live = 1").fetchall()
    return {f"{row[0]:011d}" for row in rows}


def next_act_arrives(juki: Juki, name: str) -> None:
    """Somebody who comes onto the register is known to J-LIS, with a number, and the ledger is at zero."""
    entered = juki[name].enter_ex_officio(person("架空　次", "1999-09-09", "女")).receipt.resident_ids[0]
    juki.settle()
    told = juki[name].resident(entered).identification
    assert told.individual_number
    assert [held.live for held in juki["機構"].held(told.resident_code)] == [True]
    assert juki.ledger_differences() == []
    assert at_the_centre(juki) == union(juki)


def days_go_by(juki: Juki, family: Family) -> None:
    """A birth, one who moves in from 横浜市, one who moves there, a correction: each of them acknowledged elsewhere."""
    kunitachi, yokohama = juki["国立市"], juki["横浜市鶴見区"]
    kunitachi.report_birth(family.household)
    yokohama.enter_ex_officio(person("架空　港", "1990-07-07", "女"))
    juki.clock.advance(days=1)
    harbour = yokohama.residents()[0]
    paper = yokohama.report_move_out([harbour.resident_id], "東京都国立市").certificate
    kunitachi.report_move_in(paper, juki.full_name("132152") + "架空町9番")
    left = kunitachi.report_move_out([family.child], "神奈川県横浜市鶴見区").certificate
    yokohama.report_move_in(left, juki.full_name("141011") + "架空町2番")
    kunitachi.correct_ex_officio(family.wife, name="架空　華子")
    juki.clock.advance(days=2)


def test_kunitachi_put_back_three_days_has_births_and_moves_again(juki: Juki, family: Family) -> None:
    juki.snapshot_node("国立市", "monday")
    days_go_by(juki, family)
    before, day = records(juki, "国立市"), juki.clock.today
    juki.restore_node("国立市", "monday")
    report = juki.recover("国立市")
    assert (report.recovering, report.fault, list(report.unreachable), list(report.conflicts)) == (False, "", [], [])
    assert (report.own_records, len(report.resident_ids_to_complete)) == (7, 2)
    assert records(juki, "国立市") == before
    assert juki["国立市"].node.clock.today() == day
    assert any("続柄" in lost.english and "続柄" in lost.japanese for lost in report.not_recovered)
    child = next(r for r in juki["国立市"].residents() if r.resident_id == report.resident_ids_to_complete[0])
    assert (child.household_id, child.relationship) == (family.household, "同居人")
    next_act_arrives(juki, "国立市")


def test_kunitachi_destroyed_has_everybody_again_and_says_what_is_gone(juki: Juki, family: Family) -> None:
    days_go_by(juki, family)
    before = records(juki, "国立市")
    juki.lose("国立市", "all")
    report = juki.recover("国立市")
    assert (report.recovering, report.fault, list(report.unreachable)) == (False, "", [])
    assert records(juki, "国立市") == before
    living = [r for r in juki["国立市"].residents() if r.state != REMOVED]
    assert sorted(report.resident_ids_to_complete) == sorted(r.resident_id for r in living)
    assert juki["国立市"].status().recovery.records_to_complete == len(living)
    assert sorted(r.relationship for r in living if r.household_id == living[0].household_id) == [
        *("世帯主", "同居人", "同居人")
    ]
    next_act_arrives(juki, "国立市")
    codes = [r.identification.resident_code for r in juki["国立市"].residents()]
    assert len(codes) == len(set(codes))  # a code of the pool that was somebody's is not given again


def test_yokohama_destroyed_has_its_wards_again(juki: Juki, family: Family) -> None:
    days_go_by(juki, family)
    juki["横浜市西区"].enter_ex_officio(person("架空　西", "1970-01-02", "男"))
    juki.settle()
    before = records(juki, "横浜市")
    juki.lose("横浜市", "all")
    assert not juki.recover("横浜市").recovering
    assert records(juki, "横浜市") == before
    next_act_arrives(juki, "横浜市西区")


def test_an_act_while_recovering_is_refused_and_a_restart_changes_nothing(juki: Juki, family: Family) -> None:
    juki.lose("国立市", "all")
    for _ in range(2):
        with juki.refused("NODE_RECOVERING"):
            juki["国立市"].enter_ex_officio()
        with juki.refused("NODE_RECOVERING"):
            juki["国立市"].residents()
        assert juki["国立市"].status().recovery.recovering
        juki.kill("国立市")
        juki.start("国立市")
    juki.recover("国立市")
    juki["国立市"].enter_ex_officio()
    assert not juki["国立市"].status().recovery.recovering


def test_what_comes_while_recovering_waits_for_the_record_that_it_is_about(juki: Juki, family: Family) -> None:
    left = juki["国立市"].report_move_out([family.child], "神奈川県横浜市鶴見区").certificate
    juki.settle()
    juki.lose("国立市", "all")
    juki["横浜市鶴見区"].report_move_in(left, juki.full_name("141011") + "架空町2番")
    juki.settle()
    assert juki["国立市"].status().quarantined_records == 0
    juki.recover("国立市")
    assert juki["国立市"].status().quarantined_records == 0
    assert records(juki, "国立市")[family.codes[2]][3:] == (False, juki.full_name("141011") + "架空町2番")
    assert (
        juki.hops(family.codes[2]).count("国立市→東京都") == 4
    )  # 記載, 個人番号, 消除, and 転出確定通知 said only now
    assert at_the_centre(juki) == union(juki)


def test_with_one_neighbour_down_it_says_so_and_can_be_repeated(juki: Juki, family: Family) -> None:
    days_go_by(juki, family)
    before = records(juki, "国立市")
    juki.lose("国立市", "all")
    juki.kill("横浜市")
    report = juki.recover("国立市")
    assert (report.recovering, list(report.unreachable)) == (True, ["municipality/141003"])
    with juki.refused("NODE_RECOVERING"):
        juki["国立市"].residents()
    juki.kill("国立市")  # what has come back so far is kept
    juki.start("国立市")
    juki.start("横浜市")
    report = juki.recover("国立市")
    assert (report.recovering, list(report.unreachable), report.own_records) == (False, [], 1)
    assert records(juki, "国立市") == before
    next_act_arrives(juki, "国立市")


def test_it_can_be_ended_without_the_neighbour_and_what_was_said_to_it_comes_later(juki: Juki, family: Family) -> None:
    days_go_by(juki, family)
    before = records(juki, "国立市")
    juki.lose("国立市", "all")
    juki.kill("横浜市")
    report = juki.recover("国立市", accept_missing=True)
    assert (report.recovering, list(report.unreachable)) == (False, ["municipality/141003"])
    assert records(juki, "国立市") == before
    juki.start("横浜市")
    report = juki.recover("国立市")
    assert (report.recovering, report.own_records) == (False, 1)  # the 転入通知 that only 横浜市 had
    next_act_arrives(juki, "国立市")


def test_recovering_a_node_that_lost_nothing_changes_nothing(juki: Juki, family: Family) -> None:
    days_go_by(juki, family)
    before = records(juki, "国立市")
    report = juki.recover("国立市")
    assert (report.recovering, report.own_records, report.heard_records, report.epochs_opened) == (False, 0, 0, 0)
    assert records(juki, "国立市") == before
    next_act_arrives(juki, "国立市")


# What is given back, and to whom


def neighbour(juki: Juki, caller: str, node: str) -> Client:
    """The line of one node to another, with that node's own certificate."""
    path, there = juki.find(caller)[0], juki.find(node)[0]
    return Client(juki.network.layout.node(path) / "pki", juki.network.nodes[there].listener.address, there)


def streams(juki: Juki, caller: str, node: str) -> set[tuple[str, int, str]]:
    client = neighbour(juki, caller, node)
    try:
        answer = client.call(recovery_pb2_grpc.RecoveryServiceStub, "ListStreams", recovery_pb2.ListStreamsRequest())
    finally:
        client.close()
    return {(held.origin, held.kind, held.counterpart) for held in answer.streams}


def fetch(juki: Juki, caller: str, node: str, origin: str) -> recovery_pb2.FetchBatchesResponse:
    client = neighbour(juki, caller, node)
    request = recovery_pb2.FetchBatchesRequest(origin=origin, kind=IDENTIFICATION, epoch=1, from_number=1)
    try:
        answer: recovery_pb2.FetchBatchesResponse = client.call(
            recovery_pb2_grpc.RecoveryServiceStub, "FetchBatches", request
        )
    finally:
        client.close()
    return answer


@pytest.mark.law("recover_register", "recover_governors_register", "recover_centres_register")
def test_each_is_given_back_its_own_and_nobody_elses(juki: Juki, family: Family) -> None:
    days_go_by(juki, family)
    own = {origin for origin, _, _ in streams(juki, "国立市", "東京都")}
    assert own == {"132152"}
    assert fetch(juki, "国立市", "東京都", "132152").batches
    assert fetch(juki, "東京都", "国立市", "132152").batches
    assert fetch(juki, "機構", "東京都", "132152").batches
    assert fetch(juki, "横浜市", "機構", "141011").batches
    for caller, node, origin in (
        ("国分寺市", "東京都", "132152"),
        ("国分寺市", "国立市", "132152"),
        ("横浜市", "機構", "132152"),
        ("神奈川県", "国立市", "132152"),
        ("神奈川県", "機構", "141011"),
    ):
        with juki.refused("STREAM_NOT_FOUND"):
            fetch(juki, caller, node, origin)
        assert all(found[0] != origin for found in streams(juki, caller, node))


def test_more_than_one_answer_holds_comes_back_in_several(juki: Juki, family: Family) -> None:
    for count in range(10):
        juki["国立市"].enter_ex_officio(person(f"架空　{count}", "1999-09-09", "女"))
        juki.settle()
    before = records(juki, "国立市")
    assert len(fetch(juki, "国立市", "東京都", "132152").batches) == 20
    juki.lose("国立市", "all")
    juki.kill("機構")  # so that the governor alone holds them
    report = juki.recover("国立市", accept_missing=True)
    assert (report.recovering, report.own_records) == (False, 26)
    assert records(juki, "国立市") == before
