"""回復: which codes and numbers were ever given, from what J-LIS had said to whom; none is given twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from google.protobuf.message import DecodeError

from jlis_center import store
from jlis_center.conversion import designated_code
from jukinet.model.codes import individual_number_is_valid, resident_code_is_valid
from jukinet.store.database import Connection
from jukinet.v1 import identification_pb2, numbering_pb2, relay_pb2

M = TypeVar("M")
CODES = int(relay_pb2.STREAM_KIND_CODE_DESIGNATION)
NUMBERS = (int(relay_pb2.STREAM_KIND_NUMBER_DESIGNATION), int(relay_pb2.STREAM_KIND_NUMBER_CHANGE))
IDENTIFICATION = int(relay_pb2.STREAM_KIND_IDENTIFICATION)


def rebuild_designations(db: Connection, seed: int) -> None:
    """As many codes as each municipality was ever told of: the n-th is made of its place, also where it is erased."""
    told: Counter[tuple[str, int]] = Counter()
    for municipality, epoch, last_number in store.said(db, CODES):
        told[municipality, epoch] = max(told[municipality, epoch], last_number)
    given: Counter[str] = Counter()
    for (municipality, _), count in told.items():
        given[municipality] += count
    for municipality, count in given.items():
        known = store.designated(db, municipality)
        for ordinal in range(known, count):
            store.designate(db, municipality, ordinal, [int(designated_code(seed, municipality, ordinal))])


def rebuild_numbers(db: Connection) -> None:
    """Each number that was said, in the order of saying, then those that only 本人確認情報 still tell of."""
    for payload in store.said_payloads(db, NUMBERS):
        for one in _read(payload, numbering_pb2.NumberDesignation.FromString):
            if _are_valid(one.resident_code, one.individual_number):
                store.keep_number(db, int(one.individual_number), int(one.resident_code), current=True)
    for payload in store.heard_payloads(db, IDENTIFICATION):
        for notice in _read(payload, identification_pb2.IdentificationRecord.FromString):
            person, former = notice.identification, notice.change.former_individual_number
            for number in filter(None, (person.individual_number, former)):
                if _are_valid(person.resident_code, number):
                    store.keep_number(db, int(number), int(person.resident_code), current=False)


def _read(payload: bytes, read: Callable[[bytes], M]) -> Sequence[M]:
    """Its records, but for those that were erased; none where the payload cannot be read."""
    try:
        return [read(raw) for raw in relay_pb2.BatchPayload.FromString(payload).records if raw]
    except DecodeError:
        return ()


def _are_valid(code: str, number: str) -> bool:
    return resident_code_is_valid(code) and individual_number_is_valid(number)
