"""行政区画の変更 on a bare file: what becomes of a record in each state, and what goes up about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest

from jukinet.clock import Clock
from jukinet.model.codes import individual_number_from, resident_code_from
from jukinet.model.dates import PartialDate
from jukinet.model.identification import ChangeKind, ChangeReason, NewPerson, Sex
from jukinet.model.reason import Reason
from jukinet.pki.identity import Identity
from jukinet.refusal import Refusal
from jukinet.store.database import Connection, Database
from jukinet.testing.network import instant
from jukinet.v1 import identification_pb2
from municipality_node import store
from municipality_node.acts.area import HandedOver, absorb_residents, change_administrative_area, hand_over_residents
from municipality_node.acts.number import designate_individual_number
from municipality_node.assemble import TIER
from municipality_node.desk import Desk
from municipality_node.store import Resident, State
from municipality_node.tasks import store as task_store

KITA, CHUO, HAMANA = "221350", "221384", "221392"
FUTAMI, ISE = "244627", "242039"
CODES = [resident_code_from(number) for number in range(1_000_000_000, 1_000_000_010)]
NUMBER = individual_number_from(12345678901)
MERGED = "2005-11-01"

T = TypeVar("T")


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "city.db", TIER.journal)
    yield made
    made.close()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "town.db", TIER.journal)
    yield made
    made.close()


def at(file: Database, area: str, day: str, act: Callable[[Desk], T]) -> T:
    """One act in one transaction on that day."""
    clock = Clock(at=instant(day))
    return file.write(lambda db: act(Desk(db, clock, Identity.parse(f"municipality/{area}"))))


def enter(desk: Desk, code: str, area: str, address: str, household: int = 0) -> int:
    home = household or store.insert_household(desk.db, area, address)
    new = NewPerson("架空　太郎", PartialDate(1980, 5, 1), Sex.MALE, "")
    return desk.enter(home, new, code, address, area, ChangeReason.EX_OFFICIO_ENTRY, date(2000, 1, 1))


def told(db: Connection, area: str) -> list[identification_pb2.IdentificationRecord]:
    """What waits to go up in an area's stream."""
    rows = db.execute("SELECT record FROM pending WHERE origin = ? AND kind = 1 ORDER BY number", (area,)).fetchall()
    return [identification_pb2.IdentificationRecord.FromString(row[0]) for row in rows]


def found(file: Database, resident_id: int) -> Resident:
    with file.read() as db:
        record = store.resident(db, resident_id)
    assert record is not None
    return record


# 区の再編


@pytest.mark.law("change_administrative_area")
@pytest.mark.parametrize(
    ("state", "reason", "moved"),
    [
        pytest.param(State.LIVE, ChangeReason.UNSPECIFIED, True, id="住民は新区の住民になる"),
        pytest.param(State.MOVING_OUT, ChangeReason.MOVE_OUT, True, id="転出予定の住民も新区の住民になる"),
        pytest.param(State.REMOVED, ChangeReason.MOVE_OUT, False, id="転出した人の除票は旧区に残る"),
        pytest.param(State.REMOVED, ChangeReason.DEATH, False, id="死亡した人の除票は旧区に残る"),
    ],
)
def test_change_administrative_area_of_a_record_in_each_state(
    city: Database, state: State, reason: ChangeReason, moved: bool
) -> None:
    def before(desk: Desk) -> int:
        resident_id = enter(desk, CODES[0], KITA, "静岡県浜松市北区都田町1番")
        if state != State.LIVE:
            store.set_removal(desk.db, resident_id, state, reason, date(2024, 2, 1), "国立市")
        return resident_id

    resident_id = at(city, "221309", "2023-12-31", before)
    changed = at(city, "221309", "2024-01-01", lambda desk: change_administrative_area(desk, KITA, 0, 10))
    record = found(city, resident_id)
    assert changed == ([resident_id] if moved else [])
    assert (record.state, record.removal_reason) == (state, reason)
    assert record.person.area_code == (HAMANA if moved else KITA)
    with city.read() as db:
        (*_, last) = [*told(db, KITA), *told(db, HAMANA)]
        assert store.tally(db).get(HAMANA, 0) == int(moved)
        assert store.tally(db)[KITA] == 0
    if moved:
        assert last.change.kind == ChangeKind.CORRECTION.value
        assert (last.change.former_area_code, last.identification.area_code) == (KITA, HAMANA)
        assert last.person_sequence == 1
        assert record.planned_destination == ("国立市" if state == State.MOVING_OUT else "")
    else:
        assert last.change.former_area_code == ""


