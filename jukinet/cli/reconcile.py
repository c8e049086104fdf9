"""`jukinet reconcile`: 整合."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the commands."""
