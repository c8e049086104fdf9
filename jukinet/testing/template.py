"""Networks at rest, kept for a session: the second test that asks for the same one starts from a copy of its files.

What takes time at a first start are migrations and the pools of 住民票コード; a copy has both, and its root key.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Hashable, Mapping
from pathlib import Path

from jukinet.node.node import Node
from jukinet.stack.blank import lay_out
from jukinet.stack.layout import Layout


class Templates:
    """A folder of templates, each made at its first use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[Hashable, Path] = {}

    def copy(self, key: Hashable, layout: Layout, paths: list[str]) -> bool:
        """Put the files of a network there; empty ones, and False, if `key` was not kept yet."""
        if key in self._kept:
            shutil.copytree(self._kept[key], layout.root)
            return True
        for path in paths:
            layout.node(path).mkdir(parents=True)
        lay_out(layout, paths)
        return False

    def keep(self, key: Hashable, layout: Layout, nodes: Mapping[str, Node]) -> None:
        """Remember a network at rest under `key`."""
        kept = Layout(self._folder / f"kept-{len(self._kept)}")
        shutil.copytree(layout.authority, kept.authority)
        for path, node in nodes.items():
            save(node, kept.node(path))
        self._kept[key] = kept.root


def save(node: Node, folder: Path) -> None:
    """Copy a running node's files as of now."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in {node.journal, node.register}:
        target = folder / file.path.name
        target.unlink(missing_ok=True)
        copy = sqlite3.connect(target)
        copy.execute("PRAGMA synchronous=OFF")
        with file.read() as db:
            db.backup(copy)
        copy.close()
