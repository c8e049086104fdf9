"""Digests of live records for 整合: computed from the stored bytes each time, so that a flipped byte shows.

Codes are a permutation of their space, so ranges of equal width hold about as many records each.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from math import isqrt

from jukinet.model.stream import Stream
from jukinet.store.database import Connection
from jukinet.store.projector import INDEX_BITS
from jukinet.v1 import relay_pb2

SIZE = 16
"""Bytes of a hash that travel."""
NONE = bytes(SIZE)
CODES = 10**11
MOST_BUCKETS = 65_536
EXPECTED_DIFFERENCES = 100

Row = tuple[int, int, bytes]
"""Code, 更新順番号, stored record."""
_KEY = struct.Struct(">QQ")


@dataclass(frozen=True, slots=True)
class Leaves:
    """Hashes of records in order of code."""

    codes: array[int]
    hashes: bytearray

    def __len__(self) -> int:
        return len(self.codes)

    def bucket(self, number: int, count: int) -> tuple[int, int]:
        """First and behind last index of a range."""
        low, high = bounds(number, count)
        return bisect_left(self.codes, low), bisect_left(self.codes, high)

    def of(self, begin: int, end: int) -> bytes:
        """The hashes of these, joined."""
        return bytes(self.hashes[begin * SIZE : end * SIZE])


def leaf(row: Row) -> bytes:
    """Hash of one record."""
    return sha256(_KEY.pack(row[0], row[1]) + row[2]).digest()[:SIZE]


def read(rows: Iterable[Row]) -> Leaves:
    """Hash rows that come in order of code."""
    codes, hashes = array("Q"), bytearray()
    pack = _KEY.pack
    for code, sequence, body in rows:
        codes.append(code)
        hashes += sha256(pack(code, sequence) + body).digest()[:SIZE]
    return Leaves(codes, hashes)


def bucket_count(records: int) -> int:
    """Into how many ranges: a power of two by which digests and hashes of some 100 differences weigh about the same."""
    return min(MOST_BUCKETS, 1 << max(0, isqrt(EXPECTED_DIFFERENCES * records).bit_length() - 1))


def bounds(number: int, count: int) -> tuple[int, int]:
    """Codes from, and below, that are in a range."""
    return -(-number * CODES // count), -(-(number + 1) * CODES // count)


def digests(leaves: Leaves, count: int) -> bytes:
    """One digest a range, joined."""
    found = bytearray()
    end = 0
    for number in range(count):
        begin, end = end, bisect_left(leaves.codes, bounds(number, count)[1], end)
        found += sha256(leaves.of(begin, end)).digest()[:SIZE] if end > begin else NONE
    return bytes(found)


def split(joined: bytes) -> list[bytes]:
    """The hashes of a joined text."""
    return [joined[at : at + SIZE] for at in range(0, len(joined), SIZE)]


def live_rows(db: Connection, area_code: str, low: int = 0, high: int = CODES) -> Iterable[Row]:
    """Live records of an upper tier about one area, in order of code."""
    return db.execute(
        "SELECT code, person_sequence, body FROM identification WHERE area_code = ? AND live = 1"
        " AND code >= ? AND code < ? ORDER BY code",
        (area_code, low, high),
    )


def mentioned(db: Connection, stream: Stream) -> set[int]:
    """住民票コード of all records of the stream that the journal keeps, of every epoch."""
    rows = db.execute(
        "SELECT payload FROM batch WHERE origin = ? AND kind = ? AND counterpart = ?",
        (stream.origin, stream.kind, stream.counterpart),
    )
    return {key >> INDEX_BITS for (payload,) in rows for key in relay_pb2.BatchPayload.FromString(payload).code_keys}
