"""照会結果の確認 and what comes before a new code, clause by clause."""

from __future__ import annotations

import pytest

from jukinet.law import identity
from jukinet.model.confirmation import UNCONFIRMED, Compared, Confirmation, Searched
from jukinet.model.reason import Reason

NAME, CODE, ADDRESS = Searched.NAME_BIRTH_DATE_SEX, Searched.RESIDENT_CODE, Searched.ADDRESS
PAPERS = Confirmation((Compared.IDENTITY_DOCUMENT,), "旅券")
FORMER = Confirmation((Compared.FORMER_ADDRESS,), "除票の写し")
NOT_CONFIRMED, TRUNCATED = Reason.IDENTITY_NOT_CONFIRMED, Reason.INQUIRY_TRUNCATED


@pytest.mark.law("confirm_identity")
@pytest.mark.parametrize(
    ("hits", "truncated", "searched", "given", "reason"),
    [
        pytest.param(1, False, [NAME], UNCONFIRMED, None, id="一件なら照合を求めない"),
        pytest.param(1, False, [NAME], PAPERS, None, id="一件でも照合してよい"),
        pytest.param(1, False, [CODE], UNCONFIRMED, None, id="コードによる一件"),
        pytest.param(2, False, [NAME], UNCONFIRMED, NOT_CONFIRMED, id="二件なら照合を要する"),
        pytest.param(2, False, [NAME], PAPERS, None, id="二件を本人確認書類で照合"),
        pytest.param(2, False, [NAME], FORMER, None, id="二件を従前の住所で照合"),
        pytest.param(2, False, [CODE], UNCONFIRMED, NOT_CONFIRMED, id="コードによる二件も照合を要する"),
        pytest.param(2, False, [NAME, ADDRESS], FORMER, NOT_CONFIRMED, id="住所で検索したなら住所は照合にならない"),
        pytest.param(2, False, [NAME, ADDRESS], PAPERS, None, id="住所で検索し書類で照合"),
        pytest.param(2, False, [NAME], Confirmation(PAPERS.compared, " "), NOT_CONFIRMED, id="方法をいわない"),
        pytest.param(2, False, [NAME], Confirmation((), "旅券"), NOT_CONFIRMED, id="何を照合したかをいわない"),
        pytest.param(
            2, False, [NAME], Confirmation((Compared.UNSPECIFIED,), "旅券"), NOT_CONFIRMED, id="照合したものが不明"
        ),
        pytest.param(1, False, [NAME], Confirmation((), "旅券"), NOT_CONFIRMED, id="一件でもいいかけたら全部いう"),
        pytest.param(10, True, [NAME], PAPERS, TRUNCATED, id="打ち切られた結果は照合しても使えない"),
        pytest.param(
            2, False, [NAME], Confirmation(PAPERS.compared, "旅" * 201), Reason.FIELD_OUT_OF_RANGE, id="長すぎる"
        ),
    ],
)  # fmt: skip
def test_confirm_identity(
    hits: int, truncated: bool, searched: list[Searched], given: Confirmation, reason: Reason | None
) -> None:
    assert identity.confirm_identity(hits, truncated, searched, given).reason == reason


@pytest.mark.law("inquire_before_new_code")
@pytest.mark.parametrize(
    ("inquired", "about", "hits", "truncated", "given", "why", "reason"),
    [
        pytest.param(True, True, 0, False, UNCONFIRMED, "", None, id="照会して該当なし"),
        pytest.param(True, True, 1, False, UNCONFIRMED, "", NOT_CONFIRMED, id="一件が別人であることを照合していない"),
        pytest.param(True, True, 1, False, PAPERS, "", None, id="一件は別人と照合した"),
        pytest.param(True, True, 10, True, PAPERS, "", TRUNCATED, id="打ち切られた結果からは別人といえない"),
        pytest.param(True, False, 0, False, UNCONFIRMED, "", Reason.INQUIRY_REQUIRED, id="別の者の照会"),
        pytest.param(False, False, 0, False, UNCONFIRMED, "", Reason.INQUIRY_REQUIRED, id="照会していない"),
        pytest.param(False, False, 0, False, UNCONFIRMED, "　", Reason.INQUIRY_REQUIRED, id="照会できない理由が空白"),
        pytest.param(False, False, 0, False, UNCONFIRMED, "回線の故障", None, id="照会できない理由がある"),
        pytest.param(False, False, 0, False, UNCONFIRMED, "故" * 201, Reason.FIELD_OUT_OF_RANGE, id="理由が長すぎる"),
    ],
)  # fmt: skip
def test_inquire_before_new_code(
    inquired: bool, about: bool, hits: int, truncated: bool, given: Confirmation, why: str, reason: Reason | None
) -> None:
    assert identity.inquire_before_new_code(inquired, about, hits, truncated, given, why).reason == reason
