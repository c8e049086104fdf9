"""Spans at an OTLP collector and log lines of calls: the article is in them, and nobody whom the calls were about."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent import futures
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.type import date_pb2
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from jukinet.node import observers
from jukinet.stack.stack import Stack
from jukinet.stack.topology import parse
from jukinet.testing.network import Juki
from jukinet.v1 import counter_pb2, counter_pb2_grpc, drill_pb2, identification_pb2

NODES = 'nodes = ["J-LIS", "東京都", { name = "国立市", residents = 5 }]'
CENTER, TOKYO, KUNITACHI = "jlis/center", "prefecture/130001", "municipality/132152"
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
CHILD = "架空　ひかり"


@dataclass
class Seen:
    """A span with its attributes as a dictionary."""

    span: Span
    told: dict[str, Any]

    @property
    def trace(self) -> str:
        return self.span.trace_id.hex()

    @property
    def id(self) -> str:
        return self.span.span_id.hex()

    @property
    def parent(self) -> str:
        return self.span.parent_span_id.hex()


@dataclass
class Collector:
    """What came to a collector on loopback, as bytes and as spans."""

    address: str = ""
    raw: list[bytes] = field(default_factory=list)

    @property
    def spans(self) -> list[Seen]:
        found = []
        for body in self.raw:
            request = trace_service_pb2.ExportTraceServiceRequest.FromString(body)
            for resource in request.resource_spans:
                for span in (span for scope in resource.scope_spans for span in scope.spans):
                    told = {one.key: one.value.string_value or one.value.int_value for one in span.attributes}
                    found.append(Seen(span, told))
        return found


@pytest.fixture
def over_http(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A collector that speaks http/protobuf, named in the environment."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.raw.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    collector.address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv(ENDPOINT, collector.address)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield collector
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def over_grpc(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A collector that speaks grpc, named in the environment."""
    collector = Collector()

    class Servicer(trace_service_pb2_grpc.TraceServiceServicer):
        def Export(self, request: Any, context: grpc.ServicerContext) -> Any:
            collector.raw.append(request.SerializeToString())
            return trace_service_pb2.ExportTraceServiceResponse()

    server = grpc.server(futures.ThreadPoolExecutor(2))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(Servicer(), server)
    collector.address = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    monkeypatch.setenv(ENDPOINT, collector.address)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield collector
    server.stop(None).wait()


def secrets(records: list[counter_pb2.ResidentRecord]) -> set[str]:
    """All that says who somebody is."""
    found = set()
    for one in (record.identification for record in records):
        found |= {one.name, *one.name.split("　"), one.address, one.resident_code, one.individual_number}
    return found - {""}


def operation(name: str) -> counter_pb2.Operation:
    return counter_pb2.Operation(request_id=name, operator_id="c01", verification_id="v", reason="試験")


def bear(stack: Stack) -> list[counter_pb2.ResidentRecord]:
    """A child is born in 国立市 and known everywhere; everybody who lives there."""
    clerk, stub = stack.clerk(KUNITACHI), counter_pb2_grpc.CounterServiceStub
    listed = counter_pb2.ListResidentsRequest(operation=operation("list"))
    household = clerk.call(stub, "ListResidents", listed).residents[0].household_id
    child = counter_pb2.NewPerson(
        name=CHILD, birth_date=date_pb2.Date(year=2021, month=5, day=31), sex=identification_pb2.SEX_FEMALE,
        relationship="子",
    )  # fmt: skip
    request = counter_pb2.ReportBirthRequest(operation=operation("birth"), household_id=household, child=child)
    clerk.call(stub, "ReportBirth", request)
    stack.settle_or_fail()
    return list(clerk.call(stub, "ListResidents", listed).residents)


def trace_of_birth(stack: Stack) -> str:
    """The id that the header of the birth's batch gives its trace, as the governor's journal has it."""
    journal: Any = stack.drill(TOKYO, "ListJournal", drill_pb2.ListJournalRequest())
    [entry] = [entry for entry in journal.entries if "記載・出生 1件" in entry.summaries]
    return bytes(entry.header_hash).hex()[:32]


