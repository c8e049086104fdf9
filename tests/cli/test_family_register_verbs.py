"""The verbs of 戸籍の附票 on the command line: a 附票, a 転籍 on paper, and a 死亡 that another office accepted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jukinet.cli.main import app

NODES = '"J-LIS", "東京都", { name = "国立市", residents = 6 }, "杉並区"'
NEW = "東京都杉並区架空町一番"


def run(home: Path, *arguments: str, code: int = 0) -> Any:
    """One command; its JSON."""
    ended = CliRunner(env={"JUKINET_HOME": str(home)}).invoke(app, [*arguments, "--json"])
    assert ended.exit_code == code, f"{arguments}\n{ended.output}"
    return json.loads(ended.stdout)


def network(home: Path, *arguments: str) -> None:
    """Start or stop the nodes; in a process of its own, which does not have to wait for theirs."""
    command = [sys.executable, "-m", "jukinet", *arguments]
    subprocess.run(command, cwd=home.parent, env={**os.environ, "JUKINET_HOME": str(home)}, check=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("family")
    topology = folder / "net.toml"
    topology.write_text(f"nodes = [{NODES}]", encoding="utf-8")
    try:
        network(folder / "net", "up", "--topology", str(topology))
        yield folder / "net"
    finally:
        network(folder / "net", "down")


@pytest.mark.law("consult_supplementary_register", "report_domicile_transfer", "enter_paper_domicile_transfer")
def test_report_domicile_transfer_and_its_papers_by_hand(home: Path) -> None:
    """The population's 本籍 are where it lives; one 戸籍 leaves, and 杉並区 and 国立市 enter what the papers say."""
    entry = run(home, "resident", "list-supplementary-register", "国立市")[0]
    one = ("--domicile", entry["registered_domicile"], "--head", entry["registered_head"])
    shown = run(home, "resident", "get-supplementary-register", "国立市", str(entry["entry_id"]))
    assert shown == entry
    moved = run(home, "resident", "report-domicile-transfer", "国立市", *one, "--new-domicile", NEW)
    assert "東京都杉並区長" in moved["text"]
    member = [("--member", found["name"]) for found in moved["transfer"]["entries"]]
    entered = run(
        home, "resident", "enter-paper-domicile-transfer", "杉並区", *one, "--new-domicile", NEW, "--from", "132152",
        *(word for pair in member for word in pair), "--lives", f"{entry['name']}/東京都国立市架空町/2021-05-01",
    )  # fmt: skip
    assert len(entered["entry_ids"]) == len(member)
    found = run(home, "resident", "list-supplementary-register", "杉並区", "--domicile", NEW)
    assert found[0]["addresses"][0]["address"] == "東京都国立市架空町"
    refused = run(home, "resident", "report-domicile-transfer", "国立市", *one, "--new-domicile", NEW, code=1)
    assert refused["refused"]["reason"] == "SUPPLEMENTARY_REGISTER_NOT_FOUND"


@pytest.mark.law("accept_family_registration", "enter_paper_family_registration_notice", "print_supplementary_mismatch")
def test_accept_family_registration_and_print_supplementary_mismatch_by_hand(home: Path) -> None:
    record = run(home, "resident", "list", "国立市")[0]
    person = record["identification"]
    who = (
        "--event", "death", "--name", person["name"], "--sex", person["sex"].lower(), "--born", person["birth_date"],
        "--address", person["address"],
    )  # fmt: skip
    paper = run(home, "resident", "accept-family-registration", "杉並区", *who, "--residence", "国立市")
    assert "東京都国立市長" in paper["text"]
    closed = run(home, "resident", "enter-paper-family-registration-notice", "国立市", *who, "--from", "杉並区")
    assert closed["receipt"]["resident_ids"] == [record["resident_id"]]
    assert run(home, "resident", "list-family-registration-notices", "国立市") == []
    register = ("--domicile", "東京都国立市架空町一番地", "--head", "架空　太郎")
    run(
        home,
        "resident",
        "enter-supplementary-register",
        "国立市",
        *register,
        "--member",
        "架空　花子/1980-05-01/female",
    )
    told = ("--name", "架空　太郎", "--address", NEW, "--settled", "2021-06-01", "--from", "131156")
    misfit = run(home, "resident", "enter-paper-supplementary-notice", "国立市", *register, *told)
    assert misfit["entry_id"] == 0
    (row,) = run(home, "resident", "list-supplementary-mismatches", "国立市")
    assert row["mismatch"]["reason"] == "PERSON_UNKNOWN"
    number = str(row["mismatch_id"])
    assert "東京都杉並区長" in run(home, "resident", "print-supplementary-mismatch", "国立市", number)["text"]
    (hanako,) = run(home, "resident", "list-supplementary-register", "国立市", *register)
    run(home, "resident", "clear-supplementary-register", "国立市", str(hanako["entry_id"]))
    assert run(home, "resident", "list-supplementary-register", "国立市", *register) == []
