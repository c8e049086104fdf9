"""The desks of the console over a small network: acts change records, refusals say why, no code or number shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from jukinet.console import desk
from jukinet.console.app import make
from jukinet.console.counter import MOST_PAPERS, Papers
from jukinet.console.theatre import Theatre
from jukinet.drill.cast import gather
from jukinet.stack.fault import StackFault
from jukinet.stack.stage import HostedStage
from jukinet.stack.topology import parse
from jukinet.v1.intermunicipal_pb2 import MoveOutCertificate
from jukinet.wire.client import Client, Refused
from jukinet.wire.status import Answer

TOKEN, PORT = "token", 24690
KUNITACHI, YOKOHAMA = "municipality/132152", "municipality/141003"
NODES = 'name = "desks"\nclock = "virtual"\nnodes = ["J-LIS", "東京都", "神奈川県", "国立市", "横浜市"]'
FAMILY = {
    "name": "family", "at": "国立市", "address": "東京都国立市みどり町1番地1",
    "persons": [
        {"name": "架空　太郎", "birth_date": "1980-05-01", "sex": "MALE", "relationship": "世帯主"},
        {"name": "架空　花子", "birth_date": "1982-07-09", "sex": "FEMALE", "relationship": "妻"},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostedStage]:
    stage = HostedStage(tmp_path_factory.mktemp("desks"), parse(NODES))
    stage.begin()
    gather(stage, FAMILY, desk.today(stage, KUNITACHI))
    stage.settle()
    yield stage
    stage.close()


@pytest.fixture(scope="module")
def browser(stage: HostedStage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    theatre = Theatre(stage, tmp_path_factory.mktemp("scratch"))
    app = make(theatre, TOKEN, PORT)
    base = f"http://127.0.0.1:{PORT}"
    with TestClient(app, base_url=base, headers={"Authorization": f"Bearer {TOKEN}", "x-part": "1"}) as client:
        yield client
    theatre.close()


def family(stage: HostedStage, path: str = KUNITACHI) -> list[dict[str, object]]:
    return [one for one in desk.residents(stage, path)[0] if one["live"]]


def day(stage: HostedStage, days: int = 0) -> str:
    today: date = desk.today(stage, KUNITACHI)
    return (today + timedelta(days=days)).isoformat()


def born(stage: HostedStage, request_id: str, **other: str) -> dict[str, str]:
    household = str(family(stage)[0]["household"])
    form = {"node": KUNITACHI, "request_id": request_id, "household": household, "name": "架空　初子"}
    return form | {"sex": "FEMALE", "born": day(stage)} | other


def test_the_counter_lists_residents_without_codes_and_offers_the_acts(browser: TestClient, stage: HostedStage) -> None:
    household = family(stage)[0]["household"]
    page = browser.get(f"/counter?node={KUNITACHI}&household={household}", headers={"x-part": ""})
    assert page.status_code == 200
    assert "架空　太郎" in page.text
    assert not re.search(r"\b[0-9]{11,12}\b", page.text)
    assert {"birth", "death", "relocation", "move_out"} <= set(re.findall(r'data-act="(\w+)"', page.text))
    assert "住基法第24条" in page.text


def test_a_form_that_is_sent_twice_acts_once(browser: TestClient, stage: HostedStage) -> None:
    before = len(family(stage))
    first = browser.post("/counter/birth", data=born(stage, "twice"))
    again = browser.post("/counter/birth", data=born(stage, "twice"))
    assert "data-done" in first.text
    assert first.text == again.text
    assert len(family(stage)) == before + 1


def test_a_birth_on_a_coming_day_is_refused_in_both_languages_on_its_article(
    browser: TestClient, stage: HostedStage
) -> None:
    before = len(family(stage))
    answer = browser.post("/counter/birth", data=born(stage, "coming", born=day(stage, 3)))
    assert "DATE_IN_FUTURE" in answer.text
    assert "住基法第30条の3第2項" in answer.text
    assert 'lang="en"' in answer.text
    assert "data-done" not in answer.text
    assert len(family(stage)) == before


@pytest.mark.parametrize("wrong", [{"born": "yesterday"}, {"name": " "}, {"sex": "?"}, {"household": "x"}])
def test_a_form_that_cannot_be_used_is_said_and_not_sent(
    browser: TestClient, stage: HostedStage, wrong: dict[str, str]
) -> None:
    answer = browser.post("/counter/birth", data=born(stage, "wrong", **wrong))
    assert answer.status_code == 409
    assert "yesterday" not in answer.text


def test_who_moves_out_moves_in_with_the_paper_that_the_console_keeps(browser: TestClient, stage: HostedStage) -> None:
    gone = next(one for one in family(stage) if one["name"] == "架空　花子")
    out = {"node": KUNITACHI, "request_id": "out", "resident": str(gone["id"]), "destination": "横浜市鶴見区"}
    assert "転出証明書" in browser.post("/counter/move_out", data=out | {"on": day(stage)}).text
    page = browser.get(f"/counter?node={YOKOHAMA}")
    assert 'value="out"' in page.text
    into = {"node": YOKOHAMA, "request_id": "in", "paper": "out", "address": "神奈川県横浜市鶴見区架空1番1号"}
    answer = browser.post("/counter/move_in", data=into | {"on": day(stage), "ward": "141011"})
    assert "data-done" in answer.text
    assert "架空　花子" in [one["name"] for one in family(stage, YOKOHAMA)]
    lost = browser.post("/counter/move_in", data=into | {"paper": "other", "on": day(stage), "ward": "141011"})
    assert lost.status_code == 409


def test_where_no_answer_came_it_is_not_said_that_nothing_was_done(
    browser: TestClient, stage: HostedStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = Client.call

    def lost(self: Client, stub: Any, method: str, *rest: Any, **other: Any) -> Any:
        if method in ("ReportBirth", "ProvideIdentification"):
            raise Refused(Answer("UNAVAILABLE", definite=False, message="No answer.", japanese="応答がありません。"))
        return call(self, stub, method, *rest, **other)

    monkeypatch.setattr(Client, "call", lost)
    for path, form in (("/counter/birth", born(stage, "lost")), ("/office/ask", question(stage, "lost"))):
        answer = browser.post(path, data=form)
        assert answer.status_code == 409
        assert "応答がありません" in answer.text
        assert "住民票は変わっていません" not in answer.text
        assert "何も出ていません" not in answer.text


def test_another_act_is_none(browser: TestClient) -> None:
    assert browser.post("/counter/marriage", data={}).status_code == 404
    assert browser.get("/counter?node=municipality/000000").status_code == 409


def question(stage: HostedStage, request_id: str, **other: str) -> dict[str, str]:
    form = {"office": "japan-pension-service", "affair": "1-77", "provider": "jlis/center", "people": KUNITACHI}
    return form | {"request_id": request_id, "case": "A-1", "pick": str(family(stage)[0]["id"])} | other


def test_an_office_sees_what_it_is_given_on_which_article_and_numbers_only_as_marks(
    browser: TestClient, stage: HostedStage
) -> None:
    page = browser.get("/office?office=japan-pension-service")
    assert page.status_code == 200
    assert 'value="1-77"' in page.text
    answer = browser.post("/office/ask", data=question(stage, "ask-1"))
    assert "架空　太郎" in answer.text
    assert "住基法第30条の9" in answer.text
    assert "FOUND" in answer.text
    assert "●" * 12 in answer.text
    assert not re.search(r"\b[0-9]{11,12}\b", answer.text)


def test_what_is_withheld_stands_with_its_article(browser: TestClient, stage: HostedStage) -> None:
    answer = browser.post("/office/ask", data=question(stage, "ask-2")).text
    kept = answer[answer.index("提供しない項目") :]
    assert "住民票コード" in kept
    assert "住基法" in kept


def test_an_affair_that_does_not_name_the_office_is_refused_and_nothing_goes_out(
    browser: TestClient, stage: HostedStage
) -> None:
    page = browser.get("/office?office=japan-pension-service").text
    closed = re.search(r'拒否を見る）"><option value="([0-9-]+)"', page)
    assert closed is not None
    answer = browser.post("/office/ask", data=question(stage, "ask-3", affair=closed[1])).text
    assert "提供は認められません" in answer
    assert "当たらなかった要件" in answer
    assert "架空　太郎" not in answer


def test_a_person_is_typed_or_what_is_wrong_is_said(browser: TestClient, stage: HostedStage) -> None:
    typed = {"pick": "", "name": "架空　太郎", "born": "1980-05-01", "sex": "MALE"}
    assert "FOUND" in browser.post("/office/ask", data=question(stage, "ask-4", **typed)).text
    assert "NONE" in browser.post("/office/ask", data=question(stage, "ask-5", **typed | {"sex": "FEMALE"})).text
    assert browser.post("/office/ask", data=question(stage, "ask-6", **typed | {"born": "?"})).status_code == 409
    assert browser.post("/office/ask", data=question(stage, "ask-7", office="nobody")).status_code == 409


def test_a_mayor_of_another_prefecture_is_sent_to_the_own_governor_and_answered_once_asked_through_it(
    browser: TestClient, stage: HostedStage
) -> None:
    mayor = question(stage, "far-1", office="141003-mayor", affair="4-1")
    straight = browser.post("/office/ask", data=mayor).text
    assert "VIA_GOVERNOR" in straight
    assert "架空　太郎" not in straight
    through = browser.post("/office/ask", data=mayor | {"request_id": "far-2", "via": "prefecture/140007"}).text
    assert "架空　太郎" in through
    assert "住基法第30条の12" in through


def test_both_desks_speak_english(browser: TestClient) -> None:
    for path, said in (("/counter", "At the counter"), ("/office", "Rows that name this office")):
        household = "?household=1" if path == "/counter" else ""
        page = browser.get(path + household, headers={"cookie": "language=en", "x-part": ""})
        assert page.status_code == 200
        assert said in page.text


def test_a_paper_belongs_to_the_network_that_issued_it_and_only_the_last_are_kept() -> None:
    papers, here = Papers(), object()
    for number in range(MOST_PAPERS + 1):
        papers.keep(KUNITACHI, MoveOutCertificate(), here, f"paper-{number}")
    assert papers.find(f"paper-{MOST_PAPERS}", here).issuer == KUNITACHI
    assert len(papers.of(here)) == MOST_PAPERS
    for key, network in ((f"paper-{MOST_PAPERS}", object()), ("paper-0", here)):
        with pytest.raises(StackFault, match="Choose a certificate"):
            papers.find(key, network)
