"""kill -9 while a governor erases: the next start finishes, and nothing of it can be read in the files."""

from __future__ import annotations

import contextlib
import signal
from datetime import datetime
from pathlib import Path

import pytest
from relay.bench import CENTER, KUNITACHI, TOKYO, reading, until

from jukinet.model.dates import JST
from jukinet.v1 import drill_pb2
from jukinet.wire import convert
from jukinet.wire.client import Refused
from node.test_power_cut import Stack

PEOPLE = 20
WHEN = drill_pb2.SetClockRequest(virtual_time=convert.timestamp(datetime(2171, 6, 1, tzinfo=JST)))


@pytest.mark.parametrize("failpoint", ["register_erased", "journal_erased"])
def test_a_governor_killed_while_it_erases_finishes_at_its_next_start(tmp_path: Path, failpoint: str) -> None:
    stack = Stack(tmp_path)
    try:
        stack.load(PEOPLE)
        assert until(lambda: stack.counted(CENTER)[0] == 2 * PEOPLE, 30), "entered, numbered, told"
        stack.kill(TOKYO)
        stack.start(TOKYO, failpoint)
        stack.drill(TOKYO, "GetStatus", drill_pb2.GetStatusRequest())
        with contextlib.suppress(Refused):  # it may die before it can answer
            stack.drill(TOKYO, "SetClock", WHEN, wait=False)
        assert stack.died(TOKYO) == -signal.SIGKILL
        stack.start(TOKYO)
        file = stack.layout.node(TOKYO) / "journal.db"

        def finished() -> bool:
            with reading(file) as db:
                erased = db.execute("SELECT coalesce(sum(redacted), 0) FROM batch").fetchone()[0]
                left = db.execute("SELECT value FROM setting WHERE name = 'vacuum_due'").fetchall()
            return erased == PEOPLE and left == [("",)]

        assert until(finished, 30), "each 記載, superseded by its number on the day it was told"
        with reading(file) as db:
            rows = db.execute("SELECT reason FROM audit WHERE event = 'EraseExpiredRecords'").fetchall()
        assert rows == [(f"{PEOPLE}件",)], "written down once"
        status = stack.drill(TOKYO, "GetStatus", drill_pb2.GetStatusRequest())
        assert (status.live_records, status.HasField("next_due_time")) == (PEOPLE, False)  # type: ignore[attr-defined]
    finally:
        for path in (KUNITACHI, TOKYO, CENTER):
            if stack.processes[path].poll() is None:
                stack.kill(path)
