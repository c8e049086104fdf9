"""Whoever looks on is told at once, holds no thread that others need, and sees the same as the journal holds."""

from __future__ import annotations

import threading
import time

from jukinet.drill.messages import NOTICE, RPC, Reader
from jukinet.testing.network import Juki
from jukinet.v1 import watch_pb2, watch_pb2_grpc
from jukinet.wire.server import WATCHERS

STUB = watch_pb2_grpc.WatchDrillServiceStub


def watch(juki: Juki, name: str, position: int, row: int, wait_ms: int) -> watch_pb2.WatchNodeResponse:
    request = watch_pb2.WatchNodeRequest(after_position=position, after_row=row, wait_ms=wait_ms)
    answer: watch_pb2.WatchNodeResponse = juki.console(name).call(STUB, "WatchNode", request, 30.0)
    return answer


def test_who_waits_is_told_as_soon_as_something_is_written(juki: Juki) -> None:
    family = juki.populate("国立市", 3)
    before = watch(juki, "国立市", 0, 0, 0)
    told: list[watch_pb2.WatchNodeResponse] = []
    waiting = threading.Thread(
        target=lambda: told.append(watch(juki, "国立市", before.last_position, before.last_row, 10_000))
    )
    begun = time.monotonic()
    waiting.start()
    juki["国立市"].report_birth(family[0].household_id)
    waiting.join(15)
    assert told
    assert [row.event for row in told[0].rows][:1] == ["ReportBirth"]
    assert time.monotonic() - begun < 9, "it waited to the end though something was written"


def test_where_nothing_happens_the_wait_ends_and_nothing_is_told(juki: Juki) -> None:
    now = watch(juki, "東京都", 0, 0, 0)
    answer = watch(juki, "東京都", now.last_position, now.last_row, 50)
    assert not answer.entries
    assert not answer.rows


def test_more_who_wait_than_there_are_places_are_answered_at_once(juki: Juki) -> None:
    now = watch(juki, "東京都", 0, 0, 0)
    waiting = [
        threading.Thread(target=watch, args=(juki, "東京都", now.last_position, now.last_row, 1_500))
        for _ in range(WATCHERS)
    ]
    for one in waiting:
        one.start()
    threading.Event().wait(0.3)
    begun = time.monotonic()
    watch(juki, "東京都", now.last_position, now.last_row, 10_000)
    assert time.monotonic() - begun < 1.0
    for one in waiting:
        one.join(10)


def test_a_reader_sees_every_notice_and_every_call_once_and_nothing_that_only_a_batch_left(juki: Juki) -> None:
    family = juki.populate("国立市", 3)
    readers = {path: Reader(path) for path in juki.paths}
    for path, reader in readers.items():
        reader.read(juki.console(path))
    juki["国立市"].report_birth(family[0].household_id)
    juki.settle()
    found = [message for path, reader in readers.items() for message in reader.read(juki.console(path))]
    assert len({message.id for message in found}) == len(found)
    notices = [(m.sender, m.receiver, m.rule) for m in found if m.kind == NOTICE]
    assert ("municipality/132152", "prefecture/130001", "notify_identification") in notices
    assert ("prefecture/130001", "jlis/center", "forward_identification") in notices
    calls = [m.rule for m in found if m.kind == RPC]
    assert calls.count("report_birth") == 1
    assert "notify_identification" not in calls
    assert all(not reader.read(juki.console(path)) for path, reader in readers.items())
    hashes = {m.header_hash for m in found if m.rule == "notify_identification"}
    assert hashes == {m.header_hash for m in found if m.rule == "forward_identification"}


def test_what_a_ward_said_is_an_arrow_once_its_mayor_passed_it_on(juki: Juki) -> None:
    reader = Reader("municipality/141003")
    juki.populate("横浜市鶴見区", 2)
    juki.settle()
    found = reader.read(juki.console("横浜市"))
    assert any(m.sender == "municipality/141011" and m.receiver == "municipality/141003" for m in found)
    assert reader.read(juki.console("横浜市")) == []
