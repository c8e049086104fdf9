"""How commands speak: for people or as JSON, refusals in both languages, and one exit code for each kind of ending."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ParamSpec

import typer
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from jukinet.model.codes import NUMBERS, masked
from jukinet.model.dates import PartialDate, wareki
from jukinet.stack.fault import Exit, StackFault
from jukinet.stack.population import Progress as Told
from jukinet.wire import convert
from jukinet.wire.client import Refused

P = ParamSpec("P")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str = "") -> None:
    """A line for people, as it is: nothing in it is markup."""
    out.print(text, markup=False)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], right: Container[int] = ()) -> None:
    """Columns as wide as they need to be, never cut; `right` are those of figures."""
    lines = [tuple(headings), *(tuple(row) for row in rows)]
    widths = [max(cell_len(line[place]) for line in lines) for place in range(len(headings))]
    for line in lines:
        cells = []
        for place, cell in enumerate(line):
            blank = " " * (widths[place] - cell_len(cell))
            cells.append(blank + cell if place in right else cell + blank)
        say("  ".join(cells).rstrip())


def show_json(value: Any) -> None:
    """A value for programs."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def verb(app: typer.Typer, name: str, *examples: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Make a function a command, with examples in its help, and its faults told as `fail` does."""

    def decorate(function: Callable[P, None]) -> Callable[P, None]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            as_json = bool(kwargs.get("as_json"))
            try:
                function(*args, **kwargs)
            except Refused as refused:
                raise typer.Exit(refusal(refused, as_json)) from None
            except StackFault as fault:
                raise typer.Exit(fail(fault, as_json)) from None
            except OSError as error:
                raise typer.Exit(fail(_of_the_system(error), as_json)) from None
            except KeyboardInterrupt:
                err.print("中断しました / interrupted", markup=False)
                raise typer.Exit(130) from None

        shown = "\n".join(f"  {example}" for example in examples)
        app.command(name, epilog=f"\b\n例 / Examples:\n{shown}")(run)
        return run

    return decorate


def _of_the_system(error: OSError) -> StackFault:
    place = f" {error.filename}" if error.filename else ""
    return StackFault(
        f"The system refused{place}: {error.strerror or type(error).__name__}.",
        f"ファイル又は通信が拒まれました{place}。",
        "Look at rights and room of the state folder.",
        Exit.FAULT,
    )


def refusal(refused: Refused, as_json: bool) -> int:
    """Tell what a node refused, with reason, article and remedy. The exit code."""
    answer = refused.answer
    unreachable = answer.reason.startswith("PEER_UNREACHABLE")
    code = Exit.NOT_RUNNING if unreachable else Exit.REFUSED
    again = (
        "" if answer.definite else "同じ --request-id で再試行できます / may be tried again with the same --request-id"
    )
    if as_json:
        told = {
            "reason": answer.reason,
            "article": answer.article,
            "definite": answer.definite,
            "english": answer.message,
            "japanese": answer.japanese,
            "facts": dict(answer.facts),
        }
        show_json({"refused": told})
        return code
    article = f"（{answer.article}）" if answer.article else ""
    facts = "".join(f" {name}={value}" for name, value in answer.facts)
    lines = [f"拒否: {answer.japanese}{article}", f"Refused: {answer.message} [{answer.reason}{facts}]"]
    if unreachable:
        lines.append("次に / next: `jukinet status` と `jukinet doctor` を見てください")
    for line in [*lines, again]:
        if line:
            err.print(line, markup=False)
    return code


def fail(fault: StackFault, as_json: bool) -> int:
    """Tell what keeps a command from being done. The exit code."""
    if as_json:
        told = {"code": int(fault.code), "english": fault.english, "japanese": fault.japanese, "remedy": fault.remedy}
        show_json({"fault": told})
    else:
        for line in (fault.japanese, fault.english, f"次に / next: {fault.remedy}"):
            err.print(line, markup=False)
    return fault.code


@contextmanager
def progress() -> Iterator[Told]:
    """A bar on a terminal; elsewhere one line for each thing begun."""
    if not sys.stderr.isatty():
        begun: set[str] = set()

        def note(what: str, done: int, total: int) -> None:
            if what not in begun:
                begun.add(what)
                err.print(f"→ {what}", markup=False)

        yield note
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
    )
    with Progress(*columns, TimeElapsedColumn(), console=err, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def move(what: str, done: int, total: int) -> None:
            if what not in tasks:
                for task in tasks.values():
                    bar.remove_task(task)
                tasks.clear()
                tasks[what] = bar.add_task(what)
            bar.update(tasks[what], completed=done, total=total)

        yield move


def when(instant: datetime) -> str:
    """An instant in 西暦 and 和暦."""
    return f"{instant:%Y-%m-%d %H:%M}（{wareki(instant.date())}）"


def plain(message: Message, *, numbers: bool = True) -> dict[str, Any]:
    """A message as JSON values: dates as texts, enums by name, bytes in hexadecimal, people's numbers masked."""
    found: dict[str, Any] = {}
    for field in message.DESCRIPTOR.fields:
        value = getattr(message, field.name)
        if field.is_repeated:
            found[field.name] = [_plain(field, one, numbers) for one in value]
        elif field.message_type is not None and not message.HasField(field.name):
            found[field.name] = None
        else:
            found[field.name] = _plain(field, value, numbers)
    return found


def _plain(field: Any, value: Any, numbers: bool) -> Any:
    if isinstance(value, Timestamp):
        return convert.instant(value).isoformat()
    if isinstance(value, Date):
        return str(PartialDate(value.year, value.month, value.day))
    if isinstance(value, Message):
        return plain(value, numbers=numbers)
    if isinstance(value, bytes):
        return value.hex()
    if field.enum_type is not None:
        name = field.enum_type.values_by_number[value].name if value in field.enum_type.values_by_number else str(value)
        prefix = field.enum_type.values_by_number[0].name.removesuffix("UNSPECIFIED")
        return name.removeprefix(prefix)
    return masked(value) if field.name in NUMBERS and not numbers else value
