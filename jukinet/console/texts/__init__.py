"""Texts of the console as TOML, Japanese first and English beside; a key that nobody reads is an error."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

T = TypeVar("T")


class TextError(ValueError):
    """A file of texts is not as its reader wants it; says which file, where in it, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Text:
    """The same said in Japanese and in English."""

    ja: str
    en: str

    def __getitem__(self, language: str) -> str:
        """What it says in `ja` or in `en`."""
        return {"ja": self.ja, "en": self.en}[language]


class Table:
    """One table of a file, of which each key is taken once; `end` says what was left over."""

    def __init__(self, values: Mapping[str, Any], where: str) -> None:
        """`where` names the table in errors."""
        self.where = where
        self._values = dict(values)
        self._inner: list[Table] = []

    def word(self, key: str) -> str:
        """A text that must be there and say something."""
        value = self._take(key, str)
        if not value.strip():
            raise TextError(f"{self.where}: {key} is empty")
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(self._each(key, str))

    def text(self, key: str) -> Text:
        """A text in both languages: a table of ja and en."""
        return self.table(key).both()

    def both(self) -> Text:
        """The ja and en of this table itself."""
        return Text(self.word("ja"), self.word("en"))

    def optional_text(self, key: str) -> Text | None:
        """A text in both languages, or None where there is none."""
        return self.text(key) if key in self._values else None

    def optional_word(self, key: str) -> str:
        """A text, or nothing."""
        return self.word(key) if key in self._values else ""

    def day(self, key: str) -> date | None:
        """A date, or None where there is none."""
        return self._take(key, date) if key in self._values else None

    def flag(self, key: str, default: bool) -> bool:
        """Whether something holds."""
        return self._take(key, bool) if key in self._values else default

    def table(self, key: str) -> Table:
        """A table within this one; what is left of it is reported with this one."""
        inner = Table(self._take(key, dict), f"{self.where}.{key}")
        self._inner.append(inner)
        return inner

    def tables(self, key: str) -> list[Table]:
        """A list of tables, none where the key is absent."""
        values = self._each(key, dict) if key in self._values else []
        inner = [Table(value, f"{self.where}.{key}[{number}]") for number, value in enumerate(values, start=1)]
        self._inner += inner
        return inner

    def end(self) -> None:
        """Raise TextError for keys that were not taken, here and within."""
        if self._values:
            raise TextError(f"{self.where}: nobody knows {', '.join(sorted(self._values))}")
        for inner in self._inner:
            inner.end()

    def _take(self, key: str, kind: type[T]) -> T:
        if key not in self._values:
            raise TextError(f"{self.where}: {key} is missing")
        value = self._values.pop(key)
        if not isinstance(value, kind):
            raise TextError(f"{self.where}: {key} is no {kind.__name__}")
        return value

    def _each(self, key: str, kind: type[T]) -> list[T]:
        values = self._take(key, list)
        if not all(isinstance(value, kind) for value in values):
            raise TextError(f"{self.where}: {key} is no list of {kind.__name__}")
        return values


def read(name: str, source: str | None = None) -> Table:
    """The file of that name beside this module, or the text given in its place, as a table."""
    from importlib.resources import files  # imported late: who shows no texts need not pay for it

    text = (files(__name__) / name).read_text(encoding="utf-8") if source is None else source
    try:
        return Table(tomllib.loads(text), name)
    except tomllib.TOMLDecodeError as error:
        raise TextError(f"{name}: {error}") from error
