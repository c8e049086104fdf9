"""Which nodes have run before: one whose journal is gone since, or is an older copy, has lost something."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from jukinet.pki import files
from jukinet.stack.layout import Layout


class Losses:
    """Kept beside the nodes' folders, so that it is not lost with them."""

    def __init__(self, root: Path) -> None:
        self._layout = Layout(root)
        self._file = root / "ran.json"

    def has_lost(self, path: str) -> bool:
        """Whether the node must begin by recovering."""
        ran, older = self._read()
        return path in older or (path in ran and not (self._layout.node(path) / "journal.db").exists())

    def note_older(self, path: str) -> None:
        """The node has been put back to an older copy alone."""
        ran, older = self._read()
        self._write(ran, older | {path})

    def note_running(self, paths: Collection[str]) -> None:
        """These have begun, and know themselves what they have lost."""
        ran, older = self._read()
        self._write(ran | set(paths), older - set(paths))

    def forget(self) -> None:
        """Nothing has run: the network begins anew, or stands as a whole as it stood once."""
        self._file.unlink(missing_ok=True)

    def _read(self) -> tuple[set[str], set[str]]:
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return set(), set()
        return set(kept["ran"]), set(kept["older"])

    def _write(self, ran: Collection[str], older: Collection[str]) -> None:
        text = json.dumps({"ran": sorted(ran), "older": sorted(older)}, indent=1)
        files.replace(self._file, text.encode())
