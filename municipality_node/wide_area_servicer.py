"""WideAreaService: what other municipalities may ask of this one; the answer is a signed batch in both journals."""

from __future__ import annotations

from dataclasses import replace

from jukinet.law.basis import article
from jukinet.model.stream import Keys, Stream
from jukinet.node import tail
from jukinet.node.act import Done, perform
from jukinet.node.answering import say
from jukinet.node.node import Node
from jukinet.store import audit
from jukinet.store.database import Connection
from jukinet.v1 import wide_area_pb2 as pb
from jukinet.v1 import wide_area_pb2_grpc
from jukinet.wire import convert_issuance
from jukinet.wire.call import Call, current
from jukinet.wire.server import Context, Service
from municipality_node.acts.issuance import send_wide_area_record
from municipality_node.acts.support import Held
from municipality_node.desk import Desk
from municipality_node.wide_area import KIND


class WideAreaServicer(wide_area_pb2_grpc.WideAreaServiceServicer):
    """WideAreaService of a municipality. Origin is the mayor's computer, also for wards (令31条の2)."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def SendWideAreaRecord(
        self, request: pb.SendWideAreaRecordRequest, context: Context
    ) -> pb.SendWideAreaRecordResponse:
        """住所地市町村長の通知."""
        node, call = self._node, _without_number(current(), request)
        asked = convert_issuance.wide_area_request(request)

        def work(db: Connection) -> Done:
            found = send_wide_area_record(Desk(db, node.clock, node.identity), asked)
            said = [
                (
                    convert_issuance.wide_area_record_message(record).SerializeToString(),
                    Keys(int(resident.person.resident_code)),
                )
                for resident, record in found
            ]
            batch = say(node, db, Stream(node.identity.name, KIND, _asker(call)), said)
            numbered = any(record.individual_number for _, record in found)
            answer = pb.SendWideAreaRecordResponse(batches=[batch])
            return Done(answer, [resident.id for resident, _ in found], numbered)

        try:
            answer = perform(node.journal, node.clock, call, pb.SendWideAreaRecordResponse, work)
        except Held as held:
            self._note(call, held)
            raise
        with node.journal.read() as db:
            return pb.SendWideAreaRecordResponse(batches=tail.up_to(db, answer.batches[-1], request.next_number))

    def _note(self, call: Call, held: Held) -> None:
        """Write down whose record was asked for and held back: for this municipality alone."""
        entry = audit.Entry(
            call.path, "HoldWideAreaRecord", article("hold_for_support", self._node.clock.today()), False,
            "HELD", call.request_id, subjects=held.subjects,
        )  # fmt: skip
        self._node.journal.write(lambda db: audit.append(db, self._node.clock, entry))


def _without_number(call: Call, request: pb.SendWideAreaRecordRequest) -> Call:
    """The call as it is compared with its repeats: what the asker expects next may have moved on meanwhile."""
    bare = pb.SendWideAreaRecordRequest()
    bare.CopyFrom(request)
    bare.ClearField("next_number")
    return replace(call, request=bare, _digest=b"")


def _asker(call: Call) -> str:
    assert call.caller is not None
    return call.caller.name


def wide_area_service(node: Node) -> Service:
    """WideAreaService, ready to be served."""
    servicer = WideAreaServicer(node)
    return Service(
        "jukinet.v1.WideAreaService",
        lambda server: wide_area_pb2_grpc.add_WideAreaServiceServicer_to_server(servicer, server),
    )
