"""Each correction against each state of a record, on a file without a network."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlite_utils

from jukinet.clock import Clock
from jukinet.model.codes import individual_number_from, resident_code_from
from jukinet.model.correction import MinorItem, NumberChangeCause
from jukinet.model.dates import JST, PartialDate
from jukinet.model.identification import ChangeKind, ChangeReason, NewPerson, Receipt, Residency, Sex
from jukinet.model.reason import Reason
from jukinet.pki.identity import Identity
from jukinet.refusal import Refusal
from jukinet.store.database import Database
from jukinet.v1 import identification_pb2
from municipality_node import schema, store
from municipality_node.acts import correction as acts
from municipality_node.acts import printing
from municipality_node.acts.correction import MinorCorrection
from municipality_node.acts.number import designate_individual_number, replace_individual_number
from municipality_node.assemble import TIER
from municipality_node.desk import Desk, with_number
from municipality_node.former import store as former_store
from municipality_node.store import Resident, State
from municipality_node.tasks import store as task_store
from municipality_node.tasks.store import TaskKind

NOW = datetime(2025, 6, 2, 9, tzinfo=JST)
"""By now every article is in force."""
TODAY = NOW.date()
HOME = "東京都国立市みどり台一丁目1番1号"
NEW_HOME = "東京都国立市みどり台一丁目1番1号　架空荘101号"
CODES = [resident_code_from(number) for number in range(1_000_000_000, 1_000_000_010)]
POOL = [resident_code_from(number) for number in range(2_000_000_000, 2_000_000_005)]
NUMBER, ANOTHER, THIRD = (individual_number_from(12345678901 + step) for step in range(3))
REQUEST, EX_OFFICIO = NumberChangeCause.REQUEST, NumberChangeCause.EX_OFFICIO


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Database]:
    db = Database(tmp_path / "journal.db", TIER.journal)
    yield db
    db.close()


def at_desk(file: Database, work: Callable[[Desk], None], now: datetime = NOW) -> None:
    """Do the work in one transaction, with a few codes in the pool."""

    def transaction(db: object) -> None:
        desk = Desk(db, Clock(at=now), Identity.parse("municipality/132152"))  # type: ignore[arg-type]
        store.add_codes(desk.db, [int(code) for code in POOL])
        work(desk)

    file.write(transaction)


def enter(desk: Desk, code: str = CODES[0], number: str = NUMBER, household_id: int = 0, **items: object) -> int:
    """Somebody with a number; the file's first resident has the number 1."""
    new = NewPerson("架空　太郎", PartialDate(1980, 5, 1), Sex.MALE, "", **items)  # type: ignore[arg-type]
    home = household_id or store.insert_household(desk.db, "132152", HOME)
    resident_id = desk.enter(home, new, code, HOME, "132152", ChangeReason.EX_OFFICIO_ENTRY, TODAY)
    if number:
        designate_individual_number(desk, code, number)
    desk.notices = 0
    return resident_id


def sent(desk: Desk) -> list[identification_pb2.IdentificationRecord]:
    """Notices that wait to be sealed, in order."""
    rows = desk.db.execute("SELECT record FROM pending ORDER BY id")
    return [identification_pb2.IdentificationRecord.FromString(row[0]) for row in rows]


def refused(act: Callable[[], object]) -> Reason:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.reason


# Act × state


@dataclass(frozen=True)
class Act:
    """One correction, ready to be made, and whose record it needs."""

    words: str
    call: Callable[[Desk, int], Receipt]
    reason: ChangeReason
    foreign: bool = False
    held: str = ""


