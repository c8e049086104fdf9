"""Who may leave and come how, on a bare file: each state of a record against each clause."""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils

from jukinet.clock import Clock
from jukinet.model.codes import individual_number_from, resident_code_from
from jukinet.model.dates import PartialDate
from jukinet.model.identification import (
    Arrival,
    ChangeReason,
    CodeBasis,
    Hit,
    Identification,
    NewPerson,
    Place,
    Residency,
    Sex,
)
from jukinet.model.reason import Reason
from jukinet.pki.identity import Identity
from jukinet.refusal import Refusal
from jukinet.store.database import Connection, Database
from municipality_node import store
from municipality_node.abroad import store as abroad_store
from municipality_node.acts import abroad, missing_notice
from municipality_node.acts.ex_officio import delete_ex_officio
from municipality_node.acts.move_out import complete_move_out, report_move_out
from municipality_node.assemble import TIER
from municipality_node.desk import Desk
from municipality_node.store import Resident, State

TODAY = date(2021, 6, 1)
CODES = [resident_code_from(number) for number in range(1_000_000_000, 1_000_000_010)]
NUMBER = individual_number_from(12345678901)
ADDRESS = "東京都国立市みどり台一丁目1番1号"
HERE = abroad.Home(ADDRESS, "", 0)
FRANCE = "フランス"
CARRIED, NEVER, UNDETERMINED = CodeBasis.CARRIED_OVER, CodeBasis.NEVER_RECORDED, CodeBasis.NOT_DETERMINABLE
TARO = NewPerson("架空　太郎", PartialDate(1980, 5, 1), Sex.MALE, "")
TOO_LONG = "住" * 201
DOWN = "回線の故障"
NAKANO = Place("131148", "東京都中野区架空町2番地")
UNREPORTED_IN_NAKANO = NAKANO.address + "（未届）"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Database]:
    db = Database(tmp_path / "journal.db", TIER.journal)
    db.write(lambda connection: store.add_codes(connection, [int(code) for code in CODES]))
    yield db
    db.close()


def new(who: NewPerson, basis: CodeBasis = NEVER) -> Arrival:
    """Somebody with a new code, while no inquiry is possible."""
    return Arrival(who, basis, not_inquired=DOWN)


def desk(db: Connection, node: str = "132152") -> Desk:
    return Desk(db, Clock(), Identity.parse(f"municipality/{node}"))


def live(at: Desk) -> Resident:
    home = store.insert_household(at.db, "132152", ADDRESS)
    code = at.draw_codes(1)[0]
    found = store.resident(at.db, at.enter(home, TARO, code, ADDRESS, "132152", ChangeReason.EX_OFFICIO_ENTRY, TODAY))
    assert found is not None
    return found


def leaving(at: Desk) -> Resident:
    resident = live(at)
    report_move_out(at, [resident.id], "中野区", date(2021, 6, 20))
    return at.resident(resident.id)


def leaving_abroad(at: Desk) -> Resident:
    resident = live(at)
    abroad.report_move_out_abroad(at, [resident.id], FRANCE, date(2021, 6, 20))
    return at.resident(resident.id)


def removed(at: Desk) -> Resident:
    resident = live(at)
    delete_ex_officio(at, resident.id, TODAY)
    return at.resident(resident.id)


def told(at: Desk, *, code: str = CODES[9], area: str = "131156", **items: Any) -> int:
    """An inquiry that found one person."""
    person = Identification(
        code, items.get("number", NUMBER), "架空　太郎", "", items.get("born", TARO.birth_date),
        items.get("sex", Sex.MALE), "東京都杉並区みどり台1番1号", Residency.JAPANESE, area,
    )  # fmt: skip
    hit = Hit(person, items.get("live", False), items.get("reason", ChangeReason.MOVE_OUT_ABROAD))
    return abroad_store.keep_inquiry(at.db, items.get("day", TODAY), [hit])


def refusal_of(act: Callable[[], Any]) -> Reason | None:
    try:
        act()
    except Refusal as refusal:
        return refusal.reason
    return None


