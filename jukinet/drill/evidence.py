"""Writes the evidence of one notice into a folder that `verify.sh` checks with openssl alone."""

from __future__ import annotations

import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

from jukinet.v1 import drill_pb2


def export(evidence: drill_pb2.GetEvidenceResponse, folder: Path) -> Path:
    """Write the pieces and the checking script; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    pieces: dict[str, bytes] = {
        "header.bin": evidence.header,
        "signature.bin": evidence.signature,
        "certificate.pem": evidence.certificate_pem,
        "root.pem": evidence.root_pem,
        "record.bin": evidence.record,
        "salt.bin": evidence.salt,
        "index.txt": str(evidence.index).encode(),
        "size.txt": str(evidence.size).encode(),
        "verify.sh": files("jukinet.drill").joinpath("verify.sh").read_bytes(),
    }
    for stale in folder.glob("path.*.bin"):
        stale.unlink()
    pieces |= {f"path.{step:02d}.bin": node for step, node in enumerate(evidence.path)}
    for name, content in pieces.items():
        (folder / name).write_bytes(content)
    return folder


def verify(folder: Path) -> tuple[bool, str]:
    """Run `verify.sh`; whether it verified, and what it printed. LookupError without openssl."""
    if shutil.which("openssl") is None:
        raise LookupError("openssl is not installed here; the evidence can be checked elsewhere with verify.sh")
    done = subprocess.run(
        ["sh", str(folder / "verify.sh"), str(folder)], capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode == 0, done.stdout + done.stderr
