"""Spans for any OTLP collector: one for each call, made when it has ended. Imported only where one is named."""

from __future__ import annotations

import logging
import os
import threading

from opentelemetry.sdk.resources import SERVICE_INSTANCE_ID, SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, TraceFlags
from opentelemetry.trace.status import Status, StatusCode

from jukinet import log
from jukinet.node.node import Node
from jukinet.node.observers import fields
from jukinet.wire.observing import OK, Observed

CLOSE_SECONDS = 2.0
"""How long a node that stops waits for a collector that does not answer."""
_SAMPLED = TraceFlags(TraceFlags.SAMPLED)
_SCOPE = InstrumentationScope("jukinet")


class Telemetry:
    """Sends spans in batches, on a thread of its own; a collector that is away keeps nobody from working."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._spans = BatchSpanProcessor(exporter)

    @classmethod
    def to_collector(cls) -> Telemetry:
        """To the collector that OTEL_EXPORTER_OTLP_* names, over http/protobuf or grpc."""
        _tell_faults_once()
        if (
            os.environ.get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL"))
            == "grpc"
        ):
            from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as OverGrpc

            return cls(OverGrpc())
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as OverHttp

        return cls(OverHttp())

    def observe(self, node: Node) -> None:
        """One span for each call of this node from now on."""
        named = {} if "OTEL_SERVICE_NAME" in os.environ else {SERVICE_NAME: "jukinet"}
        resource = Resource.create({**named, SERVICE_INSTANCE_ID: node.config.path})
        node.observing.add(lambda seen: self._spans.on_end(_span(seen, resource)), traced=True)

    def flush(self) -> None:
        """Send what is not sent yet."""
        self._spans.force_flush()

    def close(self) -> None:
        """Send what is not sent yet, within two seconds, and end."""
        ending = threading.Thread(target=self._spans.shutdown, name="telemetry", daemon=True)
        ending.start()
        ending.join(CLOSE_SECONDS)


def _span(seen: Observed, resource: Resource) -> ReadableSpan:
    assert seen.trace is not None
    trace_id = int(seen.trace.trace_id, 16)
    parent = seen.trace.parent_id
    began = seen.began * 1000
    attributes: dict[str, str | int] = {f"jukinet.{name}": value for name, value in fields(seen).items()}
    attributes |= {"rpc.system": "grpc", "rpc.service": seen.service, "rpc.method": seen.rpc}
    return ReadableSpan(
        name=seen.rpc,
        context=SpanContext(trace_id, int(seen.trace.span_id, 16), is_remote=False, trace_flags=_SAMPLED),
        parent=SpanContext(trace_id, int(parent, 16), is_remote=True, trace_flags=_SAMPLED) if parent else None,
        resource=resource,
        attributes=attributes,
        kind=SpanKind.CLIENT if seen.sent else SpanKind.SERVER,
        status=Status(StatusCode.UNSET) if seen.outcome == OK else Status(StatusCode.ERROR, seen.outcome),
        start_time=began,
        end_time=began + int(seen.seconds * 1e9),
        instrumentation_scope=_SCOPE,
    )


class _Once(logging.Handler):
    """The first thing each part of OpenTelemetry complains of, as a line like all others; its own text is left out."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._told: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        if record.name not in self._told:
            self._told.add(record.name)
            log.event("telemetry_fault", logger=record.name, level=record.levelname)


def _tell_faults_once() -> None:
    logger = logging.getLogger("opentelemetry")
    if not any(isinstance(handler, _Once) for handler in logger.handlers):
        logger.addHandler(_Once())
        logger.propagate = False
