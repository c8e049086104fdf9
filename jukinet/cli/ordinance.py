"""`jukinet ordinance`: 条例事務, proposed by one operator and approved by another."""

from __future__ import annotations

from typing import Annotated

import typer

from jukinet.cli.counter import CLERK, Clerk, Counter, Reason, RequestId, counter, parse_day
from jukinet.cli.output import plain, say, show_json, table, verb, when
from jukinet.cli.place import Json, State
from jukinet.v1 import counter_pb2, ordinance_pb2_grpc
from jukinet.v1 import ordinance_pb2 as pb
from jukinet.wire import convert

STUB = ordinance_pb2_grpc.OrdinanceServiceStub
PREFIX = "ORDINANCE_KIND_"
KINDS = {
    name.removeprefix(PREFIX).lower().replace("_", "-"): number for name, number in pb.OrdinanceKind.items() if number
}
STEPS = {
    pb.ORDINANCE_STEP_KIND_PROPOSED: "登録",
    pb.ORDINANCE_STEP_KIND_APPROVED: "承認",
    pb.ORDINANCE_STEP_KIND_REPEALED: "廃止",
}
APPROVER = "c02"
Node = Annotated[str, typer.Argument(help="提供元: 機構、都道府県、市町村 / the provider, by name, code or path.")]
Number = Annotated[int, typer.Argument(min=1, help="条例事務の番号 / its number, as listed.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(help="条例事務 / What ordinances add to the appended tables.", no_args_is_help=True)
    app.add_typer(noun, name="ordinance")
    base = "jukinet ordinance"
    verb(
        noun, "propose", f"{base} propose 東京都 governor 架空条例第1号 架空の給付 --for 132152-mayor",
        *(f"{base} propose 機構 {kind} 架空条例第1号 架空の給付 --for 132152-mayor" for kind in KINDS),
    )(propose)  # fmt: skip
    verb(noun, "approve", f"{base} approve 東京都 1 --clerk c02")(approve)
    verb(noun, "repeal", f"{base} repeal 東京都 1 --from 2021-07-01")(repeal)
    verb(noun, "list", f"{base} list 東京都", f"{base} list 機構 --json")(list_)


def propose(
    node: Node,
    kind: Annotated[str, typer.Argument(help=" | ".join(KINDS))],
    title: Annotated[str, typer.Argument(help="条例の題名・番号 / title and number of the ordinance.")],
    affair: Annotated[str, typer.Argument(help="事務 / the affair, in words.")],
    recipients: Annotated[list[str] | None, typer.Option("--for", help="機関 / office, by id; repeatable.")] = None,
    uses_number: Annotated[bool, typer.Option("--uses-number", help="個人番号を利用 / 番号法9条2項.")] = False,
    since: Annotated[str, typer.Option("--since", help="施行日。省けば今日 / first day; today without it.")] = "",
    until: Annotated[str, typer.Option("--until", help="失効の前日 / last day.")] = "",
    reason: Reason = "条例事務の登録",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """条例事務を登録する / Enter a 条例事務; nothing goes out on it before somebody else approves."""
    if kind not in KINDS:
        raise typer.BadParameter(" | ".join(KINDS))
    at = counter(state, node, clerk)
    with at.stack:
        terms = pb.OrdinanceTerms(
            kind=KINDS[kind], title=title, affair=affair, recipients=recipients or [], uses_number=uses_number,
            since=at.day(since, "--since"),
            until=convert.day_message(parse_day(until, "--until")) if until else None,
        )  # fmt: skip
        request = pb.ProposeOrdinanceAffairRequest(operation=_operation(at, reason, request_id), terms=terms)
        _tell(at, at.call("ProposeOrdinanceAffair", request, STUB).ordinance, as_json)


def approve(
    node: Node,
    number: Number,
    reason: Reason = "条例事務の承認",
    clerk: Clerk = APPROVER,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """条例事務を承認する / Let it count, as somebody else than who proposed it."""
    at = counter(state, node, clerk)
    with at.stack:
        request = pb.ApproveOrdinanceAffairRequest(operation=_operation(at, reason, request_id), id=number)
        _tell(at, at.call("ApproveOrdinanceAffair", request, STUB).ordinance, as_json)


def repeal(
    node: Node,
    number: Number,
    from_day: Annotated[str, typer.Option("--from", help="この日から。省けば今日 / from this day; today.")] = "",
    reason: Reason = "条例事務の廃止",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """条例事務を廃止する / Let it count no more."""
    at = counter(state, node, clerk)
    with at.stack:
        operation, day = _operation(at, reason, request_id), at.day(from_day, "--from")
        request = pb.RepealOrdinanceAffairRequest(operation=operation, id=number, from_day=day)
        _tell(at, at.call("RepealOrdinanceAffair", request, STUB).ordinance, as_json)


def list_(
    node: Node,
    reason: Reason = "条例事務の確認",
    clerk: Clerk = CLERK,
    state: State = None,
    as_json: Json = False,
) -> None:
    """条例事務の一覧と承認の経過 / All that was ever entered, and who let it in."""
    at = counter(state, node, clerk)
    found: list[pb.OrdinanceAffair] = []
    token = ""
    with at.stack:
        while True:
            request = pb.ListOrdinanceAffairsRequest(operation=_operation(at, reason), page_token=token)
            page = at.call("ListOrdinanceAffairs", request, STUB)
            found += page.ordinances
            if not (token := page.next_page_token):
                break
    if as_json:
        show_json([plain(one) for one in found])
        return
    table(("事務", "種別", "条例", "内容", "機関", "効力"), map(_row, found))
    for one in found:
        for step in one.trail:
            day = convert.day(step.from_day, "from_day").isoformat() if step.HasField("from_day") else ""
            at_time = when(convert.instant(step.virtual_time))
            who = f"{step.verification_id} {step.operator_id} ({step.caller})"
            say(f"  ordinance/{one.id} {STEPS[step.kind]} {day} {at_time} {who} #{step.audit_id}")


def _operation(at: Counter, reason: str, request_id: str = "") -> counter_pb2.Operation:
    """Who acts; the 照合ID is the clerk's, not the terminal's, for two people may sit at one."""
    operation = at.operation(reason, request_id)
    operation.verification_id = f"v-{at.clerk}"
    return operation


def _tell(at: Counter, one: pb.OrdinanceAffair, as_json: bool) -> None:
    if as_json:
        show_json(plain(one))
    else:
        taken = "・".join(STEPS[step.kind] for step in one.trail)
        say(f"{at.spec.name}: ordinance/{one.id} {taken}。{_standing(one)}")


def _row(one: pb.OrdinanceAffair) -> tuple[str, ...]:
    kind = next(name for name, number in KINDS.items() if number == one.terms.kind)
    offices = "、".join(one.terms.recipients)
    return f"ordinance/{one.id}", kind, one.terms.title, one.terms.affair, offices, _standing(one)


def _standing(one: pb.OrdinanceAffair) -> str:
    return "効力あり / in force" if one.in_force else "効力なし / not in force"
