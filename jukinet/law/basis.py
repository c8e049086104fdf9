"""The index of rules: name → dated versions, each with its article."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from jukinet.model.reason import Reason

F = TypeVar("F", bound=Callable[..., Any])

BASE = date(2021, 6, 1)
"""The law as of this day is the base; amendments are later versions."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the law lets something happen; if not, why not."""

    allowed: bool
    reason: Reason | None = None
    facts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def allow(cls) -> Decision:
        """It may happen."""
        return cls(True)

    @classmethod
    def deny(cls, reason: Reason, **facts: str) -> Decision:
        """It may not, for this reason."""
        return cls(False, reason, tuple(facts.items()))


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of a rule."""

    name: str
    article: str
    caption: str
    since: date
    function: Callable[..., Any]
    words_only: bool = False
    """True where article and words of a day are kept and nothing here acts on them."""


_RULES: dict[str, list[Rule]] = {}


def basis(
    article: str, caption: str, *, name: str = "", since: date = date.min, words_only: bool = False
) -> Callable[[F], F]:
    """Enter the function into the index under its article; `name` defaults to the function's."""

    def enter(function: F) -> F:
        rule = Rule(name or function.__name__, article, caption, since, function, words_only)
        versions = _RULES.setdefault(rule.name, [])
        versions.append(rule)
        versions.sort(key=lambda version: version.since)
        return function

    return enter


def state(name: str, article: str, caption: str, *, since: date = date.min, words_only: bool = False) -> None:
    """Enter a rule that only says that something is done, and by whom; the contract says the rest."""

    def stated() -> Decision:
        return Decision.allow()

    basis(article, caption, name=name, since=since, words_only=words_only)(stated)


def find(name: str, on: date = BASE) -> Rule | None:
    """The version in force on that day; None if the rule does not exist, or not yet."""
    versions = [rule for rule in _RULES.get(name, ()) if rule.since <= on]
    return versions[-1] if versions else None


def in_force(name: str, on: date) -> Decision:
    """Whether there is a version on that day; where the first comes later, the denial says from which day."""
    if find(name, on) is not None:
        return Decision.allow()
    versions = _RULES.get(name)
    if not versions:
        return Decision.deny(Reason.NO_BASIS)
    return Decision.deny(Reason.NOT_YET_IN_FORCE, since=versions[0].since.isoformat())


def article(name: str, on: date = BASE) -> str:
    """The article of the rule on that day; empty if there is none."""
    rule = find(name, on)
    return rule.article if rule else ""


def every_rule() -> list[Rule]:
    """All versions of all rules, by name and date."""
    return [rule for name in sorted(_RULES) for rule in _RULES[name]]
