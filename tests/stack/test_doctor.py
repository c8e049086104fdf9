"""What the doctor says of what a node tells of itself."""

from __future__ import annotations

import pytest

from jukinet.stack.doctor import Finding, told
from jukinet.v1.drill_pb2 import GetStatusResponse


def quarantine(path: str, records: int) -> list[Finding]:
    found = told(path, "国立市", GetStatusResponse(quarantined_records=5, open_quarantined_records=records))
    return [finding for finding in found if finding.check == "quarantine"]


@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        pytest.param("municipality/132152", "jukinet resident tasks 国立市", id="市区町村: 紙か再送"),
        pytest.param("prefecture/130001", "jukinet resync", id="都道府県: 発信元の修正"),
        pytest.param("jlis/center", "jukinet resync", id="機構: 発信元の修正"),
    ],
)
def test_what_is_set_aside_is_a_fault_with_a_remedy(path: str, remedy: str) -> None:
    (finding,) = quarantine(path, 2)
    assert finding.ok is False, "異常なし although something is set aside"
    assert "2 records" in finding.text
    assert remedy in finding.remedy


def test_nothing_that_stands_open_is_no_fault() -> None:
    assert quarantine("municipality/132152", 0) == [], "what something stands for is still counted, and no fault"
