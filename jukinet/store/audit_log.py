"""The 操作記録 as a tree: signed heads, paths, and whether everything is as it was written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import zip_longest
from typing import Any

from google.protobuf.message import DecodeError

from jukinet.pki import merkle
from jukinet.pki.keyring import CertificateFault, Keyring
from jukinet.pki.signing import verify_digest
from jukinet.store import audit, provided
from jukinet.store.database import Connection
from jukinet.v1 import audit_pb2

MOST_FAULTS = 1_000
ANCHORED = "AnchorTreeHead"
"""The event of a head from below; its row says size and root."""
_ROW = f"SELECT {', '.join(audit.COLUMNS)} FROM audit"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not fit: what, and at which row or size; `node` for heads of others."""

    kind: str
    id: int
    node: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What reading everything again came to."""

    rows: int
    heads: int
    faults: list[Fault]


def size(db: Connection) -> int:
    """Rows in the log."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM audit_leaf").fetchone()[0])


def leaves(db: Connection, through: int) -> list[bytes]:
    """Leaf hashes of the first rows."""
    return [row[0] for row in db.execute("SELECT hash FROM audit_leaf WHERE id <= ? ORDER BY id", (through,))]


def row(db: Connection, number: int) -> tuple[bytes, bytes] | None:
    """A row as it is hashed, and its ProvisionEntry, empty if it has none; None if there is no such row."""
    found = db.execute(f"{_ROW} WHERE id = ?", (number,)).fetchone()
    if found is None:
        return None
    entry = db.execute("SELECT provision FROM audit WHERE id = ?", (number,)).fetchone()[0]
    return audit.serialized(found), bytes(entry)


def read_row(serialized: bytes) -> audit_pb2.AuditRow:
    """A row as it is hashed, read."""
    return audit_pb2.AuditRow.FromString(serialized)


def page(db: Connection, after: int, limit: int) -> list[tuple[audit_pb2.AuditRow, bytes]]:
    """Rows behind a number, each with its ProvisionEntry."""
    query = f"SELECT {', '.join(audit.COLUMNS)}, provision FROM audit WHERE id > ? ORDER BY id LIMIT ?"
    return [(audit.message(found[:-1]), bytes(found[-1])) for found in db.execute(query, (after, limit))]


def head(db: Connection, at: int) -> audit_pb2.SignedTreeHead | None:
    """The head that was signed at this size, if one was."""
    found = db.execute("SELECT head, signature, certificate FROM tree_head WHERE size = ?", (at,)).fetchone()
    return audit_pb2.SignedTreeHead(head=found[0], signature=found[1], certificate=found[2]) if found else None


def keep_head(db: Connection, at: int, signed: audit_pb2.SignedTreeHead) -> None:
    """Keep a head of our own."""
    db.execute(
        "INSERT OR IGNORE INTO tree_head VALUES (?,?,?,?)", (at, signed.head, signed.signature, signed.certificate)
    )


def anchor(db: Connection, node: str, at: int, signed: audit_pb2.SignedTreeHead) -> None:
    """Keep a head of another node."""
    db.execute(
        "INSERT OR IGNORE INTO anchored VALUES (?,?,?,?,?)",
        (node, at, signed.head, signed.signature, signed.certificate),
    )


def last_anchored(db: Connection, node: str) -> audit_pb2.SignedTreeHead | None:
    """The largest head that is kept of a node."""
    found = db.execute(
        "SELECT head, signature, certificate FROM anchored WHERE node = ? ORDER BY size DESC LIMIT 1", (node,)
    ).fetchone()
    return audit_pb2.SignedTreeHead(head=found[0], signature=found[1], certificate=found[2]) if found else None


def anchored_nodes(db: Connection) -> list[str]:
    """Nodes of which heads are kept."""
    return [found[0] for found in db.execute("SELECT DISTINCT node FROM anchored ORDER BY node")]


def signed_by(signed: audit_pb2.SignedTreeHead, keyring: Keyring) -> audit_pb2.TreeHead | None:
    """What a head says, if the node that it names signed it while its certificate was good; else None."""
    try:
        said = audit_pb2.TreeHead.FromString(signed.head)
        signer = keyring.identify(signed.certificate, datetime.fromtimestamp(said.real_time / 1_000_000, UTC))
    except (DecodeError, CertificateFault, ValueError, OverflowError, OSError):
        return None
    good = signer.path == said.node and verify_digest(signer.public_key, signed.signature, sha256(signed.head).digest())
    return said if good else None


def erase_provisions(db: Connection, before: int) -> int:
    """Take out what was provided before an instant of the virtual clock, and about whom; how many rows lost it."""
    rows = db.execute(
        "UPDATE audit SET provision = x'' WHERE provision <> x'' AND virtual_time < ? RETURNING id", (before,)
    ).fetchall()
    db.executemany("DELETE FROM provided WHERE audit_id = ?", rows)
    return len(rows)


