from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from shutil import which
from typing import Any

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID as Usage
from cryptography.x509.oid import NameOID

from jukinet.pki.authority import Authority, Credential, dns_name
from jukinet.pki.keyring import CertificateFault, Keyring, parse_path

NODES = ["municipality/132152", "prefecture/130001", "jlis/center"]
OTHERS = ["office/nenkin", "operator/132152/c01", "console/main"]


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def subject(certificate: x509.Certificate) -> str | bytes:
    return certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value


# The root


def test_root_is_created_once_and_loaded_afterwards(folder: Path) -> None:
    first, second = Authority.open(folder / "new" / "pki"), Authority.open(folder / "new" / "pki")
    assert first.root_pem == second.root_pem
    assert first.root_der == second.root_der
    certificate = Keyring(second.root_pem)
    assert certificate.identify(first.issue("jlis/center").certificate_der, datetime.now(UTC)).path == "jlis/center"
    assert mode(folder / "new" / "pki" / "root.key") == 0o600
    assert sorted(path.name for path in (folder / "new" / "pki").iterdir()) == ["root.key", "root.pem"]


def test_root_says_what_it_is(authority: Authority) -> None:
    root = x509.load_pem_x509_certificate(authority.root_pem)
    assert subject(root) == "SIMULATION Juki-net root"
    assert timedelta(days=3650) < root.not_valid_after_utc - datetime.now(UTC) < timedelta(days=3660)
    constraints = root.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (constraints.critical, constraints.value.ca) == (True, True)
    usage = root.extensions.get_extension_for_class(x509.KeyUsage)
    assert (usage.critical, usage.value.key_cert_sign, usage.value.crl_sign) == (True, True, True)


