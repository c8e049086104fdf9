"""Nodes of one process share threads: where the disks of some have stalled, all still say that they are alive."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from google.type import date_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from relay.bench import CENTER, KOKUBUNJI, KUNITACHI, TOKYO, Bench, bench

from jukinet.pki.authority import dns_name
from jukinet.v1 import counter_pb2, drill_pb2, identification_pb2
from jukinet.wire.client import Refused

NODES = (CENTER, TOKYO, KUNITACHI, KOKUBUNJI)
COUNTER_CALLS, DRILL_CALLS = 12, 8
STALL, AT_ONCE = 2.0, 0.2


@contextmanager
def watched(net: Bench) -> Iterator[dict[str, health_pb2_grpc.HealthStub]]:
    """Health of every listener of the process, with the connection made."""
    watcher = net.authority.issue("office/watch")
    credentials = grpc.ssl_channel_credentials(net.authority.root_pem, watcher.key_pem, watcher.certificate_pem)
    channels, stubs = [], {}
    for path in NODES:
        node = net.node(path)
        for name, listener in (("", node.listener), (" drill", node.drill_listener)):
            channel = grpc.secure_channel(
                listener.address, credentials, [("grpc.ssl_target_name_override", dns_name(path))]
            )
            channels.append(channel)
            stubs[path + name] = health_pb2_grpc.HealthStub(channel)
            stubs[path + name].Check(health_pb2.HealthCheckRequest(), timeout=10)
    yield stubs
    for channel in channels:
        channel.close()


def household(area_code: str, name: str) -> drill_pb2.NewHousehold:
    """One person, moved in by the console."""
    person = counter_pb2.NewPerson(
        name=name, birth_date=date_pb2.Date(year=1990, month=1, day=1), relationship="世帯主",
        sex=identification_pb2.SEX_FEMALE,
    )  # fmt: skip
    since = date_pb2.Date(year=2021, month=6, day=1)
    return drill_pb2.NewHousehold(area_code=area_code, address="みどり台1番地", resident_since=since, persons=[person])


def persist(call: Callable[[], object]) -> int:
    """Call until it is done; how often it was told BUSY."""
    dice, pause, busy = random.Random(threading.get_ident()), threading.Event(), 0
    while True:
        try:
            call()
            return busy
        except Refused as refused:
            if refused.reason != "BUSY":
                raise
            busy += 1
            pause.wait(0.05 + dice.random() / 2)


def calls(net: Bench, path: str) -> list[Callable[[], object]]:
    """What clerks and the console want of one municipality."""

    def load(number: int) -> object:
        people = [household(path.rpartition("/")[2], f"試験　操作{number}")]
        request = drill_pb2.LoadHouseholdsRequest(request_id=f"load{number}", households=people)
        return net.drill(path, "LoadHouseholds", request)

    return [
        *(lambda n=n: net.enter(path, f"enter{n}") for n in range(COUNTER_CALLS)),
        *(lambda n=n: load(n) for n in range(DRILL_CALLS)),
    ]


@pytest.mark.parametrize("stalled", [(KUNITACHI,), (KUNITACHI, KOKUBUNJI)])
def test_where_disks_have_stalled_health_of_every_listener_answers_at_once_and_nothing_is_lost(
    tmp_path: Path, stalled: tuple[str, ...]
) -> None:
    go = threading.Event()
    with bench(tmp_path, NODES) as net, watched(net) as health, ThreadPoolExecutor(48) as pool:
        for path in stalled:
            net.enter(path, "before")  # the connections are made
            net.drill(path, "GetStatus", drill_pb2.GetStatusRequest())
        net.network.settle()
        try:
            holding = []
            for path in stalled:
                held = threading.Event()

                def stall(_: object, held: threading.Event = held) -> None:
                    held.set()
                    go.wait(30)

                holding.append(pool.submit(net.node(path).journal.write, stall))
                assert held.wait(10)
            told = [pool.submit(persist, call) for path in stalled for call in calls(net, path)]
            took: dict[str, list[float]] = {name: [] for name in health}
            until = time.monotonic() + STALL
            while time.monotonic() < until:
                for name, stub in health.items():
                    asked = time.monotonic()
                    answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=5)
                    took[name].append(time.monotonic() - asked)
                    assert answer.status == health_pb2.HealthCheckResponse.SERVING, name
                threading.Event().wait(0.02)
            assert not any(done.done() for done in (*told, *holding)), "nothing is answered before it is on disk"
        finally:
            go.set()
        busy = [done.result(60) for done in told]
        # A busy machine may hold up one answer; what waits for a stalled disk would take the whole stall.
        slowest = {name: round(sorted(times)[len(times) * 9 // 10], 3) for name, times in took.items()}
        assert min(map(len, took.values())) >= 10
        assert max(slowest.values()) < AT_ONCE, slowest
        assert max(max(times) for times in took.values()) < STALL / 2
        assert sum(count > 0 for count in busy) >= len(told) - COUNTER_CALLS, "who cannot wait here is told so"
        net.network.settle()
        for path in stalled:
            area = path.rpartition("/")[2]
            expected = 1 + COUNTER_CALLS + DRILL_CALLS
            assert [net.live(tier, area) for tier in (path, TOKYO, CENTER)] == [expected] * 3
            net.enter(path, "after")