def counts(db: Connection) -> list[int]:
    tables = ("resident", "household", "pending", "task")
    found = [int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in tables]
    return [*found, int(db.execute("SELECT count(*) FROM pool WHERE used = 1").fetchone()[0])]


def tried(file: Database, act: Callable[[Desk], Any], node: str = "132152") -> Reason | None:
    """Why the act is refused, if it is; then nothing of it may be left."""
    with file.read() as db:
        before = counts(db)
    reason = refusal_of(lambda: file.write(lambda db: act(desk(db, node))))
    with file.read() as db:
        assert (counts(db) == before) is (reason is not None)
    return reason


def test_a_file_of_before_the_desk_opens_and_serves_it(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    old = sqlite3.connect(path)
    schema = importlib.import_module("municipality_node.schema")
    schema.migrations.apply(sqlite_utils.Database(old), stop_before="m003_abroad")
    old.execute("PRAGMA user_version=1")
    old.execute("INSERT INTO pool (code) VALUES (?)", (int(CODES[0]),))
    old.commit()
    old.close()
    db = Database(path, TIER.journal)
    resident = db.write(lambda connection: live(desk(connection)))
    assert resident.person.resident_code == CODES[0]
    assert db.write(lambda connection: told(desk(connection))) == 1
    db.close()


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        pytest.param(live, None, id="現住の者の国外転出届を受ける"),
        pytest.param(leaving, None, id="国内転出予定の者が国外転出に改める"),
        pytest.param(leaving_abroad, None, id="国外転出予定の者が予定を改める"),
        pytest.param(removed, Reason.RESIDENT_REMOVED, id="除票の者の国外転出届は受けない"),
    ],
)
@pytest.mark.law("report_move_out_abroad")
def test_report_move_out_abroad_by_where_the_record_stands(
    file: Database, standing: Callable[[Desk], Resident], reason: Reason | None
) -> None:
    def work(db: Connection) -> None:
        at = desk(db)
        resident = standing(at)
        act = lambda: abroad.report_move_out_abroad(at, [resident.id], FRANCE, date(2021, 7, 1))  # noqa: E731
        assert refusal_of(act) == reason
        after = at.resident(resident.id)
        if reason is None:
            assert (after.state, after.removal_reason) == (State.MOVING_OUT, ChangeReason.MOVE_OUT_ABROAD)
            assert (after.planned_destination, after.removal_date) == (FRANCE, date(2021, 7, 1))
        else:
            assert after == resident

    file.write(work)


@pytest.mark.parametrize(
    ("destination", "planned", "reason"),
    [
        pytest.param(FRANCE, TODAY, None, id="当日の国外転出"),
        pytest.param(FRANCE, date(2021, 5, 18), None, id="十四日前の国外転出も転出届"),
        pytest.param(FRANCE, date(2021, 5, 17), Reason.REPORT_TOO_LATE, id="十五日前なら職権消除"),
        pytest.param(" ", TODAY, Reason.FIELD_MISSING, id="転出先の国がない"),
        pytest.param("国" * 201, TODAY, Reason.FIELD_OUT_OF_RANGE, id="転出先が長すぎる"),
    ],
)
def test_report_move_out_abroad_by_what_the_form_says(
    file: Database, destination: str, planned: date, reason: Reason | None
) -> None:
    resident = file.write(lambda db: live(desk(db)))

    def act(at: Desk) -> None:
        abroad.report_move_out_abroad(at, [resident.id], destination, planned)

    assert refusal_of(lambda: file.write(lambda db: act(desk(db)))) == reason
    with file.read() as db:
        after = store.resident(db, resident.id)
        assert after is not None
        assert (after.state is State.REMOVED) is (reason is None)
        assert after.removal_reason == (ChangeReason.MOVE_OUT_ABROAD if reason is None else ChangeReason.UNSPECIFIED)


