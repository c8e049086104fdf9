"""Every message of a network, one arrow each: a notice from the receiver's journal, or an rpc from its 操作記録."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from jukinet.clock import from_micros
from jukinet.law.basis import find
from jukinet.law.index import ROOMS
from jukinet.model import areas
from jukinet.v1 import audit_pb2, provision_pb2, relay_pb2, watch_pb2, watch_pb2_grpc
from jukinet.wire import basis, convert
from jukinet.wire.client import Client

_ = ROOMS
STUB = watch_pb2_grpc.WatchDrillServiceStub
PAGE = 1_000
NOTICE, RPC = "notice", "rpc"
VERTICAL, HORIZONTAL, DOWNWARD, DIRECT, COUNTER = "vertical", "horizontal", "downward", "direct", "counter"
"""Planes: upward, between mayors, downward, between a mayor and J-LIS directly, and from people and offices."""


@dataclass(frozen=True, slots=True)
class Message:
    """One arrow; nothing of it names anyone."""

    kind: str
    sender: str
    receiver: str
    rule: str
    article: str
    caption: str
    what: tuple[str, ...]
    records: int
    lamport: int
    place: int
    real_time: datetime
    virtual_time: datetime
    accepted: bool = True
    refusal: str = ""
    origin: str = ""
    said_lamport: int = 0
    header_hash: str = ""
    size_bytes: int = 0
    operator: str = ""
    reason: str = ""
    request_id: str = ""
    provision: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Names the message in this network: for links and requests."""
        return f"{self.kind}-{self.receiver.replace('/', '-')}-{self.place}"

    @property
    def order(self) -> tuple[int, datetime, str, int]:
        """By Lamport time; among what did not know of each other, by the wall clock."""
        return self.lamport, self.real_time, self.receiver, self.place

    @property
    def plane(self) -> str:
        """Which plane it travelled on."""
        return plane(self.sender, self.receiver)


def plane(sender: str, receiver: str) -> str:
    """Which plane lies between two certificates."""
    one, other = sender.partition("/")[0], receiver.partition("/")[0]
    ends = (one, other)
    if ends == ("municipality", "municipality"):
        # A ward and its city sit at one computer: what the mayor passes on goes up.
        return VERTICAL if _same_city(sender, receiver) else HORIZONTAL
    if ends in (("municipality", "prefecture"), ("prefecture", "jlis")):
        return VERTICAL
    if ends in (("jlis", "prefecture"), ("prefecture", "municipality")):
        return DOWNWARD
    if set(ends) == {"jlis", "municipality"}:
        return DIRECT
    return COUNTER


def _same_city(one: str, other: str) -> bool:
    found = [areas.find(path.partition("/")[2]) for path in (one, other)]
    codes = {(area.city_code or area.code) if area else "" for area in found}
    return len(codes) == 1


def of_entry(receiver: str, watched: watch_pb2.WatchedEntry) -> Message | None:
    """The arrow of a journal entry; None for what the node itself said, unless a mayor passed it on for a ward."""
    entry, header, passage = watched.entry, watched.entry.header, watched.entry.passage
    if entry.said and not entry.HasField("passage"):
        return None
    if entry.said:
        rule, article, lamport = passage.rule, passage.article, passage.lamport_time
        real, virtual = convert.instant(passage.real_time), convert.instant(passage.virtual_time)
    else:
        rule, article, lamport = entry.rule, entry.article, entry.lamport_time
        real, virtual = convert.instant(entry.receive_time), convert.instant(entry.receive_virtual_time)
    return Message(
        kind=NOTICE,
        # What a ward says and the mayor passes on is heard on the same computer: the arrow is the passage.
        sender=entry.peer or f"municipality/{header.origin}",
        receiver=receiver,
        rule=rule,
        article=article,
        caption=caption(rule, virtual.date()),
        what=tuple(entry.summaries),
        records=header.last_number - header.first_number + 1,
        lamport=lamport,
        place=entry.position,
        real_time=real,
        virtual_time=virtual,
        origin=header.origin,
        said_lamport=header.lamport_time,
        header_hash=entry.header_hash.hex(),
        size_bytes=watched.size_bytes,
    )


