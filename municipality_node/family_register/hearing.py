"""Notices about 戸籍 and 附票 that neighbours bring, one record at a time."""

from __future__ import annotations

from collections.abc import Callable

from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from jukinet.store.journal import Entry
from jukinet.v1 import family_register_pb2, relay_pb2
from jukinet.wire import convert_family_register as convert
from municipality_node.desk import Desk
from municipality_node.family_register import store
from municipality_node.family_register.receiving import (
    receive_supplementary_mismatch,
    receive_supplementary_notice,
    receive_supplementary_transfer,
)
from municipality_node.family_register.registration import receive_family_registration


def _supplementary_notice(desk: Desk, entry: Entry, raw: bytes) -> int:
    notice = convert.supplementary_notice(family_register_pb2.SupplementaryRegisterNotice.FromString(raw))
    _told_by(notice.area_code, entry)
    receive_supplementary_notice(desk, entry.envelope.header.counterpart, notice)
    return 0


def _supplementary_mismatch(desk: Desk, entry: Entry, raw: bytes) -> int:
    told = convert.supplementary_mismatch(family_register_pb2.SupplementaryRegisterMismatch.FromString(raw))
    _told_by(told.area_code, entry)
    if told.notice.area_code != entry.envelope.header.counterpart:
        raise Refusal(Reason.AREA_NOT_YOURS)
    receive_supplementary_mismatch(desk, told)
    return 0


def _supplementary_transfer(desk: Desk, entry: Entry, raw: bytes) -> int:
    transfer = convert.supplementary_transfer(family_register_pb2.SupplementaryRegisterTransfer.FromString(raw))
    _told_by(transfer.area_code, entry)
    receive_supplementary_transfer(desk, entry.envelope.header.counterpart, transfer)
    return 0


def _family_registration(desk: Desk, entry: Entry, raw: bytes) -> int:
    """A birth that no code is there for waits here: it is applied by itself when codes come, and never lost."""
    notice = convert.registration_notice(family_register_pb2.FamilyRegistrationNotice.FromString(raw))
    _told_by(notice.accepting_area_code, entry)
    if notice.residence_area_code != entry.envelope.header.counterpart:
        raise Refusal(Reason.AREA_NOT_YOURS)
    try:
        return receive_family_registration(desk, notice)
    except Refusal as refusal:
        if refusal.reason != Reason.POOL_EMPTY:
            raise
        store.add_waiting(desk.db, notice, refusal.reason.value)
        desk.check_refill()
        return 0


def _told_by(area_code: str, entry: Entry) -> None:
    if area_code != entry.envelope.header.origin:
        raise Refusal(Reason.AREA_NOT_YOURS)


HEARD: dict[int, tuple[Callable[[Desk, Entry, bytes], int], str, str]] = {
    relay_pb2.STREAM_KIND_FAMILY_REGISTRATION_NOTICE: (
        _family_registration, "ReceiveFamilyRegistration", "receive_family_registration"
    ),
    relay_pb2.STREAM_KIND_SUPPLEMENTARY_REGISTER_NOTICE: (
        _supplementary_notice, "ReceiveSupplementaryNotice", "receive_supplementary_notice"
    ),
    relay_pb2.STREAM_KIND_SUPPLEMENTARY_REGISTER_MISMATCH: (
        _supplementary_mismatch, "ReceiveSupplementaryMismatch", "receive_supplementary_mismatch"
    ),
    relay_pb2.STREAM_KIND_SUPPLEMENTARY_REGISTER_TRANSFER: (
        _supplementary_transfer, "ReceiveSupplementaryTransfer", "receive_supplementary_transfer"
    ),
}  # fmt: skip
"""What to do with a record of each kind, and the event and rule that the audit names."""
