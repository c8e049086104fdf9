"""RecoveryService, by which nodes give back what another has lost, and its drill for the console."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from jukinet.law.basis import article
from jukinet.law.recovery import RULE_OF
from jukinet.model.reason import Reason
from jukinet.model.stream import Stream
from jukinet.node.recovery import MOST_BATCHES, MOST_BYTES
from jukinet.refusal import Refusal
from jukinet.store import audit, recovery
from jukinet.store.database import Connection
from jukinet.v1 import recovery_pb2, recovery_pb2_grpc
from jukinet.wire import convert, gate
from jukinet.wire.call import Call, current
from jukinet.wire.server import Context, Service

if TYPE_CHECKING:
    from jukinet.node.node import Node


class RecoveryServicer(recovery_pb2_grpc.RecoveryServiceServicer):
    """RecoveryService of a node."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def ListStreams(
        self, request: recovery_pb2.ListStreamsRequest, context: Context
    ) -> recovery_pb2.ListStreamsResponse:
        """What is held for the caller."""
        call = self._based()
        with self._node.journal.read() as db:
            found = self._held(db, call)
        streams = [
            recovery_pb2.HeldStream(
                origin=held.stream.origin, kind=held.stream.kind, counterpart=held.stream.counterpart,  # type: ignore[arg-type]
                epoch=held.epoch, next_number=held.next_number, head_hash=held.head_hash, yours=held.yours,
                stopped=held.stopped,
            )
            for held in found
        ]  # fmt: skip
        now = convert.timestamp(self._node.clock.now())
        return recovery_pb2.ListStreamsResponse(streams=streams, virtual_time=now)

    def FetchBatches(
        self, request: recovery_pb2.FetchBatchesRequest, context: Context
    ) -> recovery_pb2.FetchBatchesResponse:
        """Some of it; whoever hands out 本人確認情報 writes it down."""
        call, node = self._based(), self._node
        wanted = (Stream(request.origin, request.kind, request.counterpart), request.epoch)
        with node.journal.read() as db:
            held = self._held(db, call, wanted)
            if not held:
                raise Refusal(Reason.STREAM_NOT_FOUND)
            found = recovery.batches(db, held[0], max(1, request.from_number), MOST_BATCHES, MOST_BYTES)
        node.journal.write(
            lambda db: audit.append(db, node.clock, audit.Entry(call.path, call.event, call.article, True))
        )
        return recovery_pb2.FetchBatchesResponse(batches=found)

    def _based(self) -> Call:
        """The call, on the rule that has its caller recover."""
        call = current()
        assert call.caller is not None
        call.rule = RULE_OF[call.caller.kind]
        call.article = article(call.rule, self._node.clock.today())
        return call

    @staticmethod
    def _held(db: Connection, call: Call, only: tuple[Stream, int] | None = None) -> list[recovery.Held]:
        assert call.caller is not None
        return recovery.held_for(db, call.path, partial(gate.speaks_for, call.caller), only)


class RecoveryDrillServicer(recovery_pb2_grpc.RecoveryDrillServiceServicer):
    """RecoveryDrillService of a node."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def Recover(self, request: recovery_pb2.RecoverRequest, context: Context) -> recovery_pb2.RecoverResponse:
        """Begin."""
        self._node.recovery.start(request.accept_missing)
        return recovery_pb2.RecoverResponse()

    def GetRecovery(
        self, request: recovery_pb2.GetRecoveryRequest, context: Context
    ) -> recovery_pb2.GetRecoveryResponse:
        """How it stands."""
        return self._node.recovery.report()


def recovery_service(node: Node) -> Service:
    """RecoveryService, ready to be served."""
    servicer = RecoveryServicer(node)
    return Service(
        "jukinet.v1.RecoveryService",
        lambda server: recovery_pb2_grpc.add_RecoveryServiceServicer_to_server(servicer, server),
    )


def recovery_drill_service(node: Node) -> Service:
    """RecoveryDrillService, ready to be served."""
    servicer = RecoveryDrillServicer(node)
    return Service(
        "jukinet.v1.RecoveryDrillService",
        lambda server: recovery_pb2_grpc.add_RecoveryDrillServiceServicer_to_server(servicer, server),
    )
