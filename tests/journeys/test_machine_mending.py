"""The same random lives while files are damaged, registers are lost, and municipalities stand outside for a while."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule

from jukinet.v1 import identification_pb2
from tests.journeys.model import Person, Stay
from tests.journeys.test_machine import NODES, Network, run

if TYPE_CHECKING:
    from jukinet.store.database import Connection
    from jukinet.testing.template import Templates

ABOVE = ("東京都", "神奈川県", "機構")
CITY = {"国立市": "国立市", "国分寺市": "国分寺市", "横浜市鶴見区": "横浜市", "横浜市中区": "横浜市"}


class Mending(Network):
    """When all lines work again everybody takes part, papers are carried, and all is compared."""

    def __init__(self) -> None:
        super().__init__()
        self.outside: set[str] = set()
        self.told_anew: set[str] = set()
        """Cities that told of somebody without a change: their notices are no longer those of the model alone."""

    @rule(tier=st.sampled_from(ABOVE), which=st.integers(0, 99), how=st.sampled_from(["renamed", "dropped", "ended"]))
    def a_register_is_damaged(self, tier: str, which: int, how: str) -> None:
        def damage(db: Connection) -> None:
            rows = db.execute("SELECT code, area_code, body FROM identification WHERE live = 1").fetchall()
            if not rows:
                return
            code, area, body = rows[which % len(rows)]
            if how == "dropped":
                db.execute("DELETE FROM identification WHERE code = ? AND area_code = ?", (code, area))
            elif how == "ended":
                db.execute("UPDATE identification SET live = 0 WHERE code = ? AND area_code = ?", (code, area))
            else:
                person = identification_pb2.Identification.FromString(body)
                person.name = "化け　文字"
                changed = (person.SerializeToString(deterministic=True), code, area)
                db.execute("UPDATE identification SET body = ? WHERE code = ? AND area_code = ?", changed)

        self.juki.settle()
        self.juki[tier].node.register.write(damage)
        self.told_anew |= {*CITY.values()}

    @rule(tier=st.sampled_from(ABOVE))
    def a_register_is_lost(self, tier: str) -> None:
        self.juki.kill(tier)
        for file in Path(self.juki.network.layout.node(self.juki.find(tier)[0])).glob("register.db*"):
            file.unlink()
        self.juki.start(tier)

    @rule(city=st.sampled_from(NODES), out=st.booleans())
    def a_municipality_leaves_or_joins(self, city: str, out: bool) -> None:
        self.juki.participation(city, "outside" if out else "full")
        self.outside = self.outside | {city} if out else self.outside - {city}
        self.told_anew.add(city)

    @rule()
    def all_lines_work_again(self) -> None:
        self.juki.heal()
        for city in sorted(self.outside):
            self.juki.participation(city, "full")
        self.outside = set()
        self.juki.settle()
        self.juki.post()
        for node in (*NODES, "東京都", "神奈川県"):
            self.juki.reconcile(node)
        self.model.all_lines_work()
        self.compare()
        for node in (*NODES, "東京都", "神奈川県"):
            areas = self.juki.reconcile(node).areas
            assert not any(area.only_here + area.only_there + area.different for area in areas), node

    def compare_what_was_said(self, who: Person, stay: Stay) -> None:
        if CITY[stay.place] not in self.told_anew:
            super().compare_what_was_said(who, stay)


def test_whatever_is_damaged_lost_or_left_out_the_network_mends_itself(
    juki_templates: Templates, tmp_path: Path
) -> None:
    run(juki_templates, tmp_path, 4, 12, Mending)


@pytest.mark.full
@pytest.mark.timeout(1_200)
def test_the_same_for_long(juki_templates: Templates, tmp_path: Path) -> None:
    run(juki_templates, tmp_path, int(os.environ.get("JUKINET_EXAMPLES", "40")), 40, Mending)
