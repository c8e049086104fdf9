"""An error that somebody above the municipalities has found (法30条の8, 12条の5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class FindingKind(IntEnum):
    """What was found; the values of the wire."""

    DOUBLE = 1
    """Two live records of one code that are no move under way."""
    STALE_ENTRY = 2
    """A live record under a code that has ended."""
    SET_ASIDE = 3
    """A record that could not be stored."""
    REFUSED = 4
    """A batch that a governor would not take (`on_anomaly = stop_link`)."""
    DIFFERS = 5
    """What is stored differs from what the tier below has stored (整合)."""
    DISPUTED = 6
    """A person who saw the own record said so, and the investigation agreed (法30条の35)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One error about one area's record: by its code, or by its number in the area's identification stream.

    `others` are areas that hold a live record of the same code; `reason` is a name of Reason, where there is one.
    """

    kind: FindingKind
    area_code: str
    code: int = 0
    epoch: int = 0
    number: int = 0
    reason: str = ""
    others: tuple[str, ...] = ()
