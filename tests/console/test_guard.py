"""Nothing answers without the token, to other names, or to other pages; what answers is strict."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from typing import Any

import pytest
from serving import TOKEN, Served

PATHS = (
    "/",
    "/messages",
    "/events",
    "/static/page.js",
    "/api/messages",
    "/scenarios",
    "/nodes/jlis/center",
    "/nowhere",
)


def ask(served: Served, path: str, method: str = "GET", **headers: str) -> tuple[int, Mapping[str, str], str]:
    """One request with just these headers."""
    host = served.base.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in {"Host": host, **{k.replace("_", "-"): v for k, v in headers.items()}}.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode() if answer.getheader("content-length") else ""
    found = (answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)
    connection.close()
    return found


@pytest.mark.parametrize("path", PATHS)
def test_nothing_answers_without_the_token(served: Served, path: str) -> None:
    status, headers, text = ask(served, path)
    assert status == 403
    assert "token" in text
    assert "国立市" not in text
    assert headers["content-security-policy"].startswith("default-src 'none'")


def test_a_wrong_token_is_none(served: Served) -> None:
    assert ask(served, "/?token=guess")[0] == 403
    assert ask(served, "/", Authorization="Bearer guess")[0] == 403
    assert ask(served, "/", Cookie="jukinet-console-1=guess")[0] == 403


def test_the_link_gives_a_cookie_and_leaves_no_token_in_the_address(served: Served) -> None:
    status, headers, _ = ask(served, f"/?token={TOKEN}")
    assert status == 303
    assert headers["location"] == "/"
    assert "httponly" in headers["set-cookie"].lower()
    assert "samesite=strict" in headers["set-cookie"].lower()
    assert ask(served, "/", Cookie=headers["set-cookie"].partition(";")[0])[0] == 200


def test_other_names_are_not_answered(served: Served) -> None:
    assert ask(served, "/", Host="evil.example", Authorization=f"Bearer {TOKEN}")[0] == 403


def test_a_page_of_somebody_else_cannot_act(served: Served) -> None:
    cookie = ask(served, f"/?token={TOKEN}")[1]["set-cookie"].partition(";")[0]
    given: dict[str, Any] = {"Cookie": cookie, "Content_Length": "0"}
    assert ask(served, "/stage/pause", "POST", Origin="http://evil.example", **given)[0] == 403
    assert ask(served, "/stage/pause", "POST", **given)[0] == 403
    assert ask(served, "/stage/pause", "POST", Origin=served.base, **given)[0] in (200, 503)


@pytest.mark.parametrize("path", ["/nowhere", "/nodes/municipality/999999", "/messages/notice-x-1", "/scenarios/none"])
def test_an_unknown_link_is_told_in_clear_words(served: Served, path: str) -> None:
    status, headers, text = ask(served, path, Authorization=f"Bearer {TOKEN}")
    assert status == 404
    assert "そのページはありません" in text
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "There is no such page" in ask(served, path, Authorization=f"Bearer {TOKEN}", Cookie="language=en")[2]


def test_no_page_carries_inline_scripts_or_styles(served: Served) -> None:
    for path in ("/", "/messages", "/scenarios", "/scenarios/birth", "/nodes/municipality/132152", "/handout"):
        _, _, text = ask(served, path, Authorization=f"Bearer {TOKEN}")
        assert "style=" not in text
        assert "onclick" not in text
        assert "<script>" not in text
        assert "https://" not in text
