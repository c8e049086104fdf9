"""What a drill sees of a node: status, ledger, journal, evidence; only the evidence names anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from google.protobuf.message import DecodeError

from jukinet.clock import from_micros
from jukinet.law.area import PASSED_ON
from jukinet.law.basis import article
from jukinet.model import areas
from jukinet.model.identification import ChangeKind, ChangeReason
from jukinet.model.reason import Reason
from jukinet.pki import merkle
from jukinet.pki.identity import Identity
from jukinet.refusal import CATALOG, Refusal
from jukinet.store import journal as journal_store
from jukinet.store import ledger as ledger_store
from jukinet.store import links, quarantine
from jukinet.store.projector import SALT, leaves
from jukinet.v1 import drill_pb2, identification_pb2, recovery_pb2, relay_pb2
from jukinet.wire import basis, convert

if TYPE_CHECKING:
    from jukinet.node.config import Passage
    from jukinet.node.node import Node

PAGE = 1_000


def status(node: Node) -> drill_pb2.GetStatusResponse:
    """How the node is."""
    with node.journal.read() as db:
        position, _ = journal_store.head(db)
        pending = journal_store.count_pending(db)
        states = [_link(node, peer, *links.backlog(db, peer)) for peer in links.peers(db)]
    with node.register.read() as db:
        quarantined = ledger_store.quarantined(db)
        open_quarantined = quarantine.count_open(db)
    errors = node.local.error_queue(0, 1)
    live, tasks, due = node.local.live(), node.local.tasks(), node.local.due()
    certificate = x509.load_der_x509_certificate(node.credentials.current.certificate_der)
    answer = drill_pb2.GetStatusResponse(
        node=node.config.path,
        display_name=display_name(node.identity),
        virtual_time=convert.timestamp(node.clock.now()),
        virtual_clock=node.clock.virtual,
        lamport_time=node.clock.lamport,
        journal_position=position,
        applied_position=node.projector.position,
        live_records=sum(live.values()),
        live_by_origin=[drill_pb2.OriginCount(area_code=a, live_records=n) for a, n in sorted(live.items())],
        pending_records=pending + node.local.unpassed(),
        quarantined_records=quarantined,
        open_quarantined_records=open_quarantined,
        code_pool=tasks.code_pool,
        tasks=tasks.waiting,
        links=states,
        directory_version=node.directory.current.version,
        directory_fault=node.directory.fault,
        certificate_expire_time=convert.timestamp(certificate.not_valid_after_utc),
        flagged_codes=node.local.flagged(),
        participation=node.participation.mode.name,
        open_errors=errors.waiting + errors.reported,
        storage_failed=node.journal.failed or node.register.failed,
        recovery=recovery_pb2.RecoveryStatus(
            recovering=node.recovery.recovering, records_to_complete=len(node.local.to_complete())
        ),
    )
    compared = node.local.reconciling.report().virtual_time if node.local.reconciling else 0
    if compared:
        answer.reconcile_time.CopyFrom(convert.timestamp(from_micros(compared)))
    if due is not None:
        answer.next_due_time.CopyFrom(convert.timestamp(due))
    return answer


def display_name(identity: Identity) -> str:
    """The node's name in Japanese."""
    if identity.kind == "jlis":
        return "機構（全国サーバ）"
    area = areas.find(identity.area_code)
    return area.full_name if area else identity.path


def _link(node: Node, peer: str, batches: int, records: int) -> drill_pb2.LinkStatus:
    link = node.links.get(peer)
    shown = link.shown if link else None
    return drill_pb2.LinkStatus(
        peer=peer,
        state=shown.state if shown else "IDLE",
        backlog_batches=batches,
        backlog_records=records,
        attempts=shown.attempts if shown else 0,
        last_fault=shown.last_fault if shown else "",
        remedy=shown.remedy if shown else "",
    )


def ledger(node: Node, page_size: int, page_token: str) -> drill_pb2.ListLedgerResponse:
    """A page of the ledger, in a fixed order."""
    with node.journal.read() as db, node.register.read() as register:
        rows = [
            *ledger_store.sent(db),
            *ledger_store.heard(db, register),
            *ledger_store.answered(db, basis.answered_kinds()),
        ]
    rows.sort(key=lambda row: (row.stream, row.epoch, row.peer, row.sending))
    start = int(page_token or "0")
    size = min(page_size or PAGE, PAGE)
    following = str(start + size) if len(rows) > start + size else ""
    return drill_pb2.ListLedgerResponse(
        rows=[_ledger_row(row) for row in rows[start : start + size]], next_page_token=following
    )


