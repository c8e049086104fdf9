"""People: found by what is true of them, then seen as every tier holds them, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from jukinet.console.pages import Pages, in_thread
from jukinet.console.persons import Cell, Followed, Persons, column
from jukinet.model import areas
from jukinet.model.codes import NUMBERS, masked
from jukinet.model.dates import wareki
from jukinet.model.holding import ITEMS, PersonKind
from jukinet.model.provision import Field
from jukinet.stack import holding
from jukinet.stack.holding import Change, Holding, Notice, Person, Provision, Record
from jukinet.stack.stage import Stage
from jukinet.store.spool import Spool

KINDS = {kind.name.lower(): kind for kind in PersonKind}
OF_EACH, OF_ONE = 5, 50
LAST_CHANGE = "last_change"
TIERS = ("municipality", "prefecture", "jlis")


def routes(pages: Pages) -> Sequence[BaseRoute]:
    """`/people`, the choice of one of them, and `/people/{key}` with its part that follows the news."""

    async def index(request: Request) -> Response:
        kind, node = request.query_params.get("kind", ""), request.query_params.get("node", "")
        stage = pages.theatre.stage
        nodes = [one for one in stage.topology.own if one.path.startswith("municipality/")]
        if kind not in ("", *KINDS) or node not in ("", *(one.path for one in nodes)):
            raise HTTPException(404)
        found = await in_thread(_find, stage, KINDS[kind], node) if kind else []
        return pages.render(
            request, "people.html", here="people", kinds=list(KINDS), kind=kind, node=node, nodes=nodes, found=found,
            known=pages.persons.all(stage),
        )  # fmt: skip

    async def choose(request: Request) -> Response:
        form = await request.form()
        node, resident = str(form.get("node", "")), str(form.get("resident", ""))
        if not resident.isascii() or not resident.isdecimal() or len(resident) > 18:
            raise HTTPException(404)
        person = await in_thread(pages.persons.choose, pages.theatre.stage, node, int(resident))
        address = f"/people/{person.key}"
        if request.headers.get("accept", "").startswith("application/json"):
            return JSONResponse({"go": address})
        return RedirectResponse(address, 303)

    async def show(request: Request) -> Response:
        theatre = pages.theatre
        stage, spool = theatre.stage, theatre.feed.spool
        person = pages.persons.find(stage, request.path_params["key"])
        seq = await in_thread(lambda: spool.last)
        values = await in_thread(look, stage, spool, pages.persons, person)
        template = "part/person.html" if request.headers.get("x-part") else "person.html"
        return pages.render(request, template, here="people", person=person, seq=seq, **values)

    return (
        Route("/people", index, methods=["GET"]),
        Route("/people", choose, methods=["POST"]),
        Route("/people/{key}", show),
    )


def _find(stage: Stage, kind: PersonKind, node: str) -> list[tuple[Person, Record | None]]:
    found = holding.find_persons(stage, kind, node, OF_ONE if node else OF_EACH)

    def record(number: int) -> Record | None:
        return holding.record_of(stage, found[number].node, found[number].resident_id)

    records = stage.each([str(number) for number in range(len(found))], lambda number: record(int(number)))
    return list(zip(found, records, strict=True))


def look(stage: Stage, spool: Spool, persons: Persons, person: Followed) -> dict[str, Any]:
    """All that the page shows of a person now."""
    found = holding.holdings(stage, person.code)
    holders = sorted((one for one in found.values() if one.records), key=_tier)
    columns = [(one, record) for one in holders for record in one.records]
    view: dict[Cell, str] = {}
    for one, record in columns:
        name = column(one, record)
        view |= {(one.node, name, held.key): _shown(held.key, held.value, person.code) for held in record.fields}
        view[one.node, name, LAST_CHANGE] = _changed(record.change)
    was = persons.look(person, view)
    # A record that is gone, as after a return to an earlier step, has no column any more.
    alive = {column(one, record) for one, record in columns}
    was = {cell: value for cell, value in was.items() if cell[1] in alive}
    # Of a record that was not there before, it is enough to say so once.
    new = alive - {name for _, name, _ in person.before or ()}
    return {
        "columns": [_column(one, record, new=column(one, record) in new) for one, record in columns],
        "rows": _rows(columns, view, was), "changes": len(was), "new": len(new),
        "elsewhere": [path for path, one in found.items() if not one.records],
        "not_running": [path for path in stage.paths if path not in found],
        "recovering": [one.node for one in found.values() if one.recovering],
        "cut": [one.node for one in holders if one.history_cut],
        "codes": [_code_change(one, change) for one in holders for change in one.code_changes],
        "history": _history(holders, spool),
        "provisions": [_provision(one) for one in holding.provisions(stage, person.code)],
    }  # fmt: skip


def _tier(one: Holding) -> tuple[int, str]:
    return TIERS.index(one.node.partition("/")[0]), one.node


def _shown(key: str, value: str, code: str) -> str:
    """As it may be seen: of a number only that there is one, and of a code whether it is still the one looked up."""
    if key not in NUMBERS:
        return value
    return masked(value) + ("" if key != "resident_code" or value == code else "′")


def _changed(change: Change | None) -> str:
    return f"{change.kind.japanese}・{change.reason.japanese} {change.day}" if change else ""


def _column(one: Holding, record: Record, *, new: bool) -> dict[str, Any]:
    return {
        "node": one.node, "tier": one.node.partition("/")[0], "area": _area(record.area_code),
        "standing": record.standing, "new": new,
    }  # fmt: skip


def _rows(
    columns: Sequence[tuple[Holding, Record]], view: dict[Cell, str], was: dict[Cell, str]
) -> list[dict[str, Any]]:
    held = {key for _, _, key in (*view, *was)}
    rows: list[dict[str, Any]] = [
        {
            "key": item.key, "name": item.japanese, "reach": int(item.reach), "article": item.article,
            "up": item.reach.goes_up,
        }
        for item in ITEMS.values()
        if item.key in held
    ]  # fmt: skip
    rows.append({"key": LAST_CHANGE, "name": "", "reach": 0, "article": "", "up": True})
    for row in rows:
        cells = [(one.node, column(one, record), row["key"]) for one, record in columns]
        row["cells"] = [
            {"held": cell in view, "value": view.get(cell, ""), "changed": cell in was, "was": was.get(cell, "")}
            for cell in cells
        ]
    return rows


def _code_change(one: Holding, change: holding.CodeChange) -> dict[str, str]:
    return {
        "node": one.node, "area": _area(change.area_code), "reason": change.reason.japanese,
        "former": masked(change.former), "code": masked(change.code),
    }  # fmt: skip


def _history(holders: Sequence[Holding], spool: Spool) -> list[dict[str, Any]]:
    told = [(one.node, notice) for one in holders for notice in one.history]
    told.sort(key=lambda pair: (pair[1].lamport_time, *_place(pair[0]), pair[1].position, pair[1].index))
    return [_line(node, notice, spool) for node, notice in told]


def _place(node: str) -> tuple[int, str]:
    return TIERS.index(node.partition("/")[0]), node


def _line(node: str, notice: Notice, spool: Spool) -> dict[str, Any]:
    id = f"notice-{node.replace('/', '-')}-{notice.position}"
    return {
        "node": node, "area": _area(notice.area_code), "what": _changed(notice.change), "said": notice.said,
        "peer": notice.peer, "set_aside": notice.set_aside, "position": notice.position, "time": notice.virtual_time,
        "lamport": notice.lamport_time, "link": id if not notice.said and spool.find(id) else "",
    }  # fmt: skip


def _provision(one: Provision) -> dict[str, Any]:
    withheld = [f"{Field(each.field).japanese}（{each.article}）" for each in one.entry.withheld]
    return {
        "node": one.node, "office": one.office, "affair": one.entry.affair, "article": one.article,
        "time": one.virtual_time, "day": wareki(one.virtual_time.date()), "outcome": one.result.japanese,
        "given": [field.japanese for field in one.given], "withheld": withheld,
    }  # fmt: skip


def _area(code: str) -> str:
    area = areas.find(code)
    return area.name if area else code
