"""`jukinet disclose`: what a governor or J-LIS tells a person of the own record, and of what went out about it."""

from __future__ import annotations

from typing import Annotated

import typer

from jukinet.cli.counter import (
    CLERK,
    Born,
    Clerk,
    Counter,
    Gender,
    Name,
    Reason,
    RequestId,
    birth_date,
    counter,
    sex_of,
)  # fmt: skip
from jukinet.cli.output import plain, say, show_json, table, verb
from jukinet.cli.place import Json, State
from jukinet.model.provision import Field, Form
from jukinet.v1 import counter_pb2, disclosure_pb2_grpc, search_pb2
from jukinet.v1 import disclosure_pb2 as pb
from jukinet.v1.identification_pb2 import SEX_UNSPECIFIED
from jukinet.wire import convert

STUB = disclosure_pb2_grpc.DisclosureServiceStub
Node = Annotated[str, typer.Argument(help="知事又は機構 / a governor or J-LIS, by name, code or path.")]
Number = Annotated[int, typer.Argument(min=1, help="請求の番号 / number of the request.")]
Code = Annotated[str, typer.Option("--code", help="住民票コード (11 digits).")]
MyNumber = Annotated[str, typer.Option("--number", help="個人番号 (12 digits).")]
ITEMS = {field.name.lower().replace("_", "-"): field for field in Field}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(help="開示 / The person's view (法30条の32–30条の35).", no_args_is_help=True)
    app.add_typer(noun, name="disclose")
    base = "jukinet disclose"
    verb(
        noun,
        "accept-request",
        f"{base} accept-request 東京都 --code 12345678903",
        f"{base} accept-request 機構 --provisions --name '架空　太郎' --born 1980-05-01 --sex male",
    )(accept_request)
    verb(noun, "identification", f"{base} identification 東京都 1 --show-numbers")(identification)
    verb(noun, "provisions", f"{base} provisions 機構 2")(provisions)
    verb(noun, "extend", f"{base} extend 東京都 1 2021-08-01 --reason '記録の確認に時間を要する'")(extend)
    verb(noun, "accept-correction", f"{base} accept-correction 東京都 1 address")(accept_correction)
    verb(noun, "answer-correction", f"{base} answer-correction 東京都 1 --error")(answer_correction)
    verb(noun, "list", f"{base} list 東京都 --open")(list_)  # fmt: skip