def has_provision_before(db: Connection, before: int) -> bool:
    """Whether there is anything to take out."""
    query = "SELECT 1 FROM audit WHERE provision <> x'' AND virtual_time < ? LIMIT 1"
    return db.execute(query, (before,)).fetchone() is not None


def verify(db: Connection, node: str, keyring: Keyring, kept_from: int) -> Report:
    """Read everything again. Provisions may be erased only from before `kept_from`, an instant of the virtual clock."""
    faults: list[Fault] = []
    hashes: list[bytes] = []
    rows = 0
    for found in _faulty_rows(db, hashes, kept_from):
        faults.append(found)
    rows = len(hashes)
    faults += _faulty_subjects(db)
    heads = 0
    for at, *signed in db.execute("SELECT size, head, signature, certificate FROM tree_head ORDER BY size"):
        heads += 1
        said = signed_by(audit_pb2.SignedTreeHead(head=signed[0], signature=signed[1], certificate=signed[2]), keyring)
        if said is None or (said.node, said.size) != (node, at):
            faults.append(Fault("HEAD_CHANGED", at))
        elif at > rows or merkle.root(hashes[:at]) != said.root:
            faults.append(Fault("HEAD_CONTRADICTED", at))
    written = set(db.execute("SELECT caller, reason FROM audit WHERE event = ? AND accepted = 1", (ANCHORED,)))
    for whose, at, *signed in db.execute("SELECT node, size, head, signature, certificate FROM anchored"):
        said = signed_by(audit_pb2.SignedTreeHead(head=signed[0], signature=signed[1], certificate=signed[2]), keyring)
        if said is None or (said.node, said.size) != (whose, at):
            faults.append(Fault("ANCHOR_CHANGED", at, whose))
        elif (whose, f"{at} {said.root.hex()}") not in written:
            faults.append(Fault("ANCHOR_ADDED", at, whose))
        written.discard((whose, f"{at} {said.root.hex()}" if said else ""))
    faults += [Fault("ANCHOR_MISSING", int(what.split()[0]), whose) for whose, what in sorted(written)]
    return Report(rows, heads, faults[:MOST_FAULTS])


def _faulty_rows(db: Connection, hashes: list[bytes], kept_from: int) -> Iterator[Fault]:
    """Rows against their leaves, which are gathered on the way."""
    rows = db.execute(f"SELECT {', '.join(audit.COLUMNS)}, provision FROM audit ORDER BY id")
    kept = db.execute("SELECT id, hash FROM audit_leaf ORDER BY id")
    number = 0
    for found, leaf in zip_longest(rows, kept):
        number += 1
        if leaf is None or found is None:
            yield Fault("ROW_ADDED" if leaf is None else "ROW_MISSING", number)
            if leaf is not None:
                hashes.append(leaf[1])
            continue
        hashes.append(leaf[1])
        if found[0] != number or leaf[0] != number:
            yield Fault("ROW_MISSING", number)
            return
        try:
            fits = audit.leaf_hash(found[:-1]) == leaf[1]
        except (ValueError, TypeError):
            fits = False
        if not fits:
            yield Fault("ROW_CHANGED", number)
        yield from _faulty_provision(found, kept_from)


def _faulty_provision(found: Sequence[Any], kept_from: int) -> Iterator[Fault]:
    number, at, hash_, entry = found[0], found[2], found[-2], found[-1]
    if entry:
        if sha256(entry).digest() != hash_:
            yield Fault("PROVISION_CHANGED", number)
    elif hash_ and at >= kept_from:
        yield Fault("PROVISION_CHANGED", number)


def _faulty_subjects(db: Connection) -> Iterator[Fault]:
    """Those who stand beside the rows, against what the rows commit to."""
    beside = {found[0] for found in db.execute("SELECT audit_id FROM provided")}
    for number, request_id, entry in db.execute("SELECT id, request_id, provision FROM audit WHERE provision <> x''"):
        try:
            said = audit_pb2.ProvisionEntry.FromString(entry)
        except DecodeError:
            continue  # told above
        if not said.subjects_root:
            continue
        if number not in beside:
            yield Fault("SUBJECTS_MISSING", number)
            continue
        beside.discard(number)
        caller, asked, digest, *packed = db.execute(
            "SELECT caller, request_id, digest, secret, codes, results FROM provided WHERE audit_id = ?", (number,)
        ).fetchone()
        subjects = provided.Subjects(*packed)
        # A governor passes on a mayor's search under an id of the governor's own.
        named = caller in (said.office, said.via) and (asked, digest) == (request_id, said.question)
        whole = len(subjects.codes) == len(subjects) * provided.CODE and len(subjects) == said.asked
        if not (named and whole and subjects.root() == said.subjects_root):
            yield Fault("SUBJECTS_CHANGED", number)
    for number in sorted(beside):
        yield Fault("SUBJECTS_ADDED", number)
