"""戸籍の届書 about those who live elsewhere, and what comes about 戸籍 and 附票 on paper."""

from __future__ import annotations

from typing import Annotated

import typer

from jukinet.cli.counter import (
    CLERK,
    Address,
    Born,
    Clerk,
    Counter,
    Gender,
    Kana,
    Name,
    On,
    Reason,
    RequestId,
    Ward,
    area_code,
    birth_date,
    counter,
    sex_of,
    told,
)
from jukinet.cli.output import verb
from jukinet.cli.place import Json, Municipality, State
from jukinet.cli.resident_family_register import Domicile, Head, call, done, member_of
from jukinet.model.identification import ChangeReason
from jukinet.v1 import family_register_pb2 as pb
from jukinet.wire import convert

EVENTS = {
    "birth": pb.REGISTRATION_EVENT_BIRTH,
    "death": pb.REGISTRATION_EVENT_DEATH,
    "marriage": pb.REGISTRATION_EVENT_MARRIAGE,
    "domicile-transfer": pb.REGISTRATION_EVENT_DOMICILE_TRANSFER,
}
Event = Annotated[str, typer.Option("--event", help=" | ".join(EVENTS))]
HeadName = Annotated[str, typer.Option("--head-name", help="世帯主の氏名（出生）/ head of the household, of a birth.")]
NewName = Annotated[str, typer.Option("--new-name", help="新氏名（婚姻）/ name from now on.")]
Residence = Annotated[
    str, typer.Option("--residence", help="住所地、名前又はコード / where they live, by name or code.")
]
From = Annotated[str, typer.Option("--from", help="送付元、名前又はコード / who sent the paper, by name or code.")]


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    base = "jukinet resident"
    who = "--event death --name 架空太郎 --sex male --born 1980-05-01 --address 東京都国立市みどり町1番地1"
    verb(
        noun, "accept-family-registration", f"{base} accept-family-registration 杉並区 {who} --residence 国立市"
    )(accept)  # fmt: skip
    verb(
        noun, "enter-paper-family-registration-notice",
        f"{base} enter-paper-family-registration-notice 国立市 {who} --from 131156",
    )(enter_paper_registration)  # fmt: skip
    verb(
        noun, "enter-paper-supplementary-notice",
        f"{base} enter-paper-supplementary-notice 国立市 --domicile 東京都国立市架空町一番地 --head 架空太郎"
        " --name 架空太郎 --address 東京都杉並区架空一丁目1番1号 --settled 2021-06-01 --from 131156",
    )(enter_paper_notice)  # fmt: skip
    verb(
        noun, "enter-paper-domicile-transfer",
        f"{base} enter-paper-domicile-transfer 杉並区 --domicile 東京都国立市架空町一番地 --head 架空太郎"
        " --new-domicile 東京都杉並区架空一丁目1番 --from 132152 --member 架空太郎/1980-05-01/male"
        " --lives 架空太郎/東京都国立市みどり町1番地1/2021-06-01",
    )(enter_paper_transfer)  # fmt: skip


