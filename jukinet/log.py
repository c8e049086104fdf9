"""Structured log lines on stderr: an event name and fields, never prose, never personal data."""

from __future__ import annotations

import json
import sys
import threading
import traceback
from collections import Counter

from jukinet.clock import real_now

COUNTS: Counter[str] = Counter()
"""How often each event was logged in this process."""
_LOCK = threading.Lock()


def event(name: str, **fields: str | int | float | bool) -> None:
    """Write one line."""
    line = {"time": real_now().isoformat(timespec="milliseconds"), "event": name, **fields}
    with _LOCK:
        COUNTS[name] += 1
        sys.stderr.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stderr.flush()


def incident(place: str, error: BaseException) -> str:
    """Log what failed inside; the number to tell the caller. Frames and type only: the text may name a person."""
    number = f"{COUNTS['incident'] + 1}-{real_now():%H%M%S%f}"
    where = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    event("incident", incident=number, place=place, exception=type(error).__name__, where=" ".join(where[-8:]))
    return number
