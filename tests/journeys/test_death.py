"""死亡: 消除 dated the day of death; the household goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.v1 import counter_pb2 as pb

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family


pytestmark = pytest.mark.law("report_death")


def test_a_death_closes_the_record_at_every_tier(juki: Juki, family: Family) -> None:
    kunitachi, since, code = juki["国立市"], juki.mark(), family.codes[0]
    assert kunitachi.report_death(family.head, "2021-05-29").receipt.notices == 1
    juki.settle()

    record = kunitachi.resident(family.head)
    assert record.state == pb.RESIDENT_STATE_REMOVED
    assert (record.removal_date.month, record.removal_date.day) == (5, 29)
    for tier in ("東京都", "機構"):
        assert juki[tier].changes(code)[-1] == "国立市 消除・死亡 2021-05-29 #3", tier
        (held,) = juki[tier].held(code)
        assert not held.live, tier
        assert held.identification == record.identification, tier  # 消除前の値
        assert juki[tier].status().live_records == 2, tier
    assert juki.hops(code, since) == ["国立市→東京都", "東京都→機構"]
    assert juki.ledger_differences() == []


def test_the_household_goes_on_with_a_new_head_and_ends_with_its_last_member(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.report_death(family.head)
    wife = kunitachi.resident(family.wife)
    assert (wife.relationship, wife.head_name) == ("世帯主", "架空　花子")
    assert kunitachi.resident(family.head).relationship == "世帯主"
    assert kunitachi.resident(family.child).head_name == "架空　花子"
    kunitachi.report_death(family.wife)
    kunitachi.report_death(family.child)
    with juki.refused("HOUSEHOLD_NOT_FOUND"):
        kunitachi.report_birth(family.household)


def test_nobody_dies_twice(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.report_death(family.head)
    with juki.refused("RESIDENT_REMOVED"):
        kunitachi.report_death(family.head)
    juki.settle()
    assert len(juki["機構"].changes(family.codes[0])) == 3


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        pytest.param("2021-06-02", "DATE_IN_FUTURE", id="明日の死亡は届け出られない"),
        pytest.param("1980-04-30", "FIELD_OUT_OF_RANGE", id="出生より前の死亡は届け出られない"),
        pytest.param("2021-04-31", "DATE_IMPOSSIBLE", id="暦にない日の死亡は届け出られない"),
        pytest.param("2021-05", "FIELD_MISSING", id="死亡の日まで要る"),
    ],
)
def test_a_death_on_a_day_that_cannot_be_is_refused(juki: Juki, family: Family, day: str, reason: str) -> None:
    with juki.refused(reason) as refusal:
        juki["国立市"].report_death(family.head, day)
    assert dict(refusal[0].answer.facts)["field"] == "death_date"
    assert juki["国立市"].resident(family.head).state == pb.RESIDENT_STATE_LIVE


def test_the_death_of_somebody_unknown_is_refused(juki: Juki, family: Family) -> None:
    for unknown in (0, family.child + 1, 2**64 - 1):
        with juki.refused("RESIDENT_NOT_FOUND"):
            juki["国立市"].report_death(unknown)
