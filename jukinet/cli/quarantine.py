"""`jukinet quarantine`: what was set aside."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

import typer

from jukinet.cli import place
from jukinet.cli.output import plain, say, show_json, table, verb
from jukinet.cli.place import Json, State
from jukinet.model.reason import Reason
from jukinet.refusal import CATALOG
from jukinet.stack.fault import Exit
from jukinet.stack.stack import Stack
from jukinet.v1 import quarantine_pb2 as pb
from jukinet.v1 import quarantine_pb2_grpc, relay_pb2

STUB = quarantine_pb2_grpc.QuarantineDrillServiceStub
Node = Annotated[str, typer.Argument(help="団体の名前・コード、機構 / node, by name, code or path.")]
STATES = {
    pb.QUARANTINE_STATE_OPEN: "未処理 / open",
    pb.QUARANTINE_STATE_MENDED: "訂正済み / mended",
    pb.QUARANTINE_STATE_RELEASED: "反映済み / released",
    pb.QUARANTINE_STATE_SETTLED: "処理済み / settled",
}
POLICIES = {"quarantine": pb.ANOMALY_POLICY_QUARANTINE, "stop_link": pb.ANOMALY_POLICY_STOP_LINK}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(help="隔離した記録 / What was set aside.", no_args_is_help=True)
    app.add_typer(noun, name="quarantine")
    base = "jukinet quarantine"
    verb(noun, "list", f"{base} list", f"{base} list 東京都 --settled", f"{base} list --json")(list_)
    verb(noun, "release", f"{base} release 東京都 12 3", f"{base} release 機構 40")(release)
    verb(noun, "policy", f"{base} policy 東京都 stop_link", f"{base} policy 東京都 quarantine")(policy)


def list_(
    nodes: Annotated[list[str] | None, typer.Argument(help="省けば全部 / all without it.")] = None,
    settled: Annotated[bool, typer.Option("--settled", help="片付いたものも / also those done with.")] = False,
    state: State = None,
    as_json: Json = False,
) -> None:
    """隔離した記録の一覧 / What nodes have set aside; exit code 4 while something stands open."""
    with place.stack(state) as stack:
        paths = [stack.topology.find(name).path for name in nodes] if nodes else stack.paths
        found = [(stack.topology.find(path).name, one) for path in paths for one in _page(stack, path, settled)]
    if as_json:
        show_json([{"node": name, **plain(one)} for name, one in found])
    elif not found:
        say("ありません / none")
    else:
        _show(found)
    if any(one.state == pb.QUARANTINE_STATE_OPEN for _, one in found):
        raise typer.Exit(Exit.FAULT)


def _page(stack: Stack, path: str, settled: bool) -> list[pb.QuarantinedRecord]:
    found: list[pb.QuarantinedRecord] = []
    token = ""
    while True:
        request = pb.ListQuarantineRequest(page_token=token, with_settled=settled)
        page = stack.console(path).call(STUB, "ListQuarantine", request)
        found += page.records
        if not (token := page.next_page_token):
            return found


def _show(found: list[tuple[str, pb.QuarantinedRecord]]) -> None:
    headings = ("団体", "位置", "順", "発信元/期", "ストリーム", "番号", "件数", "日", "理由", "状態")
    rows = [
        (
            name, str(one.position), "全" if one.index < 0 else str(one.index), f"{one.origin}/{one.epoch}",
            relay_pb2.StreamKind.Name(one.kind).removeprefix("STREAM_KIND_").lower(), str(one.number),
            str(one.records), f"{one.day.year}-{one.day.month:02}-{one.day.day:02}", one.reason,
            STATES.get(one.state, "") + (f" #{one.mended_by}" if one.mended_by else ""),
        )
        for name, one in found
    ]  # fmt: skip
    table(headings, rows, right=(1, 2, 5, 6))
    for reason in sorted({one.reason for _, one in found if one.state == pb.QUARANTINE_STATE_OPEN}):
        if reason in Reason.__members__:
            spec = CATALOG[Reason(reason)]
            say(f"{reason}: {spec.japanese}")
            say(f"    {spec.english}")


def release(
    node: Node,
    position: Annotated[int, typer.Argument(help="位置 / position, as listed.")],
    index: Annotated[int, typer.Argument(help="順。省けば一括 / index; the whole batch without it.")] = -1,
    state: State = None,
    as_json: Json = False,
) -> None:
    """再審査して反映する / Examine again under the rules of now, and apply what passes."""
    with place.stack(state) as stack:
        path = stack.topology.find(node).path
        request = pb.ReleaseQuarantinedRequest(request_id=str(uuid4()), position=position, index=index)
        answer = stack.console(path).call(STUB, "ReleaseQuarantined", request)
    if as_json:
        show_json(plain(answer))
    else:
        say(f"反映 {answer.applied} 件、なお隔離 {answer.still_set_aside} 件 / applied, and still set aside")


def policy(
    prefecture: Annotated[str, typer.Argument(help="都道府県 / a prefecture.")],
    word: Annotated[str, typer.Argument(help="stop_link | quarantine")],
    state: State = None,
    as_json: Json = False,
) -> None:
    """異常な記録の扱い / What a governor does with a faulty record: stop the stream as in 2013, or set it aside."""
    if word not in POLICIES:
        raise typer.BadParameter(" | ".join(POLICIES))
    with place.stack(state) as stack:
        path = stack.topology.find(prefecture).path
        request = pb.SetAnomalyPolicyRequest(request_id=str(uuid4()), policy=POLICIES[word])
        answer = stack.console(path).call(STUB, "SetAnomalyPolicy", request)
    before = next(name for name, value in POLICIES.items() if value == answer.before)
    if as_json:
        show_json({"node": path, "before": before, "policy": word})
    else:
        say(f"{prefecture}: {before} → {word}")
