"""`jukinet person`: one person as every tier holds it, side by side.

Whom a command is about is said by municipality and number: a code would stand in the history of the shell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import IntEnum
from typing import Annotated, Any

import typer
from google.protobuf.message import Message

from jukinet.cli import place
from jukinet.cli.counter import ShowNumbers
from jukinet.cli.output import plain, say, show_json, table, verb
from jukinet.cli.place import Json, State
from jukinet.model import areas
from jukinet.model.codes import NUMBERS, masked
from jukinet.model.dates import PartialDate
from jukinet.model.holding import PersonKind
from jukinet.stack import holding
from jukinet.stack.fault import StackFault
from jukinet.stack.holding import Holding, Notice, Person, Provision, Record
from jukinet.stack.reach import not_running
from jukinet.stack.stack import Stack

KINDS = {kind.name.lower().replace("_", "-"): kind for kind in PersonKind}
CODES = ("code", "codes", "former")
EPILOGUE = "、".join(f"{word}（{kind.japanese}）" for word, kind in KINDS.items())
Node = Annotated[str, typer.Argument(help="市区町村の名前又はコード / municipality, by name, code or path.")]


def register(app: typer.Typer) -> None:
    """Add the noun with its verbs."""
    noun = typer.Typer(help="一人について各団体が持つもの / One person, as every tier holds it.", no_args_is_help=True)
    app.add_typer(noun, name="person")
    base = "jukinet person"
    verb(noun, "find", f"{base} find moved-prefecture", f"{base} find couple 国立市 --json")(find)
    verb(noun, "show", f"{base} show 国立市 --resident 2", f"{base} show 国立市 --resident 2 --json")(show)


def find(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=EPILOGUE)],
    node: Annotated[str, typer.Argument(help="省けば全市区町村 / all municipalities without it.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="団体ごとの最大件数 / at most, of each.")] = 20,
    state: State = None,
    as_json: Json = False,
) -> None:
    """条件に合う者を探す / People of whom something is true, to look at with `show`."""
    if kind not in KINDS:
        raise typer.BadParameter(f"KIND: {' | '.join(KINDS)}")
    with place.stack(state) as stack:
        path = stack.topology.find(node).path if node else ""
        if not path and not stack.running:
            raise not_running(stack.paths, stack.root)
        found = holding.find_persons(stack, KINDS[kind], path, limit)
        names = {spec.path: spec.name for spec in stack.topology.nodes}
    if as_json:
        show_json([_told(person, numbers=False) for person in found])
        return
    rows = [_row(person, names) for person in found]
    table(("団体", "宛名番号", "世帯", "氏名", "区域"), rows, right=(1, 2))
    say(f"{KINDS[kind].japanese}: {len(found)} 件")


def _row(person: Person, names: Mapping[str, str]) -> tuple[str, ...]:
    return (
        names[person.node], str(person.resident_id), str(person.household_id), person.name, _area(person.area_code)
    )  # fmt: skip


def show(
    node: Node,
    resident: Annotated[int, typer.Option("--resident", min=1, help="宛名番号 / resident_id.")],
    show_numbers: ShowNumbers = False,
    state: State = None,
    as_json: Json = False,
) -> None:
    """各団体が持つもの、履歴、提供先 / What each tier holds of a person, with 履歴, and who was given what."""
    with place.stack(state) as stack:
        path = stack.topology.find(node).path
        code = holding.code_of(stack, path, resident)
        if not code:
            raise _nobody(node, resident)
        found, given = holding.holdings(stack, code), holding.provisions(stack, code)
        names = {spec.path: spec.name for spec in stack.topology.nodes}
        unseen = _unseen(stack, found)
    if as_json:
        show_json(
            {
                "holdings": [_told(one, numbers=show_numbers) for one in found.values()],
                "provisions": [_told(one, numbers=show_numbers) for one in given],
                "not_running": unseen,
            }
        )
        return
    holders = [one for one in found.values() if one.records]
    _show_records(holders, names, numbers=show_numbers)
    _show_history(holders, names)
    _show_provisions(given, names)
    if unseen:
        say(f"起動していない団体 / not running: {'、'.join(names[path] for path in unseen)}")


def _nobody(node: str, resident: int) -> StackFault:
    return StackFault(
        f"{node} has no resident record {resident}.",
        f"{node}に宛名番号 {resident} の住民票はありません。",
        "Find somebody with `jukinet person find`.",
    )


def _unseen(stack: Stack, found: Mapping[str, Holding]) -> list[str]:
    return [path for path in stack.paths if path not in found]


def _show_records(holders: Sequence[Holding], names: Mapping[str, str], *, numbers: bool) -> None:
    columns = [(one, record) for one in holders for record in one.records]
    headings = ["項目", "範囲", *(_heading(names[one.node], record) for one, record in columns)]
    rows = []
    for item in holding.items(holders):
        cells = [record.value(item.key) for _, record in columns]
        if item.key in NUMBERS and not numbers:
            cells = [masked(cell) for cell in cells]
        rows.append((item.japanese, item.reach.japanese, *cells))
    last = [_change(record) for _, record in columns]
    table(headings, [*rows, ("最後の変更", "", *last)])
    for one in holders:
        for change in one.code_changes:
            where = f"{_area(change.area_code)} {change.reason.japanese}"
            say(f"{names[one.node]}: 住民票コードの変更 / code changed: {where}")
        if one.recovering:
            say(f"{names[one.node]}: 回復中 / recovering")


def _heading(name: str, record: Record) -> str:
    area = areas.find(record.area_code)
    whose = area.name if area and area.name != name else ""
    number = f"宛名{record.resident_id}" if record.resident_id else ""
    return " ".join(filter(None, (name, whose, number, f"［{record.standing.japanese}］")))


def _change(record: Record) -> str:
    change = record.change
    if change is None:
        return ""
    where = f"（記録 {record.position}-{record.index}）" if record.position else ""
    return f"{change.kind.japanese}・{change.reason.japanese} {change.day}{where}"


def _show_history(holders: Iterable[Holding], names: Mapping[str, str]) -> None:
    say()
    headings = ("団体", "記録", "区域", "順番号", "旨", "事由", "年月日", "経路", "Lamport", "受けた日時")
    rows = [_line(names, one.node, notice) for one in holders for notice in one.history]
    table(headings, rows, right=(1, 3, 8))


def _line(names: Mapping[str, str], node: str, notice: Notice) -> tuple[str, ...]:
    change = notice.change
    whence = "作成" if notice.said else f"{names.get(notice.peer, notice.peer)}から"
    whence += "（隔離）" if notice.set_aside else ""
    return (
        names[node], f"{notice.position}-{notice.index}", _area(notice.area_code), str(notice.person_sequence),
        change.kind.japanese, change.reason.japanese, str(change.day), whence,
        str(notice.lamport_time), f"{notice.virtual_time:%Y-%m-%d %H:%M}",
    )  # fmt: skip


def _show_provisions(given: Sequence[Provision], names: Mapping[str, str]) -> None:
    say()
    if not given:
        say("提供なし / nothing was provided")
        return
    rows = [
        (
            names[one.node], str(one.audit_id), f"{one.virtual_time:%Y-%m-%d %H:%M}", one.office, one.entry.affair,
            one.article, one.result.japanese, "、".join(field.japanese for field in one.given),
        )
        for one in given
    ]  # fmt: skip
    table(("提供元", "操作記録", "日時", "提供先", "事務", "根拠", "結果", "項目"), rows, right=(1,))


def _area(code: str) -> str:
    area = areas.find(code)
    return area.name if area else code


def _told(value: Any, *, numbers: bool) -> Any:
    """A value for programs; codes and numbers are masked unless asked for."""
    if is_dataclass(value) and not isinstance(value, PartialDate):
        found = {field.name: _told(getattr(value, field.name), numbers=numbers) for field in fields(value)}
        hidden = [name for name in found if not numbers and (name in CODES or name in NUMBERS)]
        if not numbers and found.get("key") in NUMBERS:
            hidden.append("value")
        return found | {name: _masked(found[name]) for name in hidden}
    if isinstance(value, IntEnum):
        return value.name
    if isinstance(value, Message):
        return plain(value, numbers=numbers)
    if isinstance(value, tuple):
        return [_told(one, numbers=numbers) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, PartialDate) else value


def _masked(value: Any) -> Any:
    return [masked(one) for one in value] if isinstance(value, list) else masked(value)
