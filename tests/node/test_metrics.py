"""What a node counts: each call where it belongs, and no label that a caller could fill at will."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jukinet.node.metrics import BOUNDS, Meter
from jukinet.testing.network import Juki
from jukinet.testing.office import by_items
from jukinet.v1 import metrics_pb2, metrics_pb2_grpc
from jukinet.wire.observing import Observed

CALL = Observed(
    node="prefecture/130001", sent=False, service="jukinet.v1.X", rpc="X", event="X", rule="x", article="", peer="",
    caller_kind="office", office="o", affair="1-77", outcome="OK", began=0, seconds=0.004, request_bytes=10,
    answer_bytes=20, lamport=1, trace=None,
)  # fmt: skip


def counted(*calls: Observed) -> dict[str, metrics_pb2.MetricFamily]:
    meter = Meter()
    for call in calls:
        meter.observe(call)
    return {family.name: family for family in meter.families()}


def values(family: metrics_pb2.MetricFamily) -> dict[tuple[str, ...], float]:
    return {tuple(sample.labels): sample.value for sample in family.samples}


def test_calls_are_counted_by_outcome_and_fall_into_the_bucket_of_their_duration() -> None:
    refused = replace(CALL, outcome="NOT_LISTED", seconds=99.0, answer_bytes=0)
    found = counted(CALL, CALL, refused)
    assert values(found["jukinet_calls"]) == {
        ("X", "x", "office", "OK"): 2,
        ("X", "x", "office", "NOT_LISTED"): 1,
    }
    [histogram] = found["jukinet_call_seconds"].samples
    assert dict(zip((*BOUNDS, "more"), histogram.buckets, strict=True)) == {
        **dict.fromkeys(BOUNDS, 0), 0.005: 2, "more": 1,
    }  # fmt: skip
    assert histogram.value == pytest.approx(99.008)
    assert values(found["jukinet_call_bytes"]) == {("X", "x", "request"): 30, ("X", "x", "answer"): 40}
    assert values(found["jukinet_sent_calls"]) == {}


def test_what_a_bound_says_belongs_to_its_own_bucket() -> None:
    [histogram] = counted(replace(CALL, seconds=0.005))["jukinet_call_seconds"].samples
    assert histogram.buckets[BOUNDS.index(0.005)] == 1


def test_only_what_was_granted_counts_for_an_affair() -> None:
    found = counted(CALL, replace(CALL, affair="2-999", outcome="AFFAIR_UNKNOWN"), replace(CALL, affair=""))
    assert values(found["jukinet_affair_calls"]) == {("1-77", "X"): 1}


def test_calls_to_a_neighbour_are_counted_apart() -> None:
    found = counted(replace(CALL, sent=True, peer="jlis/center"))
    assert values(found["jukinet_sent_calls"]) == {("X", "x", "jlis/center", "OK"): 1}
    assert values(found["jukinet_calls"]) == {}
    assert values(found["jukinet_affair_calls"]) == {}


@pytest.mark.juki(nodes=("国立市",))
def test_a_node_tells_the_console_what_it_counted_and_how_it_stands(juki: Juki) -> None:
    [record, *_] = juki.populate("国立市", 3)
    juki.office("japan-pension-service", "1-77").provide_identification(by_items(record))

    def ask() -> dict[str, metrics_pb2.MetricFamily]:
        stub = metrics_pb2_grpc.MetricsDrillServiceStub
        answer = juki.console("機構").call(stub, "GetMetrics", metrics_pb2.GetMetricsRequest())
        names = [family.name for family in answer.families]
        assert names == sorted(set(names))
        return {family.name: family for family in answer.families}

    found = ask()
    assert values(found["jukinet_affair_calls"]) == {("1-77", "ProvideIdentification"): 1}
    assert values(found["jukinet_live_records"]) == {(): 3}
    assert values(found["jukinet_pending_records"]) == {(): 0}
    positions = [values(found[f"jukinet_{name}_position"]) for name in ("journal", "applied")]
    assert positions[0] == positions[1] != {(): 0}

    juki.cut("国立市", "東京都")
    juki["国立市"].report_birth(juki["国立市"].residents()[0].household_id)
    juki.settle()
    assert values(ask()["jukinet_live_records"]) == {(): 3}
    stub, request = metrics_pb2_grpc.MetricsDrillServiceStub, metrics_pb2.GetMetricsRequest()
    cut_off = {f.name: f for f in juki.console("国立市").call(stub, "GetMetrics", request).families}
    assert values(cut_off["jukinet_link_backlog_records"])["prefecture/130001",] >= 1
    state = {labels: value for labels, value in values(cut_off["jukinet_link_state"]).items() if value}
    assert state == {("prefecture/130001", "RETRYING"): 1}
