"""What a step may do of a municipality that takes part otherwise, that is compared, or while a node is down."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jukinet.drill import scenario
from jukinet.drill.doing import DOINGS, Doing
from jukinet.drill.player import Player
from jukinet.drill.scenario import Step

PERSON = {"name": "架空　梅子", "birth_date": "1960-02-03", "sex": "FEMALE", "relationship": "世帯主"}
ENTER = {"person": PERSON, "address": "福島県東白川郡矢祭町大字架空1番地", "change_date": "$today"}


@pytest.fixture
def player(tmp_path: Path) -> Iterator[Player]:
    with Player(scenario.find("participation"), tmp_path / "net", hosted=True) as one:
        one.begin()
        yield one


def do(player: Player, do: str, **given: Any) -> Any:
    """Do it as a step would, and wait as one would."""
    id = player.scenario.steps[0].id
    answer = DOINGS[do](Doing(player, Step(id, do, given)))
    player.stage.quiet_down()
    return answer


def entered(player: Player) -> None:
    do(player, "call", at="矢祭町", rpc="CounterService/EnterExOfficio", request=ENTER)


def seen(player: Player) -> int:
    return int(player.stage.statuses()["jlis/center"].live_records)


def test_who_leaves_is_not_seen_and_who_joins_is_from_that_day_on(player: Player) -> None:
    before = seen(player)
    assert do(player, "participate", at="矢祭町", kind="OUTSIDE") == {"records": 0}
    entered(player)
    assert (seen(player), str(player.today())) == (before, "2002-08-05")
    assert do(player, "participate", at="矢祭町", kind="FULL", to="2002-09-01") == {"records": 1}
    assert (seen(player), str(player.today())) == (before + 1, "2002-09-01")
    report = do(player, "reconcile", at="矢祭町")
    assert [(area.records, area.only_here, area.only_there, area.different) for area in report.areas] == [(1, 0, 0, 0)]


def test_who_takes_part_is_seen_at_once(player: Player) -> None:
    before = seen(player)
    entered(player)
    assert seen(player) == before + 1


def test_what_lies_with_one_outside_is_not_waited_for_but_elsewhere_it_is(player: Player) -> None:
    do(player, "participate", at="矢祭町", kind="OUTSIDE")
    entered(player)
    status = player.stage.statuses()["municipality/074829"]
    assert (status.tasks, status.participation) == (1, "OUTSIDE")
    begun = time.monotonic()
    assert player.stage.settle(10.0, 1.0)
    assert time.monotonic() - begun < 1.0
    do(player, "participate", at="矢祭町", kind="FULL")
    do(player, "cut", at="矢祭町", to="J-LIS")
    entered(player)
    assert not player.stage.settle(10.0, 1.0)


def test_a_comparison_that_cannot_be_made_says_so_and_compares_nobody(player: Player) -> None:
    do(player, "cut", at="国立市", to="東京都")
    report = do(player, "reconcile", at="国立市")
    assert (report.running, bool(report.fault), list(report.areas)) == (True, True, [])


def test_a_comparison_is_of_now_and_not_the_one_before(player: Player) -> None:
    found = []
    for day in ("2002-08-06", "2002-08-07"):
        do(player, "clock", to=day)
        report = do(player, "reconcile", at="国立市")
        found.append((day, report.virtual_time.ToDatetime().date().isoformat(), [a.records for a in report.areas]))
    assert found == [("2002-08-06", "2002-08-06", [2]), ("2002-08-07", "2002-08-07", [2])]


def test_the_day_is_known_while_a_node_is_down(player: Player) -> None:
    do(player, "stop", at="J-LIS")
    assert str(player.today()) == "2002-08-05"
    assert "jlis/center" not in player.stage.statuses()
    do(player, "start", at="J-LIS")
    assert "jlis/center" in player.stage.statuses()
