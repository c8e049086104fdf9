"""The contract beyond what buf sees: a basis for every door, one generator, and generated code that is what it says."""

from __future__ import annotations

import importlib
import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from google.protobuf.descriptor import EnumValueDescriptor, MethodDescriptor, ServiceDescriptor

import jukinet.v1
from jukinet.v1 import basis_pb2, relay_pb2

ROOT = Path(__file__).resolve().parent.parent
GENERATED = Path(next(iter(jukinet.v1.__path__)))
SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def load_build_protos() -> ModuleType:
    spec = importlib.util.spec_from_file_location("jukinet_build_protos", ROOT / "scripts" / "build_protos.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def services() -> list[ServiceDescriptor]:
    found = []
    for proto in sorted((ROOT / "protos" / "jukinet" / "v1").glob("*.proto")):
        module = importlib.import_module(f"jukinet.v1.{proto.stem}_pb2")
        found += module.DESCRIPTOR.services_by_name.values()
    return found


def rpcs() -> list[MethodDescriptor]:
    return [method for service in services() for method in service.methods]


def stream_kinds() -> list[EnumValueDescriptor]:
    return [value for value in relay_pb2.StreamKind.DESCRIPTOR.values if value.number != 0]


# RelayService carries streams, and each StreamKind brings its own basis.
RPCS_BASED_BY_STREAM = {"RelayService"}


def faults_of_basis(name: str, basis: basis_pb2.Basis) -> list[str]:
    faults = []
    if not SNAKE_CASE.fullmatch(basis.rule):
        faults.append(f"{name}: rule {basis.rule!r} is not a snake_case name; add option (basis) = {{rule, callers}}")
    if not basis.callers or basis_pb2.CALLER_UNSPECIFIED in basis.callers:
        faults.append(f"{name}: names no callers, or an unspecified one, so nobody could call it")
    return faults


def faults_of_stream(name: str, basis: basis_pb2.StreamBasis) -> list[str]:
    faults = [] if basis.hops else [f"{name}: has no hop; add (stream_basis) = {{hops: …}}"]
    for hop in basis.hops:
        if not SNAKE_CASE.fullmatch(hop.rule):
            faults.append(f"{name}: rule {hop.rule!r} of a hop is not a snake_case name")
        if basis_pb2.CALLER_UNSPECIFIED in (getattr(hop, "from"), hop.to):
            faults.append(f"{name}: a hop does not say from whom to whom")
    for hop, following in zip(basis.hops, basis.hops[1:], strict=False):
        if hop.to != getattr(following, "from"):
            faults.append(f"{name}: a hop does not start where the one before ends")
    return faults


@pytest.mark.parametrize("rpc", rpcs(), ids=lambda rpc: rpc.full_name)
def test_every_rpc_has_a_basis(rpc: MethodDescriptor) -> None:
    if rpc.containing_service.name in RPCS_BASED_BY_STREAM:
        assert not rpc.GetOptions().HasExtension(basis_pb2.basis), "its basis is that of the stream; two could differ"
    else:
        assert faults_of_basis(rpc.full_name, rpc.GetOptions().Extensions[basis_pb2.basis]) == []


def test_an_rpc_without_rule_or_callers_would_be_reported() -> None:
    assert len(faults_of_basis("x", basis_pb2.Basis())) == 2
    assert len(faults_of_basis("x", basis_pb2.Basis(rule="NotSnake", callers=[basis_pb2.CALLER_CENTER]))) == 1
    assert len(faults_of_basis("x", basis_pb2.Basis(rule="right", callers=[basis_pb2.CALLER_UNSPECIFIED]))) == 1


@pytest.mark.parametrize("kind", stream_kinds(), ids=lambda kind: kind.name)
def test_every_stream_kind_has_hops(kind: EnumValueDescriptor) -> None:
    assert faults_of_stream(kind.name, kind.GetOptions().Extensions[basis_pb2.stream_basis]) == []


def test_a_stream_without_hops_or_with_a_broken_way_would_be_reported() -> None:
    def hop(origin: basis_pb2.Caller.ValueType, to: basis_pb2.Caller.ValueType, rule: str = "right") -> basis_pb2.Hop:
        made = basis_pb2.Hop(to=to, rule=rule)
        setattr(made, "from", origin)  # a word of Python, so no name of an argument
        return made

    city, prefecture, center = basis_pb2.CALLER_MUNICIPALITY, basis_pb2.CALLER_PREFECTURE, basis_pb2.CALLER_CENTER
    assert faults_of_stream("x", basis_pb2.StreamBasis(hops=[hop(city, prefecture), hop(prefecture, center)])) == []
    assert len(faults_of_stream("x", basis_pb2.StreamBasis())) == 1
    assert len(faults_of_stream("x", basis_pb2.StreamBasis(hops=[hop(city, prefecture), hop(city, center)]))) == 1
    assert len(faults_of_stream("x", basis_pb2.StreamBasis(hops=[hop(city, prefecture, "")]))) == 1
    assert len(faults_of_stream("x", basis_pb2.StreamBasis(hops=[hop(city, basis_pb2.CALLER_UNSPECIFIED)]))) == 1


def test_drill_service_alone_and_wholly_is_the_simulators() -> None:
    marked = {rpc.full_name for rpc in rpcs() if rpc.GetOptions().Extensions[basis_pb2.basis].simulator}
    drill = {rpc.full_name for rpc in rpcs() if rpc.containing_service.name.endswith("DrillService")}
    assert marked == drill
    assert drill


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "__pycache__"}


