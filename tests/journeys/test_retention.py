"""保存期間: what is kept for 150 years, what for one, and what is left of it afterwards."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jukinet.drill import evidence
from jukinet.node import erasing
from jukinet.store import journal, retention
from jukinet.testing.door import person
from jukinet.testing.network import instant
from jukinet.v1 import drill_pb2, drill_pb2_grpc, relay_pb2

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from jukinet.v1.identification_pb2 import Identification
    from tests.journeys.conftest import Family

Drill = drill_pb2_grpc.DrillServiceStub
MOVE_IN = relay_pb2.STREAM_KIND_MOVE_IN_NOTICE
CONFIRMATION = relay_pb2.STREAM_KIND_MOVE_OUT_CONFIRMATION
KEEP = ("keep_identification_at_governor", "keep_identification_at_center", "keep_notified_identification")
TIERS = ("国立市", "東京都", "機構")
TSURUMI = "神奈川県横浜市鶴見区架空町一番地"
SUGINAMI = "東京都杉並区みどり台七丁目8番9号"
small = pytest.mark.juki(nodes=["国立市", "杉並区"])


def found_in_files(juki: Juki, *words: str) -> dict[str, list[str]]:
    """Where any of these words can still be read: in which node's file, or its write-ahead log."""
    hits: dict[str, list[str]] = {}
    for path in juki.paths:
        for file in sorted(juki.network.layout.node(path).glob("*.db*")):
            content = file.read_bytes()
            found = [word for word in words if word.encode() in content]
            hits |= {f"{juki.name(path)} {file.name}": found} if found else {}
    return hits


def words_of(person: Identification) -> tuple[str, ...]:
    return person.name, person.address, person.resident_code, person.individual_number


def erasures(juki: Juki, name: str) -> list[tuple[str, str]]:
    """Article and count of what a node erased so far."""
    return [(row["article"], row["reason"]) for row in juki[name].audit() if row["event"] == "EraseExpiredRecords"]


def alone(
    juki: Juki, name: str = "独居　一人", address: str = "東京都国立市みどり台九丁目1番1号", domicile: str = ""
) -> int:
    """Somebody who shares address and name with nobody."""
    who = person(name, registered_domicile=domicile, registered_head=name if domicile else "")
    receipt = juki["国立市"].enter_ex_officio(who, address=address).receipt
    juki.settle()
    return receipt.resident_ids[0]


@small
@pytest.mark.law(*KEEP, "keep_removed_record")
def test_a_dead_persons_records_are_erased_at_every_tier_and_can_be_read_in_no_file(juki: Juki, family: Family) -> None:
    kunitachi, resident_id = juki["国立市"], alone(juki)
    dead = kunitachi.resident(resident_id).identification
    juki.clock.set("2021-06-02")
    kunitachi.report_death(resident_id)
    juki.clock.set("2171-05-31")
    for tier in TIERS:
        assert len(juki[tier].changes(dead.resident_code)) == 3, "the day before nothing is erased"
    juki.clock.set("2171-06-01")
    for tier in TIERS:
        numbered = "国立市 個人番号の記載の修正・個人番号の職権記載等 2021-06-01 #2"
        assert juki[tier].changes(dead.resident_code) == [numbered, "国立市 消除・死亡 2021-06-02 #3"]
        assert any(hit.startswith(tier) for hit in found_in_files(juki, *words_of(dead)))
    assert juki["東京都"].status().next_due_time.ToJsonString() == "2171-06-01T15:00:00Z"
    juki.clock.set("2171-06-02")
    for tier in TIERS:
        assert juki[tier].changes(dead.resident_code) == []
    assert juki["機構"].held(dead.resident_code) == juki["東京都"].held(dead.resident_code) == []
    assert {hit.split()[0] for hit in found_in_files(juki, *words_of(dead))} == {"国立市"}, "the 除票, for one day more"
    assert kunitachi.resident(resident_id).identification == dead
    juki.clock.set("2171-06-03")
    assert found_in_files(juki, *words_of(dead)) == {}
    with juki.refused("RESIDENT_NOT_FOUND"):
        kunitachi.resident(resident_id)
    assert kunitachi.counts()["household"] == 1, "of the household nobody is left"
    assert juki.ledger_differences() == []
    assert erasures(juki, "東京都")[-1] == ("住基令第30条の6", "2件")
    assert erasures(juki, "機構")[-1] == ("住基令第30条の7", "2件")
    assert erasures(juki, "国立市")[-2:] == [("住基令第34条第2項", "2件"), ("住基令第34条第1項", "1件")]


