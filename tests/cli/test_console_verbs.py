"""`jukinet console` and `jukinet scenario`, as a trainer and a CI job call them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest


def jukinet(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "jukinet", *words], capture_output=True, text=True, check=False)


def test_the_console_is_served_over_a_stack_that_does_not_run_and_ends_when_interrupted(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "jukinet", "console", "--port", "0", "--json", "--state", str(tmp_path / "none")]
    served = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert served.stdout is not None
    link = json.loads(served.stdout.readline())["link"]
    token = link.partition("token=")[2]
    request = urllib.request.Request(link.partition("?")[0], headers={"authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert "SIMULATION" in answer.read().decode()
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(link.partition("?")[0], timeout=20)
    served.send_signal(signal.SIGINT)
    _, said = served.communicate(timeout=30)
    assert served.returncode == 0
    assert token not in said


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = jukinet("console", "--port", str(port), "--state", str(tmp_path / "none"))
    assert done.returncode == 3
    assert "--port 0" in done.stderr


def test_scenario_run_tells_programs_whether_the_trace_is_as_expected() -> None:
    done = jukinet("scenario", "run", "birth", "--in-process", "--json")
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert told["good"] is True
    assert told["differences"] == []
    assert any(arrow["rule"] == "forward_identification" for step in told["steps"] for arrow in step["arrows"])


def test_scenario_list_and_an_unknown_one() -> None:
    told = json.loads(jukinet("scenario", "list", "--json").stdout)
    assert {"birth", "move", "provision"} <= {one["name"] for one in told}
    done = jukinet("scenario", "run", "nobody")
    assert done.returncode == 2
    assert "jukinet scenario list" in done.stderr
