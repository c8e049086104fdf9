"""The sequence of messages as SVG, as a mermaid diagram and as JSON, the same arrows in the same order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from jukinet.drill.trace import name_of

COLUMN, ROW, HEAD, MARGIN = 190, 34, 60, 110
COLOURS = {
    "vertical": "#1d4e89", "horizontal": "#a34a00", "direct": "#6a3d9a", "downward": "#00696b", "counter": "#4a5560",
}  # fmt: skip
REFUSED = "#b3261e"
_ORDER = ("office", "console", "operator", "municipality", "prefecture", "jlis")
_MARKS = re.compile(r"[;#\n\r]+")


def participants(messages: Sequence[Mapping[str, Any]]) -> list[str]:
    """Everybody who sends or receives: people and offices first, then from the municipalities up."""
    seen = dict.fromkeys(path for message in messages for path in (message["sender"], message["receiver"]))
    return sorted(seen, key=lambda path: (_ORDER.index(path.partition("/")[0]), path.partition("/")[2]))


def label(message: Mapping[str, Any]) -> str:
    """What stands on an arrow."""
    what = "・".join(message["what"])
    refused = f" ✕{message['refusal']}" if message["refusal"] else ""
    return f"{message['caption']} {what}［{message['article']}］{refused}"


def mermaid(messages: Sequence[Mapping[str, Any]]) -> str:
    """A sequenceDiagram."""
    lines = ["sequenceDiagram", "  autonumber"]
    names = {path: f"p{number}" for number, path in enumerate(participants(messages))}
    lines += [f"  participant {id} as {_plain(name_of(path))}" for path, id in names.items()]
    for message in messages:
        arrow = "-x" if message["refusal"] else "->>" if message["kind"] == "notice" else "-->>"
        lines.append(f"  {names[message['sender']]}{arrow}{names[message['receiver']]}: {_plain(label(message))}")
    if not messages:
        lines.append("  Note over p0: -") if names else lines.extend(["  participant p0 as -", "  Note over p0: -"])
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """A text in which mermaid finds no sign of its own."""
    return _MARKS.sub(" ", text)


def svg(messages: Sequence[Mapping[str, Any]], title: str) -> str:
    """A drawing that stands alone."""
    columns = {path: MARGIN + number * COLUMN for number, path in enumerate(participants(messages))}
    width = MARGIN * 2 + COLUMN * max(1, len(columns) - 1)
    height = HEAD + ROW * len(messages) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" aria-label={quoteattr(title)} font-family="Noto Sans CJK JP, sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="8" y="16" fill="#7a1f1f" font-weight="bold">SIMULATION — {escape(title)}</text>',
    ]
    for path, x in columns.items():
        parts.append(f'<text x="{x}" y="{HEAD - 16}" text-anchor="middle">{escape(name_of(path))}</text>')
        parts.append(f'<line x1="{x}" y1="{HEAD - 8}" x2="{x}" y2="{height - 10}" stroke="#c9d0d8"/>')
    for number, message in enumerate(messages, start=1):
        parts.append(_arrow(number, message, columns))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _arrow(number: int, message: Mapping[str, Any], columns: Mapping[str, int]) -> str:
    y = HEAD + ROW * number
    x, u = columns[message["sender"]], columns[message["receiver"]]
    colour = REFUSED if message["refusal"] else COLOURS[message["plane"]]
    if x == u:
        line, tip, middle = f"M{x} {y - 8}h26v8h-22", (x + 4, 1), x + 34
        anchor = "start"
    else:
        line, tip, middle = f"M{x} {y}H{u}", (u, -1 if u > x else 1), (x + u) // 2
        anchor = "middle"
    head = f"M{tip[0]} {y}l{7 * tip[1]} -4v8z"
    dash = ' stroke-dasharray="5 4"' if message["kind"] == "rpc" else ""
    text = f'<text x="{middle}" y="{y - 6}" text-anchor="{anchor}">{number}. {escape(label(message))}</text>'
    return f'<g><path d="{line}" stroke="{colour}" fill="none"{dash}/><path d="{head}" fill="{colour}"/>{text}</g>'
