"""Doors to the nodes of a test's network: what a clerk does at a counter, and what a drill sees of any node."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from google.protobuf.message import Message
from google.type.date_pb2 import Date

from jukinet.model import areas
from jukinet.model.dates import PartialDate
from jukinet.model.identification import ChangeKind, ChangeReason
from jukinet.node import look
from jukinet.node.node import Node
from jukinet.store import doubles, register
from jukinet.store import journal as journal_store
from jukinet.store.database import Connection
from jukinet.testing import store
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import (
    counter_pb2_grpc,
    drill_pb2,
    error_report_pb2,
    family_register_pb2,
    identification_pb2,
    intermunicipal_pb2,
    relay_pb2,
)
from jukinet.wire.client import Client

if TYPE_CHECKING:
    from jukinet.testing.network import Juki

M = TypeVar("M", bound=Message)

Day = date | PartialDate | str | None
SEX = {"男": identification_pb2.SEX_MALE, "女": identification_pb2.SEX_FEMALE, "": identification_pb2.SEX_UNSPECIFIED}


def day(value: Day) -> Date | None:
    """A date for the wire from a date, or from text: "2021-06-01", or "1940" and "1940-05" where parts are 不詳.

    Text goes out as it is, whether or not a calendar has the date: that is for the node to refuse.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        year, month, number = (*map(int, value.split("-")), 0, 0)[:3]
        return Date(year=year, month=month, day=number)
    return Date(year=value.year, month=value.month, day=value.day)


def person(name: str = "架空　太郎", birth_date: Day = "1980-05-01", sex: str = "男", **items: Any) -> pb.NewPerson:
    """Somebody who comes onto a register. `items` are further fields of NewPerson."""
    return pb.NewPerson(name=name, birth_date=day(birth_date), sex=SEX[sex], **items)


class Door:
    """A node, by what a drill may see of it. In a restarted network it leads to the node of now."""

    def __init__(self, juki: Juki, path: str) -> None:
        self.juki = juki
        self.path = path

    def __repr__(self) -> str:
        return f"<{self.name} {self.path}>"

    @property
    def node(self) -> Node:
        """The node itself; KeyError while it is down."""
        return self.juki.network.nodes[self.path]

    @property
    def code(self) -> str:
        """Area code, or "jlis"."""
        return self.path.rpartition("/")[2].replace("center", "jlis")

    @property
    def name(self) -> str:
        """国立市, 東京都, 機構."""
        return self.juki.name(self.path)

    def status(self) -> drill_pb2.GetStatusResponse:
        """How the node is."""
        return look.status(self.node)

    def ledger(self) -> list[drill_pb2.LedgerRow]:
        """Its ledger."""
        rows: list[drill_pb2.LedgerRow] = []
        token = ""
        while token or not rows:
            page = look.ledger(self.node, 0, token)
            rows += page.rows
            token = page.next_page_token
            if not token:
                break
        return rows

    def journal(self) -> list[drill_pb2.JournalEntry]:
        """Its journal, oldest first; no personal data in it."""
        entries: list[drill_pb2.JournalEntry] = []
        while page := look.journal_page(self.node, entries[-1].position if entries else 0, 0).entries:
            entries += page
        return entries

    def notices(self, code: str = "", kind: int = relay_pb2.STREAM_KIND_IDENTIFICATION) -> list[Any]:
        """Records of that kind in its journal, said and heard; with `code` those about one person."""
        messages: dict[int, Any] = {
            relay_pb2.STREAM_KIND_IDENTIFICATION: identification_pb2.IdentificationRecord,
            relay_pb2.STREAM_KIND_MOVE_IN_NOTICE: intermunicipal_pb2.MoveInNotice,
            relay_pb2.STREAM_KIND_MOVE_OUT_CONFIRMATION: intermunicipal_pb2.MoveOutConfirmation,
            relay_pb2.STREAM_KIND_FAMILY_REGISTRATION_NOTICE: family_register_pb2.FamilyRegistrationNotice,
            relay_pb2.STREAM_KIND_SUPPLEMENTARY_REGISTER_NOTICE: family_register_pb2.SupplementaryRegisterNotice,
            relay_pb2.STREAM_KIND_SUPPLEMENTARY_REGISTER_MISMATCH: family_register_pb2.SupplementaryRegisterMismatch,
            relay_pb2.STREAM_KIND_STORED_ERROR_REPORT: error_report_pb2.ErrorReport,
            relay_pb2.STREAM_KIND_REGISTER_ERROR_REPORT: error_report_pb2.ErrorReport,
            relay_pb2.STREAM_KIND_SUPPLEMENTARY_REGISTER_TRANSFER: family_register_pb2.SupplementaryRegisterTransfer,
        }
        found = [messages[kind].FromString(raw) for entry in self._entries(kind) for raw in _records(entry)]
        return [record for record in found if code in ("", _code(record))]

    def changes(self, code: str = "") -> list[str]:
        """本人確認情報 in its journal, as "国立市 記載・出生 2021-06-01 #1": area, 旨, 事由, 年月日, 更新順番号."""
        return [_words(record) for record in self.notices(code)]

    def _entries(self, kind: int) -> Iterator[journal_store.Entry]:
        with self.node.journal.read() as db:
            yield from (e for e in journal_store.entries(db, 0, 1 << 30) if e.envelope.header.kind == kind)

    def held(self, code: str) -> list[store.Held]:
        """本人確認情報 held about a code by a governor or J-LIS, one item for each municipality."""
        with self.node.register.read() as db:
            return store.held(db, code)

    def codes_after(self, code: str) -> list[str]:
        """A code and what became of it, as a governor or J-LIS knows."""
        with self.node.register.read() as db:
            return register.codes_after(db, code)

    def confirmed(self, code: str) -> list[intermunicipal_pb2.MoveOutConfirmation]:
        """転出確定通知 that a governor keeps about a code."""
        with self.node.register.read() as db:
            return [intermunicipal_pb2.MoveOutConfirmation.FromString(raw) for raw in store.confirmed(db, code)]

    def flagged(self) -> list[str]:
        """Codes of which a governor or J-LIS holds two live records that are no move under way."""
        with self.node.register.read() as db:
            found = doubles.findings(db, self.node.clock.today())
        return sorted({f"{one.code:011d}" for one in self.node.participation.among(found)})

    def errors(self) -> tuple[int, int, int]:
        """Errors at this station of their way: how many wait, were told on, and are done."""
        queue = self.node.local.error_queue(0, 1)
        return queue.waiting, queue.reported, queue.done

    def quarantined(self) -> list[tuple[str, str]]:
        """Origin and reason of each record that was set aside."""
        with self.node.register.read() as db:
            return store.quarantined(db)

    def audit(self) -> list[dict[str, Any]]:
        """Its audit rows, oldest first."""
        with self.node.journal.read() as db:
            return store.audit(db)

    def counts(self) -> dict[str, int]:
        """Rows of every table of its journal's file."""
        with self.node.journal.read() as db:
            return store.counts(db)

    @contextmanager
    def file(self) -> Iterator[Connection]:
        """A read-only connection to its journal's file, for a look of the test's own."""
        with self.node.journal.read() as db:
            yield db


