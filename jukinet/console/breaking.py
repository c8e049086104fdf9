"""Break it: the effect is stated first, what happened is shown after, and one click heals everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from jukinet.console.feed import Feed
from jukinet.console.pages import Pages, in_thread
from jukinet.console.texts import Table, Text, read
from jukinet.drill import breakage, figures
from jukinet.stack.fault import Exit, StackFault
from jukinet.stack.stage import Stage
from jukinet.v1 import audit_pb2, audit_pb2_grpc

FILE = "breaking.toml"
SLOW_SECONDS, LOOK_SECONDS = 2.0, 1.2
TAMPERING = "change_audit_reason"


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that can be broken."""

    id: str
    other: bool
    title: Text
    does: Text
    expected: Text


@dataclass(slots=True)
class Broken:
    """What was broken on one stage, and what it came to."""

    feed: Feed
    done: list[tuple[Kind, str, str]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    healed: bool = False


@cache
def kinds() -> Mapping[str, Kind]:
    """All of them, in the order of the file."""
    file = read(FILE)
    found = {kind.id: kind for kind in map(_kind, file.tables("kind"))}
    file.end()
    return found


def _kind(table: Table) -> Kind:
    return Kind(
        table.word("id"), table.flag("other", False), table.text("title"), table.text("does"), table.text("expected")
    )


_DOES: Mapping[str, Callable[[Stage, str, str], object]] = {
    "cut": lambda stage, one, other: breakage.cut(stage, one, other),
    "slow": lambda stage, one, other: breakage.slow(stage, one, other, SLOW_SECONDS),
    "stop": lambda stage, one, _: stage.stop_node(one),
    "expire": lambda stage, one, _: breakage.expire(stage, one),
    "revoke": lambda stage, one, _: breakage.revoke(stage, one),
    "garble": lambda stage, one, _: breakage.garble(stage, one),
    "tamper": lambda stage, one, _: breakage.tamper(stage, one, TAMPERING),
}


def routes(pages: Pages) -> Sequence[BaseRoute]:
    """`/break`, and what is done there."""
    kept: list[Broken] = []

    def broken() -> Broken:
        if not kept or kept[0].feed is not pages.theatre.feed:
            kept[:] = [Broken(pages.theatre.feed)]
        return kept[0]

    async def show(request: Request) -> Response:
        chosen = kinds().get(request.query_params.get("kind", ""), next(iter(kinds().values())))
        nodes = pages.theatre.stage.topology.nodes
        return pages.render(
            request, "break.html", here="break", kinds=kinds(), chosen=chosen, nodes=nodes, broken=broken()
        )

    async def act(request: Request) -> Response:
        form = await request.form()
        kind = kinds().get(str(form.get("kind", "")))
        one, other = str(form.get("node", "")), str(form.get("other", ""))
        paths = pages.theatre.stage.paths
        if kind is None or one not in paths or (kind.other and (other not in paths or other == one)):
            raise StackFault(
                "Choose what to break, and one node, or two different ones for a line.",
                "何をこわすかと、ノード（線には異なる二つ）を選んでください。",
                "Choose from the lists.",
                Exit.REFUSED,
            )
        await in_thread(_break, pages, broken(), kind, one, other if kind.other else "")
        return pages.render(request, "part/broken.html", broken=broken())

    async def heal(request: Request) -> Response:
        await in_thread(_heal, pages, broken())
        return pages.render(request, "part/broken.html", broken=broken())

    return (
        Route("/break", show),
        Route("/break", act, methods=["POST"]),
        Route("/break/heal", heal, methods=["POST"]),
    )


def _break(pages: Pages, broken: Broken, kind: Kind, one: str, other: str) -> None:
    theatre = pages.theatre
    with theatre.acting(kind.title.en):
        was = figures.count(theatre.stage)
        theatre.feed.renews = False
        _DOES[kind.id](theatre.stage, one, other)
        broken.done.append((kind, one, other))
        theatre.stage.settle(10.0, LOOK_SECONDS)
        broken.changes = figures.changes(was, figures.count(theatre.stage))
        broken.found = _verify(theatre.stage, one) if kind.id == "tamper" else []
        broken.healed = False


def _verify(stage: Stage, path: str) -> list[str]:
    stub, request = audit_pb2_grpc.AuditDrillServiceStub, audit_pb2.VerifyAuditRequest()
    answer: audit_pb2.VerifyAuditResponse = stage.console(path).call(stub, "VerifyAudit", request)
    return [f"{fault.kind} {fault.id}" for fault in answer.faults]


def _heal(pages: Pages, broken: Broken) -> None:
    theatre = pages.theatre
    stage = theatre.stage
    with theatre.acting("heal"):
        was = figures.count(stage)
        for kind, one, _ in broken.done:
            if kind.id == "stop":
                stage.start_node(one)
        for kind, one, _ in broken.done:
            if kind.id in ("expire", "revoke"):
                breakage.renew(stage, one)
        breakage.heal_lines(stage)
        for kind, one, _ in broken.done:
            # What was sealed meanwhile is refused for good, or garbled: all is told anew.
            if kind.id in ("expire", "revoke", "garble") and one.startswith("municipality/"):
                breakage.resync(stage, one, f"heal-{uuid4()}")
        stage.quiet_down()
        broken.changes = figures.changes(was, figures.count(stage))
        broken.found, broken.healed = [], True
        broken.done = [done for done in broken.done if done[0].id == "tamper"]
        theatre.feed.renews = stage is theatre.live
