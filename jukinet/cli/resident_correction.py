"""Corrections: 軽微な修正, the two numbers, and the names beside the name."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from jukinet.cli.counter import CLERK, Clerk, Id, Ids, On, Reason, RequestId, counter, told
from jukinet.cli.output import verb
from jukinet.cli.place import Json, Municipality, State
from jukinet.v1 import correction_pb2 as pb
from jukinet.v1 import correction_pb2_grpc

STUB = correction_pb2_grpc.CorrectionServiceStub
ITEMS = {
    "plain-character": pb.MINOR_ITEM_PLAIN_CHARACTER,
    "identification": pb.MINOR_ITEM_CHARACTER_IDENTIFICATION,
    "area-name": pb.MINOR_ITEM_AREA_NAME,
    "lot-number": pb.MINOR_ITEM_LOT_NUMBER,
    "residence-indication": pb.MINOR_ITEM_RESIDENCE_INDICATION,
    "building": pb.MINOR_ITEM_BUILDING,
    "recognized": pb.MINOR_ITEM_RECOGNIZED,
}
CAUSES = {"request": pb.NUMBER_CHANGE_CAUSE_REQUEST, "ex-officio": pb.NUMBER_CHANGE_CAUSE_EX_OFFICIO}
BASE = "jukinet resident"


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    verb(
        noun, "correct-minor",
        f"{BASE} correct-minor 国立市 12 13 --item residence-indication --address 東京都国立市みどり町1丁目2番3号",
        f'{BASE} correct-minor 国立市 12 --item identification --name "渡邉　太郎"',
    )(correct_minor)  # fmt: skip
    verb(noun, "change-resident-code", f"{BASE} change-resident-code 国立市 12")(change_resident_code)
    verb(noun, "correct-resident-code", f"{BASE} correct-resident-code 国立市 12 --on 2021-06-01")(
        correct_resident_code
    )
    verb(noun, "change-individual-number", f"{BASE} change-individual-number 国立市 12 --cause request")(
        change_individual_number
    )
    verb(noun, "enter-former-surname", f"{BASE} enter-former-surname 国立市 12 模擬")(enter_former_surname)
    verb(noun, "delete-former-surname", f"{BASE} delete-former-surname 国立市 12")(delete_former_surname)
    verb(noun, "enter-alias", f'{BASE} enter-alias 国立市 12 "架空　太郎"')(enter_alias)
    verb(noun, "delete-alias", f"{BASE} delete-alias 国立市 12")(delete_alias)
    verb(noun, "enter-name-kana", f'{BASE} enter-name-kana 国立市 12 "かくう　たろう"')(enter_name_kana)


def correct_minor(
    municipality: Municipality,
    resident_ids: Ids,
    item: Annotated[
        str,
        typer.Option(
            "--item",
            help="イ plain-character | ロ identification | ハ area-name | ニ lot-number | ホ residence-indication"
            " | ヘ building | ト recognized",
        ),
    ],
    name: Annotated[str | None, typer.Option("--name", help="氏名 / name.")] = None,
    kana: Annotated[str | None, typer.Option("--kana", help="振り仮名 / its reading, from 2025-05-26.")] = None,
    address: Annotated[str | None, typer.Option("--address", help="住所 / address.")] = None,
    on: On = "",
    reason: Reason = "軽微な修正",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """軽微な修正（規則11条③二）/ A correction that is neither a move nor an error."""
    if item not in ITEMS:
        raise typer.BadParameter(f"--item: {' | '.join(ITEMS)}")
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.CorrectMinorRequest(
            operation=operation, resident_ids=resident_ids, item=ITEMS[item], change_date=at.day(on), name=name,
            name_kana=kana, address=address,
        )  # fmt: skip
        told(at, operation, at.call("CorrectMinor", request, STUB), as_json)


def change_resident_code(
    municipality: Municipality,
    resident_id: Id,
    reason: Reason = "住民票コードの変更請求",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """住民票コードの変更請求（法30条の4）/ Another code, because the resident wishes it."""
    request = pb.ChangeResidentCodeRequest(resident_id=resident_id)
    _act(municipality, "ChangeResidentCode", request, reason, clerk, request_id, state, as_json)


def correct_resident_code(
    municipality: Municipality,
    resident_id: Id,
    on: On = "",
    reason: Reason = "住民票コードの誤記の修正",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """住民票コードの誤記の修正（令30条の4）/ Another code, because the one that stands there is wrong."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.CorrectResidentCodeRequest(operation=operation, resident_id=resident_id, change_date=at.day(on))
        told(at, operation, at.call("CorrectResidentCode", request, STUB), as_json)


