"""国籍の得喪 and 外国人住民: verbs of NationalityService; those of 実態調査 are in a room of their own."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from jukinet.cli.counter import (
    CLERK,
    Address,
    Born,
    BornText,
    Clerk,
    Counter,
    Household,
    Id,
    Kana,
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
from jukinet.cli.output import plain, say, show_json, table, verb
from jukinet.cli.place import Json, Municipality, State
from jukinet.model.foreign import Category
from jukinet.model.identification import Sex
from jukinet.v1 import foreign_pb2, nationality_pb2_grpc
from jukinet.v1 import nationality_pb2 as pb
from jukinet.wire import convert

STUB = nationality_pb2_grpc.NationalityServiceStub
CATEGORIES = {
    "medium": foreign_pb2.FOREIGN_CATEGORY_MEDIUM_TO_LONG_TERM,
    "special-permanent": foreign_pb2.FOREIGN_CATEGORY_SPECIAL_PERMANENT,
    "temporary-refuge": foreign_pb2.FOREIGN_CATEGORY_TEMPORARY_REFUGE,
    "provisional": foreign_pb2.FOREIGN_CATEGORY_PROVISIONAL_STAY,
    "born": foreign_pb2.FOREIGN_CATEGORY_TRANSITIONAL_BY_BIRTH,
    "lost": foreign_pb2.FOREIGN_CATEGORY_TRANSITIONAL_BY_NATIONALITY_LOSS,
}

Nationality = Annotated[str, typer.Option("--nationality", help="国籍・地域 / state or region.")]
As = Annotated[str, typer.Option("--as", help=f"在留の区分 / {' | '.join(CATEGORIES)}")]
Since = Annotated[str, typer.Option("--since", help="区分に該当した年月日 / since when, YYYY-MM-DD.")]
Status = Annotated[str, typer.Option("--status", help="在留資格 / status of residence.")]
Period = Annotated[str, typer.Option("--period", help="在留期間 / period of stay, as 3年.")]
Expiry = Annotated[str, typer.Option("--expiry", help="満了の日 / last day, YYYY-MM-DD.")]
Card = Annotated[str, typer.Option("--card", help="在留カード等の番号 / AB12345678CD.")]
Evidence = Annotated[bool, typer.Option("--evidence", help="続柄を証する文書の提示 / 続柄 document shown.")]


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    base = "jukinet resident"
    items = "--nationality 架空国 --as medium --since 2021-06-01 --status 留学 --period 2年 --expiry 2023-06-01"
    verb(
        noun, "acquire-nationality",
        f"{base} acquire-nationality 国立市 12 --domicile 東京都国立市架空町一番地 --family-head 架空　太郎",
    )(acquire_nationality)  # fmt: skip
    verb(noun, "lose-nationality", f"{base} lose-nationality 国立市 12 --nationality 架空国")(lose_nationality)
    verb(
        noun, "report-foreign-resident",
        f'{base} report-foreign-resident 国立市 --name "SHISAKU HANA" --sex female --born 1990-05-01'
        f" --address 東京都国立市みどり町1番地1 {items} --card AB12345678CD --card-shown",
        f"{base} report-foreign-resident 国立市 --former 12 {items} --card AB12345678CD --card-shown",
    )(report_foreign_resident)  # fmt: skip
    verb(
        noun, "report-relationship-change", f"{base} report-relationship-change 国立市 12 --relationship 妻 --evidence"
    )(report_relationship_change)
    verb(
        noun, "enter-immigration-notice",
        f'{base} enter-immigration-notice 国立市 12 --name "SHISAKU HANAKO"',
        f"{base} enter-immigration-notice 国立市 12 --stay-ended",
    )(enter_immigration_notice)  # fmt: skip
    verb(noun, "get-foreign-items", f"{base} get-foreign-items 国立市 12")(get_foreign_items)
    verb(noun, "list-lapsing-stays", f"{base} list-lapsing-stays 国立市 --through 2021-08-01")(list_lapsing_stays)


def choice(option: str, known: dict[str, Any], word: str) -> Any:
    """The value of a word; what is not in the list is a wrong call."""
    if word not in known:
        raise typer.BadParameter(f"{option}: {' | '.join(known)}")
    return known[word]


def _items(
    at: Counter, nationality: str, as_: str, since: str, status: str, period: str, expiry: str, card: str
) -> foreign_pb2.ForeignItems:
    return foreign_pb2.ForeignItems(
        nationality=nationality,
        category=choice("--as", CATEGORIES, as_) if as_ else foreign_pb2.FOREIGN_CATEGORY_UNSPECIFIED,
        since=at.day(since, "--since") if since else None,
        status_of_residence=status,
        period_of_stay=period,
        expiry=at.day(expiry, "--expiry") if expiry else None,
        card_number=card,
    )


def acquire_nationality(
    municipality: Municipality,
    resident_id: Id,
    domicile: Annotated[str, typer.Option("--domicile", help="本籍 / registered domicile.")],
    family_head: Annotated[str, typer.Option("--family-head", help="筆頭者 / head of the family register.")],
    on: On = "",
    name: Annotated[str, typer.Option("--name", help="以後の氏名。省けば変わらない / name from now on.")] = "",
    kana: Kana = "",
    reason: Reason = "国籍取得",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """日本の国籍の取得（令8条の2①）/ A foreign resident becomes Japanese: 消除 and 記載, two notices."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.AcquireNationalityRequest(
            operation=operation, resident_id=resident_id, acquisition_date=at.day(on), registered_domicile=domicile,
            registered_head=family_head, name=name, name_kana=kana,
        )  # fmt: skip
        told(at, operation, at.call("AcquireNationality", request, STUB), as_json)


