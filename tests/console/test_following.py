"""People on the console: found by kind, seen as each tier holds them, and never named in an address."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from jukinet.console.app import make
from jukinet.console.persons import BURST_SECONDS, Followed
from jukinet.console.theatre import Theatre
from jukinet.model.holding import PersonKind
from jukinet.stack import holding
from jukinet.stack.stage import HostedStage
from jukinet.stack.topology import parse

TOKEN, PORT = "a-token-for-tests", 8_099
CITY = "municipality/132152"
NODES = 'seed = 7\nanchor_days = 0\nnodes = ["J-LIS", "東京都", "国立市"]'


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    """The scenario of a move between prefectures, put on and not played yet."""
    root = tmp_path_factory.mktemp("people")
    found = Theatre(HostedStage(root / "live", parse(NODES)), root, hosted=True)
    found.open("move")
    yield found
    found.close()


@pytest.fixture(scope="module")
def client(theatre: Theatre) -> TestClient:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return TestClient(make(theatre, TOKEN, PORT), base_url=f"http://127.0.0.1:{PORT}", headers=headers)


def open_one(client: TestClient, theatre: Theatre, number: int = 0) -> str:
    """Choose one of those found; the address of the page."""
    found = re.findall(r'data-node="(\S+)" data-resident="(\d+)"', client.get("/people?kind=anyone").text)
    node, resident = found[number]
    answer = client.post("/people", data={"node": node, "resident": resident}, follow_redirects=False)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def rows(text: str) -> dict[str, list[str]]:
    """The cells of the tiers' table by the field's name."""
    table = text[text.index('<table class="tiers">') :].partition("</table>")[0]
    found = {}
    for row in re.findall(r"<tr class=.*?</tr>", table, re.DOTALL):
        name = re.search(r'<th scope="row">(.*?)(<|$)', row)
        assert name
        found[name[1]] = [
            html.unescape(re.sub("<.*?>", "", cell)) for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)
        ]
    return found


def test_each_tier_is_shown_with_what_it_holds_and_the_move_changes_it(client: TestClient, theatre: Theatre) -> None:
    address = open_one(client, theatre)
    assert address == "/people/p1"
    assert open_one(client, theatre) == address, "the same person keeps the key"
    before = client.get(address).text
    cells = rows(before)
    assert cells["氏名"] == ["転居　太郎"] * 3
    assert cells["世帯主との続柄"] == ["世帯主", "持っていません", "持っていません"]
    assert "住基法第7条第4号" in before
    assert 'class=" changed"' not in before
    while theatre.player and theatre.player.next is not None:
        theatre.step()
    after = client.get(address, headers={"x-part": "1"}).text
    assert "<html" not in after
    assert "横浜市" in after
    assert "神奈川県" in after
    moved = rows(after)
    assert "持っていません" in moved["世帯主との続柄"]
    assert any("前：" in cell and "→" in cell for row in moved.values() for cell in row)
    theatre.feed.look()
    link = re.search(r'href="(/messages/notice-[a-z]+-\w+-\d+)"', after)
    assert link
    assert client.get(link[1]).status_code == 200


def test_no_number_is_on_the_page_nor_in_its_addresses(client: TestClient, theatre: Theatre) -> None:
    address = open_one(client, theatre)
    codes = [one.code for one in holding.find_persons(theatre.stage, PersonKind.ANYONE)]
    assert all(codes)
    for page in ("/people?kind=anyone", address, f"/messages?person={address[-2:]}"):
        text = client.get(page).text
        assert not [code for code in codes if code in text]
    assert "●●●●●●●●●●●" in client.get(address).text


def test_messages_are_filtered_by_person(client: TestClient, theatre: Theatre) -> None:
    key = open_one(client, theatre).rpartition("/")[2]
    every, of_one = client.get("/api/messages").json(), client.get(f"/api/messages?person={key}").json()
    assert 0 < of_one["total"] < every["total"]
    assert f'<option value="{key}" selected>転居' in client.get(f"/messages?person={key}").text


@pytest.mark.parametrize("page", ["/people/p99", "/messages?person=p99", "/api/messages?person=p99"])
def test_a_key_that_stands_for_nobody_is_said_in_words(client: TestClient, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 409
    assert "この符号に当たる人は" in answer.text


def test_nobody_is_opened_who_is_not_there(client: TestClient) -> None:
    assert client.post("/people", data={"node": CITY, "resident": "99999"}).status_code == 409
    assert client.post("/people", data={"node": CITY, "resident": "x"}).status_code == 404
    assert client.get("/people?kind=giants").status_code == 404
    assert "この条件に当てはまる人は" in client.get("/people?kind=under_support").text


def test_changes_that_follow_each_other_are_one_and_later_ones_begin_anew() -> None:
    cell = ("n", "c", "address")
    one = Followed("p1", "", "")
    assert one.see({cell: "a"}, 0) == {}
    assert one.see({cell: "b"}, 100) == {cell: "a"}
    assert one.see({cell: "b"}, 200) == {cell: "a"}, "it stays marked until the next change"
    assert one.see({cell: "c"}, 101 + BURST_SECONDS - 2) == {cell: "a"}
    assert one.see({cell: "d"}, 300 + BURST_SECONDS) == {cell: "c"}
