"""操作者ID: what they may be used for, and the 操作履歴."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from jukinet.cli.counter import CLERK, Clerk, Reason, RequestId, counter, parse_day
from jukinet.cli.output import plain, say, show_json, table, verb, when
from jukinet.cli.place import Json, Municipality, State
from jukinet.v1 import operators_pb2, operators_pb2_grpc
from jukinet.wire import convert

STUB = operators_pb2_grpc.OperatorServiceStub
PREFIX = "PERMISSION_"
PERMISSIONS = {
    name.removeprefix(PREFIX).lower().replace("_", "-"): number
    for name, number in operators_pb2.Permission.items()
    if number
}
A_PAGE = 1_000


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    base = "jukinet resident"
    verb(
        noun, "grant-operator", f"{base} grant-operator 国立市 c01 {' '.join(f'--may {name}' for name in PERMISSIONS)}",
        f"{base} grant-operator 国立市 c02 --may look --may report",
    )(grant_operator)  # fmt: skip
    verb(noun, "list-operators", f"{base} list-operators 国立市")(list_operators)
    verb(
        noun, "list-operations", f"{base} list-operations 国立市 --operator c01 --on 2021-06-01",
        f"{base} list-operations 国立市 --numbers --json",
    )(list_operations)  # fmt: skip


def grant_operator(
    municipality: Municipality,
    operator_id: Annotated[str, typer.Argument(help="操作者ID / to whom.")],
    may: Annotated[
        list[str] | None,
        typer.Option("--may", help=f"{' | '.join(PERMISSIONS)}; 省けば全て外す / none: take all away."),
    ] = None,
    reason: Reason = "操作者の権限の付与",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """操作者IDの権限を定める / What an 操作者ID may be used for: this, and nothing else."""
    unknown = [name for name in may or [] if name not in PERMISSIONS]
    if unknown:
        raise typer.BadParameter(f"--may: {' | '.join(PERMISSIONS)}")
    at = counter(state, municipality, clerk)
    with at.stack:
        request = operators_pb2.GrantOperatorRequest(
            operation=at.operation(reason, request_id), operator_id=operator_id,
            permissions=[PERMISSIONS[name] for name in may or []],
        )  # fmt: skip
        answer = at.call("GrantOperator", request, STUB)
    if as_json:
        show_json(plain(answer))
    else:
        say(f"{answer.operator.operator_id}: {_words(answer.operator)}")


def list_operators(
    municipality: Municipality,
    clerk: Clerk = CLERK,
    reason: Reason = "操作者の権限の確認",
    state: State = None,
    as_json: Json = False,
) -> None:
    """操作者IDと権限の一覧 / Operators and what they may do."""
    at = counter(state, municipality, clerk)
    found: list[operators_pb2.Operator] = []
    token = ""
    with at.stack:
        while True:
            request = operators_pb2.ListOperatorsRequest(operation=at.operation(reason), page_token=token)
            page = at.call("ListOperators", request, STUB)
            found += page.operators
            if not (token := page.next_page_token):
                break
    if as_json:
        show_json({"open": page.open, "operators": [plain(one) for one in found]})
        return
    table(("操作者ID", "権限"), [(one.operator_id, _words(one)) for one in found])
    if page.open:
        say("管理者がいないため、一覧にない操作者IDは全ての権限を持ちます / unlisted ids may do everything")


def list_operations(
    municipality: Municipality,
    operator: Annotated[str, typer.Option("--operator", help="この操作者IDだけ / only this 操作者ID.")] = "",
    on: Annotated[str, typer.Option("--on", help="YYYY-MM-DD, この日だけ / only this virtual day.")] = "",
    numbers: Annotated[bool, typer.Option("--numbers", help="個人番号を示したものだけ / only with 個人番号.")] = False,
    with_nodes: Annotated[bool, typer.Option("--with-nodes", help="他の機関の分も / also other nodes'.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="最大件数 / at most.")] = 50,
    clerk: Clerk = CLERK,
    reason: Reason = "操作履歴の確認",
    state: State = None,
    as_json: Json = False,
) -> None:
    """操作履歴 / What was done, by whom, about whom, and whether a 個人番号 was shown."""
    day = convert.day_message(parse_day(on, "--on")) if on else None
    at = counter(state, municipality, clerk)
    found: list[operators_pb2.OperatorEvent] = []
    token = ""
    with at.stack:
        while len(found) < limit:
            request = operators_pb2.ListOperationsRequest(
                operation=at.operation(reason), page_size=min(A_PAGE, limit - len(found)), page_token=token,
                operator_id=operator, day=day, number_access_only=numbers, with_nodes=with_nodes,
            )  # fmt: skip
            page = at.call("ListOperations", request, STUB)
            found += page.operations
            if not (token := page.next_page_token):
                break
    if as_json:
        show_json([plain(one) for one in found])
        return
    table(
        ("番号", "日時", "照合ID", "操作者ID", "操作", "根拠", "対象", "個人番号", "結果"),
        map(_row, found),
        right=range(1),
    )
    say(f"{len(found)} 件{'（続きあり: --limit）/ there are more' if token else ''}")


def _row(one: operators_pb2.OperatorEvent) -> tuple[str, ...]:
    about = ",".join(map(str, one.resident_ids[:5])) + ("…" if len(one.resident_ids) > 5 else "")
    return (
        str(one.audit_id), when(convert.instant(one.virtual_time)), one.verification_id, one.operator_id or one.caller,
        one.event, one.article, about, "有" if one.number_access else "", one.refusal or "受理",
    )  # fmt: skip


def _words(operator: Any) -> str:
    names = {number: name for name, number in PERMISSIONS.items()}
    return " ".join(names[permission] for permission in operator.permissions) or "（なし）"
