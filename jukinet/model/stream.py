"""The name of a stream: who signs it, what it carries, to whom."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Stream:
    """Numbering is gapless per stream. `kind` is a StreamKind; `counterpart` is empty on the vertical plane."""

    origin: str
    kind: int
    counterpart: str = ""


@dataclass(frozen=True, slots=True)
class Keys:
    """What a record can be found by, as integers; None where it has none."""

    code: int | None = None
    individual_number: int | None = None
    name: int | None = None
