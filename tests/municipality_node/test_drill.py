"""What a drill asks of a municipality, asked twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import day, person
from jukinet.v1 import drill_pb2, drill_pb2_grpc

if TYPE_CHECKING:
    from jukinet.testing.network import Juki


@pytest.mark.juki(nodes=["国立市"])
@pytest.mark.law("drill")
def test_households_loaded_twice_under_one_request_are_there_once(juki: Juki) -> None:
    console = juki.console("国立市")
    home = drill_pb2.NewHousehold(
        area_code="132152", address="東京都国立市みどり台一丁目1番1号", resident_since=day("2021-06-01"),
        persons=[person("架空　太郎", relationship="世帯主"), person("架空　花子", sex="女", relationship="妻")],
    )  # fmt: skip

    def load(request_id: str) -> drill_pb2.LoadHouseholdsResponse:
        request = drill_pb2.LoadHouseholdsRequest(request_id=request_id, households=[home])
        return console.call(drill_pb2_grpc.DrillServiceStub, "LoadHouseholds", request)  # type: ignore[no-any-return]

    first = load("l1")
    assert (first.persons, load("l1")) == (2, first)
    assert len(juki["国立市"].residents()) == 2, "a repeat enters nobody"
    juki.settle()
    assert juki["機構"].status().live_records == 2
    load("l2")
    assert len(juki["国立市"].residents()) == 4, "another request does"
