"""`jukinet metrics`: what the nodes count and measure, for people, for programs and for Prometheus."""

from __future__ import annotations

import threading
from typing import Annotated

import typer

from jukinet.cli import place
from jukinet.cli.output import out, plain, say, show_json, verb
from jukinet.cli.place import Json, State
from jukinet.stack import metrics as stack_metrics
from jukinet.stack.reach import not_running
from jukinet.stack.stack import Stack

HOST = "127.0.0.1"


def register(app: typer.Typer) -> None:
    """Add the command."""
    examples = ("jukinet metrics", "jukinet metrics 国立市 東京都 --json", "jukinet metrics --serve 9464")
    verb(app, "metrics", *examples)(metrics)


def metrics(
    nodes: Annotated[list[str] | None, typer.Argument(help="機関 / nodes; all without it.")] = None,
    serve: Annotated[
        int | None,
        typer.Option(
            "--serve", min=0, max=65535, help="/metrics を配信 / serve to a scraper until Ctrl-C; 0: any free port."
        ),
    ] = None,
    state: State = None,
    as_json: Json = False,
) -> None:
    """計測値 / Metrics of the nodes in Prometheus's text format, each with its node as a label; nobody is in them."""
    if serve is not None and as_json:
        raise typer.BadParameter("/metrics is Prometheus's text format", param_hint="--json")
    with place.stack(state) as stack:
        stack.require_running()
        paths = [stack.topology.find(name).path for name in nodes] if nodes else stack.paths
        if serve is not None:
            _serve(stack, paths, serve)
            return
        if not as_json:
            out.print(stack_metrics.exposition(stack, paths), markup=False, end="")
            return
        said = stack_metrics.of_nodes(stack, paths)
        if missing := [path for path, answer in said.items() if answer is None]:
            raise not_running(missing, stack.root)
        show_json({path: plain(answer)["families"] for path, answer in said.items() if answer is not None})


def _serve(stack: Stack, paths: list[str], port: int) -> None:
    from prometheus_client import start_http_server

    server, thread = start_http_server(port, addr=HOST, registry=stack_metrics.registry(stack, paths))
    try:
        say(f"http://{HOST}:{server.server_port}/metrics （Ctrl-C で終了 / until Ctrl-C）")
        out.file.flush()
        threading.Event().wait()
    except KeyboardInterrupt:
        pass  # that is how it ends
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