@small
@pytest.mark.law(*KEEP)
def test_a_live_persons_last_record_is_never_erased(juki: Juki, family: Family) -> None:
    before = [juki["国立市"].resident(resident_id).identification for resident_id in family.all]
    juki.clock.set("2300-01-01")
    for known, code in zip(before, family.codes, strict=True):
        for tier in TIERS:
            assert [change.split()[1].partition("・")[0] for change in juki[tier].changes(code)] == [
                "個人番号の記載の修正"
            ]
        assert [(held.live, held.identification) for held in juki["機構"].held(code)] == [(True, known)]
    assert juki["機構"].status().live_records == juki["国立市"].status().live_records == 3
    assert [juki["国立市"].resident(resident_id).identification for resident_id in family.all] == before
    assert juki.ledger_differences() == []


@small
@pytest.mark.law(*KEEP)
def test_a_notice_of_another_municipality_starts_the_clock_at_governor_and_centre_only(
    juki: Juki, family: Family
) -> None:
    code = family.codes[1]
    left = juki["国立市"].report_move_out([family.wife], "杉並区", "2021-06-20")
    juki.cut("杉並区", "国立市")
    juki.clock.set("2021-06-05")
    juki["杉並区"].report_move_in(left.certificate, SUGINAMI, "2021-06-05")
    juki.clock.set("2021-06-20")
    juki.heal()
    juki.settle()
    number, gone = (
        "国立市 個人番号の記載の修正・個人番号の職権記載等 2021-06-01 #2",
        "国立市 消除・国内転出 2021-06-20 #3",
    )
    here = "杉並区 記載・国内転入 2021-06-05 #1"
    juki.clock.set("2171-06-04")
    assert juki["東京都"].changes(code) == [number, here, gone]
    juki.clock.set("2171-06-05")
    assert juki["東京都"].changes(code) == juki["機構"].changes(code) == [here, gone]
    assert juki["国立市"].changes(code) == [number, gone], "its own next notice came later"
    juki.clock.set("2171-06-19")
    assert juki["国立市"].changes(code) == [number, gone]
    juki.clock.set("2171-06-20")
    assert juki["国立市"].changes(code) == []
    assert juki["東京都"].changes(code) == juki["機構"].changes(code) == juki["杉並区"].changes(code) == [here]
    held = [(held.area_code, held.live) for held in juki["機構"].held(code)]
    assert held == [("131156", True)], "the closed record of the municipality that was left is gone"


@small
@pytest.mark.law(*KEEP)
def test_a_late_deletion_starts_no_clock_of_the_new_municipalitys_record(juki: Juki, family: Family) -> None:
    code = family.codes[1]
    left = juki["国立市"].report_move_out([family.wife], "杉並区", "2021-06-20")
    juki["杉並区"].report_move_in(left.certificate, SUGINAMI, "2021-06-01")
    juki.settle()
    assert juki["東京都"].changes(code)[-1].startswith("国立市 消除"), "told after the new municipality's 記載"
    juki.clock.set("2200-01-01")
    here = ["杉並区 記載・国内転入 2021-06-01 #1"]
    assert juki["東京都"].changes(code) == juki["機構"].changes(code) == juki["杉並区"].changes(code) == here
    assert [held.live for held in juki["機構"].held(code)] == [True]


@small
@pytest.mark.law("keep_paper")
def test_papers_go_after_a_year_and_identification_stays(juki: Juki, family: Family) -> None:
    code = family.codes[1]
    left = juki["国立市"].report_move_out([family.wife], "杉並区")
    juki["杉並区"].report_move_in(left.certificate, SUGINAMI)
    juki.settle()
    juki.clock.set("2022-06-01")
    assert juki["国立市"].notices(code, MOVE_IN)
    assert juki["杉並区"].notices(code, MOVE_IN)
    assert juki["東京都"].confirmed(code)
    before = {tier: juki[tier].changes(code) for tier in TIERS}
    juki.clock.set("2022-06-02")
    for name in ("国立市", "杉並区"):
        assert juki[name].notices(code, MOVE_IN) == []
        assert ("住基令第34条第3項") in [article for article, _ in erasures(juki, name)]
    assert juki["東京都"].notices(code, CONFIRMATION) == juki["国立市"].notices(code, CONFIRMATION) == []
    assert juki["東京都"].confirmed(code) == []
    assert {tier: juki[tier].changes(code) for tier in TIERS} == before
    assert juki["国立市"].resident(family.wife).confirmed_destination == SUGINAMI, "the 除票 is no paper"
    assert juki.ledger_differences() == []


@small
@pytest.mark.law("keep_paper")
def test_a_notice_that_never_arrived_is_not_erased_before_it_does(juki: Juki, family: Family) -> None:
    left = juki["国立市"].report_move_out([family.wife], "杉並区")
    juki.cut("杉並区", "国立市")
    juki["杉並区"].report_move_in(left.certificate, SUGINAMI)
    juki.clock.set("2023-01-01")
    assert juki["国立市"].notices(kind=MOVE_IN) == []
    assert len(juki["杉並区"].notices(kind=MOVE_IN)) == 1, "a year was over on 2022-06-02"
    juki.heal()
    juki.settle()
    assert juki["国立市"].resident(family.wife).confirmed_destination == SUGINAMI
    juki.clock.set("2023-06-03")
    assert juki["杉並区"].notices(kind=MOVE_IN) == [], "kept for another year, then it goes"


