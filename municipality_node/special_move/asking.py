"""Asks the municipality that was left for the 転出証明書情報: once for each report, however often it is repeated."""

from __future__ import annotations

from google.protobuf.message import DecodeError

from jukinet.model import areas, successions
from jukinet.model.identification import Certificate
from jukinet.model.reason import Reason
from jukinet.node import tail
from jukinet.node.answering import look_up
from jukinet.node.node import Node
from jukinet.pki.signing import sha256
from jukinet.refusal import Refusal
from jukinet.v1 import intermunicipal_pb2, intermunicipal_pb2_grpc, relay_pb2
from jukinet.wire import convert
from jukinet.wire.call import Call

KIND = int(relay_pb2.STREAM_KIND_MOVE_OUT_CERTIFICATE)


def ask_certificate(node: Node, call: Call, resident_code: str, former_area_code: str, area_code: str) -> Certificate:
    """最初の転入届を受けた旨 to the municipality that was left; its answer is journaled before it is used.

    The question's id follows from the clerk's request_id: a report that is repeated after the line broke asks the same.
    """
    area = areas.find(former_area_code)
    peer = f"municipality/{area.city_code if area is not None and area.kind == 'ward' else former_area_code}"
    request = intermunicipal_pb2.SendMoveOutCertificateRequest(
        request_id=sha256(f"{call.path}\0{call.method}\0{call.request_id}".encode()).hex(),
        resident_code=resident_code,
        former_area_code=former_area_code,
        area_code=area_code,
        next_number=tail.awaited(node, peer, KIND),
    )
    stub = intermunicipal_pb2_grpc.IntermunicipalServiceStub
    answer = look_up(node, peer, stub, "SendMoveOutCertificate", request, call.article)
    said = tail.take(node, peer, KIND, answer.batches)
    try:
        certificate = convert.certificate(intermunicipal_pb2.MoveOutCertificate.FromString(said[-1]))
    except DecodeError as error:
        raise Refusal(Reason.RECORD_MALFORMED, call.article) from error
    # The card may name a code that was changed, and an area that has become another: the answer names what they are.
    if not certificate.members or not successions.are_kin(
        certificate.former_area_code, former_area_code, node.clock.today()
    ):
        raise Refusal(Reason.RECORD_MALFORMED, call.article)
    return certificate
