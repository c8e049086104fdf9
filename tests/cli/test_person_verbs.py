"""One person across the tiers at the command line: named by municipality and number, never by a code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jukinet.cli.main import app
from jukinet.stack.stack import Stack

NODES = 'nodes = ["J-LIS", "東京都", { name = "国立市", residents = 8 }]'
MASK = "●" * 11


def said(home: Path, *arguments: str, code: int = 0) -> str:
    """One command; what it prints."""
    done = CliRunner(env={"JUKINET_HOME": str(home)}).invoke(app, arguments)
    assert done.exit_code == code, f"{arguments}\n{done.output}"
    return done.output


def run(home: Path, *arguments: str, code: int = 0) -> Any:
    """One command; its JSON."""
    return json.loads(said(home, *arguments, "--json", code=code))


def test_a_person_is_found_and_shown_at_every_tier(tmp_path: Path) -> None:
    home, topology = tmp_path / "net", tmp_path / "net.toml"
    topology.write_text(NODES, encoding="utf-8")
    try:
        # A process of its own: it leaves the nodes behind, as a shell's would.
        started = subprocess.run(
            [sys.executable, "-m", "jukinet", "up", "--topology", str(topology)],
            cwd=tmp_path, env={**os.environ, "JUKINET_HOME": str(home)}, stdin=subprocess.DEVNULL, capture_output=True,
        )  # fmt: skip
        assert started.returncode == 0, started.stderr
        people = run(home, "person", "find", "anyone")
        assert len(people) == 8
        assert {(one["node"], one["code"]) for one in people} == {("municipality/132152", MASK)}
        assert run(home, "person", "find", "removed", "国立市") == []
        assert len(run(home, "person", "find", "anyone", "国立市", "--limit", "3")) == 3
        assert run(home, "person", "find", "anyone", "東京都", code=1)["refused"]["reason"] == "NOT_HERE"
        who = str(people[0]["resident_id"])
        stack = Stack(home)
        try:
            assert stack.settle()
        finally:
            stack.close()
        before = run(home, "person", "show", "国立市", "--resident", who)
        assert before["provisions"] == []
        born, sex = field(before, "birth_date"), "male" if field(before, "sex") == "男" else "female"
        by = ("--name", people[0]["name"], "--born", born, "--sex", sex, "--case", "A-1")
        run(home, "provide", "identification", "japan-pension-service", "1-77", *by)

        shown = run(home, "person", "show", "国立市", "--resident", who)
        assert [one["node"] for one in shown["holdings"]] == ["jlis/center", "prefecture/130001", "municipality/132152"]
        assert all(one["records"] and one["history"] for one in shown["holdings"])
        assert field(shown, "name") == people[0]["name"]
        assert field(shown, "resident_code") == MASK
        assert shown["holdings"][0]["codes"] == [MASK]
        [given] = shown["provisions"]
        assert (given["office"], given["result"], given["entry"]["case_number"]) == ("日本年金機構", "FOUND", "A-1")

        code = field(run(home, "person", "show", "国立市", "--resident", who, "--show-numbers"), "resident_code")
        text = said(home, "person", "show", "国立市", "--resident", who)
        assert people[0]["name"] in text
        assert "世帯主との続柄" in text
        assert "日本年金機構" in text
        assert code not in text
        assert code in said(home, "person", "show", "国立市", "--resident", who, "--show-numbers")
        assert run(home, "person", "show", "国立市", "--resident", "999", code=2)["fault"]["code"] == 2
    finally:
        said(home, "down")


def field(shown: dict[str, Any], key: str) -> str:
    """What stands in a field of the first record that is told of."""
    fields = shown["holdings"][0]["records"][0]["fields"]
    return str(next(one["value"] for one in fields if one["key"] == key))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["person", "find", "nobody"], 2),
        (["person", "find", "anyone"], 3),
        (["person", "show", "架空市", "--resident", "1"], 2),
        (["person", "show", "国立市", "--resident", "0"], 2),
        (["person", "show", "国立市", "--resident", "1"], 3),
    ],
    ids=["知らない条件", "起動していない", "知らない団体", "番号なし", "見る相手がいない"],
)
def test_without_a_network_or_a_person_there_is_nothing_to_show(
    arguments: list[str], code: int, tmp_path: Path
) -> None:
    said(tmp_path / "net", *arguments, code=code)
