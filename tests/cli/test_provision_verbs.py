"""提供 at the command line, over processes of their own; and nothing they wrote names anybody."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jukinet.cli.main import app

TOPOLOGY = """
name = "provision"
base_port = 0
nodes = ["J-LIS", "東京都", { name = "国立市", residents = 12 }]
"""
SPEAK = (".log", ".json", ".jsonl", ".toml", ".txt")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("provision")
    (root / "topology.toml").write_text(TOPOLOGY, encoding="utf-8")
    state = root / "state"
    process(state, "up", "--topology", str(root / "topology.toml"))
    yield state
    process(state, "down")


def process(state: Path, *arguments: str) -> None:
    """In a process of its own, as whoever starts nodes must not go on without waiting for them."""
    environment = {**os.environ, "JUKINET_HOME": str(state)}
    subprocess.run([sys.executable, "-m", "jukinet", *arguments], check=True, env=environment, capture_output=True)


def run(state: Path, *arguments: str, code: int = 0) -> str:
    found = CliRunner().invoke(app, [*arguments], env={"JUKINET_HOME": str(state)})
    assert found.exit_code == code, found.output
    return found.output


def told(state: Path, *arguments: str, code: int = 0) -> dict[str, object]:
    done = CliRunner().invoke(app, [*arguments, "--json"], env={"JUKINET_HOME": str(state)})
    assert done.exit_code == code, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


def people(state: Path) -> list[dict[str, str]]:
    listed = json.loads(run(state, "resident", "list", "国立市", "--show-numbers", "--json"))
    rows = listed["residents"] if isinstance(listed, dict) else listed
    return [row["identification"] for row in rows]


def test_what_offices_are_given_and_what_is_proved_of_it(home: Path, tmp_path: Path) -> None:
    known = people(home)
    first = known[0]
    who = ("--name", first["name"], "--born", first["birth_date"], "--sex", first["sex"].lower())
    answer = told(home, "provide", "identification", "japan-pension-service", "1-77", *who, "--case", "A-1")
    assert answer["result"] in ("FOUND", "PROVISION_RESULT_FOUND")
    assert "NOT_THE_RECIPIENT" in run(home, "provide", "identification", "moj", "1-77", *who, code=1)
    asked = tmp_path / "people.csv"
    with asked.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("reference", "name", "birth_date", "sex"))
        rows.writerows((str(n), one["name"], one["birth_date"], one["sex"].lower()) for n, one in enumerate(known))
    by_line, medium, back, by_medium = (tmp_path / name for name in ("line.csv", "q.medium", "a.medium", "medium.csv"))
    run(home, "provide", "bulk", "kkr", "1-42", str(asked), "--out", str(by_line))
    run(home, "provide", "media", "write", "kkr", "1-42", str(asked), "--out", str(medium))
    run(home, "provide", "media", "load", str(medium), "--out", str(back))
    run(home, "provide", "media", "read", "kkr", str(back), "--out", str(by_medium))
    assert by_line.read_text() == by_medium.read_text()
    sent = told(home, "provide", "file", "send", "kkr", "1-42", str(asked))
    assert told(home, "provide", "file", "send", "kkr", "1-42", str(asked)) == sent, "it goes on where it was"
    by_file = tmp_path / "file.csv"
    run(home, "provide", "file", "fetch", "kkr", str(sent["file_id"]), "--out", str(by_file))
    assert by_file.read_text() == by_line.read_text()
    assert told(home, "provide", "file", "status", "kkr", str(sent["file_id"]))["closed"] is True
    assert by_line.read_text().count("FOUND") == len(known)
    assert "not sealed" in run(
        home, "provide", "media", "read", "mhlw", str(back), "--out", str(tmp_path / "x"), code=4
    )
    run(home, "audit", "anchor")
    assert "異常なし" in run(home, "audit", "verify")
    row = int(answer["audit_id"])  # type: ignore[call-overload]
    run(home, "audit", "prove", "機構", str(row), "--out", str(tmp_path / "proof"))
    checked = subprocess.run(["sh", str(tmp_path / "proof" / "verify.sh"), str(tmp_path / "proof")], check=False)
    assert checked.returncode == 0
    (tmp_path / "proof" / "row.bin").write_bytes(b"another row")
    checked = subprocess.run(["sh", str(tmp_path / "proof" / "verify.sh"), str(tmp_path / "proof")], check=False)
    assert checked.returncode != 0
    assert "1" in run(home, "report", "--fiscal-year", "R3")
    run(home, "misuse", code=4)
    request = told(home, "disclose", "accept-request", "機構", "--provisions", *who)
    shown = run(home, "disclose", "provisions", "機構", str(request["id"]))
    assert all(name in shown for name in ("日本年金機構", "国家公務員共済組合連合会", "即時提供", "磁気媒体"))
    numbers = [one[name] for one in known for name in ("resident_code", "individual_number") if one[name]]
    assert numbers
    run(home, "audit", "export", "機構", "--out", str(home / "export.jsonl"))
    written = [path for path in home.rglob("*") if path.is_file() and path.suffix in SPEAK]
    assert any(path.name == "log.jsonl" for path in written)
    for path in written:
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not [number for number in numbers if number in text], path.name
        assert not [one["name"] for one in known if one["name"] in text], path.name
    shutil.rmtree(tmp_path / "proof")