@small
@pytest.mark.law("keep_removed_record")
def test_a_full_transmission_changes_no_removed_records_period(juki: Juki, family: Family) -> None:
    juki["国立市"].report_death(family.child)
    juki.clock.set("2030-01-01")
    juki.console("国立市").call(Drill, "Resync", drill_pb2.ResyncRequest(request_id="r"))
    juki.settle()
    juki.clock.set("2171-06-01")
    assert juki["国立市"].resident(family.child)
    juki.clock.set("2171-06-02")
    with juki.refused("RESIDENT_NOT_FOUND"):
        juki["国立市"].resident(family.child)
    told = juki["機構"].changes(family.codes[2])
    assert [change.split()[1] for change in told] == ["消除・死亡"], "what was told again in 2030 is kept from then"
    juki.clock.set("2180-01-01")
    assert juki["機構"].changes(family.codes[2]) == []


@small
@pytest.mark.law(*KEEP)
def test_to_erase_again_changes_nothing(juki: Juki, family: Family) -> None:
    juki["国立市"].report_death(family.child)
    juki.clock.set("2171-06-02")
    before = {path: (juki[path].counts(), erasures(juki, path)) for path in juki.paths}
    for node in juki.network.nodes.values():
        erasing.erase_expired_records(node.local.erasing)  # type: ignore[attr-defined]
    assert {path: (juki[path].counts(), erasures(juki, path)) for path in juki.paths} == before
    juki.clock.set("2171-06-03")
    assert juki.ledger_differences() == []


