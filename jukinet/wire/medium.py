"""Parts of a 磁気媒体: written, signed and sealed by one, opened and checked by the other."""

from __future__ import annotations

from datetime import datetime

from google.protobuf.message import DecodeError

from jukinet.pki.authority import Credential
from jukinet.pki.keyring import CertificateFault, Keyring, SignerIdentity
from jukinet.pki.sealing import SealFault, seal, unseal
from jukinet.pki.signing import Signer, sha256, verify_digest
from jukinet.v1 import medium_pb2


class MediumFault(ValueError):
    """A part that cannot be used, and why."""


def write(part: medium_pb2.MediumPart, signer: Signer, reader_certificate_der: bytes) -> bytes:
    """The part as it stands on the medium."""
    content = part.SerializeToString(deterministic=True)
    signed = medium_pb2.SignedPart(
        content=content, signature=signer.sign_digest(sha256(content)), certificate=signer.certificate_der
    )
    return seal(signed.SerializeToString(), reader_certificate_der)


def read(
    sealed: bytes, own: Credential, keyring: Keyring, at: datetime
) -> tuple[medium_pb2.MediumPart, SignerIdentity, bytes]:
    """The part, who signed it, and that one's certificate; MediumFault if it is not for us or not what was written."""
    try:
        signed = medium_pb2.SignedPart.FromString(unseal(sealed, own.key_pem, own.certificate_der))
        signer = keyring.identify(signed.certificate, at)
        part = medium_pb2.MediumPart.FromString(signed.content)
    except (SealFault, CertificateFault, DecodeError, ValueError) as error:
        raise MediumFault(str(error)) from error
    if not verify_digest(signer.public_key, signed.signature, sha256(signed.content)):
        raise MediumFault("the signature does not fit")
    if part.reader != own.path:
        raise MediumFault("the medium is for somebody else")
    return part, signer, signed.certificate
