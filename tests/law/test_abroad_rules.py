"""The rules of going abroad and coming back, article by article."""

from __future__ import annotations

from datetime import date

import pytest

from jukinet.law import abroad
from jukinet.law.basis import article
from jukinet.model.dates import PartialDate
from jukinet.model.identification import ChangeReason, CodeBasis, Sex
from jukinet.model.reason import Reason

MISSING = Reason.CODE_BASIS_MISSING
TODAY = date(2021, 6, 30)
BORN = PartialDate(1982, 3, 14)


@pytest.mark.parametrize(
    ("code_basis", "has_hit", "reason"),
    [
        pytest.param(CodeBasis.CARRIED_OVER, True, None, id="照会結果のコードを引き継ぐ"),
        pytest.param(CodeBasis.CARRIED_OVER, False, MISSING, id="照会しないで引き継ぐことはできない"),
        pytest.param(CodeBasis.NEVER_RECORDED, False, None, id="記録されたことのない者には指定されたコード"),
        pytest.param(CodeBasis.NEVER_RECORDED, True, MISSING, id="照会結果があるのに記録なしとはいえない"),
        pytest.param(CodeBasis.NOT_DETERMINABLE, False, None, id="判明しない者には新たなコード"),
        pytest.param(CodeBasis.NOT_DETERMINABLE, True, MISSING, id="照会結果があるのに判明しないとはいえない"),
        pytest.param(CodeBasis.UNSPECIFIED, False, MISSING, id="どのコードかをいわなければならない"),
        pytest.param(
            CodeBasis.UNSPECIFIED,
            True,
            MISSING,
            id="引き継ぐといわなければならない",
        ),
    ],
)
def test_code_to_enter(code_basis: CodeBasis, has_hit: bool, reason: Reason | None) -> None:
    decision = abroad.code_to_enter(code_basis, has_hit)
    assert (decision.allowed, decision.reason) == (reason is None, reason)


@pytest.mark.parametrize(
    ("birth_date", "sex", "last", "same"),
    [
        pytest.param(BORN, Sex.FEMALE, ChangeReason.MOVE_OUT_ABROAD, True, id="国外転出した本人"),
        pytest.param(BORN, Sex.FEMALE, ChangeReason.MOVE_OUT, True, id="国内転出した本人"),
        pytest.param(BORN, Sex.FEMALE, ChangeReason.EX_OFFICIO_DELETION, True, id="職権消除された本人"),
        pytest.param(BORN, Sex.FEMALE, ChangeReason.RELOCATION, True, id="他市町村に現住の本人"),
        pytest.param(BORN, Sex.FEMALE, ChangeReason.DEATH, False, id="死亡が通知された者は戻らない"),
        pytest.param(PartialDate(1982, 3, 15), Sex.FEMALE, ChangeReason.MOVE_OUT, False, id="生年月日が一日違う別人"),
        pytest.param(PartialDate(1982), Sex.FEMALE, ChangeReason.MOVE_OUT, False, id="生年だけの一致"),
        pytest.param(BORN, Sex.MALE, ChangeReason.MOVE_OUT, False, id="性別が違う別人"),
    ],
)
def test_hit_is_the_person(birth_date: PartialDate, sex: Sex, last: ChangeReason, same: bool) -> None:
    decision = abroad.hit_is_the_person(birth_date, sex, BORN, Sex.FEMALE, last)
    assert (decision.allowed, decision.reason) == (same, None if same else Reason.HIT_DIFFERS)


@pytest.mark.parametrize(
    ("code", "number", "name", "birth_date", "sex", "allowed"),
    [
        pytest.param("c", "", "", PartialDate(), Sex.UNSPECIFIED, True, id="住民票コードだけで検索できる"),
        pytest.param("", "n", "", PartialDate(), Sex.UNSPECIFIED, True, id="個人番号だけで検索できる"),
        pytest.param("", "", "架空", BORN, Sex.MALE, True, id="氏名・生年月日・性別で検索できる"),
        pytest.param("", "", "架空", PartialDate(1982), Sex.MALE, True, id="生年月日の一部が不詳でも検索できる"),
        pytest.param("", "", " ", BORN, Sex.MALE, False, id="氏名が空白なら検索できない"),
        pytest.param("", "", "架空", PartialDate(), Sex.MALE, False, id="生年月日がなければ検索できない"),
        pytest.param("", "", "架空", BORN, Sex.UNSPECIFIED, False, id="性別がなければ検索できない"),
    ],
)
@pytest.mark.law("search_keys")
def test_search_keys(code: str, number: str, name: str, birth_date: PartialDate, sex: Sex, allowed: bool) -> None:
    decision = abroad.search_keys(code, number, name, birth_date, sex)
    assert (decision.allowed, decision.reason) == (allowed, None if allowed else Reason.SEARCH_TOO_WIDE)


