"""What every verb of `jukinet resident` shares: the clerk, the reason, the call, and what the act left behind."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from google.protobuf.message import Message
from google.type.date_pb2 import Date

from jukinet.cli import place
from jukinet.cli.output import plain, say, show_json
from jukinet.model import areas
from jukinet.model.dates import PartialDate, wareki
from jukinet.model.identification import Residency, Sex
from jukinet.stack import calendar
from jukinet.stack.auto import Errands
from jukinet.stack.stack import Stack
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import counter_pb2_grpc
from jukinet.v1.intermunicipal_pb2 import MoveOutCertificate
from jukinet.wire import convert

Clerk = Annotated[str, typer.Option("--clerk", help="操作者 / the clerk's id; the certificate is issued at need.")]
Reason = Annotated[str, typer.Option("--reason", help="理由。氏名などを書かない / why, in words that name no one.")]
RequestId = Annotated[
    str, typer.Option("--request-id", help="再試行に同じものを / the same id makes a repeat harmless.")
]
Ids = Annotated[list[int], typer.Argument(help="宛名番号 / resident_id, one or several.")]
Id = Annotated[int, typer.Argument(help="宛名番号 / resident_id.")]
Household = Annotated[int, typer.Option("--household", help="世帯番号 / household to join; 0 opens a new one.")]
Ward = Annotated[str, typer.Option("--ward", help="指定都市の区、名前又はコード / ward of a designated city.")]
Name = Annotated[str, typer.Option("--name", help="氏名 / name.")]
Kana = Annotated[str, typer.Option("--kana", help="氏名の振り仮名 / its reading.")]
Born = Annotated[
    str, typer.Option("--born", help="YYYY-MM-DD, YYYY-MM, YYYY; 不詳なら省く / leave out what is unknown.")
]
BornText = Annotated[str, typer.Option("--born-text", help="不詳のとき住民票に書く文言 / the words where unknown.")]
Gender = Annotated[str, typer.Option("--sex", help="male | female")]
Relationship = Annotated[str, typer.Option("--relationship", help="続柄, as 子.")]
Foreign = Annotated[bool, typer.Option("--foreign", help="外国人住民 / a foreign resident.")]
Address = Annotated[str, typer.Option("--address", help="住所 / address.")]
On = Annotated[str, typer.Option("--on", help="YYYY-MM-DD。省けば今日の仮想日 / default: the virtual day.")]
ShowNumbers = Annotated[bool, typer.Option("--show-numbers", help="住民票コード・個人番号も示す / show both numbers.")]

STUB = counter_pb2_grpc.CounterServiceStub
CLERK = "c01"
TERMINAL = "terminal-1"


class Counter:
    """One municipality's counter, as one clerk has it."""

    def __init__(self, stack: Stack, municipality: str, clerk: str) -> None:
        self.stack = stack
        self.spec = stack.topology.find(municipality)
        self.clerk = clerk

    @property
    def today(self) -> date:
        """The virtual day of that municipality."""
        status = self.stack.statuses()[self.spec.path]
        return convert.instant(status.virtual_time).date()

    def day(self, text: str, name: str = "--on") -> Date:
        """A day that was given, or today."""
        return convert.day_message(parse_day(text, name) if text else self.today) or Date()

    def operation(self, reason: str, request_id: str = "") -> pb.Operation:
        """Who acts, and why."""
        return pb.Operation(
            request_id=request_id or str(uuid4()),
            verification_id=TERMINAL,
            operator_id=self.clerk,
            reason=reason,
        )

    def call(self, method: str, request: Message, stub: Any = STUB) -> Any:
        """The rpc of that name, of CounterService or another desk."""
        return self.stack.clerk(self.spec.path, self.clerk).call(stub, method, request)

    def area(self, ward: str) -> str:
        """Code of a ward of this city that was given by name or code; of two of one name, of the one that exists."""
        found = [
            area
            for area in areas.wards_of(self.spec.identity.area_code)
            if ward in (area.code, area.name, area.full_name)
        ]
        if len(found) > 1:
            today = calendar.now(self.stack).date()
            found.sort(key=lambda area: not area.exists_on(today))
        return found[0].code if found else ward


def area_code(text: str) -> str:
    """Code of a municipality or ward that was given by name or code."""
    found = [area for area in areas.by_name(text) if area.kind != "prefecture"]
    if not areas.find(text) and len(found) != 1:
        raise typer.BadParameter(f"{text}: 団体の名前又はコード / name or code of one municipality or ward")
    return text if areas.find(text) else found[0].code


def counter(state: Path | None, municipality: str, clerk: str) -> Counter:
    """The counter of a municipality of the network that is meant."""
    return Counter(place.stack(state), municipality, clerk)


def parse_day(text: str, name: str) -> date:
    """A whole date."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{name}: YYYY-MM-DD と書いてください / write YYYY-MM-DD") from error


def birth_date(text: str) -> Date | None:
    """A birth date of which parts may be unknown."""
    try:
        return convert.partial_message(PartialDate.parse(text))
    except ValueError as error:
        raise typer.BadParameter(f"--born: {error}") from error


def sex_of(text: str) -> Any:
    """男女の別 from a word."""
    known = {"male": Sex.MALE, "男": Sex.MALE, "female": Sex.FEMALE, "女": Sex.FEMALE}
    if text not in known:
        raise typer.BadParameter("--sex: male 又は female / write male or female")
    return convert.enum(known[text])


def person(name: str, kana: str, born: str, born_text: str, sex: str, relationship: str, foreign: bool) -> pb.NewPerson:
    """A person who comes onto the register."""
    return pb.NewPerson(
        name=name,
        name_kana=kana,
        birth_date=birth_date(born),
        birth_date_text=born_text,
        sex=sex_of(sex),
        relationship=relationship,
        residency=convert.enum(Residency.FOREIGN if foreign else Residency.JAPANESE),
    )


def told(at: Counter, operation: pb.Operation, answer: Any, as_json: bool) -> None:
    """What an act left behind."""
    receipt = answer.receipt
    if as_json:
        show_json({"municipality": at.spec.path, "request_id": operation.request_id, "receipt": plain(receipt)})
        return
    ids = "、".join(str(resident_id) for resident_id in receipt.resident_ids)
    say(f"{at.spec.name}: 受理 / accepted。宛名番号 {ids}、世帯 {receipt.household_id}、通知 {receipt.notices} 件")
    say(f"操作記録 / audit row {receipt.audit_id}, request_id {operation.request_id}")
    if receipt.alike_resident_ids:
        alike = "、".join(map(str, receipt.alike_resident_ids))
        say(f"注意 / note: 氏名・生年月日・性別の同じ記録があります。再転入か同姓同名か確かめてください: {alike}")
        say("Records of the same name, birth date and sex: the same person come back, or a namesake? Compare.")


def errand_told(
    at: Counter, operation: pb.Operation, paper: MoveOutCertificate, destination: str, *, with_card: bool = False
) -> str:
    """Hand a 転出証明書, or what a card says, to a neighbour that answers by itself; what is to be said of it."""
    errand = Errands(at.stack).take(operation.request_id, destination, paper, with_card=with_card)
    if errand is None:
        return ""
    if errand.day <= at.today and Errands(at.stack).run(convert.instant(_now(at))):
        return f"{errand.node} が転入届を受けました（自動）/ took the 転入届 by itself"
    return f"{errand.node} が {wareki(errand.day)} に転入届を受けます（自動）/ will take the 転入届 on {errand.day}"


def _now(at: Counter) -> Any:
    return max(
        (status.virtual_time for status in at.stack.statuses().values()), key=lambda time: (time.seconds, time.nanos)
    )
