"""住所 that name another municipality or ward: 区から区へは転出・転入."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from jukinet.testing.abroad_desk import arrival
from jukinet.testing.door import person

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

pytestmark = pytest.mark.law("report_relocation", "report_move_in", "enter_ex_officio", "correct_minor")

SUGINAMI = "東京都杉並区みどり台1番1号"
TSURUMI, KOHOKU = "神奈川県横浜市鶴見区みどり台1番1号", "神奈川県横浜市港北区みどり台1番1号"
HAMA = person("架空　浜", "1990-07-07", "女")


def test_report_relocation_into_another_ward_is_no_relocation(juki: Juki) -> None:
    tsurumi = juki["横浜市鶴見区"]
    (resident,) = tsurumi.enter_ex_officio(HAMA, address=TSURUMI).receipt.resident_ids
    with juki.refused("ADDRESS_ELSEWHERE"):
        tsurumi.report_relocation([resident], KOHOKU)
    tsurumi.report_relocation([resident], "神奈川県横浜市鶴見区みどり台2番")
    assert tsurumi.resident(resident).identification.address == "神奈川県横浜市鶴見区みどり台2番"
    juki.settle()
    assert juki.ledger_differences() == []


def test_report_move_in_at_the_ward_of_the_address(juki: Juki, family: Family) -> None:
    paper = juki["国立市"].report_move_out(family.all, "神奈川県横浜市鶴見区", "2021-06-01").certificate
    with juki.refused("ADDRESS_ELSEWHERE"):
        juki["横浜市鶴見区"].report_move_in(paper, KOHOKU)
    assert len(juki["横浜市鶴見区"].report_move_in(paper, TSURUMI).receipt.resident_ids) == 3


ACTS: list[Any] = [
    pytest.param(lambda c, f, where: c.correct_minor(f.all, "ホ", address=where), id="軽微な修正"),
    pytest.param(lambda c, f, where: c.report_relocation(f.all, where), id="転居届"),
    pytest.param(lambda c, f, where: c.enter_ex_officio(HAMA, address=where), id="職権記載"),
    pytest.param(lambda c, f, where: c.correct_ex_officio(f.wife, address=where), id="職権修正"),
    pytest.param(
        lambda c, f, where: c.report_move_in_from_abroad([arrival(HAMA)], where),
        id="国外転入",
    ),
]


@pytest.mark.parametrize("act", ACTS)
def test_no_act_records_an_address_elsewhere(
    juki: Juki, family: Family, act: Callable[[Any, Family, str], object]
) -> None:
    kunitachi = juki["国立市"]
    with juki.refused("ADDRESS_ELSEWHERE"):
        act(kunitachi, family, SUGINAMI)
    assert len(kunitachi.residents()) == 3
    assert {one.identification.address for one in kunitachi.residents()} == {"東京都国立市みどり台二丁目3番4号"}
    act(kunitachi, family, "みどり台三丁目1番")  # names no area
