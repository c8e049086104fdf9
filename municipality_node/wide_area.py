"""交付地 asks 住所地 within the clerk's call, and journals the signed answer before anything is made of it."""

from __future__ import annotations

from google.protobuf.message import DecodeError

from jukinet.model.reason import Reason
from jukinet.model.wide_area import WideAreaRecord, WideAreaRequest
from jukinet.node import tail
from jukinet.node.act import MOST_ID
from jukinet.node.answering import look_up
from jukinet.node.node import Node
from jukinet.pki.signing import sha256
from jukinet.refusal import Refusal
from jukinet.v1 import relay_pb2, wide_area_pb2, wide_area_pb2_grpc
from jukinet.wire import convert_issuance, gate
from jukinet.wire.call import Call

KIND = int(relay_pb2.STREAM_KIND_WIDE_AREA_RECORD)


def ask_wide_area_record(node: Node, call: Call, asked: WideAreaRequest) -> list[WideAreaRecord]:
    """法12条の4第2項 and 第3項. The question bears the clerk's request_id: repeated, it brings the same answer.

    Answers that were lost on the way come again before this one, so that the stream has no gap here.
    """
    peer = gate.node_of(asked.area_code, node.directory.current)
    if peer is None:
        raise Refusal(Reason.PEER_UNREACHABLE, call.article)
    request = convert_issuance.wide_area_request_message(asked, _request_id(call), tail.awaited(node, peer, KIND))
    answer = look_up(node, peer, wide_area_pb2_grpc.WideAreaServiceStub, "SendWideAreaRecord", request, call.article)
    said = tail.take(node, peer, KIND, answer.batches)
    try:
        return [convert_issuance.wide_area_record(wide_area_pb2.WideAreaRecord.FromString(one)) for one in said]
    except DecodeError as error:
        raise Refusal(Reason.RECORD_MALFORMED, call.article) from error


def _request_id(call: Call) -> str:
    """The clerk's, with the clerk's name: two clerks may use the same."""
    clerk = call.path.rpartition("/")[2]
    text = f"{clerk}:{call.request_id}"
    return text if len(text) <= MOST_ID else sha256(text.encode()).hex()
