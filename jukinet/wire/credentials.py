"""A node's own key and certificate, read again when the files change."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import grpc

from jukinet.pki.authority import Credential
from jukinet.pki.signing import Signer

NAME = "node"
_Stamp = tuple[int, int]


class Credentials:
    """`node.key`, `node.pem` and `root.pem` of a folder. Threads may share one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self.root_pem = (folder / "root.pem").read_bytes()
        self._stamp = self._now()
        self._credential = Credential.load(folder, NAME)
        self._signer = Signer(self._credential.key_pem, self._credential.certificate_der)

    def _now(self) -> _Stamp:
        stat = (self._folder / f"{NAME}.pem").stat()
        return stat.st_mtime_ns, stat.st_ino

    @property
    def current(self) -> Credential:
        """The credential as the files have it; while they are being replaced, the last good one."""
        with self._lock:
            stamp = self._now()
            if stamp != self._stamp:
                try:
                    fresh = Credential.load(self._folder, NAME)
                except (ValueError, OSError):
                    return self._credential
                self._credential, self._stamp = fresh, stamp
                self._signer = Signer(fresh.key_pem, fresh.certificate_der)
            return self._credential

    @property
    def signer(self) -> Signer:
        """Signs what this node says."""
        _ = self.current
        return self._signer

    def server(self) -> grpc.ServerCredentials:
        """Server credentials that ask every client for a certificate, renewed at the next handshake."""
        served = [self.current.certificate_pem]

        def configuration() -> grpc.ServerCertificateConfiguration:
            now = self.current
            return grpc.ssl_server_certificate_configuration([(now.key_pem, now.certificate_pem)], self.root_pem)

        def renew() -> Any:  # grpc takes None for "unchanged"
            if self.current.certificate_pem == served[0]:
                return None
            served[0] = self.current.certificate_pem
            return configuration()

        return grpc.dynamic_ssl_server_credentials(configuration(), renew, require_client_authentication=True)

    def channel(self) -> grpc.ChannelCredentials:
        """Client credentials of now."""
        now = self.current
        return grpc.ssl_channel_credentials(self.root_pem, now.key_pem, now.certificate_pem)
