"""`jukinet participation`: who stands outside the network, now and in its history."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from jukinet.cli import place
from jukinet.cli.counter import parse_day
from jukinet.cli.output import progress, say, show_json, table, verb
from jukinet.cli.place import Json, Municipality, State
from jukinet.drill.participation import Day, replay_history
from jukinet.model import participation as history
from jukinet.model.participation import Mode
from jukinet.stack.fault import Exit
from jukinet.v1 import participation_pb2 as pb
from jukinet.v1 import participation_pb2_grpc

STUB = participation_pb2_grpc.ParticipationDrillServiceStub
WORDS = {Mode.FULL: "参加", Mode.OUTSIDE: "不参加", Mode.SELECTIVE: "条件付き参加（横浜方式）"}
HEADINGS = ("日", "不参加の団体", "住民", "機構から見えない者", "概要資料")
NOTE = (
    "注意：2002～2015年の日付を2021年の規則で動かした時代錯誤の再現 / an anachronism: rules of 2021, dates of 2002–2015"
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(no_args_is_help=True, help="参加・不参加 / who stands outside, or withholds residents.")
    app.add_typer(noun, name="participation")
    base = "jukinet participation"
    verb(noun, "show", f"{base} show", f"{base} show --on 2003-08-25")(show)
    verb(noun, "leave", f"{base} leave 国立市")(leave)
    verb(noun, "join", f"{base} join 国立市")(join)
    verb(noun, "selective", f"{base} selective 横浜市")(selective)
    verb(noun, "replay", f"{base} replay", f"{base} replay --json")(replay)


def show(
    on: Annotated[str, typer.Option("--on", help="この日の史実 / as it was on this day (YYYY-MM-DD).")] = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """参加の状況 / Who does not take part as the law orders: in this network, or in history."""
    if on:
        found = history.modes_on(parse_day(on, "--on"))
    else:
        with place.stack(state) as stack:
            stack.require_running()
            answer = stack.console(stack.running[0]).call(STUB, "ListParticipations", pb.ListParticipationsRequest())
            found = {stack.topology.find(one.area_code).name: Mode(one.mode) for one in answer.participations}
    if as_json:
        show_json({name: mode.name for name, mode in found.items()})
    elif not found:
        say("全団体が参加しています / everybody takes part")
    else:
        table(("団体", "状態"), [(name, WORDS[mode]) for name, mode in found.items()])


def leave(municipality: Municipality, state: State = None, as_json: Json = False) -> None:
    """不参加 / Pull the plug: nothing is sent, 転入通知 go by paper."""
    _set(municipality, Mode.OUTSIDE, state, as_json)


def join(municipality: Municipality, state: State = None, as_json: Json = False) -> None:
    """参加 / Take part as the law orders: everybody is told of anew."""
    _set(municipality, Mode.FULL, state, as_json)


def selective(municipality: Municipality, state: State = None, as_json: Json = False) -> None:
    """横浜方式 / Take part, but withhold whoever filed 非通知の申出."""
    _set(municipality, Mode.SELECTIVE, state, as_json)


def _set(municipality: str, mode: Mode, state: Path | None, as_json: bool) -> None:
    """Tell every node, the upper tiers first; then wait until what is told anew has arrived."""
    with place.stack(state) as stack:
        stack.require_running()
        spec, records = stack.topology.find(municipality), 0
        request = pb.SetParticipationRequest(area_code=spec.identity.area_code, mode=mode.value)  # type: ignore[arg-type]
        for path in stack.running:
            records += stack.console(path).call(STUB, "SetParticipation", request, 120.0).records
        with progress() as told:
            settled = stack.settle(progress=told)
    if as_json:
        show_json({"municipality": spec.path, "mode": mode.name, "records": records, "settled": settled})
    else:
        say(f"{spec.name}: {WORDS[mode]}、再送 {records} 件 / {records} records told anew")


def replay(as_json: Json = False) -> None:
    """平成14年～27年の再現 / Play 2002-08-05 to 2015-03-30 on real nodes, and compare with the overview."""
    with tempfile.TemporaryDirectory() as folder, progress() as told:
        days = replay_history(Path(folder), told)
    if as_json:
        show_json({"note": NOTE, "days": [day.told() for day in days]})
    else:
        say(NOTE)
        table(HEADINGS, [_row(day) for day in days], right=(2,))
    if not all(day.agrees for day in days):
        raise typer.Exit(Exit.FAULT)


def _row(day: Day) -> tuple[str, ...]:
    unseen = "、".join(f"{name} {count}" for name, count in day.unseen.items() if count)
    names = " ".join(sorted(day.outside)) or "なし"
    return str(day.day), names, str(day.residents), unseen or "0", "一致" if day.agrees else "不一致"
