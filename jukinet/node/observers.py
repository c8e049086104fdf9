"""Who looks on at a node's calls because the environment asks for it: a log line each, and spans for a collector.

Nothing of OpenTelemetry is imported unless a collector is named.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from jukinet import log
from jukinet.wire.observing import Observed

if TYPE_CHECKING:
    from jukinet.node.node import Node

LOG = "JUKINET_LOG"
"""`calls`: one line for each call."""
ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
PACKAGES = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http", "opentelemetry.exporter.otlp.proto.grpc")


def fields(seen: Observed) -> dict[str, str | int]:
    """What may be told of a call, for logs and spans alike; nothing here comes from a record of a person."""
    told: dict[str, str | int] = {
        "node": seen.node,
        "direction": "sent" if seen.sent else "answered",
        "rpc": seen.rpc,
        "event": seen.event,
        "rule": seen.rule,
        "article": seen.article,
        "affair": seen.affair,
        "caller_kind": seen.caller_kind,
        "office": seen.office,
        "peer": seen.peer,
        "outcome": seen.outcome,
        "lamport": seen.lamport,
        "request_bytes": seen.request_bytes,
        "answer_bytes": seen.answer_bytes,
    }
    return {name: value for name, value in told.items() if value != ""}


def write_line(seen: Observed) -> None:
    """One line of the log."""
    told = fields(seen)
    told["call_event"] = told.pop("event")
    trace = {"trace": seen.trace.trace_id, "span": seen.trace.span_id} if seen.trace else {}
    log.event("call", **told, seconds=round(seen.seconds, 6), **trace)


def install(node: Node) -> Callable[[], None]:
    """Let those look on whom the environment names; what is returned sends what is not sent yet, and ends them."""
    if "calls" in os.environ.get(LOG, "").split(","):
        node.observing.add(write_line)
    if not any(os.environ.get(name) for name in ENDPOINTS):
        return _nothing
    if missing := [name for name in PACKAGES if not _there(name)]:
        log.event(
            "telemetry_missing", node=node.config.path, packages=" ".join(missing), remedy="pip install 'jukinet[otel]'"
        )
        return _nothing
    from jukinet.node.telemetry import Telemetry

    telemetry = Telemetry.to_collector()
    telemetry.observe(node)
    return telemetry.close


def _there(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:  # not even what it is a part of
        return False


def _nothing() -> None:
    pass
