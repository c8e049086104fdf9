"""The verbs of 転入届の特例 on a network of real processes: what a trainer types, and what comes back."""

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

NODES = """
nodes = [
  "J-LIS", "東京都", { name = "国立市", residents = 9 }, { name = "杉並区", residents = 3 },
  { name = "中野区", residents = 3, auto = true },
]
"""


def run(home: Path, *arguments: str, code: int = 0) -> Any:
    """One command; its JSON."""
    done = CliRunner(env={"JUKINET_HOME": str(home)}).invoke(app, [*arguments, "--json"])
    assert done.exit_code == code, f"{arguments}\n{done.output}"
    return json.loads(done.stdout)


def code_of(home: Path, resident: str) -> str:
    shown = run(home, "resident", "get", "国立市", resident, "--show-numbers")
    return str(shown["identification"]["resident_code"])


def state_of(home: Path, resident: str) -> str:
    return str(run(home, "resident", "get", "国立市", resident)["state"])


def household(home: Path, member: str) -> list[str]:
    """Everybody who lives with that person."""
    number = run(home, "resident", "get", "国立市", member)["household_id"]
    living = run(home, "resident", "list", "国立市", "--household", str(number), "--standing", "live")
    return [str(record["resident_id"]) for record in living]


def test_a_move_by_card_typed_by_hand(tmp_path: Path) -> None:
    home, topology = tmp_path / "net", tmp_path / "net.toml"
    topology.write_text(NODES, encoding="utf-8")
    try:
        # A process of its own: it leaves the nodes behind, as a shell's would.
        started = subprocess.run(
            [sys.executable, "-m", "jukinet", "up", "--topology", str(topology)],
            cwd=tmp_path, env={**os.environ, "JUKINET_HOME": str(home)}, stdin=subprocess.DEVNULL, capture_output=True,
        )  # fmt: skip
        assert started.returncode == 0, started.stderr
        all_ = [str(record["resident_id"]) for record in run(home, "resident", "list", "国立市")]
        mine = household(home, all_[0])
        code = code_of(home, mine[0])

        # 転出 by card, taken back, and reported again; the plan is undone without a trace.
        left = run(home, "resident", "report-move-out", "国立市", *mine, "--to", "杉並区", "--with-card")
        assert left["certificate"].get("members", []) == []
        assert left["errand"] == ""
        back = run(home, "resident", "cancel-move-out", "国立市", *mine)["receipt"]
        again = [str(resident_id) for resident_id in back["resident_ids"]]
        assert len(again) == len(mine)
        assert not set(again) & set(mine)
        refused = run(home, "resident", "cancel-move-out", "国立市", *mine, code=1)
        assert refused["refused"]["reason"] == "NO_MOVE_OUT_TO_CANCEL"
        run(home, "resident", "report-move-out", "国立市", *again, "--to", "杉並区", "--with-card")

        report = ("--resident-code", code, "--from", "国立市", "--address", "東京都杉並区みどり台1番1号")
        refused = run(home, "resident", "report-special-move-in", "杉並区", *report, "--no-card", code=1)
        assert (refused["refused"]["reason"], refused["refused"]["article"]) == (
            "CARD_REQUIRED",
            "住基法第24条の2第1項",
        )
        came = run(home, "resident", "report-special-move-in", "杉並区", *report)["receipt"]
        assert len(came["resident_ids"]) == len(mine)
        refused = run(home, "resident", "list-move-out-pre-notices", "杉並区", code=1)
        assert refused["refused"]["reason"] == "NOT_YET_IN_FORCE"
        assert refused["refused"]["facts"] == {"since": "2023-02-06"}

        # A neighbour that answers by itself takes the report by card, and not that of who stays after all.
        rest = [resident for resident in all_ if resident not in mine]
        stays, goes = [rest[0]], [resident for resident in rest if resident not in household(home, rest[0])]
        run(home, "resident", "report-move-out", "国立市", *stays, "--to", "中野区", "--on", "2021-06-05")
        run(home, "resident", "cancel-move-out", "国立市", *stays)
        before = len(run(home, "resident", "list", "中野区"))
        by_card = ("--to", "中野区", "--on", "2021-06-05", "--with-card")
        errand = run(home, "resident", "report-move-out", "国立市", goes[0], *by_card)["errand"]
        assert "2021-06-05" in errand
        run(home, "clock", "advance", "6d")
        assert len(run(home, "resident", "list", "中野区")) == before + 1
        assert state_of(home, stays[0]) == "LIVE"
        assert run(home, "ledger")["at_zero"]
    finally:
        run(home, "down")


@pytest.mark.parametrize(
    "arguments",
    [
        ["resident", "report-move-out", "国立市", "1", "--to", "杉並区", "--with-card", "--certificate-out", "x.json"],
        ["resident", "report-special-move-in", "杉並区", "--from", "国立市", "--address", "東京都杉並区1番"],
    ],
    ids=["カードなら転出証明書は書き出せない", "住民票コードがない"],
)
def test_what_cannot_be_typed_ends_with_two(arguments: list[str], tmp_path: Path) -> None:
    ended = CliRunner(env={"JUKINET_HOME": str(tmp_path / "net")}).invoke(app, arguments)
    assert ended.exit_code == 2, ended.output
