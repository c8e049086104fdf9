"""`jukinet participation`: who stands outside the network."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the commands."""
