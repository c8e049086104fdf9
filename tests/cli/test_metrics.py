"""`jukinet metrics` on a network of real processes, read as a scraper reads it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from typer.testing import CliRunner

from jukinet.cli.main import app
from jukinet.stack.stack import Stack
from jukinet.stack.topology import parse
from jukinet.v1 import counter_pb2, counter_pb2_grpc

NODES = 'nodes = ["J-LIS", "東京都", { name = "国立市", residents = 5 }]'
CENTER, TOKYO, KUNITACHI = "jlis/center", "prefecture/130001", "municipality/132152"
NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def read(text: str) -> Callable[..., float]:
    """How much a metric of these labels shows; KeyError if it is not told."""
    found = {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    return lambda name, **labels: found[name, frozenset(labels.items())]


def run(home: Path, *arguments: str, code: int = 0) -> str:
    done = CliRunner(env={"JUKINET_HOME": str(home)}).invoke(app, ["metrics", *arguments])
    assert done.exit_code == code, done.output
    return done.stdout


def test_metrics_of_real_processes_are_what_a_scraper_reads_and_name_nobody(tmp_path: Path) -> None:
    home = tmp_path / "net"
    stack = Stack(home, parse(NODES))
    try:
        stack.up()
        stack.settle_or_fail()
        operation = counter_pb2.Operation(operator_id="c01", verification_id="v", reason="試験")
        stub, listed = counter_pb2_grpc.CounterServiceStub, counter_pb2.ListResidentsRequest(operation=operation)
        records = stack.clerk(KUNITACHI).call(stub, "ListResidents", listed).residents
        text = run(home)
        of = read(text)
        assert of("jukinet_up", node=KUNITACHI) == 1
        assert of("jukinet_live_records", node=CENTER) == len(records) == 5
        assert of("jukinet_link_backlog_records", node=KUNITACHI, peer=TOKYO) == 0
        assert of("jukinet_link_state", node=KUNITACHI, peer=TOKYO, state="IDLE") == 1
        assert of("jukinet_code_pool", node=KUNITACHI) > 0
        assert of("jukinet_certificate_seconds", node=TOKYO) > 3600
        calls = of(
            "jukinet_calls_total", node=TOKYO, rpc="DeliverBatch", rule="notify_identification",
            caller_kind="municipality", outcome="OK",
        )  # fmt: skip
        assert calls > 0
        labels = {"node": TOKYO, "rpc": "DeliverBatch", "rule": "notify_identification"}
        assert of("jukinet_call_seconds_count", **labels) == calls
        assert of("jukinet_call_seconds_bucket", **labels, le="+Inf") == calls
        assert 0 < of("jukinet_call_seconds_sum", **labels) < 60
        assert of("jukinet_call_bytes_total", **labels, part="request") > 1000
        sent = {"node": KUNITACHI, "rpc": "DeliverBatch", "rule": "notify_identification", "peer": TOKYO}
        assert of("jukinet_sent_calls_total", **sent, outcome="OK") == calls
        for person in (record.identification for record in records):
            for secret in (person.name, person.address, person.resident_code, person.individual_number):
                assert secret
                assert secret not in text

        told = json.loads(run(home, "国立市", "--json"))
        assert list(told) == [KUNITACHI]
        pending = next(one for one in told[KUNITACHI] if one["name"] == "jukinet_pending_records")
        assert (pending["kind"], pending["samples"][0]["value"]) == ("GAUGE", 0)

        _scrape(home, stack)
        run(home, "--serve", "0", "--json", code=2)
        assert "jukinet_up" not in run(home, code=3), "one does not run: a metric of nothing would look like rest"
    finally:
        stack.down()


def _scrape(home: Path, stack: Stack) -> None:
    """`--serve` asks anew at each scrape, tells which node is gone, and ends with Ctrl-C."""
    server = subprocess.Popen(
        [sys.executable, "-m", "jukinet", "metrics", "--serve", "0"], env={**os.environ, "JUKINET_HOME": str(home)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/metrics", server.stdout.readline())
        assert found
        before = read(NO_PROXY.open(found[0], timeout=20).read().decode())
        stack.process(KUNITACHI).signal(signal.SIGTERM)
        while stack.process(KUNITACHI).pid is not None:
            stack.pause(0.02)
        after = read(NO_PROXY.open(found[0], timeout=20).read().decode())
        assert [one("jukinet_up", node=KUNITACHI) for one in (before, after)] == [1, 0]
        with pytest.raises(KeyError):
            after("jukinet_live_records", node=KUNITACHI)
        scraped = {"rpc": "GetMetrics", "rule": "drill", "caller_kind": "console", "outcome": "OK", "node": CENTER}
        assert after("jukinet_calls_total", **scraped) == before("jukinet_calls_total", **scraped) + 1
        server.send_signal(signal.SIGINT)
        _, said = server.communicate(timeout=20)
        assert (server.returncode, said) == (0, "")
    finally:
        server.kill()
        server.wait()


def test_metrics_of_no_network_or_of_an_unknown_node_are_refused(tmp_path: Path) -> None:
    run(tmp_path / "net", code=3)
    assert "127.0.0.1" not in run(tmp_path / "net", "--serve", "0", code=3)