def change_individual_number(
    municipality: Municipality,
    resident_id: Id,
    cause: Annotated[
        str, typer.Option("--cause", help="request 請求（番号令3条）| ex-officio 職権（番号令4条）")
    ] = "request",
    reason: Reason = "漏えいして不正に用いられるおそれ",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """個人番号の変更（番号法7条②）/ Ask J-LIS for another number; it is entered when it comes."""
    if cause not in CAUSES:
        raise typer.BadParameter(f"--cause: {' | '.join(CAUSES)}")
    request = pb.ChangeIndividualNumberRequest(resident_id=resident_id, cause=CAUSES[cause])
    _act(municipality, "ChangeIndividualNumber", request, reason, clerk, request_id, state, as_json)


def enter_former_surname(
    municipality: Municipality,
    resident_id: Id,
    former_surname: Annotated[str, typer.Argument(help="旧氏 / the former surname.")],
    kana: Annotated[str, typer.Option("--kana", help="旧氏の振り仮名 / its reading; required from 2025-05-26.")] = "",
    surname_changed: Annotated[
        bool, typer.Option("--surname-changed", help="氏の変更により旧氏を改める / the surname has changed again.")
    ] = False,
    reason: Reason = "旧氏の記載",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """旧氏の記載（令30条の14①）/ Enter the one former surname."""
    request = pb.EnterFormerSurnameRequest(
        resident_id=resident_id, former_surname=former_surname, former_surname_kana=kana,
        surname_changed=surname_changed,
    )  # fmt: skip
    _act(municipality, "EnterFormerSurname", request, reason, clerk, request_id, state, as_json)


def delete_former_surname(
    municipality: Municipality,
    resident_id: Id,
    reason: Reason = "旧氏の削除",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """旧氏の削除（令30条の14）/ Take the former surname away; it cannot be entered again."""
    request = pb.DeleteFormerSurnameRequest(resident_id=resident_id)
    _act(municipality, "DeleteFormerSurname", request, reason, clerk, request_id, state, as_json)


def enter_alias(
    municipality: Municipality,
    resident_id: Id,
    alias: Annotated[str, typer.Argument(help="通称 / the alias.")],
    reason: Reason = "通称の記載",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """通称の記載（令30条の16①）/ Enter the alias of a foreign resident."""
    request = pb.EnterAliasRequest(resident_id=resident_id, alias=alias)
    _act(municipality, "EnterAlias", request, reason, clerk, request_id, state, as_json)


def delete_alias(
    municipality: Municipality,
    resident_id: Id,
    reason: Reason = "通称の削除",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """通称の削除（令30条の16④）/ Take the alias away."""
    request = pb.DeleteAliasRequest(resident_id=resident_id)
    _act(municipality, "DeleteAlias", request, reason, clerk, request_id, state, as_json)


def enter_name_kana(
    municipality: Municipality,
    resident_id: Id,
    name_kana: Annotated[str, typer.Argument(help="氏名の振り仮名 / the reading of the name.")],
    reason: Reason = "振り仮名の記載",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """氏名の振り仮名の記載（法7条1号の2、2025-05-26から）/ Enter the reading of a name."""
    request = pb.EnterNameKanaRequest(resident_id=resident_id, name_kana=name_kana)
    _act(municipality, "EnterNameKana", request, reason, clerk, request_id, state, as_json)


def _act(
    municipality: str, method: str, request: Any, reason: str, clerk: str, request_id: str, state: State, as_json: bool
) -> None:
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request.operation.CopyFrom(operation)
        told(at, operation, at.call(method, request, STUB), as_json)