@pytest.mark.parametrize(
    ("asking", "notifying", "via"),
    [
        pytest.param("130001", "130001", False, id="通知都道府県の市町村長は直接求める"),
        pytest.param("130001", "140007", True, id="他の都道府県の市町村長は知事を経て求める"),
    ],
)
@pytest.mark.law("goes_via_governor")
def test_goes_via_governor(asking: str, notifying: str, via: bool) -> None:
    assert abroad.goes_via_governor(asking, notifying) is via


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("search_identification", "住基法第30条の10第1項第3号", "住基法第30条の10第1項第4号"),
        ("inquire_identification", "住基法第30条の10第1項第3号", "住基法第30条の10第1項第4号"),
        ("pass_on_search", "住基法第30条の12第1項第3号", "住基法第30条の12第1項第4号"),
        ("search_via_governor", "住基法第30条の12第1項第3号", "住基法第30条の12第1項第4号"),
    ],
    ids=lambda value: value,
)
def test_item_three_is_item_four_from_2024_05_27_on(rule: str, before: str, after: str) -> None:
    assert article(rule, date(2024, 5, 26)) == before
    assert article(rule, date(2024, 5, 27)) == after


@pytest.mark.parametrize(
    ("planned", "allowed"),
    [
        pytest.param(date(2021, 12, 1), True, id="半年先の国外転出もあらかじめ届け出る"),
        pytest.param(date(2021, 6, 30), True, id="当日の国外転出"),
        pytest.param(date(2021, 6, 16), True, id="十四日後の届出までは転出届"),
        pytest.param(date(2021, 6, 15), False, id="十五日後は職権"),
    ],
)
def test_report_move_out_abroad(planned: date, allowed: bool) -> None:
    decision = abroad.report_move_out_abroad(planned, TODAY)
    assert (decision.allowed, decision.reason) == (allowed, None if allowed else Reason.REPORT_TOO_LATE)


@pytest.mark.parametrize("rule", [abroad.report_move_in_from_abroad, abroad.report_move_in_without_certificate])
@pytest.mark.parametrize(
    ("moved", "allowed"),
    [
        pytest.param(date(2021, 7, 1), False, id="明日の転入は受けない"),
        pytest.param(date(2021, 6, 30), True, id="今日の転入"),
        pytest.param(date(2021, 6, 1), True, id="十四日を過ぎた届出も受ける"),
        pytest.param(date(2011, 6, 1), True, id="十年前の転入も受ける"),
    ],
)
def test_a_move_in_has_happened(rule: object, moved: date, allowed: bool) -> None:
    decision = rule(moved, TODAY)  # type: ignore[operator]
    assert (decision.allowed, decision.reason) == (allowed, None if allowed else Reason.DATE_IN_FUTURE)


@pytest.mark.parametrize(
    ("planned", "days"),
    [
        pytest.param(date(2021, 6, 16), 0, id="十四日目は未着でない"),
        pytest.param(date(2021, 6, 15), 14, id="十四日を経過"),
        pytest.param(date(2021, 5, 31), 14, id="三十日目はまだ十四日"),
        pytest.param(date(2021, 5, 30), 30, id="三十日を経過"),
        pytest.param(date(2021, 7, 30), 0, id="予定日前は未着でない"),
    ],
)
def test_list_missing_move_in_notices(planned: date, days: int) -> None:
    assert abroad.list_missing_move_in_notices(planned, TODAY) == days
    assert (planned <= abroad.missing_if_planned_by(TODAY)) is (days > 0)
