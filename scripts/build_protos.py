"""Compile protos/ into jukinet/v1: hatchling calls this on every wheel and editable build, developers after an edit."""

from __future__ import annotations

import shutil
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def compile_protos(out: Path) -> list[Path]:
    """Generate messages, services and their type stubs from every proto into `out`/jukinet/v1, emptied first."""
    import google.rpc
    from grpc_tools import protoc

    package = out / "jukinet" / "v1"
    shutil.rmtree(package, ignore_errors=True)  # a deleted proto must not leave its module behind
    package.mkdir(parents=True)
    (package / "__init__.py").write_text('"""Generated from protos/jukinet/v1; never edited."""\n', encoding="utf-8")
    protos = ROOT / "protos"
    common = Path(next(iter(google.rpc.__path__))).parent.parent
    path = str(Path(sys.executable).parent)
    plugins = [
        f"--plugin={name}={found}"
        for name in ("protoc-gen-mypy", "protoc-gen-mypy_grpc")
        if (found := shutil.which(name, path=path) or shutil.which(name))
    ]
    status = protoc.main(
        [
            "protoc",
            *plugins,
            f"-I{protos}",
            f"-I{files('grpc_tools') / '_proto'}",
            f"-I{common}",
            f"--python_out={out}",
            f"--grpc_python_out={out}",
            f"--mypy_out=quiet:{out}",
            f"--mypy_grpc_out=quiet,only_sync:{out}",
            *sorted(str(proto) for proto in (protos / "jukinet" / "v1").glob("*.proto")),
        ]
    )
    if status != 0:
        raise SystemExit(f"protoc failed with status {status}")
    return sorted(package.iterdir())


if __name__ == "__main__":
    for written in compile_protos(ROOT):
        print(written.relative_to(ROOT))
else:
    # Only a build needs hatchling: by hand, this file works without it.
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    class CustomBuildHook(BuildHookInterface[Any]):
        """Hatchling's door to compile_protos."""

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            """Compile before the files of the wheel are gathered."""
            compile_protos(ROOT)
