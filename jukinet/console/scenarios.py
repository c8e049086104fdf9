"""The scenarios: put on, played, paused, stepped and gone back in; what each step told, sent and changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from jukinet.console import export
from jukinet.console.feed import plain
from jukinet.console.pages import Pages, in_thread, language_of
from jukinet.console.theatre import LIVE, SPEEDS, Theatre
from jukinet.drill import scenario as scenarios
from jukinet.drill import trace
from jukinet.drill.figures import changes
from jukinet.drill.player import Played
from jukinet.stack.fault import StackFault


def routes(pages: Pages) -> Sequence[BaseRoute]:
    """`/scenarios`, one of them, its present step as a part, and what can be done."""

    async def index(request: Request) -> Response:
        found = list((await in_thread(scenarios.all_scenarios)).values())
        return pages.render(request, "scenarios.html", here="scenarios", scenarios=found)

    async def show(request: Request) -> Response:
        found = await _find(request)
        return pages.render(
            request, "scenario.html", here="scenarios", one=found, speeds=SPEEDS, **_now(request, found)
        )

    async def part(request: Request) -> Response:
        found = await _find(request)
        return pages.render(request, "part/scenario.html", one=found, speeds=SPEEDS, **_now(request, found))

    def _now(request: Request, found: scenarios.Scenario) -> dict[str, Any]:
        theatre, story = pages.theatre, found.stories[language_of(request)]
        on = theatre.scenario is not None and theatre.scenario.name == found.name
        player = theatre.player if on else None
        played = list(player.played) if player else []
        last = played[-1] if played else None
        step = found.steps[len(played)] if len(played) < len(found.steps) else None
        return {
            "story": story, "on": on, "played": len(played), "last": last and _told(last), "next": step,
            "trace": _trace(found, played), "playing": theatre.shown(),
        }  # fmt: skip

    async def put_on(request: Request) -> Response:
        found = await _find(request)
        pages.theatre.at_once(lambda: pages.theatre.open(found.name))
        return JSONResponse({"opening": found.name})

    async def leave(request: Request) -> Response:
        await in_thread(pages.theatre.open, LIVE)
        return JSONResponse({"scenario": ""})

    async def act(request: Request) -> Response:
        theatre, what = pages.theatre, request.path_params["what"]
        acts = {"step": theatre.step, "back": theatre.back, "play": theatre.play, "pause": theatre.pause}
        if what == "speed":
            form = await request.form()
            theatre.set_speed(float(str(form.get("speed", "1"))))
        elif what in acts:
            _require(theatre)
            await in_thread(acts[what])
        else:
            raise HTTPException(404)
        return JSONResponse(theatre.shown())

    return (
        Route("/scenarios", index),
        Route("/scenarios/{name}", show),
        Route("/scenarios/{name}/part", part),
        Route("/scenarios/{name}/open", put_on, methods=["POST"]),
        Route("/stage/leave", leave, methods=["POST"]),
        Route("/stage/{what}", act, methods=["POST"]),
    )


async def _find(request: Request) -> scenarios.Scenario:
    name = request.path_params["name"]
    known = await in_thread(scenarios.all_scenarios)
    if name not in known:
        raise HTTPException(404)
    found: scenarios.Scenario = known[name]
    return found


def _require(theatre: Theatre) -> None:
    if theatre.player is None:
        raise StackFault("No scenario is on.", "シナリオが選ばれていません。", "Put one on first.")


def _told(played: Played) -> dict[str, Any]:
    """What is shown of a step that was played."""
    sent = [plain(message) for message in played.messages if not trace.is_look(message)]
    return {
        "id": played.step.id, "outcome": played.outcome, "good": played.good, "messages": sent,
        "refused_as_told": played.outcome != "OK" and played.good, "checks": played.checks,
        "changes": changes(played.was, played.now), "drawn": export.svg(sent, ""), "day": played.day,
    }  # fmt: skip


def _trace(found: scenarios.Scenario, played: Sequence[Played]) -> list[str]:
    """Where what was played so far leaves the golden trace."""
    golden = trace.read_golden(found.golden)[: len(played)]
    return trace.differences(golden, [one.trace() for one in played])