def test_complete_move_out_removes_each_for_the_reason_reported(file: Database) -> None:
    def work(db: Connection) -> None:
        at = desk(db)
        home, far = leaving(at), leaving_abroad(at)
        at.clock.set(Clock().now().replace(day=20))
        assert complete_move_out(at) == [home.id, far.id]
        assert at.resident(home.id).removal_reason == ChangeReason.MOVE_OUT
        assert at.resident(far.id).removal_reason == ChangeReason.MOVE_OUT_ABROAD

    file.write(work)


@pytest.mark.parametrize(
    ("code_basis", "inquiry", "hit", "reason"),
    [
        pytest.param(CARRIED, {}, 1, None, id="照会結果の者は従前のコードと個人番号"),
        pytest.param(CARRIED, {"number": ""}, 1, None, id="番号のない者は機構に求める"),
        pytest.param(CARRIED, {"live": True}, 1, None, id="他市町村に現住でも受け、知らせる"),
        pytest.param(CARRIED, {"day": date(2021, 5, 31)}, 1, None, id="前日の照会"),
        pytest.param(CARRIED, {"day": date(2021, 5, 30)}, 1, Reason.INQUIRY_NOT_FOUND, id="前々日の照会は使えない"),
        pytest.param(CARRIED, {}, 2, Reason.INQUIRY_NOT_FOUND, id="照会結果にない番号"),
        pytest.param(CARRIED, {}, 0, Reason.INQUIRY_NOT_FOUND, id="照会結果の何番かをいわない"),
        pytest.param(CARRIED, None, 1, Reason.INQUIRY_NOT_FOUND, id="照会していない"),
        pytest.param(CARRIED, None, 0, Reason.CODE_BASIS_MISSING, id="引き継ぐといって照会を示さない"),
        pytest.param(CARRIED, {"born": PartialDate(1980, 5, 2)}, 1, Reason.HIT_DIFFERS, id="生年月日の違う別人"),
        pytest.param(CARRIED, {"sex": Sex.FEMALE}, 1, Reason.HIT_DIFFERS, id="性別の違う別人"),
        pytest.param(CARRIED, {"reason": ChangeReason.DEATH}, 1, Reason.HIT_DIFFERS, id="死亡した者"),
        pytest.param(NEVER, None, 0, None, id="記録されたことのない者には新しいコード"),
        pytest.param(NEVER, {}, 1, Reason.CODE_BASIS_MISSING, id="照会結果を示して記録なしとはいえない"),
        pytest.param(UNDETERMINED, None, 0, None, id="判明しない者には新しいコード"),
        pytest.param(UNDETERMINED, {}, 0, Reason.INQUIRY_REQUIRED, id="別の照会を示して判明しないとはいえない"),
        pytest.param(CodeBasis.UNSPECIFIED, None, 0, Reason.CODE_BASIS_MISSING, id="どのコードかをいわない"),
    ],
)
@pytest.mark.law("report_move_in_from_abroad", "code_to_enter", "hit_is_the_person")
def test_report_move_in_from_abroad_by_whose_code_it_is(
    file: Database, code_basis: CodeBasis, inquiry: dict[str, Any] | None, hit: int, reason: Reason | None
) -> None:
    number = 0 if inquiry is None else file.write(lambda db: told(desk(db), **inquiry))
    number = number or (7 if hit else 0)
    entered: list[tuple[Any, list[tuple[int, str]]]] = []

    def act(at: Desk) -> None:
        arrival = Arrival(TARO, code_basis, number, hit, not_inquired="" if number else DOWN)
        entered.append(abroad.report_move_in_from_abroad(at, [arrival], FRANCE, HERE, TODAY))

    assert tried(file, act) == reason
    if reason is not None:
        return
    receipt, warnings = entered[0]
    with file.read() as db:
        found = store.resident(db, receipt.resident_ids[0])
        tasks = db.execute("SELECT count(*) FROM task WHERE resident_id = ?", (receipt.resident_ids[0],)).fetchone()[0]
    assert found is not None
    assert (found.former_address, found.state, found.relationship) == (FRANCE, State.LIVE, "世帯主")
    assert (found.person.resident_code == CODES[9]) is (code_basis is CARRIED)
    carried = (inquiry or {}).get("number", NUMBER) if code_basis is CARRIED else ""
    assert (found.person.individual_number, tasks) == (carried, int(not carried))
    assert warnings == ([(found.id, "131156")] if (inquiry or {}).get("live") else [])


