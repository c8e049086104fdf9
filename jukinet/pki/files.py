"""Files that are either wholly there or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def replace(path: Path, data: bytes, *, mode: int = 0o644, durable: bool = False) -> None:
    """Put data in place of whatever was there; durable waits until it is on disk."""
    scratch = _scratch(path, data, mode, durable)
    try:
        os.replace(scratch, path)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise
    if durable:
        _sync_folder(path.parent)


def create_or_read(path: Path, data: bytes, *, mode: int = 0o644) -> bytes:
    """Put data there, durably, unless somebody was first; what is there afterwards."""
    scratch = _scratch(path, data, mode, durable=True)
    try:
        os.link(scratch, path)  # unlike a rename it fails if the name is taken
        _sync_folder(path.parent)
        return data
    except FileExistsError:
        return path.read_bytes()
    finally:
        scratch.unlink()


def _scratch(path: Path, data: bytes, mode: int, durable: bool) -> Path:
    # mkstemp makes the file 0600, so a key is never readable by others, not even for a moment.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            if durable:
                os.fsync(file.fileno())
    except BaseException:
        os.unlink(name)
        raise
    return Path(name)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
