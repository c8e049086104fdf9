"""What is held of one person, what the journal says of it, and what was given of it; reading only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from google.protobuf.message import DecodeError
from google.protobuf.timestamp_pb2 import Timestamp

from jukinet.clock import from_micros
from jukinet.model.codes import resident_code_is_valid
from jukinet.model.holding import PersonKind
from jukinet.model.reason import Reason
from jukinet.node.disclosure.acts import office_name
from jukinet.node.provision import entry as provision_entry
from jukinet.refusal import Refusal
from jukinet.store import audit_log, journal, provided
from jukinet.store import holding as store
from jukinet.store.database import Connection
from jukinet.store.journal import Entry
from jukinet.store.projector import WHOLE
from jukinet.v1 import holding_pb2 as pb
from jukinet.v1 import identification_pb2 as ipb
from jukinet.v1 import provision_pb2, relay_pb2
from jukinet.wire import convert

if TYPE_CHECKING:
    from jukinet.node.node import Node

MOST_HISTORY, MOST_BYTES = 2_000, 2 * 1024 * 1024
MOST_MESSAGES = 1_000
MOST_PROVISIONS = 500
MOST_PERSONS = 1_000
IDENTIFICATION = relay_pb2.STREAM_KIND_IDENTIFICATION
POOL = int(relay_pb2.STREAM_KIND_CODE_DESIGNATION)
"""A pool names codes, not people."""
EVERYTHING = 1 << 62
MOST_DIGITS = 19


def holding(node: Node, request: pb.GetHoldingRequest) -> pb.GetHoldingResponse:
    """Records and 履歴."""
    code = node.local.holding.code_of(request.resident_id) if request.resident_id else _code(request.resident_code)
    answer = pb.GetHoldingResponse(recovering=node.recovery.recovering)
    if code is None:
        return answer
    held = node.local.holding.held(code)
    codes = [f"{one:011d}" for one in held.codes]
    with node.journal.read() as db:
        size = 0
        for item in _history(db, codes):
            size += item.ByteSize()
            if len(answer.history) == MOST_HISTORY or size > MOST_BYTES:
                answer.history_cut = True
                break
            answer.history.append(item)
    with node.register.read() as db:
        aside = store.set_aside(db, {item.position for item in answer.history})
    for item in answer.history:
        item.set_aside = not aside.isdisjoint({(item.position, item.index), (item.position, WHOLE)})
    answer.resident_codes.extend(codes)
    answer.code_changes.extend(held.changes)
    for record in held.records:
        _rest(record, answer.history)
        answer.records.append(record)
    return answer


def _code(code: str) -> int:
    if not resident_code_is_valid(code):
        raise Refusal(Reason.CHECK_DIGIT_WRONG)
    return int(code)


def _rest(record: pb.HoldingRecord, history: Sequence[pb.HistoryItem]) -> None:
    """Say on which notice the record rests, if it is told of."""
    for item in reversed(history):
        said = item.record
        if said.identification.area_code != record.area_code or said.person_sequence != record.person_sequence:
            continue
        if record.position in (0, item.position):
            record.position, record.index, record.number = item.position, item.index, item.number
            record.last_change.CopyFrom(said.change)
            return
    record.position = 0


def _history(db: Connection, codes: Sequence[str]) -> Iterator[pb.HistoryItem]:
    """Notices about whoever bears one of these codes; one that only took such a code away is another's."""
    for entry, records in _batches(db, codes, 0, EVERYTHING):
        header = entry.envelope.header
        for index, raw in records if header.kind == IDENTIFICATION else ():
            record = _notice(raw)
            if record is not None and record.identification.resident_code in codes:
                yield pb.HistoryItem(
                    record=record, position=entry.position, index=index, number=header.first_number + index,
                    epoch=header.epoch, said=entry.said, peer=entry.peer, lamport_time=entry.lamport_time,
                    virtual_time=_time(entry.receive_virtual_time),
                )  # fmt: skip


def _notice(raw: bytes) -> ipb.IdentificationRecord | None:
    try:
        return ipb.IdentificationRecord.FromString(raw)
    except DecodeError:
        return None