@pytest.mark.parametrize(
    ("country", "moved", "home", "reason"),
    [
        pytest.param(FRANCE, date(2021, 5, 1), HERE, None, id="一月前の転入も受ける"),
        pytest.param(FRANCE, date(2021, 6, 2), HERE, Reason.DATE_IN_FUTURE, id="明日の転入は受けない"),
        pytest.param("", TODAY, HERE, Reason.FIELD_MISSING, id="従前の国がない"),
        pytest.param("国" * 201, TODAY, HERE, Reason.FIELD_OUT_OF_RANGE, id="従前の国が長すぎる"),
        pytest.param(FRANCE, TODAY, abroad.Home("", "", 0), Reason.FIELD_MISSING, id="新しい住所がない"),
        pytest.param(FRANCE, TODAY, abroad.Home(ADDRESS, "131156", 0), Reason.AREA_NOT_YOURS, id="他の市町村の住所"),
        pytest.param(FRANCE, TODAY, abroad.Home(ADDRESS, "999999", 0), Reason.AREA_UNKNOWN, id="知らない市区町村"),
        pytest.param(FRANCE, TODAY, abroad.Home("", "", 99), Reason.HOUSEHOLD_NOT_FOUND, id="ない世帯への転入"),
    ],
)
@pytest.mark.law("report_move_in_from_abroad")
def test_report_move_in_from_abroad_by_what_the_form_says(
    file: Database, country: str, moved: date, home: abroad.Home, reason: Reason | None
) -> None:
    def act(at: Desk) -> None:
        abroad.report_move_in_from_abroad(at, [new(TARO)], country, home, moved)

    assert tried(file, act) == reason


def test_of_several_who_come_one_that_cannot_keeps_all_out(file: Database) -> None:
    nobody = NewPerson(" ", PartialDate(1980, 5, 1), Sex.MALE, "")
    for arrivals in ([], [new(TARO), new(nobody)]):

        def act(at: Desk, arrivals: list[Arrival] = arrivals) -> None:
            abroad.report_move_in_from_abroad(at, arrivals, FRANCE, HERE, TODAY)

        assert tried(file, act) == Reason.FIELD_MISSING


def test_without_codes_in_the_pool_nobody_new_is_entered_and_who_has_a_code_is(file: Database) -> None:
    file.write(lambda db: store.draw_codes(db, len(CODES)))
    inquiry = file.write(lambda db: told(desk(db)))

    def come(*arrivals: Arrival) -> Callable[[Desk], Any]:
        return lambda at: abroad.report_move_in_from_abroad(at, arrivals, FRANCE, HERE, TODAY)

    assert tried(file, come(new(TARO))) == Reason.POOL_EMPTY
    assert tried(file, come(Arrival(TARO, CARRIED, inquiry, 1))) is None
    assert tried(file, come(Arrival(TARO, CARRIED, inquiry, 1))) == Reason.RESIDENT_LIVE_ALREADY


def test_one_hit_is_one_person(file: Database) -> None:
    inquiry = file.write(lambda db: told(desk(db)))
    twice = [Arrival(TARO, CARRIED, inquiry, 1)] * 2

    def act(at: Desk) -> None:
        abroad.report_move_in_from_abroad(at, twice, FRANCE, HERE, TODAY)

    assert tried(file, act) == Reason.RESIDENT_LIVE_ALREADY


