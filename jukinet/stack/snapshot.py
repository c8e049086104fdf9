"""Keeps the state of a whole network under a name, and puts it back; a copy that is damaged is refused untouched."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jukinet.clock import real_now
from jukinet.stack.fault import Exit, StackFault
from jukinet.stack.losses import Losses
from jukinet.stack.stack import SUBDIRECTORY, Stack

MANIFEST = "manifest.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
# Credentials are issued anew at every start, and where a node listens is not state.
_STATE = ("*.db", "*.db-wal", "population.json")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One kept state."""

    name: str
    made: str
    files: int
    bytes: int


def save(stack: Stack, name: str) -> Snapshot:
    """Stop, copy, start again."""
    if not _NAME.fullmatch(name):
        raise StackFault(
            f"{name!r} cannot be the name of a snapshot.",
            "スナップショット名に使えない文字があります。",
            "Use letters, digits, dot, dash and underscore, 64 at most.",
        )
    folder = stack.root / "snapshots" / name
    if folder.exists():
        raise StackFault(
            f"There is a snapshot {name} already.",
            f"スナップショット {name} は既にあります。",
            "Choose another name, or remove its folder.",
            Exit.REFUSED,
        )
    with stack.stopped():
        found = _state_files(stack.root)
        if not found:
            raise StackFault(
                "There is no state to keep.", "保存する状態がありません。", "Start with `jukinet up`.", Exit.REFUSED
            )
        scratch = folder.with_name(f".{name}.making")
        shutil.rmtree(scratch, ignore_errors=True)
        hashes = {}
        for file in found:
            relative = file.relative_to(stack.root).as_posix()
            target = scratch / relative
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copyfile(file, target)
            hashes[relative] = _hash(target)
        manifest = {"made": real_now().isoformat(timespec="seconds"), "root": _root_of(stack), "files": hashes}
        (scratch / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        scratch.rename(folder)
    return _snapshot(folder)


def restore(stack: Stack, name: str) -> Snapshot:
    """Check, stop, put in place, start again. StackFault, with nothing touched, if the copy is damaged."""
    folder = stack.root / "snapshots" / name
    manifest = _checked(stack, folder)
    with stack.stopped():
        # First the whole copy beside, then two renames: an interruption leaves the old state or the new.
        fresh = _beside(stack, folder, manifest["files"])
        for part in (SUBDIRECTORY, "errands"):
            _put(fresh / part, stack.root / part)
        shutil.rmtree(fresh, ignore_errors=True)
        Losses(stack.root).forget()
    return _snapshot(folder)


def restore_node(stack: Stack, name: str, path: str) -> Snapshot:
    """Put one node back, while the others go on: it begins by recovering, and says nothing until it has."""
    folder = stack.root / "snapshots" / name
    manifest = _checked(stack, folder)
    place = stack.layout.node(path).relative_to(stack.root).as_posix()
    own = [file for file in manifest["files"] if file.startswith(f"{place}/")]
    if not own:
        raise StackFault(
            f"Snapshot {name} holds nothing of {path}.",
            f"スナップショット {name} に {path} の状態はありません。",
            "Restore another one: `jukinet snapshot list`.",
            Exit.REFUSED,
        )
    with stack.one_stopped(path):
        fresh = _beside(stack, folder, own)
        Losses(stack.root).note_older(path)
        for old in stack.layout.node(path).glob("*.db*"):
            old.unlink()
        # The journal last: without it the node has lost all, which is recovered too.
        for file in sorted(own, key=lambda file: file.endswith("journal.db")):
            (fresh / file).rename(stack.root / file)
        shutil.rmtree(fresh, ignore_errors=True)
    return _snapshot(folder)


def _checked(stack: Stack, folder: Path) -> dict[str, Any]:
    """The list of a copy that is sound and this network's; StackFault otherwise."""
    name, manifest = folder.name, _manifest(folder)
    broken = [path for path, kept in manifest["files"].items() if _hash_if_there(folder / path) != kept]
    strange = [file for file in _state_files(folder) if file.relative_to(folder).as_posix() not in manifest["files"]]
    if broken or strange:
        raise _damaged(name, f"{len(broken) + len(strange)} of its files do not match its list")
    if manifest["root"] != _root_of(stack):
        raise StackFault(
            f"Snapshot {name} was signed under another root certificate.",
            f"スナップショット {name} は別のルート証明書のもとで作られています。",
            "Restore it with the authority folder that it was made with.",
            Exit.REFUSED,
        )
    return manifest


def _beside(stack: Stack, folder: Path, paths: Iterable[str]) -> Path:
    """A copy of the files beside the state, ready to be renamed."""
    fresh = stack.root / ".restoring"
    shutil.rmtree(fresh, ignore_errors=True)
    for path in paths:
        target = fresh / path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(folder / path, target)
    return fresh


def _put(fresh: Path, place: Path) -> None:
    old = place.with_name(f".{place.name}.before")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    if fresh.exists():
        fresh.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def kept(stack: Stack) -> list[Snapshot]:
    """All that are kept, oldest first."""
    folder = stack.root / "snapshots"
    found = [_snapshot(path.parent) for path in folder.glob(f"[!.]*/{MANIFEST}")]
    return sorted(found, key=lambda snapshot: snapshot.made)


def _state_files(root: Path) -> list[Path]:
    found = [file for pattern in _STATE for file in (root / SUBDIRECTORY).rglob(pattern)]
    return sorted([*found, *(root / "errands").glob("*.json")])


def _snapshot(folder: Path) -> Snapshot:
    manifest = _manifest(folder)
    paths = manifest["files"]
    size = sum((folder / path).stat().st_size for path in paths if (folder / path).exists())
    return Snapshot(folder.name, manifest["made"], len(paths), size)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if not isinstance(found["files"], dict) or not {"made", "root"} <= found.keys():
            raise ValueError("incomplete")
        if any(".." in Path(path).parts or Path(path).is_absolute() for path in found["files"]):
            raise ValueError("outside")
    except FileNotFoundError as error:
        raise StackFault(
            f"There is no snapshot {folder.name}.",
            f"スナップショット {folder.name} はありません。",
            "See `jukinet snapshot list`.",
            Exit.REFUSED,
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(folder.name, "its list cannot be read") from error
    return dict(found)


def _damaged(name: str, why: str) -> StackFault:
    return StackFault(
        f"Snapshot {name} is damaged: {why}. Nothing was changed.",
        f"スナップショット {name} は壊れています。何も変更していません。",
        "Restore another one: `jukinet snapshot list`.",
        Exit.REFUSED,
    )


def _root_of(stack: Stack) -> str:
    return hashlib.sha256(stack.registry.authority.root_pem).hexdigest()


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _hash_if_there(file: Path) -> str:
    return _hash(file) if file.is_file() else ""