@pytest.mark.law("change_administrative_area")
def test_change_administrative_area_page_by_page_moves_everybody_once(city: Database) -> None:
    towns = ("三方原町", "都田町", "初生町", "細江町", "根洗町")
    ids = [
        at(city, "221309", "2023-12-31", lambda desk, n=n, t=t: enter(desk, CODES[n], KITA, f"静岡県浜松市北区{t}1番"))  # type: ignore[misc]
        for n, t in enumerate(towns)
    ]  # fmt: skip
    seen = [0]

    def page(desk: Desk) -> list[int]:
        return change_administrative_area(desk, KITA, seen[-1], 2)

    while changed := at(city, "221309", "2024-01-01", page):
        assert len(changed) <= 2
        seen += changed
    assert seen[1:] == ids
    assert [found(city, i).person.area_code for i in ids] == [CHUO, HAMANA, CHUO, HAMANA, CHUO]
    assert at(city, "221309", "2024-01-01", lambda desk: change_administrative_area(desk, KITA, 0, 10)) == []


@pytest.mark.law("change_administrative_area")
def test_change_administrative_area_before_the_day_is_refused_and_leaves_nothing(city: Database) -> None:
    resident_id = at(city, "221309", "2023-12-31", lambda d: enter(d, CODES[0], KITA, "静岡県浜松市北区都田町1番"))
    with pytest.raises(Refusal) as refused:
        at(city, "221309", "2023-12-31", lambda desk: change_administrative_area(desk, KITA, 0, 10))
    assert refused.value.reason == Reason.AREA_STILL_EXISTS
    assert found(city, resident_id).person.area_code == KITA


@pytest.mark.law("change_administrative_area")
def test_change_administrative_area_keeps_a_household_whole_where_an_address_differs(city: Database) -> None:
    def before(desk: Desk) -> list[int]:
        head = enter(desk, CODES[0], KITA, "静岡県浜松市北区三方原町1番")
        household = store.resident(desk.db, head)
        assert household is not None
        return [head, enter(desk, CODES[1], KITA, "静岡県浜松市北区都田町1番", household.household_id)]

    ids = at(city, "221309", "2023-12-31", before)
    for _ in ids:  # one a page: the second finds the household moved
        at(city, "221309", "2024-01-01", lambda desk: change_administrative_area(desk, KITA, 0, 1))
    people = [found(city, resident_id).person for resident_id in ids]
    assert [person.area_code for person in people] == [CHUO, CHUO]
    assert [person.address for person in people] == [
        "静岡県浜松市中央区三方原町1番", "静岡県浜松市中央区都田町1番",
    ]  # fmt: skip


# 合併


def hand_over(town: Database, day: str = MERGED) -> list[HandedOver]:
    return at(town, FUTAMI, day, lambda desk: hand_over_residents(desk, ISE, 0, 100))


@pytest.mark.law("change_administrative_area")
@pytest.mark.parametrize(
    ("state", "reason", "numbered", "notices", "tasks"),
    [
        pytest.param(State.LIVE, ChangeReason.UNSPECIFIED, True, 1, 0, id="住民は軽微な修正の通知とともに引き継ぐ"),
        pytest.param(State.LIVE, ChangeReason.UNSPECIFIED, False, 1, 1, id="番号のない住民は番号の求めも引き継ぐ"),
        pytest.param(State.MOVING_OUT, ChangeReason.MOVE_OUT, True, 1, 0, id="転出予定の住民は予定ごと引き継ぐ"),
        pytest.param(State.REMOVED, ChangeReason.MOVE_OUT, True, 0, 0, id="転出した人の除票は通知なしに引き継ぐ"),
        pytest.param(State.REMOVED, ChangeReason.DEATH, True, 0, 0, id="死亡した人の除票は通知なしに引き継ぐ"),
    ],
)  # fmt: skip
def test_absorb_residents_of_a_record_in_each_state(
    town: Database, city: Database, state: State, reason: ChangeReason, numbered: bool, notices: int, tasks: int
) -> None:
    def before(desk: Desk) -> int:
        resident_id = enter(desk, CODES[0], FUTAMI, "三重県度会郡二見町架空1番地")
        if numbered:
            designate_individual_number(desk, CODES[0], NUMBER)
        if state != State.LIVE:
            store.set_removal(desk.db, resident_id, state, reason, date(2005, 11, 20), "津市")
        return resident_id

    old = found(town, at(town, FUTAMI, "2005-10-31", before))
    records = hand_over(town)
    assert found(town, old.id).state == State.REMOVED
    (entered,) = at(city, ISE, MERGED, lambda desk: absorb_residents(desk, FUTAMI, records))
    new = found(city, entered)
    assert (new.state, new.removal_reason, new.removal_date, new.planned_destination) == (
        old.state, old.removal_reason, old.removal_date, old.planned_destination,
    )  # fmt: skip
    assert new.person.area_code == (FUTAMI if state == State.REMOVED else ISE)
    assert new.person.individual_number == old.person.individual_number
    with city.read() as db:
        assert len(told(db, ISE)) == notices
        assert task_store.count_tasks(db) == tasks
        assert sum(store.tally(db).values()) == int(state != State.REMOVED)
    with town.read() as db:
        assert all(not record.change.former_area_code for record in told(db, FUTAMI)), "the town says nothing more"
        assert sum(store.tally(db).values()) == 0


