"""Records that are handed over, as messages and back."""

from __future__ import annotations

from datetime import date

from google.type import date_pb2

from jukinet.model.identification import ChangeReason
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from jukinet.v1 import drill_pb2
from jukinet.wire import convert
from municipality_node.acts.area import HandedOver
from municipality_node.acts.consult import record as record_message
from municipality_node.store import MOST_ID, Resident, State


def position(token: str) -> int:
    """Where a page begins."""
    if token and not (token.isascii() and token.isdigit() and int(token) <= MOST_ID):
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="page_token")
    return int(token or "0")


def message(record: HandedOver, head_name: str) -> drill_pb2.HandedOverResident:
    """A record for the wire."""
    return drill_pb2.HandedOverResident(
        record=record_message(record.resident, head_name),
        registered_domicile=record.resident.registered_domicile,
        registered_head=record.resident.registered_head,
        is_head=record.is_head,
        household_address=record.household_address,
        kept=record.kept,
    )


def handed_over(message: drill_pb2.HandedOverResident) -> HandedOver:
    """A record from the wire."""
    told = message.record
    try:
        state, reason = State(told.state), ChangeReason(told.removal_reason)
    except ValueError as error:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="record.state") from error
    resident = Resident(
        id=told.resident_id,
        household_id=told.household_id,
        state=state,
        person_sequence=told.person_sequence,
        relationship=told.relationship,
        resident_since=convert.day(told.resident_since, "record.resident_since"),
        birth_date_text=told.birth_date_text,
        registered_domicile=message.registered_domicile,
        registered_head=message.registered_head,
        former_address=told.former_address,
        removal_reason=reason,
        removal_date=_day(told.removal_date),
        planned_destination=told.planned_destination,
        confirmed_destination=told.confirmed_destination,
        confirmed_move_out_date=_day(told.confirmed_move_out_date),
        person=convert.identification(told.identification),
    )
    if not (0 < resident.id <= MOST_ID and 0 < resident.household_id <= MOST_ID):
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="record.resident_id")
    return HandedOver(resident, message.household_address, message.is_head, message.kept)


def _day(message: date_pb2.Date) -> date | None:
    return convert.partial(message, "record").exact()
