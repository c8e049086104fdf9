"""Moves abroad and back, arrivals without certificate, missing 転入通知. Each verb is the rpc of its name."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from google.protobuf.message import Message

from jukinet.cli.counter import (
    CLERK,
    Address,
    Born,
    BornText,
    Clerk,
    Counter,
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
    ShowNumbers,
    Ward,
    area_code,
    birth_date,
    counter,
    person,
    sex_of,
    told,
)
from jukinet.cli.output import plain, say, show_json, table, verb
from jukinet.cli.place import Json, Municipality, State
from jukinet.model import areas
from jukinet.model.codes import masked
from jukinet.model.identification import ChangeReason, Sex
from jukinet.v1 import abroad_pb2 as pb
from jukinet.v1 import abroad_pb2_grpc, search_pb2
from jukinet.wire import convert

STUB = abroad_pb2_grpc.AbroadServiceStub
OUTCOMES = {
    search_pb2.SEARCH_OUTCOME_FOUND: "該当あり / found",
    search_pb2.SEARCH_OUTCOME_NONE: "該当なし / none",
    search_pb2.SEARCH_OUTCOME_SEVERAL: "複数該当、確認が必要 / several: find out which",
}
CODES = {
    "hit": pb.CODE_BASIS_CARRIED_OVER,
    "never-recorded": pb.CODE_BASIS_NEVER_RECORDED,
    "not-determinable": pb.CODE_BASIS_NOT_DETERMINABLE,
}
A_PAGE = 1_000

Code = Annotated[
    str, typer.Option("--code", help="hit 照会結果のコード | never-recorded 記録なし | not-determinable 判明しない")
]
Inquiry = Annotated[int, typer.Option("--inquiry", help="照会番号 / number of the inquiry, with --code hit.")]
Hit = Annotated[int, typer.Option("--hit", help="照会結果の何番か / which of its hits, from 1.")]
COMPARED = {
    "former-address": pb.COMPARED_ITEM_FORMER_ADDRESS,
    "household": pb.COMPARED_ITEM_HOUSEHOLD,
    "document": pb.COMPARED_ITEM_IDENTITY_DOCUMENT,
    "family-register": pb.COMPARED_ITEM_FAMILY_REGISTER,
    "former-municipality": pb.COMPARED_ITEM_FORMER_MUNICIPALITY,
    "other": pb.COMPARED_ITEM_OTHER,
}
ComparedBy = Annotated[
    list[str] | None,
    typer.Option("--compared", help=f"照会のほかに照合したもの / compared beyond it: {' | '.join(COMPARED)}"),
]
Words = Annotated[str, typer.Option("--how", help="照合の方法 / how it was compared, in words.")]
NotInquired = Annotated[str, typer.Option("--not-inquired", help="照会できない理由 / why no inquiry was possible.")]


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    base = "jukinet resident"
    verb(
        noun, "inquire-identification",
        f'{base} inquire-identification 杉並区 --name "架空　花子" --born 1982-03-14 --sex female',
    )(inquire_identification)  # fmt: skip
    verb(
        noun, "report-move-out-abroad", f"{base} report-move-out-abroad 国立市 12 --to アメリカ合衆国 --on 2021-06-10"
    )(report_move_out_abroad)
    verb(
        noun, "report-move-in-from-abroad",
        f'{base} report-move-in-from-abroad 杉並区 --code hit --inquiry 1 --name "架空　花子" --born 1982-03-14'
        " --sex female --country アメリカ合衆国 --address 東京都杉並区みどり町1番地1",
    )(report_move_in_from_abroad)  # fmt: skip
    verb(
        noun, "report-move-in-without-certificate",
        f'{base} report-move-in-without-certificate 杉並区 --code hit --inquiry 1 --name "架空　花子"'
        " --born 1982-03-14 --sex female --address 東京都杉並区みどり町1番地1 --unreported 中野区=東京都中野区1番",
    )(report_move_in_without_certificate)  # fmt: skip
    verb(noun, "list-missing-move-in-notices", f"{base} list-missing-move-in-notices 国立市")(
        list_missing_move_in_notices
    )
    verb(noun, "resend-move-in-notice", f"{base} resend-move-in-notice 杉並区 12 --former 国立市")(
        resend_move_in_notice
    )


def inquire_identification(
    municipality: Municipality,
    name: Annotated[str, typer.Option("--name", help="氏名 / name.")] = "",
    born: Born = "",
    sex: Annotated[str, typer.Option("--sex", help="male | female")] = "",
    code: Annotated[str, typer.Option("--code", help="住民票コード / its code, 11 digits.")] = "",
    number: Annotated[str, typer.Option("--number", help="個人番号 / its number, 12 digits.")] = "",
    address: Annotated[str, typer.Option("--address", help="住所の始め / how the address begins.")] = "",
    show_numbers: ShowNumbers = False,
    reason: Reason = "転入届のための照会",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """本人確認情報の照会（法30条の10、30条の12）/ Ask J-LIS who somebody is, through the governor if need be."""
    at = counter(state, municipality, clerk)
    with at.stack:
        gender = sex_of(sex) if sex else convert.enum(Sex.UNSPECIFIED)
        criteria = search_pb2.SearchCriteria(
            name=name, birth_date=birth_date(born), sex=gender, resident_code=code,
            individual_number=number, address_prefix=address,
        )  # fmt: skip
        operation = at.operation(reason, request_id)
        request = pb.InquireIdentificationRequest(operation=operation, criteria=criteria)
        answer = _call(at, "InquireIdentification", request)
    if as_json:
        show_json(plain(answer, numbers=show_numbers))
        return
    route = "（知事経由 / via the governor）" if answer.via_governor else ""
    say(f"照会番号 / inquiry {answer.inquiry_id}: {OUTCOMES.get(answer.outcome, '')}{route}")
    hide = (lambda digits: digits) if show_numbers else masked
    rows = [
        (
            str(index), hit.identification.name, hit.identification.address, "現住" if hit.live else "除票",
            ChangeReason(hit.reason).japanese, hide(hit.identification.resident_code),
            hide(hit.identification.individual_number),
        )
        for index, hit in enumerate(answer.hits, 1)
    ]  # fmt: skip
    if rows:
        table(("番号", "氏名", "住所", "状態", "事由", "住民票コード", "個人番号"), rows, right=range(1))
    if answer.truncated:
        say("続きあり。条件を絞ってください / there are more: ask more narrowly")


def report_move_out_abroad(
    municipality: Municipality,
    resident_ids: Ids,
    to: Annotated[str, typer.Option("--to", help="転出先の国 / the country.")],
    on: On = "",
    reason: Reason = "国外転出届の受理",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """国外転出の転出届（法24条）。転出証明書はない / A move abroad; no certificate is issued."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.ReportMoveOutAbroadRequest(
            operation=operation, resident_ids=resident_ids, destination=to, planned_date=at.day(on)
        )
        told(at, operation, _call(at, "ReportMoveOutAbroad", request), as_json)


