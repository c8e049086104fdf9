"""国籍の得喪, 外国人住民 and 実態調査."""

from __future__ import annotations

import re
from datetime import date, timedelta

from jukinet.law.basis import Decision, basis, find, state
from jukinet.model.dates import PartialDate
from jukinet.model.foreign import Category, ForeignItems, InvestigationResult
from jukinet.model.identification import ChangeReason, Residency
from jukinet.model.reason import Reason

TRANSITIONAL_DAYS = 60
# 永住者 and 高度専門職2号 stay without limit.
WITHOUT_EXPIRY = frozenset({"永住者", "高度専門職2号"})
_CARD = re.compile(r"[A-Z]{2}[0-9]{8}[A-Z]{2}", re.ASCII)
IN_2024, IN_2025, IN_2026 = date(2024, 5, 27), date(2025, 5, 26), date(2026, 6, 14)


def _on(field: str, day: date, today: date, earliest: date | None = None) -> Decision:
    if day > today:
        return Decision.deny(Reason.DATE_IN_FUTURE, field=field)
    if earliest is not None and day < earliest:
        return Decision.deny(Reason.FIELD_OUT_OF_RANGE, field=field)
    return Decision.allow()


@basis("住基令第8条の2第1項", "日本の国籍の取得による住民票の記載及び消除")
def acquire_nationality(residency: Residency, born: PartialDate, acquired: date, today: date) -> Decision:
    """日本の国籍を有しない者が国籍を取得したとき、日本人住民としての住民票を作成し、外国人住民としての住民票を消除する。"""
    if residency != Residency.FOREIGN:
        return Decision.deny(Reason.NATIONALITY_UNCHANGED)
    return _on("acquisition_date", acquired, today, born.exact())


@basis("住基令第8条の2第2項", "日本の国籍の喪失による住民票の記載及び消除")
def lose_nationality(residency: Residency, born: PartialDate, lost: date, today: date, items: ForeignItems) -> Decision:
    """国籍を失つたとき、外国人住民としての住民票を作成し、日本人住民としての住民票を消除する。

    Whose 60 days (入管法22条の2第1項) are over without a status of residence is no foreign resident: 職権消除 alone.
    """
    if residency == Residency.FOREIGN:
        return Decision.deny(Reason.NATIONALITY_UNCHANGED)
    if items.category == Category.TRANSITIONAL_BY_BIRTH:
        return Decision.deny(Reason.FIELD_OUT_OF_RANGE, field="items.category")
    happened = _on("loss_date", lost, today, born.exact())
    if not happened.allowed:
        return happened
    if items.category.is_transitional and items.since != lost:
        return Decision.deny(Reason.FIELD_OUT_OF_RANGE, field="items.since")
    if has_lapsed(last_day_of_stay(items), today) and items.category.is_transitional:
        return Decision.deny(Reason.STAY_LAPSED)
    return foreign_record_items(items, today)


# The wording of 30条の45 changed, what it asks for did not.
@basis("住基法第30条の45", "外国人住民に係る住民票の記載事項の特例（第4章の3、在留カードに記載されている事項）")
@basis(
    "住基法第30条の45",
    "外国人住民に係る住民票の記載事項の特例（第4章の4、在留カードに記載されている事項）",
    since=IN_2024,
)
@basis(
    "住基法第30条の45",
    "外国人住民に係る住民票の記載事項の特例（第4章の4、在留カードに記載され、又は記録されている事項）",
    since=IN_2026,
)
def foreign_record_items(items: ForeignItems, today: date) -> Decision:
    """国籍等及び表の上欄の区分に応じ下欄に掲げる事項を記載する: each category its own, no less and no more."""
    if not items.nationality.strip():
        return Decision.deny(Reason.FIELD_MISSING, field="items.nationality")
    if items.category == Category.UNSPECIFIED:
        return Decision.deny(Reason.FIELD_MISSING, field="items.category")
    if items.since > today:
        return Decision.deny(Reason.DATE_IN_FUTURE, field="items.since")
    category = items.category
    medium = category == Category.MEDIUM_TO_LONG_TERM
    permitted = category in (Category.TEMPORARY_REFUGE, Category.PROVISIONAL_STAY)
    endless = medium and items.status_of_residence in WITHOUT_EXPIRY
    given = {
        "status_of_residence": (medium, bool(items.status_of_residence.strip())),
        "period_of_stay": (medium and not endless, bool(items.period_of_stay.strip())),
        "expiry": (permitted or (medium and not endless), items.expiry is not None),
        "card_number": (medium or category == Category.SPECIAL_PERMANENT, bool(items.card_number)),
    }
    for field, (asked, there) in given.items():
        if asked and not there:
            return Decision.deny(Reason.FIELD_MISSING, field=f"items.{field}")
        if there and not asked and not (endless and field == "period_of_stay"):
            return Decision.deny(Reason.FIELD_OUT_OF_RANGE, field=f"items.{field}")
    if items.card_number and not _CARD.fullmatch(items.card_number):
        return Decision.deny(Reason.FIELD_OUT_OF_RANGE, field="items.card_number")
    if items.expiry is not None and items.expiry < items.since:
        return Decision.deny(Reason.FIELD_OUT_OF_RANGE, field="items.expiry")
    return Decision.allow()


