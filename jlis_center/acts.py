"""What J-LIS does when a municipality asks."""

from __future__ import annotations

import os
from collections.abc import Sequence

from jlis_center import store
from jlis_center.conversion import designated_code, individual_number_candidate
from jukinet.law import correction, numbering
from jukinet.model.codes import resident_code_is_valid
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from jukinet.store import settings
from jukinet.store.database import Connection

KEY = "individual_number_key"


def designate_codes(db: Connection, seed: int, municipality: str, count: int) -> list[str]:
    """住民票コードの指定 (法30条の2第1項, 規則9条): codes that nobody was given before."""
    decision = numbering.designate_codes(count)
    if not decision.allowed:
        raise Refusal(decision.reason or Reason.FIELD_OUT_OF_RANGE, **dict(decision.facts))
    first = store.designated(db, municipality)
    codes = [designated_code(seed, municipality, first + offset) for offset in range(count)]
    store.designate(db, municipality, first, [int(code) for code in codes])
    return codes


def generate_individual_numbers(db: Connection, codes: Sequence[str]) -> list[str]:
    """個人番号とすべき番号の生成 (番号法8条第2項): same code, same number; none is given twice."""
    decision = numbering.generate_individual_numbers(len(codes))
    if not decision.allowed:
        raise Refusal(decision.reason or Reason.FIELD_OUT_OF_RANGE, **dict(decision.facts))
    key = conversion_key(db)
    return [_number(db, key, code) for code in codes]


def change_individual_numbers(db: Connection, codes: Sequence[str]) -> list[str]:
    """従前の個人番号に代わる番号 (番号法7条第2項, 8条第2項): the old one stays taken for ever (番号令8条三号)."""
    decision = correction.change_individual_numbers(len(codes), len(set(codes)))
    if not decision.allowed:
        raise Refusal(decision.reason or Reason.FIELD_OUT_OF_RANGE, **dict(decision.facts))
    key = conversion_key(db)
    for code in codes:
        if resident_code_is_valid(code):
            store.retire_number(db, int(code))
    return [_number(db, key, code) for code in codes]


def _number(db: Connection, key: bytes, code: str) -> str:
    if not resident_code_is_valid(code):
        raise Refusal(Reason.CHECK_DIGIT_WRONG, field="resident_codes")
    if not store.is_designated(db, int(code)):
        raise Refusal(Reason.CODE_NOT_DESIGNATED)
    known = store.number_of(db, int(code))
    if known is not None:
        return f"{known:012d}"
    attempt = 0
    while True:
        number = individual_number_candidate(key, code, attempt)
        if store.claim_number(db, int(number), int(code)):
            return number
        attempt += 1


def conversion_key(db: Connection) -> bytes:
    """The key of the conversion, made at first use; it never leaves this file."""
    kept = settings.find(db, KEY)
    if not kept:
        kept = os.urandom(32).hex()
        settings.put(db, KEY, kept)
    return bytes.fromhex(kept)
