"""What whoever runs the simulation can break on a stage, and heal: lines, nodes, certificates, characters, logs."""

from __future__ import annotations

from datetime import timedelta

from jukinet.clock import real_now
from jukinet.stack.stage import Stage
from jukinet.store.tampering import TAMPERINGS
from jukinet.v1 import drill_pb2

OVER_DAYS = 2
ALL = 1_000


def cut(stage: Stage, one: str, other: str) -> None:
    """The line between two nodes, both ways."""
    for path, peer in ((one, other), (other, one)):
        _fault(stage, path, drill_pb2.Fault(kind=drill_pb2.FAULT_KIND_PARTITION, peer=peer, per_mille=ALL))


def slow(stage: Stage, one: str, other: str, seconds: float) -> None:
    """Every call of a node to another waits."""
    delay = drill_pb2.Fault(kind=drill_pb2.FAULT_KIND_DELAY, peer=other, per_mille=ALL, delay_ms=round(seconds * 1_000))
    _fault(stage, one, delay)


def garble(stage: Stage, path: str) -> None:
    """The node garbles 氏名 in all that it seals."""
    _fault(stage, path, drill_pb2.Fault(kind=drill_pb2.FAULT_KIND_BROKEN_CHARACTERS, per_mille=ALL))


def _fault(stage: Stage, path: str, one: drill_pb2.Fault) -> None:
    stage.drill(path, "SetFaults", drill_pb2.SetFaultsRequest(faults=[one], seed=stage.topology.seed))


def heal_lines(stage: Stage) -> None:
    """Every line and every fault, at once."""
    stage.each(stage.running, lambda path: stage.drill(path, "SetFaults", drill_pb2.SetFaultsRequest()))


def expire(stage: Stage, path: str) -> None:
    """The node's certificate is replaced by one that is over, and takes its place at the next handshake."""
    stage.give_certificate(path, 1.0, real_now() - timedelta(days=OVER_DAYS))
    stage.spread_directory()
    heal_lines(stage)


def renew(stage: Stage, path: str) -> None:
    """The node has a good certificate again."""
    stage.give_certificate(path)
    stage.spread_directory()
    heal_lines(stage)


def revoke(stage: Stage, holder: str) -> int:
    """Certificates of a path; every node refuses them from now on. How many there were."""
    gone = stage.registry.revoke(holder)
    stage.spread_directory()
    return len(gone)


def tamper(stage: Stage, path: str, what: str) -> None:
    """Somebody with the disk in his hands: `what` is one of jukinet.store.tampering, while the node stands still."""
    stage.stop_node(path)
    try:
        TAMPERINGS[what](stage.layout.node(path))
    finally:
        stage.start_node(path)


def resync(stage: Stage, path: str, request_id: str) -> None:
    """All that a municipality tells upward is sealed and sent anew: what a revoked key sealed never counts."""
    stage.drill(path, "Resync", drill_pb2.ResyncRequest(request_id=request_id))
