"""How numbers are made: codes by a keyed permutation, individual numbers by a keyed one-way conversion."""

from __future__ import annotations

import hmac
from functools import cache

from jukinet.model import areas
from jukinet.model.codes import individual_number_from, resident_code_from

SPACE = 10**10
"""Ten random digits (規則1条一号)."""
SHARE = 5_000_000
"""Codes that a municipality can ever be given; 2,000 shares fill the space."""
_HALF = 10**5
_ROUNDS = 8


def designated_code(seed: int, municipality: str, ordinal: int) -> str:
    """The `ordinal`-th code of a municipality: a keyed permutation of (seed, municipality, ordinal), without repeats.

    Independent of the order in which municipalities ask. LookupError for an unknown one.
    """
    position = _positions().get(municipality)
    if position is None or ordinal >= SHARE:
        raise LookupError("not a municipality, or its share of the codes is used up")
    return resident_code_from(_permuted(str(seed).encode(), position * SHARE + ordinal))


@cache
def _positions() -> dict[str, int]:
    """Whose share is which. Those of the past stand behind the others, whose codes must stay what they are."""
    listed = [sorted(area.code for area in group) for group in (areas.municipalities(), areas.past_municipalities())]
    return {code: position for position, code in enumerate([*listed[0], *listed[1]])}


def _permuted(key: bytes, index: int) -> int:
    """A Feistel network over two halves of five digits each: one to one on the whole space."""
    left, right = divmod(index, _HALF)
    for turn in range(_ROUNDS):
        digest = hmac.digest(key, b"%d/%d" % (turn, right), "sha256")
        left, right = right, (left + int.from_bytes(digest[:8], "big")) % _HALF
    return left * _HALF + right


def individual_number_candidate(key: bytes, code: str, attempt: int) -> str:
    """番号令8条: made from the code by a conversion that cannot be turned back; `attempt` counts collisions."""
    digest = hmac.digest(key, b"individual_number/%s/%d" % (code.encode(), attempt), "sha256")
    return individual_number_from(int.from_bytes(digest[:16], "big") % 10**11)
