"""Every listener of every tier against everybody who must not get in, and against who may."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from relay.bench import CENTER, KANAGAWA, KOKUBUNJI, KUNITACHI, TOKYO, Bench, bench, operation

from jukinet.pki import directory
from jukinet.pki.authority import Authority, Credential, dns_name
from jukinet.v1 import (
    counter_pb2,
    counter_pb2_grpc,
    drill_pb2,
    drill_pb2_grpc,
    numbering_pb2,
    numbering_pb2_grpc,
    relay_pb2,
    relay_pb2_grpc,
)
from jukinet.wire.status import read

NODES = (CENTER, TOKYO, KUNITACHI)
LISTENERS = [(node, drill) for node in NODES for drill in (False, True)]
IDS = [f"{node}{' drill' if drill else ''}" for node, drill in LISTENERS]


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(tmp_path_factory.mktemp("listeners"), NODES, [KANAGAWA, KOKUBUNJI]) as made:
        yield made


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.open(tmp_path_factory.mktemp("foreign"))


@dataclass
class Door:
    """One listener, tried with whatever certificate."""

    net: Bench
    node: str
    drill: bool

    @property
    def address(self) -> str:
        node = self.net.node(self.node)
        return (node.drill_listener if self.drill else node.listener).address

    @property
    def right(self) -> str:
        """Somebody who may call here."""
        return "console/drill" if self.drill else {CENTER: TOKYO, TOKYO: KUNITACHI, KUNITACHI: KOKUBUNJI}[self.node]

    def channel(self, credential: Credential | None, *, root: bytes = b"", name: str = "") -> grpc.Channel:
        trusted = root or self.net.authority.root_pem
        keys = (credential.key_pem, credential.certificate_pem) if credential else (None, None)
        return grpc.secure_channel(
            self.address,
            grpc.ssl_channel_credentials(trusted, *keys),
            [("grpc.ssl_target_name_override", name or dns_name(self.node)), ("grpc.enable_retries", 0)],
        )

    def knock(self, channel: grpc.Channel, seconds: float | None = 10) -> str:
        """Call what this listener is for; "" if let in, otherwise the reason or, without answer, the code."""
        try:
            if self.drill:
                drill_pb2_grpc.DrillServiceStub(channel).GetStatus(drill_pb2.GetStatusRequest(), timeout=seconds)
            else:
                origin = self.net.origin(self.right)
                stub = relay_pb2_grpc.RelayServiceStub(channel)
                origin.kind, origin.counterpart = (3, "132152") if self.node == KUNITACHI else (1, "")
                if self.node == CENTER:
                    origin = self.net.origin(KOKUBUNJI)
                stub.DeliverBatch(relay_pb2.DeliverBatchRequest(batch=origin.batch()), timeout=seconds)
        except grpc.RpcError as error:
            answer = read(error)
            # A repeat of other bytes under the same numbers: past the gate, which is what is asked here.
            return "" if answer.reason in ("EQUIVOCATION", "STREAM_STOPPED") else answer.reason
        finally:
            channel.close()
        return ""

    def enter(self, path: str) -> str:
        """Call as somebody of this network."""
        return self.knock(self.channel(self.net.authority.issue(path)))


@pytest.fixture(params=LISTENERS, ids=IDS)
def door(net: Bench, request: pytest.FixtureRequest) -> Door:
    return Door(net, *request.param)


UNAVAILABLE = "PEER_UNREACHABLE:UNAVAILABLE"


def test_the_right_one_is_let_in(door: Door) -> None:
    assert door.enter(door.right) == ""


def test_plaintext_is_no_language_here(door: Door) -> None:
    assert door.knock(grpc.insecure_channel(door.address, [("grpc.enable_retries", 0)])) == UNAVAILABLE
    host, port = door.address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), 5) as plain:
        plain.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        with contextlib.suppress(ConnectionResetError):
            assert plain.recv(64) == b"", "nothing of HTTP/2 is answered"


def test_without_a_certificate_nobody_gets_in(door: Door) -> None:
    assert door.knock(door.channel(None)) == UNAVAILABLE


def test_a_certificate_of_another_network_is_refused(door: Door, foreign: Authority) -> None:
    assert door.knock(door.channel(foreign.issue(door.right))) == UNAVAILABLE


def test_an_expired_certificate_is_refused(door: Door) -> None:
    expired = door.net.authority.issue(door.right, days=1, not_before=datetime.now(UTC) - timedelta(days=3))
    assert door.knock(door.channel(expired)) == UNAVAILABLE


def test_a_certificate_of_tomorrow_is_refused(door: Door) -> None:
    early = door.net.authority.issue(door.right, not_before=datetime.now(UTC) + timedelta(days=1))
    assert door.knock(door.channel(early)) == UNAVAILABLE


@pytest.mark.parametrize("path", ["office/pension", "operator/132152/c01"])
def test_offices_and_clerks_neither_carry_batches_nor_drill(door: Door, path: str) -> None:
    assert door.enter(path) == ("CALLER_NOT_NAMED" if door.drill else "NO_BASIS")
    assert (path, 0) in {(row[0], row[2]) for row in door.net.audit(door.node)}


def test_a_node_does_not_drill_and_the_console_carries_no_batch(door: Door) -> None:
    if door.drill:
        assert {door.enter(path) for path in NODES} == {"CALLER_NOT_NAMED"}
    else:
        assert door.enter("console/drill") == "NO_BASIS"


def test_the_right_role_of_another_prefecture_or_municipality_is_refused(door: Door) -> None:
    if door.drill:
        assert door.enter("operator/131130/c01") == "CALLER_NOT_NAMED"
        return
    wrong = {CENTER: KANAGAWA, TOKYO: KOKUBUNJI, KUNITACHI: TOKYO}[door.node]
    assert door.enter(wrong) in ("ORIGIN_NOT_CARRIED", "NO_BASIS")


def test_a_node_that_the_directory_does_not_list_is_refused(door: Door) -> None:
    assert door.enter("municipality/131130") == "PEER_UNKNOWN"
    assert door.enter("prefecture/070009") == "PEER_UNKNOWN"


def test_a_server_that_is_not_the_node_asked_for_is_not_spoken_to(door: Door) -> None:
    for other in {*NODES, KANAGAWA} - {door.node}:
        right = door.net.authority.issue(door.right)
        assert door.knock(door.channel(right, name=dns_name(other))) == UNAVAILABLE


def test_a_server_of_another_network_is_not_spoken_to(door: Door, foreign: Authority) -> None:
    right = door.net.authority.issue(door.right)
    assert door.knock(door.channel(right, root=foreign.root_pem)) == UNAVAILABLE


def test_a_revoked_certificate_is_refused_and_a_new_one_for_the_same_is_not(door: Door) -> None:
    revoked, fresh = door.net.authority.issue(door.right), door.net.authority.issue(door.right)
    assert door.knock(door.channel(revoked)) == ""
    door.net.revoke(revoked.serial)
    assert door.knock(door.channel(revoked)) == "CERTIFICATE_REVOKED"
    assert door.knock(door.channel(fresh)) == ""


def test_a_call_without_deadline_is_refused(door: Door) -> None:
    assert door.knock(door.channel(door.net.authority.issue(door.right)), seconds=None) == "NO_DEADLINE"


def test_a_listener_serves_only_what_is_its_own(door: Door) -> None:
    channel = door.channel(door.net.authority.issue("console/drill" if not door.drill else TOKYO))
    absent, request = (
        (relay_pb2_grpc.RelayServiceStub(channel).DeliverBatch, relay_pb2.DeliverBatchRequest())
        if door.drill
        else (drill_pb2_grpc.DrillServiceStub(channel).GetStatus, drill_pb2.GetStatusRequest())
    )
    with pytest.raises(grpc.RpcError) as caught:
        absent(request, timeout=5)
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED  # type: ignore[attr-defined]
    channel.close()


def test_health_is_answered_to_anyone_of_this_network_and_to_nobody_else(door: Door, foreign: Authority) -> None:
    inside = door.channel(door.net.authority.issue("office/pension"))
    answer = health_pb2_grpc.HealthStub(inside).Check(health_pb2.HealthCheckRequest(), timeout=5)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING
    inside.close()
    outside = door.channel(foreign.issue("office/pension"))
    with pytest.raises(grpc.RpcError):
        health_pb2_grpc.HealthStub(outside).Check(health_pb2.HealthCheckRequest(), timeout=5)
    outside.close()


# The doors that only one tier has

GET = counter_pb2.GetResidentRequest(operation=operation("g"), resident_id=1)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("operator/132152/c01", "RESIDENT_NOT_FOUND"),  # let in: there is only nobody of that number
        ("operator/132144/c01", "NOT_YOUR_COUNTER"),
        ("console/drill", "CALLER_NOT_NAMED"),
        ("office/pension", "CALLER_NOT_NAMED"),
        (TOKYO, "CALLER_NOT_NAMED"),
        (CENTER, "CALLER_NOT_NAMED"),
        (KOKUBUNJI, "CALLER_NOT_NAMED"),
    ],
)
def test_the_counter_is_for_its_own_clerks(net: Bench, path: str, reason: str) -> None:
    channel = Door(net, KUNITACHI, False).channel(net.authority.issue(path))
    with pytest.raises(grpc.RpcError) as caught:
        counter_pb2_grpc.CounterServiceStub(channel).GetResident(GET, timeout=5)
    assert read(caught.value).reason == reason
    channel.close()


@pytest.mark.parametrize("path", [TOKYO, "operator/132152/c01", "console/drill", "office/pension", CENTER])
def test_numbering_is_for_municipalities(net: Bench, path: str) -> None:
    channel = Door(net, CENTER, False).channel(net.authority.issue(path))
    request = numbering_pb2.GenerateIndividualNumbersRequest(request_id="x", resident_codes=["1"])
    with pytest.raises(grpc.RpcError) as caught:
        numbering_pb2_grpc.NumberingServiceStub(channel).GenerateIndividualNumbers(request, timeout=5)
    assert read(caught.value).reason == "CALLER_NOT_NAMED"
    channel.close()


def test_no_other_network_can_sign_a_directory(net: Bench, foreign: Authority) -> None:
    file, node = net.network.layout.directory, net.node(CENTER)
    version = node.directory.current.version
    directory.write(file, foreign, node.directory.current.entries[:1], (), version + 10**9)
    node.directory._next_check = 0.0
    assert node.directory.current.version == version
    assert "not signed" in node.directory.fault
    assert Door(net, CENTER, False).enter(TOKYO) == "", "the last good one holds"
    net.publish()
    assert node.directory.fault == ""


KNOCK = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
import grpc
from jukinet.pki.authority import Authority, dns_name
from jukinet.stack.network import Network
from jukinet.v1 import relay_pb2, relay_pb2_grpc

folder = Path(sys.argv[1])
network = Network(folder / "net", ["jlis/center"])
foreign = Authority.open(folder / "foreign")
expired = network.authority.issue("prefecture/130001", days=1, not_before=datetime.now(UTC) - timedelta(days=3))
for keys in ((None, None), foreign.issue("prefecture/130001"), expired):
    if not isinstance(keys, tuple):
        keys = (keys.key_pem, keys.certificate_pem)
    channel = grpc.secure_channel(
        network.nodes["jlis/center"].listener.address,
        grpc.ssl_channel_credentials(network.authority.root_pem, *keys),
        [("grpc.ssl_target_name_override", dns_name("jlis/center"))],
    )
    try:
        relay_pb2_grpc.RelayServiceStub(channel).DeliverBatch(relay_pb2.DeliverBatchRequest(), timeout=5)
    except grpc.RpcError:
        pass
    channel.close()
network.close()
"""