@pytest.mark.parametrize(
    ("last", "unreported", "carried", "former_address", "notices"),
    [
        pytest.param(None, [], True, "東京都杉並区みどり台1番1号", ["131156"], id="照会で判明した最終登録地に通知"),
        pytest.param(NAKANO, [], True, "東京都杉並区みどり台1番1号", ["131156"], id="申告より照会結果が優先"),
        pytest.param(NAKANO, [], False, NAKANO.address, ["131148"], id="判明しなければ申告の最終登録地に通知"),
        pytest.param(None, [], False, "不明", [], id="何も分からなければ通知先はない"),
        pytest.param(
            None, [NAKANO], True, UNREPORTED_IN_NAKANO, ["131156", "131148"], id="未届地と最終登録地に通知"
        ),
        pytest.param(
            None, [NAKANO, Place("132144", "国分寺")], True, "国分寺（未届）", ["131156", "131148", "132144"],
            id="従前の住所は最後の未届地",
        ),
        pytest.param(None, [NAKANO, NAKANO], True, UNREPORTED_IN_NAKANO, ["131156", "131148"], id="同じ市には一度"),
        pytest.param(
            None, [Place("132152", "同じ市")], True, "同じ市（未届）", ["131156"], id="自らの市町村には通知しない"
        ),
    ],
)  # fmt: skip
@pytest.mark.law("report_move_in_without_certificate")
def test_report_move_in_without_certificate_tells_whom_it_concerns(
    file: Database, last: Place | None, unreported: list[Place], carried: bool, former_address: str, notices: list[str]
) -> None:
    def work(db: Connection) -> None:
        at = desk(db)
        arrival = Arrival(TARO, CARRIED, told(at), 1) if carried else new(TARO, UNDETERMINED)
        receipt = abroad.report_move_in_without_certificate(at, [arrival], last, unreported, HERE, TODAY)
        assert at.resident(receipt.resident_ids[0]).former_address == former_address
        rows = db.execute("SELECT counterpart FROM pending WHERE kind = 3 ORDER BY id")
        assert [row[0] for row in rows] == notices
        assert receipt.notices == 1 + len(notices)

    file.write(work)


@pytest.mark.parametrize(
    ("last", "unreported", "moved", "reason"),
    [
        pytest.param(None, [], date(2021, 6, 2), Reason.DATE_IN_FUTURE, id="明日の転入"),
        pytest.param(Place("999999", "架空"), [], TODAY, Reason.AREA_UNKNOWN, id="知らない最終登録地"),
        pytest.param(Place("130001", "東京都"), [], TODAY, Reason.AREA_UNKNOWN, id="都道府県は最終登録地でない"),
        pytest.param(Place("141003", "横浜市"), [], TODAY, Reason.AREA_UNKNOWN, id="指定都市は区を示す"),
        pytest.param(Place("131156", ""), [], TODAY, Reason.FIELD_MISSING, id="最終登録地の住所がない"),
        pytest.param(None, [Place("131156", " ")], TODAY, Reason.FIELD_MISSING, id="未届地の住所がない"),
        pytest.param(None, [Place("", "架空")], TODAY, Reason.AREA_UNKNOWN, id="未届地の市町村がない"),
        pytest.param(None, [Place("131156", TOO_LONG)], TODAY, Reason.FIELD_OUT_OF_RANGE, id="未届地の住所が長すぎる"),
    ],
)
@pytest.mark.law("report_move_in_without_certificate")
def test_report_move_in_without_certificate_by_what_the_form_says(
    file: Database, last: Place | None, unreported: list[Place], moved: date, reason: Reason
) -> None:
    def act(at: Desk) -> None:
        abroad.report_move_in_without_certificate(at, [new(TARO)], last, unreported, HERE, moved)

    assert tried(file, act) == reason


def test_resend_move_in_notice_is_told_to_who_was_left_alone(file: Database) -> None:
    def work(db: Connection) -> None:
        at = desk(db)
        arrival = Arrival(TARO, CARRIED, told(at), 1)
        came = abroad.report_move_in_without_certificate(at, [arrival], None, [], HERE, TODAY).resident_ids[0]
        at.notices = 0
        assert missing_notice.resend_move_in_notice(at, came, "131156").notices == 1
        rows = db.execute("SELECT counterpart, count(*) FROM pending WHERE kind = 3 GROUP BY counterpart").fetchall()
        assert rows == [("131156", 2)]

    file.write(work)
