"""戸籍の附票 and the notices about it, from the wire and for it."""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from typing import TypeVar

from google.type import date_pb2

from jukinet.model.family_register import (
    MismatchReason,
    RegistrationEvent,
    RegistrationNotice,
    SupplementaryAddress,
    SupplementaryEntry,
    SupplementaryMismatch,
    SupplementaryNotice,
    SupplementaryTransfer,
)
from jukinet.model.identification import ChangeReason
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from jukinet.v1 import family_register_pb2 as pb
from jukinet.wire import convert

E = TypeVar("E", bound=IntEnum)


def _one_of(kind: type[E], value: int, field: str) -> E:
    try:
        return kind(value)
    except ValueError as error:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field=field) from error


def _day_or_none(message: date_pb2.Date, present: bool, field: str) -> date | None:
    return convert.day(message, field) if present else None


def supplementary_notice(message: pb.SupplementaryRegisterNotice) -> SupplementaryNotice:
    """戸籍の附票記載事項通知 from the wire."""
    return SupplementaryNotice(
        registered_domicile=message.registered_domicile,
        registered_head=message.registered_head,
        name=message.name,
        name_kana=message.name_kana,
        birth_date=convert.partial(message.birth_date, "birth_date"),
        sex=convert.sex(message.sex),
        address=message.address,
        settled_date=_day_or_none(message.settled_date, message.HasField("settled_date"), "settled_date"),
        resident_code=message.resident_code,
        moved_abroad=message.moved_abroad,
        former_name=message.former_name,
        change_date=convert.day(message.change_date, "change_date"),
        reason=_one_of(ChangeReason, message.reason, "reason"),
        area_code=message.area_code,
    )


def supplementary_notice_message(value: SupplementaryNotice) -> pb.SupplementaryRegisterNotice:
    """戸籍の附票記載事項通知 for the wire."""
    return pb.SupplementaryRegisterNotice(
        registered_domicile=value.registered_domicile,
        registered_head=value.registered_head,
        name=value.name,
        name_kana=value.name_kana,
        birth_date=convert.partial_message(value.birth_date),
        sex=convert.enum(value.sex),
        address=value.address,
        settled_date=convert.day_message(value.settled_date),
        resident_code=value.resident_code,
        moved_abroad=value.moved_abroad,
        former_name=value.former_name,
        change_date=convert.day_message(value.change_date),
        reason=convert.enum(value.reason),
        area_code=value.area_code,
    )


def supplementary_mismatch(message: pb.SupplementaryRegisterMismatch) -> SupplementaryMismatch:
    """戸籍と合わない旨 from the wire."""
    return SupplementaryMismatch(
        notice=supplementary_notice(message.notice),
        reason=_one_of(MismatchReason, message.reason, "reason"),
        area_code=message.area_code,
        found_date=convert.day(message.found_date, "found_date"),
    )


def supplementary_mismatch_message(value: SupplementaryMismatch) -> pb.SupplementaryRegisterMismatch:
    """戸籍と合わない旨 for the wire."""
    return pb.SupplementaryRegisterMismatch(
        notice=supplementary_notice_message(value.notice),
        reason=convert.enum(value.reason),
        area_code=value.area_code,
        found_date=convert.day_message(value.found_date),
    )


def mismatch_row_message(value: SupplementaryMismatch) -> pb.SupplementaryMismatchRow:
    """A mismatch as the desk keeps it."""
    return pb.SupplementaryMismatchRow(
        mismatch_id=value.id,
        mismatch=supplementary_mismatch_message(value),
        found_here=value.found_here,
        by_line=value.by_line,
    )


def supplementary_entry(message: pb.SupplementaryEntry) -> SupplementaryEntry:
    """One person of a 附票 from the wire, the latest 住所 first."""
    addresses = [_address(address) for address in message.addresses]
    return SupplementaryEntry(
        id=message.entry_id,
        area_code=message.area_code,
        registered_domicile=message.registered_domicile,
        registered_head=message.registered_head,
        name=message.name,
        name_kana=message.name_kana,
        birth_date=convert.partial(message.birth_date, "birth_date"),
        sex=convert.sex(message.sex),
        resident_code=message.resident_code,
        current=addresses[0] if addresses else None,
        former=tuple(addresses[1:]),
        from_family_register=message.from_family_register,
        removed_date=_day_or_none(message.removed_date, message.HasField("removed_date"), "removed_date"),
        transferred_to=message.transferred_to,
    )


