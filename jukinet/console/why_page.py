"""The page "Why", each point of the ruling beside its evidence; and every node's metrics for a scraper."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from jukinet.console import evidence, why
from jukinet.console.pages import Pages, in_thread
from jukinet.stack import metrics

EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"


def routes(pages: Pages) -> Sequence[BaseRoute]:
    """`/why`, its evidence alone where a script asks for a part, and `/metrics`."""

    async def show(request: Request) -> Response:
        figures, silent = await in_thread(evidence.read, pages.theatre.stage)
        template = "part/why.html" if request.headers.get("x-part") else "why.html"
        return pages.render(
            request, template, here="why", why=why.page(), figures=figures, silent=silent, needs=why.NEEDS,
            tiers=why.TIERS,
        )  # fmt: skip

    async def scrape(request: Request) -> Response:
        told = await in_thread(metrics.exposition, pages.theatre.stage)
        return PlainTextResponse(told, media_type=EXPOSITION)

    return Route("/why", show), Route("/metrics", scrape)