def lose_nationality(
    municipality: Municipality,
    resident_id: Id,
    nationality: Nationality,
    on: On = "",
    name: Annotated[str, typer.Option("--name", help="以後の氏名。省けば変わらない / name from now on.")] = "",
    as_: As = "",
    since: Since = "",
    status: Status = "",
    period: Period = "",
    expiry: Expiry = "",
    card: Card = "",
    reason: Reason = "国籍喪失",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """日本の国籍の喪失（令8条の2②）/ A Japanese becomes a foreign resident; without --as for 60 days."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.LoseNationalityRequest(
            operation=operation, resident_id=resident_id, loss_date=at.day(on), name=name,
            items=_items(at, nationality, as_, since, status, period, expiry, card),
        )  # fmt: skip
        told(at, operation, at.call("LoseNationality", request, STUB), as_json)


def report_foreign_resident(
    municipality: Municipality,
    nationality: Nationality,
    as_: As,
    since: Since,
    name: Annotated[str, typer.Option("--name", help="氏名 / name; not with --former.")] = "",
    sex: Annotated[str, typer.Option("--sex", help="male | female")] = "",
    born: Born = "",
    born_text: BornText = "",
    kana: Kana = "",
    former: Annotated[int, typer.Option("--former", help="従前の除票の宛名番号 / 除票 of the same person.")] = 0,
    address: Address = "",
    relationship: Relationship = "",
    status: Status = "",
    period: Period = "",
    expiry: Expiry = "",
    card: Card = "",
    card_shown: Annotated[bool, typer.Option("--card-shown", help="在留カード等の提示 / card shown.")] = False,
    evidence: Evidence = False,
    ward: Ward = "",
    household: Household = 0,
    reason: Reason = "法30条の47の届出",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """中長期在留者等となつた届（法30条の47）/ Somebody who lives here becomes a foreign resident."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.ReportForeignResidentRequest(
            operation=operation, former_resident_id=former, address=address, area_code=at.area(ward),
            person=None if former else person(name, kana, born, born_text, sex, relationship, foreign=True),
            items=_items(at, nationality, as_, since, status, period, expiry, card), household_id=household,
            relationship=relationship, card_shown=card_shown, relationship_evidence=evidence,
        )  # fmt: skip
        told(at, operation, at.call("ReportForeignResident", request, STUB), as_json)


