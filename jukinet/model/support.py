"""支援措置."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum


class SupportStanding(IntEnum):
    """Where a 支援措置 stands on a day; the values of the wire."""

    IN_FORCE = 1
    PROVISIONAL = 2
    EXPIRED = 3
    ENDED = 4

    @property
    def holds(self) -> bool:
        """Whether copies are held back."""
        return self in (SupportStanding.IN_FORCE, SupportStanding.PROVISIONAL)


@dataclass(frozen=True, slots=True)
class Support:
    """One person's 支援措置. `end_date` is the day on which it was ended before its time."""

    id: int
    resident_id: int
    start_date: date
    last_date: date
    end_date: date | None = None
