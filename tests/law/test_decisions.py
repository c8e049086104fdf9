"""Rules by themselves: what they allow, when, and under which article."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jukinet.law import counter, index, notification, numbering
from jukinet.law.basis import BASE, Decision, article, every_rule, find
from jukinet.model.dates import PartialDate
from jukinet.model.identification import Change, ChangeKind, ChangeReason, Identification, Residency, Sex
from jukinet.model.reason import Reason

_ = index.ROOMS
TODAY = date(2021, 6, 1)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
ALLOWED = None


def reason(decision: Decision) -> Reason | None:
    assert decision.allowed == (decision.reason is None)
    return decision.reason


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        pytest.param(counter.report_birth(PartialDate(2021, 6, 1), TODAY), ALLOWED, id="法30条の3②-born today"),
        pytest.param(
            counter.report_birth(PartialDate(2021, 6, 2), TODAY), Reason.DATE_IN_FUTURE, id="法30条の3②-born tomorrow"
        ),
        pytest.param(counter.report_birth(PartialDate(2021, 6), TODAY), ALLOWED, id="法30条の3②-day 不詳"),
        pytest.param(counter.report_birth(PartialDate(), TODAY), ALLOWED, id="法30条の3②-wholly 不詳"),
        pytest.param(counter.report_death(TODAY, TODAY), ALLOWED, id="令8条-died today"),
        pytest.param(counter.report_death(TOMORROW, TODAY), Reason.DATE_IN_FUTURE, id="令8条-died tomorrow"),
        pytest.param(counter.report_move_out(TOMORROW, TODAY), ALLOWED, id="法24条-beforehand"),
        pytest.param(counter.report_move_out(TODAY - timedelta(14), TODAY), ALLOWED, id="法24条-14 days late"),
        pytest.param(
            counter.report_move_out(TODAY - timedelta(15), TODAY), Reason.REPORT_TOO_LATE, id="法24条-15 days late"
        ),
        pytest.param(counter.report_move_in(True, TODAY, TODAY), ALLOWED, id="法22条-with certificate"),
        pytest.param(
            counter.report_move_in(False, TODAY, TODAY), Reason.CERTIFICATE_REQUIRED, id="法22条②-without certificate"
        ),
        pytest.param(counter.report_move_in(True, TOMORROW, TODAY), Reason.DATE_IN_FUTURE, id="法22条-before moving"),
        pytest.param(counter.report_move_in(True, date(2020, 1, 1), TODAY), ALLOWED, id="法22条-late"),
        pytest.param(counter.report_relocation(YESTERDAY, TODAY), ALLOWED, id="法23条-after moving"),
        pytest.param(counter.report_relocation(TOMORROW, TODAY), Reason.DATE_IN_FUTURE, id="法23条-before moving"),
        pytest.param(counter.enter_ex_officio(TODAY, TODAY), ALLOWED, id="令12条①-entry"),
        pytest.param(counter.enter_ex_officio(TOMORROW, TODAY), Reason.DATE_IN_FUTURE, id="令12条①-entry ahead"),
        pytest.param(counter.delete_ex_officio(TODAY, TODAY), ALLOWED, id="令12条①-deletion"),
        pytest.param(counter.delete_ex_officio(TOMORROW, TODAY), Reason.DATE_IN_FUTURE, id="令12条①-deletion ahead"),
        pytest.param(counter.correct_ex_officio(TODAY, TODAY), ALLOWED, id="令12条③-correction"),
        pytest.param(counter.correct_ex_officio(TOMORROW, TODAY), Reason.DATE_IN_FUTURE, id="令12条③-correction ahead"),
        pytest.param(numbering.designate_codes(1), ALLOWED, id="法30条の2①-one"),
        pytest.param(numbering.designate_codes(5_000), ALLOWED, id="法30条の2①-a page"),
        pytest.param(numbering.designate_codes(0), Reason.FIELD_OUT_OF_RANGE, id="法30条の2①-none"),
        pytest.param(numbering.designate_codes(5_001), Reason.FIELD_OUT_OF_RANGE, id="法30条の2①-too many"),
        pytest.param(numbering.generate_individual_numbers(1), ALLOWED, id="番号法8条②-one"),
        pytest.param(numbering.generate_individual_numbers(5_000), ALLOWED, id="番号法8条②-a page"),
        pytest.param(numbering.generate_individual_numbers(0), Reason.FIELD_OUT_OF_RANGE, id="番号法8条②-none"),
        pytest.param(numbering.generate_individual_numbers(5_001), Reason.FIELD_OUT_OF_RANGE, id="番号法8条②-too many"),
    ],
)
@pytest.mark.law(
    "report_birth", "report_death", "report_move_out", "report_move_in", "report_relocation", "enter_ex_officio",
    "delete_ex_officio", "correct_ex_officio", "designate_codes", "generate_individual_numbers",
)  # fmt: skip
def test_a_clause_decides(decision: Decision, expected: Reason | None) -> None:
    assert reason(decision) == expected


# 規則11条, by hand: item → kind of 令30条の5
ENTRY, DELETION, CORRECTION, NUMBER, CODE = (ChangeKind(value) for value in range(1, 6))
CLAUSES = {
    "①一 転入": (ChangeReason.MOVE_IN, ENTRY),
    "①二 国外からの転入": (ChangeReason.MOVE_IN_FROM_ABROAD, ENTRY),
    "①三 出生": (ChangeReason.BIRTH, ENTRY),
    "①四 帰化": (ChangeReason.EX_OFFICIO_ENTRY_NATURALIZATION, ENTRY),
    "①五 国籍喪失": (ChangeReason.EX_OFFICIO_ENTRY_NATIONALITY_LOSS, ENTRY),
    "①六 職権記載等": (ChangeReason.EX_OFFICIO_ENTRY, ENTRY),
    "②一 転出": (ChangeReason.MOVE_OUT, DELETION),
    "②二 国外への転出": (ChangeReason.MOVE_OUT_ABROAD, DELETION),
    "②三 死亡": (ChangeReason.DEATH, DELETION),
    "②四 帰化": (ChangeReason.EX_OFFICIO_DELETION_NATURALIZATION, DELETION),
    "②五 国籍喪失": (ChangeReason.EX_OFFICIO_DELETION_NATIONALITY_LOSS, DELETION),
    "②六 職権消除等": (ChangeReason.EX_OFFICIO_DELETION, DELETION),
    "③一 転居": (ChangeReason.RELOCATION, CORRECTION),
    "③二 軽微な修正": (ChangeReason.MINOR_CORRECTION, CORRECTION),
    "③三 職権修正等": (ChangeReason.EX_OFFICIO_CORRECTION, CORRECTION),
    "④一 変更請求": (ChangeReason.NUMBER_CHANGE_REQUEST, NUMBER),
    "④二 職権修正": (ChangeReason.NUMBER_EX_OFFICIO_CORRECTION, NUMBER),
    "④三 職権記載等": (ChangeReason.NUMBER_EX_OFFICIO_ENTRY, NUMBER),
    "⑤一 変更請求": (ChangeReason.CODE_CHANGE_REQUEST, CODE),
    "⑤二 職権記載等": (ChangeReason.CODE_EX_OFFICIO_ENTRY, CODE),
}


@pytest.mark.parametrize("kind", list(ChangeKind), ids=lambda kind: kind.name)
@pytest.mark.parametrize(("right", "why"), [(k, r) for r, k in CLAUSES.values()], ids=[f"規則11条{c}" for c in CLAUSES])
@pytest.mark.law("change_reason_fits")
def test_a_reason_goes_with_its_own_kind_and_with_no_other(
    kind: ChangeKind, right: ChangeKind, why: ChangeReason
) -> None:
    decision = notification.change_reason_fits(Change(kind, why, TODAY))
    assert reason(decision) == (ALLOWED if kind == right else Reason.CHANGE_INCONSISTENT)


def test_the_table_of_reasons_is_complete() -> None:
    assert {why for why, _ in CLAUSES.values()} == set(ChangeReason) - {ChangeReason.UNSPECIFIED}
    for kind in ChangeKind:
        decision = notification.change_reason_fits(Change(kind, ChangeReason.UNSPECIFIED, TODAY))
        assert reason(decision) == Reason.CHANGE_INCONSISTENT


def person(**changes: object) -> Identification:
    values: dict[str, object] = {
        "resident_code": "10000000009", "individual_number": "", "name": "甲", "name_kana": "", "sex": Sex.MALE,
        "birth_date": PartialDate(1980, 1, 1), "address": "一番地", "residency": Residency.JAPANESE,
        "area_code": "132152",
    }  # fmt: skip
    return Identification(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(None, person(), ALLOWED, id="法30条の6①-記載"),
        pytest.param(person(), None, ALLOWED, id="法30条の6①-消除"),
        pytest.param(person(), person(name="乙"), ALLOWED, id="法30条の6①-1号 氏名"),
        pytest.param(person(), person(birth_date=PartialDate(1980, 1, 2)), ALLOWED, id="法30条の6①-2号 出生"),
        pytest.param(person(), person(sex=Sex.FEMALE), ALLOWED, id="法30条の6①-3号 男女"),
        pytest.param(person(), person(address="二番地"), ALLOWED, id="法30条の6①-7号 住所"),
        pytest.param(person(), person(individual_number="1"), ALLOWED, id="法30条の6①-8号の2 個人番号"),
        pytest.param(person(), person(resident_code="2"), ALLOWED, id="法30条の6①-13号 住民票コード"),
        pytest.param(person(), person(), Reason.CHANGE_INCONSISTENT, id="法30条の6①-nothing changed"),
        pytest.param(None, None, Reason.RESIDENT_REMOVED, id="法30条の6①-no record"),
    ],
)
@pytest.mark.law("notify_identification")
def test_only_a_change_of_these_items_goes_up(
    before: Identification | None, after: Identification | None, expected: Reason | None
) -> None:
    assert reason(notification.notify_identification(before, after)) == expected


@pytest.mark.parametrize(
    ("planned", "moved_in", "removed"),
    [
        pytest.param(TOMORROW, None, False, id="令13条①-the day is to come"),
        pytest.param(TODAY, None, True, id="令13条①-the day itself"),
        pytest.param(YESTERDAY, None, True, id="令13条①-after the day"),
        pytest.param(TOMORROW, TODAY, True, id="令13条②-転入通知 came first"),
    ],
)
@pytest.mark.law("deletion_day")
def test_a_record_is_removed_on_the_planned_day_or_upon_an_earlier_notice(
    planned: date, moved_in: date | None, removed: bool
) -> None:
    assert notification.deletion_day(planned, TODAY, moved_in) == (removed, planned)


@pytest.mark.parametrize(
    ("residents", "size"), [(0, 1_000), (19_999, 1_000), (20_000, 1_000), (20_040, 1_002), (3_700_000, 185_000)]
)
def test_a_pool_holds_a_twentieth_of_the_residents_and_at_least_a_thousand(residents: int, size: int) -> None:
    assert numbering.pool_size(residents) == size


def test_codes_are_asked_for_below_a_fifth_of_the_pool() -> None:
    assert not numbering.pool_needs_refill(200, 0)
    assert numbering.pool_needs_refill(199, 0)


@pytest.mark.parametrize(
    ("rule", "day", "expected"),
    [
        ("notify_move_out_beforehand", date(2023, 2, 5), ""),
        ("notify_move_out_beforehand", date(2023, 2, 6), "住基法第24条の2第3項"),
        ("notify_supplementary_identification", date(2024, 5, 26), ""),
        ("notify_supplementary_identification", date(2024, 5, 27), "住基法第30条の41第1項"),
        ("forward_supplementary_identification", date(2024, 5, 26), ""),
        ("forward_supplementary_identification", date(2024, 5, 27), "住基法第30条の42第1項"),
        ("notify_identification", BASE, "住基法第30条の6第1項"),
        ("forward_identification", BASE, "住基法第30条の7第1項"),
        ("confirm_move_out", BASE, "住基令第13条第3項"),
        ("notify_move_in", BASE, "住基法第9条第1項"),
        ("report_stored_error", BASE, "住基法第30条の8"),
        ("report_register_error", BASE, "住基法第12条の5"),
        ("designate_codes", BASE, "住基法第30条の2第1項"),
        ("generate_individual_numbers", BASE, "番号法第8条第2項"),
        ("unheard_of", BASE, ""),
    ],
)
@pytest.mark.law(
    "notify_supplementary_identification", "forward_supplementary_identification", "report_stored_error",
    "report_register_error", "notify_move_out_beforehand",
)  # fmt: skip
def test_a_rule_has_its_article_from_the_day_it_came_into_force(rule: str, day: date, expected: str) -> None:
    assert article(rule, day) == expected
    assert (find(rule, day) is None) == (expected == "")


def test_every_rule_names_an_article_and_a_caption() -> None:
    assert every_rule()
    assert [rule.name for rule in every_rule() if not rule.article or not rule.caption] == []
