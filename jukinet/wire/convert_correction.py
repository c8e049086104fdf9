"""Messages of CorrectionService to values."""

from __future__ import annotations

from jukinet.model.correction import MinorItem, NumberChangeCause
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal


def minor_item(value: int) -> MinorItem:
    """What a 軽微な修正 is made for."""
    try:
        return MinorItem(value)
    except ValueError as error:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="item") from error


def number_change_cause(value: int) -> NumberChangeCause:
    """On whose initiative a number is changed."""
    try:
        return NumberChangeCause(value)
    except ValueError as error:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="cause") from error
