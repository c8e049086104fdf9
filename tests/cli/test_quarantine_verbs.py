"""`jukinet quarantine` on a network of real processes: the fault of 2013, seen and mended from a shell."""

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
from jukinet.v1 import drill_pb2

NODES = 'nodes = ["J-LIS", { name = "東京都", on_anomaly = "stop_link" }, { name = "国立市", residents = 3 }]'


def run(home: Path, *arguments: str, code: int = 0) -> Any:
    """One command; its JSON."""
    done = CliRunner(env={"JUKINET_HOME": str(home)}).invoke(app, [*arguments, "--json"])
    assert done.exit_code == code, f"{arguments}\n{done.output}"
    return json.loads(done.stdout)


def garble(home: Path, per_mille: int) -> None:
    """The patch of 国立市, and the patch that heals it."""
    faults = [drill_pb2.Fault(kind=drill_pb2.FAULT_KIND_BROKEN_CHARACTERS, per_mille=per_mille)] if per_mille else []
    stack = Stack(home)
    try:
        path = stack.topology.find("国立市").path
        stack.drill(path, "SetFaults", drill_pb2.SetFaultsRequest(faults=faults, seed=1))
        stack.settle(stall_seconds=1.0)
    finally:
        stack.close()


def told(findings: dict[str, Any], check: str) -> list[str]:
    return [one["remedy"] for one in findings["findings"] if one["ok"] is False and check in one["check"]]


@pytest.mark.law("list_quarantine", "release_quarantined", "set_anomaly_policy")
def test_a_stopped_line_and_a_quarantine_seen_and_mended_by_hand(tmp_path: Path) -> None:
    home, topology = tmp_path / "net", tmp_path / "net.toml"
    topology.write_text(NODES, encoding="utf-8")
    try:
        # A process of its own: it leaves the nodes behind, as a shell's would.
        started = subprocess.run(
            [sys.executable, "-m", "jukinet", "up", "--topology", str(topology)],
            cwd=tmp_path, env={**os.environ, "JUKINET_HOME": str(home)}, stdin=subprocess.DEVNULL, capture_output=True,
        )  # fmt: skip
        assert started.returncode == 0, started.stderr
        assert run(home, "quarantine", "list") == []
        (who, *_) = [str(record["resident_id"]) for record in run(home, "resident", "list", "国立市")]
        correct = ("resident", "correct-ex-officio", "国立市", who, "--name")

        # As the topology says, the governor stops the line, and the doctor knows the two ways out.
        garble(home, 1000)
        run(home, *correct, "架空　改")
        garble(home, 1000)
        (remedy,) = told(run(home, "doctor", code=4), "link to prefecture/130001")
        assert "jukinet resync" in remedy
        assert "jukinet quarantine policy" in remedy
        assert run(home, "quarantine", "list") == []

        assert run(home, "quarantine", "policy", "東京都", "quarantine")["before"] == "stop_link"
        garble(home, 0)
        listed = run(home, "quarantine", "list", code=4)
        assert [(one["node"], one["reason"], one["state"]) for one in listed] == [
            ("J-LIS", "CHARACTERS_BROKEN", "OPEN"), ("東京都", "CHARACTERS_BROKEN", "OPEN"),
        ]  # fmt: skip
        assert len(told(run(home, "doctor", code=4), "quarantine")) == 2
        where = (str(listed[1]["position"]), str(listed[1].get("index", 0)))
        refused = run(home, "quarantine", "release", "東京都", *where, code=1)
        assert refused["refused"]["reason"] == "CHARACTERS_BROKEN"

        run(home, *correct, "架空　再")
        assert run(home, "ledger")["at_zero"]
        assert run(home, "quarantine", "list", "東京都") == []
        assert [one["state"] for one in run(home, "quarantine", "list", "--settled")] == ["MENDED", "MENDED"]
        assert run(home, "doctor")["good"]
        refused = run(home, "resident", "settle-set-aside", "国立市", "1", "0", "--reason", "試験", code=1)
        assert refused["refused"]["reason"] == "NOT_SET_ASIDE"
    finally:
        run(home, "down")


@pytest.mark.parametrize(
    "arguments",
    [["quarantine", "policy", "東京都", "give_up"], ["quarantine", "list", "架空市"]],
    ids=["知らない扱い", "知らない団体"],
)
def test_what_quarantine_cannot_do_ends_with_two(arguments: list[str], tmp_path: Path) -> None:
    ended = CliRunner(env={"JUKINET_HOME": str(tmp_path / "net")}).invoke(app, arguments)
    assert ended.exit_code == 2, ended.output
