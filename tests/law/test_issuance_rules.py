"""広域交付 by itself: who may ask, and what goes out."""

from __future__ import annotations

import pytest

from jukinet.law import index, issuance
from jukinet.model.identification import Residency
from jukinet.model.reason import Reason
from jukinet.model.wide_area import WideAreaItems

_ = index.ROOMS
SHOWN, NOT_SHOWN, DOCUMENT, CARD = True, False, True, False
CODE, NO_CODE, BORN, NOT_BORN, IMPROPER, PROPER = True, False, True, False, True, False


@pytest.mark.law("issue_wide_area_copy")
@pytest.mark.parametrize(
    ("given", "reason"),
    [
        pytest.param((SHOWN, CARD, CODE, NOT_BORN, PROPER), None, id="法12条の4①-カードとコード"),
        pytest.param((SHOWN, DOCUMENT, CODE, NOT_BORN, PROPER), None, id="規則4条①-書類とコード"),
        pytest.param((SHOWN, DOCUMENT, CODE, BORN, PROPER), None, id="規則4条①-書類とコードと生年月日・性別"),
        pytest.param((NOT_SHOWN, CARD, CODE, BORN, PROPER), Reason.PROOF_REQUIRED, id="法12条の4①後段-提示がない"),
        pytest.param(
            (SHOWN, DOCUMENT, NO_CODE, NOT_BORN, PROPER), Reason.FIELD_MISSING, id="規則4条①-書類だけで何も言わない"
        ),
        pytest.param(
            (SHOWN, DOCUMENT, NO_CODE, BORN, PROPER), Reason.CODE_REQUIRED, id="令15条の3①二-生年月日と性別だけ"
        ),
        pytest.param(
            (SHOWN, CARD, NO_CODE, NOT_BORN, PROPER), Reason.CODE_REQUIRED, id="令15条の3①二-カードの読取りなし"
        ),
        pytest.param((SHOWN, CARD, CODE, NOT_BORN, IMPROPER), Reason.PURPOSE_IMPROPER, id="法12条の4⑥-不当な目的"),
        pytest.param(
            (NOT_SHOWN, CARD, NO_CODE, NOT_BORN, IMPROPER), Reason.PURPOSE_IMPROPER, id="法12条の4⑥-何もなくても不当"
        ),
    ],
)
def test_issue_wide_area_copy(given: tuple[bool, bool, bool, bool, bool], reason: Reason | None) -> None:
    assert issuance.issue_wide_area_copy(*given).reason == reason


@pytest.mark.law("wide_area_record_items")
@pytest.mark.parametrize("residency", list(Residency)[1:], ids=["日本人住民", "外国人住民"])
@pytest.mark.parametrize("relationship", [False, True], ids=["四号なし", "四号あり"])
@pytest.mark.parametrize("number", [False, True], ids=["八号の二なし", "八号の二あり"])
@pytest.mark.parametrize("code", [False, True], ids=["十三号なし", "十三号あり"])
def test_wide_area_record_items(residency: Residency, relationship: bool, number: bool, code: bool) -> None:
    items = issuance.wide_area_record_items(WideAreaItems(relationship, number, code), residency)
    assert items & issuance.NEVER == set()
    assert items >= {"一", "二", "三", "七", "八"}
    assert ("六" in items) == (residency == Residency.JAPANESE)
    assert ("四" in items, "八の二" in items, "十三" in items) == (relationship, number, code)
