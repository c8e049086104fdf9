"""Where areas lie on a drawn map: places of offices, and where they stand in a fixed box.

The tables hold one place for each municipality of 2021-01-01 and nothing else: no coast, no border. All offices as
dots draw the country. A ward stands at its city's office, a town that was merged at its successor's, and a prefecture,
of whose office no place is known, in the middle of its residents.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from jukinet.model import areas, successions
from jukinet.model.areas import Area

VIEW_BOX = (1000, 1000)
"""Width and height of the box that everything is drawn in; y grows downward, as in SVG."""

_MARGIN = 24.0
_WEST, _NORTH = 128.5, 45.7
_PER_DEGREE = 62.0
_SHRINK = math.cos(math.radians(36))


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the earth, in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Inset:
    """A frame into which islands are moved: they are drawn at the scale of the map, but not where they lie.

    Which islands: all south of 30° N between two longitudes. `name` and `english` are its caption; x and y its upper
    left corner in the box.
    """

    name: str
    english: str
    west: float
    east: float
    north: float
    x: float
    y: float
    width: float
    height: float

    def holds(self, place: Place) -> bool:
        """Whether the place is drawn in this frame."""
        return place.lat < _MAIN_ISLANDS_END and self.west <= place.lon < self.east


_MAIN_ISLANDS_END = 30.0
INSETS = (
    Inset("沖縄・奄美", "Okinawa and Amami", 122.5, 132.0, 29.0, 20.0, 20.0, 480.0, 310.0),
    Inset("小笠原", "Ogasawara", 141.0, 144.0, 28.0, 20.0, 342.0, 110.0, 90.0),
)
"""Frames at the upper left, where there is nothing but sea."""


@cache
def place(code: str) -> Place | None:
    """Give the place that stands for an area on the map; None for a code that names no area."""
    area = areas.find(code)
    if area is None:
        return None
    if area.kind == "prefecture":
        return _middle(area)
    if area.kind == "ward":
        return place(area.city_code)
    if area.latitude is not None and area.longitude is not None:
        return Place(area.latitude, area.longitude)
    return next((place(succession.successor) for succession in successions.of(code)), None)


def project(place: Place) -> tuple[float, float]:
    """Give the point of the box for a place: equirectangular, true to shape at 36° N, southern islands framed."""
    inset = next((inset for inset in INSETS if inset.holds(place)), None)
    if inset is None:
        return _point(place, _WEST, _NORTH, _MARGIN, _MARGIN)
    return _point(place, inset.west, inset.north, inset.x, inset.y)


@cache
def outline() -> tuple[tuple[float, float], ...]:
    """Give the points of all municipal offices, by code: together they show the shape of the country."""
    places = (place(area.code) for area in areas.municipalities())
    return tuple(project(found) for found in places if found is not None)


def _point(place: Place, west: float, north: float, x: float, y: float) -> tuple[float, float]:
    right = x + (place.lon - west) * _SHRINK * _PER_DEGREE
    return round(right, 1), round(y + (north - place.lat) * _PER_DEGREE, 1)


def _middle(prefecture: Area) -> Place:
    towns = [area for area in areas.municipalities() if area.prefecture_code == prefecture.prefecture_code]
    residents = sum(area.population for area in towns)
    return Place(
        sum((area.latitude or 0.0) * area.population for area in towns) / residents,
        sum((area.longitude or 0.0) * area.population for area in towns) / residents,
    )