def accept(
    municipality: Municipality,
    event: Event,
    name: Name,
    sex: Gender,
    address: Address,
    residence: Residence,
    born: Born = "",
    kana: Kana = "",
    head_name: HeadName = "",
    new_name: NewName = "",
    domicile: Domicile = "",
    head: Head = "",
    on: On = "",
    ward: Ward = "",
    reason: Reason = "戸籍の届書の受理",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """住民以外の者の戸籍の届書の受理（法9条②）/ Tell the 住所地; before 2024-05-27 the paper is shown."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        notice = _notice(at, event, name, sex, address, born, kana, head_name, new_name, domicile, head, on)
        notice.residence_area_code = area_code(residence)
        request = pb.AcceptFamilyRegistrationRequest(operation=operation, notice=notice, area_code=at.area(ward))
        done(at, operation, call(at, request, pb.AcceptFamilyRegistrationResponse), as_json)


def enter_paper_registration(
    municipality: Municipality,
    event: Event,
    name: Name,
    sex: Gender,
    address: Address,
    sender: From,
    born: Born = "",
    kana: Kana = "",
    head_name: HeadName = "",
    new_name: NewName = "",
    domicile: Domicile = "",
    head: Head = "",
    on: On = "",
    ward: Ward = "",
    reason: Reason = "紙の通知（法9条2項）",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """紙で届いた戸籍届出の通知（法9条②）/ Act on it ex officio; the same again changes nothing."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        notice = _notice(at, event, name, sex, address, born, kana, head_name, new_name, domicile, head, on)
        notice.accepting_area_code = area_code(sender)
        notice.residence_area_code = at.area(ward) or at.spec.identity.area_code
        request = pb.EnterPaperFamilyRegistrationNoticeRequest(operation=operation, notice=notice)
        told(at, operation, call(at, request, pb.EnterPaperFamilyRegistrationNoticeResponse), as_json)


def _notice(
    at: Counter,
    event: str,
    name: str,
    sex: str,
    address: str,
    born: str,
    kana: str,
    head_name: str,
    new_name: str,
    domicile: str,
    head: str,
    on: str,
) -> pb.FamilyRegistrationNotice:
    if event not in EVENTS:
        raise typer.BadParameter(f"--event: {' | '.join(EVENTS)}")
    return pb.FamilyRegistrationNotice(
        event=EVENTS[event], event_date=at.day(on), name=name, name_kana=kana, birth_date=birth_date(born),
        sex=sex_of(sex), address=address, head_name=head_name, new_name=new_name, registered_domicile=domicile,
        registered_head=head, accept_date=at.day(""),
    )  # fmt: skip


def enter_paper_notice(
    municipality: Municipality,
    domicile: Domicile,
    head: Head,
    name: Name,
    address: Address,
    sender: From,
    settled: Annotated[str, typer.Option("--settled", help="住所を定めた年月日 YYYY-MM-DD")] = "",
    former_name: Annotated[str, typer.Option("--former-name", help="変更前の氏名 / name until now.")] = "",
    on: On = "",
    reason: Reason = "紙の附票記載事項通知（規則5条の2第2項）",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """紙で届いた附票記載事項通知（規則5条の2②）/ The 附票 follows as if it had come by line."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        changed = ChangeReason.RELOCATION if settled else ChangeReason.EX_OFFICIO_CORRECTION
        notice = pb.SupplementaryRegisterNotice(
            registered_domicile=domicile, registered_head=head, name=name, former_name=former_name, address=address,
            settled_date=at.day(settled, "--settled") if settled else None, change_date=at.day(on or settled),
            reason=convert.enum(changed), area_code=area_code(sender),
        )  # fmt: skip
        request = pb.EnterPaperSupplementaryNoticeRequest(operation=operation, notice=notice)
        done(at, operation, call(at, request, pb.EnterPaperSupplementaryNoticeResponse), as_json)


def enter_paper_transfer(
    municipality: Municipality,
    domicile: Domicile,
    head: Head,
    new_domicile: Annotated[str, typer.Option("--new-domicile", help="新本籍 / the new domicile.")],
    sender: From,
    member: Annotated[list[str], typer.Option("--member", help="氏名[/生年月日[/male|female]], repeatable.")],
    lives: Annotated[list[str], typer.Option("--lives", help="氏名/住所/住所を定めた年月日, the latest first.")] = [],  # noqa: B006
    on: On = "",
    reason: Reason = "紙の転籍の通知",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """紙で届いた転籍の通知（法19条③）/ The 附票 as it was kept at the 原籍地."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        transfer = pb.SupplementaryRegisterTransfer(
            registered_domicile=domicile, registered_head=head, new_registered_domicile=new_domicile,
            transfer_date=at.day(on), area_code=area_code(sender), entries=map(member_of, member),
        )  # fmt: skip
        for entry in transfer.entries:
            for line in lives:
                name, address, settled = (*line.split("/"), "", "")[:3]
                if name == entry.name:
                    day = at.day(settled, "--lives") if settled else None
                    entry.addresses.add(address=address, settled_date=day)
        request = pb.EnterPaperDomicileTransferRequest(operation=operation, transfer=transfer)
        done(at, operation, call(at, request, pb.EnterPaperDomicileTransferResponse), as_json)
