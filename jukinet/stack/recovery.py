"""Builds a lost register anew, and has a node fetch what it lost."""

from __future__ import annotations

from jukinet.stack.fault import Exit, StackFault
from jukinet.stack.population import Progress, quiet
from jukinet.stack.stack import Stack
from jukinet.v1 import recovery_pb2, recovery_pb2_grpc

ASK_SECONDS = 10.0
_STUB = recovery_pb2_grpc.RecoveryDrillServiceStub


def rebuild(stack: Stack, path: str, progress: Progress = quiet) -> int:
    """Set the register of a governor or J-LIS aside and let it follow the journal again; journal positions applied."""
    if path.startswith("municipality/"):
        raise StackFault(
            "A municipality's register and journal are one file: there is none to rebuild from the other.",
            "市区町村の住民票と記録は一つのファイルで、一方から他方を作り直すことはできません。",
            "Use `jukinet recover`, which fetches what was lost from the others.",
            Exit.REFUSED,
        )
    stack.require_running()
    with stack.one_stopped(path):
        for file in stack.layout.node(path).glob("register.db*"):
            file.rename(file.with_name(file.name.replace("register.db", "register.lost")))
    while True:
        status = stack.statuses()[path]
        progress("登録簿を作り直す / rebuilding", status.applied_position, status.journal_position)
        if status.applied_position >= status.journal_position:
            return int(status.applied_position)
        stack.pause(0.05)


def recover(
    stack: Stack, path: str, *, accept_missing: bool = False, progress: Progress = quiet
) -> recovery_pb2.GetRecoveryResponse:
    """Have the node ask everybody, and wait until it has; the report."""
    stack.require_running()
    request = recovery_pb2.RecoverRequest(accept_missing=accept_missing)
    stack.console(path).call(_STUB, "Recover", request, ASK_SECONDS)
    while (found := report(stack, path)).running:
        progress("他の団体に尋ねる / asking the others", found.nodes_asked, found.nodes)
        stack.pause(0.05)
    return found


def report(stack: Stack, path: str) -> recovery_pb2.GetRecoveryResponse:
    """How the last recovery of the node went."""
    request = recovery_pb2.GetRecoveryRequest()
    found: recovery_pb2.GetRecoveryResponse = stack.console(path).call(_STUB, "GetRecovery", request, ASK_SECONDS)
    return found
