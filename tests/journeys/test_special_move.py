"""転入届の特例: 転出届 with the card, the question or the notice beforehand, 転入届 without paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import day
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import intermunicipal_pb2, relay_pb2

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

CERTIFICATE = relay_pb2.STREAM_KIND_MOVE_OUT_CERTIFICATE
SUGINAMI = "東京都杉並区みどり台1番1号"


@pytest.mark.law("report_special_move_in", "send_move_out_certificate", "move_out_with_card")
def test_report_special_move_in_of_a_family_without_paper(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    left = kunitachi.report_move_out(family.all, "杉並区", "2021-06-01", with_card=True)
    assert left.certificate == intermunicipal_pb2.MoveOutCertificate(), "no paper is given out"
    assert left.receipt.notices == 3, "消除 upward, and nothing sideways before 2023"
    juki.settle()
    since = juki.mark()

    came = suginami.report_special_move_in(family.codes[0], "国立市", SUGINAMI, "2021-06-01")
    assert came.receipt.notices == 6
    juki.settle()

    for code, old_id, new_id in zip(family.codes, family.all, came.receipt.resident_ids, strict=True):
        old, new = kunitachi.resident(old_id), suginami.resident(new_id)
        assert (old.state, old.confirmed_destination) == (pb.RESIDENT_STATE_REMOVED, SUGINAMI)
        assert new.identification.resident_code == code
        assert new.identification.individual_number == old.identification.individual_number
        assert (new.head_name, new.relationship) == ("架空　太郎", old.relationship)
        assert juki["東京都"].changes(code)[-1] == "杉並区 記載・国内転入 2021-06-01 #1"
        assert {held.area_code: held.live for held in juki["機構"].held(code)} == {"132152": False, "131156": True}
        assert juki["東京都"].confirmed(code)[0].move_out_date == day("2021-06-01")
    asked = [hop for hop in juki.sequence(family.codes[0], since) if hop.kind == "MOVE_OUT_CERTIFICATE"]
    assert [(str(hop), hop.article) for hop in asked] == [("国立市→杉並区", "住基法第24条の2第4項")]
    assert juki.ledger_differences() == []
