"""What a step of a scenario checks beyond figures: what travelled by a rule, and words of a text."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from jukinet.drill import scenario
from jukinet.drill.player import Played, Player
from jukinet.drill.scenario import ScenarioFault, Step
from jukinet.v1 import counter_pb2


@pytest.fixture(scope="module")
def birth(tmp_path_factory: pytest.TempPathFactory) -> tuple[Player, Played]:
    """The story of a birth, played up to the birth itself; the nodes are gone by then."""
    with Player(scenario.find("birth"), tmp_path_factory.mktemp("stage"), hosted=True) as player:
        player.begin()
        player.go_to(2)
        return player, player.played[-1]


@pytest.mark.parametrize(
    ("check", "holds"),
    [
        pytest.param({"from": "国立市", "to": "東京都", "is": 2}, True, id="通知は国立市から東京都へ二件"),
        pytest.param({"from": "国立市", "to": "東京都", "is": 1}, False, id="一件ではない"),
        pytest.param({"from": "国立市", "to": "J-LIS", "is": 0}, True, id="国立市から機構へは行かない"),
        pytest.param({"at_least": 2}, True, id="誰から誰へでも二件以上"),
        pytest.param({"at_least": 3}, False, id="三件はない"),
        pytest.param({"to": "東京都"}, False, id="件数を言わない検査は成り立たない"),
    ],
)
def test_a_check_counts_what_travelled_by_a_rule(
    birth: tuple[Player, Played], check: dict[str, Any], holds: bool
) -> None:
    player, played = birth
    assert player._figure({"rule": "notify_identification", **check}, played).holds == holds


def test_a_check_of_a_rule_that_does_not_exist_is_no_check(birth: tuple[Player, Played]) -> None:
    player, played = birth
    with pytest.raises(ScenarioFault, match="no rule is called notify_identifcation"):
        player._figure({"rule": "notify_identifcation", "is": 0}, played)


@pytest.mark.parametrize(
    ("given", "text", "holds"),
    [
        pytest.param({"has": {"text": ["氏名"]}}, "氏名　架空", True, id="ある語がある"),
        pytest.param({"has": {"text": ["本籍"]}}, "氏名　架空", False, id="あるべき語がない"),
        pytest.param({"lacks": {"text": ["本籍"]}}, "氏名　架空", True, id="ない語がない"),
        pytest.param({"lacks": {"text": ["氏名"]}}, "氏名　架空", False, id="ないはずの語がある"),
        pytest.param({"lacks": {"text": ["本籍"]}}, "", False, id="空の文面は何も証明しない"),
    ],
)
def test_a_check_looks_for_words(
    birth: tuple[Player, Played], given: Mapping[str, Any], text: str, holds: bool
) -> None:
    step = Step("print", "call", given)
    played = Played(step, answer=counter_pb2.PrintNoticeResponse(text=text))
    (check,) = birth[0]._texts(step, played)
    assert check.holds == holds
    assert "架空" not in check.found, "a check tells the word, never the text"


def test_a_step_with_a_misspelt_key_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "birth"
    shutil.copytree(scenario.home() / "birth", folder)
    steps = folder / "steps.toml"
    steps.write_text(steps.read_text(encoding="utf-8").replace("has = ", "hass = "), encoding="utf-8")
    with pytest.raises(ScenarioFault, match="unknown keys hass"):
        scenario.read(folder)
