"""Which network a command is about: --state, $JUKINET_HOME, or the one under ./.jukinet that was brought up last."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from jukinet.pki import files
from jukinet.stack.stack import Stack
from jukinet.stack.topology import Topology

HOME = "JUKINET_HOME"
FOLDER, CURRENT = ".jukinet", "current"

State = Annotated[
    Path | None,
    typer.Option("--state", help=f"状態フォルダー / state folder. Default: ${HOME}, else ./{FOLDER}/<name>."),
]
Json = Annotated[bool, typer.Option("--json", help="機械向けに JSON で出力 / machine output.")]
Municipality = Annotated[str, typer.Argument(help="市区町村の名前又は6桁コード / municipality, by name or code.")]


def root(state: Path | None, topology: Topology | None = None) -> Path:
    """The state folder that is meant."""
    if state is not None:
        return state
    if home := os.environ.get(HOME):
        return Path(home)
    folder = Path.cwd() / FOLDER
    if topology is not None:
        return folder / topology.name
    try:
        return folder / (folder / CURRENT).read_text(encoding="utf-8").strip()
    except OSError:
        return folder / "default"


def remember(chosen: Path) -> None:
    """Make a network under ./.jukinet the one that later commands are about."""
    folder = Path.cwd() / FOLDER
    if chosen.parent == folder:
        folder.mkdir(exist_ok=True)
        files.replace(folder / CURRENT, chosen.name.encode())


def stack(state: Path | None) -> Stack:
    """The network, as its folder has it."""
    return Stack(root(state))