def test_why_a_handshake_failed_stands_on_stderr(tmp_path: Path) -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GRPC_")}
    run = subprocess.run(
        [sys.executable, "-c", KNOCK, str(tmp_path)], capture_output=True, text=True, timeout=60, env=kept, check=False
    )
    assert run.returncode == 0, run.stderr
    said = set(re.findall(r"Handshake failed.*?OPENSSL_internal:([A-Z_]+)", run.stderr))
    assert {"PEER_DID_NOT_RETURN_A_CERTIFICATE", "CERTIFICATE_VERIFY_FAILED"} <= said
    assert "certificate has expired" in run.stderr


@pytest.mark.parametrize(
    ("said", "believed"), [("41", True), (str(2**63), False), ("9" * 30, False), ("-5", False), ("x", False)]
)
def test_a_neighbours_lamport_time_moves_the_clock_a_little_and_never_far(
    net: Bench, said: str, believed: bool
) -> None:
    clock = net.node(CENTER).clock
    before = clock.lamport
    said = str(before + 41) if believed else said
    channel = Door(net, CENTER, False).channel(net.authority.issue(TOKYO))
    with pytest.raises(grpc.RpcError):
        relay_pb2_grpc.RelayServiceStub(channel).DeliverBatch(
            relay_pb2.DeliverBatchRequest(), timeout=5, metadata=(("jukinet-lamport", said),)
        )
    channel.close()
    moved = clock.lamport - before
    assert 41 <= moved < 60 if believed else moved < 20
