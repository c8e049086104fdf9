"""記載の修正 by the rules alone: what each item lets be corrected, who may have which name, what of a date is sent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jukinet.law import correction, index, notification
from jukinet.law.basis import Decision, article, find
from jukinet.model.characters import external_characters
from jukinet.model.correction import MinorItem, NumberChangeCause
from jukinet.model.dates import PartialDate
from jukinet.model.identification import ChangeKind, ChangeReason, Residency
from jukinet.model.reason import Reason

_ = index.ROOMS
TODAY = date(2021, 6, 1)
TOMORROW = TODAY + timedelta(days=1)
EVE, READINGS = date(2025, 5, 25), date(2025, 5, 26)
JAPANESE, FOREIGN = Residency.JAPANESE, Residency.FOREIGN
ALLOWED = None


def reason(decision: Decision) -> Reason | None:
    assert decision.allowed == (decision.reason is None)
    return decision.reason


def in_force(name: str, on: date, *arguments: object) -> Reason | None:
    """What the version of that day says; NO_BASIS where there is none."""
    rule = find(name, on)
    return reason(rule.function(*arguments)) if rule else Reason.NO_BASIS


MISFIT = Reason.MINOR_ITEM_MISFIT
# イ–ト × 氏名・住所・振り仮名 before and from 2025-05-26
MINOR = {
    MinorItem.PLAIN_CHARACTER: (ALLOWED, ALLOWED, MISFIT, MISFIT),
    MinorItem.CHARACTER_IDENTIFICATION: (ALLOWED, ALLOWED, MISFIT, MISFIT),
    MinorItem.AREA_NAME: (MISFIT, ALLOWED, MISFIT, MISFIT),
    MinorItem.LOT_NUMBER: (MISFIT, ALLOWED, MISFIT, MISFIT),
    MinorItem.RESIDENCE_INDICATION: (MISFIT, ALLOWED, MISFIT, MISFIT),
    MinorItem.BUILDING: (MISFIT, ALLOWED, MISFIT, MISFIT),
    MinorItem.RECOGNIZED: (ALLOWED, ALLOWED, MISFIT, ALLOWED),
}


@pytest.mark.law("correct_minor")
@pytest.mark.parametrize(
    ("item", "field", "on", "expected"),
    [
        pytest.param(item, field, on, expected, id=f"{item.japanese}で{words}を修正する")
        for item, row in MINOR.items()
        for (field, on, words), expected in zip(
            (
                ("name", EVE, "氏名"),
                ("address", EVE, "住所"),
                ("name_kana", EVE, "前日に振り仮名"),
                ("name_kana", READINGS, "施行日に振り仮名"),
            ),
            row,
            strict=True,
        )
    ],
)
def test_correct_minor_touches_what_its_item_names(
    item: MinorItem, field: str, on: date, expected: Reason | None
) -> None:
    assert in_force("correct_minor", on, item, {field}, on, on) == expected


@pytest.mark.law("correct_minor", "correct_resident_code")
@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        pytest.param(
            correction.correct_minor(MinorItem.BUILDING, {"address"}, TODAY, TODAY), ALLOWED, id="当日の名称変更"
        ),
        pytest.param(
            correction.correct_minor(MinorItem.BUILDING, {"address"}, TOMORROW, TODAY), Reason.DATE_IN_FUTURE,
            id="明日の名称変更はまだ修正しない",
        ),
        pytest.param(
            correction.correct_minor(MinorItem.CHARACTER_IDENTIFICATION, {"name", "address"}, TODAY, TODAY), ALLOWED,
            id="同定は氏名と住所を一度に",
        ),
        pytest.param(
            correction.correct_minor(MinorItem.LOT_NUMBER, {"name", "address"}, TODAY, TODAY), MISFIT,
            id="地番の変更に氏名を紛れさせない",
        ),
        pytest.param(correction.correct_resident_code(TODAY, TODAY), ALLOWED, id="コードの誤記を今日知った"),
        pytest.param(
            correction.correct_resident_code(TOMORROW, TODAY), Reason.DATE_IN_FUTURE, id="コードの誤記を明日知る"
        ),
    ],
)  # fmt: skip
def test_a_correction_has_happened(decision: Decision, expected: Reason | None) -> None:
    assert reason(decision) == expected


@pytest.mark.law("change_individual_number", "change_individual_numbers")
@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        pytest.param(correction.change_individual_number("1", False), ALLOWED, id="番号があり待ちもない"),
        pytest.param(correction.change_individual_number("", False), Reason.NUMBER_NOT_YET, id="未付番"),
        pytest.param(correction.change_individual_number("1", True), Reason.NUMBER_CHANGE_PENDING, id="変更待ち"),
        pytest.param(correction.change_individual_numbers(1, 1), ALLOWED, id="一人分を求める"),
        pytest.param(correction.change_individual_numbers(5000, 5000), ALLOWED, id="五千人分を求める"),
        pytest.param(
            correction.change_individual_numbers(0, 0), Reason.FIELD_OUT_OF_RANGE, id="誰の分でもないものは求めない"
        ),
        pytest.param(
            correction.change_individual_numbers(5001, 5001), Reason.FIELD_OUT_OF_RANGE, id="五千人を超えて求めない"
        ),
        pytest.param(
            correction.change_individual_numbers(2, 1), Reason.FIELD_OUT_OF_RANGE, id="同じ人に二つ求めない"
        ),
    ],
)  # fmt: skip
def test_change_individual_number_replaces_one_that_is_there(decision: Decision, expected: Reason | None) -> None:
    assert reason(decision) == expected


@pytest.mark.law("change_reason_fits")
@pytest.mark.parametrize(
    ("cause", "expected", "kind"),
    [
        pytest.param(
            NumberChangeCause.REQUEST, ChangeReason.NUMBER_CHANGE_REQUEST, ChangeKind.NUMBER_CORRECTION,
            id="本人の請求は個人番号の変更請求",
        ),
        pytest.param(
            NumberChangeCause.EX_OFFICIO, ChangeReason.NUMBER_EX_OFFICIO_CORRECTION, ChangeKind.NUMBER_CORRECTION,
            id="職権は個人番号の職権修正",
        ),
    ],
)  # fmt: skip
def test_who_wants_another_number_decides_the_reason(
    cause: NumberChangeCause, expected: ChangeReason, kind: ChangeKind
) -> None:
    assert correction.reason_of_number_change(cause) == expected
    assert notification.kind_of(expected) == kind


def former(residency: Residency, held: str = "", wished: str = "模擬", kana: str = "", changed: bool = False) -> tuple:  # type: ignore[type-arg]
    return residency, held, ("試作",), wished, kana, changed


SURNAME_EVE, SURNAME = date(2019, 11, 4), date(2019, 11, 5)


@pytest.mark.law("enter_former_surname", "delete_former_surname")
@pytest.mark.parametrize(
    ("rule", "on", "arguments", "expected"),
    [
        pytest.param("enter", SURNAME_EVE, former(JAPANESE), Reason.NO_BASIS, id="制度の前日に旧氏はない"),
        pytest.param("enter", SURNAME, former(JAPANESE), ALLOWED, id="制度の初日から旧氏を記載する"),
        pytest.param("enter", TODAY, former(FOREIGN), Reason.FOR_JAPANESE_ONLY, id="外国人住民に旧氏はない"),
        pytest.param("enter", TODAY, former(JAPANESE, "架"), Reason.FORMER_SURNAME_ALREADY, id="二つ目の旧氏"),
        pytest.param("enter", TODAY, former(JAPANESE, "架", changed=True), ALLOWED, id="氏の変更による旧氏の変更"),
        pytest.param(
            "enter", TODAY, former(JAPANESE, changed=True), Reason.NOTHING_TO_CORRECT, id="旧氏がなければ変更もない"
        ),
        pytest.param(
            "enter", TODAY, former(JAPANESE, wished="試作"), Reason.FORMER_SURNAME_DELETED, id="削除した旧氏は戻さない"
        ),
        pytest.param(
            "enter", TODAY, former(JAPANESE, "架", wished="試作", changed=True), Reason.FORMER_SURNAME_DELETED,
            id="氏の変更でも削除した旧氏は戻さない",
        ),
        pytest.param("enter", EVE, former(JAPANESE), ALLOWED, id="前日までは旧氏の振り仮名がなくてよい"),
        pytest.param("enter", READINGS, former(JAPANESE), Reason.FIELD_MISSING, id="施行日から旧氏に振り仮名が要る"),
        pytest.param("enter", READINGS, former(JAPANESE, kana="もぎ"), ALLOWED, id="旧氏に振り仮名を添える"),
        pytest.param(
            "enter", READINGS, former(JAPANESE, "架", kana="もぎ"), Reason.FORMER_SURNAME_ALREADY,
            id="振り仮名があっても旧氏は一つ",
        ),
        pytest.param("delete", SURNAME_EVE, ("架",), Reason.NO_BASIS, id="制度の前日に削除もない"),
        pytest.param("delete", TODAY, ("架",), ALLOWED, id="旧氏を削除する"),
        pytest.param("delete", TODAY, ("",), Reason.NOTHING_TO_CORRECT, id="ない旧氏は削除できない"),
        pytest.param("delete", READINGS, ("架",), ALLOWED, id="振り仮名とともに旧氏を削除する"),
    ],
)  # fmt: skip
def test_enter_former_surname_and_its_deletion(
    rule: str, on: date, arguments: tuple[object, ...], expected: Reason | None
) -> None:
    assert in_force(f"{rule}_former_surname", on, *arguments) == expected


@pytest.mark.law("enter_alias", "delete_alias", "enter_name_kana")
@pytest.mark.parametrize(
    ("rule", "on", "arguments", "expected"),
    [
        pytest.param("enter_alias", TODAY, (FOREIGN, ""), ALLOWED, id="外国人住民の通称"),
        pytest.param("enter_alias", TODAY, (JAPANESE, ""), Reason.FOR_FOREIGNERS_ONLY, id="日本人住民に通称はない"),
        pytest.param("enter_alias", TODAY, (FOREIGN, "架空"), Reason.ALIAS_ALREADY, id="二つ目の通称"),
        pytest.param("delete_alias", TODAY, (FOREIGN, "架空"), ALLOWED, id="通称を削除する"),
        pytest.param("delete_alias", TODAY, (FOREIGN, ""), Reason.NOTHING_TO_CORRECT, id="ない通称は削除できない"),
        pytest.param(
            "delete_alias", TODAY, (JAPANESE, ""), Reason.FOR_FOREIGNERS_ONLY, id="日本人住民に削除する通称はない"
        ),
        pytest.param("enter_name_kana", EVE, (JAPANESE,), Reason.NO_BASIS, id="施行の前日に振り仮名は項目でない"),
        pytest.param("enter_name_kana", READINGS, (JAPANESE,), ALLOWED, id="施行日から振り仮名を記載する"),
        pytest.param(
            "enter_name_kana", READINGS, (FOREIGN,), Reason.FOR_JAPANESE_ONLY, id="外国人住民に振り仮名の項目はない"
        ),
    ],
)  # fmt: skip
def test_enter_alias_and_enter_name_kana_ask_whose_record_it_is(
    rule: str, on: date, arguments: tuple[object, ...], expected: Reason | None
) -> None:
    assert in_force(rule, on, *arguments) == expected


@pytest.mark.law("delete_former_surname", "enter_former_surname", "correct_minor")
@pytest.mark.parametrize(
    ("rule", "on", "expected"),
    [
        pytest.param("delete_former_surname", EVE, "住基令第30条の14第4項", id="旧氏の削除は4項"),
        pytest.param("delete_former_surname", READINGS, "住基令第30条の14第6項", id="振り仮名が加わり6項"),
        pytest.param("enter_former_surname", READINGS, "住基令第30条の14第1項", id="旧氏の記載は1項のまま"),
        pytest.param("correct_minor", READINGS, "住基法施行規則第11条第3項第2号", id="軽微な修正は3項二号のまま"),
    ],
)
def test_the_article_of_the_day_is_named(rule: str, on: date, expected: str) -> None:
    assert article(rule, on) == expected


@pytest.mark.law("birth_date_to_send")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("昭和15年2月30日", "1940-02", id="二月三十日は月まで"),
        pytest.param("昭和16年2月29日", "1941-02", id="平年の二月二十九日は月まで"),
        pytest.param("昭和15年2月29日", "1940-02-29", id="閏年の二月二十九日はそのまま"),
        pytest.param("昭和１５年２月３１日", "1940-02", id="全角数字の二月三十一日"),
        pytest.param("昭和十五年二月三十日", "1940-02", id="漢数字の二月三十日"),
        pytest.param("大正十一年十一月三十一日", "1922-11", id="十一月三十一日は月まで"),
        pytest.param("昭和二十年十月十日", "1945-10-10", id="漢数字の暦にある日"),
        pytest.param("大正3年13月1日", "1914", id="十三月は年まで"),
        pytest.param("昭和15年月日不詳", "1940", id="月日不詳は年まで"),
        pytest.param("昭和15年3月日不詳", "1940-03", id="日不詳は月まで"),
        pytest.param("昭和15年3月", "1940-03", id="月までの記載"),
        pytest.param("昭和元年12月25日", "1926-12-25", id="元年"),
        pytest.param("昭和64年2月1日", "1989-02-01", id="改元後の昭和は暦の日に"),
        pytest.param("西暦1940年2月30日", "1940-02", id="西暦の二月三十日"),
        pytest.param("1940年2月30日", "1940-02", id="元号のない西暦"),
        pytest.param("明治以前", "", id="明治以前は空欄"),
        pytest.param("年月日不詳", "", id="年月日不詳は空欄"),
        pytest.param("生年月日不詳", "", id="生年月日不詳は空欄"),
        pytest.param("不詳", "", id="不詳は空欄"),
        pytest.param("大正頃", None, id="大正頃は読み取れない"),
        pytest.param("昭和15年又は16年", None, id="二つの年は読み取れない"),
        pytest.param("昭和15年頃", None, id="頃は読み取れない"),
        pytest.param("15年2月30日", None, id="元号も世紀もない年は読み取れない"),
        pytest.param("昭和9999年", None, id="暦を超える年は読み取れない"),
        pytest.param("", None, id="文言がない"),
    ],
)
def test_birth_date_to_send_is_what_a_calendar_has(words: str, expected: str | None) -> None:
    found = correction.birth_date_to_send(words)
    assert found == (None if expected is None else PartialDate.parse(expected))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("架空　太郎", 0, id="残存外字はない"),
        pytest.param("架空\ue000太郎", 1, id="私用領域は残存外字"),
        pytest.param("〓橋　〓郎", 2, id="下駄は残存外字"),
        pytest.param("\U000f0000\U0010fffd", 2, id="第十五・十六面の私用領域"),
        pytest.param("𠮷田", 0, id="基本多言語面の外は残存外字でない"),
        pytest.param("渡邉\U000e010f", 0, id="異体字セレクタは残存外字でない"),
        pytest.param("\uf8ff\uf900", 1, id="互換漢字は残存外字でない"),
    ],
)
def test_external_characters_are_those_that_no_code_has(text: str, count: int) -> None:
    assert external_characters(text) == count