ACTS = [
    Act(
        "軽微な修正",
        lambda d, i: acts.correct_minor(d, [i], MinorItem.BUILDING, TODAY, MinorCorrection(address=NEW_HOME)),
        ChangeReason.MINOR_CORRECTION,
    ),
    Act("コードの変更請求", acts.change_resident_code, ChangeReason.CODE_CHANGE_REQUEST),
    Act("コードの誤記修正", lambda d, i: acts.correct_resident_code(d, i, TODAY), ChangeReason.CODE_EX_OFFICIO_ENTRY),
    Act("個人番号の変更", lambda d, i: acts.change_individual_number(d, i, REQUEST), ChangeReason.UNSPECIFIED),
    Act(
        "旧氏の記載", lambda d, i: acts.enter_former_surname(d, i, "模擬", "もぎ", False),
        ChangeReason.EX_OFFICIO_CORRECTION,
    ),
    Act("旧氏の削除", acts.delete_former_surname, ChangeReason.EX_OFFICIO_CORRECTION, held="former_surname"),
    Act(
        "通称の記載", lambda d, i: acts.enter_alias(d, i, "模擬　太郎"), ChangeReason.EX_OFFICIO_CORRECTION,
        foreign=True,
    ),
    Act("通称の削除", acts.delete_alias, ChangeReason.EX_OFFICIO_CORRECTION, foreign=True, held="alias"),
    Act(
        "振り仮名の記載", lambda d, i: acts.enter_name_kana(d, i, "かくう　たろう"),
        ChangeReason.EX_OFFICIO_CORRECTION,
    ),
]  # fmt: skip
REMOVALS = {
    "国内転出": ChangeReason.MOVE_OUT,
    "国外転出": ChangeReason.MOVE_OUT_ABROAD,
    "死亡": ChangeReason.DEATH,
    "帰化": ChangeReason.EX_OFFICIO_DELETION_NATURALIZATION,
    "国籍喪失": ChangeReason.EX_OFFICIO_DELETION_NATIONALITY_LOSS,
    "職権消除": ChangeReason.EX_OFFICIO_DELETION,
}


def prepared(desk: Desk, act: Act) -> int:
    """Somebody to whom the act can be done."""
    items = {act.held: "架空"} if act.held else {}
    return enter(desk, residency=Residency.FOREIGN if act.foreign else Residency.JAPANESE, **items)


@pytest.mark.law(
    "correct_minor", "change_resident_code", "correct_resident_code", "change_individual_number",
    "enter_former_surname", "delete_former_surname", "enter_alias", "delete_alias", "enter_name_kana",
)  # fmt: skip
@pytest.mark.parametrize(
    ("act", "standing", "removal"),
    [
        pytest.param(act, standing, removal, id=f"{words}に{act.words}")
        for act in ACTS
        for words, standing, removal in (
            ("住民の住民票", State.LIVE, None),
            ("転出予定の住民票", State.MOVING_OUT, None),
            *((f"{name}の除票", State.REMOVED, reason) for name, reason in REMOVALS.items()),
            ("ない住民票", None, None),
        )
    ],
)
def test_a_correction_is_made_to_whoever_is_recorded_and_to_nobody_else(
    file: Database, act: Act, standing: State | None, removal: ChangeReason | None
) -> None:
    def work(desk: Desk) -> None:
        resident_id = prepared(desk, act)
        if standing is None:
            assert refused(lambda: act.call(desk, resident_id + 1)) == Reason.RESIDENT_NOT_FOUND
            assert refused(lambda: act.call(desk, 2**64 - 1)) == Reason.RESIDENT_NOT_FOUND
            return
        if standing == State.MOVING_OUT:
            later = TODAY + timedelta(days=9)
            store.set_removal(desk.db, resident_id, standing, ChangeReason.MOVE_OUT, later, "杉並区")
        if removal is not None:
            desk.remove(desk.resident(resident_id), removal, TODAY)
        before, told = desk.resident(resident_id), len(sent(desk))
        if standing == State.REMOVED:
            if act.reason == ChangeReason.CODE_EX_OFFICIO_ENTRY:
                assert_removed_is_mended(desk, act, before)
                return
            assert refused(lambda: act.call(desk, resident_id)) == Reason.RESIDENT_REMOVED
            assert desk.resident(resident_id) == before
            assert len(sent(desk)) == told
            return
        receipt = act.call(desk, resident_id)
        assert receipt.resident_ids == (resident_id,)
        assert desk.resident(resident_id).state == standing
        changes = sent(desk)[told:]
        assert [ChangeReason(record.change.reason) for record in changes] == [act.reason] * bool(act.reason)
        assert receipt.notices == len(changes)

    at_desk(file, work)


