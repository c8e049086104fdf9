"""`jukinet report` and `jukinet replay`: the ministry's tables of a fiscal year, out of the log."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from jukinet.cli import place
from jukinet.cli.output import progress, say, show_json, table, verb
from jukinet.cli.place import Json, State
from jukinet.drill.provision_replay import Cell, Counts, cells, counted, fiscal_months, replay_year, scaled
from jukinet.model.main_affairs import main_affairs, monthly_figures, table_totals
from jukinet.stack.fault import Exit

REIWA = 2018
UPPER = ("jlis", "prefecture")
NOTE = "公表値は総務省の概要資料（令和2年度、別表第五・第六は令和元年度） / published: the ministry's overview"

Year = Annotated[str, typer.Option("--fiscal-year", help="年度 / R2 or 2020.")]
Scale = Annotated[int, typer.Option("--scale", min=1, help="公表値をこれで割る / published figures are divided by it.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    verb(app, "report", "jukinet report --fiscal-year R3", "jukinet report --fiscal-year R2 --json")(report)
    verb(app, "replay", "jukinet replay --scale 1000", "jukinet replay --fiscal-year R2 --scale 100000 --json")(replay)


def report(
    fiscal_year: Year = "R3",
    scale: Scale = 1,
    state: State = None,
    as_json: Json = False,
) -> None:
    """提供の状況（30条の16・30条の18） / What went out, by 別表, main affair and month, beside what was published."""
    year = _year(fiscal_year)
    logged: Counter[tuple[str, str, int, int, int]] = Counter()
    with place.stack(state) as stack:
        stack.require_running()
        for path in stack.running:
            if path.startswith(UPPER):
                logged.update(counted(stack.console(path), year))
    _show(logged, year, scale, cells(monthly_figures(), scale, year, logged), as_json)


def replay(
    fiscal_year: Year = "R2",
    scale: Scale = 1000,
    as_json: Json = False,
) -> None:
    """公表された1年の提供を縮尺で再現 / Play the published year at 1/scale. Exit code 4 if a cell differs."""
    year = _year(fiscal_year)
    if year != REIWA + 2:
        raise typer.BadParameter("--fiscal-year: 公表値は R2 のみ / figures were published for R2 alone")
    with tempfile.TemporaryDirectory() as folder, progress() as told:
        played = replay_year(Path(folder) / "network", scale, told)
    _show(played.logged, year, scale, played.cells, as_json)
    if not all(cell.agrees for cell in played.cells):
        raise typer.Exit(Exit.FAULT)


def _show(logged: Counts, year: int, scale: int, found: Sequence[Cell], as_json: bool) -> None:
    by_table, by_row = _sums(logged)
    totals = [(one, by_table[one.table], scaled(one.count, scale)) for one in table_totals()]
    affairs = [(one, sum(by_row[item] for item in one.affair_ids), scaled(one.count, scale)) for one in main_affairs()]
    if as_json:
        show_json(
            {
                "fiscal_year": year, "scale": scale,
                "tables": [{"table": one.table, "logged": n, "published": p} for one, n, p in totals],
                "main_affairs": [
                    {"recipient": one.recipient, "affair": one.affair, "logged": n, "published": p}
                    for one, n, p in affairs
                ],
                "monthly": [_plain(cell) for cell in found],
                "agrees": all(cell.agrees for cell in found),
            }
        )  # fmt: skip
        return
    beside = f"公表値÷{scale:,}" if scale > 1 else "公表値"
    say(f"■ 別表ごとの提供件数 / by appended table, {year}年度")
    rows = [(f"別表第{one.table}", f"{n:,}", f"{p:,}") for one, n, p in totals]
    table(("別表", "記録", beside), rows, right=(1, 2))
    say("\n■ 主な事務 / main affairs")
    rows4 = [(f"第{one.table}", one.recipient, one.affair[:24], f"{n:,}", f"{p:,}") for one, n, p in affairs]
    table(("別表", "提供先", "事務", "記録", beside), rows4, right=(3, 4))
    say("\n■ 機関・事務・方法・月 / agency, affair, form and month")
    _show_months(found, year, beside)
    say(NOTE)


def _show_months(found: Sequence[Cell], year: int, beside: str) -> None:
    names = [f"{month.month}月" for month in fiscal_months(year)]
    lines = []
    for start in range(0, len(found), len(names)):
        row = found[start : start + len(names)]
        head = row[0]
        lines.append((head.agency, head.affair[:10], head.form.japanese, "記録", *(f"{c.logged:,}" for c in row)))
        lines.append(("", "", "", beside, *(f"{c.expected:,}" for c in row)))
    table(("機関", "事務", "方法", "", *names), lines, right=range(4, 4 + len(names)))
    differing = sum(not cell.agrees for cell in found)
    say(f"一致 / equal {len(found) - differing}、相違 / different {differing}（{len(found)}欄 / cells）")


def _sums(logged: Counts) -> tuple[Counter[int], Counter[str]]:
    by_table: Counter[int] = Counter()
    by_row: Counter[str] = Counter()
    for (_, affairs, *_rest), count in logged.items():
        affair = affairs.partition("、")[0]
        by_row[affair] += count
        if affair[:1].isdigit():
            by_table[int(affair[0])] += count
    return by_table, by_row


def _plain(cell: Cell) -> dict[str, Any]:
    return {
        "agency": cell.agency, "affair": cell.affair, "form": cell.form.name, "month": f"{cell.month:%Y-%m}",
        "published": cell.published, "expected": cell.expected, "logged": cell.logged,
    }  # fmt: skip


def _year(text: str) -> int:
    if found := re.fullmatch(r"[Rr](\d{1,2})", text):
        return REIWA + int(found[1])
    if re.fullmatch(r"20\d\d", text):
        return int(text)
    raise typer.BadParameter("--fiscal-year: R2, 2020")
