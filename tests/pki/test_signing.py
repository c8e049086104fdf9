from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import load_der_x509_certificate

from jukinet.pki.authority import Authority, Credential
from jukinet.pki.signing import Signer, sha256, verify_digest


@pytest.fixture(scope="module")
def credential(authority: Authority) -> Credential:
    return authority.issue("municipality/132152")


@pytest.fixture(scope="module")
def public_key(credential: Credential) -> ec.EllipticCurvePublicKey:
    key = load_der_x509_certificate(credential.certificate_der).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key


def test_signature_over_the_digest_is_accepted(credential: Credential, public_key: ec.EllipticCurvePublicKey) -> None:
    signer, digest = Signer(credential.key_pem, credential.certificate_der), sha256(b"header")
    assert digest == hashlib.sha256(b"header").digest()
    assert verify_digest(public_key, signer.sign_digest(digest), digest)
    assert signer.certificate_der == credential.certificate_der
    assert signer.certificate_hash == sha256(credential.certificate_der)


def test_anything_else_is_refused(
    authority: Authority, credential: Credential, public_key: ec.EllipticCurvePublicKey
) -> None:
    digest = sha256(b"header")
    signature = Signer(credential.key_pem, credential.certificate_der).sign_digest(digest)
    other = authority.issue("municipality/132161")
    assert not verify_digest(public_key, signature, sha256(b"heade"))
    assert not verify_digest(public_key, signature, digest[:-1])
    assert not verify_digest(public_key, signature, b"")
    assert not verify_digest(public_key, signature + b"\x00", digest)
    assert not verify_digest(public_key, signature[:-1] + bytes([signature[-1] ^ 1]), digest)
    assert not verify_digest(public_key, b"", digest)
    assert not verify_digest(public_key, Signer(other.key_pem, other.certificate_der).sign_digest(digest), digest)


def test_only_a_sha256_digest_is_signed(credential: Credential) -> None:
    with pytest.raises(ValueError, match="digest"):
        Signer(credential.key_pem, credential.certificate_der).sign_digest(b"the header itself, not its digest")


@pytest.mark.parametrize("key", [ec.generate_private_key(ec.SECP384R1()), ed25519.Ed25519PrivateKey.generate()])
def test_key_of_another_kind_is_refused(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> None:
    with pytest.raises(ValueError, match="not a P-256 key"):
        Signer(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), b"")
