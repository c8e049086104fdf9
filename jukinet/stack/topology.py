"""Which nodes a network has: a TOML file, read and checked before anything is started."""

from __future__ import annotations

import ipaddress
import json
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from jukinet.model import areas
from jukinet.model.areas import Area
from jukinet.node.config import QUARANTINE, STOP_LINK
from jukinet.pki.identity import Identity
from jukinet.stack.fault import TopologyFault
from jukinet.stack.layout import parent_of

CENTER = "jlis/center"
CENTER_NAMES = ("J-LIS", "jlis", "jlis/center", "機構")
CLOCKS = ("virtual", "system")
ANOMALIES = (QUARANTINE, STOP_LINK)
LOOPBACK = "127.0.0.1"

_KEYS: dict[str, type] = {
    "name": str, "seed": int, "clock": str, "base_port": int, "listen": str, "nodes": list,
    "reconcile_days": int, "anchor_days": int, "provision_log_years": int,
}  # fmt: skip
_NODE_KEYS: dict[str, type] = {
    "name": str, "residents": int, "auto": bool, "external": bool, "address": str, "remote": bool,
    "on_anomaly": str,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NodeSpec:
    """One node. `external` means that somebody else runs it, at `address`."""

    path: str
    residents: int = 0
    auto: bool = False
    external: bool = False
    address: str = ""
    on_anomaly: str = QUARANTINE

    @property
    def identity(self) -> Identity:
        """Who the node is."""
        return Identity.parse(self.path)

    @property
    def name(self) -> str:
        """Short name, as people call it: 国立市, J-LIS."""
        identity = self.identity
        if identity.kind == "jlis":
            return CENTER_NAMES[0]
        area = areas.find(identity.area_code)
        return area.name if area else self.path


@dataclass(frozen=True, slots=True)
class Topology:
    """A network as its file describes it; `text` is the file."""

    name: str
    seed: int
    virtual_clock: bool
    base_port: int
    listen: str
    nodes: tuple[NodeSpec, ...]
    text: str = ""
    reconcile_days: int = 0
    anchor_days: int = 1
    provision_log_years: int = 7

    @property
    def own(self) -> tuple[NodeSpec, ...]:
        """The nodes that we run."""
        return tuple(node for node in self.nodes if not node.external)

    def listens(self, path: str) -> tuple[str, str]:
        """Where a node and its drill are to listen; port 0 where the system chooses."""
        if not self.base_port:
            return f"{self.listen}:0", f"{self.listen}:0"
        port = self.base_port + 2 * [node.path for node in self.nodes].index(path)
        return f"{self.listen}:{port}", f"{self.listen}:{port + 1}"

    def residents(self, total: int | None = None) -> dict[str, int]:
        """Residents by municipality: as the file says, or `total` by the same shares (equal where it says none)."""
        given = {node.path: node.residents for node in self.own if node.identity.kind == "municipality"}
        if total is None:
            return given
        weights = given if any(given.values()) else dict.fromkeys(given, 1)
        whole = sum(weights.values()) or 1
        shares = {path: total * weight // whole for path, weight in weights.items()}
        for path in list(shares)[: total - sum(shares.values())]:
            shares[path] += 1
        return shares

    def find(self, text: str) -> NodeSpec:
        """The node that a person means: by path, six-digit code, short or full name, or J-LIS."""
        if text.lower() in [name.lower() for name in CENTER_NAMES]:
            text = CENTER
        for node in self.nodes:
            area = areas.find(node.identity.area_code)
            if text in (node.path, node.identity.area_code, node.name, area.full_name if area else ""):
                return node
        names = "、".join(node.name for node in self.nodes)
        raise TopologyFault(
            f"No node of this network is called {text!r}.",
            f"このネットワークに「{text}」という団体はありません。",
            f"Choose one of: {names}.",
        )

    def speaking_for(self, area_code: str) -> NodeSpec | None:
        """The node that keeps the records of an area, a ward's being its city's; None if it is not in this network."""
        area = areas.find(area_code)
        code = area.city_code if area is not None and area.city_code else area_code
        return next((node for node in self.nodes if node.identity.area_code == code), None)


def default() -> Topology:
    """The topology of the package."""
    return parse((files("jukinet.stack") / "default.toml").read_text(encoding="utf-8"))


def for_demo() -> Topology:
    """The package's topology on ports of the system's choice, so that a demo never meets a network that runs."""
    return altered(default(), name="demo", base_port=0)


def altered(topology: Topology, **changes: str | int) -> Topology:
    """The same network with other top-level settings, as if its file said so."""
    text = topology.text
    for key, value in changes.items():
        line = f"{key} = {json.dumps(value)}"
        text, count = re.subn(rf"^{key} *=.*$", line, text, count=1, flags=re.MULTILINE)
        text = text if count else f"{line}\n{text}"
    return parse(text)


def read(file: Path) -> Topology:
    """The topology in a file; TopologyFault says what is wrong with it."""
    try:
        return parse(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise TopologyFault(
            f"The topology file {file} cannot be read: {error.strerror}.",
            f"構成ファイル {file} を読めません。",
            "Give an existing file to --topology.",
        ) from error
    except UnicodeDecodeError as error:
        raise TopologyFault(
            f"The topology file {file} is not UTF-8.",
            f"構成ファイル {file} は UTF-8 ではありません。",
            "Save it as UTF-8.",
        ) from error


def parse(text: str) -> Topology:
    """The topology in a TOML text; TopologyFault says what is wrong with it."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TopologyFault(
            f"The topology is not TOML: {error}.", "構成ファイルが TOML として読めません。", "Correct the line named."
        ) from error
    _check_keys(found, _KEYS, "the topology")
    if not found.get("nodes"):
        raise TopologyFault("The topology lists no nodes.", "構成に団体がありません。", 'Write nodes = ["J-LIS", …].')
    nodes = tuple(_node(entry) for entry in found["nodes"])
    topology = Topology(
        name=found.get("name", "network"),
        seed=found.get("seed", 0),
        virtual_clock=_choice(found, "clock", CLOCKS) == "virtual",
        base_port=found.get("base_port", 0),
        listen=found.get("listen", LOOPBACK),
        nodes=nodes,
        text=text,
        reconcile_days=found.get("reconcile_days", 0),
        anchor_days=found.get("anchor_days", 1),
        provision_log_years=found.get("provision_log_years", 7),
    )
    _check(topology)
    return topology


def _node(entry: object) -> NodeSpec:
    table: Mapping[str, Any]
    if isinstance(entry, str):
        table = {"name": entry}
    elif isinstance(entry, dict):
        table = entry
    else:
        raise TopologyFault(
            "A node must be a text or a table.",
            "団体は名前又は表で書きます。",
            'Write "国立市" or { name = "国立市" }.',
        )
    _check_keys(table, _NODE_KEYS, "a node")
    path = _path(table.get("name", ""))
    residents, address, external = table.get("residents", 0), table.get("address", ""), table.get("external", False)
    if residents < 0 or (residents and not path.startswith("municipality/")):
        raise TopologyFault(
            f"{table['name']}: residents belong to municipalities, and are not negative.",
            f"{table['name']}：residents は市区町村に 0 以上で書きます。",
            "Remove the key, or correct the number.",
        )
    if external != bool(address):
        raise TopologyFault(
            f'{table["name"]}: external = true and address = "host:port" go together.',
            f"{table['name']}：external = true には address が必要で、address は external のときだけ書きます。",
            "Write both, or neither.",
        )
    if address:
        _check_host(address.rpartition(":")[0], table["name"], allowed=table.get("remote", False))
    on_anomaly = _choice(table, "on_anomaly", ANOMALIES)
    if on_anomaly == STOP_LINK and not path.startswith("prefecture/"):
        raise TopologyFault(
            f"{table['name']}: on_anomaly is set at prefectures.",
            f"{table['name']}：on_anomaly は都道府県に書きます。",
            "Remove the key.",
        )
    return NodeSpec(path, residents, table.get("auto", False), external, address, on_anomaly)


def _path(name: str) -> str:
    """The path of what a name or code means."""
    if name.lower() in [known.lower() for known in CENTER_NAMES]:
        return CENTER
    code = areas.find(name)
    found = [code] if code else [area for area in areas.by_name(name) if area.kind != "ward"]
    if len(found) > 1:
        choices = "、".join(f"{area.full_name} ({area.code})" for area in found)
        raise TopologyFault(
            f"{name!r} names several areas.", f"「{name}」は複数あります。", f"Write the code of one of: {choices}."
        )
    if not found:
        raise TopologyFault(
            f"No prefecture or municipality is called {name!r}.",
            f"「{name}」という都道府県・市区町村はありません。",
            "Write its name as in 国立市 or 東京都国立市, its six-digit code, or J-LIS.",
        )
    return _path_of(found[0])


def _path_of(area: Area) -> str:
    if area.kind == "ward":
        raise TopologyFault(
            f"{area.full_name} is a ward: its records are its city's.",
            f"{area.full_name} は指定都市の区で、単独の団体ではありません。",
            f"List {area.city} instead.",
        )
    return f"{'prefecture' if area.kind == 'prefecture' else 'municipality'}/{area.code}"


def _check(topology: Topology) -> None:
    counts = Counter(node.path for node in topology.nodes)
    for node in topology.nodes:
        if counts[node.path] > 1:
            raise TopologyFault(
                f"{node.name} is listed {counts[node.path]} times.",
                f"{node.name} が {counts[node.path]} 回書かれています。",
                "List each node once; its name and its code are the same node.",
            )
        parent = parent_of(node.path)
        if parent and parent not in counts:
            name = "J-LIS" if parent == CENTER else areas.prefecture_of(node.identity.area_code).name
            raise TopologyFault(
                f"{node.name} reports to {name}, which the topology does not list.",
                f"{node.name} の通知先である {name} が構成にありません。",
                f'Add "{name}" to nodes.',
            )
    if CENTER not in counts:
        raise TopologyFault("The topology has no J-LIS.", "構成に機構がありません。", 'Add "J-LIS" to nodes.')
    _check_host(topology.listen, "listen", allowed=False)
    last = topology.base_port + 2 * len(topology.nodes)
    if topology.base_port and not (topology.base_port >= 1024 and last <= 65535):
        raise TopologyFault(
            f"Ports {topology.base_port} to {last} are not all between 1024 and 65535.",
            "ポート番号が範囲外です。",
            "Choose another base_port, or 0 to let the system choose.",
        )


def _check_host(host: str, where: str, *, allowed: bool) -> None:
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        loopback = False
    if loopback or allowed:
        return
    remedy = "Use 127.0.0.1." if where == "listen" else "Use 127.0.0.1, or spell out remote = true for this node."
    raise TopologyFault(
        f"{where}: {host!r} is not this machine's loopback; the simulation is not offered to a network.",
        f"{where}：{host} はループバックではありません。このシミュレータは外部のネットワークに公開しません。",
        remedy,
    )


def _check_keys(table: Mapping[str, Any], known: Mapping[str, type], where: str) -> None:
    for key, value in table.items():
        if key not in known:
            raise TopologyFault(
                f"{where} has no key {key!r}.", f"{key} という項目はありません。", f"Known: {', '.join(known)}."
            )
        if type(value) is not known[key]:
            raise TopologyFault(
                f"{key} of {where} must be {known[key].__name__}.", f"{key} の型が違います。", "Correct the value."
            )


def _choice(table: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> str:
    value = str(table.get(key, choices[0]))
    if value not in choices:
        raise TopologyFault(
            f"{key} cannot be {value!r}.", f"{key} に「{value}」は書けません。", f"Write one of: {', '.join(choices)}."
        )
    return value