def differences(expected: dict[str, bytes], found: dict[str, bytes]) -> list[str]:
    """Names of files that are missing, stray or different."""
    return sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))


def test_generated_code_is_deterministic_and_what_is_installed(tmp_path: Path) -> None:
    compile_protos = load_build_protos().compile_protos
    compile_protos(tmp_path / "once")
    compile_protos(tmp_path / "again")
    once = contents(tmp_path / "once" / "jukinet" / "v1")
    assert once
    assert differences(once, contents(tmp_path / "again" / "jukinet" / "v1")) == []
    stale = differences(once, contents(GENERATED))
    assert stale == [], "jukinet/v1 is not what protos/ gives: run scripts/build_protos.py"


def test_a_stray_or_changed_module_would_be_reported() -> None:
    assert differences({"a": b"1"}, {"a": b"1", "gone_pb2.py": b""}) == ["gone_pb2.py"]
    assert differences({"a": b"1"}, {"a": b"2"}) == ["a"]


def requirements() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Version by name: exact ones of the build, lower bounds of the dependencies, either of dev."""

    def versions(lines: list[str]) -> dict[str, str]:
        pairs = [re.split("==|>=", line) for line in lines]
        assert all(len(pair) == 2 for pair in pairs), lines
        return dict(pairs)

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert all("==" in line for line in project["build-system"]["requires"]), "the build's tools are pinned exactly"
    return (
        versions(project["build-system"]["requires"]),
        versions(project["project"]["dependencies"]),
        versions(project["project"]["optional-dependencies"]["dev"]),
    )


def test_generator_and_runtime_agree_on_their_versions() -> None:
    build, runtime, dev = requirements()
    grpc_family = {name: version for name, version in (runtime | build).items() if name.startswith("grpcio")}
    assert set(grpc_family.values()) == {build["grpcio-tools"]}, grpc_family
    assert {name: dev[name] for name in build if name in dev} == {name: build[name] for name in build if name in dev}
    assert build["googleapis-common-protos"] == runtime["googleapis-common-protos"]


def test_the_runtime_is_never_older_than_what_the_generated_code_asks_for() -> None:
    _, runtime, _ = requirements()
    asked: dict[str, set[tuple[int, ...]]] = {"protobuf": set(), "grpcio": set()}
    for path in GENERATED.glob("*_pb2*.py"):
        text = path.read_text(encoding="utf-8")
        for found in re.findall(r"ValidateProtobufRuntimeVersion\(\s*\S+,\s*(\d+),\s*(\d+),\s*(\d+),", text):
            asked["protobuf"].add(tuple(map(int, found)))
        for found in re.findall(r"GRPC_GENERATED_VERSION = '(\d+)\.(\d+)\.(\d+)'", text):
            asked["grpcio"].add(tuple(map(int, found)))
    for name, versions in asked.items():
        assert versions, f"the generated code stamps no version of {name}: has its form changed?"
        assert tuple(map(int, runtime[name].split("."))) >= max(versions), f"raise the lower bound of {name}"
