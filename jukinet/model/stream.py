"""The name of a stream: who signs it, what it carries, to whom."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from jukinet.model.dates import PartialDate


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


def name_key(name: str, birth_date: PartialDate | str, sex: int) -> int:
    """First 40 bits of SHA-256 over name, birth date and sex: for search, several people may share one.

    A birth date is one, or is written as one.
    """
    return int.from_bytes(sha256(f"{name}\0{birth_date}\0{int(sex)}".encode()).digest()[:5], "big")
