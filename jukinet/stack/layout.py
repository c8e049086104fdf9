"""Where a network keeps what: authority, directory, one folder a node."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jukinet.model import areas
from jukinet.node.config import NodeConfig
from jukinet.pki import files
from jukinet.pki.authority import Authority, Credential
from jukinet.pki.identity import Identity

NODE, CONSOLE = "node", "console/drill"


def parent_of(path: str) -> str:
    """Whom a node reports to."""
    identity = Identity.parse(path)
    if identity.kind == "municipality":
        return f"prefecture/{areas.prefecture_of(identity.area_code).code}"
    return "jlis/center" if identity.kind == "prefecture" else ""


@dataclass(frozen=True, slots=True)
class Layout:
    """Folders and files of one network under `root`."""

    root: Path

    @property
    def authority(self) -> Path:
        """Root key and certificate."""
        return self.root / "authority"

    @property
    def directory(self) -> Path:
        """The signed directory."""
        return self.root / "directory.json"

    @property
    def clients(self) -> Path:
        """Credentials of clerks, offices and the console."""
        return self.root / "clients"

    def node(self, path: str) -> Path:
        """A node's folder."""
        return self.root / "nodes" / path.replace("/", "-")

    def give(self, authority: Authority, path: str) -> Credential:
        """Issue a fresh credential and put it, with the root, where its node looks for it."""
        folder = self.node(path) / "pki"
        credential = authority.issue(path)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.replace(folder / "root.pem", authority.root_pem)
        credential.write(folder, NODE)
        return credential

    def client(self, authority: Authority, path: str) -> Path:
        """Folder with a fresh credential for somebody who calls nodes."""
        folder = self.clients / path.replace("/", "-")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.replace(folder / "root.pem", authority.root_pem)
        authority.issue(path).write(folder, NODE)
        return folder

    def config(self, path: str, **settings: Any) -> NodeConfig:
        """A node's configuration in this network."""
        folder = self.node(path)
        return NodeConfig(path, str(folder), str(folder / "pki"), str(self.directory), **settings)
