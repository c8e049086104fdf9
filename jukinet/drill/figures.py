"""What each node counts of itself: the was / now / Δ of a step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jukinet.stack.reach import Reach
from jukinet.v1 import drill_pb2

Figures = Mapping[str, Mapping[str, int]]
"""By path of the node, then by name of the figure."""
NAMES = (
    *("live", "journal", "pending", "backlog", "quarantined", "open_quarantined", "tasks", "code_pool", "open_errors"),
    *("flagged_codes", "stopped_links"),
)


def count(reach: Reach) -> dict[str, dict[str, int]]:
    """The figures of every node that answers."""
    return {path: of_status(status) for path, status in reach.statuses().items()}


def of_status(status: drill_pb2.GetStatusResponse) -> dict[str, int]:
    """The figures of one node."""
    return {
        "live": status.live_records,
        "journal": status.journal_position,
        "pending": status.pending_records,
        "backlog": sum(link.backlog_records for link in status.links),
        "quarantined": status.quarantined_records,
        "open_quarantined": status.open_quarantined_records,
        "tasks": status.tasks,
        "code_pool": status.code_pool,
        "open_errors": status.open_errors,
        "flagged_codes": status.flagged_codes,
        "stopped_links": sum(link.state in ("STOPPED", "RETRYING") for link in status.links),
    }


def changes(was: Figures, now: Figures) -> list[dict[str, Any]]:
    """What differs, node by node."""
    found = []
    for path in sorted({*was, *now}):
        before, after = was.get(path, {}), now.get(path, {})
        for name in NAMES:
            one, other = before.get(name), after.get(name)
            if one != other:
                delta = other - one if one is not None and other is not None else None
                found.append({"node": path, "figure": name, "was": one, "now": other, "delta": delta})
    return found
