"""The command line: help with examples everywhere, exit codes, and one life of a network from end to end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from jukinet.cli.main import app
from jukinet.cli.output import plain
from jukinet.stack.layout import Layout
from jukinet.v1 import basis_pb2, counter_pb2
from jukinet.wire import basis

NODES = '"J-LIS", "東京都", { name = "国立市", residents = 6 }'


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path
        return
    for name, child in inner.items():
        yield from commands(child, (*path, name))


COMMANDS = list(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(path: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(app, [*path, "--help"])
    assert shown.exit_code == 0, shown.output
    assert f"jukinet {' '.join(path)}" in shown.output.split("Examples:")[1]


def test_every_rpc_of_a_clerk_has_its_verb() -> None:
    looks = {"GetResident": "get", "ListResidents": "list", "ListTasks": "tasks"}
    rpcs = [method.rpartition("/")[2] for method, b in basis.rpcs().items() if basis_pb2.CALLER_OPERATOR in b.callers]
    of_ordinances = {name for name in rpcs if "OrdinanceAffair" in name}
    shown = {path[1] for path in COMMANDS if path[0] == "ordinance"}
    assert {name.partition("OrdinanceAffair")[0].lower() for name in of_ordinances} == shown
    disclosing = {
        "AcceptDisclosureRequest": "accept-request", "DiscloseIdentification": "identification",
        "DiscloseProvisions": "provisions", "ExtendDisclosure": "extend",
        "AcceptCorrectionRequest": "accept-correction", "AnswerCorrectionRequest": "answer-correction",
        "ListDisclosureRequests": "list",
    }  # fmt: skip
    assert {path[1] for path in COMMANDS if path[0] == "disclose"} == set(disclosing.values())
    rpcs = [name for name in rpcs if name not in of_ordinances and name not in disclosing]
    wanted = {looks.get(name, "".join(f"-{c.lower()}" if c.isupper() else c for c in name).strip("-")) for name in rpcs}
    assert {path[1] for path in COMMANDS if path[0] == "resident"} == wanted


def test_numbers_are_masked_unless_asked_for() -> None:
    record = counter_pb2.ResidentRecord()
    record.identification.resident_code = "12345678901"
    assert plain(record, numbers=False)["identification"]["resident_code"] == "●" * 11
    assert plain(record)["identification"]["resident_code"] == "12345678901"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["status"], 3),
        (["ledger"], 3),
        (["down"], 0),
        (["snapshot", "list"], 0),
        (["snapshot", "restore", "none"], 1),
        (["clock", "advance", "soon"], 2),
        (["resident", "list", "架空市"], 2),
        (["resident", "list", "国立市"], 3),
        (["misuse"], 3),
        (["misuse", "--cases", "none.csv"], 2),
        (["pki", "issue", "nobody"], 2),
        (["pki", "check", "."], 4),
        (["up", "--topology", "none.toml"], 2),
        (["--version"], 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_without_a_network_each_command_ends_with_its_code(arguments: list[str], code: int, tmp_path: Path) -> None:
    ended = CliRunner(env={"JUKINET_HOME": str(tmp_path / "net")}).invoke(app, arguments)
    assert ended.exit_code == code, ended.output


def test_a_fault_is_told_in_both_languages_and_as_json(tmp_path: Path) -> None:
    runner = CliRunner(env={"JUKINET_HOME": str(tmp_path / "net")})
    told = runner.invoke(app, ["clock", "show"])
    assert "起動していません" in told.output
    assert "Start with `jukinet up`" in told.output
    machine = json.loads(runner.invoke(app, ["clock", "show", "--json"]).stdout)
    assert machine["fault"]["code"] == 3


def run(home: Path, *arguments: str, code: int = 0) -> Any:
    """One command as a process of its own; its JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "jukinet", *arguments, "--json"],
        cwd=home.parent,
        env={**os.environ, "JUKINET_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, f"{arguments}\n{done.stdout}\n{done.stderr}"
    return json.loads(done.stdout)


def look_for_misuse(home: Path, cases: Path) -> None:
    """Look-ups with a case, without one, and with one that the office does not have, as the auditor sees them."""
    runner = CliRunner(env={"JUKINET_HOME": str(home)})

    def suspected(*arguments: str, code: int) -> list[tuple[str, int]]:
        ended = runner.invoke(app, ["misuse", *arguments, "--json"])
        assert ended.exit_code == code, ended.output
        return [(one["kind"], one["count"]) for one in json.loads(ended.stdout)]

    whom = ("--name", "架空　花子", "--born", "2021-06-01", "--sex", "female")
    ask = ["provide", "identification", "japan-pension-service", "1-77", *whom]
    assert runner.invoke(app, [*ask, "--case", "A-1"]).exit_code == 0
    assert suspected(code=0) == []
    assert runner.invoke(app, ask).exit_code == 0
    assert suspected(code=4) == [("NO_CASE", 1)]
    assert suspected("機構", "--from", "2021-05-01", "--through", "2021-05-31", code=0) == []
    cases.write_text("office,case_number\njapan-pension-service,A-2\n", encoding="utf-8-sig")
    assert suspected("--cases", str(cases), code=4) == [("NO_CASE", 2)]
    shown = runner.invoke(app, ["misuse"])
    assert (shown.exit_code, "事案番号なし" in shown.output, "花子" in shown.output) == (4, True, False)
    for wrong in (b"office\nmoj\n", "office,case_number\n年金,1\n".encode("cp932")):
        cases.write_bytes(wrong)
        assert runner.invoke(app, ["misuse", "--cases", str(cases)]).exit_code == 2


def test_a_life_from_up_to_down(tmp_path: Path) -> None:
    home, topology = tmp_path / "net", tmp_path / "net.toml"
    topology.write_text(f"nodes = [{NODES}]", encoding="utf-8")
    try:
        up = run(home, "up", "--topology", str(topology))
        assert (len(up["started"]), up["residents_entered"]) == (3, 6)
        child = ("--household", "1", "--name", "架空　花子", "--sex", "female", "--born", "2021-06-01")
        born = run(home, "resident", "report-birth", "国立市", *child)
        (resident_id,) = born["receipt"]["resident_ids"]
        shown = run(home, "resident", "get", "国立市", str(resident_id))
        assert shown["identification"]["name"] == "架空　花子"
        assert set(shown["identification"]["resident_code"]) == {"●"}
        refused = run(home, "resident", "report-death", "国立市", "999", code=1)
        assert refused["refused"]["reason"] == "RESIDENT_NOT_FOUND"
        assert refused["refused"]["article"]
        ledger = run(home, "ledger")
        assert ledger["at_zero"]
        status = run(home, "status")
        assert len([listener for node in status["nodes"] for listener in node["listeners"]]) == 6
        look_for_misuse(home, tmp_path / "cases.csv")
        assert run(home, "clock", "advance", "1d")["time"].startswith("2021-06-02T09:00")
        assert run(home, "doctor")["good"]
        os.kill(int((Layout(home).node("prefecture/130001") / "pid").read_text()), signal.SIGKILL)
        assert not run(home, "ledger", code=4)["at_zero"]
        run(home, "up")
        assert run(home, "ledger")["at_zero"]
    finally:
        stopped = run(home, "down")
    assert len(stopped["stopped"]) == 3
    run(home, "status", code=3)
