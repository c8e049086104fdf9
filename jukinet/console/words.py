"""The words of the pages, Japanese and English side by side."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = ("ja", "en")


@cache
def all_words() -> Mapping[str, tuple[str, str]]:
    """Key → (Japanese, English); keys are `section.name`."""
    table = tomllib.loads((files("jukinet.console") / "texts" / "words.toml").read_text(encoding="utf-8"))
    found = {}
    for section, words in table.items():
        for name, pair in words.items():
            japanese, english = pair
            found[f"{section}.{name}"] = (japanese, english)
    return found


def word(key: str, language: str, **facts: object) -> str:
    """One of the words, its {places} filled; KeyError if there is none."""
    return all_words()[key][LANGUAGES.index(language)].format(**facts)


def section(name: str, language: str) -> dict[str, str]:
    """The words of a section, for scripts."""
    place = LANGUAGES.index(language)
    return {key.partition(".")[2]: pair[place] for key, pair in all_words().items() if key.startswith(f"{name}.")}
