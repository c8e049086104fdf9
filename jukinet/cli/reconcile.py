"""`jukinet reconcile`: 整合."""

from __future__ import annotations

import threading
from typing import Annotated

import typer

from jukinet.cli import place
from jukinet.cli.output import plain, progress, say, show_json, table, verb
from jukinet.cli.place import Json, State
from jukinet.stack.fault import Exit
from jukinet.stack.stack import Stack
from jukinet.v1 import reconcile_pb2 as pb
from jukinet.v1 import reconcile_pb2_grpc

STUB = reconcile_pb2_grpc.ReconcileDrillServiceStub
TIERS = ("municipality", "prefecture")
"""In this order: what a mayor tells again is with J-LIS before the governor compares."""
PAUSE = 0.05
HEADINGS = ("団体", "区域", "相手", "件数", "当方のみ", "相手のみ", "不一致", "再通知・通報", "バイト", "秒")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    verb(app, "reconcile", "jukinet reconcile", "jukinet reconcile 国立市 東京都 --report-only")(reconcile)


def reconcile(
    nodes: Annotated[list[str] | None, typer.Argument(help="市区町村・都道府県 / nodes; all without it.")] = None,
    report_only: Annotated[bool, typer.Option("--report-only", help="比較のみ / mend nothing.")] = False,
    state: State = None,
    as_json: Json = False,
) -> None:
    """整合 / Compare what is stored above with the register, and mend it. Exit code 4 if something differed."""
    reports: dict[str, pb.GetReconcileReportResponse] = {}
    with place.stack(state) as stack:
        stack.require_running()
        wanted = [stack.topology.find(name).path for name in nodes or ()] or stack.running
        for tier in TIERS:
            paths = [path for path in wanted if path.startswith(tier)]
            with progress() as told:
                for count, path in enumerate(paths):
                    told("整合 / comparing", count, len(paths))
                    reports[path] = _run(stack, path, mend=not report_only)
                stack.settle(progress=told)
    if as_json:
        show_json({path: plain(report) for path, report in reports.items()})
    else:
        _show(reports)
    if any(report.running or _differing(report) for report in reports.values()):
        raise typer.Exit(Exit.FAULT)


def _run(stack: Stack, path: str, *, mend: bool) -> pb.GetReconcileReportResponse:
    """Start it, and wait while it gets on."""
    client = stack.console(path)
    client.call(STUB, "StartReconcile", pb.StartReconcileRequest(mend=mend))
    while True:
        report: pb.GetReconcileReportResponse = client.call(STUB, "GetReconcileReport", pb.GetReconcileReportRequest())
        if not report.running or report.fault:
            return report
        threading.Event().wait(PAUSE)


def _differing(report: pb.GetReconcileReportResponse) -> list[pb.AreaReport]:
    return [area for area in report.areas if area.only_here or area.only_there or area.different]


def _show(reports: dict[str, pb.GetReconcileReportResponse]) -> None:
    rows = [
        (
            path, area.area_code, area.peer, *map(str, (
                area.records, area.only_here, area.only_there, area.different, area.mended,
                area.sent_bytes + area.received_bytes,
            )), f"{area.seconds:.3f}",
        )
        for path, report in reports.items()
        for area in report.areas
    ]  # fmt: skip
    table(HEADINGS, rows, right=range(3, len(HEADINGS)))
    for path, report in reports.items():
        if report.running:
            say(f"{path}: 未了 / not finished: {report.fault}")
    count = sum(len(_differing(report)) for report in reports.values())
    say("相違なし / nothing differs" if not count else f"{count} 区域に相違 / {count} areas differ")
