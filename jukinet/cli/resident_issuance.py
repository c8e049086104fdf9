"""広域交付: a copy of the 住民票 of a resident of another municipality."""

from __future__ import annotations

from typing import Annotated

import typer

from jukinet.cli.counter import CLERK, Clerk, Reason, RequestId, birth_date, counter, sex_of
from jukinet.cli.output import plain, say, show_json, verb
from jukinet.cli.place import Json, Municipality, State
from jukinet.model import areas
from jukinet.v1 import identification_pb2, issuance_pb2, issuance_pb2_grpc

PROOFS = {
    "card": issuance_pb2.IDENTITY_PROOF_INDIVIDUAL_NUMBER_CARD,
    "document": issuance_pb2.IDENTITY_PROOF_PHOTO_DOCUMENT,
    "none": issuance_pb2.IDENTITY_PROOF_UNSPECIFIED,
}


def register(noun: typer.Typer) -> None:
    """Add the verb."""
    base = "jukinet resident issue-wide-area-copy 杉並区 --residence 国立市"
    verb(
        noun, "issue-wide-area-copy",
        f'{base} --requester "架空　太郎" --resident-code 12345678901 --household',
        f'{base} --requester "架空　太郎" --resident-code 12345678901 --member "架空　一郎" --with relationship',
    )(issue_wide_area_copy)  # fmt: skip


def issue_wide_area_copy(
    municipality: Municipality,
    residence: Annotated[str, typer.Option("--residence", help="住所地。団体の名前又は6桁コード / where they live.")],
    requester: Annotated[str, typer.Option("--requester", help="請求者の氏名 / who asks, by name.")],
    resident_code: Annotated[str, typer.Option("--resident-code", help="住民票コード / the code of who asks.")] = "",
    proof: Annotated[str, typer.Option("--proof", help="card | document | none: 本人確認 / what was shown.")] = "card",
    born: Annotated[str, typer.Option("--born", help="YYYY-MM-DD, 請求者の申告 / as told, to be compared.")] = "",
    sex: Annotated[str, typer.Option("--sex", help="male | female, 請求者の申告 / as told, to be compared.")] = "",
    household: Annotated[bool, typer.Option("--household", help="世帯全員 / the whole household.")] = False,
    member: Annotated[
        list[str] | None, typer.Option("--member", help="記載する者の氏名、何度でも / whom to show, repeatable.")
    ] = None,
    with_: Annotated[
        list[str] | None,
        typer.Option("--with", help="relationship | number | code: 特別の請求 / items shown only if asked for."),
    ] = None,
    improper: Annotated[
        bool, typer.Option("--improper-purpose", help="不当な目的が明らか: 拒む / clearly improper: refuse.")
    ] = False,
    reason: Reason = "広域交付",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """広域交付（法12条の4）/ A copy of the 住民票 of a resident of another municipality."""
    items = with_ or []
    if proof not in PROOFS:
        raise typer.BadParameter(f"--proof: {' | '.join(PROOFS)}")
    if not {"relationship", "number", "code"}.issuperset(items):
        raise typer.BadParameter("--with: relationship | number | code")
    found = areas.by_name(residence)
    at = counter(state, municipality, clerk)
    with at.stack:
        request = issuance_pb2.IssueWideAreaCopyRequest(
            operation=at.operation(reason, request_id), area_code=found[0].code if found else residence,
            requester_name=requester, resident_code=resident_code, proof=PROOFS[proof],
            birth_date=birth_date(born) if born else None,
            sex=sex_of(sex) if sex else identification_pb2.SEX_UNSPECIFIED,
            whole_household=household, member_names=member or [], with_relationship="relationship" in items,
            with_individual_number="number" in items, with_resident_code="code" in items, improper_purpose=improper,
        )  # fmt: skip
        answer = at.call("IssueWideAreaCopy", request, issuance_pb2_grpc.IssuanceServiceStub)
    if as_json:
        show_json(plain(answer))
    else:
        say(answer.text)
