"""指定都市: a ward's notices go 区長 → 市長 → 知事 (令31条2項, 32条2項); from ward to ward is 転出・転入."""

from __future__ import annotations

import sqlite3
import threading
import time

import pytest

from jukinet.model import areas
from jukinet.store import journal
from jukinet.testing.door import person
from jukinet.testing.network import Juki
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import drill_pb2, drill_pb2_grpc, relay_pb2

YOKOHAMA, KANAGAWA = "municipality/141003", "prefecture/140007"
WARDS = areas.wards_of("141003")
CONFIRMATION = relay_pb2.STREAM_KIND_MOVE_OUT_CONFIRMATION
BY_MAYOR, BY_MAYOR_CONFIRMED = "住基令第31条第2項", "住基令第32条第2項"


def enter(juki: Juki, ward: str, name: str = "架空　港") -> tuple[int, str]:
    """Somebody comes onto the ward's register; number of the record, and the code."""
    (resident_id,) = juki[ward].enter_ex_officio(person(name, "1990-07-07", "女")).receipt.resident_ids
    return resident_id, juki[ward].resident(resident_id).identification.resident_code


def send_the_mayor_away(juki: Juki) -> None:
    """Nobody passes anything on, until the node is started again."""
    node = juki.network.nodes[YOKOHAMA]
    (desk,) = [work for work in node._works if work.name.endswith(" mayor")]
    node.engine.remove(desk)


def wait_sealed(juki: Juki) -> None:
    """Until what the city's counters said is in a batch."""
    deadline = time.monotonic() + 20
    while True:
        with juki.network.nodes[YOKOHAMA].journal.read() as db:
            if not journal.pending_streams(db):
                return
        assert time.monotonic() < deadline, "nothing was sealed"
        threading.Event().wait(0.005)


def rows(juki: Juki, query: str) -> list[tuple[object, ...]]:
    with juki["横浜市"].file() as db:
        return db.execute(query).fetchall()


def cursors(juki: Juki) -> list[tuple[object, ...]]:
    return rows(juki, "SELECT origin, kind, next_number, through_number FROM cursor WHERE counterpart = '' ORDER BY 1")


# The mayor


@pytest.mark.law("pass_on_by_mayor")
@pytest.mark.juki(nodes=["横浜市"])
def test_pass_on_by_mayor_is_a_hop_of_its_own_between_ward_and_governor(juki: Juki) -> None:
    since = juki.mark()
    _, code = enter(juki, "横浜市鶴見区")
    juki.settle()
    entered = [hop for hop in juki.sequence(code, since) if "記載・職権記載等" in hop.what]
    assert [str(hop) for hop in entered] == ["鶴見区→横浜市", "横浜市→神奈川県", "神奈川県→機構"]
    assert [hop.article for hop in entered] == [BY_MAYOR, "住基法第30条の6第1項", "住基法第30条の7第1項"]
    lamports = [hop.lamport_time for hop in entered]
    assert lamports == sorted(set(lamports)), "the governor hears after the mayor passed it on"
    said = [entry for entry in juki["横浜市"].journal() if entry.said]
    assert [entry.passage.rule for entry in said] == ["pass_on_by_mayor"] * 2  # 記載, then the number
    audited = [row for row in juki["横浜市"].audit() if row["event"] == "PassOnByMayor"]
    assert [(row["article"], row["accepted"], row["subjects"]) for row in audited] == [(BY_MAYOR, 1, "")] * 2
    assert juki.ledger_differences() == []


@pytest.mark.law("pass_on_by_mayor")
@pytest.mark.juki(nodes=["横浜市"])
def test_the_governor_holds_the_very_bytes_that_the_ward_signed(juki: Juki) -> None:
    enter(juki, "横浜市鶴見区")
    juki.settle()
    said = {entry.header_hash: entry.header.origin for entry in juki["横浜市"].journal() if entry.said}
    heard = {entry.header_hash: entry.header.origin for entry in juki["神奈川県"].journal()}
    assert said == heard
    assert set(said.values()) == {"141011"}