def assert_removed_is_mended(desk: Desk, act: Act, before: Resident) -> None:
    """A 除票 stays one; its 消除 is said again under the new code, and the number was another's."""
    act.call(desk, before.id)
    after, last = desk.resident(before.id), sent(desk)[-1]
    assert after.person.resident_code not in (CODES[0], "")
    assert after.person.individual_number == ""
    assert (after.state, after.removal_reason, after.removal_date) == (
        before.state, before.removal_reason, before.removal_date
    )  # fmt: skip
    assert (last.change.kind, last.change.reason) == (ChangeKind.DELETION, before.removal_reason)
    assert (last.change.former_resident_code, last.identification.resident_code) == (
        CODES[0], after.person.resident_code
    )  # fmt: skip
    assert holders(desk, CODES[0]) == []
    assert task_store.of_resident(desk.db, before.id) == []


@pytest.mark.law("enter_former_surname", "delete_former_surname", "enter_alias", "delete_alias", "enter_name_kana")
@pytest.mark.parametrize(
    ("words", "residency", "reason"),
    [
        pytest.param("旧氏の記載", Residency.FOREIGN, Reason.FOR_JAPANESE_ONLY, id="外国人住民に旧氏を記載しない"),
        pytest.param("通称の記載", Residency.JAPANESE, Reason.FOR_FOREIGNERS_ONLY, id="日本人住民に通称を記載しない"),
        pytest.param("通称の削除", Residency.JAPANESE, Reason.FOR_FOREIGNERS_ONLY, id="日本人住民の通称を削除しない"),
        pytest.param(
            "振り仮名の記載", Residency.FOREIGN, Reason.FOR_JAPANESE_ONLY, id="外国人住民に振り仮名を記載しない"
        ),
        pytest.param("軽微な修正", Residency.FOREIGN, None, id="外国人住民にも軽微な修正"),
        pytest.param("コードの変更請求", Residency.FOREIGN, None, id="外国人住民もコードの変更を請求できる"),
        pytest.param("コードの誤記修正", Residency.FOREIGN, None, id="外国人住民のコードの誤記も直す"),
        pytest.param("個人番号の変更", Residency.FOREIGN, None, id="外国人住民の個人番号も変える"),
    ],
)
def test_some_corrections_are_for_japanese_or_for_foreign_residents_alone(
    file: Database, words: str, residency: Residency, reason: Reason | None
) -> None:
    (act,) = [one for one in ACTS if one.words == words]

    def work(desk: Desk) -> None:
        resident_id = enter(desk, residency=residency)
        if reason is None:
            act.call(desk, resident_id)
        else:
            assert refused(lambda: act.call(desk, resident_id)) == reason

    at_desk(file, work)


def same(desk: Desk, resident_id: int) -> dict[str, Callable[[], object]]:
    """Corrections to what stands there already."""
    minor = acts.correct_minor
    return {
        "軽微な修正": lambda: minor(desk, [resident_id], MinorItem.BUILDING, TODAY, MinorCorrection(address=HOME)),
        "同定": lambda: minor(
            desk, [resident_id], MinorItem.CHARACTER_IDENTIFICATION, TODAY, MinorCorrection(name="架空　太郎")
        ),
        "振り仮名": lambda: acts.enter_name_kana(desk, resident_id, "かくう　たろう"),
        "旧氏の変更": lambda: acts.enter_former_surname(desk, resident_id, "試作", "しさく", True),
        "旧氏": lambda: acts.enter_former_surname(desk, resident_id, "試作", "しさく", False),
    }


@pytest.mark.law("correct_minor", "enter_name_kana", "enter_former_surname")
@pytest.mark.parametrize(
    ("which", "reason"),
    [
        pytest.param("軽微な修正", Reason.NOTHING_TO_CORRECT, id="同じ住所への軽微な修正"),
        pytest.param("同定", Reason.NOTHING_TO_CORRECT, id="同じ字への同定"),
        pytest.param("振り仮名", Reason.NOTHING_TO_CORRECT, id="同じ振り仮名"),
        pytest.param("旧氏の変更", Reason.NOTHING_TO_CORRECT, id="同じ旧氏への変更"),
        pytest.param("旧氏", Reason.FORMER_SURNAME_ALREADY, id="同じ旧氏をもう一度"),
    ],
)
def test_a_correction_that_changes_nothing_says_nothing(file: Database, which: str, reason: Reason) -> None:
    def work(desk: Desk) -> None:
        resident_id = enter(
            desk, name_kana="かくう　たろう", former_surname="試作", former_surname_kana="しさく"
        )  # fmt: skip
        before = desk.resident(resident_id)
        assert refused(same(desk, resident_id)[which]) == reason
        assert desk.resident(resident_id) == before
        assert desk.notices == 0

    at_desk(file, work)


