"""The demo as anybody runs it: every hop of the story, in order, from the receivers' journals; then the proofs."""

import json
import shutil
import sqlite3
from contextlib import closing

import pytest

from jukinet.drill import demo

KUNITACHI, YOKOHAMA = "municipality/132152", "municipality/141003"
TOKYO, KANAGAWA, CENTER = "prefecture/130001", "prefecture/140007", "jlis/center"
WARD, BY_MAYOR = "municipality/141011", "住基令第31条第2項"  # 区長 → 市長 → 知事
NOTIFY, FORWARD = "住基法第30条の6第1項", "住基法第30条の7第1項"

STORY = {
    "出生": {
        (KUNITACHI, TOKYO, NOTIFY, "記載・出生 1件"),
        (TOKYO, CENTER, FORWARD, "記載・出生 1件"),
        (CENTER, KUNITACHI, "番号法第8条第2項", "1件"),
        (KUNITACHI, TOKYO, NOTIFY, "個人番号の記載の修正・個人番号の職権記載等 1件"),
        (TOKYO, CENTER, FORWARD, "個人番号の記載の修正・個人番号の職権記載等 1件"),
    },
    "転居": {
        (KUNITACHI, TOKYO, NOTIFY, "記載の修正・転居 3件"),
        (TOKYO, CENTER, FORWARD, "記載の修正・転居 3件"),
    },
    "転出": set(),
    "転出予定日の到来": {
        (KUNITACHI, TOKYO, NOTIFY, "消除・国内転出 3件"),
        (TOKYO, CENTER, FORWARD, "消除・国内転出 3件"),
    },
    "転入": {
        (WARD, YOKOHAMA, BY_MAYOR, "記載・国内転入 3件"),
        (YOKOHAMA, KANAGAWA, NOTIFY, "記載・国内転入 3件"),
        (KANAGAWA, CENTER, FORWARD, "記載・国内転入 3件"),
        (YOKOHAMA, KUNITACHI, "住基法第9条第1項", "3件"),
        (YOKOHAMA, KUNITACHI, "住基法第19条第1項", "3件"),
        (KUNITACHI, TOKYO, "住基令第13条第3項", "3件"),
    },
    "死亡": {
        (WARD, YOKOHAMA, BY_MAYOR, "消除・死亡 1件"),
        (YOKOHAMA, KANAGAWA, NOTIFY, "消除・死亡 1件"),
        (KANAGAWA, CENTER, FORWARD, "消除・死亡 1件"),
    },
}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """One run of the demo with few residents."""
    said: list[str] = []
    code = demo.run(tmp_path_factory.mktemp("demo"), 900, as_json=True, say=said.append)
    return code, json.loads("".join(said))


def test_everything_holds(told):
    code, report = told
    assert report["ledger_at_zero"] is True
    assert report["union_equal"] is True
    assert report["residents"] == 900
    assert report["evidence_verified"] is (True if shutil.which("openssl") else None)
    assert code == 0


def test_what_does_not_hold_is_told_and_ends_with_four(tmp_path):
    """One record goes missing at J-LIS after the network has stopped, before the stores are compared."""
    root, said = tmp_path / "demo", []

    def say(line):
        said.append(line)
        if "全ノードを停止し" in line:
            (center,) = (root / "nodes").glob("jlis-*")
            with closing(sqlite3.connect(center / "register.db")) as db, db:
                db.execute("DELETE FROM identification WHERE code = (SELECT min(code) FROM identification WHERE live)")

    assert demo.run(root, 60, as_json=False, say=say) == 4, "the exit code says so"
    assert any("J-LIS: DIFFERENT" in line for line in said)
    assert "成立しないものがあります" in said[-1]


@pytest.mark.parametrize("act", STORY)
def test_the_hops_of_each_act_are_those_the_law_orders_and_no_others(told, act):
    _, report = told
    scene = next(scene for scene in report["scenes"] if scene["title"].startswith(f"{act} "))
    hops = [(hop["from"], hop["to"], hop["article"], "・".join(hop["what"])) for hop in scene["hops"]]
    assert set(hops) == STORY[act]
    assert len(hops) == len(set(hops))


def test_a_notice_is_read_at_the_governor_before_it_is_read_at_the_centre(told):
    _, report = told
    for scene in report["scenes"]:
        seen = [(hop["to"], hop["header_hash"]) for hop in scene["hops"]]
        for receiver, header in seen:
            if receiver == CENTER:
                assert seen.index((CENTER, header)) > min(
                    i for i, (to, h) in enumerate(seen) if h == header and to.startswith("prefecture/")
                )