@basis("住基法第30条の45", "外国人住民となつた年月日")
def foreign_resident_since(became: date, resident_since: date) -> date:
    """表の上欄に掲げる者となつた年月日又は住民となつた年月日のうち、いずれか遅い年月日。"""
    return max(became, resident_since)


@basis("住基法第30条の45", "在留することができる最後の日")
def last_day_of_stay(items: ForeignItems) -> date | None:
    """経過滞在者は事由が生じた日から60日（入管法22条の2第1項）、その他は満了の日; None where it has no end.

    The day itself is not counted (民法140条): an assumption of ours.
    """
    if items.category.is_transitional:
        return items.since + timedelta(days=TRANSITIONAL_DAYS)
    return items.expiry


def has_lapsed(last_day: date | None, today: date) -> bool:
    """Whether the last day is over."""
    return last_day is not None and last_day < today


@basis("住基法第30条の45", "外国人住民に係る住民票の振り仮名", name="foreign_record_reading")
def _reading_is_kept() -> bool:
    return True


@basis(
    "住基法第30条の45",
    "外国人住民に係る住民票から除かれる振り仮名（7条1号の2）",
    name="foreign_record_reading",
    since=IN_2025,
)
def _reading_is_left_out() -> bool:
    return False


def foreign_record_has_reading(on: date) -> bool:
    """Whether a reading kept for search goes on to the record of a foreign resident; none since 7条1号の2 names it."""
    rule = find("foreign_record_reading", on)
    return rule is not None and bool(rule.function())


@basis("住基法第30条の47", "住所を有する者が中長期在留者等となつた場合の届出（第4章の3）")
@basis("住基法第30条の47", "住所を有する者が中長期在留者等となつた場合の届出（第4章の4）", since=IN_2024)
def report_foreign_resident(items: ForeignItems, card_shown: bool, evidence: bool, today: date) -> Decision:
    """住所を有する者が中長期在留者等となつた場合、14日以内に在留カード等を提示して届け出る。経過滞在者は含まれない（30条の46）。

    `evidence` is False only where 30条の49 asks for a document about the 続柄 and none was shown. A late report is
    still entered.
    """
    if items.category.is_transitional:
        return Decision.deny(Reason.STAY_IS_TRANSITIONAL)
    fits = foreign_record_items(items, today)
    if not fits.allowed:
        return fits
    if has_lapsed(last_day_of_stay(items), today):
        return Decision.deny(Reason.STAY_LAPSED)
    if not card_shown:
        return Decision.deny(Reason.EVIDENCE_REQUIRED, field="card_shown")
    if not evidence:
        return Decision.deny(Reason.EVIDENCE_REQUIRED, field="relationship_evidence")
    return Decision.allow()


@basis("住基法第30条の49", "外国人住民の世帯主との続柄を証する文書の提出（第4章の3）")
@basis("住基法第30条の49", "外国人住民の世帯主との続柄を証する文書の提出（第4章の4）", since=IN_2024)
def relationship_evidence_is_needed(is_head: bool, head_is_foreign: bool, relationship: str) -> bool:
    """世帯主でない外国人住民でその世帯主が外国人住民であるものは文書を添える。親族関係がない場合を除く（令30条の19第1号）。"""
    return not is_head and head_is_foreign and relationship not in ("", "同居人")