def _address(message: pb.SupplementaryAddress) -> SupplementaryAddress:
    return SupplementaryAddress(
        address=message.address,
        settled_date=_day_or_none(message.settled_date, message.HasField("settled_date"), "settled_date"),
        moved_abroad=message.moved_abroad,
        told_by=message.told_by,
    )


def supplementary_entry_message(value: SupplementaryEntry) -> pb.SupplementaryEntry:
    """One person of a 附票 for the wire."""
    return pb.SupplementaryEntry(
        entry_id=value.id,
        area_code=value.area_code,
        registered_domicile=value.registered_domicile,
        registered_head=value.registered_head,
        name=value.name,
        name_kana=value.name_kana,
        birth_date=convert.partial_message(value.birth_date),
        sex=convert.enum(value.sex),
        resident_code=value.resident_code,
        addresses=[
            pb.SupplementaryAddress(
                address=address.address,
                settled_date=convert.day_message(address.settled_date),
                moved_abroad=address.moved_abroad,
                told_by=address.told_by,
            )
            for address in (*([value.current] if value.current else []), *value.former)
        ],
        from_family_register=value.from_family_register,
        removed_date=convert.day_message(value.removed_date),
        transferred_to=value.transferred_to,
    )


def supplementary_transfer(message: pb.SupplementaryRegisterTransfer) -> SupplementaryTransfer:
    """転籍のときの通知 from the wire."""
    return SupplementaryTransfer(
        registered_domicile=message.registered_domicile,
        registered_head=message.registered_head,
        new_registered_domicile=message.new_registered_domicile,
        transfer_date=convert.day(message.transfer_date, "transfer_date"),
        area_code=message.area_code,
        entries=tuple(supplementary_entry(entry) for entry in message.entries),
    )


def supplementary_transfer_message(value: SupplementaryTransfer) -> pb.SupplementaryRegisterTransfer:
    """転籍のときの通知 for the wire."""
    return pb.SupplementaryRegisterTransfer(
        registered_domicile=value.registered_domicile,
        registered_head=value.registered_head,
        new_registered_domicile=value.new_registered_domicile,
        transfer_date=convert.day_message(value.transfer_date),
        area_code=value.area_code,
        entries=[supplementary_entry_message(entry) for entry in value.entries],
    )


def registration_notice(message: pb.FamilyRegistrationNotice) -> RegistrationNotice:
    """戸籍届書等による住民票記載事項通知 from the wire."""
    return RegistrationNotice(
        event=_one_of(RegistrationEvent, message.event, "event"),
        event_date=convert.day(message.event_date, "event_date"),
        name=message.name,
        name_kana=message.name_kana,
        birth_date=convert.partial(message.birth_date, "birth_date"),
        sex=convert.sex(message.sex),
        address=message.address,
        head_name=message.head_name,
        relationship=message.relationship,
        new_name=message.new_name,
        new_name_kana=message.new_name_kana,
        registered_domicile=message.registered_domicile,
        registered_head=message.registered_head,
        residence_area_code=message.residence_area_code,
        accepting_area_code=message.accepting_area_code,
        accept_date=convert.day(message.accept_date, "accept_date"),
    )


def registration_notice_message(value: RegistrationNotice) -> pb.FamilyRegistrationNotice:
    """戸籍届書等による住民票記載事項通知 for the wire."""
    return pb.FamilyRegistrationNotice(
        event=convert.enum(value.event),
        event_date=convert.day_message(value.event_date),
        name=value.name,
        name_kana=value.name_kana,
        birth_date=convert.partial_message(value.birth_date),
        sex=convert.enum(value.sex),
        address=value.address,
        head_name=value.head_name,
        relationship=value.relationship,
        new_name=value.new_name,
        new_name_kana=value.new_name_kana,
        registered_domicile=value.registered_domicile,
        registered_head=value.registered_head,
        residence_area_code=value.residence_area_code,
        accepting_area_code=value.accepting_area_code,
        accept_date=convert.day_message(value.accept_date),
    )
