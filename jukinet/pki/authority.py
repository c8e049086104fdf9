"""The simulation's certificate authority: a root for ten years, leaves for a week.

authority = Authority.open(folder)
authority.issue("municipality/132152").write(folder, "m132152")
credential = Credential.load(folder, "m132152")
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from jukinet.pki import files
from jukinet.pki.identity import Identity, dns_name
from jukinet.pki.keyring import certificate_path

__all__ = ["Authority", "Credential", "dns_name"]

ROOT_NAME = "SIMULATION Juki-net root"
ROOT_DAYS = 3652
CRL_DAYS = 10

_BACKDATED = timedelta(minutes=5)  # another machine's clock may be a little behind
# The root reaches back further, so that a drill can hand out a leaf that is over and in order otherwise.
_ROOT_BACKDATED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Credential:
    """A certificate and its private key."""

    key_pem: bytes = field(repr=False)
    certificate_pem: bytes
    certificate_der: bytes = field(repr=False)
    serial: int
    path: str

    def write(self, folder: Path, name: str) -> None:
        """Write `{name}.key` (readable by its owner only) and `{name}.pem`."""
        # Not synced: a credential that a power cut took is simply issued again.
        files.replace(folder / f"{name}.key", self.key_pem, mode=0o600)
        files.replace(folder / f"{name}.pem", self.certificate_pem)

    @classmethod
    def load(cls, folder: Path, name: str) -> Credential:
        """Read what `write` wrote; ValueError if the two files do not belong together.

        That happens when a renewal is interrupted between them, or under way: try again, then issue again.
        """
        key_pem, certificate_pem = (folder / f"{name}.key").read_bytes(), (folder / f"{name}.pem").read_bytes()
        certificate = x509.load_pem_x509_certificate(certificate_pem)
        if _private_key(key_pem).public_key() != certificate.public_key():
            raise ValueError(f"{name}.key and {name}.pem do not belong together: issue the credential again")
        return cls._of(key_pem, certificate)

    @classmethod
    def _of(cls, key_pem: bytes, certificate: x509.Certificate) -> Credential:
        return cls(
            key_pem=key_pem,
            certificate_pem=certificate.public_bytes(Encoding.PEM),
            certificate_der=certificate.public_bytes(Encoding.DER),
            serial=certificate.serial_number,
            path=certificate_path(certificate),
        )


class Authority:
    """The root key and its certificate. Threads may share one."""

    __slots__ = ("_certificate", "_key", "root_der", "root_pem")

    def __init__(self, key_pem: bytes, root_pem: bytes) -> None:
        self._key = _private_key(key_pem)
        self._certificate = x509.load_pem_x509_certificate(root_pem)
        if self._key.public_key() != self._certificate.public_key():
            raise ValueError("root.key and root.pem do not belong together: remove both to begin a new network")
        self.root_pem = root_pem
        self.root_der = self._certificate.public_bytes(Encoding.DER)

    @classmethod
    def open(cls, folder: Path) -> Authority:
        """Load `root.key` and `root.pem`, or create them at first use.

        Two processes may open one folder at once: they end up with the same root.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key_path, root_path = folder / "root.key", folder / "root.pem"
        if not key_path.exists():
            if root_path.exists():
                raise ValueError("root.pem is there without root.key: remove it to begin a new network")
            files.create_or_read(key_path, _key_pem(ec.generate_private_key(ec.SECP256R1())), mode=0o600)
        key_pem = key_path.read_bytes()
        if not root_path.exists():
            files.create_or_read(root_path, _root_certificate(_private_key(key_pem)).public_bytes(Encoding.PEM))
        return cls(key_pem, root_path.read_bytes())

    def issue(
        self,
        spiffe_path: str,
        *,
        days: float = 7,
        not_before: datetime | None = None,
        dns_names: Sequence[str] = (),
    ) -> Credential:
        """A new key and certificate for a path such as `municipality/132152`; ValueError if the path is malformed.

        `not_before` is real time with its zone, and `days` counts from it; by default `days` counts from now, and
        the certificate is back-dated five minutes. `dns_names` come on top of a node's own name; an IP address among
        them is entered as one.
        """
        holder = Identity.parse(spiffe_path)
        start = not_before or datetime.now(UTC)
        if start.tzinfo is None:
            raise ValueError("not_before needs a time zone: certificates live in real time, UTC")
        key = ec.generate_private_key(ec.SECP256R1())
        usages = [ExtendedKeyUsageOID.CLIENT_AUTH]
        names: list[x509.GeneralName] = [x509.UniformResourceIdentifier(holder.uri)]
        if holder.is_node:
            usages.append(ExtendedKeyUsageOID.SERVER_AUTH)
            names.append(x509.DNSName(dns_name(holder.path)))
        names += [_general_name(name) for name in dns_names]
        certificate = (
            x509.CertificateBuilder()
            .subject_name(_name(f"SIMULATION {holder.path}"))
            .issuer_name(self._certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start if not_before else start - _BACKDATED)
            .not_valid_after(start + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(digital_signature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(self._authority_key_identifier(), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        return Credential._of(_key_pem(key), certificate)

    def sign(self, data: bytes) -> bytes:
        """The root's signature over data: ECDSA P-256 with SHA-256, DER."""
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))

    def revocation_list(self, serials: Mapping[int, datetime]) -> bytes:
        """A certificate revocation list in PEM over serial numbers and when each was revoked; good for ten days."""
        now = datetime.now(UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._certificate.subject)
            .last_update(now)
            .next_update(now + timedelta(days=CRL_DAYS))
            .add_extension(x509.CRLNumber(int(now.timestamp() * 1_000_000)), critical=False)
            .add_extension(self._authority_key_identifier(), critical=False)
        )
        for serial, revoked_at in sorted(serials.items()):
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(revoked_at).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM)

    def _authority_key_identifier(self) -> x509.AuthorityKeyIdentifier:
        return x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())


def _root_certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(ROOT_NAME))
        .issuer_name(_name(ROOT_NAME))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _ROOT_BACKDATED)
        .not_valid_after(now + timedelta(days=ROOT_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(digital_signature=True, authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _key_usage(*, digital_signature: bool, authority: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _private_key(key_pem: bytes) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(key_pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("not a P-256 key: this network uses ECDSA P-256 only")
    return key
