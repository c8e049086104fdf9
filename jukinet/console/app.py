"""The console as an ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from jukinet import log
from jukinet.console import counter, honesty_page, messages, network, office, people, scenarios, why_page
from jukinet.console.events import events
from jukinet.console.guard import Guard
from jukinet.console.pages import Pages, language_of, switch
from jukinet.console.theatre import Theatre
from jukinet.console.words import word
from jukinet.stack.fault import StackFault
from jukinet.wire.client import Refused

ROOMS = (network, messages, people, scenarios, counter, office, why_page, honesty_page)
"""Each gives the routes of one part of the console."""


def make(theatre: Theatre, token: str, port: int) -> Starlette:
    """The application; the port is the one it will be served on, for the names that it answers to."""
    pages = Pages(theatre)

    async def known(request: Request, error: Exception) -> Response:
        assert isinstance(error, StackFault | Refused)
        return pages.fault(request, error)

    async def missing(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        told = word("page.not_found", language_of(request)) if error.status_code == 404 else error.detail
        return pages.told(request, error.status_code, told)

    async def unknown(request: Request, error: Exception) -> Response:
        told = word("page.internal", language_of(request), number=log.incident(request.url.path, error))
        return pages.told(request, 500, told)

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        theatre.start()
        yield

    static = StaticFiles(directory=str(files("jukinet.console") / "static"))
    routes: Sequence[BaseRoute] = [
        Route("/events", events(theatre)),
        Route("/switch", switch),
        *(route for room in ROOMS for route in room.routes(pages)),
        Mount("/static", static),
    ]
    return Starlette(
        routes=routes, lifespan=life, middleware=[Middleware(Guard, token=token, port=port)],
        exception_handlers={StackFault: known, Refused: known, HTTPException: missing, Exception: unknown},
    )  # fmt: skip
