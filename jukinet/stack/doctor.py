"""Examines a network from outside: certificates, listeners, health, storage, links, and who was turned away."""

from __future__ import annotations

import json
import re
import socket
import ssl
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jukinet.clock import real_now
from jukinet.pki.authority import Credential, dns_name
from jukinet.pki.keyring import CertificateFault, Keyring
from jukinet.stack.layout import CONSOLE, NODE
from jukinet.stack.reach import NodeState, Reach
from jukinet.stack.registry import Registry
from jukinet.v1.drill_pb2 import GetStatusResponse

LOG_BYTES = 256 * 1024
PROBE_SECONDS = 3.0
# What grpc core prints on stderr when a handshake fails; the text is its own, and names no peer.
_HANDSHAKE = re.compile(r"Handshake failed.*?OPENSSL_internal:([A-Z_]+)(?:: ([a-z ]+))?")
_MEANING = {
    "PEER_DID_NOT_RETURN_A_CERTIFICATE": ("a caller showed no certificate", "証明書を示さない相手がありました"),
    "CERTIFICATE_VERIFY_FAILED": ("a caller's certificate did not count", "相手の証明書が有効ではありませんでした"),
    "BAD_PACKET_LENGTH": ("a caller did not accept our certificate", "相手がこちらの証明書を受け入れませんでした"),
    "WRONG_VERSION_NUMBER": ("a caller spoke plaintext", "平文の接続がありました"),
    "HTTP_REQUEST": ("a caller spoke plaintext", "平文の接続がありました"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `ok` None is something to know, not a fault."""

    node: str
    check: str
    ok: bool | None
    text: str
    remedy: str = ""


def examine(reach: Reach) -> Iterator[Finding]:
    """Everything there is to say about every node, in the topology's order."""
    for state in reach.states():
        yield from _node(reach, state)


def _node(reach: Reach, state: NodeState) -> Iterator[Finding]:
    path = state.spec.path
    if state.spec.external:
        yield from _external(reach, state)
        return
    yield _credential(path, reach.layout.node(path) / "pki", reach.registry)
    log = reach.process(path).log
    if not state.address:
        remedy = f"Start it with `jukinet up`, read `jukinet logs {state.spec.name}`."
        yield Finding(path, "process", False, f"{state.state}: {reach.process(path).last_words()}", remedy)
        yield from _refused(path, log)
        return
    yield Finding(path, "process", True, f"pid {state.pid}")
    caller = reach.registry.caller(CONSOLE)
    for name, address in (("listener", state.address), ("drill listener", state.drill_address)):
        yield probe(path, name, address, caller)
    remedy = f"Read `jukinet logs {state.spec.name}`; then `jukinet down` and `jukinet up`."
    yield Finding(path, "health", state.serving, state.fault or state.state, "" if state.serving else remedy)
    if state.status is not None:
        yield from told(path, state.spec.name, state.status)
    yield from _refused(path, log)


def _external(reach: Reach, state: NodeState) -> Iterator[Finding]:
    path = state.spec.path
    held = [entry for entry in reach.registry.issued(path) if entry.good]
    remedy = f"Give its owner one: `jukinet pki issue {path} --out DIR`."
    yield Finding(path, "certificate", bool(held), f"{len(held)} issued that count", "" if held else remedy)
    yield probe(path, "listener", state.address, reach.registry.caller(CONSOLE))


def _credential(path: str, folder: Path, registry: Registry) -> Finding:
    """Key, chain and dates of the node's own certificate, as it would be judged by others."""
    remedy = "Issue it again: `jukinet down`, then `jukinet up`."
    try:
        credential = Credential.load(folder, NODE)
        signer = Keyring((folder / "root.pem").read_bytes()).identify(credential.certificate_der, real_now())
    except FileNotFoundError:
        return Finding(path, "certificate", False, "it has none", "Start it with `jukinet up`.")
    except (OSError, ValueError, CertificateFault) as error:
        return Finding(path, "certificate", False, str(error), remedy)
    if (folder / "root.pem").read_bytes() != registry.authority.root_pem:
        return Finding(path, "certificate", False, "its root is not this network's", remedy)
    if signer.path != path:
        return Finding(path, "certificate", False, f"it is that of {signer.path}", remedy)
    if signer.serial in registry.revoked():
        return Finding(path, "certificate", False, "it is revoked", remedy)
    left = signer.not_after - real_now()
    return Finding(path, "certificate", True, f"good for {left.days} days {left.seconds // 3600} hours")


def probe(path: str, check: str, address: str, caller: Path) -> Finding:
    """A TLS handshake with a listener, asking for the node's own name."""
    host, _, port = address.rpartition(":")
    context = ssl.create_default_context(cafile=str(caller / "root.pem"))
    context.load_cert_chain(caller / f"{NODE}.pem", caller / f"{NODE}.key")
    context.set_alpn_protocols(["h2"])
    try:
        with (
            socket.create_connection((host.strip("[]"), int(port)), PROBE_SECONDS) as raw,
            context.wrap_socket(raw, server_hostname=dns_name(path)) as tls,
        ):
            return Finding(path, check, True, f"{address} {tls.version()}")
    except ssl.SSLCertVerificationError as error:
        remedy = "Somebody else may listen there, or the certificate is over: `jukinet down`, then `jukinet up`."
        return Finding(path, check, False, f"{address}: {error.verify_message}", remedy)
    except (OSError, ValueError) as error:
        return Finding(path, check, False, f"{address}: {type(error).__name__}", "See whether the node runs.")


def told(path: str, name: str, status: GetStatusResponse) -> Iterator[Finding]:
    """What the node says of itself."""
    full = status.storage_failed
    remedy = "Make room on the disk; if the file is damaged, restore a snapshot." if full else ""
    yield Finding(path, "storage", not full, "it refuses to write" if full else "it writes", remedy)
    fault = status.directory_fault
    text = fault or f"version {status.directory_version}"
    yield Finding(path, "directory", not fault, text, "`jukinet up` signs it anew." if fault else "")
    if status.recovery.recovering:
        remedy = f"Fetch it from the others: `jukinet recover {name}`."
        yield Finding(path, "recovery", False, "it has lost records and says nothing", remedy)
    elif status.recovery.records_to_complete:
        text = f"{status.recovery.records_to_complete} 住民票 were made anew and wait for a clerk"
        yield Finding(path, "recovery", None, text, f"Their numbers: `jukinet recover {name} --report`.")
    if status.open_quarantined_records:
        text = f"{status.open_quarantined_records} records set aside that nothing stands for"
        remedy = (
            f"Read `jukinet quarantine list {name}`; the origin has to send each again, or `jukinet resync` at the"
            " origin. What was set aside by a fault of this node: `jukinet quarantine release`."
        )
        if path.startswith("municipality/"):
            remedy = (
                f"Read `jukinet resident tasks {name}`; have the notice sent again, or enter it from paper; what is"
                " done with otherwise: `jukinet resident settle-set-aside`."
            )
        yield Finding(path, "quarantine", False, text, remedy)
    if status.open_errors:
        remedy = "Read `jukinet errors`: which station it waits at."
        if path.startswith("municipality/"):
            remedy = f"Read `jukinet resident list-error-reports {name}`; correct the record, or tell it again."
        yield Finding(path, "errors told of", False, f"{status.open_errors} open", remedy)
    if status.tasks:
        yield Finding(path, "tasks", None, f"{status.tasks} wait for J-LIS")
    for link in status.links:
        ok = link.state not in ("RETRYING", "STOPPED")
        text = f"{link.state}, {link.backlog_records} records owed" + (
            f", {link.last_fault}" if link.last_fault else ""
        )
        yield Finding(path, f"link to {link.peer}", ok, text, link.remedy if not ok else "")


def _refused(path: str, log: Path) -> Iterator[Finding]:
    counts = Counter(handshakes(tail(log)))
    for (english, japanese), count in counts.most_common():
        yield Finding(path, "handshakes refused", None, f"{count} × {english} / {japanese}")


def tail(log: Path, most_bytes: int = LOG_BYTES) -> list[str]:
    """The last lines of a log; none if there is no log."""
    try:
        with log.open("rb") as opened:
            size = opened.seek(0, 2)
            opened.seek(max(0, size - most_bytes))
            lines = opened.read().decode(errors="replace").splitlines()
    except OSError:
        return []
    return lines[1:] if size > most_bytes else lines


def handshakes(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Handshakes that failed, in words, from the lines of a log."""
    for line in lines:
        found = _HANDSHAKE.search(line)
        if found is None:
            continue
        english, japanese = _MEANING.get(found[1], (found[1].lower().replace("_", " "), "TLS 接続に失敗しました"))
        detail = (found[2] or "").strip()
        yield (f"{english} ({detail})" if detail else english), japanese


def readable(line: str) -> str:
    """A log line for people: time, event and fields; a failed handshake in words; anything else as it is."""
    for english, japanese in handshakes([line]):
        return f"refused handshake: {english} / {japanese}"
    try:
        fields = json.loads(line)
        when, event = fields.pop("time"), fields.pop("event")
    except (ValueError, KeyError, AttributeError):
        return line
    return f"{when} {event} " + " ".join(f"{name}={value}" for name, value in fields.items())
