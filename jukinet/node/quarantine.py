"""QuarantineDrillService: what this node has set aside, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jukinet.clock import from_micros
from jukinet.model.reason import Reason
from jukinet.node.act import Done, perform
from jukinet.node.config import QUARANTINE, STOP_LINK
from jukinet.refusal import Refusal
from jukinet.store import journal, quarantine, settings
from jukinet.store.database import Connection
from jukinet.store.quarantine import BY_HAND, Listed
from jukinet.store.releasing import release
from jukinet.v1 import quarantine_pb2 as pb
from jukinet.v1 import quarantine_pb2_grpc, relay_pb2
from jukinet.wire import convert
from jukinet.wire.call import current
from jukinet.wire.server import Context, Service

if TYPE_CHECKING:
    from jukinet.node.node import Node

PAGE = 1_000
ON_ANOMALY = "on_anomaly"
POLICIES = {pb.ANOMALY_POLICY_QUARANTINE: QUARANTINE, pb.ANOMALY_POLICY_STOP_LINK: STOP_LINK}
_OF_POLICY = {word: value for value, word in POLICIES.items()}


def policy(node: Node, journal_db: Connection) -> str:
    """What is done with a faulty record: what the console said last, else what the node was told at its start."""
    return settings.find(journal_db, ON_ANOMALY) or node.config.on_anomaly


class QuarantineDrillServicer(quarantine_pb2_grpc.QuarantineDrillServiceServicer):
    """QuarantineDrillService of a node."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def ListQuarantine(self, request: pb.ListQuarantineRequest, context: Context) -> pb.ListQuarantineResponse:
        """What was set aside."""
        node, size = self._node, min(request.page_size if request.page_size > 0 else PAGE, PAGE)
        node.read_own_writes()
        with node.register.read() as db:
            found = quarantine.page(db, _after(request.page_token), size, open_only=not request.with_settled)
        with node.journal.read() as db:
            times = journal.receive_times(db, {one.position for one in found})
            word = policy(node, db)
        following = f"{found[-1].position}:{found[-1].record}" if len(found) == size else ""
        return pb.ListQuarantineResponse(
            records=[_message(one, times.get(one.position, 0)) for one in found],
            next_page_token=following,
            policy=_OF_POLICY[word],
        )

    def ReleaseQuarantined(
        self, request: pb.ReleaseQuarantinedRequest, context: Context
    ) -> pb.ReleaseQuarantinedResponse:
        """Apply it after all."""
        node, call = self._node, current()

        def work(db: Connection) -> Done:
            entry = journal.entry(db, request.position)

            def released(register: Connection) -> Done:
                listed = quarantine.find(register, request.position, request.index)
                if entry is None or listed is None or listed.settled:
                    raise Refusal(Reason.NOT_SET_ASIDE, call.article)
                still = len(release(node.projector, register, entry, request.index))
                message = _message(listed, entry.receive_virtual_time)
                message.state = pb.QUARANTINE_STATE_RELEASED
                return Done(
                    pb.ReleaseQuarantinedResponse(record=message, applied=listed.records - still, still_set_aside=still)
                )

            # Journal first, then register, as nobody takes them the other way round.
            return released(db) if node.register is node.journal else node.register.write(released)

        return perform(node.journal, node.clock, call, pb.ReleaseQuarantinedResponse, work)

    def SetAnomalyPolicy(self, request: pb.SetAnomalyPolicyRequest, context: Context) -> pb.SetAnomalyPolicyResponse:
        """From now on."""
        node, call = self._node, current()
        if node.identity.kind != "prefecture":
            raise Refusal(Reason.NOT_HERE, call.article)
        if request.policy not in POLICIES:
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, call.article, field="policy")

        def work(db: Connection) -> Done:
            before = _OF_POLICY[policy(node, db)]
            settings.put(db, ON_ANOMALY, POLICIES[request.policy])
            return Done(pb.SetAnomalyPolicyResponse(before=before))

        return perform(node.journal, node.clock, call, pb.SetAnomalyPolicyResponse, work)


def _after(token: str) -> tuple[int, int]:
    position, _, index = token.partition(":")
    try:
        return (int(position), int(index)) if token else (0, 0)
    except ValueError as error:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, current().article, field="page_token") from error


def _message(one: Listed, received: int) -> pb.QuarantinedRecord:
    states = {0: pb.QUARANTINE_STATE_OPEN, BY_HAND: pb.QUARANTINE_STATE_SETTLED}
    return pb.QuarantinedRecord(
        position=one.position,
        index=one.record,
        origin=one.origin,
        kind=relay_pb2.StreamKind.ValueType(one.kind),
        epoch=one.epoch,
        number=one.number,
        reason=one.reason,
        records=one.records,
        day=convert.day_message(from_micros(received).date()) if received else None,
        state=states.get(one.settled, pb.QUARANTINE_STATE_MENDED),
        mended_by=max(one.settled, 0),
    )


def quarantine_service(node: Node) -> Service:
    """QuarantineDrillService, ready to be served."""
    servicer = QuarantineDrillServicer(node)
    return Service(
        "jukinet.v1.QuarantineDrillService",
        lambda server: quarantine_pb2_grpc.add_QuarantineDrillServiceServicer_to_server(servicer, server),
    )
