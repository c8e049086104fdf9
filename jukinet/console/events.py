"""The stream of news that every open page reads: messages, states of nodes, and how the stage stands."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from jukinet.console.theatre import Theatre

BATCH, BEAT_SECONDS, RETRY_MS = 500, 10.0, 400
FROM_NOW = -1


def events(theatre: Theatre) -> Callable[[Request], Awaitable[Response]]:
    """Answer with the stream. A reader that comes again goes on behind the last message that it had."""

    async def answer(request: Request) -> Response:
        last = request.headers.get("last-event-id") or request.query_params.get("after", "")
        after = int(last) if last.lstrip("-").isdecimal() and len(last) < 19 else FROM_NOW
        stream = _stream(theatre, after)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"cache-control": "no-store"})

    return answer


async def _stream(theatre: Theatre, after: int) -> AsyncIterator[str]:
    feed, revision = theatre.feed, -1
    seq = await run_in_threadpool(lambda: feed.spool.last) if after == FROM_NOW else after
    yield f"retry: {RETRY_MS}\n\n"
    states: dict[str, Any] | None = None
    stage: dict[str, Any] | None = None
    while feed is theatre.feed and not theatre.ended:
        shown = theatre.shown()
        if shown != stage:
            stage = shown
            yield _event("stage", stage)
        if feed.states != states:
            states = feed.states
            yield _event("states", states)
        found = await run_in_threadpool(feed.spool.since, seq, BATCH)
        if found:
            seq = found[-1][0]
            yield _event("messages", [message for _, message in found], seq)
        if len(found) == BATCH:
            continue
        before = revision
        revision = await feed.wait(revision, BEAT_SECONDS)
        if revision == before:
            yield ": still here\n\n"
    # Another stage is on: the page begins anew with its next connection.
    yield _event("stage", theatre.shown())


def _event(name: str, value: Any, id: int | None = None) -> str:
    head = f"id: {id}\n" if id is not None else ""
    return f"{head}event: {name}\ndata: {json.dumps(value, ensure_ascii=False)}\n\n"
