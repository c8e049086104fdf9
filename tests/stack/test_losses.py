"""A network of processes of which one loses something: the stack notices, and has a command for each loss."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from jukinet.stack import snapshot
from jukinet.stack.fault import StackFault
from jukinet.stack.recovery import rebuild
from jukinet.stack.stack import Stack
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import counter_pb2_grpc
from jukinet.wire.client import Refused

CITY, GOVERNOR, CENTER = "municipality/132152", "prefecture/130001", "jlis/center"
Make = Callable[..., Stack]


def shown(stack: Stack, *arguments: str, code: int = 0) -> dict[str, object]:
    """One command; its JSON."""
    ended = subprocess.run(
        [sys.executable, "-m", "jukinet", *arguments, "--json"],
        env=os.environ | {"JUKINET_HOME": str(stack.root)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == code, ended.stdout + ended.stderr
    found = json.loads(ended.stdout)
    assert isinstance(found, dict)
    return found


def states(stack: Stack) -> dict[str, str]:
    return {state.spec.path: state.state for state in stack.states()}


def delete(stack: Stack, name: str) -> None:
    request = pb.DeleteExOfficioRequest(
        operation=pb.Operation(request_id=name, verification_id="t", operator_id="c01", reason="試験"),
        resident_id=int(name),
    )
    request.change_date.year, request.change_date.month, request.change_date.day = 2021, 6, 1
    stack.clerk(CITY).call(counter_pb2_grpc.CounterServiceStub, "DeleteExOfficio", request)
    assert stack.settle()


def live(stack: Stack) -> dict[str, int]:
    return {path: int(status.live_records) for path, status in stack.statuses().items()}


def test_a_node_put_back_alone_says_nothing_until_it_is_recovered(network: Make) -> None:
    stack = network()
    stack.up()
    snapshot.save(stack, "old")
    delete(stack, "3")
    before = live(stack)
    shown(stack, "snapshot", "restore", "old", "--node", "国立市")
    assert states(stack) == dict.fromkeys(states(stack), "SERVING") | {CITY: "RECOVERING"}
    with pytest.raises(Refused, match="NODE_RECOVERING"):
        delete(stack, "4")
    assert [fault["check"] for fault in shown(stack, "doctor", code=4)["findings"] if fault["ok"] is False] == [  # type: ignore[attr-defined]
        "recovery"
    ]
    report = shown(stack, "recover", "国立市")
    assert (report["recovering"], report["own_records"], report["unreachable"]) == (False, 1, [])
    assert live(stack) == before
    delete(stack, "4")
    assert stack.ledger().at_zero
    with pytest.raises(StackFault, match="There is no snapshot"):
        snapshot.restore_node(stack, "none", CITY)


def test_a_node_whose_files_are_gone_recovers_and_a_new_one_does_not(network: Make) -> None:
    stack = network()
    stack.up()
    delete(stack, "3")
    before = live(stack)
    stack.down()
    for file in stack.layout.node(CITY).glob("*.db*"):
        file.unlink()
    stack.up()
    assert states(stack) == dict.fromkeys(states(stack), "SERVING") | {CITY: "RECOVERING"}
    assert shown(stack, "recover", "国立市")["recovering"] is False
    assert live(stack) == before
    assert stack.ledger().at_zero
    assert len(shown(stack, "recover", "国立市", "--report")["resident_ids_to_complete"]) == 11  # type: ignore[arg-type]
    stack.reset()
    stack.up(residents=0)
    assert set(states(stack).values()) == {"SERVING"}


def test_a_lost_register_is_rebuilt_by_its_command(network: Make) -> None:
    stack = network()
    stack.up()
    delete(stack, "3")
    before = live(stack)
    found = shown(stack, "rebuild", "東京都")
    assert int(str(found["applied_position"])) > 0
    assert live(stack) == before
    assert (stack.layout.node(GOVERNOR) / "register.lost").exists()
    with pytest.raises(StackFault, match="one file"):
        rebuild(stack, CITY)
