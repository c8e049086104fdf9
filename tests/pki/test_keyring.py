from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import NameOID

from jukinet.pki.authority import ROOT_NAME, Authority
from jukinet.pki.keyring import CertificateFault, Keyring, parse_path
from jukinet.pki.signing import Signer, sha256, verify_digest

URI = "spiffe://jukinet.example/municipality/132152"


@pytest.fixture(scope="module")
def keyring(authority: Authority) -> Keyring:
    return Keyring(authority.root_der)


def reason(keyring: Keyring, certificate_der: bytes, at: datetime | None = None) -> str:
    with pytest.raises(CertificateFault) as caught:
        keyring.identify(certificate_der, at or datetime.now(UTC))
    assert "132152" not in caught.value.message, "a fault names nobody"
    return caught.value.reason


def handmade(
    authority: Authority,
    *uris: str,
    key: ec.EllipticCurvePrivateKey | None = None,
    issuer: str = ROOT_NAME,
    signing_key: ec.EllipticCurvePrivateKey | None = None,
    extensions: tuple[x509.ExtensionType, ...] = (),
) -> bytes:
    """A certificate that `issue` would never make, signed with the authority's own key unless told otherwise."""
    names = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(uri) for uri in uris])
    key = key or ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(minutes=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
    )
    for extension in (*extensions, *([names] if uris else [])):
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(signing_key or authority._key, hashes.SHA256()).public_bytes(Encoding.DER)


def usage(digital_signature: bool = True) -> x509.KeyUsage:
    return x509.KeyUsage(digital_signature, False, False, not digital_signature, False, False, False, False, False)


LEAF = (x509.BasicConstraints(ca=False, path_length=None), usage())


def test_leaf_of_the_root_is_identified(authority: Authority, keyring: Keyring) -> None:
    credential = authority.issue("municipality/132152")
    signer = keyring.identify(credential.certificate_der, datetime.now(UTC))
    assert (signer.path, signer.serial) == ("municipality/132152", credential.serial)
    assert signer.not_after - signer.not_before == timedelta(days=7, minutes=5)
    signature = Signer(credential.key_pem, credential.certificate_der).sign_digest(sha256(b"x"))
    assert verify_digest(signer.public_key, signature, sha256(b"x"))
    assert keyring.identify(credential.certificate_der, datetime.now(UTC)) is signer
    assert Keyring(authority.root_pem).identify(credential.certificate_der, datetime.now(UTC)) == signer


def test_handmade_leaf_with_everything_in_order_is_identified(authority: Authority, keyring: Keyring) -> None:
    certificate = handmade(authority, URI, extensions=LEAF)
    assert keyring.identify(certificate, datetime.now(UTC)).path == "municipality/132152"


def test_foreign_authority_with_the_same_name_is_untrusted(foreign: Authority, keyring: Keyring) -> None:
    assert reason(keyring, foreign.issue("municipality/132152").certificate_der) == "UNTRUSTED"


def test_authority_with_another_name_is_untrusted(authority: Authority, keyring: Keyring) -> None:
    assert reason(keyring, handmade(authority, URI, issuer="another", extensions=LEAF)) == "UNTRUSTED"


def test_leaf_that_plays_authority_is_untrusted(authority: Authority, keyring: Keyring) -> None:
    credential = authority.issue("municipality/132152")
    leaf_key = load_pem_private_key(credential.key_pem, None)
    assert isinstance(leaf_key, ec.EllipticCurvePrivateKey)
    for issuer in (ROOT_NAME, "SIMULATION municipality/132152"):
        made = handmade(authority, URI, issuer=issuer, signing_key=leaf_key, extensions=LEAF)
        assert reason(keyring, made) == "UNTRUSTED"


def test_validity_is_judged_at_the_instant_asked_also_when_remembered(authority: Authority, keyring: Keyring) -> None:
    begin = (datetime.now(UTC) - timedelta(days=20)).replace(microsecond=0)
    certificate = authority.issue("municipality/132152", not_before=begin).certificate_der
    second, end = timedelta(seconds=1), begin + timedelta(days=7)
    for _ in range(2):
        assert keyring.identify(certificate, begin).not_before == begin
        assert keyring.identify(certificate, end).not_after == end
        assert reason(keyring, certificate, begin - second) == "NOT_YET_VALID"
        assert reason(keyring, certificate, end + second) == "EXPIRED"
        assert reason(keyring, certificate) == "EXPIRED"


