"""Where a destination lies that somebody reported in words."""

from __future__ import annotations

from datetime import date

from jukinet.model import areas
from jukinet.model.areas import Area


def area_of(destination: str, on: date) -> Area | None:
    """The municipality or ward whose name the destination begins with, the longest such name; None if that is not one.

    「府中市」 names two municipalities, so it names none; 「東京都府中市」 names one.
    """
    text = destination.strip()
    for length in range(len(text), 0, -1):
        named = [area for area in areas.by_name(text[:length]) if area.kind != "prefecture" and area.exists_on(on)]
        if named:
            return named[0] if len(named) == 1 else None
    return None
