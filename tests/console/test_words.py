"""The words of the pages: each that a page asks for is there, in two languages, with the same places to fill."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jukinet.console.pages import NAVIGATION
from jukinet.console.words import LANGUAGES, all_words, word

CONSOLE = Path(__file__).resolve().parents[2] / "jukinet" / "console"
ASKED = re.compile(r"\bt\(\s*'(?P<key>[a-z_]+\.[A-Za-z_]+)'\s*[,)]")
SCRIPTED = re.compile(r"\bwords\.(?P<section>[a-z]+)\.(?P<name>[A-Za-z_]+)")
PLACE = re.compile(r"\{(\w+)\}")


def asked() -> set[str]:
    found = set()
    for template in (CONSOLE / "templates").rglob("*.html"):
        found |= {match["key"] for match in ASKED.finditer(template.read_text(encoding="utf-8"))}
    for script in (CONSOLE / "static").glob("*.js"):
        text = script.read_text(encoding="utf-8")
        found |= {f"{match['section']}.{match['name']}" for match in SCRIPTED.finditer(text)}
    return found


def test_every_word_that_a_page_asks_for_is_there() -> None:
    assert len(asked()) > 100
    assert sorted(asked() - set(all_words())) == []


def test_both_languages_say_something_with_the_same_places() -> None:
    for key, (japanese, english) in all_words().items():
        assert japanese.strip(), key
        assert english.strip(), key
        assert sorted(PLACE.findall(japanese)) == sorted(PLACE.findall(english)), key


def test_a_word_that_nobody_wrote_is_a_fault() -> None:
    with pytest.raises(KeyError):
        word("page.nowhere", LANGUAGES[0])


def test_the_navigation_is_named() -> None:
    assert {f"nav.{name}" for name in NAVIGATION} <= set(all_words())