@pytest.mark.law("change_administrative_area")
@pytest.mark.parametrize(
    ("own", "former", "day", "reason"),
    [
        pytest.param(ISE, FUTAMI, "2005-10-31", Reason.AREA_STILL_EXISTS, id="合併の前日には引き継がない"),
        pytest.param("242012", FUTAMI, MERGED, Reason.AREA_NOT_SUCCEEDED, id="津市は引き継がない"),
        pytest.param(ISE, "244635", MERGED, Reason.AREA_NOT_YOURS, id="小俣町の記録と称する二見町の記録は引き継がない"),
        pytest.param(ISE, "244619", MERGED, Reason.AREA_NOT_SUCCEEDED, id="存続する玉城町の記録は引き継がない"),
    ],
)
def test_absorb_residents_of_whom_it_may_not_is_refused_and_leaves_nothing(
    town: Database, city: Database, own: str, former: str, day: str, reason: Reason
) -> None:
    at(town, FUTAMI, "2005-10-31", lambda desk: enter(desk, CODES[0], FUTAMI, "三重県度会郡二見町架空1番地"))
    records = hand_over(town)
    with pytest.raises(Refusal) as refused:
        at(city, own, day, lambda desk: absorb_residents(desk, former, records))
    assert refused.value.reason == reason
    with city.read() as db:
        counts: Any = db.execute("SELECT (SELECT count(*) FROM resident), (SELECT count(*) FROM household)").fetchone()
    assert counts == (0, 0)


@pytest.mark.law("change_administrative_area")
@pytest.mark.parametrize(
    ("successor", "day", "reason"),
    [
        pytest.param(ISE, "2005-10-31", Reason.AREA_STILL_EXISTS, id="合併の前日には引き渡さない"),
        pytest.param("242012", MERGED, Reason.AREA_NOT_SUCCEEDED, id="津市には引き渡さない"),
        pytest.param(FUTAMI, MERGED, Reason.AREA_NOT_SUCCEEDED, id="自らには引き渡さない"),
        pytest.param("", MERGED, Reason.AREA_NOT_SUCCEEDED, id="誰とも言わずには引き渡さない"),
    ],
)
def test_hand_over_residents_to_whom_it_may_not_is_refused_and_closes_nothing(
    town: Database, successor: str, day: str, reason: Reason
) -> None:
    ids = at(town, FUTAMI, "2005-10-31", lambda d: [enter(d, CODES[0], FUTAMI, "三重県度会郡二見町架空1番地")])
    with pytest.raises(Refusal) as refused:
        at(town, FUTAMI, day, lambda desk: hand_over_residents(desk, successor, 0, 100))
    assert refused.value.reason == reason
    assert found(town, ids[0]).state == State.LIVE


@pytest.mark.law("change_administrative_area")
def test_a_household_that_two_pages_divide_is_one_household_with_its_head(town: Database, city: Database) -> None:
    def before(desk: Desk) -> None:
        first = enter(desk, CODES[0], FUTAMI, "三重県度会郡二見町架空1番地")
        record = store.resident(desk.db, first)
        assert record is not None
        second = enter(desk, CODES[1], FUTAMI, "三重県度会郡二見町架空1番地", record.household_id)
        store.set_head(desk.db, record.household_id, second)

    at(town, FUTAMI, "2005-10-31", before)
    for record in hand_over(town):
        at(city, ISE, MERGED, lambda desk, one=record: absorb_residents(desk, FUTAMI, [one]))  # type: ignore[misc]
    with city.read() as db:
        (home,) = {r.household_id for r in (store.resident(db, 1), store.resident(db, 2)) if r}
        household = store.household(db, home)
    assert household is not None
    assert (household.area_code, household.address) == (ISE, "三重県伊勢市二見町架空1番地")
    assert household.head_id == 2
