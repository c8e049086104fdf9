"""The rules of the house, as data; each is tried on the code, and on a small source that breaks it.

A failure names file, line, rule and remedy. A rule that stands in the way is changed here, with a dated paragraph in
the README of the room it concerns.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Lowest first: a room imports only what stands to its left.
ROOMS = (
    *("v1", "data", "model", "failpoint", "law", "refusal", "clock", "log", "pki", "store", "wire", "relay", "node"),
    *("synthetic", "stack", "drill", "console", "cli", "testing"),
)
ROOF = {"console", "cli", "testing"}  # nobody imports these
TIERS = ("municipality_node", "prefecture_node", "jlis_center")
HIGHEST_ROOM_OF_A_TIER = "node"
MAY_IMPORT_TIERS = {"cli", "stack", "testing"}
# `python -m jukinet` is the command line, and one of its commands serves the console.
MAY_IMPORT_THE_ROOF = {("jukinet/__main__.py", "cli"), ("jukinet/cli/console.py", "console")}

GRPC = {"grpc", "grpc_health", "grpc_reflection", "grpc_status"}
MAY_IMPORT_GRPC = ("jukinet/wire/",)

SQL = re.compile(
    r"\b(SELECT\s.*\sFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(\w+\s+)?TABLE\s)"
    r"|^\s*(select\s.*\sfrom\s|insert\s+(or\s+\w+\s+)?into\s|update\s+\S+\s+set\s|delete\s+from\s)",
    re.DOTALL,
)
MAY_SAY_SQL = re.compile(r"jukinet/store/|(^|/)(store|schema)\.py$|^jukinet/drill/union_check\.py$|^scripts/bench/")

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 70

# What is banned; where it is allowed, as beginnings of paths; what to do instead.
_MAKERS = (
    *("jukinet/clock.py", "jukinet/synthetic/", "jukinet/pki/", "jukinet/cli/", "jukinet/console/"),
    *("jukinet/testing", "jukinet/drill/", "scripts/"),
)
_NO_TIME = "take the time from jukinet.clock: virtual for law and acts, real for certificates"
_NO_CHANCE = "take it from the seed (synthetic), or name the pair in ALLOWED_CALLS with its reason"
BANNED_CALLS: dict[str, tuple[tuple[str, ...], str]] = {
    "datetime.datetime.now": (_MAKERS, _NO_TIME),
    "datetime.datetime.today": (_MAKERS, _NO_TIME),
    "datetime.datetime.utcnow": (_MAKERS, _NO_TIME),
    "datetime.date.today": (_MAKERS, _NO_TIME),
    "time.time": (_MAKERS, _NO_TIME),
    "time.time_ns": (_MAKERS, _NO_TIME),
    "random.": (_MAKERS, _NO_CHANCE),
    "secrets.": (_MAKERS, _NO_CHANCE),
    "uuid.uuid1": (_MAKERS, _NO_CHANCE),
    "uuid.uuid4": (_MAKERS, _NO_CHANCE),
    "os.urandom": (_MAKERS, _NO_CHANCE),
    "time.sleep": ((), "wait on an event, or name the pair in ALLOWED_CALLS with its reason"),
    "print": (("jukinet/cli/", "scripts/"), "log an event with fields, or return the text"),
}
# Exact pairs beyond those places. A pair that the file no longer needs fails, so that the list stays true.
ALLOWED_CALLS: dict[tuple[str, str], str] = {
    ("jlis_center/acts.py", "os.urandom"): "the key of the one-way conversion must not be foreseeable",
    ("jukinet/drill/union_check.py", "print"): "a script for strangers, with the standard library alone",
    ("jukinet/stack/network.py", "time.sleep"): "the pause between two looks at whether all nodes are at rest",
    ("jukinet/relay/link.py", "random.Random"): "jitter between tries, which no replay depends on",
    ("jukinet/relay/garbling.py", "random.Random"): "the dice of a drill's broken characters, seeded by DrillService",
    ("jukinet/relay/pause.py", "random.Random"): "jitter between tries, which no replay depends on",
    ("jukinet/store/provided.py", "os.urandom"): "the salts of who was asked for must not be foreseeable",
    ("jukinet/relay/sealer.py", "os.urandom"): "the salts of a batch must not be foreseeable, and are outside replay",
    ("jukinet/wire/tracing.py", "os.urandom"): "ids of traces must differ between processes, and are outside replay",
    ("jukinet/wire/peers.py", "random.Random"): "the dice of a drill's faults, seeded by DrillService",
    ("jukinet/wire/peers.py", "time.sleep"): "the delay that a drill's fault orders",
}


@dataclass(frozen=True)
class Source:
    """A parsed file."""

    path: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The room of jukinet, or the tier, that the file belongs to; empty for jukinet/__init__.py."""
        parts = self.path.removesuffix(".py").split("/")
        if parts[0] != "jukinet":
            return parts[0]
        return "" if parts[1] == "__init__" else parts[1]

    def fault(self, line: int, rule: str, remedy: str) -> str:
        """A line that says all that is needed to mend it."""
        return f"{self.path}:{line}: {rule}; {remedy}"


