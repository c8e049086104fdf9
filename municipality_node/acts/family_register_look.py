"""Looking at 戸籍の附票, at what does not fit it, and at notices of 戸籍 offices that nothing was done about yet."""

from __future__ import annotations

from google.protobuf.message import DecodeError

from jukinet.model.reason import Reason
from jukinet.node.node import Node
from jukinet.refusal import Refusal
from jukinet.store import journal
from jukinet.store.database import Connection
from jukinet.store.projector import WHOLE
from jukinet.v1 import family_register_pb2 as pb
from jukinet.v1 import relay_pb2
from jukinet.wire import convert_family_register as convert
from jukinet.wire.call import Call
from municipality_node.acts import consult
from municipality_node.family_register import store

REGISTRATION = int(relay_pb2.STREAM_KIND_FAMILY_REGISTRATION_NOTICE)


def get_supplementary_register(
    node: Node, call: Call, request: pb.GetSupplementaryRegisterRequest
) -> pb.GetSupplementaryRegisterResponse:
    """One person of a 附票."""
    node.read_own_writes()
    with node.journal.read() as db:
        found = store.entry(db, request.entry_id)
    if found is None:
        raise Refusal(Reason.SUPPLEMENTARY_REGISTER_NOT_FOUND, call.article)
    consult.note(node, call, request.operation, [])
    return pb.GetSupplementaryRegisterResponse(entry=convert.supplementary_entry_message(found))


def list_supplementary_register(
    node: Node, call: Call, request: pb.ListSupplementaryRegisterRequest
) -> pb.ListSupplementaryRegisterResponse:
    """A page of the 附票, in order of number."""
    node.read_own_writes()
    size, after = consult.page(request.page_size, request.page_token, call)
    with node.journal.read() as db:
        found = store.page(
            db, after, size, request.registered_domicile, request.registered_head, request.with_removed
        )  # fmt: skip
    consult.note(node, call, request.operation, [])
    following = str(found[-1].id) if len(found) == size else ""
    entries = [convert.supplementary_entry_message(entry) for entry in found]
    return pb.ListSupplementaryRegisterResponse(entries=entries, next_page_token=following)


def list_supplementary_mismatches(
    node: Node, call: Call, request: pb.ListSupplementaryMismatchesRequest
) -> pb.ListSupplementaryMismatchesResponse:
    """A page of what does not fit the 戸籍, oldest first."""
    node.read_own_writes()
    size, after = consult.page(request.page_size, request.page_token, call)
    with node.journal.read() as db:
        found = store.mismatches(db, after, size)
    consult.note(node, call, request.operation, [])
    following = str(found[-1].id) if len(found) == size else ""
    return pb.ListSupplementaryMismatchesResponse(
        mismatches=[convert.mismatch_row_message(one) for one in found], next_page_token=following
    )


def list_family_registration_notices(
    node: Node, call: Call, request: pb.ListFamilyRegistrationNoticesRequest
) -> pb.ListFamilyRegistrationNoticesResponse:
    """A page of notices of 法9条2項 that wait for codes or were set aside; the remedy is to enter them by hand."""
    node.read_own_writes()
    size, after = consult.page(request.page_size, request.page_token, call)
    with node.journal.read() as db:
        rows = [
            pb.FamilyRegistrationNoticeRow(
                notice=convert.registration_notice_message(notice), waiting=True, reason=fault
            )
            for _, fault, notice in store.waiting(db)
        ]
        rows += _set_aside(db)
    consult.note(node, call, request.operation, [])
    following = str(after + size) if len(rows) > after + size else ""
    return pb.ListFamilyRegistrationNoticesResponse(notices=rows[after : after + size], next_page_token=following)


def _set_aside(db: Connection) -> list[pb.FamilyRegistrationNoticeRow]:
    """What the quarantine holds of them, read from the journal; what cannot be read is shown by its reason alone."""
    found = []
    for position, index, reason in store.set_aside(db, REGISTRATION):
        entry = journal.entry(db, position)
        notice = pb.FamilyRegistrationNotice()
        if entry is not None and index != WHOLE:
            try:
                records = relay_pb2.BatchPayload.FromString(entry.envelope.batch.payload).records
                if not records[index]:
                    continue  # its year is over, and nobody can tell any more whom it was about
                notice = pb.FamilyRegistrationNotice.FromString(records[index])
            except DecodeError:
                pass
        found.append(
            pb.FamilyRegistrationNoticeRow(notice=notice, waiting=False, reason=reason, position=position, index=index)
        )
    return found
