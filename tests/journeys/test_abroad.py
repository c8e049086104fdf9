"""国外転出 → 国外からの転入, with the search at J-LIS between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.testing.abroad_desk import arrival
from jukinet.testing.door import day, person
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import relay_pb2, search_pb2

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

SEARCH = relay_pb2.STREAM_KIND_SEARCH_ANSWER
WIFE = person("架空　花子", "1982-03-14", "女", relationship="世帯主", registered_domicile="東京都国立市架空町一番地")
SUGINAMI = "東京都杉並区みどり台1番1号"


@pytest.mark.law(
    "report_move_out_abroad", "inquire_identification", "search_identification", "report_move_in_from_abroad"
)
def test_report_move_in_from_abroad_gives_back_the_code_and_number_of_who_left(juki: Juki, family: Family) -> None:
    kunitachi, suginami, code = juki["国立市"], juki["杉並区"], family.codes[1]
    number = kunitachi.resident(family.wife).identification.individual_number
    left = kunitachi.report_move_out_abroad([family.wife], "アメリカ合衆国", "2021-06-10")
    assert left.receipt.notices == 0
    assert kunitachi.resident(family.wife).state == pb.RESIDENT_STATE_MOVING_OUT
    juki.clock.set("2021-06-10")
    record = kunitachi.resident(family.wife)
    assert (record.state, record.planned_destination) == (pb.RESIDENT_STATE_REMOVED, "アメリカ合衆国")
    assert juki["機構"].changes(code)[-1] == "国立市 消除・国外転出 2021-06-10 #3"

    juki.clock.set("2022-04-01")
    told = suginami.inquire_identification("架空　花子", "1982-03-14", "女")
    assert (told.outcome, told.via_governor, told.truncated) == (search_pb2.SEARCH_OUTCOME_FOUND, False, False)
    (hit,) = told.hits
    assert (hit.live, hit.article) == (False, "住基法第30条の10第1項第3号")
    assert (hit.identification.resident_code, hit.identification.individual_number) == (code, number)
    since = juki.mark()
    came = suginami.report_move_in_from_abroad([arrival(WIFE, told)], SUGINAMI, "2022-03-30")
    assert (came.receipt.notices, list(came.warnings)) == (1, [])
    juki.settle()
    back = suginami.resident(came.receipt.resident_ids[0])
    assert (back.identification.resident_code, back.identification.individual_number) == (code, number)
    assert (back.former_address, back.resident_since) == ("アメリカ合衆国", day("2022-03-30"))
    assert juki["東京都"].changes(code)[-1] == "杉並区 記載・国外転入等 2022-03-30 #1"
    assert {held.area_code: held.live for held in juki["機構"].held(code)} == {"131156": True, "132152": False}
    assert juki.hops(code, since) == ["杉並区→東京都", "東京都→機構"]
    assert suginami.tasks() == []
    assert juki.ledger_differences() == []
