"""国籍の得喪, 外国人住民, 実態調査: clause by clause."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from jukinet.law import nationality
from jukinet.law.basis import Decision
from jukinet.model.dates import PartialDate
from jukinet.model.foreign import Category, ForeignItems, InvestigationResult
from jukinet.model.identification import ChangeReason, Residency
from jukinet.model.reason import Reason

TODAY = date(2021, 6, 1)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
BORN = PartialDate(1985, 2, 3)
FOREIGN, JAPANESE = Residency.FOREIGN, Residency.JAPANESE
HERE, ELSEWHERE = InvestigationResult.LIVES_HERE, InvestigationResult.LIVES_ELSEWHERE
UNKNOWN, UNSTATED = InvestigationResult.WHEREABOUTS_UNKNOWN, InvestigationResult.UNSPECIFIED
MEDIUM = ForeignItems(
    "架空国", Category.MEDIUM_TO_LONG_TERM, date(2021, 5, 1), "留学", "2年", date(2023, 5, 1), "AB12345678CD"
)
PERMANENT = replace(MEDIUM, status_of_residence="永住者", period_of_stay="", expiry=None)
SPECIAL = ForeignItems("架空国", Category.SPECIAL_PERMANENT, date(1991, 11, 1), card_number="AB12345678CD")
REFUGE = ForeignItems("架空国", Category.TEMPORARY_REFUGE, date(2021, 5, 1), expiry=date(2021, 10, 31))
PROVISIONAL = ForeignItems("架空国", Category.PROVISIONAL_STAY, date(2021, 5, 1), expiry=date(2021, 10, 31))
BY_BIRTH = ForeignItems("架空国", Category.TRANSITIONAL_BY_BIRTH, date(2021, 5, 1))
BY_LOSS = ForeignItems("架空国", Category.TRANSITIONAL_BY_NATIONALITY_LOSS, date(2021, 5, 1))
ALLOWED = None


def reason(decision: Decision) -> tuple[Reason | None, str]:
    return decision.reason, dict(decision.facts).get("field", "")


@pytest.mark.law("acquire_nationality")
@pytest.mark.parametrize(
    ("residency", "born", "on", "expected"),
    [
        pytest.param(FOREIGN, BORN, TODAY, (ALLOWED, ""), id="外国人住民が今日国籍を取得した"),
        pytest.param(FOREIGN, BORN, date(2021, 1, 4), (ALLOWED, ""), id="官報告示から日がたつていても受ける"),
        pytest.param(FOREIGN, PartialDate(2021, 6, 1), TODAY, (ALLOWED, ""), id="出生の日の取得"),
        pytest.param(FOREIGN, PartialDate(1985), TODAY, (ALLOWED, ""), id="生年月日が不詳でも受ける"),
        pytest.param(JAPANESE, BORN, TODAY, (Reason.NATIONALITY_UNCHANGED, ""), id="日本人は取得できない"),
        pytest.param(
            FOREIGN, BORN, TOMORROW, (Reason.DATE_IN_FUTURE, "acquisition_date"), id="明日の取得はまだ受けない"
        ),
        pytest.param(
            FOREIGN, BORN, date(1985, 2, 2), (Reason.FIELD_OUT_OF_RANGE, "acquisition_date"), id="出生前の取得はない"
        ),
    ],
)
def test_acquire_nationality_by_the_ordinance(
    residency: Residency, born: PartialDate, on: date, expected: tuple[Reason | None, str]
) -> None:
    assert reason(nationality.acquire_nationality(residency, born, on, TODAY)) == expected


@pytest.mark.law("lose_nationality", "foreign_record_items")
@pytest.mark.parametrize(
    ("residency", "on", "items", "expected"),
    [
        pytest.param(JAPANESE, date(2021, 5, 1), BY_LOSS, (ALLOWED, ""), id="国籍喪失による経過滞在者となる"),
        pytest.param(
            JAPANESE,
            date(2021, 4, 2),
            replace(BY_LOSS, since=date(2021, 4, 2)),
            (ALLOWED, ""),
            id="60日目はまだ経過滞在",
        ),
        pytest.param(
            JAPANESE,
            date(2021, 4, 1),
            replace(BY_LOSS, since=date(2021, 4, 1)),
            (Reason.STAY_LAPSED, ""),
            id="61日目は外国人住民でない",
        ),
        pytest.param(JAPANESE, date(2020, 1, 1), MEDIUM, (ALLOWED, ""), id="喪失後に在留資格を得ていれば中長期在留者"),
        pytest.param(
            JAPANESE,
            date(2021, 5, 1),
            BY_BIRTH,
            (Reason.FIELD_OUT_OF_RANGE, "items.category"),
            id="出生による経過滞在者にはならない",
        ),
        pytest.param(
            JAPANESE,
            date(2021, 5, 2),
            BY_LOSS,
            (Reason.FIELD_OUT_OF_RANGE, "items.since"),
            id="経過滞在は喪失の日から数える",
        ),
        pytest.param(FOREIGN, date(2021, 5, 1), BY_LOSS, (Reason.NATIONALITY_UNCHANGED, ""), id="外国人は喪失できない"),
        pytest.param(JAPANESE, TOMORROW, BY_LOSS, (Reason.DATE_IN_FUTURE, "loss_date"), id="明日の喪失はまだ受けない"),
        pytest.param(
            JAPANESE, date(1985, 2, 2), BY_LOSS, (Reason.FIELD_OUT_OF_RANGE, "loss_date"), id="出生前の喪失はない"
        ),
        pytest.param(
            JAPANESE,
            date(2021, 5, 1),
            replace(BY_LOSS, nationality=" "),
            (Reason.FIELD_MISSING, "items.nationality"),
            id="国籍等がなければ記載できない",
        ),
    ],
)
def test_lose_nationality_by_the_ordinance(
    residency: Residency, on: date, items: ForeignItems, expected: tuple[Reason | None, str]
) -> None:
    assert reason(nationality.lose_nationality(residency, BORN, on, TODAY, items)) == expected


MISSING, BEYOND = Reason.FIELD_MISSING, Reason.FIELD_OUT_OF_RANGE


@pytest.mark.law("foreign_record_items")
@pytest.mark.parametrize(
    ("items", "expected"),
    [
        pytest.param(MEDIUM, (ALLOWED, ""), id="中長期在留者"),
        pytest.param(PERMANENT, (ALLOWED, ""), id="永住者に満了の日はない"),
        pytest.param(replace(PERMANENT, period_of_stay="無期限"), (ALLOWED, ""), id="永住者の無期限は書いてよい"),
        pytest.param(SPECIAL, (ALLOWED, ""), id="特別永住者は証明書の番号だけ"),
        pytest.param(REFUGE, (ALLOWED, ""), id="一時庇護許可者は上陸期間"),
        pytest.param(PROVISIONAL, (ALLOWED, ""), id="仮滞在許可者は仮滞在期間"),
        pytest.param(BY_BIRTH, (ALLOWED, ""), id="出生による経過滞在者はその旨だけ"),
        pytest.param(BY_LOSS, (ALLOWED, ""), id="国籍喪失による経過滞在者はその旨だけ"),
        pytest.param(replace(MEDIUM, nationality=""), (MISSING, "items.nationality"), id="国籍・地域がない"),
        pytest.param(replace(MEDIUM, category=Category.UNSPECIFIED), (MISSING, "items.category"), id="区分がない"),
        pytest.param(replace(MEDIUM, since=TOMORROW), (Reason.DATE_IN_FUTURE, "items.since"), id="明日からの在留"),
        pytest.param(
            replace(MEDIUM, status_of_residence=""), (MISSING, "items.status_of_residence"), id="中長期に在留資格がない"
        ),
        pytest.param(
            replace(MEDIUM, period_of_stay=""), (MISSING, "items.period_of_stay"), id="中長期に在留期間がない"
        ),
        pytest.param(replace(MEDIUM, expiry=None), (MISSING, "items.expiry"), id="中長期に満了の日がない"),
        pytest.param(
            replace(MEDIUM, card_number=""), (MISSING, "items.card_number"), id="中長期に在留カードの番号がない"
        ),
        pytest.param(replace(PERMANENT, expiry=TOMORROW), (BEYOND, "items.expiry"), id="永住者に満了の日を書かない"),
        pytest.param(
            replace(SPECIAL, status_of_residence="留学"),
            (BEYOND, "items.status_of_residence"),
            id="特別永住者に在留資格",
        ),
        pytest.param(replace(SPECIAL, expiry=TOMORROW), (BEYOND, "items.expiry"), id="特別永住者に満了の日"),
        pytest.param(
            replace(SPECIAL, card_number=""), (MISSING, "items.card_number"), id="特別永住者に証明書の番号がない"
        ),
        pytest.param(replace(REFUGE, expiry=None), (MISSING, "items.expiry"), id="一時庇護に期間がない"),
        pytest.param(
            replace(PROVISIONAL, card_number="AB12345678CD"),
            (BEYOND, "items.card_number"),
            id="仮滞在に在留カードはない",
        ),
        pytest.param(replace(BY_BIRTH, expiry=TOMORROW), (BEYOND, "items.expiry"), id="経過滞在者に満了の日は書かない"),
        pytest.param(
            replace(MEDIUM, card_number="AB1234567CD"), (BEYOND, "items.card_number"), id="カード番号の桁が足りない"
        ),
        pytest.param(
            replace(MEDIUM, card_number="ＡＢ12345678CD"), (BEYOND, "items.card_number"), id="カード番号が全角"
        ),
        pytest.param(replace(MEDIUM, expiry=date(2021, 4, 30)), (BEYOND, "items.expiry"), id="該当した日より前に満了"),
    ],
)
def test_foreign_record_items_are_those_of_the_category(
    items: ForeignItems, expected: tuple[Reason | None, str]
) -> None:
    assert reason(nationality.foreign_record_items(items, TODAY)) == expected


@pytest.mark.law("foreign_resident_since", "last_day_of_stay")
@pytest.mark.parametrize(
    ("items", "resident_since", "since", "last_day"),
    [
        pytest.param(
            MEDIUM, date(2021, 4, 1), date(2021, 5, 1), date(2023, 5, 1), id="住民となつた後に中長期在留者となつた"
        ),
        pytest.param(
            MEDIUM, date(2021, 5, 20), date(2021, 5, 20), date(2023, 5, 1), id="中長期在留者が後に住民となつた"
        ),
        pytest.param(SPECIAL, date(2000, 4, 1), date(2000, 4, 1), None, id="特別永住者の在留に終わりはない"),
        pytest.param(BY_BIRTH, date(2021, 5, 1), date(2021, 5, 1), date(2021, 6, 30), id="出生から60日"),
        pytest.param(BY_LOSS, date(1990, 1, 1), date(2021, 5, 1), date(2021, 6, 30), id="国籍喪失から60日"),
        pytest.param(REFUGE, date(2021, 5, 1), date(2021, 5, 1), date(2021, 10, 31), id="上陸期間の終わり"),
    ],
)
def test_foreign_resident_since_and_the_last_day_of_the_stay(
    items: ForeignItems, resident_since: date, since: date, last_day: date | None
) -> None:
    assert nationality.foreign_resident_since(items.since, resident_since) == since
    assert nationality.last_day_of_stay(items) == last_day


@pytest.mark.law("foreign_record_reading")
def test_a_foreign_record_has_a_reading_until_the_law_names_readings() -> None:
    assert nationality.foreign_record_has_reading(date(2025, 5, 25))
    assert not nationality.foreign_record_has_reading(date(2025, 5, 26))


@pytest.mark.law("report_foreign_resident")
@pytest.mark.parametrize(
    ("items", "card", "evidence", "expected"),
    [
        pytest.param(MEDIUM, True, True, (ALLOWED, ""), id="中長期在留者となつた"),
        pytest.param(SPECIAL, True, True, (ALLOWED, ""), id="特別永住者となつた"),
        pytest.param(PROVISIONAL, True, True, (ALLOWED, ""), id="仮滞在許可者となつた"),
        pytest.param(replace(MEDIUM, since=date(2020, 1, 1)), True, True, (ALLOWED, ""), id="14日を過ぎた届出も受ける"),
        pytest.param(BY_BIRTH, True, True, (Reason.STAY_IS_TRANSITIONAL, ""), id="出生による経過滞在者は届け出ない"),
        pytest.param(BY_LOSS, True, True, (Reason.STAY_IS_TRANSITIONAL, ""), id="国籍喪失による経過滞在者は届け出ない"),
        pytest.param(MEDIUM, False, True, (Reason.EVIDENCE_REQUIRED, "card_shown"), id="在留カードの提示がない"),
        pytest.param(
            MEDIUM, True, False, (Reason.EVIDENCE_REQUIRED, "relationship_evidence"), id="続柄を証する文書がない"
        ),
        pytest.param(replace(MEDIUM, expiry=YESTERDAY), True, True, (Reason.STAY_LAPSED, ""), id="在留期間が昨日まで"),
        pytest.param(replace(MEDIUM, expiry=TODAY), True, True, (ALLOWED, ""), id="満了の日の当日はまだ在留"),
        pytest.param(
            replace(MEDIUM, since=TOMORROW), True, True, (Reason.DATE_IN_FUTURE, "items.since"), id="明日からの在留資格"
        ),
    ],
)
def test_report_foreign_resident_by_the_law(
    items: ForeignItems, card: bool, evidence: bool, expected: tuple[Reason | None, str]
) -> None:
    assert reason(nationality.report_foreign_resident(items, card, evidence, TODAY)) == expected


@pytest.mark.law("relationship_evidence_is_needed")
@pytest.mark.parametrize(
    ("is_head", "head_is_foreign", "relationship", "needed"),
    [
        pytest.param(False, True, "妻", True, id="外国人の世帯主の妻は文書が要る"),
        pytest.param(True, True, "世帯主", False, id="世帯主は要らない"),
        pytest.param(False, False, "妻", False, id="世帯主が日本人なら要らない"),
        pytest.param(False, True, "同居人", False, id="親族関係がなければ要らない"),
    ],
)
def test_relationship_evidence_is_needed_between_foreign_relatives(
    is_head: bool, head_is_foreign: bool, relationship: str, needed: bool
) -> None:
    assert nationality.relationship_evidence_is_needed(is_head, head_is_foreign, relationship) == needed


@pytest.mark.law("report_relationship_change")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, (ALLOWED, ""), id="外国人の世帯主との続柄が変わつた"),
        pytest.param({"residency": JAPANESE}, (Reason.NOT_FOREIGN_RESIDENT, ""), id="日本人の続柄は世帯変更届"),
        pytest.param({"is_head": True}, (BEYOND, "resident_id"), id="世帯主に続柄の変更はない"),
        pytest.param({"head_is_foreign": False}, (Reason.HEAD_NOT_FOREIGN, ""), id="世帯主が日本人"),
        pytest.param({"evidence": False}, (Reason.EVIDENCE_REQUIRED, "relationship_evidence"), id="文書がない"),
        pytest.param({"changed": TOMORROW}, (Reason.DATE_IN_FUTURE, "change_date"), id="明日の変更"),
        pytest.param({"changed": date(2020, 1, 1)}, (ALLOWED, ""), id="14日を過ぎた届出も受ける"),
    ],
)
def test_report_relationship_change_by_the_law(change: dict[str, Any], expected: tuple[Reason | None, str]) -> None:
    case: dict[str, Any] = {
        "residency": FOREIGN, "is_head": False, "head_is_foreign": True, "evidence": True, "changed": TODAY,
    }  # fmt: skip
    assert reason(nationality.report_relationship_change(**{**case, **change}, today=TODAY)) == expected


@pytest.mark.law("enter_immigration_notice")
@pytest.mark.parametrize(
    ("residency", "on", "expected"),
    [
        pytest.param(FOREIGN, TODAY, (ALLOWED, ""), id="外国人住民についての通知"),
        pytest.param(JAPANESE, TODAY, (Reason.NOT_FOREIGN_RESIDENT, ""), id="日本人についての通知はない"),
        pytest.param(FOREIGN, TOMORROW, (Reason.DATE_IN_FUTURE, "change_date"), id="明日の変更"),
    ],
)
def test_enter_immigration_notice_by_the_law(
    residency: Residency, on: date, expected: tuple[Reason | None, str]
) -> None:
    assert reason(nationality.enter_immigration_notice(residency, on, TODAY)) == expected


SINCE = date(2015, 4, 1)


@pytest.mark.law("delete_after_investigation")
@pytest.mark.parametrize(
    ("result", "investigated", "changed", "expected"),
    [
        pytest.param(UNKNOWN, YESTERDAY, TODAY, (ALLOWED, ""), id="居所不明なら消除する"),
        pytest.param(ELSEWHERE, TODAY, TODAY, (ALLOWED, ""), id="他所に居住なら消除する"),
        pytest.param(UNKNOWN, TODAY, date(2020, 1, 1), (ALLOWED, ""), id="いなくなつた日に遡つて消除する"),
        pytest.param(HERE, TODAY, TODAY, (Reason.INVESTIGATION_CONTRADICTS, ""), id="居住していれば消除しない"),
        pytest.param(UNSTATED, TODAY, TODAY, (MISSING, "result"), id="調査の結果がなければ消除しない"),
        pytest.param(UNKNOWN, TOMORROW, TODAY, (Reason.DATE_IN_FUTURE, "investigation_date"), id="明日の調査"),
        pytest.param(UNKNOWN, TODAY, TOMORROW, (Reason.DATE_IN_FUTURE, "change_date"), id="明日の消除"),
        pytest.param(
            UNKNOWN, date(2015, 3, 31), TODAY, (BEYOND, "investigation_date"), id="住民となる前の調査では消除しない"
        ),
        pytest.param(UNKNOWN, TODAY, date(2015, 3, 31), (BEYOND, "change_date"), id="住民となる前には遡らない"),
    ],
)
def test_delete_after_investigation_by_the_law(
    result: InvestigationResult, investigated: date, changed: date, expected: tuple[Reason | None, str]
) -> None:
    assert reason(nationality.delete_after_investigation(result, investigated, changed, SINCE, TODAY)) == expected


REMOVED = date(2021, 3, 1)


@pytest.mark.law("restore_ex_officio")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, (ALLOWED, ""), id="職権で消除した者が居住していた"),
        pytest.param({"found_since": REMOVED}, (ALLOWED, ""), id="ずつと居住していた"),
        pytest.param({"removal": ChangeReason.DEATH}, (Reason.NOT_REMOVED_EX_OFFICIO, ""), id="死亡した者は回復しない"),
        pytest.param({"removal": ChangeReason.MOVE_OUT}, (Reason.NOT_REMOVED_EX_OFFICIO, ""), id="転出した者は転入届"),
        pytest.param(
            {"removal": ChangeReason.MOVE_OUT_ABROAD}, (Reason.NOT_REMOVED_EX_OFFICIO, ""), id="国外転出した者は転入届"
        ),
        pytest.param(
            {"removal": ChangeReason.EX_OFFICIO_DELETION_NATURALIZATION},
            (Reason.NOT_REMOVED_EX_OFFICIO, ""),
            id="帰化で消除した外国人住民票は回復しない",
        ),
        pytest.param(
            {"went_elsewhere": True}, (Reason.LIVES_ELSEWHERE, ""), id="転入通知が来ていれば他の市区町村の住民"
        ),
        pytest.param({"result": UNKNOWN}, (Reason.INVESTIGATION_CONTRADICTS, ""), id="居所不明のままなら回復しない"),
        pytest.param({"result": ELSEWHERE}, (Reason.INVESTIGATION_CONTRADICTS, ""), id="他所に居住なら回復しない"),
        pytest.param({"result": UNSTATED}, (MISSING, "result"), id="調査の結果がなければ回復しない"),
        pytest.param(
            {"investigated": REMOVED - timedelta(1)}, (BEYOND, "investigation_date"), id="消除前の調査では回復しない"
        ),
        pytest.param(
            {"investigated": TOMORROW}, (Reason.DATE_IN_FUTURE, "investigation_date"), id="明日の調査では回復しない"
        ),
        pytest.param(
            {"found_since": TOMORROW}, (Reason.DATE_IN_FUTURE, "change_date"), id="明日からの居住では回復しない"
        ),
        pytest.param({"found_since": SINCE - timedelta(1)}, (BEYOND, "change_date"), id="住民となる前には遡らない"),
    ],
)
def test_restore_ex_officio_by_the_law(change: dict[str, Any], expected: tuple[Reason | None, str]) -> None:
    case: dict[str, Any] = {
        "removal": ChangeReason.EX_OFFICIO_DELETION, "removed": REMOVED, "went_elsewhere": False, "result": HERE,
        "investigated": YESTERDAY, "found_since": YESTERDAY, "resident_since": SINCE,
    }  # fmt: skip
    assert reason(nationality.restore_ex_officio(**{**case, **change}, today=TODAY)) == expected


@pytest.mark.law("resident_since_after_restoration")
@pytest.mark.parametrize(
    ("found_since", "since"),
    [
        pytest.param(date(2021, 2, 1), SINCE, id="離れていなければ住民となつた年月日は変わらない"),
        pytest.param(REMOVED, SINCE, id="消除の日から居住していても変わらない"),
        pytest.param(date(2021, 3, 2), date(2021, 3, 2), id="後から戻つた者はその日から住民"),
    ],
)
def test_resident_since_after_restoration(found_since: date, since: date) -> None:
    assert nationality.resident_since_after_restoration(SINCE, REMOVED, found_since) == since


@pytest.mark.law("print_deletion_notice")
@pytest.mark.parametrize(
    ("result", "public", "expected"),
    [
        pytest.param(UNKNOWN, True, ALLOWED, id="居所不明なら公示する"),
        pytest.param(ELSEWHERE, False, ALLOWED, id="居所が分かれば本人に通知する"),
        pytest.param(UNKNOWN, False, Reason.DELETION_NOTICE_OTHERWISE, id="居所不明では通知書は届かない"),
        pytest.param(ELSEWHERE, True, Reason.DELETION_NOTICE_OTHERWISE, id="居所が分かれば公示しない"),
        pytest.param(None, True, Reason.NOT_INVESTIGATED, id="実態調査で消除していなければ公示しない"),
        pytest.param(None, False, Reason.NOT_INVESTIGATED, id="実態調査で消除していなければ通知しない"),
    ],
)
def test_print_deletion_notice_by_the_ordinance(
    result: InvestigationResult | None, public: bool, expected: Reason | None
) -> None:
    assert nationality.print_deletion_notice(result, public).reason == expected
