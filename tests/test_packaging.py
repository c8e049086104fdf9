"""The package as a stranger gets it: an sdist, installed into an empty environment, far from the sources."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NO_NETWORK = re.compile(
    "NewConnectionError|NameResolutionError|ConnectTimeout|ProxyError|name resolution|Network is unreachable"
)
IMPORT_ALL = """
import importlib, importlib.resources, pathlib, sys
for name in ("basis", "counter", "drill", "identification", "intermunicipal", "numbering", "relay"):
    module = importlib.import_module(f"jukinet.v1.{name}_pb2")
    assert pathlib.Path(module.__file__).is_relative_to(sys.prefix), module.__file__
    importlib.import_module(f"jukinet.v1.{name}_pb2_grpc")
from jukinet.v1 import counter_pb2, basis_pb2
print(counter_pb2.DESCRIPTOR.services_by_name["CounterService"].methods[0].GetOptions().Extensions[basis_pb2.basis].rule)
for file in {data!r}:
    assert importlib.resources.files("jukinet.data").joinpath(file).read_bytes(), file
for tier in ("municipality_node", "prefecture_node", "jlis_center"):
    assert importlib.util.find_spec(tier), tier
"""


def run(command: list[str], cwd: Path) -> str:
    """Output of a command; skips, loudly, where it failed because nothing can be downloaded."""
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0 and NO_NETWORK.search(done.stdout + done.stderr):
        pytest.skip("SKIPPED: no way to download packages, so nothing is known of the sdist")
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sdist")
    run([sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(out)], ROOT)
    return next(out.glob("jukinet-*.tar.gz"))


@pytest.mark.full
def test_the_sdist_holds_what_a_build_and_a_test_run_need_and_no_generated_code(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    needed = {"README.md", "pyproject.toml", "protos/jukinet/v1/basis.proto", "scripts/build_protos.py", "scripts/test"}
    assert needed <= names
    assert not [name for name in names if name.startswith("jukinet/v1/")]


@pytest.mark.full
@pytest.mark.timeout(600)
def test_the_sdist_installs_into_an_empty_environment_and_runs(sdist: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    scripts = tmp_path / "venv" / "bin"
    run([str(scripts / "python"), "-m", "pip", "install", "--no-input", "--quiet", str(sdist)], tmp_path)
    data = sorted(path.name for path in (ROOT / "jukinet" / "data").iterdir() if path.is_file())
    assert (
        run([str(scripts / "python"), "-c", IMPORT_ALL.replace("{data!r}", repr(data))], tmp_path) == "report_birth\n"
    )
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert version in run([str(scripts / "jukinet"), "--version"], tmp_path)
