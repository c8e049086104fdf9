"""Messages of the desk for nationality and foreign residents to values, and back."""

from __future__ import annotations

from datetime import date

from jukinet.model.foreign import ForeignItems, InvestigationResult
from jukinet.model.identification import NewPerson, Residency
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from jukinet.v1 import counter_pb2
from jukinet.v1 import foreign_pb2 as pb
from jukinet.wire import convert


def items_after_loss(message: pb.ForeignItems, lost: date) -> ForeignItems:
    """The same, where nothing but 国籍等 needs to be told: 国籍喪失による経過滞在者 from the day of the loss."""
    told = pb.ForeignItems()
    told.CopyFrom(message)
    if not told.category:
        told.category = pb.FOREIGN_CATEGORY_TRANSITIONAL_BY_NATIONALITY_LOSS
    if not told.HasField("since"):
        told.since.CopyFrom(convert.day_message(lost) or told.since)
    return convert.foreign_items(told)


def foreign_person(message: counter_pb2.NewPerson) -> NewPerson:
    """A foreign person who comes onto a register; one that is said to be Japanese is refused."""
    if message.residency not in (Residency.UNSPECIFIED.value, Residency.FOREIGN.value):
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="person.residency")
    return convert.new_person(message)


def investigation_result(value: int) -> InvestigationResult:
    """What an investigation found."""
    try:
        return InvestigationResult(value)
    except ValueError as error:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="result") from error
