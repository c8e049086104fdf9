"""Serves the console on loopback until it is interrupted."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import uvicorn

from jukinet.console.app import make
from jukinet.console.theatre import Theatre
from jukinet.stack.fault import Exit, StackFault
from jukinet.stack.stage import Stage

HOST, DEFAULT_PORT = "127.0.0.1", 24690
STOP_SECONDS = 2


def serve(live: Stage, port: int, ready: Callable[[str], None], *, hosted: bool = False) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is given the link. Port 0 lets the system choose; the nodes go on."""
    listener = listen(port)
    port = listener.getsockname()[1]
    token = secrets.token_urlsafe(24)
    scratch = Path(tempfile.mkdtemp(prefix="jukinet-console-"))
    theatre = Theatre(live, scratch, hosted=hosted)
    # No access log: the link's token stands in the first request.
    config = uvicorn.Config(
        make(theatre, token, port), log_level="warning", access_log=False, timeout_graceful_shutdown=STOP_SECONDS,
        server_header=False,
    )  # fmt: skip
    ready(f"http://{HOST}:{port}/?token={token}")
    try:
        with contextlib.suppress(KeyboardInterrupt):
            Server(config, theatre).run(sockets=[listener])
    finally:
        theatre.close()
        listener.close()
        shutil.rmtree(scratch, ignore_errors=True)


class Server(uvicorn.Server):
    """Ends the streams of news before it waits for what is under way."""

    def __init__(self, config: uvicorn.Config, theatre: Theatre) -> None:
        super().__init__(config)
        self._theatre = theatre

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say that it is over, then as any server."""
        self._theatre.end_streams()
        await super().shutdown(sockets)


def listen(port: int) -> socket.socket:
    """A socket on loopback; StackFault if the port is taken."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()  # whoever opens the link at once waits, and is not refused
    except OSError as error:
        listener.close()
        raise StackFault(
            f"Port {port} is taken: another console or program listens there.",
            f"ポート {port} は別のコンソール又はプログラムが使用中です。",
            "Stop it, or let the system choose: `jukinet console --port 0`.",
            Exit.NOT_RUNNING,
        ) from error
    return listener
