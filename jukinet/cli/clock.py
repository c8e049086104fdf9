"""`jukinet clock show | advance | set`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated

import typer

from jukinet.cli import place
from jukinet.cli.output import progress, say, show_json, verb, when
from jukinet.cli.place import Json, State
from jukinet.model.dates import JST
from jukinet.stack import calendar
from jukinet.stack.stack import Stack

_DURATION = re.compile(r"([0-9]+)([wdhm])")
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(help="法と事務の時計 / The clock that law and acts go by.", no_args_is_help=True)
    app.add_typer(noun, name="clock")
    verb(noun, "show", "jukinet clock show")(show)
    verb(noun, "advance", "jukinet clock advance 14d", "jukinet clock advance 12h")(advance)
    verb(noun, "set", "jukinet clock set 2021-06-15", "jukinet clock set 2021-06-15T13:30")(set_)


def show(state: State = None, as_json: Json = False) -> None:
    """今の仮想時刻 / The time of the network."""
    with place.stack(state) as stack:
        now = calendar.now(stack)
        if as_json:
            show_json({"virtual": stack.topology.virtual_clock, "time": now.isoformat()})
        else:
            kind = "仮想 / virtual" if stack.topology.virtual_clock else "システム / system"
            say(f"{when(now)} {kind}")


def advance(
    duration: Annotated[str, typer.Argument(help="14d, 2w, 12h, 30m")], state: State = None, as_json: Json = False
) -> None:
    """時計を進める。期日ごとに止まる / Move every node's clock on, stopping wherever something falls due."""
    parts = _DURATION.fullmatch(duration)
    if parts is None:
        raise typer.BadParameter("14d, 2w, 12h, 30m のように書いてください / write e.g. 14d, 2w, 12h, 30m")
    with place.stack(state) as stack:
        try:
            target = calendar.now(stack) + timedelta(**{_UNITS[parts[2]]: int(parts[1])})
        except OverflowError as error:
            raise typer.BadParameter("長すぎます / too long") from error
        _move(stack, target, as_json)


def set_(
    instant: Annotated[str, typer.Argument(help="YYYY-MM-DD[THH:MM], 日本時間 / Japanese time")],
    state: State = None,
    as_json: Json = False,
) -> None:
    """時計を合わせる。戻すことはできない / Set every node's clock, forward only."""
    try:
        found = datetime.fromisoformat(instant)
    except ValueError as error:
        raise typer.BadParameter("YYYY-MM-DD[THH:MM] と書いてください / write YYYY-MM-DD[THH:MM]") from error
    with place.stack(state) as stack:
        _move(stack, found.replace(tzinfo=found.tzinfo or JST), as_json)


def _move(stack: Stack, target: datetime, as_json: bool) -> None:
    with progress() as told:
        stops = calendar.set_clock(stack, target, told)
    if as_json:
        show_json({"time": target.astimezone(JST).isoformat(), "stops": [stop.isoformat() for stop in stops]})
        return
    for stop in stops[:-1]:
        say(f"  期日で停止 / stopped at {when(stop)}")
    say(when(target.astimezone(JST)))
