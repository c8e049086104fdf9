"""Empty files for nodes that have none yet: each tier's are made once and copied, or every node would do it at once."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from jukinet.clock import to_micros
from jukinet.pki.identity import Identity
from jukinet.stack.layout import Layout
from jukinet.stack.tiers import tier_of
from jukinet.store import settings
from jukinet.store.database import Database


def lay_out(layout: Layout, paths: Sequence[str]) -> None:
    """Give every node of `paths` that has no files its empty ones."""
    new = [path for path in paths if not (layout.node(path) / "journal.db").exists()]
    with tempfile.TemporaryDirectory(dir=layout.root) as scratch:
        for path in new:
            kind = Identity.parse(path).kind
            blank = Path(scratch) / kind
            if not blank.exists():
                tier = tier_of(Identity.parse(path))
                for name, schema in (("journal.db", tier.journal), ("register.db", tier.register)):
                    if schema is not None:
                        Database(blank / name, schema).close()
            # The journal last: its presence says that the node has its files.
            for file in sorted(blank.iterdir(), key=lambda file: file.name == "journal.db"):
                shutil.copyfile(file, layout.node(path) / file.name)


def set_clock(layout: Layout, path: str, at: datetime) -> None:
    """Let a node that has never run begin at an instant of the virtual clock."""
    file = Database(layout.node(path) / "journal.db", tier_of(Identity.parse(path)).journal)
    file.write(lambda db: settings.put(db, "virtual_time", str(to_micros(at))))
    file.close()
