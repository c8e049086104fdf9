"""`jukinet up | status | down | reset | logs | demo`."""

from __future__ import annotations

import threading
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from jukinet.cli import place
from jukinet.cli.output import err, fail, plain, progress, say, show_json, table, verb, when
from jukinet.cli.place import Json, State
from jukinet.stack import doctor
from jukinet.stack import topology as topologies
from jukinet.stack.auto import Errands
from jukinet.stack.fault import Exit, StackFault
from jukinet.stack.reach import NodeState
from jukinet.stack.stack import Stack
from jukinet.stack.stage import Stage
from jukinet.wire import convert

BANNER = "SIMULATION — すべて架空の人物です。実在のネットワークとは接続も互換性もありません。"
FOLLOW_SECONDS = 0.3


def register(app: typer.Typer) -> None:
    """Add the commands."""
    verb(app, "up", "jukinet up", "jukinet up --topology my.toml --residents 5000", "jukinet up --attach")(up)
    verb(app, "status", "jukinet status", "jukinet status --json")(status)
    verb(app, "down", "jukinet down")(down)
    verb(app, "reset", "jukinet reset", "jukinet reset --up")(reset)
    verb(app, "logs", "jukinet logs 国立市", "jukinet logs J-LIS --follow", "jukinet logs 132152 -n 100 --raw")(logs)
    verb(app, "demo", "jukinet demo", "jukinet demo --residents 2000 --json", "jukinet demo --serve")(demo)


def up(
    topology: Annotated[Path | None, typer.Option(help="構成ファイル (TOML) / topology file.")] = None,
    residents: Annotated[int | None, typer.Option(min=0, help="空の状態に作る住民の総数 / residents in all.")] = None,
    clock: Annotated[str | None, typer.Option(help="virtual | system")] = None,
    base_port: Annotated[
        int | None,
        typer.Option(
            "--base-port", min=0, envvar="JUKINET_BASE_PORT", help="最初のポート、0 は自動 / first port; 0: any free."
        ),
    ] = None,
    attach: Annotated[bool, typer.Option("--attach", help="動かし続け、Ctrl-C で停止 / stay, stop on Ctrl-C.")] = False,
    state: State = None,
    as_json: Json = False,
) -> None:
    """全ノードを起動する / Start every node; on an empty state enter fictional residents."""
    given = topologies.read(topology) if topology else None
    settings = {"clock": clock, "base_port": base_port}
    changes = {key: value for key, value in settings.items() if value is not None}
    if changes:
        with Stack(place.root(state, given), given) as kept:
            given = topologies.altered(kept.topology, **changes)
    chosen = place.root(state, given)
    with Stack(chosen, given) as stack:
        with progress() as told:
            took = stack.up(told, residents)
        place.remember(chosen)
        nodes = stack.states()
        _show_up(stack, nodes, as_json, took.started, took.ready_seconds, took.populated, took.populate_seconds)
        if attach:
            _attach(stack)


def _show_up(
    stack: Stack,
    nodes: list[NodeState],
    as_json: bool,
    started: tuple[str, ...],
    ready: float,
    entered: int,
    seconds: float,
) -> None:
    if as_json:
        shown = {"started": list(started), "ready_seconds": round(ready, 3), "residents_entered": entered}
        shown |= {
            "populate_seconds": round(seconds, 3),
            "state": str(stack.root),
            "nodes": [node_json(n) for n in nodes],
        }
        show_json(shown)
        return
    say(BANNER)
    _table(nodes)
    if started:
        say(f"{len(started)} ノードを {ready:.1f} 秒で起動 / {len(started)} nodes ready in {ready:.1f} s")
    else:
        say("すでに全て起動しています / all of them ran already")
    if entered:
        say(f"{entered} 人を登録し、機構まで届きました（{seconds:.1f} 秒）/ {entered} residents, all at J-LIS")
    say("次に / next: `jukinet resident list 国立市`, `jukinet ledger`, `jukinet down`")


def _attach(stack: Stack) -> None:
    say("Ctrl-C で停止 / Ctrl-C stops")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        stack.down()
        say("停止しました / stopped")


def node_json(node: NodeState) -> dict[str, Any]:
    """A node for programs. Every listener it has is in it."""
    listeners = [{"name": "node", "address": node.address}, {"name": "drill", "address": node.drill_address}]
    return {
        "path": node.spec.path,
        "name": node.spec.name,
        "state": node.state,
        "external": node.spec.external,
        "auto": node.spec.auto,
        "pid": node.pid,
        "listeners": [listener for listener in listeners if listener["address"]],
        "fault": node.fault,
        "status": plain(node.status) if node.status else None,
    }


