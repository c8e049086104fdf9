"""個人番号 in messages: whether one is shown, and how it is kept from whoever may not see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

SUFFIX = "individual_number"
"""Text fields whose name ends so hold a 個人番号."""


def holds_number(message: Message) -> bool:
    """Whether any field of the message, or of one in it, holds a 個人番号."""
    return next(_holders(message), None) is not None


def blank_numbers(message: Message) -> None:
    """Empty every such field."""
    for holder, field in list(_holders(message)):
        holder.ClearField(field)


def _holders(message: Message) -> Iterator[tuple[Any, str]]:
    for field, value in message.ListFields():
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            for inner in value if field.is_repeated else (value,):
                if isinstance(inner, Message):
                    yield from _holders(inner)
        elif field.type == FieldDescriptor.TYPE_STRING and field.name.endswith(SUFFIX):
            yield message, field.name
