"""What a step may do, by its `do`: a call like anybody's, or what only whoever runs the simulation can."""

from __future__ import annotations

import importlib
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as time_of_day
from functools import cache
from typing import TYPE_CHECKING, Any

from google.protobuf.descriptor import MethodDescriptor

from jukinet.drill import breakage
from jukinet.drill.cast import residents
from jukinet.drill.filling import fill
from jukinet.model.dates import JST
from jukinet.pki.identity import Identity
from jukinet.stack.calendar import now, set_clock
from jukinet.v1 import (
    drill_pb2,
    drill_pb2_grpc,
    participation_pb2,
    participation_pb2_grpc,
    reconcile_pb2,
    reconcile_pb2_grpc,
)
from jukinet.wire import basis
from jukinet.wire.client import Refused

if TYPE_CHECKING:
    from jukinet.drill.player import Player
    from jukinet.drill.scenario import Step

DRILL = drill_pb2_grpc.DrillServiceStub
SECONDS, LOOK_SECONDS = 30.0, 0.05
MOST_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Doing:
    """A step about to be done."""

    player: Player
    step: Step

    def given(self, key: str, otherwise: Any = None) -> Any:
        """A key of the step, its references replaced."""
        return self.player.values.resolve(self.step.given.get(key, otherwise))

    @property
    def path(self) -> str:
        """The node it is done at."""
        return self.player.stage.topology.find(self.given("at")).path


def call(doing: Doing) -> Any:
    """An rpc, as a clerk, an office, an operator or the console; `times` and `at_once` for a crowd."""
    times, at_once = int(doing.given("times", 1)), min(int(doing.given("at_once", 1)), MOST_AT_ONCE)
    if times == 1:
        return _call(doing, 1)
    with ThreadPoolExecutor(at_once, thread_name_prefix="crowd") as pool:
        outcomes = list(pool.map(lambda number: _outcome(doing, number), range(1, times + 1)))
    refused = [one for one in outcomes if isinstance(one, Refused)]
    tolerated = doing.given("tolerate", [])
    for one in refused:
        if one.reason not in tolerated:
            raise one
    return {"answered": times - len(refused), "refused": len(refused)}


def _outcome(doing: Doing, number: int) -> Any:
    try:
        return _call(doing, number)
    except Refused as refused:
        return refused


def _call(doing: Doing, number: int) -> Any:
    player, rpc = doing.player, str(doing.step.given["rpc"])
    service, _, name = rpc.partition("/")
    method = rpcs()[service, name]
    request = message(method.input_type.full_name)()
    values = doing.player.values
    values.kept["n"] = number
    _fill_operation(request, doing, number)
    fill(request, values.resolve(doing.step.given.get("request", {})))
    path = doing.path
    client = player.stage.client(path, player.caller(path, doing.given("as", "clerk")))
    return client.call(stub(method.containing_service.file.name, service), name, request, SECONDS)


def _fill_operation(request: Any, doing: Doing, number: int) -> None:
    fields = request.DESCRIPTOR.fields_by_name
    id = doing.player.new_id(doing.step)
    if "operation" in fields:
        who = str(doing.given("as", "clerk")).partition(":")[2] or "c01"
        reason = doing.player.scenario.stories["ja"].steps[doing.step.id].title
        fill(
            request.operation, {"request_id": id, "verification_id": "v-1", "operator_id": who[-32:], "reason": reason}
        )
    elif "request_id" in fields:
        request.request_id = id


def clock(doing: Doing) -> Any:
    """The virtual clock: `to` a day or an instant, or `advance` by days; stops at every due date on the way."""
    stage = doing.player.stage
    if "advance" in doing.step.given:
        target = now(stage) + timedelta(days=int(doing.given("advance")))
    else:
        target = datetime.fromisoformat(str(doing.given("to")))
        if "T" not in str(doing.given("to")):
            target = datetime.combine(target.date(), time_of_day(9))
        target = target.replace(tzinfo=JST)
    return {"stops": len(set_clock(stage, target))}


def fault(doing: Doing) -> Any:
    """`kind` PARTITION, DELAY, DROP_ANSWER, DUPLICATE or BROKEN_CHARACTERS on calls of a node, `to` a peer or all."""
    peer = doing.given("to", "")
    one = drill_pb2.Fault()
    fill(one, {
        "kind": doing.given("kind"), "peer": doing.player.stage.topology.find(peer).path if peer else "",
        "per_mille": round(float(doing.given("share", 1.0)) * 1000),
        "delay_ms": round(float(doing.given("seconds", 0.0)) * 1000),
    })  # fmt: skip
    request = drill_pb2.SetFaultsRequest(faults=[one], seed=doing.player.scenario.topology.seed)
    doing.player.stage.drill(doing.path, "SetFaults", request)
    return None


