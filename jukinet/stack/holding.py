"""What every node that runs holds of one person, side by side; reading only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jukinet.model.dates import PartialDate
from jukinet.model.holding import ITEMS, Item, PersonKind, Reach, Standing
from jukinet.model.identification import ChangeKind, ChangeReason
from jukinet.model.provision import Field, Result
from jukinet.stack.reach import Reach as Nodes
from jukinet.v1 import audit_pb2, holding_pb2_grpc, relay_pb2
from jukinet.v1 import holding_pb2 as pb
from jukinet.v1 import identification_pb2 as ipb
from jukinet.wire import convert

STUB = holding_pb2_grpc.HoldingDrillServiceStub
SECONDS = 60.0
A_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class HeldField:
    """One field: its name for programs, the law's, what stands there, how far it travels, where the law names it."""

    key: str
    japanese: str
    value: str
    reach: Reach
    article: str


@dataclass(frozen=True, slots=True)
class Change:
    """変更情報; the former codes and numbers are empty where there were none."""

    kind: ChangeKind
    reason: ChangeReason
    day: PartialDate
    former_resident_code: str = ""
    former_individual_number: str = ""
    former_area_code: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A 住民票, or a row of a register above, and the notice on which it rests (`position` 0: none is kept)."""

    area_code: str
    standing: Standing
    resident_id: int
    household_id: int
    fields: tuple[HeldField, ...]
    change: Change | None
    person_sequence: int
    position: int
    index: int
    number: int

    def value(self, key: str) -> str:
        """What stands in a field; empty if it is not held."""
        return next((field.value for field in self.fields if field.key == key), "")


@dataclass(frozen=True, slots=True)
class Notice:
    """One line of 履歴: a notice of 本人確認情報 in a node's journal, and what it said of the person."""

    position: int
    index: int
    number: int
    epoch: int
    said: bool
    peer: str
    lamport_time: int
    virtual_time: datetime
    area_code: str
    person_sequence: int
    change: Change
    set_aside: bool
    identification: ipb.Identification


@dataclass(frozen=True, slots=True)
class CodeChange:
    """A code that became another."""

    former: str
    code: str
    area_code: str
    reason: ChangeReason


@dataclass(frozen=True, slots=True)
class Holding:
    """All that one node holds of the person."""

    node: str
    codes: tuple[str, ...]
    code_changes: tuple[CodeChange, ...]
    records: tuple[Record, ...]
    history: tuple[Notice, ...]
    history_cut: bool
    recovering: bool


@dataclass(frozen=True, slots=True)
class Message:
    """Where a node's journal speaks of the person; `kind` is a StreamKind."""

    node: str
    position: int
    index: int
    kind: relay_pb2.StreamKind.ValueType
    origin: str
    counterpart: str
    said: bool
    peer: str
    lamport_time: int
    virtual_time: datetime