@pytest.mark.law("correct_minor")
@pytest.mark.parametrize(
    ("ids", "item", "given", "reason"),
    [
        pytest.param([], MinorItem.BUILDING, {"address": NEW_HOME}, Reason.FIELD_MISSING, id="誰の修正か"),
        pytest.param([1, 1], MinorItem.BUILDING, {"address": NEW_HOME}, Reason.FIELD_MISSING, id="同じ人を二度"),
        pytest.param([1], MinorItem.UNSPECIFIED, {"address": NEW_HOME}, Reason.FIELD_MISSING, id="イ～トのどれか"),
        pytest.param([1], MinorItem.BUILDING, {}, Reason.FIELD_MISSING, id="何を修正するか"),
        pytest.param([1], MinorItem.BUILDING, {"address": " "}, Reason.FIELD_MISSING, id="住所を空にはしない"),
        pytest.param([1], MinorItem.PLAIN_CHARACTER, {"name": ""}, Reason.FIELD_MISSING, id="氏名を空にはしない"),
        pytest.param([1], MinorItem.LOT_NUMBER, {"name": "架空"}, Reason.MINOR_ITEM_MISFIT, id="地番の変更で氏名"),
        pytest.param(
            [1, 2], MinorItem.CHARACTER_IDENTIFICATION, {"name": "架空"}, Reason.FIELD_OUT_OF_RANGE,
            id="二人を同じ氏名にはしない",
        ),
        pytest.param([1, 9], MinorItem.BUILDING, {"address": NEW_HOME}, Reason.RESIDENT_NOT_FOUND, id="一人がいない"),
        pytest.param(
            [1], MinorItem.RESIDENCE_INDICATION, {"address": "あ" * 6000}, Reason.RECORD_TOO_LARGE, id="長すぎる住所"
        ),
    ],
)  # fmt: skip
def test_correct_minor_that_cannot_be_is_refused_and_nobody_is_corrected(
    file: Database, ids: list[int], item: MinorItem, given: dict[str, str], reason: Reason
) -> None:
    def work(desk: Desk) -> None:
        first = enter(desk)
        enter(desk, CODES[1], ANOTHER, desk.resident(first).household_id)
        assert refused(lambda: acts.correct_minor(desk, ids, item, TODAY, MinorCorrection(**given))) == reason

    at_desk(file, work)
    with file.read() as db:
        assert {resident.person.address for resident in store.page(db, 0, 9, 0, 0)} == {HOME}


@pytest.mark.law("correct_minor")
def test_correct_minor_of_a_house_is_made_to_each_of_its_people_once(file: Database) -> None:
    def work(desk: Desk) -> None:
        first = enter(desk)
        home = desk.resident(first).household_id
        second, third = enter(desk, CODES[1], ANOTHER, home), enter(desk, CODES[2], THIRD, home)
        minor = MinorCorrection(address=NEW_HOME)
        acts.correct_minor(desk, [first], MinorItem.BUILDING, TODAY, minor)
        household = store.household(desk.db, home)
        assert household is not None
        assert household.address == HOME
        receipt = acts.correct_minor(desk, [first, second, third], MinorItem.BUILDING, TODAY, minor)
        assert receipt.resident_ids == (second, third)
        household = store.household(desk.db, home)
        assert household is not None
        assert household.address == NEW_HOME

    at_desk(file, work)


# Codes


@pytest.mark.law("change_resident_code", "correct_resident_code")
@pytest.mark.parametrize(
    "act",
    [pytest.param(act, id=f"空きコードがない{act.words}") for act in ACTS if "コード" in act.words],
)
def test_without_a_code_in_the_pool_nothing_is_changed(file: Database, act: Act) -> None:
    def work(desk: Desk) -> None:
        resident_id = enter(desk)
        desk.draw_codes(len(POOL))
        assert refused(lambda: act.call(desk, resident_id)) == Reason.POOL_EMPTY
        assert desk.resident(resident_id).person.resident_code == CODES[0]
        assert desk.notices == 0

    at_desk(file, work)


