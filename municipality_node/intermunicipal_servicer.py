"""IntermunicipalService: what this municipality answers to another, as a signed batch journaled on both sides."""

from __future__ import annotations

from jukinet.model.stream import Keys, Stream
from jukinet.node import tail
from jukinet.node.act import Done, perform
from jukinet.node.answering import say
from jukinet.node.node import Node
from jukinet.store.database import Connection
from jukinet.v1 import intermunicipal_pb2 as pb
from jukinet.v1 import intermunicipal_pb2_grpc, relay_pb2
from jukinet.wire import convert
from jukinet.wire.call import Call, current
from jukinet.wire.server import Context, Service
from municipality_node.acts import special_move
from municipality_node.desk import Desk

CERTIFICATE = int(relay_pb2.STREAM_KIND_MOVE_OUT_CERTIFICATE)


class IntermunicipalServicer(intermunicipal_pb2_grpc.IntermunicipalServiceServicer):
    """IntermunicipalService of a municipality."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def SendMoveOutCertificate(
        self, request: pb.SendMoveOutCertificateRequest, context: Context
    ) -> pb.SendMoveOutCertificateResponse:
        """転出証明書情報."""
        call, node = current(), self._node
        asker = call.caller
        assert asker is not None
        # Where the asker stands is no part of the question: a repeat from elsewhere is still a repeat.
        question = pb.SendMoveOutCertificateRequest()
        question.CopyFrom(request)
        question.ClearField("next_number")
        asked = Call(call.method, question, asker, call.rule, call.article)

        def work(db: Connection) -> Done:
            desk = Desk(db, node.clock, node.identity)
            certificate, subjects = special_move.send_move_out_certificate(
                desk, asker, request.resident_code, request.former_area_code, request.area_code
            )
            record = convert.certificate_message(certificate).SerializeToString()
            stream = Stream(node.identity.name, CERTIFICATE, asker.name)
            batch = say(node, db, stream, [(record, Keys(int(request.resident_code)))])
            numbered = any(member.identification.individual_number for member in certificate.members)
            return Done(pb.SendMoveOutCertificateResponse(batches=[batch]), subjects, numbered)

        node.read_own_writes()
        (answer,) = perform(node.journal, node.clock, asked, pb.SendMoveOutCertificateResponse, work).batches
        with node.journal.read() as db:
            return pb.SendMoveOutCertificateResponse(batches=tail.up_to(db, answer, request.next_number))


def intermunicipal_service(node: Node) -> Service:
    """IntermunicipalService, ready to be served."""
    servicer = IntermunicipalServicer(node)
    return Service(
        "jukinet.v1.IntermunicipalService",
        lambda server: intermunicipal_pb2_grpc.add_IntermunicipalServiceServicer_to_server(servicer, server),
    )