class Clerk(Door):
    """A municipality, or a ward, as one clerk may use it. Desks add a method an rpc.

    What is left out is made up: the day is today's, the request_id new. A refusal is raised as `Refused`; see
    `Juki.refused`. Every method takes `request_id`, `verification_id`, `operator_id` and `reason`.
    """

    def __init__(self, juki: Juki, path: str, area_code: str = "", clerk: str = "c01", **operation: str) -> None:
        super().__init__(juki, path)
        self.clerk = clerk
        self._area = area_code
        self._operation = {"verification_id": f"v-{clerk}", "operator_id": f"o-{clerk}", "reason": "窓口", **operation}

    @property
    def code(self) -> str:
        """Area code, of the ward if it is one's counter."""
        return self._area or super().code

    @property
    def client(self) -> Client:
        """The clerk's line to the node."""
        return self.juki.client(f"operator/{super().code}/{self.clerk}", self.path, self.node.listener.address)

    def call(self, method: str, request: Any, stub: Any = counter_pb2_grpc.CounterServiceStub) -> Any:
        """Call an rpc of a desk, CounterService by default, with a message of one's own."""
        return self.client.call(stub, method, request)

    def _ask(self, answer: type[M], request: Any, stub: Any = counter_pb2_grpc.CounterServiceStub) -> M:
        """Call the rpc that gives this answer."""
        found: M = self.call(answer.DESCRIPTOR.name.removesuffix("Response"), request, stub)
        return found

    def _op(self, operation: dict[str, str]) -> pb.Operation:
        given = {"request_id": self.juki.new_id(), **self._operation, **operation}
        return pb.Operation(**given)

    def _today(self, value: Day) -> Date | None:
        return day(self.node.clock.today() if value is None else value)


def _words(record: identification_pb2.IdentificationRecord) -> str:
    change = record.change
    kind, reason = ChangeKind(change.kind).japanese, ChangeReason(change.reason).japanese
    on = PartialDate(change.change_date.year, change.change_date.month, change.change_date.day)
    area = areas.find(record.identification.area_code)
    return f"{area.name if area else ''} {kind}・{reason} {on} #{record.person_sequence}"


def _records(entry: journal_store.Entry) -> Sequence[bytes]:
    payload = relay_pb2.BatchPayload.FromString(entry.envelope.batch.payload)
    erased = {one.index for one in payload.redacted}
    return [record for index, record in enumerate(payload.records) if index not in erased]


def _code(record: Any) -> str:
    holder = getattr(record, "identification", record)
    return str(holder.resident_code)
