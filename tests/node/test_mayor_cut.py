"""kill -9 between a ward's seal and the mayor's passage, and right behind it: nothing is lost, nothing goes twice."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Hashable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from jukinet.node.node import Node
from jukinet.stack.layout import Layout
from jukinet.testing.network import Juki
from jukinet.testing.template import Templates

DIES = """
import sys
from pathlib import Path
from jukinet import failpoint
from jukinet.testing.door import person
from jukinet.testing.network import Juki
from jukinet.testing.template import Templates
folder, spec = Path(sys.argv[1]), sys.argv[2]
juki = Juki(folder / "net", Templates(folder / "kept"), nodes=["横浜市"])
juki.kill("機構")
failpoint.arm(spec)
juki["横浜市鶴見区"].enter_ex_officio(person("架空　港"))
juki.settle(20)
"""


class AsLeft(Templates):
    """A network whose files are there already, as a process left them that was killed."""

    def copy(self, key: Hashable, layout: Layout, paths: list[str]) -> bool:
        return True

    def keep(self, key: Hashable, layout: Layout, nodes: Mapping[str, Node]) -> None:
        raise AssertionError("nothing new is made")


@pytest.mark.parametrize(
    ("failpoint", "passed"),
    [
        pytest.param("after_seal_before_passage:1", 0, id="封緘の後、市長の経由の前に停電"),
        pytest.param("after_passage:1", 1, id="市長の経由を書いた直後に停電"),
    ],
)
def test_a_power_cut_around_the_passage_loses_nothing(tmp_path: Path, failpoint: str, passed: int) -> None:
    done = subprocess.run([sys.executable, "-c", DIES, str(tmp_path), failpoint], env=os.environ, check=False)
    assert done.returncode == -signal.SIGKILL
    left = Layout(tmp_path / "net").node("municipality/141003") / "journal.db"
    assert _count(left, "batch WHERE said = 1") == 1
    assert _count(left, "passage") == passed
    with Juki(tmp_path / "net", AsLeft(tmp_path), nodes=["横浜市"]) as juki:
        juki.settle()
        (resident,) = juki["横浜市鶴見区"].residents()
        code = resident.identification.resident_code
        assert [held.live for held in juki["機構"].held(code)] == [True]
        hops = [str(hop) for hop in juki.sequence(code) if "記載・職権記載等" in hop.what]
        assert hops == ["鶴見区→横浜市", "横浜市→神奈川県", "神奈川県→機構"]
        assert juki.ledger_differences() == []


def _count(file: Path, table: str) -> int:

    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
