"""職権: entries, deletions and corrections that nobody reported, and the 転入通知 that came on paper."""

from __future__ import annotations

from typing import Annotated

import typer

from jukinet.cli.counter import (
    CLERK,
    Address,
    Born,
    BornText,
    Clerk,
    Foreign,
    Gender,
    Household,
    Id,
    Kana,
    Name,
    On,
    Reason,
    Relationship,
    RequestId,
    Ward,
    birth_date,
    counter,
    person,
    sex_of,
    told,
)
from jukinet.cli.output import verb
from jukinet.cli.place import Json, Municipality, State
from jukinet.model.identification import Sex
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import intermunicipal_pb2
from jukinet.wire import convert


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    base = "jukinet resident"
    verb(
        noun, "enter-ex-officio",
        f'{base} enter-ex-officio 国立市 --name "架空　太郎" --sex male --born 1990'
        " --address 東京都国立市みどり町1番地1",
    )(enter_ex_officio)  # fmt: skip
    verb(noun, "delete-ex-officio", f"{base} delete-ex-officio 国立市 12 --on 2021-06-01")(delete_ex_officio)
    verb(noun, "correct-ex-officio", f'{base} correct-ex-officio 国立市 12 --kana "かくう　じろう"')(correct_ex_officio)
    verb(
        noun, "enter-paper-move-in-notice",
        f'{base} enter-paper-move-in-notice 国立市 --resident-code 12345678901 --name "架空　太郎" --sex male'
        " --born 1990-05-01 --new-municipality 131156 --new-address 東京都杉並区みどり町1番地1 --moved-in 2021-06-01",
    )(enter_paper_move_in_notice)  # fmt: skip


def enter_ex_officio(
    municipality: Municipality,
    name: Name,
    sex: Gender,
    address: Address = "",
    kana: Kana = "",
    born: Born = "",
    born_text: BornText = "",
    relationship: Relationship = "世帯主",
    foreign: Foreign = False,
    on: On = "",
    ward: Ward = "",
    household: Household = 0,
    reason: Reason = "職権記載",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """職権記載（令12条）/ Enter a person whom no one reported."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.EnterExOfficioRequest(
            operation=operation, person=person(name, kana, born, born_text, sex, relationship, foreign),
            address=address, change_date=at.day(on), area_code=at.area(ward), household_id=household,
        )  # fmt: skip
        told(at, operation, at.call("EnterExOfficio", request), as_json)


def delete_ex_officio(
    municipality: Municipality,
    resident_id: Id,
    on: On = "",
    reason: Reason = "職権消除",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """職権消除（令12条）/ Close a record that must go."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.DeleteExOfficioRequest(operation=operation, resident_id=resident_id, change_date=at.day(on))
        told(at, operation, at.call("DeleteExOfficio", request), as_json)


def correct_ex_officio(
    municipality: Municipality,
    resident_id: Id,
    on: On = "",
    name: Annotated[str | None, typer.Option("--name", help="氏名 / name.")] = None,
    kana: Annotated[str | None, typer.Option("--kana", help="振り仮名 / its reading.")] = None,
    former_surname: Annotated[str | None, typer.Option("--former-surname", help="旧氏")] = None,
    alias: Annotated[str | None, typer.Option("--alias", help="通称")] = None,
    born: Born = "",
    sex: Annotated[str, typer.Option("--sex", help="male | female")] = "",
    address: Annotated[str | None, typer.Option("--address", help="住所 / address.")] = None,
    reason: Reason = "職権修正",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """職権修正（令12条）/ Correct a record; only what is given is corrected."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.CorrectExOfficioRequest(
            operation=operation, resident_id=resident_id, change_date=at.day(on), name=name, name_kana=kana,
            former_surname=former_surname, alias=alias, birth_date=birth_date(born), address=address,
            sex=sex_of(sex) if sex else convert.enum(Sex.UNSPECIFIED),
        )  # fmt: skip
        told(at, operation, at.call("CorrectExOfficio", request), as_json)


def enter_paper_move_in_notice(
    municipality: Municipality,
    resident_code: Annotated[str, typer.Option("--resident-code", help="住民票コード, 11 digits.")],
    name: Name,
    sex: Gender,
    new_municipality: Annotated[str, typer.Option("--new-municipality", help="転入先のコード / six-digit code.")],
    new_address: Annotated[str, typer.Option("--new-address", help="転入先の住所 / the new address.")],
    moved_in: Annotated[str, typer.Option("--moved-in", help="転入年月日 YYYY-MM-DD")],
    reported: Annotated[
        str, typer.Option("--reported", help="届出年月日。省けば転入年月日 / default: --moved-in")
    ] = "",
    born: Born = "",
    former_address: Annotated[str, typer.Option("--former-address", help="従前の住所")] = "",
    reason: Reason = "紙の転入通知（規則2条2項）",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """紙で届いた転入通知（規則2条②）/ A 転入通知 that came on paper because the line was down."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        notice = intermunicipal_pb2.MoveInNotice(
            resident_code=resident_code, name=name, birth_date=birth_date(born), sex=sex_of(sex),
            new_address=new_address, move_in_date=at.day(moved_in, "--moved-in"),
            report_date=at.day(reported or moved_in, "--reported"), former_address=former_address,
            new_area_code=new_municipality,
        )  # fmt: skip
        request = pb.EnterPaperMoveInNoticeRequest(operation=operation, notice=notice)
        told(at, operation, at.call("EnterPaperMoveInNotice", request), as_json)
