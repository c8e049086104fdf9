"""Refusals on the wire: google.rpc.Status with one ErrorInfo and a Japanese LocalizedMessage, there and back."""

from __future__ import annotations

from dataclasses import dataclass

import grpc
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from jukinet.model.reason import Reason
from jukinet.refusal import CATALOG, Refusal

DOMAIN = "jukinet.v1"


@dataclass(frozen=True, slots=True)
class Answer:
    """A refusal as the caller sees it. `reason` is UNKNOWN where the other end is no node of ours."""

    reason: str
    definite: bool
    message: str
    japanese: str = ""
    article: str = ""
    facts: tuple[tuple[str, str], ...] = ()


LINE_FULL = "Concurrent RPC limit exceeded!"
"""What grpc itself answers beyond the bound of a listener, before any code of ours runs."""


def abort(context: grpc.ServicerContext, refusal: Refusal) -> None:
    """End the call with this refusal; raises grpc's own bare Exception."""
    context.abort_with_status(rpc_status.to_status(_message(refusal)))


def _message(refusal: Refusal) -> status_pb2.Status:
    spec = refusal.spec
    info = error_details_pb2.ErrorInfo(
        reason=refusal.reason.value,
        domain=DOMAIN,
        metadata={"article": refusal.article, "definite": str(spec.definite).lower(), **refusal.facts},
    )
    local = error_details_pb2.LocalizedMessage(locale="ja-JP", message=spec.japanese)
    status = status_pb2.Status(code=code_pb2.Code.Value(spec.code), message=spec.english)
    status.details.add().Pack(info)
    status.details.add().Pack(local)
    return status


def read(error: grpc.RpcError) -> Answer:
    """What a failed call says."""
    found = rpc_status.from_call(error) if isinstance(error, grpc.Call) else None
    if found is None:
        code = error.code().name if isinstance(error, grpc.Call) else "UNKNOWN"
        if code == grpc.StatusCode.RESOURCE_EXHAUSTED.name and error.details() == LINE_FULL:
            busy = CATALOG[Reason.BUSY]
            return Answer(Reason.BUSY.value, busy.definite, busy.english, busy.japanese)
        spec = CATALOG[Reason.PEER_UNREACHABLE]
        return Answer(f"{Reason.PEER_UNREACHABLE.value}:{code}", False, spec.english, spec.japanese)
    info, local = error_details_pb2.ErrorInfo(), error_details_pb2.LocalizedMessage()
    for detail in found.details:
        detail.Unpack(info)
        detail.Unpack(local)
    facts = dict(info.metadata)
    article, definite = facts.pop("article", ""), facts.pop("definite", "false") == "true"
    return Answer(
        info.reason or "UNKNOWN", definite, found.message, local.message, article, tuple(sorted(facts.items()))
    )
