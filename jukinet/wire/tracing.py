"""Which trace a call belongs to (W3C Trace Context), told in metadata beside the call and never in what is signed.

A batch is a trace of its own: its id is taken from the hash of the signed header, so that every node that carries the
same bytes, whenever and on whichever line, finds the same id without having been told.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jukinet.pki.signing import sha256

TRACEPARENT = "traceparent"
"""Metadata key of the W3C header."""
REMEMBERED = 1024
"""Batches of which a node remembers that it has answered them."""

_FORM = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?")


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a call stands: the trace, its own span, and the span that caused it (empty for the first)."""

    trace_id: str
    span_id: str
    parent_id: str = ""

    @property
    def traceparent(self) -> str:
        """What the next node is told."""
        return f"00-{self.trace_id}-{self.span_id}-01"

    def child(self) -> Trace:
        """A span that this one causes."""
        return Trace(self.trace_id, _new(8), self.span_id)


def begin() -> Trace:
    """A trace that nobody has begun before."""
    return Trace(_new(16), _new(8))


def read(metadata: Iterable[tuple[str, Any]]) -> Trace | None:
    """What the caller said: its span as ours to continue; None if it said nothing, or nothing that has the form."""
    said = dict(metadata).get(TRACEPARENT, "")
    found = _FORM.fullmatch(said) if isinstance(said, str) else None
    if found is None or not int(found[1], 16) or not int(found[2], 16) or said.startswith("ff"):
        return None
    return Trace(found[1], found[2])


def continued(metadata: Iterable[tuple[str, Any]]) -> Trace:
    """The span of an answer to whoever sent this metadata."""
    caller = read(metadata)
    return caller.child() if caller else begin()


def batch_sent(header: bytes, node: str, *, said_here: bool) -> Trace:
    """The span of an attempt to hand a batch on: the first of its trace where `said_here`, else caused by it."""
    digest = sha256(header)
    return Trace(digest.hex()[:32], _new(8), "" if said_here else _arrival(digest, node))


class Arrivals:
    """The spans under which batches came to one node."""

    def __init__(self, node: str) -> None:
        self._node = node
        self._known: dict[str, None] = {}
        self._lock = threading.Lock()

    def span(self, header: bytes, metadata: Iterable[tuple[str, Any]], *, taken: bool) -> Trace:
        """The span of an answer to a batch: one that is known from header and node alone, the first time it is taken.

        So the hop that follows, perhaps after a restart, names as its cause what nobody had to keep.
        """
        digest = sha256(header)
        trace_id, span_id = digest.hex()[:32], _arrival(digest, self._node)
        caller = read(metadata)
        parent = caller.span_id if caller and caller.trace_id == trace_id else ""
        if not taken or not self._first(span_id):
            span_id = _new(8)
        return Trace(trace_id, span_id, parent)

    def _first(self, span_id: str) -> bool:
        with self._lock:
            if span_id in self._known:
                return False
            self._known[span_id] = None
            if len(self._known) > REMEMBERED:
                del self._known[next(iter(self._known))]
            return True


def _arrival(digest: bytes, node: str) -> str:
    return sha256(digest + node.encode()).hex()[:16]


def _new(size: int) -> str:
    return os.urandom(size).hex()
