"""A network of processes: up, seen, hurt, healed, kept, put back, thrown away."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from jukinet.model.identification import Sex
from jukinet.node.config import NodeConfig
from jukinet.stack import calendar, doctor, snapshot
from jukinet.stack import topology as topologies
from jukinet.stack.auto import Errands
from jukinet.stack.fault import Exit, StackFault
from jukinet.stack.layout import Layout
from jukinet.stack.registry import Registry
from jukinet.stack.stack import Stack
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import counter_pb2_grpc
from jukinet.wire import convert
from jukinet.wire.client import Client, Refused, healthy

CITY, WARD, GOVERNOR, CENTER = "municipality/132152", "municipality/131148", "prefecture/130001", "jlis/center"
Make = Callable[..., Stack]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def operation(name: str) -> pb.Operation:
    return pb.Operation(request_id=name, verification_id="t", operator_id="c01", reason="試験")


def counter(stack: Stack, path: str, method: str, request: object) -> object:
    return stack.clerk(path).call(counter_pb2_grpc.CounterServiceStub, method, request)


def ask_for_ever(client: Client, request: pb.ListTasksRequest) -> None:
    while True:
        client.call(counter_pb2_grpc.CounterServiceStub, "ListTasks", request)


def until_done(client: Client, method: str, request: object) -> None:
    """Repeat while J-LIS has not designated any codes yet."""
    while True:
        try:
            client.call(counter_pb2_grpc.CounterServiceStub, method, request)
            return
        except Refused as refused:
            if refused.answer.definite:
                raise


def await_live(stack: Stack, path: str, count: int) -> None:
    while live(stack)[path] != count:
        stack.settle()


def live(stack: Stack) -> dict[str, int]:
    return {state.spec.path: state.status.live_records for state in stack.states() if state.status}


def test_a_network_is_populated_hurt_healed_and_thrown_away(network: Make, tmp_path: Path) -> None:
    stack = network()
    took = stack.up()
    assert (len(took.started), took.populated) == (4, 20)
    assert live(stack) == {CENTER: 20, GOVERNOR: 20, CITY: 12, WARD: 8}
    assert stack.ledger().at_zero
    assert {state.state for state in stack.states()} == {"SERVING"}
    assert all(finding.ok is not False for finding in doctor.examine(stack))
    pids = {path: stack.process(path).pid for path in stack.paths}

    killed = pids[GOVERNOR]
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    os.waitpid(killed, 0)
    assert {state.spec.path: state.state for state in stack.states()}[GOVERNOR] == "DOWN"
    assert not stack.ledger().at_zero
    faults = [finding for finding in doctor.examine(stack) if finding.ok is False]
    assert (GOVERNOR, "process") in {(finding.node, finding.check) for finding in faults}

    again = stack.up()
    assert (again.started, again.populated) == ((GOVERNOR,), 0)
    assert stack.process(CITY).pid == pids[CITY]
    assert stack.ledger().at_zero

    running = [stack.process(path).pid for path in stack.paths]
    assert len(stack.down()) == 4
    assert not any(pid is not None and alive(pid) for pid in running)
    with pytest.raises(StackFault) as caught:
        calendar.now(stack)
    assert caught.value.code == Exit.NOT_RUNNING

    stack.reset()
    assert not (tmp_path / "net" / "nodes").exists()
    assert (tmp_path / "net" / "authority" / "root.key").exists()


def test_state_outlives_the_processes_and_a_snapshot_brings_it_back(network: Make) -> None:
    stack = network()
    stack.up()
    snapshot.save(stack, "before")
    death = pb.ReportDeathRequest(
        operation=operation("d-1"), resident_id=1, death_date=convert.day_message(date(2021, 6, 1))
    )
    counter(stack, CITY, "ReportDeath", death)
    stack.settle_or_fail()
    stack.down()
    stack.up()
    assert live(stack)[CENTER] == 19

    snapshot.restore(stack, "before")
    assert live(stack)[CENTER] == 20
    assert stack.ledger().at_zero

    (stack.root / "snapshots/before/nodes/jlis-center/journal.db").write_bytes(b"damaged")
    pids = [stack.process(path).pid for path in stack.paths]
    with pytest.raises(StackFault, match="damaged"):
        snapshot.restore(stack, "before")
    assert pids == [stack.process(path).pid for path in stack.paths]
    assert live(stack)[CENTER] == 20
    with pytest.raises(StackFault, match="already"):
        snapshot.save(stack, "before")


def test_up_gives_a_node_that_starts_a_fresh_certificate_and_leaves_one_that_runs_alone(network: Make) -> None:
    stack = network(topologies.parse('nodes = ["J-LIS", "東京都"]'))
    certificates = [stack.layout.node(path) / "pki" / "node.pem" for path in (CENTER, GOVERNOR)]
    stack.up()
    first = [file.read_bytes() for file in certificates]
    stack.up()
    assert [file.read_bytes() for file in certificates] == first
    stack.down()
    stack.up()
    assert all(now != before for now, before in zip(map(Path.read_bytes, certificates), first, strict=True)), "renewed"
    assert stack.ledger().at_zero


def test_an_auto_neighbour_takes_the_report_on_the_planned_day_and_another_does_not(network: Make) -> None:
    stack = network()
    stack.up()
    planned = date(2021, 6, 5)
    request = pb.ReportMoveOutRequest(
        operation=operation("o-1"), resident_ids=[1], destination="中野区", planned_date=convert.day_message(planned)
    )
    answer = counter(stack, CITY, "ReportMoveOut", request)
    assert isinstance(answer, pb.ReportMoveOutResponse)
    assert Errands(stack).take("x", "国立市", answer.certificate) is None
    errand = Errands(stack).take("o-1", "中野区", answer.certificate)
    assert errand is not None
    assert (errand.node, errand.day) == (WARD, planned)
    (kept,) = (stack.root / "errands").iterdir()
    assert kept.stat().st_mode & 0o077 == 0

    begin = calendar.now(stack)
    calendar.set_clock(stack, begin + timedelta(days=2))
    assert live(stack)[WARD] == 8
    stops = calendar.set_clock(stack, begin + timedelta(days=7))
    assert [stop.date() for stop in stops] == [planned, date(2021, 6, 8)]
    assert live(stack) == {CENTER: 20, GOVERNOR: 20, CITY: 11, WARD: 9}
    assert Errands(stack).all() == []
    assert stack.ledger().at_zero
    with pytest.raises(StackFault, match="never goes back"):
        calendar.set_clock(stack, begin)


def test_the_clock_stops_where_something_kept_is_to_be_erased(network: Make) -> None:
    stack = network()
    stack.up()
    begin = calendar.now(stack)
    stops = calendar.set_clock(stack, begin + timedelta(days=400))
    assert date(2022, 6, 2) in [stop.date() for stop in stops], "designations of 2021-06-01, papers of one year"
    assert live(stack)[CENTER] == 20
    assert stack.ledger().at_zero


def test_a_second_command_is_told_that_the_first_is_at_work(network: Make, tmp_path: Path) -> None:
    stack = network()
    (tmp_path / "net").mkdir()
    with (tmp_path / "net" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StackFault, match="Another jukinet command"):
            stack.up()
    assert stack.running == []


def test_a_port_that_is_taken_is_named_before_anything_starts(network: Make) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        stack = network(topologies.parse(f'base_port = {port}\nnodes = ["J-LIS", "東京都"]'))
        with pytest.raises(StackFault, match=f"{port} is taken"):
            stack.up()
    assert stack.running == []


def test_a_pid_that_belongs_to_somebody_else_is_never_ours(network: Make) -> None:
    stack = network()
    folder = stack.layout.node(CENTER)
    folder.mkdir(parents=True)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        (folder / "pid").write_text(str(stranger.pid))
        address = {"pid": stranger.pid, "address": "127.0.0.1:1", "drill_address": "127.0.0.1:2"}
        (folder / "ready.json").write_text(json.dumps(address))
        assert stack.process(CENTER).pid is None
        assert stack.process(CENTER).ready is None
        assert stack.down() == []
        assert alive(stranger.pid)
        stranger.communicate(b"\n")


def test_a_revoked_clerk_is_refused_and_another_is_not(network: Make) -> None:
    stack = network(topologies.parse('nodes = ["J-LIS", "東京都", "国立市"]'))
    stack.up()
    tasks = pb.ListTasksRequest(operation=operation("t"))
    gone = stack.clerk(CITY, "c07")
    gone.call(counter_pb2_grpc.CounterServiceStub, "ListTasks", tasks)
    before = stack.registry.directory_version()
    assert [entry.path for entry in stack.registry.revoke("operator/132152/c07")] == ["operator/132152/c07"]
    assert stack.write_directory() > before
    with pytest.raises(Refused) as caught:
        ask_for_ever(gone, tasks)  # the node looks at the directory some milliseconds later
    assert caught.value.reason == "CERTIFICATE_REVOKED"
    counter(stack, CITY, "ListTasks", tasks)
    stack.write_directory()
    directory = stack.registry.directory()
    assert directory is not None
    assert len(directory.revoked) == 1
    with pytest.raises(StackFault, match="no certificate"):
        stack.registry.revoke("operator/132152/c99")


def test_certificates_of_outsiders_are_issued_but_not_those_of_our_own_nodes(network: Make, tmp_path: Path) -> None:
    node = '{ name = "国立市", external = true, address = "127.0.0.1:5000" }'
    stack = network(topologies.parse(f'nodes = ["J-LIS", "東京都", {node}]'))
    issued = stack.issue(CITY, tmp_path / "theirs", 3)
    assert {file.name for file in (tmp_path / "theirs").iterdir()} == {"node.key", "node.pem", "root.pem"}
    assert issued.good
    with pytest.raises(StackFault, match="run by this network"):
        stack.issue(CENTER, tmp_path / "ours", 3)


def test_a_node_of_somebody_else_joins_with_the_certificate_it_was_given(network: Make, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    theirs = f'{{ name = "国立市", external = true, address = "{address}" }}'
    stack = network(topologies.parse(f'nodes = ["J-LIS", "東京都", {{ name = "中野区", residents = 4 }}, {theirs}]'))
    stack.up()
    stack.issue(CITY, tmp_path / "pki", 3)
    config = NodeConfig(
        CITY, str(tmp_path / "theirs"), str(tmp_path / "pki"), str(stack.layout.directory), listen=address
    )
    config.write(tmp_path / "theirs.json")
    command = [sys.executable, "-m", "municipality_node", str(tmp_path / "theirs.json")]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as node:
        assert node.stderr is not None
        assert b'"ready"' in node.stderr.readline()
        born = pb.EnterExOfficioRequest(
            operation=operation("e-1"),
            person=pb.NewPerson(name="架空　太郎", sex=convert.enum(Sex.MALE), relationship="世帯主"),
            address="東京都国立市みどり町1番地1",
            change_date=convert.day_message(date(2021, 6, 1)),
        )
        until_done(stack.clerk(CITY), "EnterExOfficio", born)
        await_live(stack, CENTER, 5)
        node.terminate()
        node.stderr.read()
    assert stack.ledger().at_zero
    assert {state.spec.path: state.state for state in stack.states()}[CITY] == "EXTERNAL"


def test_without_its_certificate_the_same_node_is_turned_away_and_the_doctor_hears_of_it(
    network: Make, tmp_path: Path
) -> None:
    stack = network(topologies.parse('nodes = ["J-LIS", "東京都"]'))
    stack.up()
    forged = Registry(Layout(tmp_path / "elsewhere")).caller("console/drill")
    address = stack.process(CENTER).ready
    assert address is not None
    ours = stack.registry.caller("console/drill")
    assert doctor.probe(CENTER, "listener", address.address, ours).ok
    assert not doctor.probe(CENTER, "listener", address.address, forged).ok
    assert not doctor.probe(GOVERNOR, "listener", address.address, ours).ok
    (forged / "root.pem").write_bytes(stack.registry.authority.root_pem)
    client = Client(forged, address.address, CENTER)
    with pytest.raises(Refused, match="PEER_UNREACHABLE"):
        healthy(client)
    client.close()
    heard = [finding.text for finding in doctor.examine(stack) if finding.check == "handshakes refused"]
    assert any("certificate did not count" in text for text in heard), heard


@pytest.mark.full
def test_the_default_network_comes_up_whole(network: Make) -> None:
    stack = network(topologies.for_demo())
    took = stack.up()
    assert (len(took.started), took.populated) == (10, 1000)
    assert live(stack)[CENTER] == 1000
    assert stack.ledger().at_zero


def test_refused_handshakes_are_told_in_words() -> None:
    line = (
        "E0000 00:00:1 1 ssl_transport_security.cc:1] Handshake failed with error SSL_ERROR_SSL: error:1000007d:SSL"
        " routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED: certificate has expired"
    )
    assert "certificate has expired" in doctor.readable(line)
    assert doctor.readable("nothing of the kind") == "nothing of the kind"
    assert doctor.readable('{"time": "t", "event": "ready", "node": "n"}') == "t ready node=n"
