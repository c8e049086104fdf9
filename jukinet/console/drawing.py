"""Where nodes and links stand in the two pictures of the network: as a hierarchy, and on the map of Japan."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jukinet.model import geography
from jukinet.stack.layout import parent_of
from jukinet.stack.topology import NodeSpec

WIDTH, HEIGHT = 1200, 620
TOP, MIDDLE, BOTTOM, ROW = 70.0, 240.0, 420.0, 78.0
MOST_OPEN = 12
"""A prefecture with more municipalities than this begins folded."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A node in a picture. `group` is the prefecture that folds it away."""

    path: str
    name: str
    kind: str
    x: float
    y: float
    group: str = ""
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A link in a picture, from below to above."""

    one: str
    other: str
    plane: str
    d: str
    group: str = ""
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """Nodes and links of one picture in its box."""

    width: float
    height: float
    nodes: Sequence[Drawn]
    lines: Sequence[Line]
    groups: Mapping[str, int]


def hierarchy(nodes: Sequence[NodeSpec]) -> Picture:
    """J-LIS above, the prefectures in a row, each with its municipalities below it."""
    governors = [node for node in nodes if node.path.startswith("prefecture/")]
    below = _below(nodes)
    widths = [max(1, _columns(len(below[governor.path]))) for governor in governors]
    unit = WIDTH / (sum(widths) or 1)
    drawn = [Drawn(node.path, node.name, "jlis", WIDTH / 2, TOP) for node in nodes if node.path.startswith("jlis/")]
    left, deepest = 0.0, 1
    for governor, width in zip(governors, widths, strict=True):
        middle = (left + width / 2) * unit
        drawn.append(Drawn(governor.path, governor.name, "prefecture", middle, MIDDLE))
        members = below[governor.path]
        folded = len(members) > MOST_OPEN
        for place, member in enumerate(members):
            row, column = divmod(place, width)
            in_row = min(width, len(members) - row * width)
            x = middle + (column - (in_row - 1) / 2) * unit
            drawn.append(Drawn(member.path, member.name, "municipality", x, BOTTOM + row * ROW, governor.path, folded))
            deepest = max(deepest, row + 1 if not folded else 1)
        left += width
    return _picture(WIDTH, BOTTOM + deepest * ROW + 60, drawn, below)


def _columns(count: int) -> int:
    return count if count <= MOST_OPEN else 2


def on_map(nodes: Sequence[NodeSpec]) -> Picture:
    """Each node where its office is, J-LIS in the sea beside Tokyo, near ones moved apart."""
    below = _below(nodes)
    drawn = list[Drawn]()
    for node in nodes:
        kind = node.path.partition("/")[0]
        place = geography.place(node.identity.area_code) if kind != "jlis" else None
        x, y = geography.project(place) if place else (900.0, 800.0)
        group = parent_of(node.path) if kind == "municipality" else ""
        folded = bool(group) and len(below.get(group, ())) > MOST_OPEN
        if kind == "prefecture":
            x, y = x - 16, y - 22
        drawn.append(_apart(Drawn(node.path, node.name, kind, x, y, group, folded), drawn))
    width, height = geography.VIEW_BOX
    return _picture(width, height, drawn, below)


def _apart(one: Drawn, others: Sequence[Drawn]) -> Drawn:
    """Moved on a spiral until nobody is nearer than a name is wide."""
    x, y = one.x, one.y
    for turn in range(1, 200):
        if all(math.hypot(x - other.x, (y - other.y) * 1.6) > 44 for other in others if not other.folded):
            break
        x, y = one.x + 4 * turn * math.cos(turn * 0.9), one.y + 4 * turn * math.sin(turn * 0.9)
    return Drawn(one.path, one.name, one.kind, x, y, one.group, one.folded)


def _below(nodes: Sequence[NodeSpec]) -> dict[str, list[NodeSpec]]:
    found: dict[str, list[NodeSpec]] = {node.path: [] for node in nodes if node.path.startswith("prefecture/")}
    for node in nodes:
        if node.path.startswith("municipality/"):
            found.setdefault(parent_of(node.path), []).append(node)
    return found


def _picture(width: float, height: float, drawn: Sequence[Drawn], below: Mapping[str, Sequence[NodeSpec]]) -> Picture:
    places = {one.path: one for one in drawn}
    lines = []
    for one in drawn:
        above = places.get(parent_of(one.path))
        if above is not None:
            d = f"M{one.x:.0f} {one.y:.0f}L{above.x:.0f} {above.y:.0f}"
            lines.append(Line(one.path, above.path, "vertical", d, one.group, one.folded))
    return Picture(width, height, drawn, lines, {path: len(members) for path, members in below.items()})
