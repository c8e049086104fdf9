"""`on_anomaly = stop_link`: a governor who takes no batch that holds a faulty record, as in 2013."""

from __future__ import annotations

from jukinet.model.finding import Finding, FindingKind
from jukinet.model.reason import Reason
from jukinet.node.config import STOP_LINK
from jukinet.node.node import Node
from jukinet.node.quarantine import policy
from jukinet.store import findings, register
from jukinet.store.database import Connection
from jukinet.store.journal import Envelope
from jukinet.store.projector import open_payload
from jukinet.v1 import relay_pb2


def refuse_anomaly(node: Node, db: Connection, envelope: Envelope) -> Reason | None:
    """Why the next batch of a stream is refused for good; None if it is taken, which mends what was refused before it.

    Only records are looked at here: a payload that cannot be read stops its stream by itself once it is journaled.
    """
    header, day = envelope.header, node.clock.today()
    if header.kind != relay_pb2.STREAM_KIND_IDENTIFICATION:
        return None
    opened = open_payload(envelope)
    fault = None
    if policy(node, db) == STOP_LINK and opened.fault is None:
        fault = register.first_fault(envelope, opened.records, opened.erased)
    if fault is None:
        findings.mend_refused(db, header.origin, header.epoch, header.last_number, day)
        return None
    index, reason = fault
    number = header.first_number + index
    found = Finding(FindingKind.REFUSED, header.origin, epoch=header.epoch, number=number, reason=reason.value)
    findings.note(db, found, day)
    return Reason.ANOMALY