@small
@pytest.mark.parametrize("place", ["register_erased", "journal_erased"])
@pytest.mark.parametrize("name", ["東京都", "機構", "国立市"])
def test_an_erasure_that_was_cut_off_is_finished_at_the_next_start(
    juki: Juki, family: Family, name: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = juki["国立市"].resident(alone(juki)).identification
    juki["国立市"].report_death(juki["国立市"].residents()[-1].resident_id)
    juki.clock.set("2171-05-31")

    reached = threading.Event()

    def cut(at: str, **_: object) -> None:
        if at == place:
            reached.set()
            raise RuntimeError("cut off")

    node = juki[name].node
    with monkeypatch.context() as patch:
        patch.setattr("jukinet.failpoint.hit", cut)
        node.set_clock(instant("2171-06-01"))
        assert reached.wait(10)
        assert (len(juki[name].changes(dead.resident_code)) == 0) is (place == "journal_erased")
        assert node.local.due() == instant("2171-06-01")
        juki.kill(name)
    juki.start(name)
    juki.clock.set("2171-06-02")
    for file in juki.network.layout.node(juki.find(name)[0]).glob("*.db*"):
        assert dead.resident_code.encode() not in file.read_bytes()
    if name != "国立市":
        assert juki[name].held(dead.resident_code) == []
    assert len(erasures(juki, name)) == len(set(erasures(juki, name))), "written down once"
    assert juki.ledger_differences() == []


@small
@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
@pytest.mark.parametrize("tier", TIERS)
def test_a_batch_with_erased_records_still_proves_the_others(juki: Juki, tier: str, tmp_path: Path) -> None:
    people = juki.populate("国立市", 40)
    for resident in people[:5]:
        juki["国立市"].report_death(resident.resident_id)
    juki.clock.set("2171-06-01")
    batches = [
        entry for entry in juki[tier].journal()
        if entry.header.kind == retention.IDENTIFICATION and any("保存期間経過" in text for text in entry.summaries)
    ]  # fmt: skip
    (position, kept, gone) = next(found for entry in batches if (found := _mixed(juki, tier, entry.position)))
    ask = juki.console(tier).call
    proof = ask(Drill, "GetEvidence", drill_pb2.GetEvidenceRequest(position=position, index=kept))
    verified, said = evidence.verify(evidence.export(proof, tmp_path / "evidence"))
    assert verified, said
    with juki.refused("RECORD_ERASED"):
        ask(Drill, "GetEvidence", drill_pb2.GetEvidenceRequest(position=position, index=gone))


def _mixed(juki: Juki, tier: str, position: int) -> tuple[int, int, int] | None:
    """Position, an index that is left and one that is gone, of a batch that has both."""
    with juki[tier].file() as db:
        entry = journal.entry(db, position)
    assert entry is not None
    payload = relay_pb2.BatchPayload.FromString(entry.envelope.batch.payload)
    left = [index for index, record in enumerate(payload.records) if record]
    return (position, left[-1], payload.redacted[0].index) if left else None


@small
@pytest.mark.law(*KEEP)
def test_what_is_still_live_when_its_period_is_over_is_kept_for_another(juki: Juki, family: Family) -> None:
    code = family.codes[0]
    center = juki["機構"].node
    with center.register.read() as db:
        position, record = retention._unsuperseded(db, [int(code)])[int(code)][1:]  # type: ignore[index]
    center.register.write(lambda db: retention._run(db, "2040-01-01", [(position, record)]))
    juki.clock.set("2040-01-01")
    assert [held.live for held in juki["機構"].held(code)] == [True]
    assert any(change.split()[1].startswith("個人番号") for change in juki["機構"].changes(code))
    assert not center.local.due() or center.local.due() > juki.clock.now  # type: ignore[operator]


@small
def test_a_centre_that_lost_its_files_takes_redacted_batches_from_its_governor(juki: Juki, family: Family) -> None:
    juki["国立市"].report_death(family.child)
    juki.clock.set("2171-06-02")
    kept = {code: juki["機構"].changes(code) for code in family.codes}
    juki.cut("東京都", "機構")
    juki.kill("機構")
    for file in juki.network.layout.node("jlis/center").glob("*.db*"):
        file.unlink()
    juki.start("機構")
    juki["機構"].node.set_clock(juki["東京都"].node.clock.now())
    juki.heal()
    alone(juki)
    assert juki["機構"].status().quarantined_records == 0
    assert {code: juki["機構"].changes(code) for code in family.codes} == kept
    assert [held.live for code in family.codes for held in juki["機構"].held(code)] == [True, True]
    assert any("保存期間経過" in text for entry in juki["機構"].journal() for text in entry.summaries)


@pytest.mark.juki(nodes=["国立市", "横浜市"])
@pytest.mark.law(*KEEP, "keep_removed_record", "keep_paper")
def test_of_a_life_in_two_prefectures_nothing_is_left_in_the_end(juki: Juki, family: Family) -> None:
    kunitachi, tsurumi, resident_id = juki["国立市"], juki["横浜市鶴見区"], alone(juki, domicile=TSURUMI)
    before = kunitachi.resident(resident_id).identification
    left = kunitachi.report_move_out([resident_id], "横浜市鶴見区", "2021-06-10")
    juki.clock.set("2021-06-10")
    address = "神奈川県横浜市鶴見区みどり台十一丁目2番3号"
    (moved,) = tsurumi.report_move_in(left.certificate, address, "2021-06-10").receipt.resident_ids
    juki.clock.set("2050-01-01")
    tsurumi.report_relocation([moved], address + "の2")
    juki.clock.set("2060-02-29")
    tsurumi.report_death(moved)
    (entry,) = tsurumi.supplementary_register(TSURUMI)
    assert entry.addresses[0].address == address + "の2"
    tsurumi.clear_supplementary_register([entry.entry_id])  # as the 戸籍 has it (令19条)
    words = (*words_of(before), address)
    juki.clock.set("2171-06-11")
    names = {hit.split()[0] for hit in found_in_files(juki, *words)}
    assert names == {"横浜市", "神奈川県", "機構"}, "where the person lived first, and that governor, nothing is left"
    code = before.resident_code
    assert len(juki["神奈川県"].changes(code)) == len(juki["機構"].changes(code)) == 3
    juki.clock.set("2199-12-31")
    assert len(juki["神奈川県"].changes(code)) == 3
    juki.clock.set("2200-01-01")
    there = ["鶴見区 修正・転居 2050-01-01 #2", "鶴見区 消除・死亡 2060-02-29 #3"]
    assert [change.replace("記載の", "") for change in juki["機構"].changes(code)] == there
    juki.clock.set("2210-02-28")
    assert found_in_files(juki, *words)
    juki.clock.set("2210-03-01")
    assert found_in_files(juki, *words) == {}, "notice and 除票 of a leap day: both periods end with February"
    assert juki.ledger_differences() == []
    assert juki["機構"].status().live_records == 3, "the others live"


@small
def test_many_due_days_take_seconds(juki: Juki) -> None:
    people = juki.populate("国立市", 30)
    for resident in people[:20]:
        juki.clock.advance(days=7)
        juki["国立市"].report_death(resident.resident_id)
    begin = time.perf_counter()
    juki.clock.set("2176-01-01")
    assert time.perf_counter() - begin < 60
    live = {record.identification.resident_code for record in juki["国立市"].residents()}
    assert live == {resident.identification.resident_code for resident in people[20:]}
    gone = [resident.identification for resident in people[:20]]
    assert found_in_files(juki, *(person.resident_code for person in gone)) == {}
    assert juki.ledger_differences() == []
