"""Fills a request from the data of a step: names of enums, dates as texts, and `$name.path` for what came before."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date

from jukinet.wire import convert

_TODAY = re.compile(r"\$today(?P<days>[+-][0-9]+)?")
_INSIDE = re.compile(r"\{\$(?P<path>[^}]+)\}")


class Unfilled(LookupError):
    """A path that leads nowhere, or a value that does not fit its field."""


class Values:
    """What a scenario has so far, by name, and the virtual day."""

    def __init__(self, today: Callable[[], date]) -> None:
        self.kept: dict[str, Any] = {}
        self._today = today

    def resolve(self, value: Any) -> Any:
        """A value with its references replaced: `$today+3`, `$family.0.resident_id`, `{$a.name} …` inside a text."""
        if isinstance(value, Mapping):
            return {key: self.resolve(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.resolve(one) for one in value]
        if not isinstance(value, str):
            return value
        if day := _TODAY.fullmatch(value):
            return (self._today() + timedelta(days=int(day["days"] or 0))).isoformat()
        if value.startswith("$"):
            return self.look_up(value[1:])
        return _INSIDE.sub(lambda found: str(self.look_up(found["path"])), value)

    def look_up(self, path: str) -> Any:
        """What stands at the end of a path through what is kept."""
        name, _, rest = path.partition(".")
        if name not in self.kept:
            raise Unfilled(f"nothing is kept as {name}")
        return follow(self.kept[name], rest)


def follow(value: Any, path: str) -> Any:
    """The value at the end of a path: names of fields, places in lists, `#` for how many; a name maps over a list."""
    return _walk(value, path)[0]


def _walk(value: Any, path: str) -> tuple[Any, Any]:
    field = None
    for part in path.split(".") if path else ():
        try:
            if part == "#":
                value, field = len(value), None
            elif isinstance(value, Mapping):
                value, field = value[part], None
            elif isinstance(value, Message):
                field = value.DESCRIPTOR.fields_by_name[part]
                value = getattr(value, part)
            elif part.lstrip("-").isdecimal():
                value = list(value)[int(part)]
            else:
                walked = [_walk(one, part) for one in value]
                value, field = [one for one, _ in walked], walked[0][1] if walked else None
        except (KeyError, IndexError, TypeError) as error:
            raise Unfilled(f"{part} of {path} leads nowhere") from error
    return value, field


def fill(message: Message, given: Mapping[str, Any]) -> Message:
    """Set the fields of a message from plain values; Unfilled names what does not fit."""
    for name, value in given.items():
        field = message.DESCRIPTOR.fields_by_name.get(name)
        if field is None:
            raise Unfilled(f"{message.DESCRIPTOR.name} has no field {name}")
        try:
            if field.is_repeated:
                for one in value:
                    _add(message, field, one)
            else:
                _set(message, field, value)
        except (TypeError, ValueError) as error:
            raise Unfilled(f"{message.DESCRIPTOR.name}.{name} cannot be {value!r}") from error
    return message


def _add(message: Message, field: Any, value: Any) -> None:
    target = getattr(message, field.name)
    if field.message_type is None:
        target.append(_plain(field, value))
    elif isinstance(value, Message):
        target.add().CopyFrom(value)
    else:
        fill(target.add(), value)


def _set(message: Message, field: Any, value: Any) -> None:
    if field.message_type is None:
        setattr(message, field.name, _plain(field, value))
        return
    target = getattr(message, field.name)
    if isinstance(value, Message):
        target.CopyFrom(value)
    elif isinstance(target, Date):
        year, month, day = (int(part) for part in f"{value}-0-0".split("-")[:3])
        target.CopyFrom(Date(year=year, month=month, day=day))
    elif isinstance(target, Timestamp):
        target.CopyFrom(convert.timestamp(datetime.fromisoformat(value)))
    else:
        target.SetInParent()
        fill(target, value)


def _plain(field: Any, value: Any) -> Any:
    if field.enum_type is None or isinstance(value, int):
        return value
    prefix = field.enum_type.values_by_number[0].name.removesuffix("UNSPECIFIED")
    found = field.enum_type.values_by_name.get(prefix + value) or field.enum_type.values_by_name.get(value)
    if found is None:
        raise Unfilled(f"{field.name} knows no {value}")
    return found.number


def shown(value: Any, field: Any = None) -> Any:
    """A value as checks compare it: dates as texts, enums by name."""
    if isinstance(value, list) or type(value).__name__.startswith("Repeated"):
        return [shown(one, field) for one in value]
    if isinstance(value, Date):
        return "-".join(f"{part:02d}" for part in (value.year, value.month, value.day) if part)
    if field is not None and field.enum_type is not None and isinstance(value, int):
        prefix = field.enum_type.values_by_number[0].name.removesuffix("UNSPECIFIED")
        return field.enum_type.values_by_number[value].name.removeprefix(prefix)
    return value


def answer_at(answer: Any, path: str) -> Any:
    """What an answer says at a path, as checks compare it."""
    return shown(*_walk(answer, path))
