from __future__ import annotations

import subprocess
import sys
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet.pki import merkle

# Salts make the leaves of a real tree distinct; among equal leaves an index cannot be told from another.
LEAVES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70, unique=True)

# The tree of the Certificate Transparency reference implementation.
CT_INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
CT_ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def rfc_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + rfc_root(leaves[:k]) + rfc_root(leaves[k:])).digest()


def rfc_path(leaves: list[bytes], index: int) -> list[bytes]:
    """RFC 6962 §2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if index < k:
        return [*rfc_path(leaves[:k], index), rfc_root(leaves[k:])]
    return [*rfc_path(leaves[k:], index - k), rfc_root(leaves[:k])]


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@pytest.mark.parametrize(("size", "expected"), CT_ROOTS.items())
def test_root_is_the_one_of_certificate_transparency(size: int, expected: str) -> None:
    leaves = [sha256(b"\x00" + bytes.fromhex(text)).digest() for text in CT_INPUTS[:size]]
    assert merkle.root(leaves).hex() == expected


def test_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert merkle.root([]) == sha256(b"").digest()


@given(LEAVES)
def test_root_is_the_one_the_rfc_defines(leaves: list[bytes]) -> None:
    assert merkle.root(leaves) == rfc_root(leaves)


@given(LEAVES, st.data())
def test_path_is_the_one_the_rfc_defines_and_leads_to_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = merkle.path(leaves, index)
    assert path == rfc_path(leaves, index)
    assert merkle.root_from_path(leaves[index], index, len(leaves), path) == merkle.root(leaves)
    assert merkle.verify(leaves[index], index, len(leaves), path, merkle.root(leaves))


@given(LEAVES, st.data())
def test_any_change_of_leaf_index_or_path_fails(leaves: list[bytes], data: st.DataObject) -> None:
    size, root = len(leaves), merkle.root(leaves)
    index = data.draw(st.integers(0, size - 1))
    leaf, path = leaves[index], merkle.path(leaves, index)
    bit = data.draw(st.integers(0, 255))
    assert not merkle.verify(flipped(leaf, bit), index, size, path, root)
    assert not merkle.verify(leaf, index, size, path, flipped(root, bit))
    for other in {*range(-1, size + 1)} - {index}:
        assert not merkle.verify(leaf, other, size, path, root)
    for step in range(len(path)):
        assert not merkle.verify(leaf, index, size, [*path[:step], flipped(path[step], bit), *path[step + 1 :]], root)
        assert not merkle.verify(leaf, index, size, path[:step] + path[step + 1 :], root)
    assert not merkle.verify(leaf, index, size, [*path, leaf], root)
    assert not merkle.verify(leaf, index, size, [hash_ + b"\x00" for hash_ in path] or [b""], root)


@given(LEAVES, st.binary(min_size=32, max_size=32))
def test_any_change_of_the_leaves_changes_the_root(leaves: list[bytes], extra: bytes) -> None:
    root = merkle.root(leaves)
    assert merkle.root([*leaves, extra]) != root
    assert merkle.root(leaves[:-1]) != root
    if len(leaves) > 1:
        assert merkle.root([leaves[1], leaves[0], *leaves[2:]]) != root


def test_leaf_hash_covers_salt_and_record_under_its_own_prefix() -> None:
    salt = bytes(range(16))
    assert merkle.leaf_hash(salt, b"record") == sha256(b"\x00" + salt + b"record").digest()
    assert merkle.leaf_hash(salt, b"record") != merkle.leaf_hash(bytes(16), b"record")


@pytest.mark.parametrize("length", [0, 15, 17])
def test_salt_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        merkle.leaf_hash(bytes(length), b"record")


@pytest.mark.parametrize("index", [-1, 3])
def test_path_of_a_leaf_that_is_not_there_is_refused(index: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        merkle.path([bytes(32)] * 3, index)


def test_merkle_and_signing_stay_clear_of_x509() -> None:
    code = "import sys, jukinet.pki.merkle, jukinet.pki.signing; sys.exit('cryptography.x509' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=30).returncode == 0