def accept_request(
    node: Node,
    provisions_too: Annotated[bool, typer.Option("--provisions", help="提供状況 / what went out.")] = False,
    code: Code = "",
    number: MyNumber = "",
    name: Name = "",
    born: Born = "",
    sex: Gender = "",
    reason: Reason = "開示請求",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """開示請求の受理 / Accept a request; it is answered within 30 days."""
    at = counter(state, node, clerk)
    criteria = search_pb2.SearchCriteria(
        resident_code=code, individual_number=number, name=name, birth_date=birth_date(born),
        sex=sex_of(sex) if sex else SEX_UNSPECIFIED,
    )  # fmt: skip
    subject = pb.DISCLOSURE_SUBJECT_PROVISIONS if provisions_too else pb.DISCLOSURE_SUBJECT_IDENTIFICATION
    with at.stack:
        request = pb.AcceptDisclosureRequestRequest(
            operation=_operation(at, reason, request_id), subject=subject, criteria=criteria
        )
        answer = at.call("AcceptDisclosureRequest", request, STUB)
    if as_json:
        show_json(plain(answer))
    else:
        due = answer.due_date
        say(f"請求 #{answer.id}  期限 / due {due.year}-{due.month:02d}-{due.day:02d}")


def identification(
    node: Node,
    number: Number,
    show_numbers: Annotated[bool, typer.Option("--show-numbers", help="番号も示す / show both numbers.")] = False,
    reason: Reason = "開示",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """本人確認情報の開示 / What is recorded, or that nothing is."""
    at = counter(state, node, clerk)
    with at.stack:
        request = pb.DiscloseIdentificationRequest(operation=_operation(at, reason, request_id), id=number)
        answer = at.call("DiscloseIdentification", request, STUB)
    if as_json:
        show_json(plain(answer, numbers=show_numbers))
        return
    if not answer.exists:
        say("自己に係る本人確認情報は存在しません / nothing is recorded")
    rows = []
    for one in answer.records:
        person = one.identification
        codes = (person.resident_code, person.individual_number) if show_numbers else ("●", "●")
        rows.append((person.name, person.address, *codes, "現" if one.live else "消除・旧"))
    if rows:
        table(("氏名", "住所", "住民票コード", "個人番号", "記録"), rows)


def provisions(
    node: Node,
    number: Number,
    reason: Reason = "開示",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """提供状況の開示 / What went out about the person, to whom and for what, out of the log."""
    at = counter(state, node, clerk)
    with at.stack:
        request = pb.DiscloseProvisionsRequest(operation=_operation(at, reason, request_id), id=number)
        answer = at.call("DiscloseProvisions", request, STUB)
    if as_json:
        show_json(plain(answer))
        return
    rows = [
        (
            str(convert.instant(one.virtual_time).date()), Form(one.form).japanese, one.reason, one.affair,
            "有" if Field.INDIVIDUAL_NUMBER in one.given else "無", one.provider, one.office_name,
            "・".join(Field(field).japanese for field in one.given),
        )
        for one in answer.provisions
    ]  # fmt: skip
    table(("提供年月日", "利用方法", "事由", "事務", "個人番号", "提供元", "提供先", "提供された情報"), rows)
    if not rows:
        say("提供の記録はありません / nothing went out")


def extend(
    node: Node,
    number: Number,
    until: Annotated[str, typer.Argument(help="新しい期限 / the new last day, YYYY-MM-DD.")],
    reason: Reason,
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """期限の延長 / Put off the last day, with the reason, while the period runs."""
    at = counter(state, node, clerk)
    with at.stack:
        request = pb.ExtendDisclosureRequest(
            operation=_operation(at, reason, request_id), id=number, due_date=at.day(until, "UNTIL")
        )
        answer = at.call("ExtendDisclosure", request, STUB)
    if as_json:
        show_json(plain(answer))
    else:
        say(f"請求 #{number}  期限 / due {until}")


def accept_correction(
    node: Node,
    number: Number,
    items: Annotated[list[str], typer.Argument(help=" ".join(ITEMS))],
    reason: Reason = "訂正の申出",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """訂正等の申出 / What the person calls wrong, after a disclosure."""
    if unknown := [item for item in items if item not in ITEMS]:
        raise typer.BadParameter(f"{' '.join(unknown)}: {' | '.join(ITEMS)}")
    at = counter(state, node, clerk)
    with at.stack:
        request = pb.AcceptCorrectionRequestRequest(
            operation=_operation(at, reason, request_id),
            id=number,
            fields=[int(ITEMS[item]) for item in items],  # type: ignore[misc]
        )
        answer = at.call("AcceptCorrectionRequest", request, STUB)
    if as_json:
        show_json(plain(answer))
    else:
        say(f"申出 #{answer.correction_id}")


def answer_correction(
    node: Node,
    number: Annotated[int, typer.Argument(min=1, help="申出の番号 / number of the 申出.")],
    error: Annotated[bool, typer.Option("--error/--no-error", help="誤りの有無 / whether there is an error.")],
    reason: Reason = "調査の結果",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """調査の結果の通知 / What the investigation came to; an error goes down to the mayor."""
    at = counter(state, node, clerk)
    with at.stack:
        request = pb.AnswerCorrectionRequestRequest(
            operation=_operation(at, reason, request_id), correction_id=number, error_found=error
        )
        answer = at.call("AnswerCorrectionRequest", request, STUB)
    if as_json:
        show_json(plain(answer))
    else:
        say("市町村長に通報します / the mayor is told" if answer.reported else "通報はありません / nobody is told")


def list_(
    node: Node,
    open_only: Annotated[bool, typer.Option("--open", help="未処理のみ / open ones.")] = False,
    reason: Reason = "期限の確認",
    clerk: Clerk = CLERK,
    state: State = None,
    as_json: Json = False,
) -> None:
    """請求の一覧と残日数 / Requests, and the days that are left."""
    at = counter(state, node, clerk)
    with at.stack:
        request = pb.ListDisclosureRequestsRequest(operation=_operation(at, reason, ""), open_only=open_only)
        answer = at.call("ListDisclosureRequests", request, STUB)
    if as_json:
        show_json(plain(answer))
        return
    rows = []
    for one in answer.requests:
        what = "提供状況" if one.subject == pb.DISCLOSURE_SUBJECT_PROVISIONS else "本人確認情報"
        due = f"{one.due_date.year}-{one.due_date.month:02d}-{one.due_date.day:02d}"
        rows.append((str(one.id), what, due, "済" if one.HasField("answer_date") else str(one.days_left)))
    table(("番号", "請求", "期限", "残日数"), rows, right=(0, 3))


def _operation(at: Counter, reason: str, request_id: str) -> counter_pb2.Operation:
    return at.operation(reason, request_id)
