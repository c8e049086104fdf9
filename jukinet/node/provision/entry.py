"""What the audit row says of a provision: everything but about whom."""

from __future__ import annotations

from google.protobuf.message import Message

from jukinet.model.codes import names_somebody
from jukinet.refusal import Refusal
from jukinet.v1 import audit_pb2
from jukinet.v1 import provision_pb2 as pb
from jukinet.wire.call import Call

MOST_WORD = 64


def refused(provider: str, call: Call, refusal: Refusal) -> bytes:
    """What somebody asked for in vain; empty for anything but a provision."""
    question = getattr(call.request, "question", call.request)
    if not isinstance(question, pb.ProvideIdentificationRequest | pb.ProvideBulkRequest):
        return b""
    form = pb.PROVISION_FORM_IMMEDIATE
    if isinstance(question, pb.ProvideBulkRequest):
        form = pb.PROVISION_FORM_MEDIUM if call.event == "LoadMedium" else pb.PROVISION_FORM_LINE
    entry = audit_pb2.ProvisionEntry(
        provider=provider,
        office=getattr(call.request, "office", "")[:MOST_WORD] or call.path,
        via=call.path if isinstance(call.request, pb.PassOnProvisionRequest) else "",
        form=form,
        affair=_safe(question.purpose.affair),
        asked=len(question.questions) if isinstance(question, pb.ProvideBulkRequest) else 1,
        case_number=_safe(question.purpose.case_number),
        missing=refusal.facts.get("clause", ""),
    )
    return serialized(entry)


def _safe(words: str) -> str:
    """What somebody wrote, unless it may name a person."""
    return "?" if names_somebody(words) else words[:MOST_WORD]


def serialized(entry: Message) -> bytes:
    """As it stands in the row."""
    return entry.SerializeToString(deterministic=True)


def read(provision: bytes) -> audit_pb2.ProvisionEntry:
    """What the row says."""
    return audit_pb2.ProvisionEntry.FromString(provision)
