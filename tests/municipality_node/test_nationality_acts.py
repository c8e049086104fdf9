"""Acts about nationality, foreign residents and investigation on every state that a record may be in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils

from jukinet.clock import Clock
from jukinet.model.codes import individual_number_from, resident_code_from
from jukinet.model.dates import PartialDate
from jukinet.model.foreign import Category, ForeignItems, InvestigationResult
from jukinet.model.identification import ChangeReason, Identification, MoveInNotice, NewPerson, Residency, Sex
from jukinet.model.reason import Reason
from jukinet.pki.identity import Identity
from jukinet.refusal import Refusal
from jukinet.store.database import Database
from municipality_node import schema, store
from municipality_node.acts.foreign import (
    ForeignReport,
    ImmigrationNotice,
    enter_immigration_notice,
    get_foreign_items,
    list_lapsing_stays,
    report_foreign_resident,
    report_relationship_change,
)
from municipality_node.acts.investigation import (
    delete_after_investigation,
    print_deletion_notice,
    restore_ex_officio,
)
from municipality_node.acts.move_in import receive_move_in_notice
from municipality_node.acts.move_out import report_move_out
from municipality_node.acts.nationality import acquire_nationality, lose_nationality
from municipality_node.acts.number import designate_individual_number
from municipality_node.assemble import TIER
from municipality_node.desk import Desk
from municipality_node.foreign import store as foreign_store
from municipality_node.store import State
from municipality_node.tasks import store as task_store
from municipality_node.tasks.store import TaskKind

TODAY = date(2021, 6, 1)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
SINCE = date(2015, 4, 1)
CODES = [resident_code_from(number) for number in range(1_000_000_000, 1_000_000_010)]
NUMBER = individual_number_from(12345678901)
ADDRESS = "東京都国立市みどり台一丁目1番1号"
REGISTERED = ("東京都国立市架空町一番地", "架空　太郎")
HERE, UNKNOWN = InvestigationResult.LIVES_HERE, InvestigationResult.WHEREABOUTS_UNKNOWN
FOREIGN, JAPANESE = Residency.FOREIGN, Residency.JAPANESE
MEDIUM = ForeignItems(
    "架空国", Category.MEDIUM_TO_LONG_TERM, date(2021, 5, 1), "留学", "2年", date(2023, 5, 1), "AB12345678CD"
)
ENTERED = Identification(
    CODES[0], NUMBER, "架空　太郎", "", PartialDate(1980, 5, 1), Sex.MALE, ADDRESS, Residency.JAPANESE, "132152"
)
BY_LOSS = ForeignItems("架空国", Category.TRANSITIONAL_BY_NATIONALITY_LOSS, date(2021, 5, 20))


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Database]:
    db = Database(tmp_path / "journal.db", TIER.journal)
    yield db
    db.close()


def desk(db: object) -> Desk:
    return Desk(db, Clock(), Identity.parse("municipality/132152"))  # type: ignore[arg-type]


def enter(at: Desk, code: str, residency: Residency = JAPANESE, household_id: int = 0, number: str = "") -> int:
    home = household_id or store.insert_household(at.db, "132152", ADDRESS)
    new = NewPerson("架空　太郎", PartialDate(1980, 5, 1), Sex.MALE, "子", residency=residency, alias="試作　太郎")
    entered = at.enter(home, new, code, ADDRESS, "132152", ChangeReason.EX_OFFICIO_ENTRY, SINCE)
    if number:
        designate_individual_number(at, code, number)
    at.notices = 0
    return entered


# The states that a record may be in; each is made of a foreign resident or a Japanese.


def live(at: Desk, resident_id: int) -> None:
    """A resident."""


def leaving(at: Desk, resident_id: int) -> None:
    report_move_out(at, [resident_id], "杉並区", TOMORROW)


def left(at: Desk, resident_id: int) -> None:
    report_move_out(at, [resident_id], "杉並区", TODAY)


def dead(at: Desk, resident_id: int) -> None:
    at.remove(at.live(resident_id), ChangeReason.DEATH, TODAY)


def deleted(at: Desk, resident_id: int) -> None:
    delete_after_investigation(at, resident_id, YESTERDAY, UNKNOWN, YESTERDAY)


def ended(at: Desk, resident_id: int) -> None:
    enter_immigration_notice(at, resident_id, YESTERDAY, ImmigrationNotice(stay_ended=True))


def elsewhere(at: Desk, resident_id: int) -> None:
    deleted(at, resident_id)
    receive_move_in_notice(at, ["132152"], notice(at, resident_id, YESTERDAY))


def notice(at: Desk, resident_id: int, moved: date) -> MoveInNotice:
    person = at.resident(resident_id).person
    return MoveInNotice(
        person.resident_code, person.name, person.birth_date, person.sex, "東京都杉並区みどり台1番1号", moved, TODAY,
        ADDRESS, "131156",
    )  # fmt: skip


def acquire(at: Desk, resident_id: int) -> Any:
    return acquire_nationality(at, resident_id, YESTERDAY, REGISTERED, "", "")


def lose(at: Desk, resident_id: int) -> Any:
    return lose_nationality(at, resident_id, date(2021, 5, 20), BY_LOSS, "")


def immigration(at: Desk, resident_id: int) -> Any:
    return enter_immigration_notice(at, resident_id, YESTERDAY, ImmigrationNotice(name="SHISAKU TARO"))


def investigate(at: Desk, resident_id: int) -> Any:
    return delete_after_investigation(at, resident_id, YESTERDAY, UNKNOWN, TODAY)


def restore(at: Desk, resident_id: int) -> Any:
    return restore_ex_officio(at, resident_id, TODAY, HERE, TODAY, "", 0)


def report_again(at: Desk, resident_id: int) -> Any:
    report = ForeignReport(None, resident_id, "", MEDIUM, card_shown=True, relationship_evidence=True)
    return report_foreign_resident(at, report, ADDRESS, "", 0)


ACTS: dict[str, tuple[Callable[[Desk, int], Any], Residency]] = {
    "国籍取得": (acquire, FOREIGN),
    "国籍喪失": (lose, JAPANESE),
    "長官の通知": (immigration, FOREIGN),
    "実態調査による消除": (investigate, FOREIGN),
    "職権回復": (restore, FOREIGN),
    "除票のある者の届出（30条の47）": (report_again, FOREIGN),
}
STATES: dict[str, Callable[[Desk, int], None]] = {
    "住民": live, "転出予定": leaving, "転出済み": left, "死亡": dead,
    "職権消除済み": deleted, "在留資格を失い消除済み": ended, "消除後に転入通知": elsewhere,
}  # fmt: skip
GONE, ALREADY = Reason.RESIDENT_REMOVED, Reason.RESIDENT_LIVE_ALREADY
NOT_EX_OFFICIO, AWAY = Reason.NOT_REMOVED_EX_OFFICIO, Reason.LIVES_ELSEWHERE
# Of each act on each state, in the order of STATES: how many notices go up, or why not.
# A Japanese has no stay that could end.
TABLE: dict[str, tuple[int | Reason | None, ...]] = {
    "国籍取得": (2, 2, GONE, GONE, GONE, GONE, GONE),
    "国籍喪失": (2, 2, GONE, GONE, GONE, None, GONE),
    "長官の通知": (1, 1, GONE, GONE, GONE, GONE, GONE),
    "実態調査による消除": (1, 1, GONE, GONE, GONE, GONE, GONE),
    "職権回復": (ALREADY, ALREADY, NOT_EX_OFFICIO, NOT_EX_OFFICIO, 1, Reason.STAY_LAPSED, AWAY),
    "除票のある者の届出（30条の47）": (ALREADY, ALREADY, NOT_EX_OFFICIO, NOT_EX_OFFICIO, 1, 1, AWAY),
}
CASES = [
    pytest.param(act, state, expected, id=f"{state}の者に{act}")
    for act, row in TABLE.items()
    for state, expected in zip(STATES, row, strict=True)
    if expected is not None
]


@pytest.mark.law(
    "acquire_nationality", "lose_nationality", "enter_immigration_notice", "delete_after_investigation",
    "restore_ex_officio", "report_foreign_resident",
)  # fmt: skip
@pytest.mark.parametrize(("act", "state", "expected"), CASES)
def test_each_act_on_each_state(file: Database, act: str, state: str, expected: int | Reason) -> None:
    run, residency = ACTS[act]

    def work(db: object) -> None:
        at = desk(db)
        resident_id = enter(at, CODES[0], residency)
        STATES[state](at, resident_id)
        before = store.by_code(at.db, CODES[0])
        at.notices = 0
        if isinstance(expected, Reason):
            with pytest.raises(Refusal) as refusal:
                run(at, resident_id)
            assert refusal.value.reason == expected
            assert store.by_code(at.db, CODES[0]) == before
            assert at.notices == 0
            return
        assert run(at, resident_id).notices == expected
        sequences = [record.person_sequence for record in store.by_code(at.db, CODES[0])]
        assert max(sequences) == before[0].person_sequence + expected
        assert sequences[0] == max(sequences)
        live = [record for record in store.by_code(at.db, CODES[0]) if record.state != State.REMOVED]
        assert len(live) == (0 if act == "実態調査による消除" else 1)

    file.write(work)


def refused(at: Desk, reason: Reason, act: Callable[[], Any]) -> None:
    at.notices = 0
    with pytest.raises(Refusal) as refusal:
        act()
    assert refusal.value.reason == reason
    assert at.notices == 0


@pytest.mark.law("acquire_nationality", "lose_nationality", "enter_immigration_notice", "report_relationship_change")
@pytest.mark.parametrize(
    ("act", "residency", "reason"),
    [
        pytest.param(acquire, JAPANESE, Reason.NATIONALITY_UNCHANGED, id="日本人は国籍を取得しない"),
        pytest.param(lose, FOREIGN, Reason.NATIONALITY_UNCHANGED, id="外国人は日本の国籍を失わない"),
        pytest.param(immigration, JAPANESE, Reason.NOT_FOREIGN_RESIDENT, id="長官の通知は日本人に及ばない"),
        pytest.param(get_foreign_items, JAPANESE, Reason.NOT_FOREIGN_RESIDENT, id="日本人に国籍等の記載はない"),
        pytest.param(get_foreign_items, FOREIGN, Reason.RESIDENT_NOT_FOUND, id="聞いていない事項は示せない"),
    ],
)
def test_the_other_kind_of_record_is_refused(
    file: Database, act: Callable[[Desk, int], Any], residency: Residency, reason: Reason
) -> None:
    def work(db: object) -> None:
        at = desk(db)
        resident_id = enter(at, CODES[0], residency)
        refused(at, reason, lambda: act(at, resident_id))

    file.write(work)


@pytest.mark.law("acquire_nationality")
@pytest.mark.parametrize(
    ("registered", "field"),
    [
        pytest.param(("", "架空　太郎"), "registered_domicile", id="本籍がなければ日本人の住民票は作れない"),
        pytest.param(
            ("東京都国立市架空町一番地", " "), "registered_head", id="筆頭者がなければ日本人の住民票は作れない"
        ),
    ],
)
def test_acquire_nationality_needs_the_family_register(file: Database, registered: tuple[str, str], field: str) -> None:
    def work(db: object) -> None:
        at = desk(db)
        resident_id = enter(at, CODES[0], FOREIGN)
        with pytest.raises(Refusal) as refusal:
            acquire_nationality(at, resident_id, TODAY, registered, "", "")
        assert (refusal.value.reason, refusal.value.facts["field"]) == (Reason.FIELD_MISSING, field)
        assert store.by_code(at.db, CODES[0])[0].state == State.LIVE

    file.write(work)


@pytest.mark.law("acquire_nationality", "lose_nationality")
@pytest.mark.parametrize(
    ("act", "residency"),
    [pytest.param(acquire, FOREIGN, id="帰化しても世帯主"), pytest.param(lose, JAPANESE, id="国籍を失つても世帯主")],
)
def test_the_head_stays_head_and_a_report_of_leaving_holds_on(
    file: Database, act: Callable[[Desk, int], Any], residency: Residency
) -> None:
    def work(db: object) -> None:
        at = desk(db)
        head = enter(at, CODES[0], residency, number=NUMBER)
        home = at.resident(head).household_id
        enter(at, CODES[1], household_id=home)
        report_move_out(at, [head], "杉並区", TOMORROW)
        old_id, new_id = act(at, head).resident_ids
        assert old_id == head
        new = at.live(new_id)
        household = store.household(at.db, home)
        assert household is not None
        assert (household.head_id, new.relationship, new.household_id) == (new_id, "世帯主", home)
        assert (new.state, new.removal_reason, new.removal_date) == (State.MOVING_OUT, ChangeReason.MOVE_OUT, TOMORROW)
        assert (new.planned_destination, new.resident_since) == ("杉並区", SINCE)
        assert new.person.individual_number == NUMBER
        assert [record.id for record in store.all_leaving(at.db)] == [new_id]

    file.write(work)


@pytest.mark.law("acquire_nationality")
@pytest.mark.parametrize(
    ("name", "kana", "expected"),
    [
        pytest.param("", "", ("架空　太郎", "かくう　たろう"), id="氏名を変えなければ読みも変わらない"),
        pytest.param("試作　太郎", "", ("試作　太郎", ""), id="氏名を変えて読みを告げなければ読みは空"),
        pytest.param("試作　太郎", "しさく　たろう", ("試作　太郎", "しさく　たろう"), id="氏名と読みを告げる"),
        pytest.param("", "しさく　たろう", ("架空　太郎", "しさく　たろう"), id="読みだけを告げる"),
    ],
)
def test_acquire_nationality_takes_the_name_of_the_family_register(
    file: Database, name: str, kana: str, expected: tuple[str, str]
) -> None:
    def work(db: object) -> None:
        at = desk(db)
        resident_id = enter(at, CODES[0], FOREIGN)
        store.update_person(at.db, resident_id, replace(at.live(resident_id).person, name_kana="かくう　たろう"))
        _, new_id = acquire_nationality(at, resident_id, TODAY, REGISTERED, name, kana).resident_ids
        new = at.live(new_id)
        assert (new.person.name, new.person.name_kana, new.person.alias) == (*expected, "")
        assert (new.registered_domicile, new.registered_head) == REGISTERED

    file.write(work)


def test_a_number_that_was_on_its_way_comes_to_the_new_record(file: Database) -> None:
    def work(db: object) -> None:
        at = desk(db)
        resident_id = enter(at, CODES[0], FOREIGN)
        _, new_id = acquire(at, resident_id).resident_ids
        at.notices = 0
        assert designate_individual_number(at, CODES[0], NUMBER) == new_id
        assert at.notices == 1
        assert at.live(new_id).person.individual_number == NUMBER
        assert task_store.count_tasks(at.db, TaskKind.INDIVIDUAL_NUMBER) == 0

    file.write(work)


@pytest.mark.law("enter_immigration_notice", "foreign_record_items")
@pytest.mark.parametrize(
    ("told", "notices"),
    [
        pytest.param(ImmigrationNotice(name="SHISAKU TARO"), 1, id="氏名の変更は上がる"),
        pytest.param(ImmigrationNotice(birth_date=PartialDate(1980, 5, 2)), 1, id="出生の年月日の誤りは上がる"),
        pytest.param(ImmigrationNotice(sex=Sex.FEMALE), 1, id="男女の別の誤りは上がる"),
        pytest.param(ImmigrationNotice(items=MEDIUM), 0, id="在留情報の変更は上がらない"),
        pytest.param(
            ImmigrationNotice(items=replace(MEDIUM, nationality="別国")), 0, id="国籍・地域の変更は上がらない"
        ),
        pytest.param(ImmigrationNotice(name="SHISAKU TARO", items=MEDIUM), 1, id="両方なら氏名の分だけ上がる"),
        pytest.param(ImmigrationNotice(stay_ended=True), 1, id="在留資格を失えば消除が上がる"),
    ],
)
def test_enter_immigration_notice_sends_up_what_is_identification(
    file: Database, told: ImmigrationNotice, notices: int
) -> None:
    def work(db: object) -> None:
        at = desk(db)
        resident_id = enter(at, CODES[0], FOREIGN)
        assert enter_immigration_notice(at, resident_id, TODAY, told).notices == notices
        if told.items:
            assert get_foreign_items(at, resident_id).items == told.items
        record = at.resident(resident_id)
        assert record.state == (State.REMOVED if told.stay_ended else State.LIVE)
        assert record.person.name == (told.name or "架空　太郎")

    file.write(work)


@pytest.mark.law("enter_immigration_notice")
@pytest.mark.parametrize(
    ("told", "reason"),
    [
        pytest.param(ImmigrationNotice(), Reason.FIELD_MISSING, id="何も告げない通知"),
        pytest.param(ImmigrationNotice(name="架空　太郎"), Reason.FIELD_MISSING, id="既に記載のとおりの通知"),
        pytest.param(ImmigrationNotice(items=MEDIUM), Reason.FIELD_MISSING, id="既に記載のとおりの在留情報"),
        pytest.param(ImmigrationNotice(name=" "), Reason.FIELD_MISSING, id="氏名を空にする通知"),
        pytest.param(
            ImmigrationNotice(name="SHISAKU TARO", stay_ended=True),
            Reason.FIELD_OUT_OF_RANGE,
            id="消除と修正は別の通知",
        ),
        pytest.param(
            ImmigrationNotice(birth_date=PartialDate(2021, 6, 2)), Reason.DATE_IN_FUTURE, id="明日生まれたという通知"
        ),
        pytest.param(
            ImmigrationNotice(items=replace(MEDIUM, card_number="")), Reason.FIELD_MISSING, id="番号のない在留カード"
        ),
    ],
)
def test_enter_immigration_notice_refuses_what_says_nothing_or_too_much(
    file: Database, told: ImmigrationNotice, reason: Reason
) -> None:
    def work(db: object) -> None:
        at = desk(db)
        resident_id = enter(at, CODES[0], FOREIGN)
        enter_immigration_notice(at, resident_id, TODAY, ImmigrationNotice(items=MEDIUM))
        refused(at, reason, lambda: enter_immigration_notice(at, resident_id, TODAY, told))

    file.write(work)


@pytest.mark.law("report_relationship_change", "relationship_evidence_is_needed")
@pytest.mark.parametrize(
    ("relationship", "reason"),
    [
        pytest.param("妻", None, id="同居人が婚姻して妻となつた"),
        pytest.param("子", Reason.FIELD_OUT_OF_RANGE, id="続柄に変わりがない"),
        pytest.param("世帯主", Reason.FIELD_OUT_OF_RANGE, id="世帯主になるのは世帯変更届"),
        pytest.param(" ", Reason.FIELD_MISSING, id="続柄を告げない"),
    ],
)
def test_report_relationship_change_sends_nothing_up(file: Database, relationship: str, reason: Reason | None) -> None:
    def work(db: object) -> None:
        at = desk(db)
        head = enter(at, CODES[0], FOREIGN)
        resident_id = enter(at, CODES[1], FOREIGN, at.resident(head).household_id)
        if reason:
            refused(at, reason, lambda: report_relationship_change(at, resident_id, relationship, TODAY, evidence=True))
            return
        assert report_relationship_change(at, resident_id, relationship, TODAY, evidence=True).notices == 0
        assert at.live(resident_id).relationship == relationship

    file.write(work)


def test_report_relationship_change_is_not_for_the_head_nor_under_a_japanese(file: Database) -> None:
    def work(db: object) -> None:
        at = desk(db)
        head = enter(at, CODES[0], JAPANESE)
        home = at.resident(head).household_id
        wife = enter(at, CODES[1], FOREIGN, home)
        refused(at, Reason.HEAD_NOT_FOREIGN, lambda: report_relationship_change(at, wife, "妻", TODAY, evidence=True))
        alone = enter(at, CODES[2], FOREIGN)
        refused(
            at, Reason.FIELD_OUT_OF_RANGE, lambda: report_relationship_change(at, alone, "妻", TODAY, evidence=True)
        )

    file.write(work)


@pytest.mark.law("report_foreign_resident", "relationship_evidence_is_needed")
@pytest.mark.parametrize(
    ("head", "relationship", "evidence", "reason"),
    [
        pytest.param(FOREIGN, "妻", True, None, id="外国人の世帯主に入り文書がある"),
        pytest.param(FOREIGN, "妻", False, Reason.EVIDENCE_REQUIRED, id="外国人の世帯主に入り文書がない"),
        pytest.param(FOREIGN, "同居人", False, None, id="親族でなければ文書は要らない"),
        pytest.param(JAPANESE, "妻", False, None, id="日本人の世帯主に入るなら文書は要らない"),
    ],
)
def test_report_foreign_resident_joins_a_household(
    file: Database, head: Residency, relationship: str, evidence: bool, reason: Reason | None
) -> None:
    def work(db: object) -> None:
        at = desk(db)
        home = at.resident(enter(at, CODES[0], head)).household_id
        store.add_codes(at.db, [int(CODES[5])])
        new = NewPerson("SHISAKU HANA", PartialDate(1990, 1, 1), Sex.FEMALE, relationship)
        report = ForeignReport(new, 0, "", MEDIUM, card_shown=True, relationship_evidence=evidence)
        if reason:
            refused(at, reason, lambda: report_foreign_resident(at, report, "", "", home))
            return
        receipt = report_foreign_resident(at, report, "", "", home)
        record = at.live(receipt.resident_ids[0])
        assert (receipt.household_id, record.relationship, record.person.residency) == (home, relationship, FOREIGN)
        assert (record.person.resident_code, receipt.notices) == (CODES[5], 1)
        assert get_foreign_items(at, record.id).foreign_resident_since == MEDIUM.since

    file.write(work)


def test_report_foreign_resident_names_a_person_or_a_former_record_not_both_nor_neither(file: Database) -> None:
    def work(db: object) -> None:
        at = desk(db)
        former = enter(at, CODES[0], FOREIGN)
        ended(at, former)
        new = NewPerson("SHISAKU HANA", PartialDate(1990, 1, 1), Sex.FEMALE, "")
        for report in (
            ForeignReport(None, 0, "", MEDIUM, card_shown=True, relationship_evidence=True),
            ForeignReport(new, former, "", MEDIUM, card_shown=True, relationship_evidence=True),
        ):
            refused(at, Reason.FIELD_MISSING, lambda r=report: report_foreign_resident(at, r, ADDRESS, "", 0))

    file.write(work)


@pytest.mark.law("report_foreign_resident")
@pytest.mark.parametrize(
    ("relationship", "expected"),
    [
        pytest.param("", "同居人", id="続柄を告げなければ同居人"),
        pytest.param("妻", "妻", id="告げた続柄で戻る"),
        pytest.param("世帯主", None, id="世帯主のいる世帯に世帯主としては入れない"),
    ],
)
def test_report_foreign_resident_of_a_former_record_into_a_household(
    file: Database, relationship: str, expected: str | None
) -> None:
    def work(db: object) -> None:
        at = desk(db)
        former = enter(at, CODES[0], FOREIGN)
        ended(at, former)
        home = at.resident(enter(at, CODES[1])).household_id
        report = ForeignReport(None, former, relationship, MEDIUM, card_shown=True, relationship_evidence=True)
        if expected is None:
            refused(at, Reason.FIELD_OUT_OF_RANGE, lambda: report_foreign_resident(at, report, "", "", home))
            return
        (new_id,) = report_foreign_resident(at, report, "", "", home).resident_ids
        assert (at.live(new_id).relationship, at.live(new_id).household_id) == (expected, home)
        assert [member.relationship for member in store.members(at.db, home)] == ["世帯主", expected]

    file.write(work)


@pytest.mark.law("foreign_record_items")
@pytest.mark.parametrize("field", ["nationality", "status_of_residence", "period_of_stay"])
def test_words_without_end_are_refused_on_a_foreign_record(file: Database, field: str) -> None:
    def work(db: object) -> None:
        at = desk(db)
        resident_id = enter(at, CODES[0], FOREIGN)
        for length in (201, 200):
            told = ImmigrationNotice(items=replace(MEDIUM, **{field: "架" * length}))
            if length > 200:
                refused(
                    at, Reason.FIELD_OUT_OF_RANGE, lambda t=told: enter_immigration_notice(at, resident_id, TODAY, t)
                )
            else:
                assert enter_immigration_notice(at, resident_id, TODAY, told).notices == 0

    file.write(work)


def test_report_foreign_resident_under_the_record_of_a_japanese_is_refused(file: Database) -> None:
    def work(db: object) -> None:
        at = desk(db)
        former = enter(at, CODES[0], JAPANESE)
        deleted(at, former)
        refused(at, Reason.NOT_FOREIGN_RESIDENT, lambda: report_again(at, former))

    file.write(work)


@pytest.mark.law("last_day_of_stay", "consult_foreign_items")
def test_list_lapsing_stays_names_live_residents_by_their_last_day(file: Database) -> None:
    def work(db: object) -> None:
        at = desk(db)
        lost = lose(at, enter(at, CODES[0])).resident_ids[1]
        student = enter(at, CODES[1], FOREIGN)
        enter_immigration_notice(at, student, TODAY, ImmigrationNotice(items=MEDIUM))
        endless = enter(at, CODES[2], FOREIGN)
        special = ForeignItems("架空国", Category.SPECIAL_PERMANENT, date(1991, 11, 1), card_number="AB12345678CD")
        enter_immigration_notice(at, endless, TODAY, ImmigrationNotice(items=special))

        def names(through: date) -> list[int]:
            return [stay.resident_id for stay in list_lapsing_stays(at, through, 0, 100)]

        assert names(date(2021, 7, 18)) == []
        assert names(date(2021, 7, 19)) == [lost]
        assert names(date(2023, 5, 1)) == [lost, student]
        assert [stay.resident_id for stay in list_lapsing_stays(at, date(2023, 5, 1), lost, 100)] == [student]
        assert names(date(2199, 1, 1)) == [lost, student]
        enter_immigration_notice(at, lost, TODAY, ImmigrationNotice(stay_ended=True))
        assert names(date(2023, 5, 1)) == [student]

    file.write(work)


@pytest.mark.law("restore_ex_officio", "resident_since_after_restoration")
@pytest.mark.parametrize(
    ("found_since", "address", "joins", "household", "relationship", "since"),
    [
        pytest.param(YESTERDAY, "", False, "old", "子", SINCE, id="離れていなければ元の世帯に元の続柄で戻る"),
        pytest.param(TODAY, "", False, "old", "子", TODAY, id="後から戻つた者も元の住所なら元の世帯"),
        pytest.param(TODAY, "東京都国立市架空町2番地", False, "new", "世帯主", TODAY, id="別の住所なら新しい世帯"),
        pytest.param(TODAY, "", True, "joined", "同居人", TODAY, id="別の世帯に入れば同居人"),
    ],
)
def test_restore_ex_officio_puts_the_person_into_a_household(
    file: Database, found_since: date, address: str, joins: bool, household: str, relationship: str, since: date
) -> None:
    def work(db: object) -> None:
        at = desk(db)
        old = at.resident(enter(at, CODES[0])).household_id
        child = enter(at, CODES[1], household_id=old, number=NUMBER)
        other = at.resident(enter(at, CODES[2])).household_id
        deleted(at, child)
        receipt = restore_ex_officio(at, child, TODAY, HERE, found_since, address, other if joins else 0)
        former_id, new_id = receipt.resident_ids
        new = at.live(new_id)
        assert former_id == child
        assert at.resident(child).state == State.REMOVED
        assert receipt.household_id == new.household_id
        places = {old: "old", other: "joined"}
        assert (places.get(new.household_id, "new"), new.relationship, new.resident_since) == (
            household, relationship, since,
        )  # fmt: skip
        assert new.person == replace(at.resident(child).person, address=address or ADDRESS)
        assert (new.person.resident_code, new.person.individual_number) == (CODES[1], NUMBER)

    file.write(work)


def test_restore_ex_officio_of_the_last_one_makes_a_head_again(file: Database) -> None:
    def work(db: object) -> None:
        at = desk(db)
        only = enter(at, CODES[0])
        home = at.resident(only).household_id
        deleted(at, only)
        _, new_id = restore(at, only).resident_ids
        household = store.household(at.db, home)
        assert household is not None
        assert (household.head_id, at.live(new_id).relationship) == (new_id, "世帯主")

    file.write(work)


def test_restore_ex_officio_is_of_the_last_record_and_once(file: Database) -> None:
    def work(db: object) -> None:
        at = desk(db)
        first = enter(at, CODES[0])
        deleted(at, first)
        _, second = restore(at, first).resident_ids
        refused(at, Reason.RESIDENT_LIVE_ALREADY, lambda: restore(at, first))
        delete_after_investigation(at, second, TODAY, UNKNOWN, TODAY)
        refused(at, Reason.FIELD_OUT_OF_RANGE, lambda: restore(at, first))
        assert restore(at, second).notices == 1

    file.write(work)


def test_restore_ex_officio_of_a_foreign_resident_needs_a_stay(file: Database) -> None:
    def work(db: object) -> None:
        at = desk(db)
        gone = enter(at, CODES[0], FOREIGN)
        ended(at, gone)
        refused(at, Reason.STAY_LAPSED, lambda: restore(at, gone))

        lapsed = enter(at, CODES[1], FOREIGN)
        kept = foreign_store.Kept(replace(MEDIUM, expiry=YESTERDAY), MEDIUM.since, YESTERDAY)
        foreign_store.keep_items(at.db, lapsed, kept)
        deleted(at, lapsed)
        refused(at, Reason.STAY_LAPSED, lambda: restore(at, lapsed))

        staying = enter(at, CODES[2], FOREIGN)
        enter_immigration_notice(at, staying, TODAY, ImmigrationNotice(items=MEDIUM))
        deleted(at, staying)
        _, new_id = restore(at, staying).resident_ids
        assert get_foreign_items(at, new_id).items == MEDIUM

    file.write(work)


@pytest.mark.law("print_deletion_notice")
@pytest.mark.parametrize(
    ("result", "public", "says", "reason"),
    [
        pytest.param(UNKNOWN, True, "公示します", None, id="居所不明なら公示"),
        pytest.param(InvestigationResult.LIVES_ELSEWHERE, False, "通知します", None, id="居所が分かれば通知書"),
        pytest.param(UNKNOWN, False, "", Reason.DELETION_NOTICE_OTHERWISE, id="居所不明に通知書は出ない"),
        pytest.param(None, True, "", Reason.NOT_INVESTIGATED, id="住民に公示は出ない"),
    ],
)
def test_print_deletion_notice_shows_no_number(
    file: Database, result: InvestigationResult | None, public: bool, says: str, reason: Reason | None
) -> None:
    def work(db: object) -> None:
        at = desk(db)
        resident_id = enter(at, CODES[0], number=NUMBER)
        if result is not None:
            delete_after_investigation(at, resident_id, YESTERDAY, result, TODAY)
        if reason:
            refused(at, reason, lambda: print_deletion_notice(at, resident_id, public))
            return
        _, text = print_deletion_notice(at, resident_id, public)
        for word in ("架空　太郎", ADDRESS, says, "令和3年6月1日", "令和3年5月31日", "国立市長"):
            assert word in text
        for hidden in (CODES[0], NUMBER, "1980", "昭和55年", "男"):
            assert hidden not in text

    file.write(work)


def test_print_deletion_notice_is_not_for_a_stay_that_ended(file: Database) -> None:
    def work(db: object) -> None:
        at = desk(db)
        resident_id = enter(at, CODES[0], FOREIGN)
        ended(at, resident_id)
        refused(at, Reason.NOT_INVESTIGATED, lambda: print_deletion_notice(at, resident_id, public=True))

    file.write(work)


@pytest.mark.law("receive_move_in_notice")
@pytest.mark.parametrize(
    ("moved", "restored", "notices"),
    [
        pytest.param(YESTERDAY, False, 1, id="職権消除後の転入通知は除票に転出の旨だけ"),
        pytest.param(TODAY, True, 2, id="回復後の転入通知は回復した住民票を消除する"),
        pytest.param(date(2021, 5, 20), True, 1, id="回復前の転入の通知は元の除票について"),
    ],
)
def test_a_move_in_notice_after_the_deletion_finds_the_right_record(
    file: Database, moved: date, restored: bool, notices: int
) -> None:
    def work(db: object) -> None:
        at = desk(db)
        resident_id = enter(at, CODES[0])
        deleted(at, resident_id)
        found = resident_id
        if restored:
            _, found = restore_ex_officio(at, resident_id, TODAY, HERE, TODAY, "", 0).resident_ids
        at.notices = 0
        about = receive_move_in_notice(at, ["132152"], notice(at, resident_id, moved))
        assert at.notices == notices
        assert about == (found if moved >= at.resident(found).resident_since else resident_id)
        assert at.resident(about).confirmed_destination == "東京都杉並区みどり台1番1号"
        assert at.resident(about).removal_reason == ChangeReason.EX_OFFICIO_DELETION
        if about != found:
            assert at.resident(found).state == State.LIVE

    file.write(work)


def test_a_file_of_before_this_desk_opens_with_its_residents_and_takes_its_acts(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    old = sqlite_utils.Database(path)
    schema.migrations.apply(old, stop_before="m005_nationality")
    assert "foreign_items" not in old.table_names()
    person = replace(ENTERED, residency=JAPANESE)
    home = store.insert_household(old.conn, "132152", ADDRESS)
    written = (home, int(person.resident_code), SINCE.isoformat(), store.body(person))
    entered = old.execute(
        "INSERT INTO resident (household_id, area_code, code, state, person_sequence, relationship, resident_since,"
        " birth_date_text, registered_domicile, registered_head, former_address, body)"
        " VALUES (?,'132152',?,1,1,'世帯主',?,'','','','',?) RETURNING id", written,
    ).fetchone()[0]  # fmt: skip
    store.set_head(old.conn, home, entered)
    old.conn.commit()
    old.execute("PRAGMA user_version=1")
    old.close()

    db = Database(path, TIER.journal)
    try:
        _, new_id = db.write(lambda opened: lose(desk(opened), entered)).resident_ids
        with db.read() as opened:
            kept = foreign_store.items_of(opened, new_id)
        assert kept is not None
        assert kept.items == BY_LOSS
    finally:
        db.close()