def _batches(
    db: Connection, codes: Sequence[str], after: int, limit: int
) -> Iterator[tuple[Entry, list[tuple[int, bytes]]]]:
    """Batches behind a position in which one of the codes stands, each with the records where it does.

    A code stands in a record as a field of eleven bytes, which no number of twelve digits looks like; streams that are
    not keyed by a code, and a family's papers, are found by this too.
    """
    words = [bytes([len(code)]) + code.encode() for code in codes]
    for entry in journal.entries_with(db, words, after, limit, POOL):
        try:
            payload = relay_pb2.BatchPayload.FromString(entry.envelope.batch.payload)
        except DecodeError:
            payload = relay_pb2.BatchPayload()  # what cannot be read speaks of nobody
        yield entry, [(index, raw) for index, raw in enumerate(payload.records) if any(word in raw for word in words)]


def messages(node: Node, request: pb.ListPersonMessagesRequest) -> pb.ListPersonMessagesResponse:
    """A page of the places where the journal speaks of the person."""
    codes = [f"{one:011d}" for one in node.local.holding.held(_code(request.resident_code)).codes]
    size = min(request.page_size, MOST_MESSAGES) if request.page_size > 0 else MOST_MESSAGES
    answer, batches = pb.ListPersonMessagesResponse(), 0
    with node.journal.read() as db:
        for entry, records in _batches(db, codes, request.after_position, size):
            batches += 1
            answer.next_after_position = entry.position
            answer.messages.extend(_message(entry, index) for index, _ in records)
    if batches < size:
        answer.next_after_position = 0
    return answer


def _message(entry: Entry, index: int) -> pb.PersonMessage:
    header = entry.envelope.header
    return pb.PersonMessage(
        position=entry.position, index=index, kind=header.kind, origin=header.origin, counterpart=header.counterpart,
        said=entry.said, peer=entry.peer, lamport_time=entry.lamport_time,
        virtual_time=_time(entry.receive_virtual_time),
    )  # fmt: skip


def _time(micros: int) -> Timestamp:
    return convert.timestamp(from_micros(micros))


def provisions(node: Node, request: pb.ListProvisionsOfRequest) -> pb.ListProvisionsOfResponse:
    """A page of what was provided about the person, by any of the codes."""
    codes = node.local.holding.held(_code(request.resident_code)).codes
    size = min(request.page_size, MOST_PROVISIONS) if request.page_size > 0 else MOST_PROVISIONS
    answer, last = pb.ListProvisionsOfResponse(), 0
    with node.journal.read() as db:
        for audit_id, place in provided.of_person(db, codes):
            if audit_id <= request.after_audit_id:
                continue
            if len(answer.provisions) >= size and audit_id != last:  # all of a row stands on one page
                answer.next_after_audit_id = last
                break
            last = audit_id
            answer.provisions.extend(_provision(db, audit_id, place))
    return answer


def _provision(db: Connection, audit_id: int, place: int) -> Iterator[pb.ProvisionOf]:
    subjects, row = provided.subjects(db, audit_id), audit_log.row(db, audit_id)
    if subjects is None or row is None:
        return
    written, said = audit_log.read_row(row[0]), provision_entry.read(row[1])
    yield pb.ProvisionOf(
        audit_id=audit_id, subject=place + 1, virtual_time=_time(written.virtual_time),
        office_name=office_name(said.office), article=written.article, operator_id=written.operator_id,
        result=provision_pb2.ProvisionResult.ValueType(subjects.results[place]), entry=said,
    )  # fmt: skip


def persons(node: Node, request: pb.FindPersonsRequest) -> pb.FindPersonsResponse:
    """A page of people to pick from."""
    token = request.page_token or "0"
    if not (token.isascii() and token.isdecimal() and len(token) < MOST_DIGITS):
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="page_token")
    try:
        kind = PersonKind(request.kind)
    except ValueError as error:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="kind") from error
    size = min(request.page_size, MOST_PERSONS) if request.page_size > 0 else MOST_PERSONS
    found, following = node.local.holding.find(kind, int(token), size)
    return pb.FindPersonsResponse(persons=found, next_page_token=str(following) if following else "")