def source(path: str, text: str) -> Source:
    return Source(path, text, ast.parse(text))


def house() -> Iterator[Source]:
    """Every file the rules are for: no tests, no generated code."""
    for room in ("jukinet", *TIERS, "scripts"):
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith("jukinet/v1/"):
                yield source(name, path.read_text(encoding="utf-8"))


def imports(file: Source) -> Iterator[tuple[int, str]]:
    """Every imported name in full, with its line; also those inside functions and TYPE_CHECKING."""
    package = file.path.split("/")[:-1]
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{start}.{alias.name}") for alias in node.names)


def import_faults(file: Source) -> list[str]:
    """Rooms import lower rooms only, tiers never one another."""
    faults = []
    for line, name in imports(file):
        parts = name.split(".")
        if parts[0] in TIERS and parts[0] != file.room and file.room not in MAY_IMPORT_TIERS:
            remedy = "move what both need into jukinet/" if file.room in TIERS else "let cli, stack or testing do it"
            faults.append(file.fault(line, f"{file.room} imports the tier {parts[0]}", remedy))
        if parts[0] != "jukinet" or len(parts) < 2 or file.room in ("scripts", parts[1]):
            continue
        if parts[1] in ROOMS and not may_import(file, parts[1]):
            remedy = "move the line to the higher room, or what it needs to a lower one"
            faults.append(file.fault(line, f"{file.room or 'jukinet'} imports the higher room {parts[1]}", remedy))
    return faults


def may_import(file: Source, room: str) -> bool:
    if room in ROOF:
        return (file.path, room) in MAY_IMPORT_THE_ROOF
    if file.room in TIERS:
        return ROOMS.index(room) <= ROOMS.index(HIGHEST_ROOM_OF_A_TIER)
    return file.room in ROOMS and ROOMS.index(room) < ROOMS.index(file.room)


def room_faults(file: Source) -> list[str]:
    """Every file stands in a room with a place in the order."""
    if file.room in ("", "__main__", "scripts", *TIERS, *ROOMS):
        return []
    return [file.fault(1, f"jukinet/{file.room} is no known room", "give it its place in ROOMS")]


def grpc_faults(file: Source) -> list[str]:
    """Only wire speaks grpc."""
    if file.path.startswith((*MAY_IMPORT_GRPC, "scripts/")):
        return []
    found = [(line, name) for line, name in imports(file) if name.split(".")[0] in GRPC]
    return [file.fault(line, f"imports {name}", "ask jukinet.wire for it") for line, name in found]


