"""`jukinet errors`: 誤りの通報, station by station."""

from __future__ import annotations

from typing import Annotated

import typer

from jukinet.cli import place
from jukinet.cli.output import plain, say, show_json, table, verb
from jukinet.cli.place import Json, State
from jukinet.stack.fault import Exit
from jukinet.stack.stack import Stack
from jukinet.v1 import error_report_pb2 as pb
from jukinet.v1 import error_report_pb2_grpc

STUB = error_report_pb2_grpc.ErrorDrillServiceStub
TIERS = (
    ("jlis", "機構（30条の8：知事への通報）/ J-LIS"),
    ("prefecture", "知事（12条の5：市町村長への通報）/ governor"),
    ("municipality", "市町村長（14条・令12条3項・令30条の4）/ mayor"),
)
HEADINGS = ("団体", "番号", "誤り", "区域", "通知番号", "理由", "状態", "発見・受理", "通報", "終了", "処理")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    verb(app, "errors", "jukinet errors", "jukinet errors 国立市 東京都 --json")(errors)


def errors(
    nodes: Annotated[list[str] | None, typer.Argument(help="機関 / nodes; all without it.")] = None,
    state: State = None,
    as_json: Json = False,
) -> None:
    """誤りの通報 / What each station from 30条の8 to 14条 has to do, and has done. Exit code 4 if one is open."""
    with place.stack(state) as stack:
        stack.require_running()
        wanted = [stack.topology.find(name).path for name in nodes or ()] or stack.running
        queues = {path: _queue(stack, path) for path in wanted}
    if as_json:
        show_json({path: plain(queue) for path, queue in queues.items()})
    else:
        for kind, title in TIERS:
            _show(title, {path: queue for path, queue in queues.items() if path.startswith(kind)})
    if any(queue.waiting or queue.reported for queue in queues.values()):
        raise typer.Exit(Exit.FAULT)


def _queue(stack: Stack, path: str) -> pb.ListErrorQueueResponse:
    """All pages of a station's queue as one."""
    client, token, whole = stack.console(path), "", pb.ListErrorQueueResponse()
    while True:
        page = client.call(STUB, "ListErrorQueue", pb.ListErrorQueueRequest(page_token=token))
        token = page.next_page_token
        page.next_page_token = ""
        rows = [*whole.rows, *page.rows]
        whole = pb.ListErrorQueueResponse(rows=rows, waiting=page.waiting, reported=page.reported, done=page.done)
        if not token:
            return whole


def _show(title: str, queues: dict[str, pb.ListErrorQueueResponse]) -> None:
    waiting = sum(queue.waiting for queue in queues.values())
    reported = sum(queue.reported for queue in queues.values())
    done = sum(queue.done for queue in queues.values())
    say(f"■ {title}: 未処理 / waiting {waiting}、通報済み / told on {reported}、終了 / done {done}")
    rows = []
    for path, queue in queues.items():
        for row in map(plain, queue.rows):
            found, state, outcome = (_short(row[name]) for name in ("finding", "state", "outcome"))
            rows.append(
                (
                    path, str(row["report_number"]), found, row["area_code"], str(row["number"] or ""), row["reason"],
                    state, row["found_date"] or "", row["report_date"] or "", row["mend_date"] or "", outcome,
                )
            )  # fmt: skip
    if rows:
        table(HEADINGS, rows)


def _short(name: str) -> str:
    """An enum's value without its prefix; nothing for the one that says nothing."""
    text = name.removeprefix("ERROR_FINDING_").removeprefix("ERROR_STATE_").removeprefix("ERROR_OUTCOME_")
    return "" if text == "UNSPECIFIED" else text
