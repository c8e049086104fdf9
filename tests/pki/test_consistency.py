"""Consistency of trees: ours against a library that knows nothing of us, for every pair of small sizes."""

from __future__ import annotations

import pytest
from pymerkle import InmemoryTree, verify_consistency
from pymerkle.proof import MerkleProof

from jukinet.pki import merkle

DATA = [bytes([number]) * 3 for number in range(40)]
LEAVES = [merkle.plain_leaf_hash(data) for data in DATA]


@pytest.mark.parametrize("later", range(1, 41, 3))
def test_a_proof_is_what_pymerkle_makes_and_takes(later: int) -> None:
    tree = InmemoryTree(algorithm="sha256")
    for data in DATA[:later]:
        tree.append_entry(data)
    after = merkle.root(LEAVES[:later])
    assert tree.get_root() == after
    for earlier in range(1, later + 1):
        before, proof = merkle.root(LEAVES[:earlier]), merkle.consistency(LEAVES[:later], earlier)
        assert merkle.verify_consistency(earlier, later, before, after, proof)
        told = merkle.told_consistency(earlier, later, proof)
        verify_consistency(before, after, MerkleProof.deserialize(told), earlier, later)
        if earlier < later:
            assert not merkle.verify_consistency(earlier, later, after, after, proof)
        assert not merkle.verify_consistency(earlier, later, before, after, [*proof[:-1], b"\0" * 32])
        assert not merkle.verify_consistency(earlier, later, before, after, proof[:-1])


def test_another_past_is_no_prefix() -> None:
    other = [merkle.plain_leaf_hash(b"another"), *LEAVES[1:5]]
    proof = merkle.consistency(LEAVES[:9], 5)
    assert not merkle.verify_consistency(5, 9, merkle.root(other), merkle.root(LEAVES[:9]), proof)
