"""The pages "Why" and "Honesty" and the metrics, over nodes on which a provision was asked for, given and refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from markupsafe import Markup
from starlette.testclient import TestClient

from jukinet.console import evidence, honesty, why
from jukinet.console.app import make
from jukinet.console.evidence import Figure
from jukinet.console.theatre import Theatre
from jukinet.console.why import Evidence
from jukinet.drill import scenario
from jukinet.drill.player import Player
from jukinet.stack.stage import HostedStage

TOKEN, PORT = "token", 24691
TOKYO = "prefecture/130001"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostedStage]:
    with Player(scenario.find("provision"), tmp_path_factory.mktemp("why"), hosted=True) as player:
        player.begin()
        while player.next is not None:
            player.step()
        assert isinstance(player.stage, HostedStage)
        yield player.stage


@pytest.fixture(scope="module")
def browser(stage: HostedStage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    theatre = Theatre(stage, tmp_path_factory.mktemp("scratch"))
    app = make(theatre, TOKEN, PORT)
    with TestClient(app, base_url=f"http://127.0.0.1:{PORT}", headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        yield client
    theatre.close()


def test_every_kind_of_evidence_has_its_number(stage: HostedStage) -> None:
    figures, silent = evidence.read(stage)
    assert set(figures) == set(Evidence)
    assert not silent
    assert [number for _, number in figures[Evidence.HOLDINGS].lines] == [2, 2, 2]
    assert figures[Evidence.GATE].count == 5
    assert figures[Evidence.WITHHELD].count == figures[Evidence.STATISTICS].count == 4
    assert (figures[Evidence.DISCLOSURE].count, figures[Evidence.DISCLOSURE].lines[0][1]) == (0, 4)
    assert all(figures[kind].count == figures[kind].of for kind in (Evidence.MTLS, Evidence.SIGNED))
    assert all(figures[kind].right for kind in (Evidence.PLANES, Evidence.MTLS, Evidence.SIGNED, Evidence.AUDIT))


def test_a_number_that_should_not_be_is_marked() -> None:
    assert evidence.judged(Evidence.PLANES, Figure(0)).right is True
    assert evidence.judged(Evidence.PLANES, Figure(1)).right is False
    assert evidence.judged(Evidence.MTLS, Figure(3, 4)).right is False
    assert evidence.judged(Evidence.GATE, Figure(3)).right is None
    assert evidence.judged(Evidence.AUDIT, Figure(9, right=False)).right is False


def test_the_page_shows_points_figures_holdings_and_years(browser: TestClient) -> None:
    page = browser.get("/why").text
    assert all(point.title.ja in page for point in why.page().points)
    assert page.count('class="evidence"') == sum(len(point.evidence) for point in why.page().points)
    assert all(event.what.ja in page for event in why.page().events)
    assert "✓ 正しい" in page
    assert "✕" not in page
    part = browser.get("/why", headers={"x-part": "1"}).text
    assert 'data-kind="planes"' in part
    assert "<html" not in part


def test_a_node_that_is_silent_is_named_and_its_link_counts_as_broken(browser: TestClient, stage: HostedStage) -> None:
    stage.stop_node(TOKYO)
    try:
        page = browser.get("/why", headers={"cookie": "language=en"}).text
        assert "Not counted, as they did not answer: 東京都" in page
        assert "✕ not as it should be" in page
        told = browser.get("/metrics").text
        assert f'jukinet_up{{node="{TOKYO}"}} 0.0' in told
    finally:
        stage.start_node(TOKYO)


def test_metrics_are_for_whoever_has_the_token(browser: TestClient) -> None:
    answer = browser.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'jukinet_up{node="jlis/center"} 1.0' in answer.text
    assert browser.get("/metrics", headers={"Authorization": "Bearer other"}).status_code == 403


def test_honesty_shows_every_item_under_its_heading_and_how_well_it_is_known(browser: TestClient) -> None:
    page = browser.get("/honesty").text
    assert all(f'<h2 id="{group}">' in page for group in honesty.Group)
    assert page.count('<li class="card">') == len(honesty.items())
    assert all(str(Markup.escape(item.title.ja)) in page for item in honesty.items())
    assert '<a href="jukinet' not in page
