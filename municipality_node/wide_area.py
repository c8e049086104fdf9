"""交付地 asks 住所地 within the clerk's call, and journals the signed answer before anything is made of it."""

from __future__ import annotations

from google.protobuf.message import DecodeError

from jukinet.model.reason import Reason
from jukinet.model.stream import Stream
from jukinet.model.wide_area import WideAreaRecord, WideAreaRequest
from jukinet.node.act import MOST_ID
from jukinet.node.answering import look_up
from jukinet.node.node import Node
from jukinet.pki.identity import Identity
from jukinet.pki.signing import sha256
from jukinet.refusal import Refusal
from jukinet.store import journal
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
    stream = Stream(Identity.parse(peer).name, KIND, node.identity.name)
    with node.journal.read() as db:
        standing = journal.standing(db, stream)
    expected = standing.next_number if standing else 1
    request = convert_issuance.wide_area_request_message(asked, _request_id(call), expected)
    answer = look_up(node, peer, wide_area_pb2_grpc.WideAreaServiceStub, "SendWideAreaRecord", request, call.article)
    for batch in answer.batches:
        node.receiver.take_answer(peer, KIND, batch)
    try:
        raw = relay_pb2.BatchPayload.FromString(answer.batches[-1].payload).records if answer.batches else ()
        return [convert_issuance.wide_area_record(wide_area_pb2.WideAreaRecord.FromString(one)) for one in raw]
    except DecodeError as error:
        raise Refusal(Reason.RECORD_MALFORMED, call.article) from error


def _request_id(call: Call) -> str:
    """The clerk's, with the clerk's name: two clerks may use the same."""
    clerk = call.path.rpartition("/")[2]
    text = f"{clerk}:{call.request_id}"
    return text if len(text) <= MOST_ID else sha256(text.encode()).hex()