def _table(nodes: list[NodeState]) -> None:
    headings = ("団体", "パス", "状態", "アドレス", "住民", "未送信", "待ち", "隔離", "空きコード", "証明書")
    rows = []
    for node in nodes:
        told = node.status
        cells = ["", "", "", "", "", ""]
        if told is not None:
            owed = told.pending_records + sum(link.backlog_records for link in told.links)
            expires = f"{convert.instant(told.certificate_expire_time):%m-%d}まで"
            figures = (told.live_records, owed, told.tasks, told.quarantined_records, told.code_pool)
            cells = [*(f"{figure:,}" for figure in figures), expires]
        rows.append((node.spec.name, node.spec.path, node.state, node.address, *cells))
    table(headings, rows, right=range(4, 9))


def status(state: State = None, as_json: Json = False) -> None:
    """各ノードの状態を示す / How every node is. Exit code 3 unless all are SERVING."""
    with place.stack(state) as stack:
        nodes = stack.states()
        running = any(node.status for node in nodes)
        errands = Errands(stack)
        now = max((convert.instant(n.status.virtual_time) for n in nodes if n.status), default=None)
        if running and now is not None and errands.run(now):
            nodes = stack.states()
        waiting = errands.all()
        serving = all(node.serving for node in nodes if not node.spec.external)
        if as_json:
            shown = {"state": str(stack.root), "serving": serving, "virtual_time": now.isoformat() if now else None}
            show_json(shown | {"errands": len(waiting), "nodes": [node_json(node) for node in nodes]})
        else:
            say(BANNER)
            _table(nodes)
            if now is not None:
                say(f"時計 / clock: {when(now)}")
            for errand in waiting:
                what = f"拒否 {errand.refused}" if errand.refused else "予定日を待っています / waits for its day"
                say(f"転入届（自動）{errand.node} {errand.day}: {what}")
            say(f"状態 / state: {stack.root}")
            if not serving:
                say("次に / next: `jukinet up`, `jukinet doctor`")
    if not serving:
        raise typer.Exit(Exit.NOT_RUNNING)


def down(state: State = None, as_json: Json = False) -> None:
    """全ノードを停止する。状態は残る / Stop every node; their state stays."""
    with place.stack(state) as stack:
        stopped = stack.down()
    if as_json:
        show_json({"stopped": stopped})
    else:
        say(f"{len(stopped)} ノードを停止しました / {len(stopped)} nodes stopped")


def reset(
    again: Annotated[bool, typer.Option("--up", help="空にしてすぐ起動 / start again at once.")] = False,
    state: State = None,
    as_json: Json = False,
) -> None:
    """状態を捨てる。認証局とスナップショットは残る / Throw the state away; authority and snapshots stay."""
    with place.stack(state) as stack:
        stack.reset()
    if again:
        up(state=state, as_json=as_json)
    elif as_json:
        show_json({"reset": True})
    else:
        say("空にしました / emptied")


def logs(
    node: Annotated[str, typer.Argument(help="団体の名前・コード・パス / node, by name, code or path.")],
    lines: Annotated[int, typer.Option("-n", "--lines", min=1, help="末尾の行数 / last lines.")] = 40,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="続きを待つ / wait for more.")] = False,
    raw: Annotated[bool, typer.Option("--raw", help="JSON 行のまま / lines as they are.")] = False,
    state: State = None,
) -> None:
    """ノードのログを読む / The end of a node's log, readable."""
    with place.stack(state) as stack:
        log = stack.process(stack.topology.find(node).path).log
    show = (lambda line: line) if raw else doctor.readable
    for line in doctor.tail(log)[-lines:]:
        print(show(line))
    if not follow:
        return
    pause = threading.Event()
    with log.open("rb") as opened:
        opened.seek(0, 2)
        while True:
            if more := opened.readline():
                print(show(more.decode(errors="replace").rstrip("\n")), flush=True)
            else:
                pause.wait(FOLLOW_SECONDS)


def demo(
    residents: Annotated[int, typer.Option(min=1, help="住民の総数 / residents in all.")] = 10_000,
    serve: Annotated[
        bool, typer.Option("--serve", help="終わったあと画面を開く / open the console afterwards; Ctrl-C ends it.")
    ] = False,
    state: State = None,
    as_json: Json = False,
) -> None:
    """主な流れを最初から最後まで見せる / The main job from end to end, in a state folder of its own, reset first."""
    try:
        run = import_module("jukinet.drill.demo").run
    except ModuleNotFoundError as error:
        missing = StackFault(
            "The demo is not part of this installation.", "demo が入っていません。", "Install again.", Exit.FAULT
        )
        raise typer.Exit(fail(missing, as_json)) from error
    folder = state or Path.cwd() / place.FOLDER / "demo"
    with progress() as told:
        code = run(folder, residents, as_json=as_json, say=print, progress=told)
    if code:
        err.print("demo: 成立しないものがあります / something did not hold", markup=False)
        raise typer.Exit(code)
    if serve:
        show_console(folder, as_json)


def show_console(folder: Path, as_json: bool) -> None:
    """Bring the demo's network up again and serve the console over it; its nodes end with the console."""
    console = import_module("jukinet.cli.console")
    with Stage(folder) as stage:
        stage.up()
        try:
            console.show(stage, 0, open_browser=True, as_json=as_json)
        finally:
            stage.down()
