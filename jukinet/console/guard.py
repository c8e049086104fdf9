"""What every request passes: the machine's own names, the token, our own pages only, and strict headers."""

from __future__ import annotations

import hmac
from http.cookies import SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
NO_TOKEN = (
    "このページは、起動時に表示されたリンク（?token=…）からだけ開けます。\n"
    "This page opens from the link (?token=…) that was printed when the console started, and from nowhere else.\n"
)
NOT_OURS = (
    "このコンソール以外のページからの要求は受け付けません。リンクから開き直してください。\n"
    "Requests from other pages are not taken. Open the console again from its link.\n"
)


class Guard:
    """ASGI middleware around everything, static files and streams included."""

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._token = token
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        self.cookie = f"jukinet-console-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or say no."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, _strict(send))
            return
        await self._app(scope, receive, _strict(send))

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if host not in self._hosts:
            return PlainTextResponse(NO_TOKEN, 403)
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if given and scope["method"] == "GET" and self._good(given):
            answer = RedirectResponse(scope["path"], 303)
            answer.set_cookie(self.cookie, self._token, httponly=True, samesite="strict", path="/")
            return answer
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        if bearer and self._good(bearer):
            return None
        if not self._good(_cookie(headers.get("cookie", ""), self.cookie)):
            return PlainTextResponse(NO_TOKEN, 403)
        if scope["method"] not in ("GET", "HEAD") and headers.get("origin", "") != f"http://{host}":
            return PlainTextResponse(NOT_OURS, 403)
        return None

    def _good(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._token.encode())


def _cookie(header: str, name: str) -> str:
    found = SimpleCookie(header).get(name)
    return found.value if found else ""


def _strict(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return sent
