"""What a node checks signers with: the root, and every certificate it has already found to hang from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from jukinet.pki.identity import URI_PREFIX, Identity

FaultReason = Literal["UNTRUSTED", "EXPIRED", "NOT_YET_VALID", "MALFORMED"]

# What cryptography raises over content that it cannot make sense of; most of it is read on first access only.
_UNREADABLE = (
    TypeError,
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.ExtensionNotFound,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


class CertificateFault(Exception):
    """Why a certificate does not count; the message names nobody."""

    def __init__(self, reason: FaultReason, message: str) -> None:
        super().__init__(message)
        self.reason: FaultReason = reason
        self.message = message


@dataclass(frozen=True, slots=True)
class SignerIdentity:
    """A signer whose certificate the root vouches for; both ends of the validity are inclusive, in UTC."""

    path: str
    serial: int
    public_key: ec.EllipticCurvePublicKey
    not_before: datetime
    not_after: datetime


class Keyring:
    """Knows the root, and remembers whom it vouched for. Threads may share one.

    Revocation is not looked at: that is the directory's (`Directory.revoked`).
    """

    def __init__(self, root: bytes) -> None:
        self._root = load_certificate(root)
        self.root_public_key = p256_key(self._root)
        self._known: dict[bytes, SignerIdentity] = {}

    def identify(self, certificate_der: bytes, at: datetime) -> SignerIdentity:
        """Who the certificate belongs to, if it was good at that instant of real time; CertificateFault otherwise."""
        if at.tzinfo is None:
            raise ValueError("the instant needs a time zone: certificates live in real time, UTC")
        # Only good certificates are remembered: rubbish sent by a stranger must not fill the memory.
        fingerprint = sha256(certificate_der).digest()
        signer = self._known.get(fingerprint)
        if signer is None:
            signer = self._known[fingerprint] = self._examine(certificate_der)
        begin = max(signer.not_before, self._root.not_valid_before_utc)
        end = min(signer.not_after, self._root.not_valid_after_utc)
        if at < begin:
            raise CertificateFault("NOT_YET_VALID", f"not valid before {begin:%Y-%m-%dT%H:%M:%SZ}")
        if at > end:
            raise CertificateFault("EXPIRED", f"not valid after {end:%Y-%m-%dT%H:%M:%SZ}")
        return signer

    def _examine(self, certificate_der: bytes) -> SignerIdentity:
        try:
            certificate = x509.load_der_x509_certificate(certificate_der)
            # The signature first: after it, everything that is read was written by the root.
            self.root_public_key.verify(
                certificate.signature, certificate.tbs_certificate_bytes, ec.ECDSA(hashes.SHA256())
            )
        except InvalidSignature as error:
            raise CertificateFault("UNTRUSTED", "not signed with the key of this network's root") from error
        except _UNREADABLE as error:
            raise CertificateFault("MALFORMED", "not a certificate") from error
        try:
            certificate.verify_directly_issued_by(self._root)
        except (InvalidSignature, *_UNREADABLE) as error:
            raise CertificateFault("UNTRUSTED", "issuer or algorithm is not that of this network's root") from error
        return _signer(certificate)


def parse_path(uris: Iterable[str]) -> str:
    """The path in a certificate's URIs; CertificateFault unless there is exactly one, ours and well-formed."""
    found = list(uris)
    if len(found) != 1:
        raise CertificateFault("MALFORMED", f"expected exactly one URI in the certificate, found {len(found)}")
    if not found[0].startswith(URI_PREFIX):
        raise CertificateFault("MALFORMED", f"the URI in the certificate is not under {URI_PREFIX}")
    try:
        return Identity.parse(found[0].removeprefix(URI_PREFIX)).path
    except ValueError as error:
        raise CertificateFault("MALFORMED", str(error)) from error


def load_certificate(data: bytes) -> x509.Certificate:
    """A certificate from PEM or DER; ValueError if it is neither."""
    if data.lstrip().startswith(b"-----BEGIN"):
        return x509.load_pem_x509_certificate(data)
    return x509.load_der_x509_certificate(data)


def p256_key(certificate: x509.Certificate) -> ec.EllipticCurvePublicKey:
    """The certificate's public key; ValueError if it is not ECDSA P-256."""
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("not a P-256 key: signatures of this network are ECDSA P-256")
    return key


def certificate_path(certificate: x509.Certificate) -> str:
    """The path in a certificate; CertificateFault if it carries none of ours."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except _UNREADABLE as error:
        raise CertificateFault("MALFORMED", "the certificate names nobody: it has no readable URI") from error
    return parse_path(names.get_values_for_type(x509.UniformResourceIdentifier))


def _signer(certificate: x509.Certificate) -> SignerIdentity:
    path = certificate_path(certificate)
    try:
        extensions = certificate.extensions
        if extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            raise CertificateFault("MALFORMED", "an authority's certificate does not sign messages")
        if not extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature:
            raise CertificateFault("MALFORMED", "the certificate is not for signatures")
        key = p256_key(certificate)
    except _UNREADABLE as error:
        raise CertificateFault("MALFORMED", "key or extensions of the certificate cannot be used") from error
    return SignerIdentity(
        path, certificate.serial_number, key, certificate.not_valid_before_utc, certificate.not_valid_after_utc
    )
