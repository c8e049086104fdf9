"""`jukinet rebuild | recover`: what a node has lost."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the commands."""