@dataclass(frozen=True, slots=True)
class Provision:
    """What a node gave of the person, to whom and on what; `entry` is the row of the 操作記録."""

    node: str
    audit_id: int
    subject: int
    virtual_time: datetime
    office: str
    article: str
    operator_id: str
    result: Result
    given: tuple[Field, ...]
    entry: audit_pb2.ProvisionEntry


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to pick: named by municipality and number, as no command or address should say a code."""

    node: str
    resident_id: int
    code: str
    household_id: int
    name: str
    area_code: str


def find_persons(nodes: Nodes, kind: PersonKind, node: str = "", limit: int = 20) -> list[Person]:
    """People of whom this is true, so many of each municipality that runs, or of one alone."""

    def ask(path: str) -> list[Person]:
        return _find(nodes, path, kind, limit) if path.startswith("municipality/") else []

    if node:
        return _find(nodes, node, kind, limit)
    return [person for found in nodes.ask_running(ask).values() for person in found]


def _find(nodes: Nodes, path: str, kind: PersonKind, limit: int) -> list[Person]:
    found: list[Person] = []
    token = ""
    while len(found) < limit:
        size = min(A_PAGE, limit - len(found))
        request = pb.FindPersonsRequest(kind=convert.enum(kind), page_size=size, page_token=token)
        page = _call(nodes, path, "FindPersons", request)
        found += [
            Person(path, one.resident_id, one.resident_code, one.household_id, one.name, one.area_code)
            for one in page.persons
        ]
        token = page.next_page_token
        if not token:
            break
    return found


def code_of(nodes: Nodes, node: str, resident_id: int) -> str:
    """The code of a 住民票; empty if the municipality has none of this number."""
    own = record_of(nodes, node, resident_id)
    return own.value("resident_code") if own else ""


def record_of(nodes: Nodes, node: str, resident_id: int) -> Record | None:
    """A 住民票 by its number; None if the municipality has none of it."""
    answer = _call(nodes, node, "GetHolding", pb.GetHoldingRequest(resident_id=resident_id))
    return next((_record(one) for one in answer.records if one.resident_id == resident_id), None)


def holdings(nodes: Nodes, code: str) -> dict[str, Holding]:
    """What each node that runs holds of the person, by its path, from the top down; by a code of now or of before."""

    def ask(path: str) -> Holding:
        return _holding(path, _call(nodes, path, "GetHolding", pb.GetHoldingRequest(resident_code=code)))

    return nodes.ask_running(ask)


def messages(nodes: Nodes, code: str) -> list[Message]:
    """Where the journals of the nodes that run speak of the person, in causal order."""

    def ask(path: str) -> list[Message]:
        found: list[Message] = []
        after = 0
        while True:
            request = pb.ListPersonMessagesRequest(resident_code=code, after_position=after)
            page = _call(nodes, path, "ListPersonMessages", request)
            found += [_message(path, one) for one in page.messages]
            after = page.next_after_position
            if not after:
                return found

    told = [message for found in nodes.ask_running(ask).values() for message in found]
    return sorted(told, key=lambda one: (one.lamport_time, one.node, one.position, one.index))


def provisions(nodes: Nodes, code: str) -> list[Provision]:
    """What the nodes that run gave of the person, in order of time."""

    def ask(path: str) -> list[Provision]:
        found: list[Provision] = []
        after = 0
        while True:
            request = pb.ListProvisionsOfRequest(resident_code=code, after_audit_id=after)
            page = _call(nodes, path, "ListProvisionsOf", request)
            found += [_provision(path, one) for one in page.provisions]
            after = page.next_after_audit_id
            if not after:
                return found

    given = [one for found in nodes.ask_running(ask).values() for one in found]
    return sorted(given, key=lambda one: (one.virtual_time, one.node, one.audit_id, one.subject))


def _call(nodes: Nodes, path: str, method: str, request: Any) -> Any:
    return nodes.console(path).call(STUB, method, request, SECONDS)


def _holding(path: str, answer: pb.GetHoldingResponse) -> Holding:
    return Holding(
        path,
        tuple(answer.resident_codes),
        tuple(
            CodeChange(one.former_resident_code, one.resident_code, one.area_code, ChangeReason(one.reason))
            for one in answer.code_changes
        ),
        tuple(map(_record, answer.records)),
        tuple(map(_notice, answer.history)),
        answer.history_cut,
        answer.recovering,
    )


def _record(one: pb.HoldingRecord) -> Record:
    fields = tuple(HeldField(f.key, f.japanese, f.value, Reach(f.reach), f.article) for f in one.fields)
    change = _change(one.last_change) if one.HasField("last_change") else None
    return Record(
        one.area_code, Standing(one.standing), one.resident_id, one.household_id, fields, change, one.person_sequence,
        one.position, one.index, one.number,
    )  # fmt: skip


def _change(one: ipb.Change) -> Change:
    """What was set aside may say what no list and no calendar has: that is unknown then."""
    try:
        kind, reason = ChangeKind(one.kind), ChangeReason(one.reason)
        day = PartialDate(one.change_date.year, one.change_date.month, one.change_date.day)
    except ValueError:
        kind, reason, day = ChangeKind.UNSPECIFIED, ChangeReason.UNSPECIFIED, PartialDate()
    return Change(kind, reason, day, one.former_resident_code, one.former_individual_number, one.former_area_code)


def _notice(one: pb.HistoryItem) -> Notice:
    said = one.record
    return Notice(
        one.position, one.index, one.number, one.epoch, one.said, one.peer, one.lamport_time,
        convert.instant(one.virtual_time), said.identification.area_code, said.person_sequence, _change(said.change),
        one.set_aside, said.identification,
    )  # fmt: skip


def _message(path: str, one: pb.PersonMessage) -> Message:
    return Message(
        path, one.position, one.index, one.kind, one.origin, one.counterpart, one.said, one.peer, one.lamport_time,
        convert.instant(one.virtual_time),
    )  # fmt: skip


def _provision(path: str, one: pb.ProvisionOf) -> Provision:
    return Provision(
        path, one.audit_id, one.subject, convert.instant(one.virtual_time), one.office_name, one.article,
        one.operator_id, Result(one.result), tuple(Field(field) for field in one.entry.given), one.entry,
    )  # fmt: skip


def items(found: Iterable[Holding]) -> list[Item]:
    """The fields that any record holds, in the order in which they are shown: those that travel up first."""
    held = {field.key for one in found for record in one.records for field in record.fields}
    return [item for item in ITEMS.values() if item.key in held]
