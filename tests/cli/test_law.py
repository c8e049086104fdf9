"""`jukinet law`: the law of a day, and the index with its tests."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jukinet import data
from jukinet.cli.main import app
from jukinet.law.basis import every_rule
from jukinet.law.uncovered import UNCOVERED
from jukinet.model import articles

ROOT = Path(__file__).resolve().parent.parent.parent


def run(*words: str, code: int = 0) -> str:
    shown = CliRunner().invoke(app, ["law", *words])
    assert shown.exit_code == code, shown.output
    return shown.output


def told(*words: str) -> Any:
    return json.loads(run(*words, "--json"))


def test_show_tells_what_stands_for_an_article_on_a_day() -> None:
    shown = run("show", "30条の6", "--on", "2024-06-01")
    assert "住基法第30条の6　令和6年6月1日（2024-06-01）" in shown
    assert "［notify_identification］" in shown
    assert "IDENTIFICATION 市町村→都道府県" in shown
    assert "tests/journeys/test_birth.py（" in shown


@pytest.mark.parametrize(
    ("article", "day", "in_force"),
    [
        pytest.param("30条の41", "2024-05-26", [], id="施行の前日"),
        pytest.param("30条の41", "2024-05-27", ["notify_supplementary_identification"], id="施行の日"),
        pytest.param("令13条③", "2021-06-01", ["confirm_move_out"], id="施行令"),
        pytest.param("24条の2⑥", "2023-02-05", [], id="改正の前日は別の項による"),
        pytest.param("24条の2⑥", "2023-02-06", ["send_move_out_certificate"], id="改正の日から"),
    ],
)
def test_show_goes_by_the_day(article: str, day: str, in_force: list[str]) -> None:
    found = told("show", article, "--on", day)
    assert [line["rule"] for line in found["in_force"]] == in_force
    assert found["in_force"] or found["not_in_force"]


def test_show_says_so_where_nothing_stands_for_an_article() -> None:
    assert "閲覧" in run("show", "11条")
    assert "規則はありません" in run("show", "999条", code=1)
    assert "YYYY-MM-DD" in run("show", "30条の6", "--on", "soon", code=2)
    assert "30条の6" in run("show", "だれか", code=2)


def test_coverage_has_a_test_for_every_rule_and_names_what_is_not_covered() -> None:
    found = told("coverage")
    assert found["without_test"] == []
    assert {line["rule"] for line in found["rules"]} == {rule.name for rule in every_rule()}
    shown = run("coverage")
    assert all(name in shown for name, _, _ in UNCOVERED)


def test_what_is_called_uncovered_has_no_rule() -> None:
    named = [articles.parse(rule.article) for rule in every_rule()]
    for name, _, _ in UNCOVERED:
        article = articles.parse(name)
        assert article is not None
        assert [one for one in named if one is not None and article.covers(one)] == []


def test_the_index_names_tests_that_exist_and_rules_that_are_rules() -> None:
    rows = data.rows("law_tests.csv")
    assert {row["rule"] for row in rows} - {rule.name for rule in every_rule()} == set()
    for file in {row["test"].partition("::")[0] for row in rows}:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert {row["test"].rpartition("::")[2] for row in rows if row["test"].startswith(f"{file}::")} <= names


def test_every_rule_is_asked_by_something_or_says_that_it_keeps_words_alone() -> None:
    """A rule that nothing names outside the law's own room would be a text that only looks like law."""
    rooms = ("municipality_node", "prefecture_node", "jlis_center", "jukinet", "protos")
    files = [p for room in rooms for p in (ROOT / room).rglob("*") if p.suffix in (".py", ".proto")]
    outside = [p for p in files if not p.is_relative_to(ROOT / "jukinet" / "law") and not p.name.endswith("_pb2.py")]
    named = set(re.findall(r"[a-z_][a-z0-9_]*", "\n".join(p.read_text(encoding="utf-8") for p in outside)))
    law = {p: p.read_text(encoding="utf-8") for p in files if p.is_relative_to(ROOT / "jukinet" / "law")}

    def quoted(name: str) -> int:
        return sum(text.count(f'"{name}"') for text in law.values())

    asked = {
        rule.name
        for rule in every_rule()
        if rule.name in named
        or rule.function.__name__ in named - {"stated"}
        or quoted(rule.name) > sum(one.name == rule.name for one in every_rule())
        or sum(len(re.findall(rf"\b{rule.function.__name__}\(", text)) for text in law.values()) > 1
    }
    assert {rule.name for rule in every_rule() if not rule.words_only} - asked == set()
