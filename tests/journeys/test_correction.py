"""Corrections, from the counter to J-LIS: 軽微な修正, the two numbers, the names beside the name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family


@pytest.mark.law("change_resident_code", "notify_changed_code")
def test_change_resident_code_reaches_every_tier_with_the_old_code(juki: Juki, family: Family) -> None:
    kunitachi, old, since = juki["国立市"], family.codes[0], juki.mark()
    number = kunitachi.resident(family.head).identification.individual_number
    assert kunitachi.change_resident_code(family.head).receipt.notices == 1
    juki.settle()
    record = kunitachi.resident(family.head)
    new = record.identification.resident_code
    assert new != old
    assert record.identification.individual_number == number
    for tier in ("国立市", "東京都", "機構"):
        assert juki[tier].changes(new) == ["国立市 住民票コードの記載の修正・住民票コードの変更請求 2021-06-01 #3"], (
            tier
        )
        assert juki[tier].notices(new)[0].change.former_resident_code == old, tier
    for tier in ("東京都", "機構"):
        assert [one.live for one in juki[tier].held(old)] == [False], tier
        assert [(one.live, one.identification) for one in juki[tier].held(new)] == [(True, record.identification)], tier
        assert juki[tier].codes_after(old) == [old, new], tier
        assert juki[tier].status().live_records == 3, tier
    assert juki.hops(new, since) == ["国立市→東京都", "東京都→機構"]
    assert juki.ledger_differences() == []