def of_row(receiver: str, row: audit_pb2.AuditRow, provision: audit_pb2.ProvisionEntry | None) -> Message | None:
    """The arrow of a row; None where it is about a batch, which the journal has, or about the node's own doing."""
    kind = row.caller.partition("/")[0]
    rule = _rpc_rules().get((row.event, kind), "")
    relayed = not row.accepted and row.event in _relayed()
    if not rule and not relayed:
        return None
    virtual = from_micros(row.virtual_time)
    rule = rule or _relayed()[row.event]
    return Message(
        kind=RPC,
        sender=row.caller,
        receiver=receiver,
        rule=rule,
        article=row.article,
        caption=caption(rule, virtual.date()),
        what=(row.event,),
        records=1,
        lamport=row.lamport_time,
        place=row.id,
        real_time=from_micros(row.real_time),
        virtual_time=virtual,
        accepted=row.accepted,
        refusal=row.refusal,
        operator=row.operator_id,
        reason=row.reason,
        request_id=row.request_id,
        provision=_provision(provision) if provision is not None else {},
    )


def _provision(entry: audit_pb2.ProvisionEntry) -> dict[str, Any]:
    return {
        "affair": entry.affair,
        "office": entry.office,
        "via": entry.via,
        "given": [_field_name(one) for one in entry.given],
        "withheld": [{"field": _field_name(one.field), "article": one.article} for one in entry.withheld],
        "asked": entry.asked,
        "provided": entry.provided,
        "case_number": entry.case_number,
        "missing": entry.missing,
    }


def _field_name(number: int) -> str:
    name = provision_pb2.IdentificationField.Name(number)  # type: ignore[arg-type]
    return name.removeprefix("IDENTIFICATION_FIELD_")


@cache
def _rpc_rules() -> dict[tuple[str, str], str]:
    """(rpc, kind of caller) → rule, for every rpc between nodes or from people; not those of a simulator."""
    kinds = {number: kind for kind, number in basis.CALLER_OF_KIND.items()}
    found = {}
    for method, named in basis.rpcs().items():
        if not named.simulator:
            for caller in named.callers:
                found[method.rpartition("/")[2], kinds[caller]] = named.rule
    return found


@cache
def _relayed() -> dict[str, str]:
    """Audit event of a stream's rule → the rule."""
    rules = {hop.rule for value in relay_pb2.StreamKind.DESCRIPTOR.values for hop in basis.hops(value.number)}
    return {rule.title().replace("_", ""): rule for rule in rules}


def caption(rule: str, on: date) -> str:
    """What the law calls it."""
    found = find(rule, on)
    return found.caption if found else rule


class Reader:
    """Reads what one node received, from where it last stopped."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.position = 0
        self.row = 0
        self._unpassed: list[int] = []

    def read(self, console: Client, wait_ms: int = 0) -> list[Message]:
        """What is new, all of it; waits for something where nothing is. Refused if the node does not answer."""
        found: list[Message] = []
        while True:
            request = watch_pb2.WatchNodeRequest(
                after_position=self.position, after_row=self.row, page_size=PAGE, wait_ms=0 if found else wait_ms
            )
            answer: watch_pb2.WatchNodeResponse = console.call(STUB, "WatchNode", request, 5.0 + wait_ms / 1000)
            found += self._take(answer)
            whole = len(answer.entries) < PAGE and len(answer.rows) < PAGE
            if whole:
                return found + self._passed(console)

    def _take(self, answer: watch_pb2.WatchNodeResponse) -> Iterable[Message]:
        for watched in answer.entries:
            self.position = watched.entry.position
            message = of_entry(self.path, watched)
            if message is not None:
                yield message
            elif watched.entry.header.origin != self.path.partition("/")[2]:
                self._unpassed.append(watched.entry.position)
        for row in answer.rows:
            self.row = row.id
            message = of_row(self.path, row, answer.provisions.get(row.id))
            if message is not None:
                yield message

    def _passed(self, console: Client) -> list[Message]:
        """What a ward had said when it was last looked at, and the mayor has passed on since."""
        found = []
        for position in list(self._unpassed):
            request = watch_pb2.WatchNodeRequest(after_position=position - 1, after_row=1 << 60, page_size=1)
            answer: watch_pb2.WatchNodeResponse = console.call(STUB, "WatchNode", request, 5.0)
            message = of_entry(self.path, answer.entries[0]) if answer.entries else None
            if message is not None:
                found.append(message)
                self._unpassed.remove(position)
        return found
