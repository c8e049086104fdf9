"""Going abroad and coming back by the command line, in a network of processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from jukinet.cli.main import app

NODES = '"J-LIS", "東京都", { name = "国立市", residents = 0 }, { name = "杉並区", residents = 0 }'
HANAKO = ("--name", "架空　花子", "--sex", "female", "--born", "1982-03-14")
ADDRESS = ("--address", "東京都杉並区みどり町1番地1")


def run(home: Path, *arguments: str, code: int = 0, as_json: bool = True) -> Any:
    """One command; its JSON, or what it says. Nodes are started by a process of its own."""
    given = [*arguments, *(["--json"] if as_json else [])]
    env = {"JUKINET_HOME": str(home), "JUKINET_BASE_PORT": "0"}
    if arguments[0] in ("up", "down"):
        command = [sys.executable, "-m", "jukinet", *given]
        subprocess.run(command, cwd=home.parent, env=os.environ | env, stdin=subprocess.DEVNULL, check=True)
        return None
    done = CliRunner(env=env).invoke(app, given)
    assert done.exit_code == code, f"{arguments}\n{done.output}"
    return json.loads(done.stdout) if as_json else done.output


def test_abroad_and_back_by_the_command_line(tmp_path: Path) -> None:
    home, topology = tmp_path / "net", tmp_path / "net.toml"
    topology.write_text(f"nodes = [{NODES}]", encoding="utf-8")
    try:
        run(home, "up", "--topology", str(topology))
        entered = run(home, "resident", "enter-ex-officio", "国立市", *HANAKO, "--address", "東京都国立市1番")
        (resident_id,) = entered["receipt"]["resident_ids"]
        run(home, "resident", "report-move-out-abroad", "国立市", str(resident_id), "--to", "フランス")
        run(home, "clock", "advance", "1d")

        shown = run(home, "resident", "inquire-identification", "杉並区", *HANAKO, as_json=False)
        assert "該当あり" in shown
        assert "国外転出" in shown
        told = run(home, "resident", "inquire-identification", "杉並区", *HANAKO)
        (hit,) = told["hits"]
        assert set(hit["identification"]["resident_code"]) == {"●"}
        back = ("--code", "hit", "--inquiry", str(told["inquiry_id"]), "--country", "フランス", *ADDRESS)
        came = run(home, "resident", "report-move-in-from-abroad", "杉並区", *HANAKO, *back)
        assert came["warnings"] == []
        typed = ("--code", "12345678901", "--country", "フランス", *ADDRESS)
        run(home, "resident", "report-move-in-from-abroad", "杉並区", *HANAKO, *typed, code=2, as_json=False)

        taro = ("--name", "架空　太郎", "--sex", "male", "--born", "1980-05-01")
        entered = run(home, "resident", "enter-ex-officio", "国立市", *taro, "--address", "東京都国立市1番")
        run(home, "clock", "advance", "1d")
        told = run(home, "resident", "inquire-identification", "杉並区", *taro)
        without = ("--code", "hit", "--inquiry", str(told["inquiry_id"]), "--unreported", "中野区=東京都中野区1番")
        came = run(home, "resident", "report-move-in-without-certificate", "杉並区", *taro, *without, *ADDRESS)
        assert came["receipt"]["notices"] == 3
        (new,) = came["receipt"]["resident_ids"]
        shown = run(home, "resident", "trace-record", "杉並区", "--resident", str(new), as_json=False)
        assert "1 番目、東京都国立市（現住）" in shown
        assert "架空" not in shown
        traced = run(home, "resident", "trace-record", "杉並区", "--resident", str(new))
        assert (traced["code"]["hits"], traced["code"]["hit"]) == (1, 1)
        assert traced["acts"][0]["event"] == "ReportMoveInWithoutCertificate"
        hanae = ("--name", "架空　花江", "--sex", "female", "--born", "1999-03-14", "--country", "フランス", *ADDRESS)
        unknown = ("resident", "report-move-in-from-abroad", "杉並区", *hanae, "--code", "not-determinable")
        assert run(home, *unknown, code=1)["refused"]["reason"] == "INQUIRY_REQUIRED"
        run(home, *unknown, "--not-inquired", "回線の故障")
        run(home, *unknown, "--compared", "face", code=2, as_json=False)
        assert run(home, "resident", "get", "杉並区", str(new))["former_address"] == "東京都中野区1番（未届）"
        again = run(home, "resident", "resend-move-in-notice", "杉並区", str(new), "--former", "国立市")
        assert again["receipt"]["notices"] == 1
        assert run(home, "resident", "list-missing-move-in-notices", "国立市") == []
        refused = run(home, "resident", "print-notice", "国立市", str(resident_id), "--kind", "inquiry", code=1)
        assert refused["refused"]["reason"] == "NOTHING_TO_PRINT"
    finally:
        run(home, "down")
