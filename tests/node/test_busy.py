"""A node whose disk has stalled under all its children still says that it is alive, and loses nothing."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from relay.bench import Bench, Origin

from jukinet.model import areas
from jukinet.pki.authority import dns_name
from jukinet.v1 import relay_pb2, relay_pb2_grpc
from jukinet.wire.status import read

HOKKAIDO = "prefecture/010006"
CHILDREN = [area.code for area in areas.municipalities() if area.code[:2] == "01"]
STALL = 2.0


def deliver(net: Bench, address: str, origin: Origin, begin: threading.Barrier) -> tuple[int, set[str]]:
    """One municipality with its own certificate: the same batch until it is acknowledged; which refusals it met."""
    credential = origin.credential
    channel = grpc.secure_channel(
        address,
        grpc.ssl_channel_credentials(net.authority.root_pem, credential.key_pem, credential.certificate_pem),
        [("grpc.ssl_target_name_override", dns_name(HOKKAIDO)), ("grpc.enable_retries", 0)],
    )
    grpc.channel_ready_future(channel).result(30)
    request = relay_pb2.DeliverBatchRequest(batch=origin.batch(origin.records(2)))
    dice, met, pause = random.Random(origin.area_code), set(), threading.Event()
    begin.wait(60)
    try:
        while True:
            try:
                answer = relay_pb2_grpc.RelayServiceStub(channel).DeliverBatch(request, timeout=10)
                return answer.next_number, met
            except grpc.RpcError as error:
                refused = read(error)
                assert not refused.definite, refused
                met.add(refused.reason)
                pause.wait(0.05 + dice.random() / 2)
    finally:
        channel.close()


def test_with_179_children_waiting_on_a_stalled_commit_health_answers_at_once_and_nothing_is_lost(
    tmp_path: Path,
) -> None:
    assert len(CHILDREN) == 179
    net = Bench(tmp_path, [HOKKAIDO], ["jlis/center", *(f"municipality/{code}" for code in CHILDREN)])
    try:
        node = net.node(HOKKAIDO)
        watcher = net.authority.issue("office/watch")
        channel = grpc.secure_channel(
            node.listener.address,
            grpc.ssl_channel_credentials(net.authority.root_pem, watcher.key_pem, watcher.certificate_pem),
            [("grpc.ssl_target_name_override", dns_name(HOKKAIDO))],
        )
        health = health_pb2_grpc.HealthStub(channel)
        health.Check(health_pb2.HealthCheckRequest(), timeout=10)
        origins = [net.origin(f"municipality/{code}") for code in CHILDREN]
        begin, held, go = threading.Barrier(len(CHILDREN) + 1), threading.Event(), threading.Event()

        def stall(_: object) -> None:
            held.set()
            go.wait(30)

        with ThreadPoolExecutor(len(CHILDREN) + 1) as pool:
            told = [pool.submit(deliver, net, node.listener.address, origin, begin) for origin in origins]
            stalled = pool.submit(node.journal.write, stall)
            assert held.wait(10)
            begin.wait(60)
            took, until = [], time.monotonic() + STALL
            while time.monotonic() < until:
                asked = time.monotonic()
                answer = health.Check(health_pb2.HealthCheckRequest(), timeout=5)
                took.append(time.monotonic() - asked)
                assert answer.status == health_pb2.HealthCheckResponse.SERVING
                threading.Event().wait(0.02)
            assert not any(done.done() for done in told), "nothing is acknowledged before it is on disk"
            go.set()
            stalled.result(10)
            results = [done.result(60) for done in told]
        channel.close()
        assert len(took) >= 20
        # A busy machine may hold up one answer; what waits for the stalled disk would take the whole stall.
        assert sorted(took)[len(took) * 9 // 10] < 0.2, f"health took {max(took):.3f} s"
        assert max(took) < STALL / 2
        assert {number for number, _ in results} == {3}
        assert set().union(*(met for _, met in results)) <= {"BUSY"}, "who cannot wait here is told so"
        assert any(met for _, met in results)
        with node.journal.read() as db:
            rows = db.execute("SELECT origin, first_number, last_number FROM batch ORDER BY origin").fetchall()
        assert rows == [(code, 1, 2) for code in sorted(CHILDREN)]
        node.read_own_writes()
        assert node.local.live() == dict.fromkeys(CHILDREN, 2)
    finally:
        net.close()
