"""Sealing for one reader: ephemeral ECDH on P-256, HKDF-SHA256, AES-256-GCM. One changed byte opens nothing.

sealed = magic ‖ SHA-256 of the reader's certificate ‖ ephemeral public key (uncompressed point) ‖ ciphertext
"""

from __future__ import annotations

from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from jukinet.pki.keyring import p256_key

MAGIC = b"JUKISEAL1\n"
_POINT = 65
_HEAD = len(MAGIC) + 32 + _POINT
_NONCE = bytes(12)
"""Every seal has a key of its own, so the nonce need not differ."""


class SealFault(ValueError):
    """Not sealed for this reader, or no longer the bytes that were sealed."""


def seal(content: bytes, reader_certificate_der: bytes) -> bytes:
    """The content, for the holder of this certificate's key alone."""
    reader = p256_key(x509.load_der_x509_certificate(reader_certificate_der))
    ephemeral = ec.generate_private_key(ec.SECP256R1())
    point = ephemeral.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    head = MAGIC + sha256(reader_certificate_der).digest() + point
    return head + AESGCM(_key(ephemeral, reader, head)).encrypt(_NONCE, content, head)


def unseal(sealed: bytes, key_pem: bytes, certificate_der: bytes) -> bytes:
    """What was sealed for this certificate; SealFault if it was not, or has changed."""
    head, body = sealed[:_HEAD], sealed[_HEAD:]
    expected = MAGIC + sha256(certificate_der).digest()
    if len(head) != _HEAD or not head.startswith(expected):
        raise SealFault("not sealed for this reader")
    key = load_pem_private_key(key_pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SealFault("not a P-256 key")
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), head[len(expected) :])
        return AESGCM(_key(key, point, head)).decrypt(_NONCE, body, head)
    except (InvalidTag, ValueError) as error:
        raise SealFault("changed since it was sealed") from error


def _key(own: ec.EllipticCurvePrivateKey, other: ec.EllipticCurvePublicKey, head: bytes) -> bytes:
    shared = own.exchange(ec.ECDH(), other)
    return HKDF(hashes.SHA256(), 32, salt=None, info=head).derive(shared)