@pytest.mark.law("pass_on_by_mayor")
@pytest.mark.juki(nodes=["横浜市"])
def test_what_the_mayor_has_not_passed_on_waits_and_counts_as_moving(juki: Juki) -> None:
    juki.kill("機構")  # so that no number comes meanwhile
    send_the_mayor_away(juki)
    _, code = enter(juki, "横浜市鶴見区")
    wait_sealed(juki)
    city = juki["横浜市"]
    assert cursors(juki) == []
    assert juki["神奈川県"].journal() == []
    assert city.status().pending_records == 1
    assert not city.node.at_rest()
    assert juki._moves(YOKOHAMA, city.node)
    assert juki.ledger_differences() == [f"{YOKOHAMA}: 1 not yet in any batch"]
    assert juki.hops(code) == []

    juki.kill("横浜市")  # between seal and passage
    juki.start("横浜市")
    juki.start("機構")
    juki.settle()
    entered = [str(hop) for hop in juki.sequence(code) if "記載・職権記載等" in hop.what]
    assert entered == ["鶴見区→横浜市", "横浜市→神奈川県", "神奈川県→機構"]
    assert [held.live for held in juki["機構"].held(code)] == [True]
    assert city.status().pending_records == 0
    assert rows(juki, "SELECT count(*) FROM passage") == rows(juki, "SELECT count(*) FROM batch WHERE said = 1")
    assert juki.ledger_differences() == []


@pytest.mark.law("pass_on_by_mayor")
@pytest.mark.juki(nodes=["横浜市"])
def test_a_later_batch_waits_too_although_its_stream_has_a_cursor_already(juki: Juki) -> None:
    _, first = enter(juki, "横浜市鶴見区")
    juki.settle()
    before, heard = cursors(juki), len(juki["神奈川県"].journal())
    send_the_mayor_away(juki)
    _, second = enter(juki, "横浜市鶴見区", "架空　岬")
    wait_sealed(juki)
    juki["横浜市"].node.retry_now()
    assert cursors(juki) == before == [("141011", 1, 3, 2)]
    assert len(juki["神奈川県"].journal()) == heard
    assert juki["神奈川県"].held(second) == []
    assert not any(link.backlog_records for link in juki["横浜市"].status().links)

    juki.kill("横浜市")
    juki.start("横浜市")
    juki.settle()
    assert [held.live for code in (first, second) for held in juki["機構"].held(code)] == [True, True]
    assert juki.ledger_differences() == []


@pytest.mark.law("pass_on_by_mayor")
@pytest.mark.juki(nodes=["横浜市"])
def test_a_link_sends_nothing_beyond_what_was_passed_on(juki: Juki) -> None:
    """While the line is down one batch is passed on and another is not: mended, the line carries the one."""
    juki.kill("機構")  # so that no number comes, and a person is one batch
    juki.cut("横浜市", "神奈川県")
    _, first = enter(juki, "横浜市鶴見区")
    juki.settle()
    send_the_mayor_away(juki)
    _, second = enter(juki, "横浜市鶴見区", "架空　岬")
    wait_sealed(juki)
    city = juki["横浜市"].node
    city.engine.remove(city._link_works[KANAGAWA])
    juki.heal()
    city.links[KANAGAWA].step()
    juki["神奈川県"].node.read_own_writes()
    assert [held.live for held in juki["神奈川県"].held(first)] == [True]
    assert len(juki["神奈川県"].journal()) == 1
    assert juki["神奈川県"].held(second) == []