def holders(desk: Desk, code: str) -> list[int]:
    return [record.id for record in store.by_code(desk.db, code)]


@pytest.mark.law("change_resident_code", "correct_resident_code")
@pytest.mark.parametrize(
    ("words", "follows"),
    [
        pytest.param("コードの変更請求", True, id="変更前のコードで本人が見つかる"),
        pytest.param("コードの誤記修正", False, id="誤つたコードでは誰も見つからない"),
    ],
)
def test_an_old_code_leads_to_the_person_unless_it_was_wrong(file: Database, words: str, follows: bool) -> None:
    (act,) = [one for one in ACTS if one.words == words]

    def work(desk: Desk) -> None:
        resident_id = enter(desk)
        act.call(desk, resident_id)
        act.call(desk, resident_id)
        first, second = sent(desk)[-2:]
        assert first.change.former_resident_code == CODES[0]
        assert second.change.former_resident_code == first.identification.resident_code
        assert first.change.former_individual_number == ""
        assert ChangeKind(second.change.kind) == ChangeKind.CODE_CORRECTION
        expected = [resident_id] if follows else []
        assert holders(desk, CODES[0]) == holders(desk, first.identification.resident_code) == expected
        assert holders(desk, second.identification.resident_code) == [resident_id]

    at_desk(file, work)


@pytest.mark.law("correct_resident_code")
def test_the_right_holder_of_a_code_that_was_wrong_here_begins_after_its_last_notice(file: Database) -> None:
    def work(desk: Desk) -> None:
        wrong = enter(desk)
        acts.correct_resident_code(desk, wrong, TODAY)
        sequence = desk.resident(wrong).person_sequence
        assert store.last_sequence(desk.db, CODES[0], "132152") == sequence
        assert store.last_sequence(desk.db, CODES[0], "132144") == 0
        assert store.last_sequence(desk.db, CODES[1], "132152") == 0

    at_desk(file, work)


@pytest.mark.law("change_resident_code", "designate_individual_number")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("コードの変更請求", NUMBER, id="変更前のコードで求めた番号は本人のもの"),
        pytest.param("コードの誤記修正", "", id="誤つたコードで求めた番号は他人のもの"),
    ],
)
def test_a_number_asked_for_with_the_old_code(file: Database, words: str, expected: str) -> None:
    (act,) = [one for one in ACTS if one.words == words]

    def work(desk: Desk) -> None:
        resident_id = enter(desk, number="")
        other = enter(desk, CODES[1], number="")
        kind = TaskKind.INDIVIDUAL_NUMBER
        task_store.mark_asked(desk.db, kind, "r", 9)
        act.call(desk, resident_id)
        assert designate_individual_number(desk, CODES[0], NUMBER) == resident_id
        assert desk.resident(resident_id).person.individual_number == expected
        asked = [task for task in task_store.tasks(desk.db, 0, 9) if task.kind == kind]
        waiting = {task.resident_id: (task.request_id, task.code) for task in asked}
        if expected:
            assert waiting == {other: ("r", int(CODES[1]))}
        else:
            assert waiting[resident_id] == ("", 0)
            assert waiting[other][0].startswith("r-")
        with pytest.raises(Refusal):
            designate_individual_number(desk, CODES[9], NUMBER)

    at_desk(file, work)


# Numbers


def number_of(desk: Desk, resident_id: int) -> str:
    return desk.resident(resident_id).person.individual_number


@pytest.mark.law("change_individual_number", "replace_individual_number")
@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        pytest.param(REQUEST, ChangeReason.NUMBER_CHANGE_REQUEST, id="請求による変更に従前の番号を添える"),
        pytest.param(EX_OFFICIO, ChangeReason.NUMBER_EX_OFFICIO_CORRECTION, id="職権による変更に従前の番号を添える"),
    ],
)
def test_replace_individual_number_tells_the_old_one(
    file: Database, cause: NumberChangeCause, reason: ChangeReason
) -> None:
    def work(desk: Desk) -> None:
        resident_id = enter(desk)
        acts.change_individual_number(desk, resident_id, cause)
        assert desk.notices == 0
        assert refused(lambda: acts.change_individual_number(desk, resident_id, cause)) == Reason.NUMBER_CHANGE_PENDING
        replace_individual_number(desk, CODES[0], ANOTHER)
        replace_individual_number(desk, CODES[0], ANOTHER)
        assert desk.notices == 1
        record = sent(desk)[-1]
        assert ChangeReason(record.change.reason) == reason
        assert record.change.former_individual_number == NUMBER
        assert record.change.former_resident_code == ""
        assert record.identification.individual_number == number_of(desk, resident_id) == ANOTHER
        acts.change_individual_number(desk, resident_id, cause)
        replace_individual_number(desk, CODES[0], THIRD)
        assert sent(desk)[-1].change.former_individual_number == ANOTHER

    at_desk(file, work)


