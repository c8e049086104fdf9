"""外国人住民: 届出 of 法30条の47・48, and what 出入国在留管理庁長官 tells (法30条の50)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from jukinet.law import nationality
from jukinet.model.dates import PartialDate
from jukinet.model.foreign import ForeignItems, InvestigationResult
from jukinet.model.identification import ChangeReason, NewPerson, Receipt, Residency, Sex
from jukinet.model.reason import Reason
from jukinet.node.act import MOST_WORDS
from jukinet.refusal import Refusal
from municipality_node import store
from municipality_node.acts.reentry import latest, reenter
from municipality_node.desk import HEAD, LODGER, Desk, ask
from municipality_node.foreign import store as foreign_store
from municipality_node.foreign.store import Ground, Kept, Removal, Stay
from municipality_node.store import Household


@dataclass(frozen=True, slots=True)
class ForeignReport:
    """What a 届出 of 法30条の47 says: a person, or the number of the 除票 that the person had."""

    person: NewPerson | None
    former_id: int
    relationship: str
    items: ForeignItems
    card_shown: bool
    relationship_evidence: bool


@dataclass(frozen=True, slots=True)
class ImmigrationNotice:
    """What the Agency told; None leaves an item as it is."""

    name: str | None = None
    birth_date: PartialDate | None = None
    sex: Sex | None = None
    items: ForeignItems | None = None
    stay_ended: bool = False


def enter_foreign_items(desk: Desk, resident_id: int, items: ForeignItems) -> None:
    """Write 国籍等 and the table's lower column on a record; none of it is 本人確認情報, so nothing goes up."""
    ask(nationality.foreign_record_items(items, desk.today))
    for field in ("nationality", "status_of_residence", "period_of_stay"):
        if len(getattr(items, field)) > MOST_WORDS:
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, field=f"items.{field}")
    record = desk.resident(resident_id)
    since = nationality.foreign_resident_since(items.since, record.resident_since)
    foreign_store.keep_items(desk.db, resident_id, Kept(items, since, nationality.last_day_of_stay(items)))


def report_foreign_resident(
    desk: Desk, report: ForeignReport, address: str, area_code: str, household_id: int
) -> Receipt:
    """住所を有する者が中長期在留者等となつた: 記載・国外転入等 (規則11条1項2号), under the former code if any."""
    relationship = report.person.relationship if report.person else report.relationship
    joined = desk.household(household_id) if household_id else None
    needed = joined is not None and nationality.relationship_evidence_is_needed(
        False, _head_is_foreign(desk, joined), relationship
    )
    evidence = report.relationship_evidence or not needed
    ask(nationality.report_foreign_resident(report.items, report.card_shown, evidence, desk.today))
    if (report.person is None) == (report.former_id == 0):
        raise Refusal(Reason.FIELD_MISSING, field="person")
    if joined is not None:
        joined, address = desk.joined(household_id, address, area_code)
        home, area_code = joined.id, joined.area_code
    else:
        area_code = desk.area(area_code)
        home = store.insert_household(desk.db, area_code, address)
    on, reason = report.items.since, ChangeReason.MOVE_IN_FROM_ABROAD
    if report.person is not None:
        person = replace(report.person, residency=Residency.FOREIGN)
        resident_id = desk.enter(home, person, desk.draw_codes(1)[0], address, area_code, reason, on)
        desk.check_refill()
    else:
        former = latest(desk, report.former_id)
        if former.removal_reason != ChangeReason.EX_OFFICIO_DELETION:
            raise Refusal(Reason.NOT_REMOVED_EX_OFFICIO)
        if former.confirmed_destination:
            raise Refusal(Reason.LIVES_ELSEWHERE)
        if former.person.residency != Residency.FOREIGN:
            raise Refusal(Reason.NOT_FOREIGN_RESIDENT)
        if joined and relationship == HEAD:
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="relationship")
        after = replace(former.person, address=address, area_code=area_code)
        relationship = (relationship or LODGER) if joined else HEAD
        resident_id = reenter(desk, former, after, home, relationship, on, (reason, on))
        desk.mend_head(home)
    enter_foreign_items(desk, resident_id, report.items)
    return Receipt((resident_id,), home, desk.notices)


def report_relationship_change(
    desk: Desk, resident_id: int, relationship: str, changed: date, evidence: bool
) -> Receipt:
    """外国人住民の世帯主との続柄の変更: 続柄 is no item of 本人確認情報, so nothing goes up."""
    resident = desk.live(resident_id)
    household = desk.household(resident.household_id)
    ask(
        nationality.report_relationship_change(
            resident.person.residency,
            household.head_id == resident.id,
            _head_is_foreign(desk, household),
            evidence,
            changed,
            desk.today,
        )
    )
    if not relationship.strip():
        raise Refusal(Reason.FIELD_MISSING, field="relationship")
    if relationship in (HEAD, resident.relationship):
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="relationship")
    desk.check(resident.person, relationship)
    store.set_household(desk.db, resident.id, household.id, relationship)
    return Receipt((resident.id,), household.id, desk.notices)


def enter_immigration_notice(desk: Desk, resident_id: int, changed: date, notice: ImmigrationNotice) -> Receipt:
    """出入国在留管理庁長官からの通知: only 氏名, 出生の年月日 and 男女の別 go up, and the end of the stay as 消除."""
    resident = desk.live(resident_id)
    ask(nationality.enter_immigration_notice(resident.person.residency, changed, desk.today))
    given = {
        field: value
        for field in ("name", "birth_date", "sex")
        if (value := getattr(notice, field)) is not None
    }  # fmt: skip
    if notice.stay_ended:
        if given or notice.items is not None:
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="stay_ended")
        desk.remove(resident, ChangeReason.EX_OFFICIO_DELETION, changed)
        removal = Removal(Ground.STAY_ENDED, changed, InvestigationResult.UNSPECIFIED)
        foreign_store.keep_removal(desk.db, resident.id, removal)
        desk.mend_head(resident.household_id)
        return Receipt((resident.id,), resident.household_id, desk.notices)
    after = replace(resident.person, **given)
    kept = foreign_store.items_of(desk.db, resident.id)
    if after == resident.person and notice.items in (None, kept.items if kept else None):
        raise Refusal(Reason.FIELD_MISSING, field="notice")
    if after != resident.person:
        desk.correct(resident, after, ChangeReason.EX_OFFICIO_CORRECTION, changed)
    if notice.birth_date is not None:
        store.set_birth_date_text(desk.db, resident.id, "")  # the words were about the date before
    if notice.items is not None:
        enter_foreign_items(desk, resident.id, notice.items)
    return Receipt((resident.id,), resident.household_id, desk.notices)


def get_foreign_items(desk: Desk, resident_id: int) -> Kept:
    """What the record of a foreign resident says beyond that of a Japanese; of a 除票 too."""
    record = desk.resident(resident_id)
    if record.person.residency != Residency.FOREIGN:
        raise Refusal(Reason.NOT_FOREIGN_RESIDENT)
    kept = foreign_store.items_of(desk.db, record.id)
    if kept is None:
        raise Refusal(Reason.RESIDENT_NOT_FOUND)
    return kept


def list_lapsing_stays(desk: Desk, through: date, after: int, limit: int) -> list[Stay]:
    """Residents whose stay ends by a day: 経過滞在者 after 60 days, others at the 満了の日."""
    return foreign_store.stays_through(desk.db, through, after, limit)


def _head_is_foreign(desk: Desk, household: Household) -> bool:
    head = store.resident(desk.db, household.head_id)
    return head is not None and head.person.residency == Residency.FOREIGN
