"""Which certificates this network has given out, to whom, and which no longer count."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from cryptography import x509

from jukinet.clock import real_micros, real_now
from jukinet.pki import directory, files
from jukinet.pki.authority import Authority, Credential
from jukinet.pki.identity import Identity
from jukinet.pki.keyring import load_certificate, p256_key
from jukinet.stack.fault import Exit, StackFault
from jukinet.stack.layout import NODE, Layout

DAYS = 7.0


@dataclass(frozen=True, slots=True)
class Issued:
    """One certificate that was given out."""

    path: str
    serial: int
    issued: datetime
    expires: datetime
    revoked: datetime | None = None

    @property
    def half_over(self) -> bool:
        """Whether more than half of its life is over."""
        return real_now() > self.issued + (self.expires - self.issued) / 2

    @property
    def good(self) -> bool:
        """Whether it counts now."""
        return self.revoked is None and real_now() < self.expires


class Registry:
    """The authority of one network with its books: `issued.jsonl` and `revoked.json`. Processes may share a folder."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._issued = layout.root / "issued.jsonl"
        self._revoked = layout.root / "revoked.json"

    @cached_property
    def authority(self) -> Authority:
        """The root; made at first use."""
        try:
            return Authority.open(self._layout.authority)
        except ValueError as error:
            raise StackFault(
                f"The authority in {self._layout.authority} is damaged: {error}.",
                "認証局のファイルが壊れています。",
                "Put its files back, or begin with another --state folder.",
                Exit.FAULT,
            ) from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Key and certificate are two files: nobody may see the one without the other, or write at once."""
        self._layout.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._layout.root / ".issuing").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def node(self, path: str) -> Credential:
        """A fresh certificate for a node of ours, put where it looks for it."""
        with self._alone():
            return self._note(self._layout.give(self.authority, path))

    def begin_anew(self) -> None:
        """Empty books, for a network that nobody was given a certificate of yet."""
        with self._alone():
            for book in (self._issued, self._revoked):
                book.unlink(missing_ok=True)

    def adopt(self, path: str) -> None:
        """Enter into the books what a node has already, so that it can be revoked."""
        with self._alone():
            self._note(Credential.load(self._layout.node(path) / "pki", NODE))

    def replace_node(self, path: str, days: float = DAYS, not_before: datetime | None = None) -> None:
        """Put another certificate where a node looks for its own; it may be over already."""
        with self._alone():
            credential = self._note(self.authority.issue(path, days=days, not_before=not_before))
            credential.write(self._layout.node(path) / "pki", NODE)

    def renew_node(self, path: str) -> bool:
        """A fresh certificate if the present one is half over or revoked; whether it was."""
        try:
            held = self._held(self._layout.node(path) / "pki")
        except (OSError, ValueError):
            held = None
        if held is not None and held.good and not held.half_over:
            return False
        self.node(path)
        return True

    def caller(self, path: str) -> Path:
        """Folder with a certificate for a console or clerk: the one there is, while good and not half over."""
        folder = self._layout.clients / path.replace("/", "-")
        with self._alone():
            try:
                Credential.load(folder, NODE)
                held = self._held(folder)
                if held.good and not held.half_over and (folder / "root.pem").read_bytes() == self.authority.root_pem:
                    return folder
            except (OSError, ValueError):
                pass
            self._layout.client(self.authority, path)
            self._note(Credential.load(folder, NODE))
        return folder

    def outside(self, path: str, out: Path, days: float) -> Issued:
        """A certificate for whoever runs a node, office or terminal of his own, written to a folder with the root."""
        with self._alone():
            out.mkdir(parents=True, exist_ok=True)
            credential = self._note(self.authority.issue(path, days=days))
            files.replace(out / "root.pem", self.authority.root_pem)
            credential.write(out, NODE)
        return self._held(out)

    def _held(self, folder: Path) -> Issued:
        certificate = load_certificate((folder / f"{NODE}.pem").read_bytes())
        serial = certificate.serial_number
        return Issued(
            "", serial, certificate.not_valid_before_utc, certificate.not_valid_after_utc, self.revoked().get(serial)
        )

    def certificate_of(self, path: str) -> x509.Certificate | None:
        """The certificate that a node, clerk, office or console of this network holds now; None if it holds none."""
        identity = Identity.parse(path)
        folder = self._layout.node(path) / "pki" if identity.is_node else self._layout.clients / path.replace("/", "-")
        try:
            return load_certificate((folder / f"{NODE}.pem").read_bytes())
        except (OSError, ValueError):
            return None

    def _note(self, credential: Credential) -> Credential:
        certificate = load_certificate(credential.certificate_pem)
        line = {
            "path": credential.path,
            "serial": f"{credential.serial:x}",
            "issued": certificate.not_valid_before_utc.isoformat(),
            "expires": certificate.not_valid_after_utc.isoformat(),
        }
        with self._issued.open("a", encoding="utf-8") as book:
            book.write(json.dumps(line) + "\n")
        return credential

    def issued(self, path: str = "") -> list[Issued]:
        """What was given out, oldest first; of one holder if `path` is given."""
        try:
            lines = self._issued.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        revoked = self.revoked()
        found = []
        for line in lines:
            try:
                entry = json.loads(line)
                serial = int(entry["serial"], 16)
                begin, end = (datetime.fromisoformat(entry[key]) for key in ("issued", "expires"))
            except (ValueError, KeyError, TypeError):
                continue  # a line that a power cut left half-written
            found.append(Issued(entry["path"], serial, begin, end, revoked.get(serial)))
        return [entry for entry in found if path in ("", entry.path)]

    def revoked(self) -> dict[int, datetime]:
        """Serial numbers that no longer count, and since when."""
        try:
            kept = json.loads(self._revoked.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return {int(serial, 16): datetime.fromisoformat(since) for serial, since in kept.items()}

    def revoke(self, holder: str) -> list[Issued]:
        """Revoke every certificate of a path that still counts, or the one with a serial number; StackFault if none."""
        with self._alone():
            found = [e for e in self.issued() if holder.lower() in (e.path, f"{e.serial:x}") and e.good]
            if not found:
                raise StackFault(
                    f"{holder} holds no certificate of this network that still counts.",
                    f"{holder} に有効な証明書はありません。",
                    "See `jukinet pki show`.",
                )
            kept = self.revoked() | {entry.serial: real_now() for entry in found}
            text = json.dumps({f"{serial:x}": since.isoformat() for serial, since in kept.items()}, indent=1)
            files.replace(self._revoked, text.encode(), durable=True)
        return found

    def write_directory(self, entries: Iterable[directory.Entry]) -> int:
        """Sign the directory anew; its version is higher than any before. The version."""
        with self._alone():
            version = max(self.directory_version() + 1, real_micros() // 1000)
            directory.write(self._layout.directory, self.authority, entries, self.revoked(), version)
        return version

    def directory(self) -> directory.Directory | None:
        """The directory on disk; None if there is none that counts."""
        try:
            key = p256_key(load_certificate(self.authority.root_pem))
            return directory.read(self._layout.directory.read_bytes(), key)
        except (OSError, directory.DirectoryFault):
            return None

    def directory_version(self) -> int:
        """The version on disk; 0 if there is none."""
        found = self.directory()
        return found.version if found else 0


def days_left(entry: Issued) -> timedelta:
    """How long it still counts."""
    return entry.expires - real_now()
