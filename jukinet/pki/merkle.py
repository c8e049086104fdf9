"""The Merkle tree of a batch: RFC 6962 §2.1, with a random salt in every leaf.

A record can be proved without showing its neighbours: the audit path holds hashes only, and the salt keeps
anyone from guessing a neighbour's record out of its hash. A record that was deleted leaves its leaf hash behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

HASH_BYTES = 32
SALT_BYTES = 16

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(salt: bytes, record: bytes) -> bytes:
    """SHA-256 of 0x00, salt and record."""
    # A salt of another length would let bytes move between salt and record under the same hash.
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a leaf's salt has {SALT_BYTES} bytes, not {len(salt)}")
    return sha256(b"\x00" + salt + record).digest()


def plain_leaf_hash(data: bytes) -> bytes:
    """SHA-256 of 0x00 and the data, as RFC 6962 has it: for leaves that nobody could guess, or may read."""
    return sha256(b"\x00" + data).digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over the leaf hashes in their order.

    RFC 6962 splits at the largest power of two below the size. Pairing level by level and carrying the odd last
    node up unchanged builds the same tree without recursion.
    """
    if not leaf_hashes:
        return EMPTY_ROOT
    level = list(leaf_hashes)
    while len(level) > 1:
        level = _parents(level)
    return level[0]


def path(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of one leaf, bottom-up."""
    if not 0 <= index < len(leaf_hashes):
        raise ValueError(f"no leaf {index} in a tree of {len(leaf_hashes)}")
    siblings = []
    level = list(leaf_hashes)
    while len(level) > 1:
        if (index ^ 1) < len(level):
            siblings.append(level[index ^ 1])
        level = _parents(level)
        index >>= 1
    return siblings


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that a leaf hash at this index of a tree of this size leads to; ValueError if the path cannot fit."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    if any(len(hash_) != HASH_BYTES for hash_ in (leaf, *path)):
        raise ValueError(f"every hash of an audit path has {HASH_BYTES} bytes")
    node, width, used = leaf, size, 0
    while width > 1:
        if (index ^ 1) < width:
            if used == len(path):
                raise ValueError("the audit path is too short")
            pair = path[used] + node if index & 1 else node + path[used]
            node, used = sha256(b"\x01" + pair).digest(), used + 1
        index, width = index >> 1, (width + 1) >> 1
    if used != len(path):
        raise ValueError("the audit path is too long")
    return node


def verify(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf hash stands at this index of the tree with this size and root."""
    try:
        return root_from_path(leaf, index, size, path) == root
    except ValueError:
        return False


def _parents(level: list[bytes]) -> list[bytes]:
    parents = [sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]
    if len(level) & 1:
        parents.append(level[-1])
    return parents


@dataclass(frozen=True, slots=True)
class Part:
    """A subtree that a consistency proof names: leaves from `begin` until before `end`.

    It stands to the `left` of what was put together before it, or to its right; `old` parts make up the earlier root.
    """

    begin: int
    end: int
    left: bool
    old: bool


def consistency_layout(earlier: int, later: int) -> list[Part]:
    """Of which subtrees a consistency proof between two sizes consists, in the order they are put together.

    As `pymerkle` has them: all complete subtrees of the earlier tree stand in it, where RFC 6962 leaves some to derive.
    """
    if not 0 < earlier <= later:
        raise ValueError(f"no tree of {earlier} grows into one of {later}")
    begin, old, width, left = 0, earlier, later, False
    parts: list[Part] = []
    while old != width and (old, width) != (0, 1):
        split = 1 << ((width - 1).bit_length() - 1)
        if old < split:
            parts.append(Part(begin + split, begin + width, left=False, old=False))
            width, left = split, False
        else:
            parts.append(Part(begin, begin + split, left=True, old=True))
            begin, old, width, left = begin + split, old - split, width - split, True
    parts.append(Part(begin, begin + width, left=left, old=old == width))
    return parts[::-1]


def consistency(leaf_hashes: Sequence[bytes], earlier: int) -> list[bytes]:
    """The proof that the tree of the first leaves grew into the tree of all."""
    return [root(leaf_hashes[part.begin : part.end]) for part in consistency_layout(earlier, len(leaf_hashes))]


def verify_consistency(
    earlier: int, later: int, earlier_root: bytes, later_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the tree with the later root begins with all leaves of the tree with the earlier one."""
    if not 0 < earlier <= later:
        return earlier == 0
    layout = consistency_layout(earlier, later)
    if len(proof) != len(layout) or any(len(hash_) != HASH_BYTES for hash_ in proof):
        return False
    whole, old = b"", b""
    for part, hash_ in zip(layout, proof, strict=True):
        if part.old:
            old = _join(hash_, old) if old else hash_
        pair = (hash_, whole) if part.left else (whole, hash_)
        whole = _join(*pair) if whole else hash_
    return (old, whole) == (earlier_root, later_root)


def _join(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def told_consistency(earlier: int, later: int, proof: Sequence[bytes]) -> dict[str, Any]:
    """The proof as `pymerkle` reads it."""
    layout = consistency_layout(earlier, later)
    return {
        "type": "consistency",
        "metadata": {"algorithm": "sha256", "security": True, "size": later, "prior_size": earlier},
        "rule": [int(part.left) for part in [*layout[1:], Part(0, 0, left=False, old=False)]],
        "subset": [int(part.old) for part in layout],
        "path": [hash_.hex() for hash_ in proof],
    }


def told_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> dict[str, Any]:
    """The audit path of one leaf as `pymerkle` reads it."""
    rule, at, width = [], index, size
    while width > 1:
        if (at ^ 1) < width:
            rule.append(at & 1)
        at, width = at >> 1, (width + 1) >> 1
    return {
        "type": "inclusion",
        "metadata": {"algorithm": "sha256", "security": True, "size": size, "index": index + 1},
        "rule": [*rule, 0],
        "path": [hash_.hex() for hash_ in (leaf, *path)],
    }