def report_move_in_from_abroad(
    municipality: Municipality,
    name: Name,
    sex: Gender,
    country: Annotated[str, typer.Option("--country", help="従前の国 / the country they come from.")],
    code: Code,
    inquiry: Inquiry = 0,
    hit: Hit = 1,
    compared: ComparedBy = None,
    how: Words = "",
    not_inquired: NotInquired = "",
    address: Annotated[str, typer.Option("--address", help="住所 / address; of the household if one is joined.")] = "",
    kana: Kana = "",
    born: Born = "",
    born_text: BornText = "",
    relationship: Relationship = "",
    foreign: Foreign = False,
    on: On = "",
    ward: Ward = "",
    household: Household = 0,
    reason: Reason = "国外からの転入届の受理",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """国外からの転入届（法22条、30条の46）/ A move from abroad, of one person."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        who = person(name, kana, born, born_text, sex, relationship, foreign)
        basis = _basis(code, inquiry, hit, compared or [], how, not_inquired)
        request = pb.ReportMoveInFromAbroadRequest(
            operation=operation, arrivals=[pb.Arrival(person=who, **basis)], former_country=country, address=address,
            move_in_date=at.day(on), area_code=at.area(ward), household_id=household,
        )  # fmt: skip
        answer = _call(at, "ReportMoveInFromAbroad", request)
        if as_json:
            warnings = [plain(warning) for warning in answer.warnings]
            shown = {"municipality": at.spec.path, "request_id": operation.request_id}
            show_json(shown | {"receipt": plain(answer.receipt), "warnings": warnings})
            return
        told(at, operation, answer, as_json)
        for warning in answer.warnings:
            area = areas.find(warning.live_in_area_code)
            where = area.full_name if area else warning.live_in_area_code
            say(f"注意: 照会の時点で {where} に現住の記録があります / there was a live record: look into it")


def report_move_in_without_certificate(
    municipality: Municipality,
    name: Name,
    sex: Gender,
    address: Address,
    code: Code,
    inquiry: Inquiry = 0,
    hit: Hit = 1,
    compared: ComparedBy = None,
    how: Words = "",
    not_inquired: NotInquired = "",
    last: Annotated[str, typer.Option("--last-registered", help="最終登録地、団体=住所 / municipality=address.")] = "",
    unreported: Annotated[
        list[str] | None, typer.Option("--unreported", help="未届地、団体=住所、新しいものを後に / the latest last.")
    ] = None,
    kana: Kana = "",
    born: Born = "",
    born_text: BornText = "",
    relationship: Relationship = "",
    foreign: Foreign = False,
    on: On = "",
    ward: Ward = "",
    household: Household = 0,
    reason: Reason = "転出証明書を提出できない者の転入届",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """証明書によらない転入届（令22条）と未届転入 / A move in without certificate, of one person."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        who = person(name, kana, born, born_text, sex, relationship, foreign)
        basis = _basis(code, inquiry, hit, compared or [], how, not_inquired)
        request = pb.ReportMoveInWithoutCertificateRequest(
            operation=operation, arrivals=[pb.Arrival(person=who, **basis)],
            last_registered=_place(last) if last else None, unreported=[_place(text) for text in unreported or []],
            address=address, move_in_date=at.day(on), area_code=at.area(ward), household_id=household,
        )  # fmt: skip
        told(at, operation, _call(at, "ReportMoveInWithoutCertificate", request), as_json)


def list_missing_move_in_notices(
    municipality: Municipality,
    clerk: Clerk = CLERK,
    reason: Reason = "転入通知未着者の確認",
    state: State = None,
    as_json: Json = False,
) -> None:
    """転入通知未着者一覧 / Who left 14 or 30 days ago and was never told of."""
    at = counter(state, municipality, clerk)
    found: list[pb.MissingMoveInNotice] = []
    token = ""
    with at.stack:
        while True:
            operation = at.operation(reason)
            request = pb.ListMissingMoveInNoticesRequest(operation=operation, page_size=A_PAGE, page_token=token)
            page = _call(at, "ListMissingMoveInNotices", request)
            found += page.missing
            token = page.next_page_token
            if not token:
                break
    if as_json:
        show_json([plain(row) for row in found])
        return
    for row in found:
        planned = f"{row.planned_date.year}-{row.planned_date.month:02d}-{row.planned_date.day:02d}"
        say(f"宛名番号 {row.resident_id} {planned} {row.planned_destination} {row.days_passed}日経過")
    say(f"{len(found)} 件")


def resend_move_in_notice(
    municipality: Municipality,
    resident_id: Id,
    former: Annotated[str, typer.Option("--former", help="転出地、名前又はコード / the municipality that was left.")],
    reason: Reason = "照会による転入通知の再送",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """転入通知の再送（法9条1項）。後のものが優先する / Send the notice again; the latest wins."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.ResendMoveInNoticeRequest(
            operation=operation, resident_id=resident_id, former_area_code=area_code(former)
        )
        told(at, operation, _call(at, "ResendMoveInNotice", request), as_json)


def _call(at: Counter, method: str, request: Message) -> Any:
    return at.stack.clerk(at.spec.path, at.clerk).call(STUB, method, request)


def _basis(code: str, inquiry: int, hit: int, compared: list[str], how: str, not_inquired: str) -> dict[str, Any]:
    """What an Arrival says of its code."""
    if code not in CODES:
        raise typer.BadParameter(f"--code: {' | '.join(CODES)}")
    if any(one not in COMPARED for one in compared):
        raise typer.BadParameter(f"--compared: {' | '.join(COMPARED)}")
    given = pb.Confirmation(compared=[COMPARED[one] for one in compared], words=how)
    confirmation = given if compared or how else None
    basis = {"code_basis": CODES[code], "inquiry_id": inquiry, "confirmation": confirmation}
    return basis | ({"hit": hit} if code == "hit" else {"not_inquired": not_inquired})


def _place(text: str) -> pb.FormerPlace:
    where, _, address = text.partition("=")
    return pb.FormerPlace(area_code=area_code(where), address=address)
