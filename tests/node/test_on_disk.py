"""Acknowledged means on disk: the kernel is asked to sync the journal between a request and its acknowledgement."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import contextmanager

import pytest

from jukinet.stack.stack import Stack
from jukinet.stack.topology import parse
from jukinet.v1 import counter_pb2 as counter
from jukinet.v1 import counter_pb2_grpc, drill_pb2, drill_pb2_grpc, relay_pb2, relay_pb2_grpc
from jukinet.wire.client import Client

KUNITACHI, TOKYO, CENTER = "municipality/132152", "prefecture/130001", "jlis/center"
TOPOLOGY = 'nodes = ["J-LIS", "東京都", { name = "国立市", residents = 0 }]\nbase_port = 0\n'
SYNC = re.compile(r"^\d+\s+(\d+\.\d+) f(?:data)?sync\(\d+<([^>]+)>\)\s+= 0", re.M)

pytestmark = pytest.mark.skipif(
    shutil.which("strace") is None, reason="SKIPPED: strace is not installed, so syncs go unseen"
)


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    with Stack(tmp_path_factory.mktemp("disk"), parse(TOPOLOGY)) as stack:
        stack.up()
        stack.settle_or_fail()
        yield stack
        stack.down()


@contextmanager
def watched(pid, file):
    """strace the process; the syncs (time, path) it made are in the list once the block has ended."""
    found = []
    tracer = subprocess.Popen(
        ["strace", "-f", "-y", "-ttt", "-e", "trace=fsync,fdatasync", "-o", str(file), "-p", str(pid)],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    said = tracer.stderr.readline()
    if "attached" not in said:
        tracer.wait(10)
        pytest.skip(f"SKIPPED: strace may not look at other processes here, so syncs go unseen: {said.strip()}")
    try:
        yield found
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(10)
        tracer.stderr.close()
    found += [(float(at), os.path.basename(path)) for at, path in SYNC.findall(file.read_text())]


def between(found, begin, end):
    return [path for at, path in found if begin <= at <= end]


def enter(stack, number):
    """An entry at the counter; when it was asked and when it was acknowledged."""
    request = counter.EnterExOfficioRequest(
        operation=counter.Operation(
            request_id=f"disk-{number}", verification_id="v", operator_id="o", reason="同期の確認"
        ),
        person=counter.NewPerson(name="試験　太郎", sex=1, relationship="世帯主"),
        address="東京都国立市みどり台1番",
        change_date={"year": 2021, "month": 6, "day": 1},
    )
    begin = time.time()
    stack.clerk(KUNITACHI).call(counter_pb2_grpc.CounterServiceStub, "EnterExOfficio", request)
    return begin, time.time()


def test_a_municipality_syncs_its_file_before_it_tells_the_clerk(stack, tmp_path):
    with watched(stack.process(KUNITACHI).pid, tmp_path / "trace") as syncs:
        begin, end = enter(stack, 1)
    assert "journal.db-wal" in between(syncs, begin, end)


@pytest.mark.parametrize(("upper", "lower"), [(TOKYO, KUNITACHI), (CENTER, TOKYO)], ids=["都道府県", "機構"])
def test_an_upper_tier_syncs_its_journal_before_it_acknowledges_a_batch(stack, tmp_path, upper, lower):
    stack.settle_or_fail()
    request = drill_pb2.SetFaultsRequest(faults=[drill_pb2.Fault(kind="FAULT_KIND_PARTITION", per_mille=1000)])
    stack.drill(lower, "SetFaults", request)  # the node itself keeps still: the test carries its batch
    enter(stack, upper)
    batch = waiting_batch(stack, lower)
    client = Client(stack.layout.node(lower) / "pki", stack.process(upper).ready.address, upper)
    with watched(stack.process(upper).pid, tmp_path / "trace") as syncs:
        begin = time.time()
        answer = client.call(
            relay_pb2_grpc.RelayServiceStub, "DeliverBatch", relay_pb2.DeliverBatchRequest(batch=batch)
        )
        end = time.time()
    client.close()
    stack.drill(lower, "SetFaults", drill_pb2.SetFaultsRequest())
    stack.settle_or_fail()
    assert answer.next_number == relay_pb2.StreamHeader.FromString(batch.header).last_number + 1
    assert "journal.db-wal" in between(syncs, begin, end)


def waiting_batch(stack, lower):
    """The last batch in the lower node's journal, whole."""
    deadline = time.monotonic() + 20
    query = (
        "SELECT header, signature, payload, der FROM batch JOIN certificate ON hash = certificate_hash"
        " WHERE kind = 1 AND first_number >= (SELECT next_number FROM cursor WHERE kind = 1) ORDER BY position LIMIT 1"
    )
    while time.monotonic() < deadline:
        db = sqlite3.connect(f"file:{stack.layout.node(lower) / 'journal.db'}?mode=ro", uri=True)
        row = db.execute(query).fetchone()
        db.close()
        if row:
            return relay_pb2.Batch(header=row[0], signature=row[1], payload=row[2], certificate=row[3])
        stack.console(lower).call(drill_pb2_grpc.DrillServiceStub, "GetStatus", drill_pb2.GetStatusRequest())
    raise AssertionError("the batch was never sealed")
