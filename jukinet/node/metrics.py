"""MetricsDrillService: what a node has counted of its calls, and how it stands when it is asked."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import jukinet.node.look as look
from jukinet import log
from jukinet.clock import real_now
from jukinet.v1 import drill_pb2, metrics_pb2, metrics_pb2_grpc
from jukinet.wire import convert
from jukinet.wire.observing import OK, Observed
from jukinet.wire.server import Context, Service

if TYPE_CHECKING:
    from jukinet.node.node import Node

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds."""
LINK_STATES = ("IDLE", "SENDING", "RETRYING", "STOPPED", "OUTSIDE")

Labels = tuple[str, ...]
COUNTER = metrics_pb2.METRIC_KIND_COUNTER
GAUGE = metrics_pb2.METRIC_KIND_GAUGE
HISTOGRAM = metrics_pb2.METRIC_KIND_HISTOGRAM


class Histogram:
    """How many observations fell between two bounds, and their sum."""

    __slots__ = ("buckets", "sum")

    def __init__(self) -> None:
        self.buckets = [0] * (len(BOUNDS) + 1)
        self.sum = 0.0

    def add(self, value: float) -> None:
        """One more."""
        self.buckets[bisect_left(BOUNDS, value)] += 1
        self.sum += value


class Meter:
    """Counts the calls of one node since it started."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: Counter[Labels] = Counter()
        self._sent: Counter[Labels] = Counter()
        self._affairs: Counter[Labels] = Counter()
        self._bytes: Counter[Labels] = Counter()
        self._seconds: defaultdict[Labels, Histogram] = defaultdict(Histogram)
        self._sent_seconds: defaultdict[Labels, Histogram] = defaultdict(Histogram)

    def observe(self, seen: Observed) -> None:
        """One more call has ended."""
        with self._lock:
            if seen.sent:
                self._sent[seen.rpc, seen.rule, seen.peer, seen.outcome] += 1
                self._sent_seconds[seen.rpc, seen.peer].add(seen.seconds)
                return
            self._calls[seen.rpc, seen.rule, seen.caller_kind, seen.outcome] += 1
            self._seconds[seen.rpc, seen.rule].add(seen.seconds)
            self._bytes[seen.rpc, seen.rule, "request"] += seen.request_bytes
            self._bytes[seen.rpc, seen.rule, "answer"] += seen.answer_bytes
            if seen.affair and seen.outcome == OK:  # what was refused may name any 事務, and every name is a series
                self._affairs[seen.affair, seen.rpc] += 1

    def families(self) -> Iterator[metrics_pb2.MetricFamily]:
        """What was counted."""
        with self._lock:
            yield _values(
                COUNTER, "jukinet_calls", "Calls answered, by rpc, rule, kind of caller and outcome.",
                ("rpc", "rule", "caller_kind", "outcome"), self._calls.items(),
            )  # fmt: skip
            yield _histograms(
                "jukinet_call_seconds", "Seconds until a call was answered.", ("rpc", "rule"), self._seconds
            )
            yield _values(
                COUNTER, "jukinet_call_bytes", "Bytes of requests and answers.", ("rpc", "rule", "part"),
                self._bytes.items(),
            )  # fmt: skip
            yield _values(
                COUNTER, "jukinet_affair_calls", "Calls that were granted, by 事務 of the appended tables.",
                ("affair", "rpc"), self._affairs.items(),
            )  # fmt: skip
            yield _values(
                COUNTER, "jukinet_sent_calls", "Calls made to neighbours, by outcome.",
                ("rpc", "rule", "peer", "outcome"), self._sent.items(),
            )  # fmt: skip
            yield _histograms(
                "jukinet_sent_call_seconds", "Seconds until a neighbour answered.", ("rpc", "peer"), self._sent_seconds
            )


def standing(status: drill_pb2.GetStatusResponse) -> Iterator[metrics_pb2.MetricFamily]:
    """Gauges: how the node is."""
    left = (convert.instant(status.certificate_expire_time) - real_now()).total_seconds()
    figures: tuple[tuple[str, str, float], ...] = (
        ("applied_position", "Last position of the journal that the register shows.", status.applied_position),
        ("certificate_seconds", "Seconds until the node's certificate expires.", left),
        ("code_pool", "住民票コード left in the pools.", status.code_pool),
        ("flagged_codes", "Codes of which two live records are held.", status.flagged_codes),
        ("journal_position", "Last position of the journal.", status.journal_position),
        ("lamport_time", "Lamport time.", status.lamport_time),
        ("live_records", "Live records in the register.", status.live_records),
        ("open_errors", "Errors that wait here on their way to the mayor.", status.open_errors),
        (
            "open_quarantined_records",
            "Records set aside for which nothing stands yet.",
            status.open_quarantined_records,
        ),
        ("pending_records", "Records written but not yet sealed into a batch.", status.pending_records),
        ("quarantined_records", "Records set aside.", status.quarantined_records),
        ("recovering", "1 while what was lost is being fetched back.", status.recovery.recovering),
        ("storage_failed", "1 while storage refuses to write.", status.storage_failed),
        ("tasks", "Tasks waiting.", status.tasks),
        ("virtual_time_seconds", "The clock that law and acts go by, since 1970.", status.virtual_time.seconds),
    )
    for name, help_, value in figures:
        yield _values(GAUGE, f"jukinet_{name}", help_, (), [((), value)])
    links = status.links
    yield _values(
        GAUGE, "jukinet_link_backlog_records", "Records that the neighbour has not acknowledged.", ("peer",),
        [((link.peer,), link.backlog_records) for link in links],
    )  # fmt: skip
    yield _values(
        GAUGE, "jukinet_link_backlog_batches", "Batches that the neighbour has not acknowledged.", ("peer",),
        [((link.peer,), link.backlog_batches) for link in links],
    )  # fmt: skip
    yield _values(
        GAUGE, "jukinet_link_state", "1 for the state that a link is in.", ("peer", "state"),
        [((link.peer, state), state == link.state) for link in links for state in LINK_STATES],
    )  # fmt: skip


def _values(
    kind: metrics_pb2.MetricKind.ValueType,
    name: str,
    help_: str,
    labels: Sequence[str],
    values: Iterable[tuple[Labels, float]],
) -> metrics_pb2.MetricFamily:
    samples = [metrics_pb2.MetricSample(labels=of, value=value) for of, value in sorted(values)]
    return metrics_pb2.MetricFamily(name=name, help=help_, kind=kind, labels=labels, samples=samples)


def _histograms(
    name: str, help_: str, labels: Sequence[str], found: dict[Labels, Histogram]
) -> metrics_pb2.MetricFamily:
    samples = [
        metrics_pb2.MetricSample(labels=of, value=one.sum, buckets=one.buckets) for of, one in sorted(found.items())
    ]
    return metrics_pb2.MetricFamily(
        name=name, help=help_, kind=HISTOGRAM, labels=labels, bounds=BOUNDS, samples=samples
    )


class MetricsDrillServicer(metrics_pb2_grpc.MetricsDrillServiceServicer):
    """MetricsDrillService of a node."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def GetMetrics(self, request: metrics_pb2.GetMetricsRequest, context: Context) -> metrics_pb2.GetMetricsResponse:
        """What was counted, and how it stands."""
        logged = [((name,), count) for name, count in log.COUNTS.items()]
        families = [
            *self._node.meter.families(),
            *standing(look.status(self._node)),
            _values(COUNTER, "jukinet_log_events", "Lines logged by this process, by event.", ("event",), logged),
        ]
        return metrics_pb2.GetMetricsResponse(families=sorted(families, key=lambda family: family.name))


def metrics_drill_service(node: Node) -> Service:
    """MetricsDrillService, ready to be served."""
    servicer = MetricsDrillServicer(node)
    return Service(
        "jukinet.v1.MetricsDrillService",
        lambda server: metrics_pb2_grpc.add_MetricsDrillServiceServicer_to_server(servicer, server),
    )
