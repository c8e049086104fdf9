"""整合: what is stored above is compared with the register, and only those who differ travel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jukinet.model.codes import resident_code_from
from jukinet.testing.network import instant
from jukinet.testing.reconciling import STUB
from jukinet.v1 import identification_pb2, reconcile_pb2, reconcile_pb2_grpc
from jukinet.wire.peers import CallFailed

if TYPE_CHECKING:
    from jukinet.store.database import Connection
    from jukinet.testing.network import Juki
    from jukinet.testing.template import Templates

Damage = Callable[["Connection", int], object]


def person_at(juki: Juki, name: str, residents: int = 12) -> str:
    """Code of somebody among some others of a municipality."""
    return juki.populate(name, residents)[0].identification.resident_code


def written(person: identification_pb2.Identification) -> bytes:
    return person.SerializeToString(deterministic=True)


def renamed(db: Connection, code: int) -> None:
    body = db.execute("SELECT body FROM identification WHERE code = ?", (code,)).fetchone()[0]
    person = identification_pb2.Identification.FromString(body)
    person.name = "化け　文字"
    db.execute(
        "UPDATE identification SET body = ? WHERE code = ?", (person.SerializeToString(deterministic=True), code)
    )


def dropped(db: Connection, code: int) -> None:
    db.execute("DELETE FROM identification WHERE code = ?", (code,))


def ended(db: Connection, code: int) -> None:
    db.execute("UPDATE identification SET live = 0 WHERE code = ?", (code,))


def scrambled(db: Connection, code: int) -> None:
    db.execute("UPDATE identification SET body = x'FFFFFF' WHERE code = ?", (code,))


def invented(db: Connection, code: int) -> None:
    other = int(resident_code_from(code // 10 ^ 1))
    db.execute("CREATE TEMP TABLE one AS SELECT * FROM identification WHERE code = ?", (code,))
    body = identification_pb2.Identification.FromString(db.execute("SELECT body FROM one").fetchone()[0])
    body.resident_code = f"{other:011d}"
    db.execute("UPDATE one SET code = ?, body = ?", (other, written(body)))
    db.execute("INSERT INTO identification SELECT * FROM one")
    db.execute("DROP TABLE one")


def damage(juki: Juki, name: str, how: Damage, code: str) -> None:
    juki[name].node.register.write(lambda db: how(db, int(code)))


def union(juki: Juki, name: str) -> set[tuple[str, str, int, bytes]]:
    with juki[name].node.register.read() as db:
        return set(db.execute("SELECT code, area_code, person_sequence, body FROM identification WHERE live = 1"))


def counts(area: reconcile_pb2.AreaReport) -> tuple[int, int, int, int]:
    return area.only_here, area.only_there, area.different, area.mended


@pytest.mark.law("compare_buckets", "compare_records")
def test_where_nothing_differs_nothing_travels(juki: Juki) -> None:
    person_at(juki, "国立市")
    before = juki.mark()
    (area,) = juki.reconcile("国立市").areas
    assert (area.area_code, area.peer, area.records, *counts(area)) == ("132152", "prefecture/130001", 12, 0, 0, 0, 0)
    assert [counts(one) for one in juki.reconcile("東京都").areas] == [(0, 0, 0, 0)]
    assert juki.mark() == before


@pytest.mark.law("reconcile_identification")
@pytest.mark.parametrize(
    ("how", "found", "told"),
    [
        (renamed, (0, 0, 1, 1), ["記載の修正・職権修正等"]),
        (scrambled, (0, 0, 1, 1), ["記載の修正・職権修正等"]),
        (dropped, (1, 0, 0, 1), ["記載・職権記載等"]),
        (ended, (1, 0, 0, 1), ["記載・職権記載等"]),
        (invented, (0, 1, 0, 0), []),
    ],
)
def test_what_the_governor_has_wrong_is_told_again_and_nothing_else(
    juki: Juki, how: Damage, found: tuple[int, ...], told: list[str]
) -> None:
    code = person_at(juki, "国立市")
    center, since = union(juki, "機構"), juki["機構"].changes()
    damage(juki, "東京都", how, code)
    (area,) = juki.reconcile("国立市").areas
    assert counts(area) == found
    assert [words.split(" ")[1] for words in juki["機構"].changes()[len(since) :]] == told
    assert union(juki, "東京都") == union(juki, "機構")
    assert {row[0] for row in union(juki, "機構")} == {row[0] for row in center}
    assert juki["東京都"].status().live_records == 12
    assert [counts(one) for one in juki.reconcile("国立市").areas] == [(0, 0, 0, 0)]
    assert juki.ledger_differences() == []


def test_a_comparison_alone_mends_nothing(juki: Juki) -> None:
    code = person_at(juki, "国立市")
    damage(juki, "東京都", renamed, code)
    damage(juki, "東京都", invented, code)
    before = juki.mark()
    (area,) = juki.reconcile("国立市", mend=False).areas
    assert counts(area) == (0, 1, 1, 0)
    assert juki.mark() == before
    assert len(union(juki, "東京都")) == 13


def test_the_municipality_is_right_also_where_its_own_file_was_changed_by_hand(juki: Juki) -> None:
    code = person_at(juki, "国立市")
    kunitachi = juki["国立市"]

    def rename(db: Connection) -> None:
        body = db.execute("SELECT body FROM resident WHERE code = ?", (int(code),)).fetchone()[0]
        person = identification_pb2.Identification.FromString(body)
        person.address = person.address + "　架空荘"
        db.execute(
            "UPDATE resident SET body = ? WHERE code = ?", (person.SerializeToString(deterministic=True), int(code))
        )

    kunitachi.node.journal.write(rename)
    assert [counts(area) for area in juki.reconcile("国立市").areas] == [(0, 0, 1, 1)]
    assert [held.identification.address[-3:] for held in juki["機構"].held(code)] == ["架空荘"]


def test_whose_record_the_municipality_has_not_is_told_as_removed(juki: Juki) -> None:
    code = person_at(juki, "国立市")

    def lose(db: Connection) -> None:
        whose = "resident_id = (SELECT id FROM resident WHERE code = ?)"
        for table in ("resident_name", "residence", "task"):
            db.execute(f"DELETE FROM {table} WHERE {whose}", (int(code),))
        db.execute("DELETE FROM resident WHERE code = ?", (int(code),))

    juki["国立市"].node.journal.write(lose)
    assert [counts(area) for area in juki.reconcile("国立市").areas] == [(0, 1, 0, 1)]
    assert juki["機構"].changes(code)[-1].startswith("国立市 消除・職権消除等")
    assert [held.live for held in juki["機構"].held(code)] == [False]


@pytest.mark.parametrize("how", [renamed, dropped, ended])
def test_what_j_lis_has_wrong_the_governor_finds(juki: Juki, how: Damage) -> None:
    code = person_at(juki, "国立市")
    person_at(juki, "国分寺市")
    damage(juki, "機構", how, code)
    report = juki.reconcile("東京都")
    assert {area.area_code: area.mended for area in report.areas} == {"132144": 0, "132152": 1}
    juki.settle()
    assert [counts(area)[:3] for area in juki.reconcile("東京都").areas] == [(0, 0, 0), (0, 0, 0)]


def test_what_j_lis_holds_upon_no_notice_it_drops(juki: Juki) -> None:
    code = person_at(juki, "国立市")
    damage(juki, "機構", invented, code)
    assert [counts(area) for area in juki.reconcile("東京都").areas] == [(0, 1, 0, 0)]
    assert union(juki, "機構") == union(juki, "東京都")


def test_a_cut_line_leaves_nothing_half_mended_and_it_goes_on_by_itself(juki: Juki) -> None:
    code = person_at(juki, "国立市")
    damage(juki, "東京都", renamed, code)
    before = juki.mark()
    juki.cut("国立市", "東京都")
    juki.console("国立市").call(STUB, "StartReconcile", reconcile_pb2.StartReconcileRequest(mend=True))
    juki.settle()
    report = juki.reconcile_report("国立市")
    assert (report.running, report.fault[:16]) == (True, "PEER_UNREACHABLE")
    assert juki.mark() == before
    juki.kill("国立市")
    juki.start("国立市")
    juki.heal()
    juki.settle()
    assert [counts(area) for area in juki.reconcile_report("国立市").areas] == [(0, 0, 1, 1)]


def test_j_lis_compares_with_nobody(juki: Juki) -> None:
    with juki.refused("NOT_HERE"):
        juki.reconcile("機構")


def test_the_wards_of_a_city_are_compared_each_by_itself(juki: Juki) -> None:
    code = person_at(juki, "横浜市鶴見区")
    damage(juki, "神奈川県", renamed, code)
    found = {area.area_code: counts(area) for area in juki.reconcile("横浜市").areas}
    assert found.pop("141011") == (0, 0, 1, 1)
    assert set(found.values()) == {(0, 0, 0, 0)}
    assert union(juki, "神奈川県") == union(juki, "機構")


@pytest.fixture
def monthly(juki_templates: Templates, tmp_path: Path) -> Iterator[Juki]:
    from jukinet.testing.network import Juki

    with Juki(tmp_path / "net", juki_templates, nodes=["国立市", "国分寺市"], reconcile_days=30) as juki:
        yield juki


@pytest.mark.law("reconcile_identification")
def test_every_thirty_days_it_is_done_by_itself(monthly: Juki) -> None:
    code = person_at(monthly, "国立市")
    monthly.clock.set("2021-06-30")
    assert monthly.reconcile_report("国立市").run == 0
    damage(monthly, "東京都", renamed, code)
    monthly.clock.set("2021-07-02")
    report = monthly.reconcile_report("国立市")
    assert (report.run, [counts(area) for area in report.areas]) == (1, [(0, 0, 1, 1)])
    assert report.virtual_time.seconds == instant("2021-07-01").timestamp()
    assert monthly.reconcile_report("東京都").run == 1
    event = [row["event"] for row in monthly["国立市"].audit() if row["event"] == "ReconcileIdentification"]
    assert event == ["ReconcileIdentification"]
    monthly.clock.set("2021-10-01")
    assert monthly.reconcile_report("国立市").run == 4


@pytest.mark.law("reconcile_identification")
def test_without_a_period_it_is_done_only_on_demand(juki: Juki) -> None:
    juki.clock.advance(days=400)
    assert juki.reconcile_report("国立市").run == 0


def test_only_who_tells_may_compare(juki: Juki) -> None:
    person_at(juki, "国立市")
    stub = reconcile_pb2_grpc.ReconcileServiceStub
    for asker, asked, area in [
        ("国分寺市", "東京都", "132152"),
        ("横浜市", "東京都", "141011"),
        ("神奈川県", "機構", "132152"),
        ("東京都", "機構", "141011"),
    ]:
        point = reconcile_pb2.StreamPoint(area_code=area, epoch=1, through_number=24)
        request = reconcile_pb2.CompareBucketsRequest(point=point, digests=bytes(16))
        with pytest.raises(CallFailed) as failed:
            juki[asker].node.peers.call(juki[asked].path, stub, "CompareBuckets", request, 5)
        assert failed.value.answer.reason == "ORIGIN_NOT_CARRIED", (asker, asked)


def test_what_stands_at_another_notice_is_not_compared(juki: Juki) -> None:
    person_at(juki, "国立市")
    stub = reconcile_pb2_grpc.ReconcileServiceStub
    for epoch, number in [(1, 23), (1, 25), (2, 24)]:
        point = reconcile_pb2.StreamPoint(area_code="132152", epoch=epoch, through_number=number)
        request = reconcile_pb2.CompareRecordsRequest(point=point, bucket_count=1, mend=True)
        with pytest.raises(CallFailed) as failed:
            juki["国立市"].node.peers.call(juki["東京都"].path, stub, "CompareRecords", request, 5)
        assert failed.value.answer.reason == "RECONCILE_MOVED"
    assert juki["東京都"].status().live_records == 12


def test_a_register_that_is_nearly_empty_is_compared_with_all_that_is_stored_above(
    juki: Juki, monkeypatch: pytest.MonkeyPatch
) -> None:
    person_at(juki, "国立市", 40)
    monkeypatch.setattr("jukinet.node.reconciling.A_PAGE", 10)
    asked: list[int] = []
    peers = juki["国立市"].node.peers
    call = peers.call

    def counted(peer: str, stub: Any, method: str, request: Any, seconds: float) -> Any:
        answer = call(peer, stub, method, request, seconds)
        if method == "CompareRecords":
            asked.append(len(answer.held))
        return answer

    monkeypatch.setattr(peers, "call", counted)
    juki["国立市"].node.journal.write(lambda db: db.execute("UPDATE resident SET state = 3"))
    (area,) = juki.reconcile("国立市", mend=False).areas
    assert (area.records, area.only_there) == (0, 40)
    assert max(asked) <= 20, "an answer stays small, however few records the asker has"
