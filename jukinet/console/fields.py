"""The message panel: what a stream sends field by field, and what its sender holds and keeps back, with the article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from google.protobuf.descriptor import Descriptor

from jukinet.console.texts import Table, Text, TextError, read
from jukinet.v1 import relay_pb2
from jukinet.wire import basis

FILE = "fields.toml"
_PREFIX = "STREAM_KIND_"


@dataclass(frozen=True, slots=True)
class Sent:
    """A field that goes out: its path in the message, its name, why it may go; `since` the first day on which it does.

    `path` is empty for a stream that is not built. A path that ends at a message stands for all of it. `note` says when
    the field is empty, or that it is ours.
    """

    path: str
    name: Text
    article: str
    since: date | None
    note: Text | None


@dataclass(frozen=True, slots=True)
class Withheld:
    """Something that the sender holds, or that one might expect, and that does not go out."""

    name: Text
    why: Text
    article: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One hop of a stream: what travels on this rule, and what stays."""

    kind: int
    rule: str
    message: str
    name: Text
    sender: Text
    built: bool
    note: Text | None
    sent: tuple[Sent, ...]
    withheld: tuple[Withheld, ...]

    def sent_on(self, day: date) -> tuple[Sent, ...]:
        """The fields that the law of the day lets go out."""
        return tuple(field for field in self.sent if field.since is None or field.since <= day)


@cache
def panels() -> tuple[Panel, ...]:
    """Every hop of every stream, in the order of the file."""
    return parse(read(FILE))


def of_kind(kind: int) -> tuple[Panel, ...]:
    """The hops of a stream kind; none for a kind that is not described."""
    return tuple(panel for panel in panels() if panel.kind == kind)


def of_rule(rule: str, kind: int | None = None) -> Panel | None:
    """The hop that rests on a rule (of that kind, if one is given); None if none does."""
    return next((panel for panel in panels() if panel.rule == rule and kind in (None, panel.kind)), None)


def parse(file: Table) -> tuple[Panel, ...]:
    """Make panels of a file; TextError names the entry that is wrong."""
    found = [panel for stream in file.tables("stream") for panel in _stream(stream)]
    file.end()
    return tuple(found)


def message_of(name: str) -> Descriptor | None:
    """The message of the contract of that name."""
    return next(
        (file.message_types_by_name[name] for file in basis.files() if name in file.message_types_by_name), None
    )


def has_path(message: Descriptor, path: str) -> bool:
    """Whether the dotted path leads to a field of the message."""
    here: Descriptor | None = message
    for name in path.split("."):
        if here is None or name not in here.fields_by_name:
            return False
        here = here.fields_by_name[name].message_type
    return True


def _stream(stream: Table) -> list[Panel]:
    kind = _kind(stream)
    name, note, built = stream.text("name"), stream.optional_text("note"), stream.flag("built", True)
    message = stream.optional_word("message")
    sent = tuple(_sent(entry, message) for entry in stream.tables("sent"))
    if built != bool(message):
        raise TextError(f"{stream.where}: a stream that is built names its message, any other does not")
    return [
        Panel(
            kind=kind,
            rule=hop.word("rule"),
            message=message,
            name=name,
            sender=hop.text("sender"),
            built=built,
            note=note,
            sent=sent,
            withheld=tuple(
                Withheld(entry.both(), entry.text("why"), entry.word("article")) for entry in hop.tables("withheld")
            ),
        )
        for hop in stream.tables("hop")
    ]


def _kind(stream: Table) -> int:
    word = stream.word("kind")
    value = relay_pb2.StreamKind.DESCRIPTOR.values_by_name.get(_PREFIX + word)
    if value is None:
        raise TextError(f"{stream.where}: the contract has no stream kind {word}")
    return int(value.number)


def _sent(entry: Table, message: str) -> Sent:
    path = entry.word("field") if message else ""
    found = message_of(message)
    if message and (found is None or not has_path(found, path)):
        raise TextError(f"{entry.where}: {message} has no field {path}")
    return Sent(path, entry.both(), entry.word("article"), entry.day("since"), entry.optional_text("note"))