@pytest.mark.law("pass_on_by_mayor")
@pytest.mark.juki(nodes=["横浜市"])
def test_passing_on_twice_is_harmless_and_nobody_unsays_it(juki: Juki) -> None:
    enter(juki, "横浜市鶴見区")
    juki.settle()
    node = juki["横浜市"].node
    mayor = node.local._mayor  # type: ignore[attr-defined]
    passed = rows(juki, "SELECT * FROM passage")
    assert mayor.step() is None
    for position, *_ in passed:
        node.journal.write(lambda db, at=position: mayor._pass_on(db, at))  # type: ignore[misc]
    assert rows(juki, "SELECT * FROM passage") == passed
    assert len([row for row in juki["横浜市"].audit() if row["event"] == "PassOnByMayor"]) == len(passed)
    for change in ("DELETE FROM passage", "UPDATE passage SET real_time = 0"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            node.journal.write(lambda db, sql=change: db.execute(sql))  # type: ignore[misc]


@pytest.mark.law("pass_on_by_mayor", "notify_move_in")
def test_notices_between_municipalities_do_not_wait_for_the_mayor(juki: Juki) -> None:
    (resident_id,) = juki["国立市"].enter_ex_officio(person()).receipt.resident_ids
    juki.settle()
    left = juki["国立市"].report_move_out([resident_id], "横浜市鶴見区")
    send_the_mayor_away(juki)
    since = juki.mark()
    juki["横浜市鶴見区"].report_move_in(left.certificate, "神奈川県横浜市鶴見区みどり台一丁目1番1号")
    code = left.certificate.members[0].identification.resident_code
    deadline = time.monotonic() + 20
    while not juki["国立市"].resident(resident_id).confirmed_destination:
        assert time.monotonic() < deadline, "転入通知 (法9条) did not arrive"
    assert "横浜市→神奈川県" not in juki.hops(code, since)
    assert "鶴見区→横浜市" not in juki.hops(code, since)
    assert juki["神奈川県"].held(code) == []


@pytest.mark.law("pass_on_confirmation_by_mayor", "confirm_move_out")
def test_転出確定通知_of_a_ward_goes_by_way_of_the_mayor(juki: Juki) -> None:
    resident_id, code = enter(juki, "横浜市鶴見区")
    juki.settle()
    since = juki.mark()
    left = juki["横浜市鶴見区"].report_move_out([resident_id], "国立市")
    juki["国立市"].report_move_in(left.certificate, "東京都国立市みどり台一丁目1番1号")
    juki.settle()
    confirmed = [hop for hop in juki.sequence(code, since) if hop.kind == "MOVE_OUT_CONFIRMATION"]
    assert [(str(hop), hop.article) for hop in confirmed] == [
        ("鶴見区→横浜市", BY_MAYOR_CONFIRMED),
        ("横浜市→神奈川県", "住基令第13条第3項"),
    ]
    (kept,) = juki["神奈川県"].confirmed(code)
    assert kept.new_area_code == "132152"
    assert juki.ledger_differences() == []


def test_a_municipality_without_wards_has_nothing_to_pass_on(juki: Juki) -> None:
    juki["国立市"].enter_ex_officio(person())
    juki.settle()
    kunitachi = juki["国立市"]
    assert not any(entry.HasField("passage") for entry in kunitachi.journal())
    assert kunitachi.node.local.unpassed() == 0
    assert not [row for row in kunitachi.audit() if row["event"] == "PassOnByMayor"]
    assert not [work for work in kunitachi.node._works if work.name.endswith(" mayor")]


@pytest.mark.law("pass_on_by_mayor")
@pytest.mark.juki(nodes=["横浜市"])
def test_a_full_transmission_goes_by_way_of_the_mayor_too(juki: Juki) -> None:
    codes = [enter(juki, f"横浜市{ward}")[1] for ward in ("鶴見区", "中区")]
    juki.settle()
    since = juki.mark()
    juki.console("横浜市").call(
        drill_pb2_grpc.DrillServiceStub, "Resync", drill_pb2.ResyncRequest(request_id=juki.new_id())
    )
    juki.settle()
    for ward, code in zip(("鶴見区", "中区"), codes, strict=True):
        assert juki.hops(code, since) == [f"{ward}→横浜市", "横浜市→神奈川県", "神奈川県→機構"]
        assert [held.live for held in juki["機構"].held(code)] == [True]
    assert juki.ledger_differences() == []


@pytest.mark.juki(nodes=["横浜市"])
def test_a_file_of_before_opens_and_what_was_on_its_way_counts_as_passed_on(juki: Juki) -> None:
    """The file is put back to what it was: no passages, cursors without bound."""
    juki.kill("神奈川県")
    _, code = enter(juki, "横浜市鶴見区")
    juki.settle()
    juki.kill("横浜市")
    with sqlite3.connect(juki.network.layout.node(YOKOHAMA) / "journal.db") as db:
        db.executescript(
            "DROP TRIGGER resident_taken_over; DROP TABLE handed_over; DROP TABLE absorbed_household;"
            "DROP TABLE absorbed;"
            "DROP TABLE passage; ALTER TABLE cursor DROP COLUMN through_number;"
            "DELETE FROM _sqlite_migrations WHERE name = 'm009_area'; PRAGMA user_version = 1;"
        )
    db.close()
    juki.start("横浜市")
    journaled = rows(juki, "SELECT position, receive_time FROM batch WHERE said = 1")
    assert rows(juki, "SELECT position, real_time FROM passage") == journaled
    assert cursors(juki) == [("141011", 1, 1, len(journaled))]
    send_the_mayor_away(juki)
    _, later = enter(juki, "横浜市鶴見区", "架空　岬")
    wait_sealed(juki)
    juki.start("神奈川県")
    deadline = time.monotonic() + 20
    while not juki["神奈川県"].held(code):
        assert time.monotonic() < deadline, "what was on its way did not arrive"
    assert juki["神奈川県"].held(later) == []
    juki.kill("横浜市")
    juki.start("横浜市")
    juki.settle()
    assert [held.live for held in juki["機構"].held(later)] == [True]
    assert juki.ledger_differences() == []


# All wards, and from one to the other


@pytest.mark.law("pass_on_by_mayor")
@pytest.mark.juki(nodes=["横浜市"])
def test_every_ward_of_横浜市_enters_a_person_and_all_arrive(juki: Juki) -> None:
    assert len(WARDS) == 18
    codes = {ward.code: enter(juki, f"横浜市{ward.name}")[1] for ward in WARDS}
    juki.settle()
    for tier in ("神奈川県", "機構"):
        assert {count.area_code: count.live_records for count in juki[tier].status().live_by_origin} == dict.fromkeys(
            codes, 1
        )
    for ward in WARDS:
        assert [(held.area_code, held.live) for held in juki["機構"].held(codes[ward.code])] == [(ward.code, True)]
        assert f"{ward.name}→横浜市" in juki.hops(codes[ward.code])
    assert len(set(codes.values())) == 18
    assert juki.ledger_differences() == []


@pytest.mark.law("pass_on_by_mayor", "pass_on_confirmation_by_mayor", "report_move_out", "report_move_in")
@pytest.mark.parametrize(
    ("left_ward", "entered_ward"),
    [
        pytest.param("鶴見区", "中区", id="鶴見区から中区へは転出・転入"),
        pytest.param("都筑区", "青葉区", id="都筑区から青葉区へは転出・転入"),
    ],
)
@pytest.mark.juki(nodes=["横浜市"])
def test_区から区へ_is_転出_and_転入_and_each_ward_tells_the_governor(
    juki: Juki, left_ward: str, entered_ward: str
) -> None:
    left, entered = juki[f"横浜市{left_ward}"], juki[f"横浜市{entered_ward}"]
    resident_id, code = enter(juki, f"横浜市{left_ward}")
    juki.settle()
    since = juki.mark()
    certificate = left.report_move_out([resident_id], f"横浜市{entered_ward}").certificate
    assert certificate.former_area_code == left.code
    (came,) = entered.report_move_in(certificate, f"神奈川県横浜市{entered_ward}みどり台1番1号").receipt.resident_ids
    juki.settle()
    assert left.resident(resident_id).state == pb.RESIDENT_STATE_REMOVED
    assert entered.resident(came).state == pb.RESIDENT_STATE_LIVE
    held = {record.area_code: record.live for record in juki["機構"].held(code)}
    assert held == {left.code: False, entered.code: True}
    told = sorted((str(hop), hop.article) for hop in juki.sequence(code, since) if str(hop).endswith("→横浜市"))
    assert told == sorted(
        [
            (f"{left_ward}→横浜市", BY_MAYOR),
            (f"{left_ward}→横浜市", BY_MAYOR_CONFIRMED),
            (f"{entered_ward}→横浜市", BY_MAYOR),
        ]
    )
    assert juki.ledger_differences() == []


@pytest.mark.law("report_relocation")
@pytest.mark.juki(nodes=["横浜市"])
def test_区から区へは転居届では移れない(juki: Juki) -> None:
    resident_id, _ = enter(juki, "横浜市鶴見区")
    there = juki["横浜市中区"].enter_ex_officio(person("架空　渚", "1991-07-07", "女")).receipt
    with juki.refused("AREA_NOT_YOURS"):
        juki["横浜市鶴見区"].report_relocation([resident_id], "", household_id=there.household_id)
