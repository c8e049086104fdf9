"""The metrics of every node of a network, as Prometheus reads them. The nodes themselves know nothing of Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from jukinet.stack.fault import StackFault
from jukinet.stack.reach import ASK_SECONDS, Reach
from jukinet.v1 import metrics_pb2, metrics_pb2_grpc
from jukinet.wire.client import Refused

if TYPE_CHECKING:
    from prometheus_client.core import Metric
    from prometheus_client.registry import CollectorRegistry

STUB = metrics_pb2_grpc.MetricsDrillServiceStub
UP = "jukinet_up"


def of_nodes(reach: Reach, paths: list[str] | None = None) -> dict[str, metrics_pb2.GetMetricsResponse | None]:
    """What each node of ours says, or those of `paths`; None for one that does not answer."""

    def ask(path: str) -> metrics_pb2.GetMetricsResponse | None:
        try:
            found: metrics_pb2.GetMetricsResponse = reach.console(path).call(
                STUB, "GetMetrics", metrics_pb2.GetMetricsRequest(), ASK_SECONDS
            )
        except (Refused, StackFault):
            return None
        return found

    asked = reach.paths if paths is None else paths
    return dict(zip(asked, reach.each(asked, ask), strict=True))


def exposition(reach: Reach, paths: list[str] | None = None) -> str:
    """Everything in Prometheus's text format, each sample with its node as a label."""
    from prometheus_client import generate_latest

    return generate_latest(registry(reach, paths)).decode()


def registry(reach: Reach, paths: list[str] | None = None) -> CollectorRegistry:
    """A registry that asks the nodes anew whenever it is read."""
    from prometheus_client import CollectorRegistry
    from prometheus_client.registry import Collector

    class Nodes(Collector):
        def collect(self) -> Iterator[Metric]:
            return _families(of_nodes(reach, paths))

    made = CollectorRegistry()
    made.register(Nodes())
    return made


def _families(said: dict[str, metrics_pb2.GetMetricsResponse | None]) -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

    makers: dict[int, Any] = {
        metrics_pb2.METRIC_KIND_COUNTER: CounterMetricFamily,
        metrics_pb2.METRIC_KIND_GAUGE: GaugeMetricFamily,
        metrics_pb2.METRIC_KIND_HISTOGRAM: HistogramMetricFamily,
    }
    up = GaugeMetricFamily(UP, "1 for a node that answers.", labels=("node",))
    made: dict[str, Any] = {UP: up}
    for node, answer in said.items():
        up.add_metric((node,), float(answer is not None))
        for family in answer.families if answer is not None else ():
            if family.kind not in makers:
                continue
            if family.name not in made:
                made[family.name] = makers[family.kind](family.name, family.help, labels=("node", *family.labels))
            for sample in family.samples:
                _add(made[family.name], family, (node, *sample.labels), sample)
    yield from made.values()


def _add(
    made: Any, family: metrics_pb2.MetricFamily, labels: tuple[str, ...], sample: metrics_pb2.MetricSample
) -> None:
    if family.kind != metrics_pb2.METRIC_KIND_HISTOGRAM:
        made.add_metric(labels, sample.value)
        return
    so_far, buckets = 0, []
    for bound, count in zip((*map(str, family.bounds), "+Inf"), sample.buckets, strict=True):
        so_far += count
        buckets.append((bound, so_far))
    made.add_metric(labels, buckets, sum_value=sample.value)
