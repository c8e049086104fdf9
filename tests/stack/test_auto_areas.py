"""A clerk who answers by itself takes people to the ward that exists on the planned day."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from jukinet.stack import auto
from jukinet.stack.topology import parse

TOPOLOGY = parse('nodes = ["J-LIS", "静岡県", { name = "浜松市", auto = true }]')
OLD, NEW = date(2023, 12, 31), date(2024, 1, 1)


@pytest.mark.parametrize(
    ("destination", "on", "area"),
    [
        pytest.param("浜松市天竜区", OLD, "221376", id="2023年末までの天竜区は旧符号"),
        pytest.param("浜松市天竜区", NEW, "221406", id="2024年からの天竜区は新符号"),
        pytest.param("浜松市中央区", NEW, "221384", id="2024年からは中央区がある"),
        pytest.param("静岡県浜松市中区元城町1番", OLD, "221317", id="2023年末までは中区がある"),
    ],
)
def test_the_ward_of_a_destination_is_the_one_of_the_planned_day(destination: str, on: date, area: str) -> None:
    reach: Any = SimpleNamespace(topology=TOPOLOGY)
    found = auto._place(reach, destination, on)
    assert found is not None
    assert found[:2] == ("municipality/221309", area)


def test_a_ward_that_does_not_exist_on_the_day_is_no_destination() -> None:
    reach: Any = SimpleNamespace(topology=TOPOLOGY)
    assert auto._place(reach, "浜松市中央区", OLD) is None


@pytest.mark.parametrize("on", [OLD, NEW])
def test_an_invented_address_lies_in_a_ward_of_the_day(on: date) -> None:
    address = auto._invent("221309", 0, "request", on)
    assert auto._ward_of("221309", address, on) != "221309"
