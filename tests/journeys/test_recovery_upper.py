"""回復: a governor or J-LIS that lost its register, its journal or all, holds again what its municipalities told."""

from __future__ import annotations

import shutil
import threading
import time
from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import person
from jukinet.v1 import drill_pb2, drill_pb2_grpc

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family


def stored(juki: Juki, name: str) -> list[tuple[object, ...]]:
    """What a governor or J-LIS holds of everybody."""
    with juki.network.nodes[juki.find(name)[0]].register.read() as db:
        return db.execute(
            "SELECT code, area_code, individual_number, person_sequence, live, body FROM identification"
        ).fetchall()


def given(juki: Juki) -> tuple[set[int], set[int]]:
    """Codes and numbers that J-LIS knows to have given."""
    with juki.network.nodes["jlis/center"].journal.read() as db:
        codes = {row[0] for row in db.execute("SELECT code FROM designation")}
        return codes, {row[0] for row in db.execute("SELECT number FROM individual_number")}


def ask_for_codes(juki: Juki, count: int) -> None:
    request = drill_pb2.RequestCodesRequest(request_id=juki.new_id(), count=count)
    juki.console("国立市").call(drill_pb2_grpc.DrillServiceStub, "RequestCodes", request)


def waits(juki: Juki, fault: str) -> None:
    """Until J-LIS has said so to 国立市."""
    deadline = time.monotonic() + 20
    while fault not in [task.last_fault for task in juki["国立市"].tasks()]:
        assert time.monotonic() < deadline, fault
        threading.Event().wait(0.01)


def next_act_arrives(juki: Juki) -> None:
    """A birth in 国立市 is known to J-LIS, with a number."""
    kunitachi = juki["国立市"]
    household = kunitachi.residents()[0].household_id
    child = kunitachi.report_birth(household).receipt.resident_ids[0]
    juki.settle()
    told = kunitachi.resident(child).identification
    assert told.individual_number
    assert [held.live for held in juki["機構"].held(told.resident_code)] == [True]
    assert juki.ledger_differences() == []


@pytest.mark.parametrize("name", ["東京都", "機構"])
def test_a_lost_register_is_built_anew_from_the_journal(juki: Juki, family: Family, name: str) -> None:
    juki["国立市"].report_death(family.wife)
    juki.settle()
    before = stored(juki, name)
    juki.lose(name, "register")
    juki.settle()
    assert stored(juki, name) == before
    assert juki[name].status().recovery.recovering is False
    next_act_arrives(juki)


def test_a_lost_journal_of_tokyo_is_filled_again_by_its_municipalities(juki: Juki, family: Family) -> None:
    juki["国立市"].report_death(family.wife)
    juki.settle()
    before = stored(juki, "東京都")
    juki.lose("東京都", "journal")
    juki.settle()
    assert stored(juki, "東京都") == []
    report = juki.recover("東京都")
    assert (report.recovering, report.unreachable, report.fault) == (False, [], "")
    assert report.heard_records >= 7
    assert stored(juki, "東京都") == before
    assert "Errors that were found" in report.not_recovered[0].english
    assert "誤り" in report.not_recovered[0].japanese
    next_act_arrives(juki)


def test_j_lis_destroyed_has_the_union_again_and_gives_no_code_or_number_twice(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.change_individual_number(family.child)
    juki["横浜市鶴見区"].enter_ex_officio(person("架空　港", "1990-07-07", "女"))
    juki.settle()
    before, (codes, numbers) = stored(juki, "機構"), given(juki)
    juki.lose("機構", "all")
    report = juki.recover("機構")
    assert (report.recovering, report.unreachable, report.fault) == (False, [], "")
    assert stored(juki, "機構") == before
    assert given(juki) == (codes, numbers)
    assert "key" in report.not_recovered[0].english
    for _ in range(2):
        ask_for_codes(juki, 3_000)
        juki.settle()
    assert len(given(juki)[0]) > len(codes)
    with juki["国立市"].file() as db:
        pool = [row[0] for row in db.execute("SELECT code FROM pool")]
    assert len(pool) == len(set(pool))
    assert set(pool) <= given(juki)[0]
    next_act_arrives(juki)
    assert len(given(juki)[1]) == len(numbers) + 1


def test_who_did_not_answer_j_lis_gets_no_code_until_it_has(juki: Juki, family: Family) -> None:
    juki.lose("機構", "all")
    juki.kill("国立市")
    report = juki.recover("機構")
    assert report.recovering
    assert report.unreachable == ["municipality/132152"]
    report = juki.recover("機構", accept_missing=True)
    assert not report.recovering
    juki.start("国立市")
    ask_for_codes(juki, 2_000)
    waits(juki, "NODE_RECOVERING")
    assert not juki.recover("機構").unreachable
    with juki["国立市"].file() as db:
        assert db.execute("SELECT count(*), count(DISTINCT code) FROM pool").fetchone() == (2_003, 2_003)


def test_a_governor_put_back_to_an_old_copy_catches_up(juki: Juki, family: Family) -> None:
    juki.snapshot_node("東京都", "old")
    juki["国立市"].report_death(family.wife)
    juki.settle()
    before = stored(juki, "東京都")
    juki.restore_node("東京都", "old")
    assert not juki.recover("東京都").recovering
    assert stored(juki, "東京都") == before
    next_act_arrives(juki)


def test_a_register_that_knows_more_than_its_journal_is_built_anew(juki: Juki, family: Family) -> None:
    path, old = juki.find("東京都")[0], stored(juki, "東京都")
    juki.snapshot_node("東京都", "old")
    juki["国立市"].report_death(family.wife)
    juki.settle()
    new = stored(juki, "東京都")
    juki.kill("東京都")
    folder = juki.network.layout.node(path)
    for part in folder.glob("journal.db*"):
        part.unlink()
    shutil.copyfile(juki._kept("old", path) / "journal.db", folder / "journal.db")
    juki.start("東京都")
    juki.settle()
    assert stored(juki, "東京都") == old
    assert not juki.recover("東京都").recovering
    assert stored(juki, "東京都") == new
    next_act_arrives(juki)
