"""`jukinet console`."""

from __future__ import annotations

import json
import webbrowser
from typing import Annotated

import typer

from jukinet.cli import place
from jukinet.cli.output import say, verb
from jukinet.cli.place import Json, State
from jukinet.console.serve import DEFAULT_PORT, serve
from jukinet.stack.stage import Stage


def register(app: typer.Typer) -> None:
    """Add the command."""
    verb(app, "console", "jukinet console", "jukinet console --port 0 --open", "jukinet console --state .jukinet/demo")(
        console
    )


def console(
    port: Annotated[int, typer.Option(min=0, max=65535, help="ポート、0 は自動 / port; 0: any free.")] = DEFAULT_PORT,
    open_browser: Annotated[bool, typer.Option("--open", help="ブラウザーで開く / open the browser.")] = False,
    in_process: Annotated[
        bool, typer.Option("--in-process", help="シナリオのノードをこのプロセスで / scenarios' nodes in this process.")
    ] = False,
    state: State = None,
    as_json: Json = False,
) -> None:
    """画面で見る。Ctrl-C で終わる / See the data flow in a browser, on loopback; Ctrl-C ends it, the nodes go on."""
    with Stage(place.root(state)) as stage:
        show(stage, port, open_browser=open_browser, in_process=in_process, as_json=as_json)


def show(
    stage: Stage, port: int, *, open_browser: bool = False, in_process: bool = False, as_json: bool = False
) -> None:
    """Serve the console over a network until it is interrupted, its link told first."""

    def ready(link: str) -> None:
        if as_json:
            print(json.dumps({"link": link}), flush=True)
        else:
            say("このリンクを開いてください。Ctrl-C で終わります / open this link; Ctrl-C ends it:")
            say(link)
        if open_browser:
            webbrowser.open(link)

    serve(stage, port, ready, hosted=in_process)
