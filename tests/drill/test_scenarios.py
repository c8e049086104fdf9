"""Every scenario of the package is played to its golden trace, and a scenario that goes otherwise is found out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from jukinet.drill import scenario as scenarios
from jukinet.drill import trace
from jukinet.drill.player import Player, play
from jukinet.drill.scenario import LANGUAGES, ScenarioFault

NAMES = sorted(scenarios.all_scenarios())
TAUGHT = {
    *("birth", "move", "special-move", "wide-area", "family-register", "death", "provision", "pension", "disclosure"),
    *("tampering", "participation", "yokohama", "launch-2003", "mojibake-2013", "one-code", "insider", "relay-2016"),
    *("retention", "certificates"),
}


def copy_of_birth(tmp_path: Path) -> Path:
    folder = tmp_path / "birth-again"
    shutil.copytree(scenarios.home() / "birth", folder)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_is_played_to_its_golden_trace(tmp_path: Path, name: str) -> None:
    found = scenarios.find(name)
    with Player(found, tmp_path / "stage", hosted=True) as player:
        played = play(player)
    assert [one.step.id for one in played] == [step.id for step in found.steps]
    assert [f"{one.step.id}: {check}" for one in played for check in one.checks if not check.holds] == []
    assert all(one.good for one in played)
    assert trace.read_golden(found.golden), "no golden trace is kept"
    assert trace.differences(trace.read_golden(found.golden), [one.trace() for one in played]) == []


@pytest.mark.full
@pytest.mark.parametrize("name", NAMES)
def test_real_processes_leave_the_same_trace(tmp_path: Path, name: str) -> None:
    found = scenarios.find(name)
    with Player(found, tmp_path / "stage") as player:
        played = play(player)
    assert trace.differences(trace.read_golden(found.golden), [one.trace() for one in played]) == []


def test_every_scenario_that_is_taught_is_there() -> None:
    assert set(NAMES) >= TAUGHT


@pytest.mark.parametrize("name", NAMES)
def test_a_story_is_told_in_both_languages_with_a_question_and_notes(name: str) -> None:
    found = scenarios.find(name)
    for language in LANGUAGES:
        story = found.stories[language]
        assert story.title
        assert story.text
        assert all(story.steps[step.id].title and story.steps[step.id].text for step in found.steps)
        assert any(told.question and told.answer for told in story.steps.values())
        assert any(told.notes for told in story.steps.values())
    questions = [[bool(story.steps[step.id].question) for step in found.steps] for story in found.stories.values()]
    assert questions[0] == questions[1]


def test_a_step_back_is_played_anew_from_the_seed_and_comes_to_the_same(tmp_path: Path) -> None:
    with Player(scenarios.find("birth"), tmp_path / "stage", hosted=True) as player:
        player.begin()
        first, second = player.step(), player.step()
        player.back()
        assert [one.step.id for one in player.played] == [first.step.id]
        again = player.step()
    assert again.trace() == second.trace()
    assert again.answer == second.answer


def test_a_trace_that_leaves_the_golden_one_is_told(tmp_path: Path) -> None:
    golden = trace.read_golden(scenarios.find("birth").golden)
    changed = json.loads(json.dumps(golden))
    birth = next(step for step in changed if any(a["rule"] == "forward_identification" for a in step["arrows"]))
    birth["arrows"] = [arrow for arrow in birth["arrows"] if arrow["rule"] != "forward_identification"]
    told = trace.differences(golden, changed)
    assert any("missing" in line and "forward_identification" in line for line in told)
    assert trace.differences(golden, golden[:-1]) == [f"{golden[-1]['id']}: never played"]


def test_a_story_that_tells_other_steps_than_are_done_is_refused(tmp_path: Path) -> None:
    folder = copy_of_birth(tmp_path)
    story = folder / "story.en.md"
    story.write_text(story.read_text(encoding="utf-8") + "\n## nowhere A step that nobody does\n", encoding="utf-8")
    with pytest.raises(ScenarioFault, match="nowhere"):
        scenarios.read(folder)


def test_an_unknown_key_or_scenario_is_told(tmp_path: Path) -> None:
    folder = copy_of_birth(tmp_path)
    steps = folder / "steps.toml"
    steps.write_text("colour = 'red'\n" + steps.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(ScenarioFault, match="colour"):
        scenarios.read(folder)
    with pytest.raises(ScenarioFault, match="nobody"):
        scenarios.find("nobody")
