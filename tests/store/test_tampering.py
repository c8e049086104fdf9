"""改ざん for drills: each leaves a file that a node still starts with, and is found where the story says it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from jukinet.store.tampering import TAMPERINGS
from jukinet.testing.network import Juki
from jukinet.testing.office import by_items
from jukinet.v1 import audit_pb2 as pb
from jukinet.v1 import audit_pb2_grpc, counter_pb2

RESIDENT_CODE = counter_pb2.NOTICE_KIND_RESIDENT_CODE
STUB = audit_pb2_grpc.AuditDrillServiceStub


def faults(juki: Juki, name: str) -> list[str]:
    answer = juki.console(name).call(STUB, "VerifyAudit", pb.VerifyAuditRequest())
    return [fault.kind for fault in answer.faults]


def tamper(juki: Juki, name: str, what: str) -> None:
    juki.kill(name)
    TAMPERINGS[what](juki.network.layout.node(juki.find(name)[0]))
    juki.start(name)


@pytest.mark.juki(nodes=("国立市",))
def test_a_changed_row_is_found_by_the_node_and_a_rewritten_log_only_by_the_tier_above(juki: Juki) -> None:
    [record, *_] = juki.populate("国立市", 2)
    kunitachi = juki["国立市"]
    kunitachi.print_notice(record.resident_id, RESIDENT_CODE)
    assert juki.console("国立市").call(STUB, "AnchorNow", pb.AnchorNowRequest()).anchored_size > 0
    assert faults(juki, "国立市") == []
    tamper(juki, "国立市", "change_audit_reason")
    assert faults(juki, "国立市") == ["ROW_CHANGED"]
    tamper(juki, "国立市", "rewrite_audit_log")
    assert faults(juki, "国立市") == [], "the log agrees with itself"
    with juki.refused("TREE_FORKED"):
        juki.console("国立市").call(STUB, "AnchorNow", pb.AnchorNowRequest())


@pytest.mark.juki(nodes=("国立市",))
def test_a_removed_row_and_a_changed_provision_are_found_and_the_triggers_stand_again(juki: Juki) -> None:
    [record, *_] = juki.populate("国立市", 2)
    juki["国立市"].print_notice(record.resident_id, RESIDENT_CODE)
    juki.office("japan-pension-service", "1-77").provide_identification(by_items(record))
    tamper(juki, "国立市", "remove_audit_row")
    assert faults(juki, "国立市") == ["ROW_MISSING"]
    tamper(juki, "機構", "change_provision")
    assert "PROVISION_CHANGED" in faults(juki, "機構")
    assert faults(juki, "東京都") == []
    file = juki.network.layout.node("municipality/132152") / "journal.db"
    with closing(sqlite3.connect(file)) as db, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute("UPDATE audit SET reason = 'x'")
