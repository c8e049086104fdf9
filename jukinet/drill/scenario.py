"""A scenario is a folder: steps.toml, what is done; story.ja.md, story.en.md, what is told; golden.json, the trace."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jukinet.model.dates import JST
from jukinet.stack import topology as topologies
from jukinet.stack.fault import StackFault
from jukinet.stack.topology import Topology

LANGUAGES = ("ja", "en")
STEPS, GOLDEN = "steps.toml", "golden.json"
_KEYS = {"title_order", "begins", "nodes", "seed", "cast", "steps", "reconcile_days"}
_STEP_KEYS = {
    *("id", "do", "as", "at", "rpc", "request", "save", "refused", "gives", "check", "stuck", "times", "at_once"),
    *("to", "advance", "kind", "share", "seconds", "holder", "what", "household", "tolerate"),
    *("has", "lacks"),
}
_CAST_KEYS = {"name", "at", "address", "area_code", "since", "persons"}
_HEADING = re.compile(r"^## +(?P<id>[a-z0-9-]+) +(?P<title>.+)$")


class ScenarioFault(StackFault):
    """A scenario that cannot be read, or does not fit itself."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told of a step in one language."""

    title: str
    text: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    question: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """What is told in one language."""

    title: str
    text: tuple[str, ...]
    notes: tuple[str, ...]
    steps: Mapping[str, Telling]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done; `given` are the other keys of its table."""

    id: str
    do: str
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story with what is done in it."""

    name: str
    folder: Path
    order: int
    topology: Topology
    begins: datetime
    cast: tuple[Mapping[str, Any], ...]
    steps: tuple[Step, ...]
    stories: Mapping[str, Story]

    @property
    def golden(self) -> Path:
        """Where the expected trace stands."""
        return self.folder / GOLDEN

    def title(self, language: str = "ja") -> str:
        """What it is called."""
        return self.stories[language].title


def home() -> Path:
    """Where the scenarios of the package stand."""
    return Path(str(files("jukinet.drill"))) / "scenarios"


@cache
def all_scenarios() -> Mapping[str, Scenario]:
    """Those of the package by name, in the order in which they are taught."""
    found = [read(folder) for folder in home().iterdir() if (folder / STEPS).exists()]
    return {scenario.name: scenario for scenario in sorted(found, key=lambda one: (one.order, one.name))}


def find(name: str) -> Scenario:
    """A scenario of the package by name, or one in a folder; ScenarioFault if there is none."""
    if name in all_scenarios():
        return all_scenarios()[name]
    if (Path(name) / STEPS).exists():
        return read(Path(name))
    raise ScenarioFault(
        f"No scenario is called {name!r}.",
        f"「{name}」というシナリオはありません。",
        "See `jukinet scenario list`, or give a folder that holds steps.toml.",
    )


def read(folder: Path) -> Scenario:
    """The scenario in a folder; ScenarioFault says what is wrong with it."""
    try:
        table = tomllib.loads((folder / STEPS).read_text(encoding="utf-8"))
        stories = {language: _story(folder / f"story.{language}.md") for language in LANGUAGES}
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise fault(folder.name, f"it cannot be read: {error}") from error
    _known(folder.name, table, _KEYS)
    steps = tuple(_step(folder.name, one) for one in table.get("steps", ()))
    ids = [step.id for step in steps]
    if not steps or len(set(ids)) != len(ids):
        raise fault(folder.name, "steps need ids of their own, and there must be one")
    for language, story in stories.items():
        if list(story.steps) != ids:
            raise fault(folder.name, f"story.{language}.md tells {list(story.steps)}, but steps.toml does {ids}")
    for member in table.get("cast", ()):
        _known(folder.name, member, _CAST_KEYS)
    begins = datetime.fromisoformat(str(table.get("begins", "2021-06-01T09:00")))
    topology = topologies.parse(_topology(table))
    return Scenario(
        folder.name, folder, int(table.get("title_order", 99)), topology, begins.replace(tzinfo=JST),
        tuple(table.get("cast", ())), steps, stories,
    )  # fmt: skip


def fault(name: str, what: str) -> ScenarioFault:
    """What is wrong with a scenario."""
    return ScenarioFault(
        f"Scenario {name}: {what}.",
        f"シナリオ {name} を使えません。",
        "Correct its files; jukinet/drill/README.md says how they are made.",
    )


def _known(name: str, table: Mapping[str, Any], keys: set[str]) -> None:
    if unknown := sorted(set(table) - keys):
        raise fault(name, f"unknown keys {', '.join(unknown)}; known are {', '.join(sorted(keys))}")


def _step(name: str, table: Mapping[str, Any]) -> Step:
    _known(name, table, _STEP_KEYS)
    if "id" not in table or "do" not in table:
        raise fault(name, "a step needs id and do")
    return Step(table["id"], table["do"], {key: value for key, value in table.items() if key not in ("id", "do")})


def _topology(table: Mapping[str, Any]) -> str:
    nodes = ", ".join(f'"{node}"' for node in table.get("nodes", ()))
    seed, days = int(table.get("seed", 20210601)), int(table.get("reconcile_days", 0))
    head = f'name = "scenario"\nseed = {seed}\nclock = "virtual"\nanchor_days = 0\nreconcile_days = {days}'
    return f"{head}\nnodes = [{nodes}]"


def _story(file: Path) -> Story:
    """`# title`, paragraphs, `> note`; for each step `## id title`, paragraphs, notes, `? question`, `! answer`."""
    heads: list[dict[str, Any]] = [_blank("", "")]
    for block in re.split(r"\n\s*\n|\n(?=[#>?!])", file.read_text(encoding="utf-8")):
        line = " ".join(part.strip() for part in block.strip().splitlines())
        if heading := _HEADING.match(line):
            heads.append(_blank(heading["id"], heading["title"]))
        elif line.startswith("# "):
            heads[-1]["title"] = line[2:]
        elif line[:2] in ("> ", "? ", "! "):
            key = {">": "notes", "?": "question", "!": "answer"}[line[0]]
            heads[-1][key].append(line[2:])
        elif line:
            heads[-1]["text"].append(line)
    first = heads.pop(0)
    steps = {one["id"]: _telling(one) for one in heads}
    return Story(first["title"], tuple(first["text"]), tuple(first["notes"]), steps)


def _blank(id: str, title: str) -> dict[str, Any]:
    return {"id": id, "title": title, "text": [], "notes": [], "question": [], "answer": []}


def _telling(found: Mapping[str, Any]) -> Telling:
    return Telling(
        found["title"], tuple(found["text"]), tuple(found["notes"]), " ".join(found["question"]),
        " ".join(found["answer"]),
    )  # fmt: skip
