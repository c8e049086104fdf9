"""The desk of an office: what it asks for, and what the law lets it have, item by item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from jukinet.console import desk
from jukinet.console.desk import Form, unusable
from jukinet.console.pages import Pages, in_thread
from jukinet.drill.filling import Unfilled, fill
from jukinet.model import appended_table, offices
from jukinet.model.appended_table import TABLES, Row
from jukinet.model.codes import masked
from jukinet.model.dates import PartialDate
from jukinet.model.identification import ChangeReason
from jukinet.model.offices import Office
from jukinet.model.provision import CONSENT, COOPERATION, STATISTICS, Field, Result
from jukinet.pki.identity import Identity
from jukinet.stack.reach import Reach
from jukinet.v1 import provision_pb2 as pb
from jukinet.v1 import provision_pb2_grpc
from jukinet.wire.client import Refused

STUB = provision_pb2_grpc.ProvisionServiceStub
FIRST = "japan-pension-service"


def routes(pages: Pages) -> Sequence[BaseRoute]:
    """`/office`, and what it asks."""

    async def show(request: Request) -> Response:
        values = await in_thread(look, pages.theatre.stage, request.query_params)
        return pages.render(request, "office.html", here="office", new_id=desk.new_id, **values)

    async def ask(request: Request) -> Response:
        form = await Form.of(request)
        values = await in_thread(_ask, pages, form)
        return pages.render(request, "part/provision.html", here="office", **values)

    return (Route("/office", show), Route("/office/ask", ask, methods=["POST"]))


def look(reach: Reach, query: Mapping[str, str]) -> dict[str, Any]:
    """An office, the 事務 that are open to it, whom it may ask, and people to ask about."""
    office, people = find(query.get("office", "") or FIRST), desk.municipality(reach, query.get("node", ""))
    day = desk.today(reach, reach.paths[0])
    rows, after = desk.residents(reach, people, query.get("page", ""), size=20)
    return {
        "office": office, "national": list(offices.national().values()), "local": local(reach),
        "affairs": affairs(office, day), "closed": closed(office, day), "others": others(office), "today": day,
        "snapshot": appended_table.snapshot(day), "approximate": appended_table.is_approximate(day),
        "providers": reach.paths, "governors": [path for path in reach.paths if path.startswith("prefecture/")],
        "people": people, "nodes": desk.municipalities(reach), "rows": rows, "after": after,
    }  # fmt: skip


def find(office_id: str) -> Office:
    """The office behind an id; StackFault if there is none."""
    try:
        return offices.parse(office_id)
    except ValueError as error:
        raise unusable("そのような機関はありません。", "There is no such office.") from error


def local(reach: Reach) -> list[Office]:
    """The organs of the municipalities and prefectures of this network."""
    found = []
    for path in reach.paths:
        for organ in offices.ORGANS:
            try:
                found.append(offices.parse(f"{Identity.parse(path).area_code}-{organ}"))
            except ValueError:
                continue  # J-LIS has no organs, and a prefecture no 農業委員会.
    return found


def affairs(office: Office, on: date) -> list[Row]:
    """The 項 that name an office on a day."""
    return [row for number in TABLES for row in appended_table.rows(number, on) if offices.is_recipient(row, office)]


def closed(office: Office, on: date) -> Row | None:
    """A 項 that does not name it, so that a no can be seen."""
    return next((row for row in appended_table.rows(1, on) if not offices.is_recipient(row, office)), None)


def others(office: Office) -> tuple[str, ...]:
    """What no table lists and an office of a local body may have."""
    if office.organ == offices.GOVERNOR:
        return (COOPERATION, CONSENT, STATISTICS)
    return (COOPERATION,) if office.organ else ()


def _ask(pages: Pages, form: Form) -> dict[str, Any]:
    stage = pages.theatre.stage
    office, affair = find(form.text("office")), form.wanted("affair", "事務", "The affair")
    provider, via = _node(stage, form.text("provider")), form.text("via")
    operation = form.operation | {"reason": "コンソールからの照会"}
    request = pb.ProvideIdentificationRequest()
    given = {"affair": affair, "case_number": form.text("case")}
    try:
        fill(request, {"operation": operation, "purpose": given, "criteria": _whom(stage, form)})
    except Unfilled as error:
        raise unusable("記入のどれかが使えません。", "Something in the form cannot be used.") from error
    row = appended_table.find(affair, desk.today(stage, provider))
    shown = {"office": office, "provider": provider, "via": via, "affair": affair, "row": row}
    try:
        with pages.theatre.acting("provide"):
            if via:
                passed = pb.ProvideViaGovernorRequest(
                    request_id=f"via-{operation['request_id']}"[:64], question=request, provider=provider
                )
                stage.office(_node(stage, via), office.id).call(STUB, "ProvideViaGovernor", passed)
            answer = stage.office(provider, office.id).call(STUB, "ProvideIdentification", request)
    except Refused as refused:
        if not refused.answer.definite:
            raise  # What came of it is not known: the form keeps its request_id, to be sent again.
        return shown | {"refused": desk.refusal(refused), "answer": None}
    return shown | {"refused": None, "answer": answer, **told(answer)}


def _node(reach: Reach, path: str) -> str:
    if path not in reach.paths:
        raise unusable("提供元を選んでください。", "Choose whom to ask.")
    return path


def _whom(reach: Reach, form: Form) -> dict[str, Any]:
    """Somebody picked from a municipality's list, or typed: name, birth date and sex."""
    if form.text("pick"):
        people = desk.municipality(reach, form.text("people"))
        one = desk.resident(reach, people, form.numbers("pick", "人", "a person")[0]).identification
        return {"name": one.name, "birth_date": one.birth_date, "sex": one.sex}
    name = form.wanted("name", "氏名", "The name")
    try:
        PartialDate.parse(form.wanted("born", "出生の年月日", "The birth date"))
    except ValueError as error:
        raise unusable("出生の年月日を YYYY-MM-DD で書いてください。", "Write the birth date as YYYY-MM-DD.") from error
    if form.text("sex") not in ("MALE", "FEMALE"):
        raise unusable("男女の別を選んでください。", "Choose the sex.")
    return {"name": name, "birth_date": form.text("born"), "sex": form.text("sex")}


def told(answer: pb.ProvideIdentificationResponse) -> dict[str, Any]:
    """An answer as the page shows it: each item with its value, numbers masked, or with what keeps it back."""
    result, record = Result(answer.result), answer.record if answer.HasField("record") else None
    return {
        "result": result, "article": answer.article, "audit_id": answer.audit_id, "approximate": answer.approximate,
        "given": [(Field(one), value(Field(one), record) if record else "") for one in answer.given],
        "withheld": [(Field(one.field), one.article) for one in answer.withheld],
        "awaits": bool(record and record.awaits_move_in),
    }  # fmt: skip


def value(field: Field, record: pb.ProvidedRecord) -> str:
    """What went out of an item; 個人番号 and 住民票コード only as marks."""
    one = record.identification
    match field:
        case Field.NAME:
            return "／".join(text for text in (one.name, one.former_surname, one.alias) if text)
        case Field.NAME_KANA:
            return one.name_kana
        case Field.BIRTH_DATE:
            return desk.day_text(one.birth_date)
        case Field.SEX:
            return desk.sex_text(one.sex)
        case Field.ADDRESS:
            return one.address
        case Field.INDIVIDUAL_NUMBER:
            return masked(one.individual_number)
        case Field.RESIDENT_CODE:
            return masked(one.resident_code)
        case Field.CHANGE:
            return f"{ChangeReason(record.change.reason).japanese} {desk.day_text(record.change.change_date)}".strip()
