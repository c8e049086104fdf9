"""Plays a scenario on a stage, step by step: what was done, answered, sent, and what it changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from jukinet.drill import figures, trace
from jukinet.drill.cast import gather
from jukinet.drill.doing import DOINGS, Doing
from jukinet.drill.figures import Figures
from jukinet.drill.filling import Unfilled, Values, answer_at
from jukinet.drill.messages import Message, Reader
from jukinet.drill.scenario import Scenario, Step, fault
from jukinet.law import basis
from jukinet.pki.identity import Identity
from jukinet.stack.fault import StackFault
from jukinet.stack.population import Progress, quiet
from jukinet.stack.stage import HostedStage, Stage
from jukinet.wire import convert
from jukinet.wire.client import Refused

OK = "OK"


@dataclass(frozen=True, slots=True)
class Check:
    """Something that a step says must hold, and whether it did."""

    what: str
    wanted: str
    found: str
    holds: bool


@dataclass(slots=True)
class Played:
    """One step that was played."""

    step: Step
    outcome: str = OK
    answer: Any = None
    messages: list[Message] = field(default_factory=list)
    was: Figures = field(default_factory=dict)
    now: Figures = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    seconds: float = 0.0
    day: date | None = None

    @property
    def good(self) -> bool:
        """Whether it went as the scenario says."""
        return self.outcome == self.step.given.get("refused", OK) and all(check.holds for check in self.checks)

    def trace(self) -> dict[str, Any]:
        """What it comes to in a golden trace."""
        return {"id": self.step.id, "outcome": self.outcome} | trace.of_step(self.messages)


class Player:
    """A scenario on its stage: `begin` first, `step` plays the next, `back` plays anew up to the one before."""

    def __init__(self, scenario: Scenario, root: Path, *, hosted: bool = False) -> None:
        self.scenario = scenario
        self.stage = (HostedStage if hosted else Stage)(root, scenario.topology)
        self.values = Values(self.today)
        self.played: list[Played] = []
        self._readers = {path: Reader(path) for path in self.stage.paths}
        self._count = 0
        self._counting = threading.Lock()

    def __enter__(self) -> Player:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the stage; what its nodes hold stays until it is begun anew."""
        self.stage.down()
        self.stage.close()

    @property
    def next(self) -> Step | None:
        """The step to come; None at the end."""
        steps = self.scenario.steps
        return steps[len(self.played)] if len(self.played) < len(steps) else None

    def today(self) -> date:
        """The virtual day, as the nodes have it that run."""
        return max(convert.instant(status.virtual_time) for status in self.stage.statuses().values()).date()

    def begin(self, progress: Progress = quiet) -> None:
        """Empty nodes, the cast entered, everything at rest."""
        self.played.clear()
        self.values.kept.clear()
        self._count = 0
        progress("舞台を整える / setting the stage", 0, 1)
        self.stage.begin(self.scenario.begins)
        self._readers = {path: Reader(path) for path in self.stage.paths}
        for member in self.scenario.cast:
            self.values.kept[member["name"]] = gather(self.stage, member, self.scenario.begins.date())
        self.stage.quiet_down()
        self.refresh()
        self.new_messages()

    def refresh(self) -> None:
        """Read the cast again, where they were entered: numbers have come since."""
        for member in self.scenario.cast:
            self.values.kept[member["name"]] = gather(self.stage, member, None)

    def step(self) -> Played:
        """Play the next step; StackFault at the end, or if the step cannot be played at all."""
        step = self.next
        if step is None:
            raise StackFault("The scenario is over.", "シナリオは終わりました。", "Go back, or begin anew.")
        played = Played(step, was=figures.count(self.stage))
        begun = time.monotonic()
        try:
            played.answer = DOINGS[step.do](Doing(self, step))
        except Refused as refused:
            played.outcome = refused.reason
        except (KeyError, Unfilled, ValueError) as error:
            raise fault(self.scenario.name, f"step {step.id}: {error}") from error
        self._rest(step)
        played.messages = self.new_messages()
        played.now, played.day = figures.count(self.stage), self.today()
        self._keep(step, played)
        played.checks = self._check(step, played)
        played.seconds = time.monotonic() - begun
        self.played.append(played)
        return played

    def back(self, progress: Progress = quiet) -> None:
        """One step back: begun anew from the seed, and played up to there."""
        self.go_to(max(0, len(self.played) - 1), progress)

    def go_to(self, count: int, progress: Progress = quiet) -> None:
        """So many steps played, whichever way it lies."""
        if count < len(self.played):
            self.begin(progress)
        while len(self.played) < min(count, len(self.scenario.steps)):
            progress("早送り / playing", len(self.played), count)
            self.step()

    def _rest(self, step: Step) -> None:
        if step.given.get("stuck"):
            self.stage.settle(10.0, 0.6)
        else:
            self.stage.quiet_down()

    def new_messages(self) -> list[Message]:
        """What was received since the last look, in causal order."""
        found: list[Message] = []
        for path, reader in self._readers.items():
            if self.stage.process(path).ready is not None:
                found += reader.read(self.stage.console(path))
        found.sort(key=lambda message: message.order)
        return found

    def _keep(self, step: Step, played: Played) -> None:
        self.values.kept[step.id] = played.answer
        for name, path in step.given.get("save", {}).items():
            try:
                self.values.kept[name] = self.values.resolve(f"${step.id}.{path}") if path else played.answer
            except Unfilled as error:
                raise fault(self.scenario.name, f"step {step.id}: {error}") from error

    def _check(self, step: Step, played: Played) -> list[Check]:
        found = []
        for path, wanted in step.given.get("gives", {}).items():
            try:
                said = answer_at(played.answer, path)
                said = str(said).lower() if isinstance(said, bool) else said
            except Unfilled as error:
                said = str(error)
            want = self.values.resolve(wanted)
            found.append(Check(f"answer.{path}", str(want), str(said), str(said) == str(want)))
        found += self._texts(step, played)
        return found + [self._figure(one, played) for one in step.given.get("check", ())]

    def _texts(self, step: Step, played: Played) -> list[Check]:
        """Words that a text of the answer must have, or must not: the check tells the word, never the text."""
        found = []
        for key, there in (("has", True), ("lacks", False)):
            for path, words in step.given.get(key, {}).items():
                text = str(answer_at(played.answer, path)) if played.answer is not None else ""
                for word in self.values.resolve(words):
                    said = "there" if str(word) in text else "not there"
                    holds = bool(text) and (str(word) in text) == there
                    found.append(Check(f"answer.{path} {word}", "there" if there else "not there", said, holds))
        return found

    def _figure(self, check: Mapping[str, Any], played: Played) -> Check:
        if "ledger" in check:
            at_zero = self.stage.ledger().at_zero
            return Check(
                "ledger", check["ledger"], "zero" if at_zero else "open", (check["ledger"] == "zero") == at_zero
            )
        if "rule" in check:
            return self._arrows(check, played)
        path = self.stage.topology.find(check["node"]).path
        found = played.now.get(path, {}).get(check["figure"])
        where = f"{check['node']} {check['figure']}"
        wanted = {
            key: self.values.resolve(check[key]) for key in ("is", "at_least", "at_most", "delta") if key in check
        }
        before = played.was.get(path, {}).get(check["figure"])
        if found is None or not wanted:
            return Check(where, str(wanted), str(found), False)
        delta = found - (before or 0)
        holds = {
            "is": lambda want: found == want, "at_least": lambda want: found >= want,
            "at_most": lambda want: found <= want, "delta": lambda want: delta == want,
        }  # fmt: skip
        shown = f"{found} ({delta:+d})"
        return Check(where, str(wanted), shown, all(holds[key](int(want)) for key, want in wanted.items()))

    def _arrows(self, check: Mapping[str, Any], played: Played) -> Check:
        """How much travelled in this step by a rule, `from` and `to` whom."""
        if basis.find(check["rule"], date.max) is None:
            raise fault(self.scenario.name, f"no rule is called {check['rule']}")
        sender, receiver = check.get("from", ""), check.get("to", "")
        found = trace.carried(played.messages, check["rule"], sender, receiver)
        bounds = {key: int(check[key]) for key in ("is", "at_least") if key in check}
        holds = found == bounds.get("is", found) and found >= bounds.get("at_least", 0)
        return Check(f"{check['rule']} {sender}→{receiver}", str(bounds), str(found), bool(bounds) and holds)

    # Who calls

    def caller(self, path: str, who: str) -> str:
        """Path of a certificate: `clerk` or `clerk:c02` of that counter, else office:ID, operator:AREA/ID, console."""
        kind, _, id = who.partition(":")
        if kind == "clerk":
            identity = Identity.parse(path)
            return f"operator/{identity.area_code}/{id or 'c01'}"
        return {"office": f"office/{id}", "operator": f"operator/{id}", "console": "console/drill"}[kind]

    def new_id(self, step: Step) -> str:
        """A request_id that a replay makes again."""
        with self._counting:
            self._count += 1
            return f"{self.scenario.name}-{step.id}-{self._count}"


def play(
    player: Player, progress: Progress = quiet, say: Callable[[Played], None] = lambda _: None
) -> Sequence[Played]:
    """Play the whole scenario."""
    player.begin(progress)
    total = len(player.scenario.steps)
    while (step := player.next) is not None:
        progress("上演 / playing", len(player.played), total)
        played = player.step()
        say(played)
        if played.outcome != step.given.get("refused", OK) and played.outcome != OK:
            break
    return player.played
