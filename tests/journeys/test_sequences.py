"""Every sequence and every edge case has a test that plays it, by name."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TABLE = tomllib.loads((HERE / "sequences.toml").read_text(encoding="utf-8"))
PLAYED = {**TABLE["sequence"], **TABLE["edge"]}


def names_in(file: str) -> set[str]:
    tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize("name", PLAYED)
def test_a_sequence_is_played_by_tests_that_exist(name: str) -> None:
    assert PLAYED[name]
    for test in PLAYED[name]:
        file, _, function = test.partition("::")
        assert function in names_in(file) if function else names_in(file), test


def test_what_is_played_later_is_played_by_nobody_yet() -> None:
    assert not TABLE["later"].keys() & PLAYED.keys()
    assert all(TABLE["later"].values())
