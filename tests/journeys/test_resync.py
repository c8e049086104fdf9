"""全件送信: a new epoch tells all that is to be known, also what was under way when the old one ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jukinet.v1 import drill_pb2, drill_pb2_grpc

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

Drill = drill_pb2_grpc.DrillServiceStub


def resync(juki: Juki, name: str) -> drill_pb2.ResyncResponse:
    answer: drill_pb2.ResyncResponse = juki.console(name).call(Drill, "Resync", drill_pb2.ResyncRequest(request_id="r"))
    return answer


def test_a_death_that_was_under_way_is_not_lost_with_its_epoch(juki: Juki, family: Family) -> None:
    juki.cut("国立市", "東京都")
    juki["国立市"].report_death(family.wife)
    again = resync(juki, "国立市")
    assert (again.records, again.epoch > 1) == (3, True)
    juki.heal()
    juki.settle()
    told = juki["機構"].changes(family.codes[1])
    assert told[-1].startswith("国立市 消除・死亡 2021-06-01")
    assert [held.live for held in juki["機構"].held(family.codes[1])] == [False]
    assert juki["機構"].status().live_records == 2
    assert juki.ledger_differences() == []


def test_a_repeated_resync_opens_nothing_more(juki: Juki, family: Family) -> None:
    first, second = resync(juki, "国立市"), resync(juki, "国立市")
    assert first == second
    juki.settle()
    assert juki["機構"].status().live_records == 3


def test_only_a_municipality_sends_again(juki: Juki, family: Family) -> None:
    with juki.refused("NOT_HERE"):
        resync(juki, "東京都")