def leaves(desk: Desk, resident: Resident) -> None:
    desk.remove(resident, ChangeReason.MOVE_OUT, TODAY)


def returns(desk: Desk, resident: Resident) -> None:
    leaves(desk, resident)
    again = store.insert_resident(
        desk.db, resident.household_id, with_number(resident.person, NUMBER), relationship="世帯主",
        resident_since=TODAY, person_sequence=store.last_sequence(desk.db, CODES[0], "132152"),
    )  # fmt: skip
    assert number_of(desk, again) == NUMBER


def changes_code(desk: Desk, resident: Resident) -> None:
    acts.change_resident_code(desk, resident.id)


@pytest.mark.law("replace_individual_number")
@pytest.mark.parametrize(
    ("meanwhile", "expected"),
    [
        pytest.param(leaves, [NUMBER], id="転出した人の番号は変えない"),
        pytest.param(returns, [NUMBER, NUMBER], id="転出して戻つた人は改めて請求する"),
        pytest.param(changes_code, [ANOTHER], id="コードを変えた人の番号は変わる"),
    ],
)
def test_what_happens_while_a_number_change_is_pending(
    file: Database, meanwhile: Callable[[Desk, Resident], None], expected: list[str]
) -> None:
    def work(desk: Desk) -> None:
        resident_id = enter(desk)
        acts.change_individual_number(desk, resident_id, REQUEST)
        task_store.mark_asked(desk.db, TaskKind.NUMBER_CHANGE, "r", 9)
        meanwhile(desk, desk.resident(resident_id))
        replace_individual_number(desk, CODES[0], ANOTHER)
        assert [record.person.individual_number for record in store.page(desk.db, 0, 9, 0, 0)] == expected
        assert task_store.count_tasks(desk.db, TaskKind.NUMBER_CHANGE) == 0

    at_desk(file, work)


@pytest.mark.law("correct_resident_code", "change_individual_number")
def test_who_asked_to_change_the_number_of_a_wrong_code_is_given_one_of_the_new_code(file: Database) -> None:
    def work(desk: Desk) -> None:
        resident_id = enter(desk)
        acts.change_individual_number(desk, resident_id, EX_OFFICIO)
        task_store.mark_asked(desk.db, TaskKind.NUMBER_CHANGE, "r", 9)
        acts.correct_resident_code(desk, resident_id, TODAY)
        assert replace_individual_number(desk, CODES[0], ANOTHER) == resident_id
        assert number_of(desk, resident_id) == "", "neither the number of the wrong code nor the one in its place"
        task_store.mark_asked(desk.db, TaskKind.INDIVIDUAL_NUMBER, "s", 9)
        (task,) = task_store.tasks_asked(desk.db, TaskKind.INDIVIDUAL_NUMBER)
        code = desk.resident(resident_id).person.resident_code
        assert task.code == int(code)
        designate_individual_number(desk, code, THIRD)
        assert number_of(desk, resident_id) == THIRD
        with pytest.raises(Refusal):
            replace_individual_number(desk, CODES[9], ANOTHER)

    at_desk(file, work)


@pytest.mark.law("change_individual_number")
@pytest.mark.parametrize(
    ("number", "cause", "reason"),
    [
        pytest.param("", REQUEST, Reason.NUMBER_NOT_YET, id="未付番の人の請求"),
        pytest.param("", EX_OFFICIO, Reason.NUMBER_NOT_YET, id="未付番の人の職権修正"),
        pytest.param(NUMBER, NumberChangeCause.UNSPECIFIED, Reason.FIELD_MISSING, id="請求か職権か"),
    ],
)
def test_change_individual_number_that_cannot_be_asks_for_nothing(
    file: Database, number: str, cause: NumberChangeCause, reason: Reason
) -> None:
    def work(desk: Desk) -> None:
        resident_id = enter(desk, number=number)
        assert refused(lambda: acts.change_individual_number(desk, resident_id, cause)) == reason
        assert task_store.count_tasks(desk.db, TaskKind.NUMBER_CHANGE) == 0

    at_desk(file, work)


