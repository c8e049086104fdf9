"""The counter: the residents of a municipality, and the 届出 that change their records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from jukinet.console import desk
from jukinet.console.desk import Form, unusable
from jukinet.console.pages import Pages, in_thread
from jukinet.drill.filling import Unfilled, fill
from jukinet.law import (
    basis,
    index,  # noqa: F401  enters the rules
)
from jukinet.model import areas
from jukinet.pki.identity import Identity
from jukinet.stack.stage import Stage
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1.intermunicipal_pb2 import MoveOutCertificate
from jukinet.wire.client import Refused

MOST_PAPERS = 50


@dataclass(frozen=True, slots=True)
class Paper:
    """A 転出証明書 that was handed out here; its text stays in memory, and pages name it by its key."""

    key: str
    issuer: str
    certificate: MoveOutCertificate
    network: object
    """The feed that was on: begun anew, a network knows nothing of its papers."""

    @property
    def names(self) -> str:
        """Who left."""
        return "、".join(one.identification.name for one in self.certificate.members)


class Papers:
    """The last certificates, by key."""

    def __init__(self) -> None:
        self._held: dict[str, Paper] = {}
        self._lock = Lock()

    def keep(self, issuer: str, certificate: MoveOutCertificate, network: object, request_id: str) -> Paper:
        """Keep one; the same 転出届 sent twice is one paper."""
        with self._lock:
            paper = Paper(request_id, issuer, certificate, network)
            self._held[request_id] = paper
            while len(self._held) > MOST_PAPERS:
                del self._held[next(iter(self._held))]
            return paper

    def of(self, network: object) -> list[Paper]:
        """Those of the network that is shown, newest first."""
        with self._lock:
            return [one for one in reversed(self._held.values()) if one.network is network]

    def find(self, key: str, network: object) -> Paper:
        """One of them; StackFault if it is gone."""
        for paper in self.of(network):
            if paper.key == key:
                return paper
        raise unusable("転出証明書を選んでください。", "Choose a certificate that was issued here.")


def birth(form: Form) -> dict[str, Any]:
    """出生."""
    return {
        "household_id": form.numbers("household", "世帯", "a household")[0],
        "child": {
            "name": form.wanted("name", "氏名", "The name"), "name_kana": form.text("kana"),
            "birth_date": form.day("born", "出生の年月日", "the birth date"), "sex": _sex(form),
            "relationship": form.text("relationship") or "子", "residency": "JAPANESE",
        },
    }  # fmt: skip


def death(form: Form) -> dict[str, Any]:
    """死亡."""
    return {
        "resident_id": form.numbers("resident", "死亡した者", "who died")[0],
        "death_date": form.day("on", "死亡の年月日", "the day of death"),
    }


def relocation(form: Form) -> dict[str, Any]:
    """転居."""
    return {
        "resident_ids": form.numbers("resident", "転居する者", "who moves"),
        "address": form.wanted("address", "住所", "The address"),
        "relocation_date": form.day("on", "転居の年月日", "the day of the move"),
    }


def move_out(form: Form) -> dict[str, Any]:
    """転出."""
    return {
        "resident_ids": form.numbers("resident", "転出する者", "who leaves"),
        "destination": form.wanted("destination", "転出先", "The destination"),
        "planned_date": form.day("on", "転出の予定年月日", "the planned day"),
    }


def move_in(form: Form) -> dict[str, Any]:
    """転入; the certificate is put in afterwards."""
    return {
        "address": form.wanted("address", "住所", "The address"),
        "move_in_date": form.day("on", "転入の年月日", "the day of the move"),
        "area_code": form.text("ward"),
    }


def _sex(form: Form) -> str:
    if form.text("sex") not in ("MALE", "FEMALE"):
        raise unusable("男女の別を選んでください。", "Choose the sex.")
    return form.text("sex")


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of 届出: its rpc, its rule, and how its form is read."""

    name: str
    rpc: str
    rule: str
    read: Callable[[Form], dict[str, Any]]

    def basis(self, on: date) -> Mapping[str, str]:
        """Article and caption on a day."""
        rule = basis.find(self.rule, on)
        return {"article": rule.article, "caption": rule.caption} if rule else {"article": "", "caption": self.name}


ACTS = {
    act.name: act
    for act in (
        Act("birth", "ReportBirth", "report_birth", birth),
        Act("death", "ReportDeath", "report_death", death),
        Act("relocation", "ReportRelocation", "report_relocation", relocation),
        Act("move_out", "ReportMoveOut", "report_move_out", move_out),
        Act("move_in", "ReportMoveIn", "report_move_in", move_in),
    )
}


def routes(pages: Pages) -> Sequence[BaseRoute]:
    """`/counter`, its desk as a part, and the acts."""
    papers = Papers()

    async def show(request: Request) -> Response:
        values = await in_thread(look, pages.theatre.stage, request.query_params)
        template = "part/counter.html" if request.headers.get("x-part") else "counter.html"
        return pages.render(
            request, template, here="counter", papers=papers.of(pages.theatre.feed), new_id=desk.new_id, **values
        )

    async def act(request: Request) -> Response:
        found = ACTS.get(request.path_params["act"])
        if found is None:
            raise HTTPException(404)
        form = await Form.of(request)
        values = await in_thread(_do, pages, papers, found, form)
        return pages.render(request, "part/receipt.html", here="counter", act=found, **values)

    return (Route("/counter", show), Route("/counter/{act}", act, methods=["POST"]))


def look(stage: Stage, query: Mapping[str, str]) -> dict[str, Any]:
    """A municipality, a page of its records, and the household that is at the counter."""
    path = desk.municipality(stage, query.get("node", ""))
    household = query.get("household", "")
    chosen = int(household) if household.isdecimal() and len(household) < 16 else 0
    day = desk.today(stage, path)
    rows, after = desk.residents(stage, path, query.get("page", ""))
    members = desk.residents(stage, path, household=chosen)[0] if chosen else []
    return {
        "node": path, "nodes": desk.municipalities(stage), "rows": rows, "after": after, "household": chosen,
        "members": [one for one in members if one["live"]], "today": day, "acts": ACTS,
        "page": query.get("page", "")[:64], "wards": areas.wards_of(Identity.parse(path).area_code, day),
    }  # fmt: skip


def _do(pages: Pages, papers: Papers, act: Act, form: Form) -> dict[str, Any]:
    stage, network = pages.theatre.stage, pages.theatre.feed
    path = desk.municipality(stage, form.text("node"))
    given = {"operation": form.operation} | act.read(form)
    if act.name == "move_in":
        given["certificate"] = papers.find(form.text("paper"), network).certificate
    request = getattr(pb, f"{act.rpc}Request")()
    try:
        fill(request, given)
    except Unfilled as error:
        raise unusable("記入のどれかが使えません。", "Something in the form cannot be used.") from error
    shown = {"node": path, "on": act.basis(desk.today(stage, path))}
    try:
        with pages.theatre.acting(act.name):
            answer = stage.clerk(path, desk.CLERK).call(desk.COUNTER, act.rpc, request)
    except Refused as refused:
        if not refused.answer.definite:
            raise  # What came of it is not known: the form keeps its request_id, to be sent again.
        return shown | {"refused": desk.refusal(refused), "receipt": None, "paper": None, "request_id": ""}
    id = given["operation"]["request_id"]
    paper = papers.keep(path, answer.certificate, network, id) if act.name == "move_out" else None
    return shown | {"refused": None, "receipt": answer.receipt, "paper": paper, "request_id": id}
