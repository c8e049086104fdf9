"""What was provided about whom: beside each audit row that says so, the codes and results in the order asked.

The audit row holds the root of a tree over them, so one person's part can be proved without showing the others.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from jukinet.model.reason import Reason
from jukinet.pki import merkle
from jukinet.refusal import Refusal
from jukinet.store.database import Connection

CODE = 8
"""Bytes of a code; zeros where nobody was found."""
SECRET = 32


@dataclass(frozen=True, slots=True)
class Subjects:
    """Who was asked for, packed; the salts of the leaves come from `secret`, which never leaves the node."""

    secret: bytes
    codes: bytes
    results: bytes

    @classmethod
    def pack(cls, found: Sequence[tuple[int, int]]) -> Subjects:
        """Code and result of each, with a fresh secret."""
        codes = b"".join([code.to_bytes(CODE, "big") for code, _ in found])
        return cls(os.urandom(SECRET), codes, bytes([result for _, result in found]))

    def __len__(self) -> int:
        return len(self.results)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        for index, result in enumerate(self.results):
            yield int.from_bytes(self.codes[index * CODE : (index + 1) * CODE], "big"), result

    def salt(self, index: int) -> bytes:
        """The salt of one leaf."""
        return sha256(self.secret + index.to_bytes(4, "big")).digest()[: merkle.SALT_BYTES]

    def record(self, index: int) -> bytes:
        """What one leaf says: the code and the result."""
        return self.codes[index * CODE : (index + 1) * CODE] + self.results[index : index + 1]

    def leaves(self) -> list[bytes]:
        """The leaf hashes in order."""
        return [merkle.leaf_hash(self.salt(index), self.record(index)) for index in range(len(self))]

    def root(self) -> bytes:
        """What the audit row commits to."""
        return merkle.root(self.leaves())


class Before(NamedTuple):
    """What was answered before: the audit row, about whom, and what the row says."""

    audit_id: int
    subjects: Subjects
    provision: bytes
    real_time: int


def add(db: Connection, audit_id: int, caller: str, request_id: str, digest: bytes, subjects: Subjects) -> None:
    """Keep who they were, and to which question this is the answer."""
    db.execute(
        "INSERT INTO provided VALUES (?,?,?,?,?,?,?)",
        (audit_id, caller, request_id, digest, subjects.secret, subjects.codes, subjects.results),
    )


def find(db: Connection, caller: str, request_id: str, digest: bytes) -> Before | None:
    """Audit row and subjects of a question that was answered before; REQUEST_ID_REUSED if it asked something else."""
    row = db.execute(
        "SELECT p.digest, p.audit_id, p.secret, p.codes, p.results, a.provision, a.real_time FROM provided p"
        " JOIN audit a ON a.id = p.audit_id WHERE p.caller = ? AND p.request_id = ?",
        (caller, request_id),
    ).fetchone()
    if row is None:
        return None
    if row[0] != digest:
        raise Refusal(Reason.REQUEST_ID_REUSED)
    return Before(int(row[1]), Subjects(*row[2:5]), row[5], row[6])


def subjects(db: Connection, audit_id: int) -> Subjects | None:
    """Who stands beside an audit row; None if it is no provision, or its period is over."""
    row = db.execute("SELECT secret, codes, results FROM provided WHERE audit_id = ?", (audit_id,)).fetchone()
    return Subjects(*row) if row else None


def entries(db: Connection, begin: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Virtual time and ProvisionEntry of what was provided from `begin` until before `end`, oldest first."""
    yield from db.execute(
        "SELECT virtual_time, provision FROM audit WHERE accepted = 1 AND provision <> x'' AND virtual_time >= ?"
        " AND virtual_time < ? ORDER BY id",
        (begin, end),
    )


def lookups(db: Connection, begin: int, end: int) -> Iterator[tuple[int, int, str, int, bytes, bytes]]:
    """Row, virtual time, 操作者ID, whether accepted, ProvisionEntry, and of whom if of one alone; oldest first."""
    yield from db.execute(
        "SELECT a.id, a.virtual_time, a.operator_id, a.accepted, a.provision,"
        f" CASE length(p.codes) WHEN {CODE} THEN p.codes ELSE x'' END FROM audit a"
        " LEFT JOIN provided p ON p.audit_id = a.id WHERE a.provision <> x'' AND a.virtual_time >= ?"
        " AND a.virtual_time < ? ORDER BY a.id",
        (begin, end),
    )


def of_person(db: Connection, codes: Collection[int]) -> Iterator[tuple[int, int]]:
    """Audit row and place in it of all that was provided about a person, under any of these codes, oldest first."""
    wanted = [code.to_bytes(CODE, "big") for code in codes]
    where = " OR ".join(["instr(codes, ?) > 0"] * len(wanted))
    for audit_id, packed in db.execute(f"SELECT audit_id, codes FROM provided WHERE {where} ORDER BY audit_id", wanted):
        for index in range(0, len(packed), CODE):
            if packed[index : index + CODE] in wanted:
                yield audit_id, index // CODE
