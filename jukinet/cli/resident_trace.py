"""How a record came to be."""

from __future__ import annotations

from typing import Annotated

import typer

from jukinet.cli.counter import CLERK, Clerk, Reason, counter
from jukinet.cli.output import plain, say, show_json, table, verb
from jukinet.cli.place import Json, Municipality, State
from jukinet.model import areas
from jukinet.model.confirmation import Compared
from jukinet.model.dates import PartialDate
from jukinet.model.identification import ChangeReason
from jukinet.v1 import abroad_pb2, trace_pb2, trace_pb2_grpc

STUB = trace_pb2_grpc.TraceServiceStub
CODES = {
    abroad_pb2.CODE_BASIS_CARRIED_OVER: "照会結果のコード / the code of a hit",
    abroad_pb2.CODE_BASIS_NEVER_RECORDED: "記録されたことのない者の新しいコード / a new code, never recorded",
    abroad_pb2.CODE_BASIS_NOT_DETERMINABLE: "判明しないための新しいコード / a new code, the old one unknown",
}
SEARCHED = {
    abroad_pb2.SEARCHED_ITEM_RESIDENT_CODE: "住民票コード",
    abroad_pb2.SEARCHED_ITEM_INDIVIDUAL_NUMBER: "個人番号",
    abroad_pb2.SEARCHED_ITEM_NAME_BIRTH_DATE_SEX: "氏名・生年月日・性別",
    abroad_pb2.SEARCHED_ITEM_ADDRESS: "住所",
}


def register(noun: typer.Typer) -> None:
    """Add the verb."""
    verb(noun, "trace-record", "jukinet resident trace-record 国立市 --resident 3")(trace_record)


def trace_record(
    municipality: Municipality,
    resident: Annotated[int, typer.Option("--resident", help="宛名番号 / resident_id.")],
    reason: Reason = "記載の経緯の確認",
    clerk: Clerk = CLERK,
    state: State = None,
    as_json: Json = False,
) -> None:
    """記載の経緯: 誰が、どの照会で / How a record was entered, by whom, upon which inquiry, and what was said of it."""
    at = counter(state, municipality, clerk)
    with at.stack:
        request = trace_pb2.TraceRecordRequest(operation=at.operation(reason), resident_id=resident)
        answer = at.call("TraceRecord", request, STUB)
    if as_json:
        show_json(plain(answer))
        return
    say(f"宛名番号 / resident {answer.resident_id}")
    rows = [(str(act.audit_id), act.event, act.operator_id, act.article) for act in answer.acts]
    table(("操作記録", "処理", "操作者", "根拠"), rows, right=range(1))
    if answer.HasField("code"):
        _say_code(answer.code)
    for notice in answer.notices:
        where = f"記録 {notice.position}" if notice.position else "署名待ち / unsigned"
        say(f"本人確認情報の通知 #{notice.person_sequence} {ChangeReason(notice.reason).japanese}（{where}）")


def _say_code(code: trace_pb2.CodeTrace) -> None:
    say(f"住民票コード: {CODES.get(code.code_basis, '')}")
    if not code.inquiry_id:
        say(f"照会なし / no inquiry: {code.not_inquired}")
        return
    day = PartialDate(code.inquiry_date.year, code.inquiry_date.month, code.inquiry_date.day)
    by = "、".join(SEARCHED[one] for one in code.searched if one in SEARCHED)
    say(f"照会 / inquiry {code.inquiry_id}: {day} {code.inquiry_operator_id}、{by} により {code.hits} 件")
    compared = "、".join(Compared(one).japanese for one in code.confirmation.compared)
    say(f"照合 / compared: {compared or 'なし / nothing'} {code.confirmation.words}".rstrip())
    if code.hit:
        live = "現住" if code.held_live else f"除票、{ChangeReason(code.held_reason).japanese}"
        say(f"{code.hit} 番目、{_area(code.held_by_area_code)}（{live}）/ hit {code.hit}, held there then")
    if code.told_area_codes:
        told = "、".join(map(_area, code.told_area_codes))
        back = "、取消し済み / taken back" if code.withdrawn else ""
        say(f"転入通知 / told: {told}{back}")


def _area(code: str) -> str:
    area = areas.find(code)
    return area.full_name if area else code
