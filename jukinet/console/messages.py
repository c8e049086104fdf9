"""Every message: the sequence diagram, each arrow opened, and what can be taken away."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from jukinet.console import detail, export
from jukinet.console.pages import Pages, in_thread, language_of
from jukinet.console.persons import message_ids
from jukinet.console.words import word
from jukinet.drill.messages import COUNTER, DIRECT, DOWNWARD, HORIZONTAL, VERTICAL
from jukinet.store.spool import Filter

PAGE, MOST_EXPORTED = 400, 20_000
PLANES = (VERTICAL, HORIZONTAL, DIRECT, DOWNWARD, COUNTER)
SVG, MERMAID = "image/svg+xml", "text/plain; charset=utf-8"


def routes(pages: Pages) -> Sequence[BaseRoute]:
    """`/messages`, its pages as JSON, one message, exports and the handout."""

    async def show(request: Request) -> Response:
        theatre = pages.theatre
        which = await in_thread(chosen, pages, request)
        seq, total = await in_thread(lambda: (theatre.feed.spool.last, theatre.feed.spool.count(which)))
        return pages.render(
            request, "messages.html", here="messages", seq=seq, total=total, which=which, planes=PLANES,
            nodes=theatre.stage.topology.nodes, query=request.url.query, person=request.query_params.get("person", ""),
            people=pages.persons.all(theatre.stage),
        )  # fmt: skip

    async def page(request: Request) -> Response:
        spool, which = pages.theatre.feed.spool, await in_thread(chosen, pages, request)
        before, after = request.query_params.get("before", ""), request.query_params.get("after", "")
        found = await in_thread(lambda: spool.page(which, before=before, after=after, limit=PAGE))
        return JSONResponse({"messages": found, "total": await in_thread(spool.count, which)})

    async def one(request: Request) -> Response:
        theatre = pages.theatre
        found = await in_thread(theatre.feed.spool.find, request.path_params["id"])
        if found is None:
            raise HTTPException(404)
        values = await in_thread(detail.look, theatre.stage, theatre.feed.spool, found)
        template = "part/message.html" if request.headers.get("x-part") else "message.html"
        return pages.render(request, template, here="messages", **values)

    async def exported(request: Request) -> Response:
        found = await in_thread(_all, pages, request)
        kind = request.path_params["kind"]
        title = pages.theatre.scenario.title(language_of(request)) if pages.theatre.scenario else "Juki-net"
        if kind == "svg":
            return _file(export.svg(found, title), SVG, "messages.svg")
        if kind == "mmd":
            return _file(export.mermaid(found), MERMAID, "messages.mmd")
        if kind == "json":
            text = json.dumps({"simulation": True, "messages": found}, ensure_ascii=False, indent=1)
            return _file(text, "application/json", "messages.json")
        raise HTTPException(404)

    async def handout(request: Request) -> Response:
        theatre = pages.theatre
        found = await in_thread(_all, pages, request)
        played = theatre.player.played if theatre.player else []
        title = theatre.scenario.title(language_of(request)) if theatre.scenario else word(
            "messages.heading", language_of(request)
        )  # fmt: skip
        drawn = export.svg(found[:200], title)
        return pages.render(
            request, "handout.html", here="messages", messages=found, played=played, title=title, drawn=drawn
        )

    return (
        Route("/messages", show),
        Route("/api/messages", page),
        Route("/messages/{id}", one),
        Route("/export/messages.{kind}", exported),
        Route("/handout", handout),
    )


def chosen(pages: Pages, request: Request) -> Filter:
    """What the query asks for; StackFault if it names somebody whom nobody has opened."""
    query = request.query_params
    plane, person = query.get("plane", ""), query.get("person", "")
    ids = None
    if person:
        stage = pages.theatre.stage
        ids = message_ids(stage, pages.persons.find(stage, person).code)
    return Filter(query.get("node", "")[:64], query.get("article", "")[:64], plane if plane in PLANES else "", ids)


def _all(pages: Pages, request: Request) -> list[dict[str, Any]]:
    return pages.theatre.feed.spool.page(chosen(pages, request), after=" ", limit=MOST_EXPORTED)


def _file(text: str, kind: str, name: str) -> Response:
    return Response(text, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