def _ledger_row(row: ledger_store.Row) -> drill_pb2.LedgerRow:
    return drill_pb2.LedgerRow(
        origin=row.stream.origin,
        kind=row.stream.kind,  # type: ignore[arg-type]
        counterpart=row.stream.counterpart,
        epoch=row.epoch,
        peer=row.peer,
        sending=row.sending,
        records=row.records,
        acknowledged=row.acknowledged,
        applied=row.applied,
        quarantined=row.quarantined,
        last_number=row.last_number,
        head_hash=row.head_hash,
        stopped=row.stopped,
    )


def journal_page(node: Node, after: int, page_size: int) -> drill_pb2.ListJournalResponse:
    """A page of the journal, in order of position."""
    with node.journal.read() as db:
        found = list(journal_store.entries(db, after, min(page_size or PAGE, PAGE)))
    return drill_pb2.ListJournalResponse(entries=entries(node, found))


def entries(node: Node, found: Sequence[journal_store.Entry]) -> list[drill_pb2.JournalEntry]:
    """Rows of the journal, as they are shown."""
    passages = node.local.passages(found)
    return [_entry(node, entry, passages.get(entry.position)) for entry in found]


def _entry(node: Node, entry: journal_store.Entry, passage: Passage | None) -> drill_pb2.JournalEntry:
    header = entry.envelope.header
    if entry.said:
        rule = basis.first_rule(header.kind)
    else:
        hop = basis.hop(header.kind, Identity.parse(entry.peer).kind, node.identity.kind)
        rule = hop.rule if hop else ""
    received = from_micros(entry.receive_virtual_time)
    return drill_pb2.JournalEntry(
        position=entry.position,
        said=entry.said,
        peer=entry.peer,
        rule=rule,
        article=article(rule, received.date()),
        header=header,
        header_hash=entry.envelope.header_hash,
        receive_time=convert.timestamp(from_micros(entry.receive_time)),
        lamport_time=entry.lamport_time,
        receive_virtual_time=convert.timestamp(received),
        summaries=_summaries(entry.envelope),
        passage=_passage(header.kind, passage) if passage else None,
    )


def _passage(kind: int, passage: Passage) -> drill_pb2.Passage:
    passed, rule = from_micros(passage.virtual_time), PASSED_ON[kind]
    return drill_pb2.Passage(
        real_time=convert.timestamp(from_micros(passage.real_time)),
        virtual_time=convert.timestamp(passed),
        lamport_time=passage.lamport_time,
        rule=rule,
        article=article(rule, passed.date()),
    )


def _summaries(envelope: journal_store.Envelope) -> list[str]:
    """What happened, counted; never to whom."""
    if envelope.header.kind != relay_pb2.STREAM_KIND_IDENTIFICATION:
        return [f"{envelope.size}件"]
    counts: Counter[str] = Counter()
    try:
        payload = relay_pb2.BatchPayload.FromString(envelope.batch.payload)
        erased = {one.index for one in payload.redacted}
        for index, record in enumerate(payload.records):
            if index in erased:
                counts["保存期間経過"] += 1
                continue
            change = identification_pb2.IdentificationRecord.FromString(record).change
            counts[f"{ChangeKind(change.kind).japanese}・{ChangeReason(change.reason).japanese}"] += 1
    except (DecodeError, ValueError):
        return [CATALOG[Reason.RECORD_MALFORMED].japanese]
    return [f"{what} {count}件" for what, count in counts.items()]


def evidence(node: Node, position: int, index: int) -> drill_pb2.GetEvidenceResponse:
    """One record with signature, certificate and Merkle path; no other record of its batch."""
    with node.journal.read() as db:
        entry = journal_store.entry(db, position)
    if entry is None or not 0 <= index < entry.envelope.size:
        raise Refusal(Reason.RESIDENT_NOT_FOUND)
    batch = entry.envelope.batch
    payload = relay_pb2.BatchPayload.FromString(batch.payload)
    if any(one.index == index for one in payload.redacted):
        raise Refusal(Reason.RECORD_ERASED)
    certificate = x509.load_der_x509_certificate(batch.certificate)
    return drill_pb2.GetEvidenceResponse(
        header=batch.header,
        signature=batch.signature,
        certificate_pem=certificate.public_bytes(Encoding.PEM),
        root_pem=node.credentials.root_pem,
        record=payload.records[index],
        salt=payload.salts[index * SALT : (index + 1) * SALT],
        index=index,
        size=entry.envelope.size,
        path=merkle.path(leaves(payload), index),
    )