# Papers


@pytest.mark.law("notify_changed_code", "notify_corrected_code", "replace_individual_number", "print_notice")
@pytest.mark.parametrize(
    ("words", "kind", "rule", "article"),
    [
        pytest.param("", printing.RESIDENT_CODE, "print_notice", "第30条の3第3項", id="最初のコード"),
        pytest.param(
            "コードの変更請求", printing.RESIDENT_CODE, "notify_changed_code", "第30条の4第4項", id="変更後のコード"
        ),
        pytest.param(
            "コードの誤記修正", printing.RESIDENT_CODE, "notify_corrected_code", "施行令第30条の4第2項",
            id="修正後のコード",
        ),
        pytest.param("", printing.INDIVIDUAL_NUMBER, "designate_individual_number", "第7条第1項", id="最初の番号"),
        pytest.param(
            "個人番号の変更", printing.INDIVIDUAL_NUMBER, "replace_individual_number", "第7条第2項", id="変更後の番号"
        ),
    ],
)  # fmt: skip
def test_the_paper_names_why_the_code_or_number_is_a_new_one(
    file: Database, words: str, kind: int, rule: str, article: str
) -> None:
    def work(desk: Desk) -> None:
        resident_id = enter(desk)
        for act in ACTS:
            if act.words == words:
                act.call(desk, resident_id)
        replace_individual_number(desk, CODES[0], ANOTHER) if "番号" in words else None
        assert printing.rule_of(desk, resident_id, kind) == rule
        _, text = printing.print_notice(desk, resident_id, kind)
        assert article in text
        person = desk.resident(resident_id).person
        shown = person.resident_code if kind == printing.RESIDENT_CODE else person.individual_number
        assert shown in text.replace("-", "").replace(" ", "")

    at_desk(file, work)


# Names


@pytest.mark.law("enter_former_surname", "delete_former_surname")
def test_enter_former_surname_after_its_deletion_never_gives_it_back(file: Database) -> None:
    def work(desk: Desk) -> None:
        resident_id = enter(desk)
        acts.enter_former_surname(desk, resident_id, "試作", "しさく", False)
        acts.enter_former_surname(desk, resident_id, "模擬", "もぎ", True)
        acts.delete_former_surname(desk, resident_id)
        person = desk.resident(resident_id).person
        assert (person.former_surname, person.former_surname_kana) == ("", "")
        again = lambda name: acts.enter_former_surname(desk, resident_id, name, "かな", False)  # noqa: E731
        assert refused(lambda: again("模擬")) == Reason.FORMER_SURNAME_DELETED
        again("仮名")
        assert former_store.deleted_surnames(desk.db, resident_id) == ["模擬"]

    at_desk(file, work)


EVE = datetime(2025, 5, 25, 23, tzinfo=JST)


@pytest.mark.law("enter_name_kana", "correct_minor", "enter_former_surname")
@pytest.mark.parametrize(
    ("which", "reason"),
    [
        pytest.param("enter", Reason.NOT_YET_IN_FORCE, id="施行前日に振り仮名は記載できない"),
        pytest.param("minor", Reason.MINOR_ITEM_MISFIT, id="施行前日に振り仮名の軽微な修正はない"),
        pytest.param("surname", None, id="施行前日の旧氏に振り仮名はなくてよい"),
    ],
)
def test_before_the_day_there_is_no_reading(file: Database, which: str, reason: Reason | None) -> None:
    def work(desk: Desk) -> None:
        resident_id = enter(desk)
        kana = MinorCorrection(name_kana="かくう　たろう")
        calls: dict[str, Callable[[], object]] = {
            "enter": lambda: acts.enter_name_kana(desk, resident_id, "かくう　たろう"),
            "minor": lambda: acts.correct_minor(desk, [resident_id], MinorItem.RECOGNIZED, desk.today, kana),
            "surname": lambda: acts.enter_former_surname(desk, resident_id, "模擬", "", False),
        }
        if reason is None:
            calls[which]()
        else:
            assert refused(calls[which]) == reason

    at_desk(file, work, EVE)