def test_a_birth_is_one_trace_across_three_processes_and_a_line_in_each_log_and_names_nobody(
    tmp_path: Path, over_http: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(observers.LOG, "calls")
    stack = Stack(tmp_path / "net", parse(NODES))
    try:
        stack.up()
        records = bear(stack)
        trace = trace_of_birth(stack)
    finally:
        stack.down()
    carried = [one for one in over_http.spans if one.trace == trace]
    way = {(one.told["jukinet.node"], one.told["jukinet.direction"]): one for one in carried}
    said, heard = way[KUNITACHI, "sent"], way[TOKYO, "answered"]
    onward, known = way[TOKYO, "sent"], way[CENTER, "answered"]
    assert len(carried) == 4
    assert [one.parent for one in (said, heard, onward, known)] == ["", said.id, heard.id, onward.id]
    assert [one.span.name for one in carried] == ["DeliverBatch"] * 4
    assert {one.told["jukinet.article"] for one in (said, heard)} == {"住基法第30条の6第1項"}
    assert {one.told["jukinet.article"] for one in (onward, known)} == {"住基法第30条の7第1項"}
    assert (heard.told["jukinet.rule"], heard.told["jukinet.outcome"]) == ("notify_identification", "OK")
    assert (heard.told["jukinet.caller_kind"], heard.span.kind) == ("municipality", Span.SPAN_KIND_SERVER)
    assert known.told["jukinet.lamport"] > heard.told["jukinet.lamport"] > 0
    assert heard.told["jukinet.request_bytes"] > 100
    assert heard.span.end_time_unix_nano > heard.span.start_time_unix_nano
    [birth] = [one for one in over_http.spans if one.span.name == "ReportBirth"]
    assert (birth.told["jukinet.node"], birth.told["jukinet.rule"]) == (KUNITACHI, "report_birth")
    assert birth.told["jukinet.article"]

    logs = {path: stack.process(path).log.read_text(encoding="utf-8") for path in stack.paths}
    lines = [json.loads(line) for line in logs[TOKYO].splitlines()]
    [line] = [line for line in lines if line.get("trace") == trace and line["direction"] == "answered"]
    assert (line["event"], line["node"], line["rpc"], line["call_event"]) == (
        "call", TOKYO, "DeliverBatch", "NotifyIdentification",
    )  # fmt: skip
    assert (line["article"], line["outcome"], line["caller_kind"]) == ("住基法第30条の6第1項", "OK", "municipality")
    assert 0 < line["seconds"] < 60

    hidden = secrets(records)
    assert CHILD in hidden
    assert len(hidden) > 20
    told = [*(body.decode("utf-8", errors="replace") for body in over_http.raw), *logs.values()]
    assert [secret for secret in hidden for text in told if secret in text] == [], "somebody is named"


def install(juki: Juki) -> list[Any]:
    return [observers.install(node) for node in juki.network.nodes.values()]


@pytest.mark.juki(nodes=("国立市", "杉並区"))
def test_what_a_node_asks_while_it_answers_is_of_the_callers_trace_over_grpc(juki: Juki, over_grpc: Collector) -> None:
    records = juki.populate("国立市", 3)
    left, code = records[0].resident_id, records[0].identification.resident_code
    juki["国立市"].report_move_out([left], "杉並区", "2021-06-01", with_card=True)
    juki.settle()
    closers = install(juki)
    juki["杉並区"].report_special_move_in(code, "国立市", "東京都杉並区みどり台1番1号", "2021-06-01")
    juki.settle()
    for close in closers:
        close()
    spans = over_grpc.spans
    [act] = [one for one in spans if one.span.name == "ReportSpecialMoveIn"]
    both = {one.told["jukinet.direction"]: one for one in spans if one.span.name == "SendMoveOutCertificate"}
    asked, answered = both["sent"], both["answered"]
    assert {act.trace, asked.trace, answered.trace} == {act.trace}, "of another trace than the caller's"
    assert (act.parent, asked.parent, answered.parent) == ("", act.id, asked.id)
    assert (asked.told["jukinet.peer"], answered.told["jukinet.node"]) == (KUNITACHI, KUNITACHI)
    assert answered.told["jukinet.article"] == "住基法第24条の2第4項"
    horizontal = [one for one in spans if one.told.get("jukinet.rule") == "notify_move_in"]
    assert len({one.trace for one in horizontal}) == 1
    raw = b"".join(over_grpc.raw).decode("utf-8", errors="replace")
    assert [secret for secret in secrets(records) if secret in raw] == []


@pytest.mark.juki(nodes=("国立市",))
def test_a_refusal_is_a_span_in_error_with_its_reason(juki: Juki, over_http: Collector) -> None:
    juki.populate("国立市", 3)
    closers = install(juki)
    with juki.refused("RESIDENT_NOT_FOUND"):
        juki["国立市"].resident(999)
    for close in closers:
        close()
    [one] = over_http.spans
    assert (one.told["jukinet.outcome"], one.span.status.code) == ("RESIDENT_NOT_FOUND", 2)


@pytest.mark.juki(nodes=("国立市",))
def test_a_collector_that_is_away_keeps_nobody_from_working(
    juki: Juki, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(ENDPOINT, "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    closers = install(juki)
    juki.populate("国立市", 3)
    assert juki.ledger_is_zero()
    threads = [threading.Thread(target=close) for close in closers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    for line in capfd.readouterr().err.splitlines():
        assert json.loads(line)["event"] in ("telemetry_fault", "link_down"), line


def test_without_the_packages_one_line_says_so_and_the_node_goes_on(
    juki: Juki, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(ENDPOINT, "http://127.0.0.1:1")
    monkeypatch.setattr(observers, "PACKAGES", ("opentelemetry.sdk", "not_installed.at_all"))
    node = juki.network.nodes[KUNITACHI]
    observers.install(node)()
    [line] = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert (line["event"], line["packages"]) == ("telemetry_missing", "not_installed.at_all")
    assert "jukinet[otel]" in line["remedy"]
    juki.populate("国立市", 3)
    assert juki.ledger_is_zero()


IMPORTED = """
import os, sys
from types import SimpleNamespace
from jukinet.node import main, observers
node = SimpleNamespace(observing=SimpleNamespace(add=lambda *_, **__: None), config=SimpleNamespace(path="jlis/center"))
observers.install(node)()
print(sorted({name.partition(".")[0] for name in sys.modules} & {"opentelemetry", "prometheus_client"}))
"""


@pytest.mark.parametrize(("endpoint", "expected"), [("", "[]"), ("http://127.0.0.1:1", "['opentelemetry']")])
def test_nothing_of_opentelemetry_is_imported_unless_a_collector_is_named(
    endpoint: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, endpoint)
    monkeypatch.delenv(observers.LOG, raising=False)
    done = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == expected


def test_no_line_is_written_for_calls_that_nobody_asked_to_log(
    juki: Juki, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(ENDPOINT, raising=False)
    monkeypatch.delenv(observers.LOG, raising=False)
    install(juki)
    juki.populate("国立市", 3)
    assert '"call"' not in capfd.readouterr().err
    monkeypatch.setenv(observers.LOG, "calls")
    observers.install(juki.network.nodes[KUNITACHI])
    juki["国立市"].residents()
    logged = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert [(line["event"], line["rpc"], line["caller_kind"]) for line in logged] == [
        ("call", "ListResidents", "operator")
    ]
