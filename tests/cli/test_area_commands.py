"""`jukinet area`: what it shows, and a merger from end to end by the command line."""

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
from jukinet.clock import to_micros
from jukinet.pki.identity import Identity
from jukinet.stack.layout import Layout
from jukinet.stack.tiers import tier_of
from jukinet.store import settings
from jukinet.store.database import Database
from jukinet.testing.network import instant

PATHS = ("jlis/center", "prefecture/240001", "municipality/244627", "municipality/242039")


def shown(*arguments: str) -> Any:
    ended = CliRunner().invoke(app, ["area", "show", *arguments, "--json"])
    assert ended.exit_code == 0, ended.output
    return json.loads(ended.stdout)


@pytest.mark.parametrize(
    ("name", "on", "codes"),
    [
        pytest.param("浜松市天竜区", "2023-12-31", ["221376"], id="天竜区は2023年末まで旧符号"),
        pytest.param("浜松市天竜区", "2024-01-01", ["221406"], id="天竜区は2024年から新符号"),
        pytest.param("二見町", "2005-10-31", ["244627"], id="二見町は合併の前日まである"),
        pytest.param("伊勢市", "2005-11-01", ["242039"], id="伊勢市はある"),
        pytest.param("132152", "2021-06-01", ["132152"], id="符号でも引ける"),
    ],
)
def test_area_show_on_a_day(name: str, on: str, codes: list[str]) -> None:
    assert [area["code"] for area in shown(name, "--on", on)] == codes


@pytest.mark.parametrize(
    ("on", "wards"),
    [
        pytest.param("2023-12-31", ["中区", "東区", "西区", "南区", "北区", "浜北区", "天竜区"], id="再編前の七区"),
        pytest.param("2024-01-01", ["中央区", "浜名区", "天竜区"], id="再編後の三区"),
    ],
)
def test_area_show_lists_the_wards_of_a_city_on_a_day(on: str, wards: list[str]) -> None:
    (city,) = shown("浜松市", "--on", on)
    assert [ward["name"] for ward in city["wards"]] == [f"静岡県浜松市{ward}" for ward in wards]
    assert shown("国立市", "--on", on)[0]["wards"] == []
    ended = CliRunner().invoke(app, ["area", "show", "浜松市", "--on", on])
    assert all(f"静岡県浜松市{ward}" in ended.stdout for ward in wards)
    assert len(ended.stdout.strip().splitlines()) == 2 + len(wards)


def test_area_show_tells_who_succeeded_whom() -> None:
    (kita,) = shown("浜松市北区")
    assert [found["successor"] for found in kita["becomes"]] == ["221384", "221392"]
    assert kita["valid_to"] == "2023-12-31"
    (ise,) = shown("伊勢市")
    assert ise["formers"] == ["244627", "244635", "244686"]


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["二見町", "--on", "2005-11-01"], id="合併の日にはもうない"),
        pytest.param(["架空市"], id="知られていない名前"),
        pytest.param(["伊勢市", "--on", "きのう"], id="日付でない"),
    ],
)
def test_area_show_of_what_is_not_there_is_a_wrong_call(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, ["area", "show", *arguments]).exit_code == 2


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


def test_area_merge_from_end_to_end(tmp_path: Path) -> None:
    home, topology = tmp_path / "net", tmp_path / "net.toml"
    topology.write_text('nodes = ["J-LIS", "三重県", "二見町", "伊勢市"]', encoding="utf-8")
    for path in PATHS:  # the network begins in 2005
        folder = Layout(home).node(path)
        folder.mkdir(parents=True)
        file = Database(folder / "journal.db", tier_of(Identity.parse(path)).journal)
        file.write(lambda db: settings.put(db, "virtual_time", str(to_micros(instant("2005-10-31")))))
        file.close()
    try:
        run(home, "up", "--topology", str(topology))
        who = ("--name", "架空　汐", "--sex", "female", "--born", "1960-01-02")
        run(home, "resident", "enter-ex-officio", "二見町", *who, "--address", "三重県度会郡二見町大字架空1番地")
        refused = run(home, "area", "merge", "二見町", "伊勢市", code=1)
        assert refused["refused"]["reason"] == "AREA_STILL_EXISTS"
        run(home, "clock", "set", "2005-11-01")
        assert run(home, "area", "merge", "二見町", "伊勢市") == {"from": "244627", "to": "242039", "records": 1}
        assert run(home, "area", "merge", "二見町", "伊勢市")["records"] == 0
        refused = run(home, "resident", "enter-ex-officio", "二見町", *who, "--address", "三重県度会郡二見町1", code=1)
        assert refused["refused"]["reason"] == "AREA_ABOLISHED"
        assert (
            run(home, "resident", "get", "伊勢市", "1")["identification"]["address"]
            == "三重県伊勢市二見町大字架空1番地"
        )
        assert run(home, "ledger")["at_zero"]
    finally:
        run(home, "down")