@basis("住基法第30条の48", "外国人住民の世帯主との続柄の変更の届出（第4章の3）")
@basis("住基法第30条の48", "外国人住民の世帯主との続柄の変更の届出（第4章の4）", since=IN_2024)
def report_relationship_change(
    residency: Residency, is_head: bool, head_is_foreign: bool, evidence: bool, changed: date, today: date
) -> Decision:
    """世帯主でない外国人住民は、外国人住民である世帯主との続柄の変更を、14日以内に文書を添えて届け出る。"""
    if residency != Residency.FOREIGN:
        return Decision.deny(Reason.NOT_FOREIGN_RESIDENT)
    if is_head:
        return Decision.deny(Reason.FIELD_OUT_OF_RANGE, field="resident_id")
    if not head_is_foreign:
        return Decision.deny(Reason.HEAD_NOT_FOREIGN)
    if not evidence:
        return Decision.deny(Reason.EVIDENCE_REQUIRED, field="relationship_evidence")
    return _on("change_date", changed, today)


@basis("住基法第30条の50", "出入国在留管理庁長官からの通知（第4章の3）")
@basis("住基法第30条の50", "出入国在留管理庁長官からの通知（第4章の4）", since=IN_2024)
def enter_immigration_notice(residency: Residency, changed: date, today: date) -> Decision:
    """長官は外国人住民についての氏名等、国籍等又は表の下欄に掲げる事項の変更・誤りを市町村長に通知する。

    職権 follows: 令12条2項1号 as read for foreign residents by 令30条の21.
    """
    if residency != Residency.FOREIGN:
        return Decision.deny(Reason.NOT_FOREIGN_RESIDENT)
    return _on("change_date", changed, today)


@basis("住基令第12条第1項", "実態調査（法34条）による職権消除")
def delete_after_investigation(
    result: InvestigationResult, investigated: date, changed: date, resident_since: date, today: date
) -> Decision:
    """届出がないことを知つたときは、事実を確認して、職権で消除する。居住していないことを調査で確かめたときに限る。"""
    if result == InvestigationResult.UNSPECIFIED:
        return Decision.deny(Reason.FIELD_MISSING, field="result")
    if result == InvestigationResult.LIVES_HERE:
        return Decision.deny(Reason.INVESTIGATION_CONTRADICTS)
    looked = _on("investigation_date", investigated, today, resident_since)
    return looked if not looked.allowed else _on("change_date", changed, today, resident_since)


@basis("住基令第12条第3項", "誤つて消除した住民票の職権回復")
def restore_ex_officio(
    removal: ChangeReason, removed: date, went_elsewhere: bool, result: InvestigationResult, investigated: date,
    found_since: date, resident_since: date, today: date,
) -> Decision:  # fmt: skip
    """住民基本台帳に脱漏があることを知つたときは、事実を確認して、職権で記載する。コードは従前のもの（法30条の3第1項）。

    Only what was deleted ex officio comes back: whoever died does not, whoever reported leaving reports 転入, and of
    whom a 転入通知 came is a resident elsewhere.
    """
    if removal != ChangeReason.EX_OFFICIO_DELETION:
        return Decision.deny(Reason.NOT_REMOVED_EX_OFFICIO)
    if went_elsewhere:
        return Decision.deny(Reason.LIVES_ELSEWHERE)
    if result == InvestigationResult.UNSPECIFIED:
        return Decision.deny(Reason.FIELD_MISSING, field="result")
    if result != InvestigationResult.LIVES_HERE:
        return Decision.deny(Reason.INVESTIGATION_CONTRADICTS)
    looked = _on("investigation_date", investigated, today, removed)
    return looked if not looked.allowed else _on("change_date", found_since, today, resident_since)


@basis("住基法第7条第6号", "回復後の住民となつた年月日")
def resident_since_after_restoration(before: date, removed: date, found_since: date) -> date:
    """Who never left keeps the day; who came back later has become a resident then."""
    return before if found_since <= removed else found_since


@basis("住基令第12条第4項", "職権による消除の通知又は公示")
def print_deletion_notice(result: InvestigationResult | None, public: bool) -> Decision:
    """職権で消除したときは本人に通知する。住所及び居所が明らかでないときは、通知に代えて公示できる。"""
    if result is None:
        return Decision.deny(Reason.NOT_INVESTIGATED)
    if public != (result == InvestigationResult.WHEREABOUTS_UNKNOWN):
        return Decision.deny(Reason.DELETION_NOTICE_OTHERWISE)
    return Decision.allow()


state("consult_foreign_items", "住基法第36条の2", "外国人住民の記載事項の確認")