def test_everybody_who_opens_an_empty_folder_at_once_gets_the_same_root(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        roots = {authority.root_pem for authority in pool.map(lambda _: Authority.open(folder), range(16))}
    assert len(roots) == 1
    assert len(list(folder.iterdir())) == 2


def test_interrupted_creation_is_finished_with_the_same_key(folder: Path) -> None:
    before = Authority.open(folder).issue("jlis/center")
    (folder / "root.pem").unlink()
    keyring = Keyring(Authority.open(folder).root_pem)
    assert keyring.identify(before.certificate_der, datetime.now(UTC)).path == "jlis/center"


def test_root_and_key_that_do_not_belong_together_are_refused(folder: Path, foreign: Authority) -> None:
    Authority.open(folder)
    (folder / "root.pem").write_bytes(foreign.root_pem)
    with pytest.raises(ValueError, match="do not belong together"):
        Authority.open(folder)
    (folder / "root.key").unlink()
    with pytest.raises(ValueError, match=r"without root\.key"):
        Authority.open(folder)


def test_root_signs_and_its_public_key_verifies(authority: Authority) -> None:
    Keyring(authority.root_pem).root_public_key.verify(authority.sign(b"data"), b"data", ec.ECDSA(hashes.SHA256()))


# Leaves


@pytest.mark.parametrize("path", NODES + OTHERS)
def test_leaf_carries_name_uri_and_purposes(authority: Authority, path: str) -> None:
    credential = authority.issue(path)
    certificate = x509.load_der_x509_certificate(credential.certificate_der)
    assert x509.load_pem_x509_certificate(credential.certificate_pem) == certificate
    assert (credential.path, credential.serial) == (path, certificate.serial_number)
    assert subject(certificate) == f"SIMULATION {path}"
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.UniformResourceIdentifier) == [f"spiffe://jukinet.example/{path}"]
    assert names.get_values_for_type(x509.DNSName) == ([dns_name(path)] if path in NODES else [])
    purposes = set(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    assert purposes == ({Usage.CLIENT_AUTH, Usage.SERVER_AUTH} if path in NODES else {Usage.CLIENT_AUTH})
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_leaf_lives_a_week_from_now_and_is_back_dated_a_little(authority: Authority) -> None:
    certificate = x509.load_der_x509_certificate(authority.issue("jlis/center").certificate_der)
    now, slack = datetime.now(UTC), timedelta(seconds=10)
    assert abs(certificate.not_valid_before_utc - (now - timedelta(minutes=5))) < slack
    assert abs(certificate.not_valid_after_utc - (now + timedelta(days=7))) < slack


def test_further_names_and_addresses_are_entered(authority: Authority) -> None:
    credential = authority.issue("jlis/center", dns_names=["localhost", "127.0.0.1"])
    extensions = x509.load_der_x509_certificate(credential.certificate_der).extensions
    names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["jlis.jukinet.example", "localhost"]
    assert names.get_values_for_type(x509.IPAddress) == [ip_address("127.0.0.1")]


def test_every_issue_has_its_own_key_and_serial(authority: Authority) -> None:
    first, second = authority.issue("jlis/center"), authority.issue("jlis/center")
    assert first.serial != second.serial
    assert first.key_pem != second.key_pem
    assert "PRIVATE KEY" not in repr(first)


def test_longest_path_fits_into_the_common_name(authority: Authority) -> None:
    path = "operator/132152/" + "x" * 32
    assert authority.issue(path).path == path


@pytest.mark.parametrize("path", ["municipality/13215", "mayor/132152", "directory/signer", ""])
def test_malformed_path_gets_no_certificate(authority: Authority, path: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        authority.issue(path)


def test_not_before_without_zone_and_empty_validity_are_refused(authority: Authority) -> None:
    with pytest.raises(ValueError, match="time zone"):
        authority.issue("jlis/center", not_before=datetime(2030, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="after"):
        authority.issue("jlis/center", not_before=datetime.now(UTC), days=-1)


def test_credential_is_written_and_loaded(authority: Authority, folder: Path) -> None:
    credential = authority.issue("prefecture/130001")
    credential.write(folder, "p130001")
    assert Credential.load(folder, "p130001") == credential
    assert mode(folder / "p130001.key") == 0o600
    assert sorted(path.name for path in folder.iterdir()) == ["p130001.key", "p130001.pem"]


def test_credential_with_another_key_is_refused(authority: Authority, folder: Path) -> None:
    authority.issue("prefecture/130001").write(folder, "p130001")
    (folder / "p130001.key").write_bytes(authority.issue("prefecture/130001").key_pem)
    with pytest.raises(ValueError, match="do not belong together"):
        Credential.load(folder, "p130001")


def test_certificate_that_names_nobody_is_no_credential(authority: Authority, folder: Path) -> None:
    (folder / "root.key").write_bytes(authority.issue("jlis/center").key_pem)
    opened = Authority.open(folder)
    with pytest.raises(CertificateFault):
        Credential.load(folder, "root")
    assert opened.root_pem


# Judged by others


@pytest.fixture
def openssl(folder: Path, authority: Authority) -> Callable[..., subprocess.CompletedProcess[str]]:
    program = which("openssl")
    if program is None:
        pytest.skip("openssl is not on PATH")
    (folder / "ca.pem").write_bytes(authority.root_pem)

    def verify(*options: str) -> subprocess.CompletedProcess[str]:
        command = [program, "verify", "-x509_strict", "-CAfile", "ca.pem", *options, "leaf.pem"]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=30, check=False)

    return verify


@pytest.mark.parametrize("path", NODES + OTHERS)
def test_openssl_accepts_every_leaf_for_its_purposes_only(
    authority: Authority, folder: Path, openssl: Callable[..., subprocess.CompletedProcess[str]], path: str
) -> None:
    authority.issue(path).write(folder, "leaf")
    assert openssl("-purpose", "sslclient").returncode == 0, openssl("-purpose", "sslclient").stderr
    assert (openssl("-purpose", "sslserver").returncode == 0) == (path in NODES)


def test_openssl_refuses_a_foreign_leaf_and_an_expired_one(
    authority: Authority, foreign: Authority, folder: Path, openssl: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    foreign.issue("jlis/center").write(folder, "leaf")
    assert openssl("-purpose", "sslclient").returncode != 0
    begin = datetime.now(UTC) - timedelta(days=20)
    authority.issue("jlis/center", not_before=begin).write(folder, "leaf")
    assert "certificate has expired" in openssl("-purpose", "sslclient").stderr
    then = str(int((begin + timedelta(days=1)).timestamp()))
    assert openssl("-purpose", "sslclient", "-attime", then).returncode == 0


def test_openssl_heeds_the_revocation_list(
    authority: Authority, folder: Path, openssl: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    credential = authority.issue("jlis/center")
    credential.write(folder, "leaf")
    crl = folder / "crl.pem"
    crl.write_bytes(authority.revocation_list({}))
    assert openssl("-crl_check", "-CRLfile", "crl.pem").returncode == 0
    crl.write_bytes(authority.revocation_list({credential.serial: datetime.now(UTC), 5: datetime.now(UTC)}))
    assert "certificate revoked" in openssl("-crl_check", "-CRLfile", "crl.pem").stderr


def test_revocation_list_is_signed_and_good_for_ten_days(authority: Authority, foreign: Authority) -> None:
    crl = x509.load_pem_x509_crl(authority.revocation_list({7: datetime(2030, 1, 1, tzinfo=UTC)}))
    assert crl.is_signature_valid(Keyring(authority.root_pem).root_public_key)
    assert not crl.is_signature_valid(Keyring(foreign.root_pem).root_public_key)
    assert [entry.serial_number for entry in crl] == [7]
    assert crl.next_update_utc is not None
    assert crl.next_update_utc - crl.last_update_utc == timedelta(days=10)


# Real handshakes


@contextmanager
def serving(credential: Credential, root_pem: bytes) -> Iterator[str]:
    """A server that answers with the path in its caller's certificate."""

    def who(_: bytes, context: grpc.ServicerContext) -> bytes:
        found: Any = context.auth_context()["peer_spiffe_id"]  # its stub forgets that values come as lists
        return parse_path(uri.decode() for uri in found).encode()

    pool = ThreadPoolExecutor(2)
    server = grpc.server(pool, options=[("grpc.so_reuseport", 0)])
    handlers: dict[str, grpc.RpcMethodHandler[bytes, bytes]] = {"Who": grpc.unary_unary_rpc_method_handler(who)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("test.Test", handlers),))
    pair = [(credential.key_pem, credential.certificate_pem)]
    port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials(pair, root_pem, require_client_auth=True))
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None).wait(5)
        pool.shutdown()


def ask(address: str, caller: Credential, root_pem: bytes, expected: str) -> str:
    """Ask the node that the caller expects there who the caller is."""
    credentials = grpc.ssl_channel_credentials(root_pem, caller.key_pem, caller.certificate_pem)
    options: list[tuple[str, Any]] = [("grpc.ssl_target_name_override", dns_name(expected))]
    with grpc.secure_channel(address, credentials, options) as channel:
        who: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary("/test.Test/Who")
        answer = who(b"", timeout=10)
    return answer.decode()


@pytest.mark.parametrize("caller", ["prefecture/130001", "office/nenkin", "operator/132152/c01"])
def test_both_ends_know_each_other_over_mtls(authority: Authority, caller: str) -> None:
    with serving(authority.issue("municipality/132152"), authority.root_pem) as address:
        assert ask(address, authority.issue(caller), authority.root_pem, "municipality/132152") == caller


@pytest.mark.parametrize("impostor", ["municipality/132161", "prefecture/130001", "office/nenkin"])
def test_other_certificate_on_the_expected_port_is_refused(authority: Authority, impostor: str) -> None:
    with serving(authority.issue(impostor), authority.root_pem) as address:
        with pytest.raises(grpc.RpcError) as caught:
            ask(address, authority.issue("prefecture/130001"), authority.root_pem, "municipality/132152")
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


def test_client_certificate_without_server_purpose_opens_no_port_for_clients(authority: Authority) -> None:
    operator = authority.issue("office/nenkin", dns_names=[dns_name("municipality/132152")])
    with serving(operator, authority.root_pem) as address:
        with pytest.raises(grpc.RpcError) as caught:
            ask(address, authority.issue("prefecture/130001"), authority.root_pem, "municipality/132152")
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


@pytest.mark.parametrize("age_days", [pytest.param(20, id="expired"), pytest.param(-1, id="not yet valid")])
def test_caller_whose_time_it_is_not_is_refused(authority: Authority, age_days: int) -> None:
    caller = authority.issue("prefecture/130001", not_before=datetime.now(UTC) - timedelta(days=age_days))
    with serving(authority.issue("municipality/132152"), authority.root_pem) as address:
        with pytest.raises(grpc.RpcError) as caught:
            ask(address, caller, authority.root_pem, "municipality/132152")
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


def test_caller_of_a_foreign_authority_is_refused(authority: Authority, foreign: Authority) -> None:
    with serving(authority.issue("municipality/132152"), authority.root_pem) as address:
        with pytest.raises(grpc.RpcError) as caught:
            ask(address, foreign.issue("prefecture/130001"), authority.root_pem, "municipality/132152")
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


def test_this_room_needs_no_grpc() -> None:
    code = "import sys, jukinet.pki.authority, jukinet.pki.directory; sys.exit('grpc' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=30).returncode == 0
