"""広域交付: 交付地 asks, 住所地 answers, 交付地 makes the copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jukinet.v1 import issuance_pb2 as pb
from jukinet.v1 import relay_pb2

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

KIND = relay_pb2.STREAM_KIND_WIDE_AREA_RECORD
KUNITACHI = "132152"
ADDRESS = "東京都国立市みどり台二丁目3番4号"
CARD, DOCUMENT = pb.IDENTITY_PROOF_INDIVIDUAL_NUMBER_CARD, pb.IDENTITY_PROOF_PHOTO_DOCUMENT


def issue(juki: Juki, family: Family, at: str = "杉並区", **request: Any) -> str:
    """The head of the family asks at another counter; the text of the copy."""
    asked = {"area_code": KUNITACHI, "requester_name": "架空　太郎", "resident_code": family.codes[0], **request}
    return juki[at].issue_wide_area_copy(**asked).text


@pytest.mark.law("issue_wide_area_copy", "send_wide_area_record")
def test_issue_wide_area_copy_asks_the_municipality_of_residence_and_prints_what_it_told(
    juki: Juki, family: Family
) -> None:
    text = issue(juki, family)
    juki.settle()

    number = juki["国立市"].resident(family.head).identification.individual_number
    assert text.splitlines()[0].startswith("【SIMULATION")
    for words in ("架空　太郎", "昭和55年5月1日", "男", "令和3年6月1日", ADDRESS):
        assert words in text
    for words in (family.codes[0], number, "架空町一番地", "世帯主", "第1号", "架空　花子"):
        assert words not in text
    assert "第12条の4第3項の規定により東京都国立市長から" in text
    assert text.endswith("東京都杉並区長")

    (said,) = [entry for entry in juki["国立市"].journal() if entry.header.kind == KIND]
    (heard,) = [entry for entry in juki["杉並区"].journal() if entry.header.kind == KIND]
    assert (said.header_hash, said.header.origin, said.header.counterpart) == (heard.header_hash, KUNITACHI, "131156")
    assert juki["杉並区"].quarantined() == []
    assert juki.ledger_differences() == []
