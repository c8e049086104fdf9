"""回復: a municipality put back to an old copy, or destroyed, has again all that anybody had acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import person

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family


def records(juki: Juki, name: str) -> dict[str, tuple[str, str, str, bool]]:
    """By code: name, address, number, whether it lives."""
    return {
        r.identification.resident_code: (
            r.identification.name, r.identification.address, r.identification.individual_number, r.state != 3,
        )
        for r in sorted(juki[name].residents(), key=lambda r: r.resident_id)
    }  # fmt: skip


def test_kunitachi_put_back_three_days_has_births_and_moves_again(juki: Juki, family: Family) -> None:
    kunitachi, yokohama = juki["国立市"], juki["横浜市鶴見区"]
    juki.snapshot_node("国立市", "monday")
    juki.clock.advance(days=1)
    child = kunitachi.report_birth(family.household).receipt.resident_ids[0]
    juki.settle()
    code = kunitachi.resident(child).identification.resident_code
    yokohama.enter_ex_officio(person("架空　港", "1990-07-07", "女"))
    juki.settle()
    harbour = yokohama.residents()[0]
    paper = yokohama.report_move_out([harbour.resident_id], "東京都国立市").certificate
    kunitachi.report_move_in(paper, juki.full_name("132152") + "架空町9番")
    left = kunitachi.report_move_out([family.child], "神奈川県横浜市鶴見区").certificate
    yokohama.report_move_in(left, juki.full_name("141011") + "架空町2番")
    juki.clock.advance(days=2)
    juki.settle()
    before, live = records(juki, "国立市"), juki["機構"].status().live_records
    assert before[code][3]
    assert not before[family.codes[2]][3]
    juki.restore_node("国立市", "monday")
    report = juki.recover("国立市")
    assert not report.recovering, report
    assert records(juki, "国立市") == before
    assert juki["機構"].status().live_records == live
    assert juki.ledger_differences() == []
