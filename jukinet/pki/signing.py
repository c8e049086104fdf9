"""Signatures over a digest: ECDSA P-256 with SHA-256, DER encoded.

The caller hashes once and passes the digest on: hashing a full batch costs thirty times what signing it does.
`openssl dgst -sha256 -verify` accepts the result over the same bytes.
"""

from __future__ import annotations

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import load_pem_private_key

_DIGEST_BYTES = 32
_ECDSA = ec.ECDSA(utils.Prehashed(hashes.SHA256()))


def sha256(data: bytes) -> bytes:
    """The SHA-256 digest of data."""
    return hashlib.sha256(data).digest()


class Signer:
    """A private key together with the certificate that vouches for it.

    ValueError if the key is not ECDSA P-256. Threads may share one.
    """

    __slots__ = ("_key", "certificate_der", "certificate_hash")

    def __init__(self, key_pem: bytes, certificate_der: bytes) -> None:
        key = load_pem_private_key(key_pem, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
            raise ValueError("not a P-256 key: signatures of this network are ECDSA P-256")
        self._key = key
        self.certificate_der = certificate_der
        self.certificate_hash = sha256(certificate_der)

    def sign_digest(self, digest: bytes) -> bytes:
        """The signature over a SHA-256 digest, as DER."""
        return self._key.sign(digest, _ECDSA)


def verify_digest(public_key: ec.EllipticCurvePublicKey, signature: bytes, digest: bytes) -> bool:
    """Whether the signature over the SHA-256 digest was made with this public key's private half."""
    if len(digest) != _DIGEST_BYTES:
        return False
    try:
        public_key.verify(signature, digest, _ECDSA)
    except InvalidSignature:
        return False
    return True