def cut(doing: Doing) -> Any:
    """The line between `at` and `to`, both ways."""
    breakage.cut(doing.player.stage, doing.path, doing.player.stage.topology.find(doing.given("to")).path)
    return None


def heal(doing: Doing) -> Any:
    """Every line and every fault, at once."""
    breakage.heal_lines(doing.player.stage)
    return None


def stop(doing: Doing) -> Any:
    """A node goes down."""
    doing.player.stage.stop_node(doing.path)
    return None


def start(doing: Doing) -> Any:
    """It comes up again."""
    doing.player.stage.start_node(doing.path)
    return heal(doing)


def revoke(doing: Doing) -> Any:
    """Certificates of `holder`, by path; every node refuses them from now on."""
    return {"revoked": breakage.revoke(doing.player.stage, str(doing.given("holder")))}


def expire(doing: Doing) -> Any:
    """The node's certificate is replaced by one that is over, and takes its place at the next handshake."""
    breakage.expire(doing.player.stage, doing.path)
    return None


def renew(doing: Doing) -> Any:
    """The node has a good certificate again."""
    breakage.renew(doing.player.stage, doing.path)
    return None


def tamper(doing: Doing) -> Any:
    """Somebody with the disk in his hands: `what` is one of jukinet.store.tampering, while the node stands still."""
    breakage.tamper(doing.player.stage, doing.path, str(doing.given("what")))
    return None


def find(doing: Doing) -> Any:
    """Records of a municipality, of one `household` or all, as the trainer looks them up."""
    return residents(doing.player.stage, doing.path, int(doing.given("household", 0) or 0))


def participate(doing: Doing) -> Any:
    """From now, or the day `to`, on `at` takes part as `kind` says, FULL, OUTSIDE or SELECTIVE; every node is told."""
    if "to" in doing.step.given:
        clock(doing)
    stage = doing.player.stage
    request = participation_pb2.SetParticipationRequest()
    fill(request, {"area_code": Identity.parse(doing.path).area_code, "mode": doing.given("kind")})
    service, leaves = participation_pb2_grpc.ParticipationDrillServiceStub, doing.given("kind") == "OUTSIDE"
    # Who leaves hears of it first, who joins last: nobody refuses what the municipality sends meanwhile.
    order = sorted(stage.running, key=lambda path: (path == doing.path) != leaves)
    told = {path: stage.console(path).call(service, "SetParticipation", request) for path in order}
    return {"records": int(told[doing.path].records)}


def reconcile(doing: Doing) -> Any:
    """整合: `at` compares everything it tells upward with what is stored there; the report, done or at fault."""
    console, service = doing.player.stage.console(doing.path), reconcile_pb2_grpc.ReconcileDrillServiceStub
    run = console.call(service, "StartReconcile", reconcile_pb2.StartReconcileRequest()).run
    until, pause = time.monotonic() + SECONDS, threading.Event()
    while True:
        report = console.call(service, "GetReconcileReport", reconcile_pb2.GetReconcileReportRequest())
        if report.fault or (report.run == run and not report.running) or time.monotonic() > until:
            return report
        pause.wait(LOOK_SECONDS)


def look(doing: Doing) -> Any:
    """Nothing is done: the story says something, and checks look."""
    return None


DOINGS: Mapping[str, Callable[[Doing], Any]] = {
    one.__name__: one
    for one in (
        call,
        clock,
        fault,
        cut,
        heal,
        stop,
        start,
        revoke,
        expire,
        renew,
        tamper,
        find,
        participate,
        reconcile,
        look,
    )
}


@cache
def rpcs() -> dict[tuple[str, str], MethodDescriptor]:
    """(service, rpc) → what it takes and answers."""
    return {
        (service.name, method.name): method
        for file in basis.files()
        for service in file.services_by_name.values()
        for method in service.methods
    }


def message(full_name: str) -> Callable[[], Any]:
    """The class of a message of the contract."""
    file = next(file for file in basis.files() if full_name.rpartition(".")[2] in file.message_types_by_name)
    module = importlib.import_module(file.name.removeprefix("").replace("/", ".").replace(".proto", "_pb2"))
    found: Callable[[], Any] = getattr(module, full_name.rpartition(".")[2])
    return found


def stub(file_name: str, service: str) -> Any:
    """The stub of a service."""
    module = importlib.import_module(file_name.replace("/", ".").replace(".proto", "_pb2_grpc"))
    return getattr(module, f"{service}Stub")
