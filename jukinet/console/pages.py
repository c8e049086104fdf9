"""What every page shares: language, words, furigana, the stage, and how faults are told."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from jukinet.console.glossary import with_furigana
from jukinet.console.persons import Persons
from jukinet.console.theatre import Theatre
from jukinet.console.words import LANGUAGES, section, word
from jukinet.drill.trace import name_of
from jukinet.model.dates import wareki
from jukinet.stack.fault import Exit, StackFault
from jukinet.wire.client import Refused

NAVIGATION = ("network", "messages", "people", "scenarios", "counter", "office", "break", "why", "honesty")
YEAR = 365 * 24 * 3600
Handler = Callable[[Request], Awaitable[Response]]


class Pages:
    """Renders the console's pages."""

    def __init__(self, theatre: Theatre) -> None:
        self.theatre = theatre
        self.persons = Persons()
        self._templates = Environment(
            loader=FileSystemLoader(str(files("jukinet.console") / "templates")),
            autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._templates.filters |= {"legal": _legal, "name_of": name_of}
        self._templates.globals |= {"t": _translate, "navigation": NAVIGATION, "wareki": wareki}

    def render(self, request: Request, template: str, code: int = 200, **values: Any) -> HTMLResponse:
        """A page, or a part of one."""
        language = language_of(request)
        shown = {
            "lang": language, "furigana": request.cookies.get("furigana") == "1" and language == "ja",
            "path": request.url.path, "stage": self.theatre.shown(), "scenario": self.theatre.scenario, "here": "",
            "script_words": json.dumps(script_words(language), ensure_ascii=False).replace("<", "\\u003c"),
        }  # fmt: skip
        text = self._templates.get_template(template).render(shown | values)
        return HTMLResponse(text, code)

    def fault(self, request: Request, error: StackFault | Refused) -> Response:
        """What went wrong, in the reader's language, and what to do next."""
        japanese = language_of(request) == "ja"
        if isinstance(error, Refused):
            told = error.answer.japanese if japanese else error.answer.message
            reason, article, remedy, status = error.reason, error.answer.article, "", 409
        else:
            told = error.japanese if japanese else error.english
            reason, article, remedy = "", "", error.remedy
            status = 409 if error.code == Exit.REFUSED else 503
        return self.told(request, status, told, reason, article, remedy)

    def told(
        self, request: Request, code: int, told: str, reason: str = "", article: str = "", remedy: str = ""
    ) -> Response:
        """A fault as a page, as a part of one, or as JSON, whichever was asked for."""
        values = {"told": told, "reason": reason, "article": article, "remedy": remedy}
        if request.headers.get("accept", "").startswith("application/json"):
            return JSONResponse(values, code)
        template = "part/fault.html" if request.headers.get("x-part") else "fault.html"
        return self.render(request, template, code, **values)


def language_of(request: Request) -> str:
    """ja unless the reader switched."""
    found = request.cookies.get("language", LANGUAGES[0])
    return found if found in LANGUAGES else LANGUAGES[0]


def script_words(language: str) -> dict[str, dict[str, str]]:
    """What scripts say."""
    return {name: section(name, language) for name in ("page", "state", "messages", "network", "player")}


def switch(request: Request) -> Response:
    """Another language, or furigana on and off; back to where one was."""
    back = request.query_params.get("back", "/")
    answer = RedirectResponse(back if back.startswith("/") and not back.startswith("//") else "/", 303)
    for name, known in (("language", LANGUAGES), ("furigana", ("0", "1"))):
        value = request.query_params.get(name, "")
        if value in known:
            answer.set_cookie(name, value, max_age=YEAR, samesite="strict", httponly=True)
    return answer


async def in_thread(work: Callable[..., Any], *values: Any) -> Any:
    """Work that waits for nodes, away from the event loop."""
    return await run_in_threadpool(work, *values)


@pass_context
def _translate(context: Context, key: str, **facts: object) -> str:
    return word(key, context["lang"], **facts)


@pass_context
def _legal(context: Context, text: object) -> Markup:
    """A text with the readings of its terms, where the reader wants them."""
    if not context["furigana"]:
        return escape(text)
    pieces = [
        Markup("<ruby>{}<rp>（</rp><rt>{}</rt><rp>）</rp></ruby>").format(piece, reading) if reading else escape(piece)
        for piece, reading in with_furigana(str(text))
    ]
    return Markup("").join(pieces)