def docstrings(tree: ast.Module) -> set[int]:
    """Identities of the nodes that are docstrings."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    owners = [node for node in ast.walk(tree) if isinstance(node, kinds) and node.body]
    return {id(owner.body[0].value) for owner in owners if isinstance(owner.body[0], ast.Expr)}


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """String literals with their line, docstrings left out; of an f-string the fixed parts, joined."""
    skipped = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(value) for value in node.values}
            parts = [str(value.value) if isinstance(value, ast.Constant) else "x" for value in node.values]
            yield node.lineno, "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.lineno, node.value


def sql_faults(file: Source) -> list[str]:
    """SQL stands in store files."""
    if MAY_SAY_SQL.search(file.path):
        return []
    found = [line for line, text in texts(file.tree) if SQL.search(text)]
    return [file.fault(line, "says SQL", "put it into the room's store.py or jukinet/store/") for line in found]


def references(file: Source) -> Iterator[tuple[int, str]]:
    """Dotted names as they are used, with the aliases of imports resolved."""
    known: dict[str, str] = {}
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                known |= {alias.asname: alias.name} if alias.asname else {first: first}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    inner = {id(node.value) for node in ast.walk(file.tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Attribute | ast.Name) and id(node) not in inner:
            first, _, rest = ast.unparse(node).partition(".")
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                continue
            yield node.lineno, ".".join(filter(None, [known.get(first, first if first == "print" else ""), rest]))


def call_uses(file: Source) -> Iterator[tuple[int, str, str]]:
    """Line, used name and banned name of every use outside the places that are its own."""
    for line, name in references(file):
        for banned, (places, _) in BANNED_CALLS.items():
            hit = name.startswith(banned) if banned.endswith(".") else name == banned
            if hit and not file.path.startswith(places or "\0"):
                yield line, name, banned


def call_faults(file: Source) -> list[str]:
    """No clock, no chance, no waiting but where it belongs."""
    return [
        file.fault(line, f"uses {name}", BANNED_CALLS[banned][1])
        for line, name, banned in call_uses(file)
        if (file.path, name) not in ALLOWED_CALLS
    ]


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def size_faults(file: Source) -> list[str]:
    """Files and functions that can be taken in at a glance."""
    faults = []
    if (lines := len(file.text.splitlines())) > MAX_FILE_LINES:
        faults.append(file.fault(lines, f"has {lines} lines, at most {MAX_FILE_LINES}", "give a part its own noun"))
    for node in functions(file.tree):
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_FUNCTION_LINES:
            rule = f"{node.name} has {lines} lines, at most {MAX_FUNCTION_LINES}"
            faults.append(file.fault(node.lineno, rule, "give a part its own verb"))
    return faults


def wording_faults(file: Source) -> list[str]:
    """Public names say what they are for, and signatures what they take."""
    faults = []
    for node in file.tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node):
            faults.append(
                file.fault(node.lineno, f"{node.name} has no docstring", "say in one sentence what it is for")
            )
    for function in functions(file.tree):
        arguments = function.args
        named_ones = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        bare = [arg.arg for arg in named_ones if arg and not arg.annotation and arg.arg not in ("self", "cls")]
        bare += [] if function.returns else ["return"]
        if bare:
            rule = f"{function.name} does not annotate {', '.join(bare)}"
            faults.append(file.fault(function.lineno, rule, "write the types"))
    return faults


def law_faults(file: Source) -> list[str]:
    """The law answers, it neither refuses nor looks at a clock."""
    if not file.path.startswith("jukinet/law/"):
        return []
    faults = []
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Raise) and node.exc and re.search(r"\bRefusal\b", ast.unparse(node.exc)):
            faults.append(file.fault(node.lineno, "a rule raises Refusal", "return a Decision; the act refuses"))
        if isinstance(node, ast.arg) and node.arg == "clock":
            faults.append(file.fault(node.lineno, "a rule takes a clock", "take the date: `on: date`"))
    for line, name in imports(file):
        if name.startswith(("jukinet.clock", "jukinet.refusal", "time")):
            faults.append(file.fault(line, f"a rule imports {name}", "take the date, return a Decision"))
    return faults


RULES: list[Callable[[Source], list[str]]] = [
    *(import_faults, room_faults, grpc_faults, sql_faults, call_faults, size_faults, wording_faults, law_faults)
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rule(rule: Callable[[Source], list[str]]) -> None:
    faults = [fault for file in house() for fault in rule(file)]
    assert not faults, "\n" + "\n".join(faults)


def test_every_allowed_pair_is_still_needed() -> None:
    used = {(file.path, name) for file in house() for _, name, _ in call_uses(file)}
    assert ALLOWED_CALLS.keys() - used == set()


LONG = "def f() -> None:\n" + "    x = 1\n" * MAX_FUNCTION_LINES
TWINS = [
    (import_faults, "jukinet/relay/x.py", "from jukinet.wire import peers", "from jukinet import node"),
    (import_faults, "jukinet/relay/x.py", "from ..pki import keyring", "from ..stack import x"),
    (import_faults, "jukinet/node.py", "import jukinet.relay.link", "def f():\n    import jukinet.cli.main"),
    (import_faults, "jukinet/law/x.py", "from jukinet.model.dates import x", "from jukinet.refusal import Refusal"),
    (import_faults, "jukinet/console/x.py", "import jukinet.stack", "import jukinet.cli"),
    (import_faults, "jukinet/__main__.py", "from jukinet.cli import main", "from jukinet.testing import x"),
    (import_faults, "jukinet/__init__.py", "import sys", "from jukinet.model import x"),
    (import_faults, "jlis_center/x.py", "from jukinet.node import x", "from jukinet.stack import x"),
    (import_faults, "jlis_center/x.py", "from jlis_center import acts", "import prefecture_node.store"),
    (import_faults, "jukinet/stack/x.py", "import prefecture_node", "import jukinet.console"),
    (import_faults, "jukinet/drill/x.py", "import jukinet.stack", "import prefecture_node"),
    (room_faults, "jukinet/node.py", "", None),
    (grpc_faults, "jukinet/wire/x.py", "import grpc", None),
    (grpc_faults, "jukinet/cli/x.py", "from jukinet.v1 import relay_pb2_grpc", "from grpc_status import rpc_status"),
    (sql_faults, "jlis_center/store.py", "q = 'SELECT a FROM b'", None),
    (sql_faults, "jlis_center/x.py", "'''Select one from all.'''\nq = 'delete what'", "q = f'SELECT {a} FROM b'"),
    (sql_faults, "jlis_center/x.py", "q = 'Update the set'", "q = 'update people set name = ?'"),
    (
        sql_faults,
        "jukinet/cli/x.py",
        "q = 'Insert the card into it'",
        "q = '''\n  insert or ignore into t values(1)'''",
    ),
    (call_faults, "jukinet/node.py", "import time\ntime.monotonic()", "import time as t\nt.time()"),
    (call_faults, "jukinet/node.py", "from datetime import datetime", "from datetime import datetime as d\nd.now()"),
    (call_faults, "jukinet/node.py", "import datetime", "import datetime\nx = datetime.date.today"),
    (call_faults, "jukinet/node.py", "random = 1", "from random import choice\nchoice([1])"),
    (call_faults, "jukinet/node.py", "import os\nos.getpid()", "import os\nos.urandom(8)"),
    (call_faults, "jukinet/pki/x.py", "import secrets\nsecrets.token_hex()", "import time\ntime.sleep(1)"),
    (call_faults, "jukinet/cli/x.py", "print(1)", None),
    (call_faults, "jukinet/stack/x.py", "pprint(1)", "print(1)"),
    (size_faults, "jukinet/node.py", LONG.replace("    x = 1\n", "", 1), LONG),
    (size_faults, "jukinet/node.py", "\n" * MAX_FILE_LINES, "\n" * (MAX_FILE_LINES + 1)),
    (wording_faults, "jukinet/node.py", "def _f() -> None: ...", "def f() -> None: ..."),
    (wording_faults, "jukinet/node.py", "class C:\n    '''A c.'''", "class C: ..."),
    (wording_faults, "jukinet/node.py", "def _f(a: int) -> None: ...", "def _f(a) -> None: ..."),
    (wording_faults, "jukinet/node.py", "class _C:\n    def f(self) -> None: ...", "class _C:\n    def f(self): ..."),
    (law_faults, "jukinet/law/x.py", "raise KeyError", "raise Refusal(1)"),
    (law_faults, "jukinet/law/x.py", "def f(on): ...", "def f(clock): ..."),
    (law_faults, "jukinet/law/x.py", "from datetime import date", "from jukinet.clock import Clock"),
]


@pytest.mark.parametrize(("rule", "path", "right", "wrong"), TWINS)
def test_a_source_that_breaks_a_rule_is_reported(
    rule: Callable[[Source], list[str]], path: str, right: str, wrong: str | None
) -> None:
    assert rule(source(path, right)) == []
    if wrong is not None:
        faults = rule(source(path, wrong))
        assert faults
        assert all(re.match(rf"{path}:\d+: .+; .+", fault) for fault in faults)


def test_a_file_outside_the_known_rooms_is_reported() -> None:
    assert room_faults(source("jukinet/utils.py", ""))
    assert room_faults(source("jukinet/helpers/x.py", ""))


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def act_faults(rpcs: list[str], acts: set[str], test_words: set[str]) -> list[str]:
    """One name through the building: rpc, act, test."""
    faults = []
    for rpc in rpcs:
        if snake(rpc) not in acts:
            faults.append(f"{rpc} has no act; write {snake(rpc)} in municipality_node/acts")
        if not {rpc, snake(rpc)} & test_words:
            faults.append(f"no test mentions {rpc}; name the test of the act test_{snake(rpc)}…")
    return faults


def words(text: str) -> set[str]:
    """Words of a source; of `test_report_birth_in_april` also every beginning that is a name of its own."""
    found = set(re.findall(r"[A-Za-z_]\w*", text))
    tests = [word.removeprefix("test_").split("_") for word in found if word.startswith("test_")]
    return found | {"_".join(parts[:count]) for parts in tests for count in range(1, len(parts) + 1)}


def rpcs_of_clerks() -> list[str]:
    """Every rpc that a clerk may call, whatever desk serves it."""
    basis = importlib.import_module("jukinet.wire.basis")
    operator = importlib.import_module("jukinet.v1.basis_pb2").CALLER_OPERATOR
    return [method.rpartition("/")[2] for method, named in basis.rpcs().items() if operator in named.callers]


def test_every_rpc_of_a_clerk_has_its_act_and_a_test() -> None:
    acts = ROOT / "municipality_node" / "acts"
    shared = [ROOT / "jukinet" / "node" / desk / "acts.py" for desk in ("ordinance", "disclosure")]
    paths = [*acts.rglob("*.py"), *shared]
    files = [source(path.name, path.read_text(encoding="utf-8")) for path in paths]
    named = {node.name for file in files for node in file.tree.body if isinstance(node, ast.FunctionDef)}
    tests = [path for path in (ROOT / "tests").rglob("test_*.py") if path != Path(__file__)]
    said = set().union(*(words(path.read_text(encoding="utf-8")) for path in tests))
    faults = act_faults(rpcs_of_clerks(), named, said)
    assert not faults, "\n" + "\n".join(faults)


def test_an_rpc_without_act_or_test_is_reported() -> None:
    said = words("def test_report_birth_gives_a_code(): ...")
    assert act_faults(["ReportBirth"], {"report_birth"}, said) == []
    assert len(act_faults(["ReportDeath"], {"report_birth"}, said)) == 2
