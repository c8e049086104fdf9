"""One message, all that can be said of it: article, certificates, fields sent and withheld, signature, proof, hops."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from google.protobuf.message import DecodeError, Message

from jukinet.console import fields
from jukinet.console.network import certificate, described
from jukinet.console.texts import Text
from jukinet.drill.doing import message as message_class
from jukinet.drill.filling import shown
from jukinet.drill.messages import NOTICE
from jukinet.model.codes import NUMBERS, masked
from jukinet.model.provision import Field
from jukinet.pki import merkle
from jukinet.pki.keyring import load_certificate, p256_key
from jukinet.pki.signing import sha256, verify_digest
from jukinet.stack.fault import StackFault
from jukinet.stack.reach import Reach
from jukinet.store.spool import Spool
from jukinet.v1 import drill_pb2, relay_pb2
from jukinet.wire.client import Refused

MOST_VALUE = 60


def look(reach: Reach, spool: Spool, found: dict[str, Any]) -> dict[str, Any]:
    """What the panel shows of a message of the spool."""
    hops = spool.hops(found["header_hash"])
    place = next((number for number, hop in enumerate(hops) if hop["id"] == found["id"]), 0)
    told: dict[str, Any] = {
        "message": found,
        "real_time": datetime.fromisoformat(found["real_time"]),
        "virtual_time": datetime.fromisoformat(found["virtual_time"]),
        "sender": certificate(reach, found["sender"]),
        "receiver": certificate(reach, found["receiver"]),
        "signer": None, "evidence": None, "sent": [], "withheld": [], "panel": None,
        "hops": hops, "previous": hops[place - 1] if place else None,
        "following": hops[place + 1] if place + 1 < len(hops) else None,
    }  # fmt: skip
    if found["kind"] == NOTICE:
        told |= _notice(reach, found)
    elif found["provision"]:
        told |= _provision(found["provision"])
    return told


def _notice(reach: Reach, found: dict[str, Any]) -> dict[str, Any]:
    request = drill_pb2.GetEvidenceRequest(position=found["place"], index=0)
    try:
        evidence = reach.drill(found["receiver"], "GetEvidence", request)
    except (Refused, StackFault) as fault:
        return {"evidence_fault": str(fault)}
    assert isinstance(evidence, drill_pb2.GetEvidenceResponse)
    header = relay_pb2.StreamHeader.FromString(evidence.header)
    panel = fields.of_rule(found["rule"], header.kind) or next(iter(fields.of_kind(header.kind)), None)
    day = datetime.fromisoformat(found["virtual_time"]).date()
    record = _record(panel.message, evidence.record) if panel else None
    sent = [
        {"name": one.name, "article": one.article, "note": one.note, "value": _value(record, one.path)}
        for one in (panel.sent_on(day) if panel else ())
    ]
    return {
        "signer": described(load_certificate(evidence.certificate_pem)), "evidence": _proof(evidence, header),
        "panel": panel, "sent": sent, "withheld": panel.withheld if panel else (),
    }  # fmt: skip


def _proof(evidence: drill_pb2.GetEvidenceResponse, header: relay_pb2.StreamHeader) -> dict[str, Any]:
    key = p256_key(load_certificate(evidence.certificate_pem))
    leaf = merkle.leaf_hash(evidence.salt, evidence.record)
    return {
        "signed": verify_digest(key, evidence.signature, sha256(evidence.header)),
        "proved": merkle.verify(leaf, evidence.index, evidence.size, list(evidence.path), header.records_root),
        "signature": evidence.signature.hex(), "root": header.records_root.hex(), "leaf": leaf.hex(),
        "index": evidence.index + 1, "size": evidence.size, "steps": len(evidence.path),
        "path": [one.hex() for one in evidence.path],
    }  # fmt: skip


def _record(name: str, data: bytes) -> Message | None:
    try:
        found: Message = message_class(f"jukinet.v1.{name}")()
        found.ParseFromString(data)
    except (DecodeError, StopIteration):
        return None
    return found


def _value(record: Message | None, path: str) -> str:
    """What the first record says there, numbers masked; empty where it says nothing."""
    holder: Any = record
    field = None
    for part in path.split(".") if path else ():
        if not isinstance(holder, Message) or part not in holder.DESCRIPTOR.fields_by_name:
            return ""
        field = holder.DESCRIPTOR.fields_by_name[part]
        if field.message_type is not None and not field.is_repeated and not holder.HasField(part):
            return ""
        holder = getattr(holder, part)
    if field is None or not holder:
        return ""
    if field.name in NUMBERS:
        return masked(str(holder))
    value = shown(holder, field)
    if isinstance(value, Message) or field.is_repeated:
        return f"{len(holder)}" if field.is_repeated else "…"
    return str(value)[:MOST_VALUE]


def _provision(said: dict[str, Any]) -> dict[str, Any]:
    names = {field.name: Text(field.japanese, field.name.lower().replace("_", " ")) for field in Field}
    sent = [{"name": names[one], "article": "", "note": None, "value": ""} for one in said["given"]]
    withheld = [{"name": names[one["field"]], "why": None, "article": one["article"]} for one in said["withheld"]]
    return {"sent": sent, "withheld": withheld}
