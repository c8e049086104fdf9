"""届出: birth, death, moves, and changes of household. Each verb is the rpc of the same name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from google.protobuf import json_format

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
    Ids,
    Kana,
    Name,
    On,
    Reason,
    Relationship,
    RequestId,
    Ward,
    counter,
    errand_told,
    person,
    told,
)
from jukinet.cli.output import plain, say, show_json, verb
from jukinet.cli.place import Json, Municipality, State
from jukinet.cli.resident_special_move import Online, WithCard, card
from jukinet.stack.fault import StackFault
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import intermunicipal_pb2


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    base = "jukinet resident"
    verb(
        noun, "report-birth",
        f'{base} report-birth 国立市 --household 1 --name "架空　花子" --kana "かくう　はなこ" --sex female'
        " --born 2021-06-01",
    )(report_birth)  # fmt: skip
    verb(noun, "report-death", f"{base} report-death 国立市 12 --on 2021-06-01")(report_death)
    verb(
        noun, "report-move-out", f"{base} report-move-out 国立市 12 13 --to 中野区 --on 2021-06-10",
        f"{base} report-move-out 国立市 12 --to 杉並区 --on 2021-06-10 --certificate-out paper.json",
        f"{base} report-move-out 国立市 12 13 --to 横浜市鶴見区 --on 2023-03-20 --with-card --online",
    )(report_move_out)  # fmt: skip
    verb(
        noun, "report-move-in",
        f"{base} report-move-in 杉並区 --certificate paper.json --address 東京都杉並区みどり町1番地1 --on 2021-06-10",
    )(report_move_in)  # fmt: skip
    verb(
        noun, "report-relocation", f"{base} report-relocation 国立市 12 13 --address 東京都国立市みどり町2番地3"
    )(report_relocation)  # fmt: skip
    verb(
        noun, "report-household-change", f"{base} report-household-change 国立市 13 --head 13",
        f"{base} report-household-change 国立市 13 --household 4 --head 9 --relationship 子",
    )(report_household_change)  # fmt: skip


def report_birth(
    municipality: Municipality,
    household: Household,
    name: Name,
    sex: Gender,
    kana: Kana = "",
    born: Born = "",
    born_text: BornText = "",
    relationship: Relationship = "子",
    foreign: Foreign = False,
    reason: Reason = "出生届の受理",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """出生による記載（法8条、30条の3②）/ A birth."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        child = person(name, kana, born, born_text, sex, relationship, foreign)
        request = pb.ReportBirthRequest(operation=operation, household_id=household, child=child)
        told(at, operation, at.call("ReportBirth", request), as_json)


def report_death(
    municipality: Municipality,
    resident_id: Id,
    on: On = "",
    reason: Reason = "死亡届の受理",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """死亡による消除（令8条）/ A death."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.ReportDeathRequest(operation=operation, resident_id=resident_id, death_date=at.day(on))
        told(at, operation, at.call("ReportDeath", request), as_json)


def report_move_out(
    municipality: Municipality,
    resident_ids: Ids,
    to: Annotated[str, typer.Option("--to", help="転出先。団体の名前又は住所 / municipality or address.")],
    on: On = "",
    certificate_out: Annotated[
        Path | None,
        typer.Option("--certificate-out", help="転出証明書を書き出す / write the certificate, for its owner."),
    ] = None,
    with_card: WithCard = False,
    online: Online = False,
    reason: Reason = "転出届の受理",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """転出届（法24条）と転出証明書（令23条）/ A move out; an auto neighbour then takes the 転入届.

    --with-card: 転出証明書は交付しない。転入先で report-special-move-in / no paper; report there by card.
    """
    if with_card and certificate_out is not None:
        raise typer.BadParameter("--with-card: 転出証明書は交付されません / no certificate is issued")
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.ReportMoveOutRequest(
            operation=operation, resident_ids=resident_ids, destination=to, planned_date=at.day(on),
            with_card=with_card, online=online,
        )  # fmt: skip
        answer = at.call("ReportMoveOut", request)
        if certificate_out is not None:
            _write(certificate_out, json_format.MessageToJson(answer.certificate, ensure_ascii=False))
        # Whoever takes the paper along reports the move himself.
        paper = card(at, request) if with_card else answer.certificate
        errand = errand_told(at, operation, paper, to, with_card=with_card) if certificate_out is None else ""
        if as_json:
            receipt, issued = plain(answer.receipt), plain(answer.certificate, numbers=False)
            shown = {"municipality": at.spec.path, "request_id": operation.request_id, "receipt": receipt}
            show_json(shown | {"certificate": issued, "errand": errand})
            return
        told(at, operation, answer, as_json)
        if with_card:
            say(errand or "転出証明書はありません。転入先で report-special-move-in を / none; report there by card")
            return
        again = f"同じ操作を --request-id {operation.request_id} --certificate-out FILE で / repeat it so for the file"
        say(errand or f"転出証明書 / certificate: {certificate_out or again}")


def _write(file: Path, text: str) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as opened:
        opened.write(text)


def report_move_in(
    municipality: Municipality,
    address: Address,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", help="転出証明書 / the certificate's file.")
    ] = None,
    on: On = "",
    ward: Ward = "",
    household: Household = 0,
    reason: Reason = "転入届の受理",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """転入届（法22条）/ A move in. Without certificate: report-move-in-without-certificate (令22条)."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.ReportMoveInRequest(
            operation=operation, certificate=_read(certificate) if certificate else None, address=address,
            move_in_date=at.day(on), area_code=at.area(ward), household_id=household,
        )  # fmt: skip
        told(at, operation, at.call("ReportMoveIn", request), as_json)


def _read(file: Path) -> intermunicipal_pb2.MoveOutCertificate:
    try:
        return json_format.Parse(file.read_text(encoding="utf-8"), intermunicipal_pb2.MoveOutCertificate())
    except (OSError, UnicodeDecodeError, json_format.ParseError) as error:
        raise StackFault(
            f"{file} is no certificate that can be read.",
            f"{file} は転出証明書として読めません。",
            "Give the file that `report-move-out --certificate-out` wrote.",
        ) from error


def report_relocation(
    municipality: Municipality,
    resident_ids: Ids,
    address: Address,
    on: On = "",
    household: Household = 0,
    reason: Reason = "転居届の受理",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """転居届（法23条）/ A move within the municipality, or the ward."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.ReportRelocationRequest(
            operation=operation, resident_ids=resident_ids, address=address, relocation_date=at.day(on),
            household_id=household,
        )  # fmt: skip
        told(at, operation, at.call("ReportRelocation", request), as_json)


def report_household_change(
    municipality: Municipality,
    resident_ids: Ids,
    head: Annotated[int, typer.Option("--head", help="世帯主の宛名番号 / resident_id of the head afterwards.")],
    household: Household = 0,
    relationship: Annotated[
        list[str] | None, typer.Option("--relationship", help="続柄、一人に一つ / one for each person.")
    ] = None,
    reason: Reason = "世帯変更届の受理",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """世帯変更届（法25条）。都道府県には何も通知しない / A change of household; nothing goes up."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.ReportHouseholdChangeRequest(
            operation=operation, resident_ids=resident_ids, household_id=household, head_resident_id=head,
            relationships=relationship or [],
        )  # fmt: skip
        told(at, operation, at.call("ReportHouseholdChange", request), as_json)
