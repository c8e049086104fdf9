"""Messages of search, arrivals and former places to values and back."""

from __future__ import annotations

from jukinet.model.codes import individual_number_is_valid, resident_code_is_valid
from jukinet.model.confirmation import Compared, Confirmation
from jukinet.model.identification import Arrival, ChangeReason, CodeBasis, Criteria, Hit, Place
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from jukinet.v1 import abroad_pb2, search_pb2
from jukinet.wire import convert


def criteria(message: search_pb2.SearchCriteria) -> Criteria:
    """Whom to look for."""
    if message.resident_code and not resident_code_is_valid(message.resident_code):
        raise Refusal(Reason.CHECK_DIGIT_WRONG, field="resident_code")
    if message.individual_number and not individual_number_is_valid(message.individual_number):
        raise Refusal(Reason.CHECK_DIGIT_WRONG, field="individual_number")
    return Criteria(
        resident_code=message.resident_code,
        individual_number=message.individual_number,
        name=message.name,
        birth_date=convert.partial(message.birth_date, "birth_date"),
        sex=convert.sex(message.sex),
        address_prefix=message.address_prefix,
    )


def hit(message: search_pb2.SearchHit) -> Hit:
    """One record that was found."""
    return Hit(
        convert.identification(message.identification), message.live, ChangeReason(message.reason), message.article
    )


def hit_message(value: Hit) -> search_pb2.SearchHit:
    """One record that was found, for the wire."""
    return search_pb2.SearchHit(
        identification=convert.identification_message(value.person),
        live=value.live,
        reason=convert.enum(value.reason),
        article=value.article,
    )


def arrival(message: abroad_pb2.Arrival) -> Arrival:
    """Somebody who comes."""
    try:
        code_basis = CodeBasis(message.code_basis)
    except ValueError as error:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="code_basis") from error
    return Arrival(
        convert.new_person(message.person), code_basis, message.inquiry_id, message.hit,
        confirmation(message.confirmation), message.not_inquired,
    )  # fmt: skip


def confirmation(message: abroad_pb2.Confirmation) -> Confirmation:
    """How a clerk made sure who somebody is."""
    try:
        compared = tuple(dict.fromkeys(map(Compared, message.compared)))
    except ValueError as error:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="confirmation.compared") from error
    return Confirmation(compared, message.words)


def confirmation_message(value: Confirmation) -> abroad_pb2.Confirmation:
    """The same, for the wire."""
    return abroad_pb2.Confirmation(compared=map(convert.enum, value.compared), words=value.words)


def place(message: abroad_pb2.FormerPlace) -> Place:
    """Where somebody lived before."""
    return Place(message.area_code, message.address)
