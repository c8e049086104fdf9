"""A storm of questions to J-LIS, and draining after a line was down, each beside the same without trouble."""

from __future__ import annotations

import random
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jukinet.model.codes import resident_code_from
from jukinet.model.stream import Keys, Stream
from jukinet.store import journal
from jukinet.testing.network import Juki
from jukinet.testing.template import Templates
from jukinet.v1 import identification_pb2, relay_pb2
from jukinet.wire.client import Refused

CITIES = ("国立市", "国分寺市", "杉並区", "中野区")
QUESTIONS, CLERKS = 400, 50
RECORDS = 50_000

Measured = tuple[str, str, list[float], str, tuple[float, ...]]


def storm() -> Iterator[Measured]:
    """Questions of many clerks at once until each is answered, beside one clerk who asks one after another."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with Juki(root / "net", Templates(root / "kept")) as juki:
            dice = random.Random(1)
            codes = {city: juki.populate(city, 3)[0].identification.resident_code for city in CITIES}

            def ask(number: int) -> float:
                city, begin = CITIES[number % len(CITIES)], time.perf_counter()
                while True:
                    try:
                        juki[city].inquire_identification(code=codes[city], request_id=f"storm-{number}")
                        return time.perf_counter() - begin
                    except Refused as refused:
                        if refused.reason != "BUSY":
                            raise
                        threading.Event().wait(0.05 + dice.random() / 10)  # as the refusal asks for: after a moment

            begin = time.perf_counter()
            for number in range(QUESTIONS // 4):
                ask(-1 - number)
            quiet = QUESTIONS / 4 / (time.perf_counter() - begin)
            begin = time.perf_counter()
            with ThreadPoolExecutor(CLERKS) as clerks:
                waits = sorted(clerks.map(ask, range(QUESTIONS)))
            rate = QUESTIONS / (time.perf_counter() - begin)
    yield "questions answered, 50 clerks at once", "/s", [rate], "one after another", (quiet,)
    yield "wait of a clerk in the storm, p99", "s", [waits[int(len(waits) * 0.99)]], "limit of a call", (30.0,)


def drain() -> Iterator[Measured]:
    """Records that waited at a governor while the line was down, beside the same with the line up."""
    drained, carried = _carried(down=True), _carried(down=False)
    yield "records drained to J-LIS after an outage", "/s", [drained], "from the counter, line up", (carried,)


def _carried(*, down: bool) -> float:
    """Records a second until J-LIS has applied all: from healing if the line was `down`, else from their entry."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with Juki(root / "net", Templates(root / "kept"), nodes=["国立市"]) as juki:
            if down:
                juki.cut("東京都", "機構")
            begin = time.perf_counter()
            juki["国立市"].node.journal.write(_enqueue)
            if down:
                juki.settle(300)
                begin = time.perf_counter()
                juki.heal()
            juki.settle(300)
            taken = time.perf_counter() - begin
            assert juki["機構"].status().live_records == RECORDS
            return RECORDS / taken


def _enqueue(db: sqlite3.Connection) -> None:
    """記載 of invented people, as a counter leaves them for the sealer."""
    stream = Stream("132152", int(relay_pb2.STREAM_KIND_IDENTIFICATION))
    for number in range(RECORDS):
        code = resident_code_from(number * 19_997 % 10**10)
        record = identification_pb2.IdentificationRecord(
            identification=identification_pb2.Identification(
                resident_code=code, name="計測　太郎", address="東京都国立市みどり台1番", area_code="132152"
            ),
            change=identification_pb2.Change(
                kind=identification_pb2.CHANGE_KIND_ENTRY, reason=identification_pb2.CHANGE_REASON_EX_OFFICIO_ENTRY
            ),
            person_sequence=1,
        )
        journal.enqueue(db, stream, record.SerializeToString(), Keys(int(code)))
