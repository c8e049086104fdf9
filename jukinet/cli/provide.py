"""`jukinet provide`: what an office asks for, and what the law lets it have."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

import typer

from jukinet.cli import place, provide_bulk, provide_file, provide_media
from jukinet.cli.counter import CLERK, TERMINAL, Born, Gender, birth_date, parse_day, sex_of
from jukinet.cli.output import plain, say, show_json, table, verb
from jukinet.cli.place import Json, State
from jukinet.cli.provide_bulk import require_office
from jukinet.model import appended_table, offices
from jukinet.model.appended_table import TABLES
from jukinet.model.codes import MASK
from jukinet.model.provision import Field, Result
from jukinet.v1 import counter_pb2, provision_pb2_grpc, search_pb2
from jukinet.v1 import provision_pb2 as pb
from jukinet.v1.identification_pb2 import SEX_UNSPECIFIED

STUB = provision_pb2_grpc.ProvisionServiceStub
MOST_WORDS = 40

Office = Annotated[str, typer.Argument(help="機関のID / office, e.g. japan-pension-service, 132152-mayor.")]
Affair = Annotated[str, typer.Argument(help="事務 / 項 of an appended table, e.g. 1-77; ordinance/ID; consent …")]
At = Annotated[str, typer.Option("--at", help="提供元 / who is asked.")]
Case = Annotated[str, typer.Option("--case", help="事案番号。氏名などを書かない / the office's case number.")]
Why = Annotated[str, typer.Option("--reason", help="事由。氏名などを書かない / why, in words that name no one.")]
RequestId = Annotated[str, typer.Option("--request-id", help="再試行に同じものを / the same makes a repeat harmless.")]
Number = Annotated[str, typer.Option("--number", help="個人番号 (12 digits), where the office may use it.")]
Code = Annotated[str, typer.Option("--code", help="住民票コード (11 digits), where the law lets it out.")]
Name = Annotated[str, typer.Option("--name", help="氏名 / name.")]
Address = Annotated[str, typer.Option("--address", help="住所の始まり / how the address begins.")]
Via = Annotated[str, typer.Option("--via", help="経由する知事 / own governor, where the law says 経て.")]
Show = Annotated[bool, typer.Option("--show-numbers", help="個人番号も示す / show numbers.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    noun = typer.Typer(no_args_is_help=True, help="本人確認情報の提供 / what offices are given (法30条の9–30条の15).")
    app.add_typer(noun, name="provide")
    base = "jukinet provide"
    who = "japan-pension-service 1-77 --name '架空　太郎' --born 1980-05-01 --sex male"
    verb(noun, "offices", f"{base} offices", f"{base} offices --json")(list_offices)
    verb(noun, "affairs", f"{base} affairs japan-pension-service", f"{base} affairs 132152-mayor --on 2026-06-14")(
        affairs
    )
    verb(noun, "identification", f"{base} identification {who} --case A-1")(identification)
    provide_bulk.register(noun)
    provide_file.register(noun)
    provide_media.register(noun)


def list_offices(as_json: Json = False) -> None:
    """機関の一覧 / Offices of 別表第一; those of local bodies are {団体コード}-{organ}."""
    national = list(offices.national().values())
    if as_json:
        show_json({"national": {one.id: one.name for one in national}, "local_organs": offices.ORGANS})
        return
    table(("ID", "機関"), [(one.id, one.name) for one in national])
    say()
    say("地方公共団体 / local: 132152-mayor, 130001-governor, " + ", ".join(f"…-{organ}" for organ in offices.ORGANS))


def affairs(
    office: Office,
    on: Annotated[str, typer.Option("--on", help="この日の別表 / tables of this day (YYYY-MM-DD).")] = "",
    as_json: Json = False,
) -> None:
    """機関に開かれた事務 / The rows of the appended tables that name an office, and whether 個人番号 goes with them."""
    day = parse_day(on, "--on") if on else appended_table.SNAPSHOTS[1]
    found = [row for number in TABLES for row in appended_table.rows(number, day) if _names(row, office)]
    if as_json:
        show_json(
            {
                "snapshot": appended_table.snapshot(day).isoformat(),
                "approximate": appended_table.is_approximate(day),
                "rows": [
                    {"affair": row.id, "words": row.affair, "individual_number": row.number_item} for row in found
                ],
            }
        )
        return
    near = "（近似 / approximate）" if appended_table.is_approximate(day) else ""
    say(f"別表 {appended_table.snapshot(day)}{near}")
    table(("事務", "個人番号", "内容"), [(row.id, _number(row.number_item), _short(row.affair)) for row in found])


def identification(
    office: Office,
    affair: Affair,
    number: Number = "",
    code: Code = "",
    name: Name = "",
    born: Born = "",
    sex: Gender = "",
    address: Address = "",
    at: At = "機構",
    via: Via = "",
    case: Case = "",
    reason: Why = "照会",
    request_id: RequestId = "",
    show_numbers: Show = False,
    state: State = None,
    as_json: Json = False,
) -> None:
    """即時提供 / One person, by number, code, or name with birth date and sex. Exit code 1 if the law says no."""
    request = pb.ProvideIdentificationRequest(
        operation=operation(reason, request_id),
        purpose=pb.ProvisionPurpose(affair=affair, case_number=case),
        criteria=search_pb2.SearchCriteria(
            individual_number=number, resident_code=code, name=name, birth_date=birth_date(born),
            sex=sex_of(sex) if sex else SEX_UNSPECIFIED, address_prefix=address,
        ),
    )  # fmt: skip
    require_office(office)
    with place.stack(state) as stack:
        stack.require_running()
        path = stack.topology.find(at).path
        if via:
            governor = stack.topology.find(via).path
            passed = pb.ProvideViaGovernorRequest(request_id=str(uuid4()), question=request, provider=path)
            stack.office(governor, office).call(STUB, "ProvideViaGovernor", passed)
        answer = stack.office(path, office).call(STUB, "ProvideIdentification", request)
    if as_json:
        show_json(plain(answer, numbers=show_numbers))
    else:
        _tell(answer, show_numbers)


def operation(reason: str, request_id: str = "") -> counter_pb2.Operation:
    """Who asks, and why."""
    return counter_pb2.Operation(
        request_id=request_id or str(uuid4()), verification_id=TERMINAL, operator_id=CLERK, reason=reason
    )


def _tell(answer: pb.ProvideIdentificationResponse, show_numbers: bool) -> None:
    result = Result(answer.result)
    near = "（近似 / approximate）" if answer.approximate else ""
    say(f"{result.japanese} / {result.name}  {answer.article}  事務 {answer.affair}{near}  記録 #{answer.audit_id}")
    if answer.HasField("record"):
        person = answer.record.identification
        born = person.birth_date
        number = person.individual_number
        rows = [
            ("氏名", person.name),
            ("出生の年月日", f"{born.year}-{born.month:02d}-{born.day:02d}"),
            ("男女の別", {1: "男", 2: "女"}.get(person.sex, "")),
            ("住所", person.address),
            ("個人番号", number if show_numbers else MASK * len(number)),
        ]
        table(("項目", "内容"), [row for row in rows if row[1]])
        if answer.record.awaits_move_in:
            say("転出により消除され、転入届がまだありません / removed by a 転出届; no 転入届 yet")
    for one in answer.withheld:
        say(f"提供せず / withheld: {Field(one.field).japanese}  {one.article}")
    if result is Result.VIA_GOVERNOR:
        say("次に / next: --via に自らの都道府県知事を指定して、もう一度 / again, with --via your own governor")
    if result is Result.OWN_GOVERNOR:
        say("次に / next: --at に自らの都道府県知事を指定して、もう一度 / again, with --at your own governor")


def _names(row: appended_table.Row, office_id: str) -> bool:
    try:
        return offices.is_recipient(row, offices.parse(office_id))
    except ValueError as error:
        raise typer.BadParameter(f"{office_id}: `jukinet provide offices`") from error


def _number(item: str) -> str:
    return "×" if item == "no" else f"番号法別表第一 {item}の項"


def _short(words: str) -> str:
    return words if len(words) <= MOST_WORDS else f"{words[:MOST_WORDS]}…"
