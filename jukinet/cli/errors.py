"""`jukinet errors`: 誤りの通報, station by station."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the commands."""
