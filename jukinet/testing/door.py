"""Doors to the nodes of a test's network: what a clerk does at a counter, and what a drill sees of any node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
from jukinet.store import journal as journal_store
from jukinet.store.database import Connection
from jukinet.testing import store
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import counter_pb2_grpc, drill_pb2, identification_pb2, intermunicipal_pb2, relay_pb2
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

    def confirmed(self, code: str) -> list[intermunicipal_pb2.MoveOutConfirmation]:
        """転出確定通知 that a governor keeps about a code."""
        with self.node.register.read() as db:
            return [intermunicipal_pb2.MoveOutConfirmation.FromString(raw) for raw in store.confirmed(db, code)]

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


class Counter(Door):
    """The counter of a municipality, or of a ward, served by one clerk. Each rpc of CounterService is a method.

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

    def call(self, method: str, request: Any) -> Any:
        """Call an rpc of CounterService with a message of one's own."""
        return self.client.call(counter_pb2_grpc.CounterServiceStub, method, request)

    def _ask(self, answer: type[M], request: Any) -> M:
        """Call the rpc that gives this answer."""
        found: M = self.call(answer.DESCRIPTOR.name.removesuffix("Response"), request)
        return found

    def _op(self, operation: dict[str, str]) -> pb.Operation:
        given = {"request_id": self.juki.new_id(), **self._operation, **operation}
        return pb.Operation(**given)

    def _today(self, value: Day) -> Date | None:
        return day(self.node.clock.today() if value is None else value)

    def report_birth(
        self, household_id: int, child: pb.NewPerson | None = None, **operation: str
    ) -> pb.ReportBirthResponse:
        """出生届."""
        child = child or person("架空　花子", self.node.clock.today(), "女", relationship="子")
        request = pb.ReportBirthRequest(operation=self._op(operation), household_id=household_id, child=child)
        return self._ask(pb.ReportBirthResponse, request)

    def report_death(self, resident_id: int, death_date: Day = None, **operation: str) -> pb.ReportDeathResponse:
        """死亡届."""
        request = pb.ReportDeathRequest(
            operation=self._op(operation), resident_id=resident_id, death_date=self._today(death_date)
        )
        return self._ask(pb.ReportDeathResponse, request)

    def report_move_out(
        self, resident_ids: Sequence[int], destination: str, planned_date: Day = None, **operation: str
    ) -> pb.ReportMoveOutResponse:
        """転出届; the answer brings the 転出証明書."""
        request = pb.ReportMoveOutRequest(
            operation=self._op(operation), resident_ids=resident_ids, destination=destination,
            planned_date=self._today(planned_date),
        )  # fmt: skip
        return self._ask(pb.ReportMoveOutResponse, request)

    def report_move_in(
        self,
        certificate: intermunicipal_pb2.MoveOutCertificate | None,
        address: str,
        move_in_date: Day = None,
        household_id: int = 0,
        **operation: str,
    ) -> pb.ReportMoveInResponse:
        """転入届 with the 転出証明書."""
        request = pb.ReportMoveInRequest(
            operation=self._op(operation), certificate=certificate, address=address, household_id=household_id,
            move_in_date=self._today(move_in_date), area_code=self._area,
        )  # fmt: skip
        return self._ask(pb.ReportMoveInResponse, request)

    def report_relocation(
        self,
        resident_ids: Sequence[int],
        address: str,
        relocation_date: Day = None,
        household_id: int = 0,
        **operation: str,
    ) -> pb.ReportRelocationResponse:
        """転居届."""
        request = pb.ReportRelocationRequest(
            operation=self._op(operation), resident_ids=resident_ids, address=address, household_id=household_id,
            relocation_date=self._today(relocation_date),
        )  # fmt: skip
        return self._ask(pb.ReportRelocationResponse, request)

    def report_household_change(
        self,
        resident_ids: Sequence[int],
        household_id: int = 0,
        head_resident_id: int = 0,
        relationships: Iterable[str] = (),
        **operation: str,
    ) -> pb.ReportHouseholdChangeResponse:
        """世帯変更届."""
        request = pb.ReportHouseholdChangeRequest(
            operation=self._op(operation), resident_ids=resident_ids, household_id=household_id,
            head_resident_id=head_resident_id, relationships=relationships,
        )  # fmt: skip
        return self._ask(pb.ReportHouseholdChangeResponse, request)

    def enter_ex_officio(
        self,
        who: pb.NewPerson | None = None,
        address: str = "",
        change_date: Day = None,
        household_id: int = 0,
        **operation: str,
    ) -> pb.EnterExOfficioResponse:
        """職権記載; a place is made up if neither address nor household is given."""
        place = "" if household_id else self.juki.full_name(self.code) + "みどり台一丁目1番1号"
        request = pb.EnterExOfficioRequest(
            operation=self._op(operation), person=who or person(), address=address or place, household_id=household_id,
            change_date=self._today(change_date), area_code=self._area,
        )  # fmt: skip
        return self._ask(pb.EnterExOfficioResponse, request)

    def delete_ex_officio(
        self, resident_id: int, change_date: Day = None, **operation: str
    ) -> pb.DeleteExOfficioResponse:
        """職権消除."""
        request = pb.DeleteExOfficioRequest(
            operation=self._op(operation), resident_id=resident_id, change_date=self._today(change_date)
        )
        return self._ask(pb.DeleteExOfficioResponse, request)

    def correct_ex_officio(
        self,
        resident_id: int,
        change_date: Day = None,
        *,
        birth_date: Day = None,
        sex: str = "",
        name: str | None = None,
        name_kana: str | None = None,
        former_surname: str | None = None,
        alias: str | None = None,
        address: str | None = None,
        **operation: str,
    ) -> pb.CorrectExOfficioResponse:
        """職権修正 of what is given."""
        request = pb.CorrectExOfficioRequest(
            operation=self._op(operation), resident_id=resident_id, change_date=self._today(change_date),
            birth_date=day(birth_date), sex=SEX[sex], name=name, name_kana=name_kana, former_surname=former_surname,
            alias=alias, address=address,
        )  # fmt: skip
        return self._ask(pb.CorrectExOfficioResponse, request)

    def enter_paper_move_in_notice(
        self, notice: intermunicipal_pb2.MoveInNotice, **operation: str
    ) -> pb.EnterPaperMoveInNoticeResponse:
        """紙の転入通知."""
        request = pb.EnterPaperMoveInNoticeRequest(operation=self._op(operation), notice=notice)
        return self._ask(pb.EnterPaperMoveInNoticeResponse, request)

    def resident(self, resident_id: int, **operation: str) -> pb.ResidentRecord:
        """One 住民票."""
        request = pb.GetResidentRequest(operation=self._op(operation), resident_id=resident_id)
        return self._ask(pb.GetResidentResponse, request).resident

    def residents(
        self, household_id: int = 0, state: pb.ResidentState.ValueType = pb.RESIDENT_STATE_UNSPECIFIED, **operation: str
    ) -> list[pb.ResidentRecord]:
        """All 住民票 and 除票, or those of one household or state."""
        found: list[pb.ResidentRecord] = []
        token = ""
        while True:
            request = pb.ListResidentsRequest(
                operation=self._op(operation), household_id=household_id, page_token=token, state=state
            )
            page = self.call("ListResidents", request)
            found += page.residents
            if not (token := page.next_page_token):
                return found

    def tasks(self, **operation: str) -> list[pb.Task]:
        """What waits: 未付番, codes, undelivered 転入通知, planned 転出."""
        found: list[pb.Task] = []
        token = ""
        while True:
            page = self.call("ListTasks", pb.ListTasksRequest(operation=self._op(operation), page_token=token))
            found += page.tasks
            if not (token := page.next_page_token):
                return found

    def print_notice(self, resident_id: int, kind: pb.NoticeKind.ValueType, **operation: str) -> pb.PrintNoticeResponse:
        """通知書 as printable text."""
        request = pb.PrintNoticeRequest(operation=self._op(operation), resident_id=resident_id, kind=kind)
        return self._ask(pb.PrintNoticeResponse, request)


def _words(record: identification_pb2.IdentificationRecord) -> str:
    change = record.change
    kind, reason = ChangeKind(change.kind).japanese, ChangeReason(change.reason).japanese
    on = PartialDate(change.change_date.year, change.change_date.month, change.change_date.day)
    area = areas.find(record.identification.area_code)
    return f"{area.name if area else ''} {kind}・{reason} {on} #{record.person_sequence}"


def _records(entry: journal_store.Entry) -> Sequence[bytes]:
    return relay_pb2.BatchPayload.FromString(entry.envelope.batch.payload).records


def _code(record: Any) -> str:
    holder = getattr(record, "identification", record)
    return str(holder.resident_code)
