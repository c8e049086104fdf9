"""The honesty page, as `honesty` has it."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from jukinet.console import honesty
from jukinet.console.pages import Pages


def routes(pages: Pages) -> Sequence[BaseRoute]:
    """`/honesty`."""

    async def show(request: Request) -> Response:
        groups = {group: honesty.of_group(group) for group in honesty.Group}
        return pages.render(
            request, "honesty.html", here="honesty", groups=groups, names=honesty.GROUPS, marks=honesty.MARKS
        )

    return (Route("/honesty", show),)
