"""Messages of 広域交付 to values and back."""

from __future__ import annotations

from datetime import date

from jukinet.model.wide_area import WideAreaItems, WideAreaRecord, WideAreaRequest
from jukinet.v1 import issuance_pb2, wide_area_pb2
from jukinet.wire import convert


def wide_area_request(
    message: issuance_pb2.IssueWideAreaCopyRequest | wide_area_pb2.SendWideAreaRecordRequest,
) -> WideAreaRequest:
    """What is asked, from the clerk's request or from 交付地's."""
    return WideAreaRequest(
        area_code=message.area_code,
        requester_name=message.requester_name,
        resident_code=message.resident_code,
        whole_household=message.whole_household,
        member_names=tuple(message.member_names),
        items=WideAreaItems(message.with_relationship, message.with_individual_number, message.with_resident_code),
    )


def wide_area_request_message(
    value: WideAreaRequest, request_id: str, next_number: int
) -> wide_area_pb2.SendWideAreaRecordRequest:
    """交付地's request for the wire."""
    return wide_area_pb2.SendWideAreaRecordRequest(
        request_id=request_id,
        area_code=value.area_code,
        requester_name=value.requester_name,
        resident_code=value.resident_code,
        whole_household=value.whole_household,
        member_names=value.member_names,
        with_relationship=value.items.relationship,
        with_individual_number=value.items.individual_number,
        with_resident_code=value.items.resident_code,
        next_number=next_number,
    )


def wide_area_record(message: wide_area_pb2.WideAreaRecord) -> WideAreaRecord:
    """One person of the answer."""
    return WideAreaRecord(
        name=message.name,
        former_surname=message.former_surname,
        alias=message.alias,
        birth_date=convert.partial(message.birth_date, "birth_date"),
        birth_date_text=message.birth_date_text,
        sex=convert.sex(message.sex),
        resident_since=_day(message, "resident_since"),
        address=message.address,
        address_since=_day(message, "address_since"),
        report_date=_day(message, "report_date"),
        former_address=message.former_address,
        relationship=message.relationship,
        head_name=message.head_name,
        individual_number=message.individual_number,
        resident_code=message.resident_code,
        requester=message.requester,
    )


def wide_area_record_message(value: WideAreaRecord) -> wide_area_pb2.WideAreaRecord:
    """One person of the answer for the wire."""
    return wide_area_pb2.WideAreaRecord(
        name=value.name,
        former_surname=value.former_surname,
        alias=value.alias,
        birth_date=convert.partial_message(value.birth_date),
        birth_date_text=value.birth_date_text,
        sex=convert.enum(value.sex),
        resident_since=convert.day_message(value.resident_since),
        address=value.address,
        address_since=convert.day_message(value.address_since),
        report_date=convert.day_message(value.report_date),
        former_address=value.former_address,
        relationship=value.relationship,
        head_name=value.head_name,
        individual_number=value.individual_number,
        resident_code=value.resident_code,
        requester=value.requester,
    )


def _day(message: wide_area_pb2.WideAreaRecord, name: str) -> date | None:
    return convert.day(getattr(message, name), name) if message.HasField(name) else None  # type: ignore[arg-type]
