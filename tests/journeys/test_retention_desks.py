"""保存期間 of what every desk keeps: a life that passes over many desks, to its last byte and its last number."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import day, person
from jukinet.testing.family_register_desk import family_member
from jukinet.testing.nationality_desk import medium_term
from jukinet.v1 import family_register_pb2
from tests.journeys.test_retention import found_in_files

if TYPE_CHECKING:
    from jukinet.testing.network import Juki

pytestmark = pytest.mark.juki(nodes=["国立市", "杉並区", "矢祭町", "中野区"], clock="2023-03-01")
KEEP = pytest.mark.law("keep_paper", "keep_removed_record", "keep_identification_at_center")
DOMICILE = "福島県東白川郡矢祭町架空町三番地"
SUGINAMI, KUNITACHI = "東京都杉並区はるか台八丁目8番8号", "東京都国立市みどり台九丁目1番1号"
DESIGNED = {"designation", "individual_number"}
"""Tables in which J-LIS remembers bare numbers."""


@dataclass(frozen=True)
class Life:
    """What was ever said about a person."""

    words: tuple[str, ...]
    codes: tuple[str, ...]

    @property
    def numbers(self) -> set[int]:
        return {int(word) for word in self.words if word.isdecimal()}


def tables_with(juki: Juki, numbers: set[int]) -> set[str]:
    """Node and table wherever one of these stands as an integer."""
    found = set()
    for path in juki.paths:
        for file in sorted(juki.network.layout.node(path).glob("*.db")):
            db = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
            for table in (row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")):
                if any(numbers.intersection(row) for row in db.execute(f"SELECT * FROM {table}").fetchall()):
                    found.add(f"{juki.name(path)} {table}")
            db.close()
    return found


def left_over(juki: Juki, life: Life) -> tuple[dict[str, list[str]], set[str]]:
    """Words in files, and numbers in tables but those in which J-LIS is to remember them."""
    tables = {one for one in tables_with(juki, life.numbers) if one.split()[1] not in DESIGNED}
    return found_in_files(juki, *life.words), tables


def enter(juki: Juki, name: str, address: str = KUNITACHI) -> int:
    """A Japanese of 国立市 whose 戸籍, of themselves alone, is in 矢祭町, which first has another 出生の年月日."""
    wrong = family_member(name, "1980-05-02", "男")
    (first,) = juki["矢祭町"].enter_supplementary_register(DOMICILE, name, [wrong]).entry_ids
    who = person(name, registered_domicile=DOMICILE, registered_head=name)
    (resident_id,) = juki["国立市"].enter_ex_officio(who, address=address).receipt.resident_ids
    juki.settle()
    juki["矢祭町"].clear_supplementary_register([first])
    right = family_member(name, "1980-05-01", "男", address=address, settled_date=juki.clock.today)
    juki["矢祭町"].enter_supplementary_register(DOMICILE, name, [right])
    return resident_id


def corrected(juki: Juki, resident_id: int, former_surname: str = "往古") -> Life:
    """旧氏, another code, another number, 支援措置; asked about elsewhere, and copied there."""
    kunitachi = juki["国立市"]
    before = kunitachi.resident(resident_id).identification
    kunitachi.enter_former_surname(resident_id, former_surname)
    kunitachi.change_resident_code(resident_id)
    kunitachi.change_individual_number(resident_id)
    juki.settle()
    after = kunitachi.resident(resident_id).identification
    assert before.resident_code != after.resident_code
    assert before.individual_number != after.individual_number
    name = after.name
    told = juki["中野区"].inquire_identification(name, "1980-05-01", "男")
    assert [hit.identification.resident_code for hit in told.hits] == [after.resident_code]
    text = juki["中野区"].issue_wide_area_copy("132152", name, after.resident_code, with_resident_code=True).text
    assert after.resident_code in text
    kunitachi.start_support([resident_id])
    kunitachi.delete_former_surname(resident_id)
    juki.settle()
    codes = (before.resident_code, after.resident_code)
    return Life((name, former_surname, *codes, before.individual_number, after.individual_number), codes)


def live_through(juki: Juki) -> Life:
    """独居一人: another nationality and back, a move with the card, and a death that 矢祭町 was told of."""
    kunitachi, suginami, resident_id = juki["国立市"], juki["杉並区"], enter(juki, "独居　一人")
    life = corrected(juki, resident_id)
    card = medium_term("2023-03-01", "2026-03-01", card_number="ZZ98765432ZZ")
    (_, foreign) = kunitachi.lose_nationality(resident_id, items=card, name="DOKKYO HITORI").receipt.resident_ids
    kunitachi.enter_alias(foreign, "通称　一人")
    juki.settle()
    back = kunitachi.acquire_nationality(
        foreign, registered_domicile=DOMICILE, registered_head="独居　一人", name="独居　一人"
    ).receipt.resident_ids[1]
    juki.settle()
    kunitachi.report_move_out([back], SUGINAMI, "2023-03-20", with_card=True)
    juki.settle()
    assert len(suginami.list_move_out_pre_notices()) == 1
    juki.clock.set("2023-03-20")
    suginami.report_special_move_in(life.codes[1], "国立市", SUGINAMI)
    juki.settle()
    assert juki["矢祭町"].supplementary_register(DOMICILE, "独居　一人")[0].addresses[0].address == SUGINAMI
    juki.clock.set("2024-06-01")
    death = family_register_pb2.FamilyRegistrationNotice(
        event=family_register_pb2.REGISTRATION_EVENT_DEATH, event_date=day("2024-06-01"), name="独居　一人",
        birth_date=day("1980-05-01"), sex=1, address=SUGINAMI, residence_area_code="131156",
    )  # fmt: skip
    juki["矢祭町"].accept_family_registration(death)
    juki.settle()
    assert [record.removal_date for record in suginami.residents()] == [day("2024-06-01")]
    more = ("ZZ98765432ZZ", "DOKKYO HITORI", "通称　一人", SUGINAMI, KUNITACHI)
    return Life((*life.words, *more), life.codes)


def clear(juki: Juki, name: str) -> None:
    """The 戸籍 strikes out who died (令19条)."""
    live = juki["矢祭町"].supplementary_register(DOMICILE, name)
    juki["矢祭町"].clear_supplementary_register([entry.entry_id for entry in live])


@KEEP
def test_of_a_life_over_many_desks_nothing_is_left_but_bare_numbers_at_the_centre(juki: Juki) -> None:
    life = live_through(juki)
    juki.clock.set("2024-06-02")
    clear(juki, "独居　一人")
    juki.clock.set("2174-06-01")
    words, tables = left_over(juki, life)
    assert {hit.split()[0] for hit in words} == {"杉並区", "矢祭町"}, "elsewhere everything ended 150 years after 2023"
    assert {table.split()[0] for table in tables} == {"杉並区"}
    juki.clock.set("2174-06-02")
    words, tables = left_over(juki, life)
    assert ({hit.split()[0] for hit in words}, tables) == ({"矢祭町"}, set()), "the 附票, cleared a day later"
    kept = juki["矢祭町"].supplementary_register(DOMICILE, "独居　一人", with_removed=True)
    assert [[one.address for one in entry.addresses][:1] for entry in kept] == [[SUGINAMI]]
    juki.clock.set("2174-06-03")
    assert left_over(juki, life) == ({}, set())
    assert {table.split()[1] for table in tables_with(juki, life.numbers)} == DESIGNED, "so that none is given twice"
    assert juki.ledger_differences() == []


@KEEP
def test_what_somebody_else_has_at_the_same_desks_stays(juki: Juki) -> None:
    """隣人 二人 passes over the same desks and lives on."""
    neighbour_id = enter(juki, "隣人　二人", "東京都国立市みどり台九丁目2番2号")
    neighbour = corrected(juki, neighbour_id, "近古")
    life = live_through(juki)
    juki.clock.set("2024-06-02")
    clear(juki, "独居　一人")
    kept = ("former_value", "deleted_former_surname", "support", "supplementary_entry", "supplementary_address")
    record, (entry,) = juki["国立市"].resident(neighbour_id), juki["矢祭町"].supplementary_register(DOMICILE)
    assert entry.name == "隣人　二人"
    juki.clock.set("2174-06-03")
    assert left_over(juki, life) == ({}, set())
    assert juki["国立市"].resident(neighbour_id) == record
    assert juki["矢祭町"].supplementary_register(DOMICILE) == [entry], "a live entry has no period"
    counts = juki["国立市"].counts() | {
        table: count for table, count in juki["矢祭町"].counts().items() if table.startswith("supplementary")
    }
    assert {table: counts[table] for table in kept} == {
        "former_value": 2, "deleted_former_surname": 1, "support": 1, "supplementary_entry": 1,
        "supplementary_address": 0,
    }  # fmt: skip
    assert [held.identification for held in juki["機構"].held(neighbour.codes[1])] == [record.identification]
    assert {"機構 identification", "機構 name_index"} <= tables_with(juki, neighbour.numbers)
    told = juki["中野区"].inquire_identification("隣人　二人", "1980-05-01", "男")
    assert [hit.identification.resident_code for hit in told.hits] == [neighbour.codes[1]]
    assert not {name for name in found_in_files(juki, *neighbour.codes) if name.startswith("福島県")}


PAPERS = (
    *("中野区 inquiry_hit", "中野区 answered", "国立市 move_out", "国立市 move_out_person"),
    *("矢祭町 supplementary_mismatch", "矢祭町 supplementary_notice_heard"),
)


def search_answers(juki: Juki) -> int:
    """What J-LIS keeps for a mayor who asks again."""
    with juki["機構"].file() as db:
        query = "SELECT count(*) FROM answered WHERE method LIKE '%SearchIdentification'"
        return int(db.execute(query).fetchone()[0])


def rows(juki: Juki, tables: tuple[str, ...]) -> dict[str, int]:
    return {one: juki[one.split()[0]].counts()[one.split()[1]] for one in tables}


@KEEP
def test_papers_of_every_desk_go_after_a_year_and_the_registers_stay(juki: Juki) -> None:
    kunitachi, resident_id = juki["国立市"], enter(juki, "独居　一人")
    life = corrected(juki, resident_id)
    kunitachi.report_move_out([resident_id], SUGINAMI, "2023-03-01", with_card=True)
    juki.settle()
    juki["杉並区"].report_special_move_in(life.codes[1], "国立市", SUGINAMI)
    juki.settle()
    juki.clock.set("2024-03-01")
    assert 0 not in rows(juki, PAPERS).values(), "the day before everything is there"
    assert search_answers(juki) == 1
    assert "中野区" in {hit.split()[0] for hit in found_in_files(juki, *life.words)}
    juki.clock.set("2024-03-02")
    assert rows(juki, PAPERS) == dict.fromkeys(PAPERS, 0)
    assert search_answers(juki) == 0
    assert not {name for name in found_in_files(juki, *life.words) if name.startswith("中野区")}
    assert not {table for table in tables_with(juki, life.numbers) if table.startswith("中野区")}
    assert kunitachi.counts()["former_value"] == 2, "what a 除票 says is no paper"
    assert juki["矢祭町"].supplementary_register(DOMICILE)[0].addresses[0].address == SUGINAMI
    assert ("住基令第34条第3項") in [row["article"] for row in juki["矢祭町"].audit()]


@pytest.mark.law("keep_paper", "cancel_move_out")
def test_a_move_out_report_stays_while_somebody_is_still_to_leave_by_it(juki: Juki) -> None:
    kunitachi, resident_id = juki["国立市"], enter(juki, "独居　一人")
    kunitachi.report_move_out([resident_id], "杉並区", "2025-04-01")
    juki.clock.set("2025-03-31")
    assert kunitachi.counts()["move_out"] == 1, "a year was over on 2024-03-02"
    juki.clock.set("2025-04-01")
    juki.settle()
    juki.clock.set("2025-04-02")
    assert kunitachi.counts()["move_out"] == 0
    assert kunitachi.resident(resident_id).planned_destination == "杉並区"


@pytest.mark.law("keep_removed_record", "clear_supplementary_register")
def test_an_entry_that_the_family_register_never_cleared_stays(juki: Juki) -> None:
    kunitachi, resident_id = juki["国立市"], enter(juki, "独居　一人")
    kunitachi.report_death(resident_id)
    juki.settle()
    juki.clock.set("2300-01-01")
    assert {hit.split()[0] for hit in found_in_files(juki, "独居　一人", KUNITACHI)} == {"矢祭町"}
    assert juki["矢祭町"].supplementary_register(DOMICILE)[0].addresses[0].address == KUNITACHI


@pytest.mark.law("keep_removed_record", "report_domicile_transfer")
@pytest.mark.parametrize(
    ("on", "left"),
    [
        pytest.param("2173-03-01", True, id="転籍から150年を経過する日までは除附票がある"),
        pytest.param("2173-03-02", False, id="その翌日には消えている"),
    ],
)
def test_report_domicile_transfer_starts_the_period_where_the_family_register_was(
    juki: Juki, on: str, left: bool
) -> None:
    enter(juki, "独居　一人")
    new = "東京都中野区架空町五番地"
    transfer = juki["矢祭町"].report_domicile_transfer(DOMICILE, "独居　一人", new)
    juki["中野区"].enter_paper_domicile_transfer(transfer.transfer)
    juki.settle()
    juki.clock.set(on)
    assert bool(found_in_files(juki, "独居　一人").get("矢祭町 journal.db")) is left
    assert juki["中野区"].supplementary_register(new)[0].addresses[0].address == KUNITACHI, "there it lives on"


@KEEP
def test_who_asks_by_an_old_code_is_answered_as_long_as_the_notice_of_the_change_is_kept(juki: Juki) -> None:
    life = corrected(juki, enter(juki, "独居　一人"))

    def told(code: str) -> list[str]:
        hits = juki["中野区"].inquire_identification(code=code).hits
        return [hit.identification.resident_code for hit in hits]

    juki.clock.set("2173-02-28")
    assert told(life.codes[0]) == [life.codes[1]]
    juki.clock.set("2173-03-01")
    assert told(life.codes[0]) == []
    assert told(life.codes[1]) == [life.codes[1]], "who lives is found by the code of today"
    old = {int(life.codes[0])}
    assert {one for one in tables_with(juki, old) if not one.startswith("国立市")} == {
        f"機構 {table}" for table in DESIGNED
    }
    assert {one for one in tables_with(juki, old) if one.startswith("国立市")} == {
        "国立市 former_value", "国立市 pool"
    }, "what the live 住民票 bore"  # fmt: skip


@pytest.mark.law("keep_paper", "search_identification")
@pytest.mark.juki(nodes=["国立市", "中野区"])
def test_what_was_told_upon_an_inquiry_is_kept_a_year_at_either_side(juki: Juki) -> None:
    """A year without 29 February; the last inquiry of all, so that no later one sweeps it away."""
    juki["国立市"].enter_ex_officio(person("独居　一人"), address=KUNITACHI)
    juki.settle()
    juki["中野区"].inquire_identification("独居　一人", "1980-05-01", "男")
    hits = ("中野区 inquiry", "中野区 inquiry_hit", "中野区 answered")
    juki.clock.set("2022-06-01")
    assert (search_answers(juki), rows(juki, hits)) == (1, dict.fromkeys(hits, 1))
    juki.clock.set("2022-06-02")
    assert (search_answers(juki), rows(juki, hits)) == (0, dict.fromkeys(hits, 0))
    assert {hit.split()[0] for hit in found_in_files(juki, "独居　一人")} == {"国立市", "東京都", "機構"}


@pytest.mark.law("keep_paper", "consult_family_registration_notices")
@pytest.mark.juki(nodes=["国立市", "矢祭町"], clock="2024-05-27")
def test_a_notice_of_a_death_that_fits_nobody_is_listed_for_a_year(juki: Juki) -> None:
    death = family_register_pb2.FamilyRegistrationNotice(
        event=family_register_pb2.REGISTRATION_EVENT_DEATH, event_date=day("2024-05-27"), name="独居　一人",
        birth_date=day("1980-05-01"), sex=1, address=KUNITACHI, residence_area_code="132152",
    )  # fmt: skip
    juki["矢祭町"].accept_family_registration(death)
    juki.settle()
    juki.clock.set("2025-05-27")
    assert [row.notice.name for row in juki["国立市"].family_registration_notices()] == ["独居　一人"]
    juki.clock.set("2025-05-28")
    assert juki["国立市"].family_registration_notices() == []
    assert found_in_files(juki, "独居　一人", KUNITACHI) == {}
    assert juki["国立市"].status().quarantined_records == 1, "that there was one stays counted"
