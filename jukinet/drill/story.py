"""The demo's story: one family of 国立市, from a birth to a death, told by clerks over the public rpcs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from google.type import date_pb2

from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import counter_pb2_grpc, identification_pb2
from jukinet.wire import convert
from jukinet.wire.client import Client

LEFT, ENTERED = "municipality/132152", "municipality/141003"
WARD = "141011"
NEW_HOME = "神奈川県横浜市鶴見区みどり台2丁目3番4号"
DAYS_AHEAD = 3
PAGE = 1_000
HEAD, WIFE, CHILD = "世帯主", "妻", "子"


class Offices(Protocol):
    """What the story needs of a running network."""

    def clerk(self, path: str) -> Client:
        """A clerk's client of that municipality's counter."""

    def today(self) -> date:
        """The virtual day."""

    def move_clock(self, to: date) -> None:
        """Set the clock of all nodes to 09:00 of that day, stopping at every due date."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One act at a counter: what people read, and what is done."""

    title: str
    article: str
    act: Callable[[], str]


class Story:
    """The scenes in order. Each act answers in one line what the clerk was told."""

    def __init__(self, offices: Offices) -> None:
        self._offices = offices
        self._family: list[pb.ResidentRecord] = []
        self._certificate: Any = None
        self._count = 0

    def scenes(self) -> Iterator[Scene]:
        """Birth, relocation, move out, move in, death."""
        self._family = self._find_family()
        yield Scene("出生 — 国立市の窓口に出生届", "住基法30条の3第2項", self._birth)
        yield Scene("転居 — 国立市の中での引越し", "住基法23条", self._relocation)
        yield Scene("転出 — 横浜市鶴見区への転出届（予定日は3日後）", "住基法24条", self._move_out)
        yield Scene("転出予定日の到来 — 仮想時計を進める", "住基令13条1項", self._planned_day)
        yield Scene(
            "転入 — 横浜市鶴見区で転入届、転入通知、転出確定通知", "住基法22条・9条1項、令13条3項", self._move_in
        )
        yield Scene("死亡 — 横浜市鶴見区で死亡届", "令8条", self._death)

    def _call(self, path: str, method: str, request: Any) -> Any:
        return self._offices.clerk(path).call(counter_pb2_grpc.CounterServiceStub, method, request)

    def _operation(self, reason: str) -> pb.Operation:
        self._count += 1
        return pb.Operation(
            request_id=f"demo-{self._count}", verification_id="demo-clerk", operator_id="counter", reason=reason
        )

    def _find_family(self) -> list[pb.ResidentRecord]:
        """A couple without anybody else: the first household of two with 世帯主 and 妻."""
        token, households = "", dict[int, list[pb.ResidentRecord]]()
        while True:
            request = pb.ListResidentsRequest(
                operation=self._operation("演習の家族を選ぶ"), page_size=PAGE, page_token=token
            )
            answer = self._call(LEFT, "ListResidents", request)
            for resident in answer.residents:
                households.setdefault(resident.household_id, []).append(resident)
            token = answer.next_page_token
            for members in list(households.values())[:-1] if token else households.values():
                if [member.relationship for member in members] == [HEAD, WIFE]:
                    return members
            if not token:
                raise LookupError("no couple lives at 国立市: enter more residents (--residents)")

    @property
    def _ids(self) -> list[int]:
        return [member.resident_id for member in self._family]

    def _birth(self) -> str:
        father = self._family[0].identification
        child = pb.NewPerson(
            name=father.name.partition("\u3000")[0] + "\u3000ひかり",
            name_kana=father.name_kana.partition("\u3000")[0] + "\u3000ヒカリ",
            birth_date=_date(self._offices.today() - timedelta(days=1)),
            sex=identification_pb2.SEX_FEMALE,
            relationship=CHILD,
        )
        request = pb.ReportBirthRequest(
            operation=self._operation("出生届"), household_id=self._family[0].household_id, child=child
        )
        receipt = self._call(LEFT, "ReportBirth", request).receipt
        self._family = self._members(LEFT, receipt.household_id)
        return f"住民票番号 {receipt.resident_ids[0]} を記載、通知 {receipt.notices} 件、監査 {receipt.audit_id}"

    def _members(self, path: str, household_id: int) -> list[pb.ResidentRecord]:
        request = pb.ListResidentsRequest(operation=self._operation("世帯の確認"), household_id=household_id)
        return list(self._call(path, "ListResidents", request).residents)

    def _relocation(self) -> str:
        request = pb.ReportRelocationRequest(
            operation=self._operation("転居届"),
            resident_ids=self._ids,
            address="東京都国立市さくら町1丁目2番3号",
            relocation_date=_date(self._offices.today()),
        )
        receipt = self._call(LEFT, "ReportRelocation", request).receipt
        return f"{len(self._family)}人を修正、通知 {receipt.notices} 件、監査 {receipt.audit_id}"

    def _move_out(self) -> str:
        self._planned = self._offices.today() + timedelta(days=DAYS_AHEAD)
        request = pb.ReportMoveOutRequest(
            operation=self._operation("転出届"),
            resident_ids=self._ids,
            destination=NEW_HOME,
            planned_date=_date(self._planned),
        )
        answer = self._call(LEFT, "ReportMoveOut", request)
        self._certificate = answer.certificate
        return f"転出証明書 {len(answer.certificate.members)}人分を交付、通知はまだ {answer.receipt.notices} 件"

    def _planned_day(self) -> str:
        self._offices.move_clock(self._planned)
        return f"{self._planned} 00:00 に消除（転出予定年月日を付す）"

    def _move_in(self) -> str:
        request = pb.ReportMoveInRequest(
            operation=self._operation("転入届"),
            certificate=self._certificate,
            address=NEW_HOME,
            move_in_date=_date(self._planned),
            area_code=WARD,
        )
        receipt = self._call(ENTERED, "ReportMoveIn", request).receipt
        self._family = self._members(ENTERED, receipt.household_id)
        return f"{len(receipt.resident_ids)}人を記載、通知 {receipt.notices} 件、監査 {receipt.audit_id}"

    def _death(self) -> str:
        request = pb.ReportDeathRequest(
            operation=self._operation("死亡届"),
            resident_id=self._family[0].resident_id,
            death_date=_date(self._offices.today()),
        )
        receipt = self._call(ENTERED, "ReportDeath", request).receipt
        return f"住民票番号 {receipt.resident_ids[0]} を消除、通知 {receipt.notices} 件、監査 {receipt.audit_id}"


def _date(day: date) -> date_pb2.Date | None:
    return convert.day_message(day)