@pytest.mark.law("correct_minor", "enter_name_kana")
@pytest.mark.parametrize(
    ("residency", "reason"),
    [
        pytest.param(Residency.JAPANESE, None, id="施行後は振り仮名の軽微な修正ができる"),
        pytest.param(Residency.FOREIGN, Reason.FOR_JAPANESE_ONLY, id="外国人住民には振り仮名の軽微な修正もない"),
    ],
)
def test_correct_minor_of_a_reading(file: Database, residency: Residency, reason: Reason | None) -> None:
    def work(desk: Desk) -> None:
        resident_id = enter(desk, residency=residency)
        kana = MinorCorrection(name_kana="かくう　たろう")
        call = lambda: acts.correct_minor(desk, [resident_id], MinorItem.RECOGNIZED, TODAY, kana)  # noqa: E731
        if reason:
            assert refused(call) == reason
        else:
            call()
            assert desk.resident(resident_id).person.name_kana == "かくう　たろう"

    at_desk(file, work)


# Birth dates


@pytest.mark.law("birth_date_to_send")
@pytest.mark.parametrize(
    ("given", "words", "expected"),
    [
        pytest.param("", "昭和15年2月30日", "1940-02", id="文言だけなら暦にあるところまで送る"),
        pytest.param("1940-02", "昭和15年2月30日", "1940-02", id="文言と日付が合う"),
        pytest.param("1940-03", "昭和15年2月30日", None, id="文言と日付が食い違う"),
        pytest.param("1940", "大正頃", "1940", id="読めない文言なら日付のとおり"),
        pytest.param("", "大正頃", "", id="読めない文言だけなら空欄"),
        pytest.param("", "明治以前", "", id="明治以前は空欄"),
        pytest.param("1867", "明治以前", None, id="明治以前に年を添えない"),
        pytest.param("1940-02-29", "", "1940-02-29", id="文言がなければ日付のとおり"),
    ],
)
def test_a_new_record_keeps_its_words_and_sends_what_a_calendar_has(
    file: Database, given: str, words: str, expected: str | None
) -> None:
    def work(desk: Desk) -> None:
        home = store.insert_household(desk.db, "132152", HOME)
        new = replace(NewPerson("架空　古老", PartialDate(), Sex.FEMALE, "", birth_date_text=words),
                      birth_date=PartialDate.parse(given))  # fmt: skip
        call = lambda: desk.enter(home, new, CODES[0], HOME, "132152", ChangeReason.EX_OFFICIO_ENTRY, TODAY)  # noqa: E731
        if expected is None:
            assert refused(call) == Reason.FIELD_OUT_OF_RANGE
            return
        record = desk.resident(call())
        assert record.birth_date_text == words
        assert str(record.person.birth_date) == expected
        born = sent(desk)[-1].identification.birth_date
        assert str(PartialDate(born.year, born.month, born.day)) == expected

    at_desk(file, work)


# Yesterday's state


def test_a_file_of_before_opens_and_knows_with_which_code_j_lis_was_asked(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    old = sqlite3.connect(path, isolation_level=None)
    schema.migrations.apply(sqlite_utils.Database(old), stop_before="m004_correction")
    old.execute("INSERT INTO household VALUES (1, '132152', 'みどり台', 1)")
    old.execute(
        "INSERT INTO resident (household_id, area_code, code, state, person_sequence, relationship, resident_since,"
        " birth_date_text, registered_domicile, registered_head, former_address, body)"
        " VALUES (1, '132152', ?, 1, 1, '世帯主', '2021-06-01', '', '', '', '', x'')",
        (int(CODES[0]),),
    )
    old.execute("INSERT INTO task (kind, resident_id, request_id, virtual_time) VALUES (1, 1, 'out', 0)")
    old.execute("PRAGMA user_version = 1")
    old.close()
    file = Database(path, TIER.journal)
    with file.read() as db:
        (task,) = task_store.tasks_asked(db, TaskKind.INDIVIDUAL_NUMBER)
    file.close()
    assert (task.code, task.request_id, task.change_reason) == (int(CODES[0]), "out", 0)
