"""転入届の特例: a move in by card, a 転出 that does not happen, and what was told beforehand."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from google.protobuf.message import Message

from jukinet.cli.counter import (
    CLERK,
    Address,
    Clerk,
    Counter,
    Household,
    Ids,
    On,
    Reason,
    RequestId,
    ShowNumbers,
    Ward,
    counter,
    told,
)
from jukinet.cli.output import plain, say, show_json, table, verb
from jukinet.cli.place import Json, Municipality, State
from jukinet.model import areas
from jukinet.stack.auto import Errands
from jukinet.v1 import counter_pb2, special_move_pb2_grpc
from jukinet.v1 import special_move_pb2 as pb
from jukinet.v1.intermunicipal_pb2 import MoveOutCertificate

WithCard = Annotated[
    bool, typer.Option("--with-card", help="特例の転出届（法24条の2）。カードによる / by card, without certificate.")
]
Online = Annotated[bool, typer.Option("--online", help="オンライン。令和5年2月6日から / online, from 2023-02-06.")]
STUB = special_move_pb2_grpc.SpecialMoveServiceStub


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    base = "jukinet resident"
    verb(
        noun, "report-special-move-in",
        f"{base} report-special-move-in 横浜市 --resident-code 12345678901 --from 国立市 --ward 鶴見区"
        " --address 神奈川県横浜市鶴見区みどり台1番1号 --on 2021-06-10",
    )(report_special_move_in)  # fmt: skip
    verb(noun, "cancel-move-out", f"{base} cancel-move-out 国立市 12 13")(cancel_move_out)
    verb(noun, "list-move-out-pre-notices", f"{base} list-move-out-pre-notices 横浜市")(list_move_out_pre_notices)


def report_special_move_in(
    municipality: Municipality,
    resident_code: Annotated[str, typer.Option("--resident-code", help="カードの住民票コード / as the card says.")],
    former: Annotated[str, typer.Option("--from", help="転出地、名前又はコード / municipality or ward that was left.")],
    address: Address,
    card: Annotated[bool, typer.Option("--card/--no-card", help="カードの提出 / whether it was presented.")] = True,
    on: On = "",
    ward: Ward = "",
    household: Household = 0,
    reason: Reason = "転入届（特例）の受理",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """転入届の特例（法24条の2）/ A move in by card: the municipality that was left is asked, or has told beforehand."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.ReportSpecialMoveInRequest(
            operation=operation, resident_code=resident_code, former_area_code=_code(former), card_presented=card,
            address=address, move_in_date=at.day(on), area_code=at.area(ward), household_id=household,
        )  # fmt: skip
        told(at, operation, _call(at, "ReportSpecialMoveIn", request), as_json)


def card(at: Counter, left: counter_pb2.ReportMoveOutRequest) -> MoveOutCertificate:
    """What the card of the first of those who left says, and the planned day."""
    look = counter_pb2.GetResidentRequest(
        operation=at.operation(left.operation.reason), resident_id=left.resident_ids[0]
    )
    who = at.call("GetResident", look).resident.identification
    said = MoveOutCertificate(former_area_code=who.area_code, planned_date=left.planned_date)
    said.members.add().identification.resident_code = who.resident_code
    return said


def cancel_move_out(
    municipality: Municipality,
    resident_ids: Ids,
    reason: Reason = "転出の取消し",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """転出の取消し / A 転出 that does not happen: undone before the planned day, entered again after it."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.CancelMoveOutRequest(operation=operation, resident_ids=resident_ids)
        answer = _call(at, "CancelMoveOut", request)
        # Whoever stays gives the 転出証明書 back: a neighbour that answers by itself must not enter them with it.
        looks = [
            counter_pb2.GetResidentRequest(operation=at.operation(reason), resident_id=resident_id)
            for resident_id in answer.receipt.resident_ids
        ]
        staying = [at.call("GetResident", look).resident.identification.resident_code for look in looks]
        Errands(at.stack).withdraw(staying)
        told(at, operation, answer, as_json)


def list_move_out_pre_notices(
    municipality: Municipality,
    show_numbers: ShowNumbers = False,
    reason: Reason = "事前通知の確認",
    clerk: Clerk = CLERK,
    state: State = None,
    as_json: Json = False,
) -> None:
    """転出届時の事前通知（法24条の2③）/ 転出届 that other municipalities told of, until they are erased."""
    at = counter(state, municipality, clerk)
    found: list[pb.HeldPreNotice] = []
    token = ""
    with at.stack:
        while token or not found:
            request = pb.ListMoveOutPreNoticesRequest(operation=at.operation(reason), page_token=token)
            page = _call(at, "ListMoveOutPreNotices", request)
            found += page.notices
            token = page.next_page_token
            if not token:
                break
    if as_json:
        show_json([plain(held, numbers=show_numbers) for held in found])
        return
    rows = []
    for held in found:
        paper = held.notice.certificate
        names = "、".join(member.identification.name for member in paper.members)
        rows.append((_name(paper.former_area_code), names, paper.destination, *map(_day, _days(held))))
    table(("転出地", "氏名", "転出先", "転出予定年月日", "消去の日"), rows)
    say(f"{len(found)} 件")


def _days(held: pb.HeldPreNotice) -> tuple[Any, Any]:
    return held.notice.certificate.planned_date, held.erase_date


def _day(message: Any) -> str:
    return f"{message.year:04d}-{message.month:02d}-{message.day:02d}"


def _call(at: Counter, method: str, request: Message) -> Any:
    return at.stack.clerk(at.spec.path, at.clerk).call(STUB, method, request)


def _name(area_code: str) -> str:
    area = areas.find(area_code)
    return area.full_name if area else area_code


def _code(name: str) -> str:
    """Code of a municipality or ward that was given by name; what names none, or several, goes to the node as it is."""
    named = [area for area in areas.by_name(name) if area.kind != "prefecture"]
    return named[0].code if len(named) == 1 else name