def report_relationship_change(
    municipality: Municipality,
    resident_id: Id,
    relationship: Relationship,
    on: On = "",
    evidence: Evidence = False,
    reason: Reason = "続柄変更の届出",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """外国人住民の続柄の変更（法30条の48）/ A 続柄 to a foreign head changes; nothing goes up."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        request = pb.ReportRelationshipChangeRequest(
            operation=operation, resident_id=resident_id, relationship=relationship, change_date=at.day(on),
            relationship_evidence=evidence,
        )  # fmt: skip
        told(at, operation, at.call("ReportRelationshipChange", request, STUB), as_json)


def enter_immigration_notice(
    municipality: Municipality,
    resident_id: Id,
    on: On = "",
    name: Annotated[str | None, typer.Option("--name", help="氏名 / name.")] = None,
    born: Born = "",
    sex: Annotated[str, typer.Option("--sex", help="male | female")] = "",
    nationality: Nationality = "",
    as_: As = "",
    since: Since = "",
    status: Status = "",
    period: Period = "",
    expiry: Expiry = "",
    card: Card = "",
    stay_ended: Annotated[bool, typer.Option("--stay-ended", help="住民でなくなった / no resident any more.")] = False,
    reason: Reason = "出入国在留管理庁長官の通知",
    clerk: Clerk = CLERK,
    request_id: RequestId = "",
    state: State = None,
    as_json: Json = False,
) -> None:
    """出入国在留管理庁長官からの通知（法30条の50）/ What the Immigration Services Agency told."""
    at = counter(state, municipality, clerk)
    with at.stack:
        operation = at.operation(reason, request_id)
        told_items = any((nationality, as_, since, status, period, expiry, card))
        request = pb.EnterImmigrationNoticeRequest(
            operation=operation, resident_id=resident_id, change_date=at.day(on), name=name, stay_ended=stay_ended,
            birth_date=birth_date(born) if born else None,
            sex=sex_of(sex) if sex else convert.enum(Sex.UNSPECIFIED),
            items=_items(at, nationality, as_, since, status, period, expiry, card) if told_items else None,
        )  # fmt: skip
        told(at, operation, at.call("EnterImmigrationNotice", request, STUB), as_json)


def get_foreign_items(
    municipality: Municipality,
    resident_id: Id,
    clerk: Clerk = CLERK,
    reason: Reason = "住民票の確認",
    state: State = None,
    as_json: Json = False,
) -> None:
    """外国人住民の記載事項（法30条の45）/ What the record of a foreign resident says beyond."""
    at = counter(state, municipality, clerk)
    with at.stack:
        request = pb.GetForeignItemsRequest(operation=at.operation(reason), resident_id=resident_id)
        found = at.call("GetForeignItems", request, STUB)
    if as_json:
        show_json(plain(found))
        return
    items = found.items
    rows = [
        ("国籍・地域", items.nationality),
        ("区分", Category(items.category).japanese),
        ("外国人住民となった年月日", _day(found.foreign_resident_since)),
        ("在留資格", items.status_of_residence),
        ("在留期間", items.period_of_stay),
        ("カード等の番号", items.card_number),
        ("在留できる最後の日", _day(found.last_day) if found.HasField("last_day") else ""),
    ]
    for word, value in rows:
        if value:
            say(f"{word}　{value}")


def list_lapsing_stays(
    municipality: Municipality,
    through: Annotated[str, typer.Option("--through", help="この日までに終わる / ends by, YYYY-MM-DD.")] = "",
    clerk: Clerk = CLERK,
    reason: Reason = "在留期間の確認",
    state: State = None,
    as_json: Json = False,
) -> None:
    """在留期間の満了する者 / Foreign residents whose stay ends by a day."""
    at = counter(state, municipality, clerk)
    found: list[pb.LapsingStay] = []
    token = ""
    with at.stack:
        while True:
            request = pb.ListLapsingStaysRequest(
                operation=at.operation(reason), through=at.day(through, "--through"), page_token=token
            )
            page = at.call("ListLapsingStays", request, STUB)
            found += page.stays
            if not (token := page.next_page_token):
                break
    if as_json:
        show_json([plain(stay) for stay in found])
        return
    rows = [
        [str(stay.resident_id), Category(stay.category).japanese, _day(stay.last_day), "経過" if stay.lapsed else ""]
        for stay in found
    ]
    table(["宛名番号", "区分", "最後の日", ""], rows)


def _day(message: Any) -> str:
    return convert.day(message, "day").isoformat()
