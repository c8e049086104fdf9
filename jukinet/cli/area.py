"""`jukinet area show | merge`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from functools import partial
from typing import Annotated, Any
from uuid import uuid4

import typer

from jukinet.cli import place
from jukinet.cli.output import say, show_json, table, verb
from jukinet.cli.place import Json, State
from jukinet.model import areas, successions
from jukinet.model.areas import Area
from jukinet.model.successions import Succession
from jukinet.stack.merger import merge

Name = Annotated[str, typer.Argument(help="名前又は6桁コード / name or code.")]
On = Annotated[str, typer.Option("--on", help="YYYY-MM-DD: この日に存在するもの / those that exist on this day.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(help="団体と区 / Municipalities and wards, and who succeeded whom.", no_args_is_help=True)
    app.add_typer(noun, name="area")
    verb(noun, "show", "jukinet area show 浜松市天竜区 --on 2024-01-01", "jukinet area show 横浜市 --on 2021-06-01")(
        show
    )
    verb(noun, "merge", "jukinet area merge 二見町 伊勢市")(merge_)


def show(name: Name, on: On = "", as_json: Json = False) -> None:
    """団体・区の符号、存続期間、承継関係、--on の日の区 / Code, days and succession; on a day, a city's wards too."""
    try:
        day = date.fromisoformat(on) if on else None
    except ValueError as error:
        raise typer.BadParameter("YYYY-MM-DD と書いてください / write YYYY-MM-DD") from error
    found = [area for area in _named(name) if day is None or area.exists_on(day)]
    if not found:
        raise typer.BadParameter(f"{name} という団体・区は{f' {on} には' if on else ''}ありません / no such area")
    if as_json:
        show_json([_json(area, day) for area in found])
        return
    if day is not None:
        found += [ward for area in found for ward in areas.wards_of(area.code, day) if ward not in found]
    table(
        ("コード", "名称", "から", "まで", "承継"),
        [
            (area.code, area.full_name, _day(area.valid_from), _day(area.valid_to), "、".join(_words(area)))
            for area in found
        ],
    )


def merge_(
    former: Annotated[str, typer.Argument(help="廃止された市区町村 / municipality that is no more.")],
    successor: Annotated[str, typer.Argument(help="承継した市区町村 / municipality that it became.")],
    state: State = None,
    as_json: Json = False,
) -> None:
    """合併: 住民票を承継団体へ引き継ぐ / Carry the records of a merged municipality to its successor (simulator)."""
    with place.stack(state) as stack:
        stack.require_running()
        old, new = stack.topology.find(former), stack.topology.find(successor)
        codes = old.identity.area_code, new.identity.area_code
        records = merge(*codes, partial(stack.drill, old.path), partial(stack.drill, new.path), lambda: str(uuid4()))
        stack.settle()
    if as_json:
        show_json({"from": codes[0], "to": codes[1], "records": records})
    else:
        say(f"{old.name} → {new.name}: {records}件を引き継ぎました / {records} records taken over")


def _named(name: str) -> list[Area]:
    one = areas.find(name)
    return [one] if one else areas.by_name(name)


def _json(area: Area, day: date | None) -> dict[str, Any]:
    return {
        "code": area.code,
        "name": area.full_name,
        "kind": area.kind,
        "valid_from": _day(area.valid_from) or None,
        "valid_to": _day(area.valid_to) or None,
        "becomes": [asdict(found) | {"day": found.day.isoformat()} for found in successions.of(area.code)],
        "formers": list(successions.formers(area.code, date.max)),
        "wards": [{"code": ward.code, "name": ward.full_name} for ward in areas.wards_of(area.code, day)],
    }


def _words(area: Area) -> list[str]:
    before = [f"旧{_name(code)} ({code})" for code in successions.formers(area.code, date.max)]
    return [*before, *map(_becomes, successions.of(area.code))]


def _becomes(found: Succession) -> str:
    part = f"（{'・'.join(found.towns)}）" if found.towns else ""
    return f"{found.day}{part}→ {_name(found.successor)} ({found.successor})"


def _name(code: str) -> str:
    area = areas.find(code)
    return area.city + area.name if area else code


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
