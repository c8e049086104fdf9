"""`jukinet misuse`: what an auditor would ask the offices about, out of a node's 操作記録."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from jukinet.cli import place
from jukinet.cli.counter import parse_day
from jukinet.cli.output import plain, say, show_json, table, verb
from jukinet.cli.place import Json, State
from jukinet.model.misuse import Kind
from jukinet.stack.fault import Exit, StackFault
from jukinet.stack.stack import Stack
from jukinet.v1 import drill_pb2, drill_pb2_grpc, misuse_pb2, misuse_pb2_grpc
from jukinet.wire import convert

STUB = misuse_pb2_grpc.MisuseDrillServiceStub
SECONDS = 120.0
COLUMNS = ("office", "case_number")
A_MONTH = timedelta(days=29)
SHOWN = 5
HEADINGS = ("疑い", "機関", "操作者", "件数", "最初", "最後", "行")
NOTE = "記録に基づく照会事項であり、違反の認定ではない / questions for the offices, not verdicts"


def register(app: typer.Typer) -> None:
    """Add the command."""
    verb(app, "misuse", "jukinet misuse", "jukinet misuse 東京都 --from 2021-06-01 --cases cases.csv --json")(misuse)


def misuse(
    node: Annotated[str, typer.Argument(help="機関 / node, by name, code or path.")] = "機構",
    first: Annotated[str, typer.Option("--from", help="初日 / first day; 30 days by default.")] = "",
    through: Annotated[str, typer.Option("--through", help="末日 / last day; the node's today by default.")] = "",
    cases_file: Annotated[
        Path | None,
        typer.Option(
            "--cases", exists=True, dir_okay=False, help=f"全事案の CSV / all cases there are: {','.join(COLUMNS)}."
        ),
    ] = None,
    lookups: Annotated[int, typer.Option("--lookups", min=0, help="同一人の照会回数 / of one person; 0: 5.")] = 0,
    days: Annotated[int, typer.Option("--days", min=0, help="その日数 / within days; 0: 30.")] = 0,
    records: Annotated[int, typer.Option("--records", min=0, help="1日の件数 / records a day; 0: 20,000.")] = 0,
    refusals: Annotated[int, typer.Option("--refusals", min=0, help="1日の拒否 / refusals a day; 0: 3.")] = 0,
    state: State = None,
    as_json: Json = False,
) -> None:
    """不正利用の点検 / Look-ups that need an explanation; nobody looked up is named. Exit code 4 if there are any."""
    cases = read(cases_file) if cases_file else []
    with place.stack(state) as stack:
        path = stack.topology.find(node).path
        last = parse_day(through, "--through") if through else _today(stack, path)
        begin = parse_day(first, "--from") if first else last - A_MONTH
        request = misuse_pb2.ReportMisuseRequest(
            through=convert.day_message(last), lookups=lookups, days=days, records=records, refusals=refusals,
            cases=cases, cases_known=cases_file is not None,
        )  # fmt: skip
        getattr(request, "from").CopyFrom(convert.day_message(begin))
        found = stack.console(path).call(STUB, "ReportMisuse", request, SECONDS).suspicions
    if as_json:
        show_json([plain(one) for one in found])
    else:
        say(f"{begin} – {last}: {len(found)}件")
        if found:
            table(HEADINGS, [_line(one) for one in found], right=(3,))
            say(NOTE)
    if found:
        raise typer.Exit(Exit.FAULT)


def read(cases: Path) -> list[misuse_pb2.Case]:
    """The cases of a file; StackFault if it is no such CSV."""
    try:
        with cases.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if set(rows.fieldnames or ()) == set(COLUMNS):
                return [
                    misuse_pb2.Case(office=row["office"] or "", case_number=row["case_number"] or "") for row in rows
                ]
    except UnicodeDecodeError:
        pass
    raise StackFault(
        f"{cases} is not a CSV in UTF-8 with the columns {', '.join(COLUMNS)}.",
        f"{cases} は UTF-8 の CSV（列は {','.join(COLUMNS)}）ではありません。",
        "Write the file again; a spreadsheet saves it as CSV UTF-8.",
    )


def _today(stack: Stack, path: str) -> date:
    status = stack.console(path).call(drill_pb2_grpc.DrillServiceStub, "GetStatus", drill_pb2.GetStatusRequest())
    return convert.instant(status.virtual_time).date()


def _line(one: misuse_pb2.Suspicion) -> tuple[str, ...]:
    begin, end = (f"{convert.instant(at):%Y-%m-%d %H:%M}" for at in (one.first_time, one.last_time))
    more = " …" if len(one.audit_ids) > SHOWN else ""
    rows = " ".join(map(str, one.audit_ids[:SHOWN])) + more
    return Kind(one.kind).japanese, one.office, one.operator_id, f"{one.count:,}", begin, end, rows
