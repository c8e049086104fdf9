"""`jukinet scenario list | show | run`."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from jukinet.cli.output import progress, say, show_json, table, verb
from jukinet.cli.place import Json
from jukinet.drill import scenario as scenarios
from jukinet.drill import trace
from jukinet.drill.figures import changes
from jukinet.drill.messages import Message
from jukinet.drill.player import Played, Player, play
from jukinet.stack.fault import Exit

Name = Annotated[str, typer.Argument(help="シナリオの名前又はフォルダー / name, or a folder with steps.toml.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(no_args_is_help=True, help="シナリオ / Stories that are played on a network of their own.")
    app.add_typer(noun, name="scenario")
    verb(noun, "list", "jukinet scenario list", "jukinet scenario list --json")(list_scenarios)
    verb(noun, "show", "jukinet scenario show birth")(show)
    verb(noun, "run", "jukinet scenario run birth", "jukinet scenario run birth --in-process --json")(run)


def list_scenarios(as_json: Json = False) -> None:
    """シナリオの一覧 / Every scenario of the package."""
    found = scenarios.all_scenarios().values()
    if as_json:
        show_json(
            [{"name": one.name, "ja": one.title("ja"), "en": one.title("en"), "steps": len(one.steps)} for one in found]
        )
        return
    table(
        ("名前", "シナリオ", "Scenario", "段"),
        [(o.name, o.title("ja"), o.title("en"), str(len(o.steps))) for o in found],
    )


def show(name: Name, as_json: Json = False) -> None:
    """シナリオの筋 / What a scenario tells, step by step."""
    found = scenarios.find(name)
    if as_json:
        told = found.stories
        steps = [{"id": one.id, "do": one.do, **{k: told[k].steps[one.id].title for k in told}} for one in found.steps]
        show_json({"name": found.name, "steps": steps})
        return
    for language in scenarios.LANGUAGES:
        story = found.stories[language]
        say(f"■ {story.title}")
        for step in found.steps:
            say(f"  {step.id}: {story.steps[step.id].title}")


def run(
    name: Name,
    in_process: Annotated[
        bool, typer.Option("--in-process", help="全ノードを一つのプロセスで / all nodes in this process: faster.")
    ] = False,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="状態を残すフォルダー / keep the nodes' state here.")
    ] = None,
    write_golden: Annotated[
        bool, typer.Option("--write-golden", help="結果を期待値として保存 / keep what was seen as the golden trace.")
    ] = False,
    as_json: Json = False,
) -> None:
    """シナリオを最後まで上演する / Play a scenario to its end. Exit code 4 if it leaves its golden trace."""
    found = scenarios.find(name)
    folder = keep or Path(tempfile.mkdtemp(prefix="jukinet-"))
    try:
        with progress() as told, Player(found, folder, hosted=in_process) as player:
            played = list(play(player, told, (lambda _: None) if as_json else _tell(found)))
    finally:
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    steps = [one.trace() for one in played]
    if write_golden:
        trace.write_golden(found.golden, found.name, steps)
    differences = trace.differences(trace.read_golden(found.golden), steps)
    failed = [f"{one.step.id}: {fault}" for one in played for fault in _faults(one)]
    good = not differences and not failed and len(played) == len(found.steps)
    if as_json:
        show_json({"name": found.name, "good": good, "differences": differences, "failed": failed,
                   "steps": [_json(one) for one in played]})  # fmt: skip
    else:
        for line in [*failed, *differences]:
            say(f"! {line}")
        say("成立 / as expected" if good else "期待と違います / not as expected")
    if not good:
        raise typer.Exit(Exit.FAULT)


def _faults(played: Played) -> list[str]:
    wanted = played.step.given.get("refused", "OK")
    found = [f"{check.what} is {check.found}, wanted {check.wanted}" for check in played.checks if not check.holds]
    return found if played.outcome == wanted else [f"ended with {played.outcome}, wanted {wanted}", *found]


def _tell(scenario: scenarios.Scenario) -> Any:
    def tell(played: Played) -> None:
        title = scenario.stories["ja"].steps[played.step.id].title
        say(f"\n■ {title}　［{played.outcome}］")
        for message in played.messages:
            if not trace.is_look(message):
                say(f"  {_line(message)}")

    return tell


def _line(message: Message) -> str:
    what = "・".join(message.what)
    refused = f" 拒否 {message.refusal}" if message.refusal else ""
    names = f"{trace.name_of(message.sender)} → {trace.name_of(message.receiver)}"
    return f"{names}　{message.caption} {what}　［{message.article}］{refused}"


def _json(played: Played) -> dict[str, Any]:
    day = played.day.isoformat() if played.day else ""
    return played.trace() | {
        "good": played.good, "day": day, "seconds": round(played.seconds, 3),
        "checks": [{"what": c.what, "wanted": c.wanted, "found": c.found, "holds": c.holds} for c in played.checks],
        "changes": changes(played.was, played.now),
    }  # fmt: skip
