"""The signed list of nodes: where each listens, whom it reports to, and which certificates no longer count.

The file is JSON: `body`, a JSON text in canonical form, and `signature`, the root's over exactly that text's bytes.
"""

from __future__ import annotations

import base64
import json
import os
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from jukinet.pki import files
from jukinet.pki.identity import Identity
from jukinet.pki.keyring import load_certificate, p256_key

if TYPE_CHECKING:
    from jukinet.pki.authority import Authority

# Inside the signed body, so that nothing else the root signs can be passed off as a directory.
_FORMAT = "jukinet directory 1"

_SETTLED_NS = 100_000_000


class DirectoryFault(Exception):
    """Why a directory file does not count."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A node: paths as in certificates, addresses as `host:port` or "" while there is none.

    `parent` is "" for J-LIS; `external` marks a node that somebody else runs in place of ours.
    """

    path: str
    address: str
    drill_address: str
    parent: str
    external: bool = False

    def __post_init__(self) -> None:
        for path in filter(None, (self.path, self.parent)):
            if not Identity.parse(path).is_node:
                raise ValueError("a directory lists nodes only")
        if not self.path or self.path == self.parent:
            raise ValueError("an entry needs a path of its own, other than its parent's")

    @property
    def name(self) -> str:
        """The origin name: the area code, or "jlis"."""
        return Identity.parse(self.path).name


@dataclass(frozen=True, slots=True)
class Directory:
    """One version of the list; ValueError if a path or a name occurs twice."""

    version: int
    entries: tuple[Entry, ...]
    revoked: frozenset[int] = frozenset()
    _by_path: dict[str, Entry] = field(init=False, repr=False, compare=False)
    _by_name: dict[str, Entry] = field(init=False, repr=False, compare=False)
    _children: dict[str, tuple[Entry, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_path = {entry.path: entry for entry in self.entries}
        by_name = {entry.name: entry for entry in self.entries}
        if not len(by_path) == len(by_name) == len(self.entries):
            raise ValueError("a path or an area code occurs twice in the directory")
        children: dict[str, tuple[Entry, ...]] = {}
        for entry in self.entries:
            children[entry.parent] = (*children.get(entry.parent, ()), entry)
        # The way round the freeze; nobody changes them afterwards.
        object.__setattr__(self, "_by_path", by_path)
        object.__setattr__(self, "_by_name", by_name)
        object.__setattr__(self, "_children", children)

    def find(self, path: str) -> Entry | None:
        """The node with this path."""
        return self._by_path.get(path)

    def by_name(self, name: str) -> Entry | None:
        """The node with this origin name: an area code, or "jlis"."""
        return self._by_name.get(name)

    def children(self, path: str) -> tuple[Entry, ...]:
        """The nodes that report to this one, in the order of the file."""
        return self._children.get(path, ())

    def parent_of(self, path: str) -> Entry | None:
        """The node that this one reports to; None also if either is not listed."""
        entry = self._by_path.get(path)
        return self._by_path.get(entry.parent) if entry else None


def write(path: Path, authority: Authority, entries: Iterable[Entry], revoked: Iterable[int], version: int) -> None:
    """Sign and put in place a new version, durably; readers see the old file or the new one.

    Every change needs a higher version: readers refuse a lower one, and the same one with other content.
    """
    directory = Directory(version, tuple(entries), frozenset(revoked))
    body = _body(directory)
    signature = base64.b64encode(authority.sign(body.encode())).decode()
    text = json.dumps({"body": body, "signature": signature}, ensure_ascii=False, indent=1)
    files.replace(path, text.encode(), durable=True)


def read(data: bytes, root_key: ec.EllipticCurvePublicKey) -> Directory:
    """The directory in a file's bytes; DirectoryFault unless the root signed it."""
    try:
        outer = json.loads(data)
        body = outer["body"].encode()
        root_key.verify(base64.b64decode(outer["signature"], validate=True), body, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise DirectoryFault("the directory is not signed by this network's root") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DirectoryFault("the directory file is not readable: JSON with body and signature expected") from error
    try:
        return _parse(json.loads(body))
    except (ValueError, KeyError, TypeError) as error:
        raise DirectoryFault(f"the directory is signed but not understood: {error}") from error


class DirectoryFile:
    """The directory as it stands on disk. Threads may share one.

    Once loaded it never goes backwards: a file that is missing, damaged, badly signed or older leaves the last good
    directory in force and its reason in `fault`. It remembers the version for its own lifetime only.
    """

    def __init__(self, path: Path, root_cert: bytes, *, check_seconds: float = 0.05) -> None:
        self._path = path
        self._root_key = p256_key(load_certificate(root_cert))
        self._check_seconds = check_seconds
        self._lock = threading.Lock()
        self._fault = ""
        self._next_check = time.monotonic() + check_seconds
        try:
            self._stamp = _settled(self._stat())
            self._directory = read(path.read_bytes(), self._root_key)
        except OSError as error:
            raise DirectoryFault(_unreachable(error)) from error

    @property
    def current(self) -> Directory:
        """The latest good version; looks at the file at most every `check_seconds`."""
        if time.monotonic() >= self._next_check:
            with self._lock:
                # Whoever waited for the lock finds the work done.
                if time.monotonic() >= self._next_check:
                    self._refresh()
                    self._next_check = time.monotonic() + self._check_seconds
        return self._directory

    def look(self) -> Directory:
        """The latest good version, looking at the file now: for whoever knows that it was just replaced."""
        self._next_check = 0.0
        return self.current

    @property
    def fault(self) -> str:
        """Why the file on disk is not the directory in force; "" while it is."""
        _ = self.current
        return self._fault

    def _refresh(self) -> None:
        try:
            # Before reading: a file replaced in between is then read once more, not missed.
            stamp = self._stat()
            if stamp == self._stamp:
                return
            self._stamp = _settled(stamp)
            self._accept(read(self._path.read_bytes(), self._root_key))
        except OSError as error:
            self._stamp = None
            self._fault = _unreachable(error)
        except DirectoryFault as error:
            self._fault = str(error)

    def _accept(self, candidate: Directory) -> None:
        seen = self._directory.version
        if candidate.version < seen:
            raise DirectoryFault(f"the directory went back from version {seen} to {candidate.version}")
        if candidate.version == seen and candidate != self._directory:
            raise DirectoryFault(f"the directory changed without a higher version than {seen}")
        self._directory = candidate
        self._fault = ""

    def _stat(self) -> tuple[int, int, int]:
        status = os.stat(self._path)
        return status.st_mtime_ns, status.st_size, status.st_ino


def _settled(stamp: tuple[int, int, int]) -> tuple[int, int, int] | None:
    # Within one tick of the file system's clock two versions can share time, size and a reused inode. So a fresh
    # file is read again until the tick is surely over.
    return stamp if time.time_ns() - stamp[0] > _SETTLED_NS else None


def _unreachable(error: OSError) -> str:
    return f"the directory file cannot be read: {error.strerror}"


def _body(directory: Directory) -> str:
    fields = {
        "format": _FORMAT,
        "version": directory.version,
        "entries": [asdict(entry) for entry in directory.entries],
        # Hexadecimal text, because readers in other languages lose the digits of a 160-bit number.
        "revoked": [f"{serial:x}" for serial in sorted(directory.revoked)],
    }
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _parse(fields: dict[str, Any]) -> Directory:
    if fields["format"] != _FORMAT:
        raise ValueError(f"the format is not {_FORMAT!r}")
    return Directory(
        int(fields["version"]),
        tuple(Entry(**entry) for entry in fields["entries"]),
        frozenset(int(serial, 16) for serial in fields["revoked"]),
    )