def test_certificate_of_tomorrow_is_not_yet_valid(authority: Authority, keyring: Keyring) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    certificate = authority.issue("jlis/center", not_before=tomorrow).certificate_der
    assert reason(keyring, certificate) == "NOT_YET_VALID"


def test_certificate_does_not_outlive_the_root(authority: Authority, keyring: Keyring) -> None:
    certificate = authority.issue("jlis/center", days=5000).certificate_der
    assert reason(keyring, certificate, datetime.now(UTC) + timedelta(days=4000)) == "EXPIRED"


def test_instant_without_zone_is_a_mistake(authority: Authority, keyring: Keyring) -> None:
    certificate = authority.issue("jlis/center").certificate_der
    with pytest.raises(ValueError, match="time zone"):
        keyring.identify(certificate, datetime(2030, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("uris", "extensions"),
    [
        pytest.param((), LEAF, id="no URI"),
        pytest.param((URI, URI), LEAF, id="two URIs"),
        pytest.param(("spiffe://elsewhere.example/municipality/132152",), LEAF, id="wrong trust domain"),
        pytest.param(("spiffe://jukinet.example/mayor/132152",), LEAF, id="unknown kind"),
        pytest.param(("spiffe://jukinet.example/municipality/13215",), LEAF, id="area code of five digits"),
        pytest.param((URI,), (), id="no constraints and no usage"),
        pytest.param((URI,), (LEAF[0], usage(digital_signature=False)), id="not for signatures"),
        pytest.param((URI,), (x509.BasicConstraints(ca=True, path_length=None), usage()), id="an authority"),
    ],
)
def test_certificate_that_the_root_should_not_have_signed_is_malformed(
    authority: Authority, keyring: Keyring, uris: tuple[str, ...], extensions: tuple[x509.ExtensionType, ...]
) -> None:
    assert reason(keyring, handmade(authority, *uris, extensions=extensions)) == "MALFORMED"


def test_key_on_another_curve_is_malformed(authority: Authority, keyring: Keyring) -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    assert reason(keyring, handmade(authority, URI, key=key, extensions=LEAF)) == "MALFORMED"


def test_root_itself_signs_no_messages(authority: Authority, keyring: Keyring) -> None:
    assert reason(keyring, authority.root_der) == "MALFORMED"


def test_rubbish_is_malformed(authority: Authority, keyring: Keyring) -> None:
    certificate = authority.issue("municipality/132152")
    assert reason(keyring, b"") == "MALFORMED"
    assert reason(keyring, certificate.certificate_der + b"\x00") == "MALFORMED"
    assert reason(keyring, certificate.certificate_pem) == "MALFORMED"


def test_no_changed_byte_makes_somebody_else(authority: Authority, keyring: Keyring) -> None:
    certificate = authority.issue("municipality/132152").certificate_der
    good, refused = keyring.identify(certificate, datetime.now(UTC)), 0
    for position in range(len(certificate)):
        changed = bytearray(certificate)
        changed[position] ^= 0x01
        try:
            # One byte outside what is signed, the count of unused bits before the signature, has two readings.
            assert keyring.identify(bytes(changed), datetime.now(UTC)) == good
        except CertificateFault:
            refused += 1
    assert refused >= len(certificate) - 1


def test_path_comes_from_exactly_one_uri() -> None:
    assert parse_path([URI]) == "municipality/132152"
    assert parse_path(iter(["spiffe://jukinet.example/operator/132152/c01"])) == "operator/132152/c01"


@pytest.mark.parametrize(
    "uris",
    [
        [],
        [URI, URI],
        [URI, "https://jukinet.example/"],
        ["https://jukinet.example/municipality/132152"],
        ["spiffe://jukinet.example.evil/municipality/132152"],
        ["SPIFFE://jukinet.example/municipality/132152"],
        ["spiffe://jukinet.example/"],
        ["spiffe://jukinet.example/municipality/132152?x"],
    ],
)
def test_other_uris_give_no_path(uris: list[str]) -> None:
    with pytest.raises(CertificateFault) as caught:
        parse_path(uris)
    assert caught.value.reason == "MALFORMED"
