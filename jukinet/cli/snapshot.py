"""`jukinet snapshot save | restore | list`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from jukinet.cli import place
from jukinet.cli.output import err, say, show_json, verb
from jukinet.cli.place import Json, State
from jukinet.stack import snapshot as snapshots
from jukinet.stack.snapshot import Snapshot

Name = Annotated[str, typer.Argument(help="名前 / name: letters, digits, dot, dash, underscore.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(help="状態を保存し、戻す / Keep the network's state and put it back.", no_args_is_help=True)
    app.add_typer(noun, name="snapshot")
    verb(noun, "save", "jukinet snapshot save before-move")(save)
    verb(noun, "restore", "jukinet snapshot restore before-move", "jukinet snapshot restore before-move --node 国立市")(
        restore
    )
    verb(noun, "list", "jukinet snapshot list --json")(list_)


def save(name: Name, state: State = None, as_json: Json = False) -> None:
    """停止・複写・再開 / Stop the nodes if they run, copy their state, start them again."""
    with place.stack(state) as stack:
        err.print("→ 停止・複写・再開 / stopping, copying, starting", markup=False)
        _show(snapshots.save(stack, name), as_json)


def restore(
    name: Name,
    node: Annotated[str, typer.Option(help="この団体だけ戻し、回復を待つ / this node alone; then `recover` it.")] = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """検査してから戻す / Check the copy, then put it in place; a damaged one is refused and nothing touched."""
    with place.stack(state) as stack:
        path = stack.topology.find(node).path if node else ""
        err.print("→ 検査・停止・複写・再開 / checking, stopping, copying, starting", markup=False)
        _show(snapshots.restore_node(stack, name, path) if path else snapshots.restore(stack, name), as_json)
        if node and not as_json:
            say(f"次に / next: `jukinet recover {node}`")


def list_(state: State = None, as_json: Json = False) -> None:
    """保存されている状態の一覧 / What is kept."""
    with place.stack(state) as stack:
        found = snapshots.kept(stack)
    if as_json:
        show_json([_json(snapshot) for snapshot in found])
        return
    for snapshot in found:
        say(f"{snapshot.name}  {snapshot.made}  {snapshot.files} files  {snapshot.bytes:,} bytes")
    if not found:
        say("ありません / none")


def _show(snapshot: Snapshot, as_json: bool) -> None:
    if as_json:
        show_json(_json(snapshot))
    else:
        say(f"{snapshot.name}: {snapshot.files} files, {snapshot.bytes:,} bytes, {snapshot.made}")


def _json(snapshot: Snapshot) -> dict[str, Any]:
    return {name: getattr(snapshot, name) for name in Snapshot.__slots__}
