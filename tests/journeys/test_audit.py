"""操作記録: every hop can be proved afterwards, and whatever is changed is found."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import threading
import time
from pathlib import Path

import pytest
from pymerkle import verify_consistency, verify_inclusion
from pymerkle.proof import InclusionProof, MerkleProof

from jukinet.pki import merkle
from jukinet.pki.keyring import Keyring
from jukinet.store import audit_log
from jukinet.testing.network import Juki
from jukinet.testing.office import by_items
from jukinet.v1 import audit_pb2 as pb
from jukinet.v1 import audit_pb2_grpc

STUB = audit_pb2_grpc.AuditDrillServiceStub
PENSION = ("japan-pension-service", "1-77")
FROM_THE_BEGINNING = 0


def head_of(juki: Juki, name: str) -> pb.TreeHead:
    answer = juki.console(name).call(STUB, "GetTreeHead", pb.GetTreeHeadRequest())
    return pb.TreeHead.FromString(answer.head.head)


def faults(juki: Juki, name: str) -> list[str]:
    answer = juki.console(name).call(STUB, "VerifyAudit", pb.VerifyAuditRequest())
    return [f"{fault.kind} {fault.id} {fault.node}".strip() for fault in answer.faults]


@pytest.mark.law("anchor_tree_head")
@pytest.mark.juki(nodes=("国立市",))
def test_a_row_and_one_person_in_it_are_proved_to_a_stranger(juki: Juki, tmp_path: Path) -> None:
    people = juki.populate("国立市", 5)
    office = juki.office(*PENSION)
    audit_id = office.provide_bulk([by_items(one) for one in people]).audit_id
    office.provide_identification(by_items(people[0]))
    request = pb.ProveAuditRowRequest(id=audit_id, subject=2)
    proof = juki.console("機構").call(STUB, "ProveAuditRow", request)
    head = pb.TreeHead.FromString(proof.head.head)
    leaf = merkle.plain_leaf_hash(proof.row)
    told = InclusionProof.deserialize(merkle.told_inclusion(leaf, audit_id - 1, head.size, list(proof.path)))
    verify_inclusion(leaf, head.root, told, index=audit_id, size=head.size)
    entry = pb.ProvisionEntry.FromString(proof.provision)
    person = merkle.leaf_hash(proof.subject_salt, proof.subject_record)
    told = InclusionProof.deserialize(merkle.told_inclusion(person, 1, proof.subjects, list(proof.subject_path)))
    verify_inclusion(person, entry.subjects_root, told)
    assert int.from_bytes(proof.subject_record[:8], "big") == int(people[1].identification.resident_code)
    codes = [int(one.identification.resident_code).to_bytes(8, "big") for one in people]
    assert [code in proof.SerializeToString() for code in codes].count(True) == 1, "nobody else's code is in the proof"
    _openssl_takes(tmp_path, proof)


def _openssl_takes(folder: Path, proof: pb.ProveAuditRowResponse) -> None:
    """The signature of the head, with openssl alone."""
    (folder / "head.bin").write_bytes(proof.head.head)
    (folder / "head.sig").write_bytes(proof.head.signature)
    (folder / "node.der").write_bytes(proof.head.certificate)
    (folder / "root.pem").write_bytes(proof.root_pem)

    def openssl(*arguments: str) -> int:
        return subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=False).returncode

    assert openssl("x509", "-inform", "DER", "-in", "node.der", "-out", "node.pem") == 0
    assert openssl("x509", "-in", "node.pem", "-pubkey", "-noout", "-out", "node.pub") == 0
    assert openssl("verify", "-CAfile", "root.pem", "node.pem") == 0
    check = ("dgst", "-sha256", "-verify", "node.pub", "-signature", "head.sig", "head.bin")
    assert openssl(*check) == 0
    (folder / "head.bin").write_bytes(proof.head.head[:-1] + b"\0")
    assert openssl(*check) != 0


@pytest.mark.law("anchor_tree_head")
@pytest.mark.juki(nodes=("国立市",))
def test_anchor_tree_head_ties_a_log_to_the_one_above(juki: Juki) -> None:
    juki.populate("国立市", 2)
    for name in ("国立市", "東京都"):
        size = head_of(juki, name).size
        assert juki.console(name).call(STUB, "AnchorNow", pb.AnchorNowRequest()).anchored_size == size
    earlier = head_of(juki, "国立市")
    juki.populate("国立市", 2)
    later = head_of(juki, "国立市")
    request = pb.ProveConsistencyRequest(from_size=earlier.size, to_size=later.size)
    proof = juki.console("国立市").call(STUB, "ProveConsistency", request)
    told = MerkleProof.deserialize(merkle.told_consistency(earlier.size, later.size, list(proof.proof)))
    verify_consistency(earlier.root, later.root, told, earlier.size, later.size)
    assert juki.console("国立市").call(STUB, "AnchorNow", pb.AnchorNowRequest()).anchored_size == later.size
    kept = juki.console("東京都").call(STUB, "ListAnchors", pb.ListAnchorsRequest()).heads
    assert [pb.TreeHead.FromString(head.head).root for head in kept] == [later.root]
    assert [faults(juki, name) for name in ("国立市", "東京都", "機構")] == [[], [], []]
    assert any(row["event"] == "AnchorTreeHead" for row in juki["機構"].audit())


@pytest.mark.juki(nodes=("国立市",))
def test_a_log_that_was_rewritten_below_is_refused_above(juki: Juki) -> None:
    juki.populate("国立市", 2)
    assert juki.console("国立市").call(STUB, "AnchorNow", pb.AnchorNowRequest()).anchored_size > 0
    juki.kill("国立市")
    file = juki.network.layout.node("municipality/132152") / "journal.db"
    _edit(file, "UPDATE audit_leaf SET hash = zeroblob(32) WHERE id = 2")
    _edit(file, "DELETE FROM tree_head")
    juki.start("国立市")
    assert "ROW_CHANGED 2" in faults(juki, "国立市")
    with juki.refused("TREE_FORKED"):
        juki.console("国立市").call(STUB, "AnchorNow", pb.AnchorNowRequest())
    assert juki["東京都"].audit()[-1]["refusal"] == "TREE_FORKED"
    juki.populate("国立市", 1)
    with juki.refused("TREE_FORKED"):  # nor does it help to grow
        juki.console("国立市").call(STUB, "AnchorNow", pb.AnchorNowRequest())
    juki.kill("国立市")
    for table, gone in (("tree_head", "size > 0"), ("audit", "id > 1"), ("audit_leaf", "id > 1")):
        _edit(file, f"DELETE FROM {table} WHERE {gone}")
    juki.start("国立市")
    with juki.refused("TREE_FORKED"):  # nor to be cut short
        juki.console("国立市").call(STUB, "AnchorNow", pb.AnchorNowRequest())


def _edit(file: Path, sql: str) -> None:
    """Change a file as somebody with a root shell would: no trigger stops him."""
    db = sqlite3.connect(file)
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f'DROP TRIGGER "{name}"')
    db.execute("PRAGMA foreign_keys=OFF")
    db.execute(sql)
    db.commit()
    db.close()


TEXTS = ("caller", "operator_id", "verification_id", "event", "article", "refusal", "request_id", "subjects", "reason")
NUMBERS = ("real_time", "virtual_time", "lamport_time", "accepted", "number_access")
FLIPPED = "CAST(substr({0}, 1, length({0}) - 1) || x'00' AS BLOB)"
EDITS = {
    **{f"a letter of {name}": f"UPDATE audit SET {name} = {name} || 'x' WHERE id = 3" for name in TEXTS},
    **{f"{name} by one": f"UPDATE audit SET {name} = {name} + 1 WHERE id = 3" for name in NUMBERS},
    "a byte of what was provided": f"UPDATE audit SET provision = {FLIPPED.format('provision')} WHERE provision <> x''",
    "a byte of what was refused": f"UPDATE audit SET provision = {FLIPPED.format('provision')}"
    " WHERE accepted = 0 AND provision <> x''",
    "what was provided, erased early": "UPDATE audit SET provision = x'' WHERE provision <> x''",
    "a byte of its hash": "UPDATE audit SET provision_hash = zeroblob(32) WHERE provision_hash <> x''",
    "a row taken out": "DELETE FROM audit WHERE id = 2",
    "a row and its leaf taken out": "DELETE FROM audit WHERE id = 2; DELETE FROM audit_leaf WHERE id = 2",
    "the tail taken out": "DELETE FROM audit WHERE id > 3; DELETE FROM audit_leaf WHERE id > 3; DELETE FROM provided",
    "a row put in": "INSERT INTO audit SELECT 1000, * FROM (SELECT {rest} FROM audit WHERE id = 3)",
    "a leaf put in": "INSERT INTO audit_leaf SELECT max(id) + 1, hash FROM audit_leaf",
    "a byte of a leaf": f"UPDATE audit_leaf SET hash = {FLIPPED.format('hash')} WHERE id = 3",
    "somebody's code": f"UPDATE provided SET codes = {FLIPPED.format('codes')}",
    "a result": "UPDATE provided SET results = CAST(x'03' || substr(results, 2) AS BLOB)",
    "the secret": f"UPDATE provided SET secret = {FLIPPED.format('secret')}",
    "whose question it was": "UPDATE provided SET caller = 'office/mhlw'",
    "the question's id": "UPDATE provided SET request_id = 'another'",
    "the question's hash": f"UPDATE provided SET digest = {FLIPPED.format('digest')}",
    "people taken out": "DELETE FROM provided",
    "people put in": "INSERT INTO provided SELECT 1, 'x', 'y', digest, secret, codes, results FROM provided LIMIT 1",
    "a byte of a head": f"UPDATE tree_head SET head = {FLIPPED.format('head')}",
    "a byte of its signature": f"UPDATE tree_head SET signature = {FLIPPED.format('signature')}",
    "a byte of its certificate": f"UPDATE tree_head SET certificate = {FLIPPED.format('certificate')}",
    "the size of a head": "UPDATE tree_head SET size = size + 1",
    "a byte of a head from below": f"UPDATE anchored SET head = {FLIPPED.format('head')}",
    "a byte of that signature": f"UPDATE anchored SET signature = {FLIPPED.format('signature')}",
    "a byte of that certificate": f"UPDATE anchored SET certificate = {FLIPPED.format('certificate')}",
    "whose head it is": "UPDATE anchored SET node = 'prefecture/140007'",
    "a head from below taken out": "DELETE FROM anchored",
    "the size of that head": "UPDATE anchored SET size = size + 1",
}


@pytest.mark.juki(nodes=("国立市",))
def test_every_byte_that_is_changed_is_found(juki: Juki, tmp_path: Path) -> None:
    people = juki.populate("国立市", 2)
    juki.office(*PENSION).provide_bulk([by_items(one) for one in people])
    with juki.refused("NOT_THE_RECIPIENT"):
        juki.office("moj", "1-77").provide_identification(by_items(people[0]))
    juki.console("東京都").call(STUB, "AnchorNow", pb.AnchorNowRequest())
    head_of(juki, "機構")
    keyring: Keyring = juki.network.nodes["jlis/center"].keyring
    juki.kill("機構")
    whole = juki.network.layout.node("jlis/center") / "journal.db"
    assert _read(whole, keyring) == []
    unseen = [what for what, sql in EDITS.items() if not _read(_edited(whole, tmp_path, sql), keyring)]
    assert unseen == []


def _edited(whole: Path, folder: Path, sql: str) -> Path:
    copy = folder / "edited.db"
    shutil.copyfile(whole, copy)
    db = sqlite3.connect(copy)
    columns = [row[1] for row in db.execute("PRAGMA table_info(audit)")][1:]
    db.close()
    for statement in sql.replace("{rest}", ", ".join(columns)).split("; "):
        _edit(copy, statement)
    return copy


def _read(file: Path, keyring: Keyring) -> list[audit_log.Fault]:
    db = sqlite3.connect(file)
    try:
        return audit_log.verify(db, "jlis/center", keyring, FROM_THE_BEGINNING).faults
    finally:
        db.close()


@pytest.mark.law("anchor_tree_head")
@pytest.mark.juki(nodes=("国立市",), anchor_days=1)
def test_a_head_is_anchored_by_itself_when_the_day_has_turned(juki: Juki) -> None:
    juki.populate("国立市", 2)
    assert not juki.console("東京都").call(STUB, "ListAnchors", pb.ListAnchorsRequest()).heads
    juki.clock.advance(days=1)
    deadline = time.monotonic() + 10
    while not (kept := juki.console("東京都").call(STUB, "ListAnchors", pb.ListAnchorsRequest()).heads):
        assert time.monotonic() < deadline, "the day turned and nothing was anchored"
        threading.Event().wait(0.02)
    assert pb.TreeHead.FromString(kept[0].head).node == "municipality/132152"
