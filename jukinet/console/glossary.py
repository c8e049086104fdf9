"""Terms of law and of the office: how they are read, what they are called in English, what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from jukinet.console.texts import Table, Text, TextError, read

FILE = "glossary.toml"
_HIRAGANA = re.compile("[ぁ-ゖー]+")


@dataclass(frozen=True, slots=True)
class Term:
    """A term with its reading in hiragana, its English name, and one line that says what it is."""

    term: str
    reading: str
    english: str
    meaning: Text


@cache
def terms() -> tuple[Term, ...]:
    """Every term, in the order of the file."""
    return parse(read(FILE))


def find(term: str) -> Term | None:
    """The term as it is written; None if the glossary has none."""
    return _by_term().get(term)


def english(term: str) -> str:
    """The English name of a term; empty if the glossary has none."""
    found = find(term)
    return found.english if found else ""


def with_furigana(text: str) -> list[tuple[str, str]]:
    """Split a text into pieces, each with its reading or "": what <ruby> wants. Joined, the pieces are the text.

    Of several terms that begin at the same place the longest counts.
    """
    pieces, before = [], 0
    for found in _pattern().finditer(text):
        if found.start() > before:
            pieces.append((text[before : found.start()], ""))
        pieces.append((found[0], _by_term()[found[0]].reading))
        before = found.end()
    return [*pieces, (text[before:], "")] if before < len(text) else pieces


def parse(file: Table) -> tuple[Term, ...]:
    """Make terms of a file; TextError names the entry that is wrong."""
    found = tuple(_term(entry) for entry in file.tables("term"))
    file.end()
    seen: set[str] = set()
    for term in found:
        if term.term in seen:
            raise TextError(f"{file.where}: {term.term} stands there twice")
        seen.add(term.term)
    return found


def _term(entry: Table) -> Term:
    term = Term(entry.word("term"), entry.word("reading"), entry.word("english"), entry.both())
    if not _HIRAGANA.fullmatch(term.reading):
        raise TextError(f"{entry.where}: the reading of {term.term} is not in hiragana")
    return term


@cache
def _by_term() -> dict[str, Term]:
    return {term.term: term for term in terms()}


@cache
def _pattern() -> re.Pattern[str]:
    return longest_of(_by_term())


def longest_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of the words, the longest where several begin."""
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))
