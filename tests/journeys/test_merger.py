"""合併 (三重県度会郡二見町・小俣町・御薗村 → 伊勢市, 2005-11-01): the city takes the town's records over."""

from __future__ import annotations

import pytest

from jukinet.stack.merger import merge
from jukinet.testing.door import person
from jukinet.testing.network import Juki
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import drill_pb2, drill_pb2_grpc
from tests.journeys.test_retention import found_in_files
from tests.journeys.test_retention_desks import DESIGNED, tables_with

FUTAMI, OBATA, ISE = "244627", "244635", "242039"
EVE, DAY = "2005-10-31", "2005-11-01"
at_futami = pytest.mark.juki(nodes=["二見町", "伊勢市"], clock=EVE)


def drill(juki: Juki, name: str, method: str, request: object) -> object:
    return juki.console(name).call(drill_pb2_grpc.DrillServiceStub, method, request)


def take_over(juki: Juki, former: str = "二見町", successor: str = "伊勢市") -> int:
    """What `jukinet area merge` does; how many records were taken over."""
    codes = [juki.find(name)[0].rpartition("/")[2] for name in (former, successor)]
    records = merge(
        codes[0], codes[1],
        lambda method, request: drill(juki, former, method, request),
        lambda method, request: drill(juki, successor, method, request),
        juki.new_id,
    )  # fmt: skip
    juki.settle()
    return records


def family(juki: Juki) -> tuple[list[int], list[str]]:
    """A couple of 二見町 with a child; numbers of the records, and the codes."""
    futami = juki["二見町"]
    head = futami.enter_ex_officio(
        person("架空　汐", "1960-01-02", registered_domicile="三重県度会郡二見町架空1番地", registered_head="架空　汐"),
        address="三重県度会郡二見町大字架空1番地",
    ).receipt
    ids = list(head.resident_ids)
    for name, born, sex, relationship in (
        ("架空　波", "1962-03-04", "女", "妻"),
        ("架空　凪", "1995-05-06", "男", "子"),
    ):
        new = person(name, born, sex, relationship=relationship)
        ids += futami.enter_ex_officio(new, household_id=head.household_id).receipt.resident_ids
    juki.settle()
    return ids, [futami.resident(resident_id).identification.resident_code for resident_id in ids]


def held(juki: Juki, code: str, tier: str = "機構") -> dict[str, bool]:
    return {record.area_code: record.live for record in juki[tier].held(code)}


@pytest.mark.law("change_administrative_area", "keep_register")
@at_futami
def test_absorb_residents_leaves_one_live_row_a_person_under_伊勢市(juki: Juki) -> None:
    ids, codes = family(juki)
    before = [juki["二見町"].resident(resident_id) for resident_id in ids]
    juki.clock.set(DAY)
    since = juki.mark()
    assert take_over(juki) == 3
    after = juki["伊勢市"].residents()
    for old, new, code in zip(before, after, codes, strict=True):
        assert new.identification.area_code == ISE
        assert new.identification.address == "三重県伊勢市二見町大字架空1番地"
        assert new.identification.individual_number == old.identification.individual_number
        assert (new.relationship, new.head_name, new.resident_since) == (
            old.relationship, old.head_name, old.resident_since,
        )  # fmt: skip
        for tier in ("三重県", "機構"):
            assert held(juki, code, tier) == {FUTAMI: False, ISE: True}
            assert juki[tier].changes(code)[-1] == "伊勢市 記載の修正・軽微な修正 2005-11-01 #1"
            assert juki[tier].notices(code)[-1].change.former_area_code == FUTAMI
        assert juki.hops(code, since) == ["伊勢市→三重県", "三重県→機構"]
    assert len({record.household_id for record in after}) == 1
    assert juki["二見町"].node.local.live() == {}
    assert {c.area_code: c.live_records for c in juki["機構"].status().live_by_origin} == {ISE: 3}
    assert [(r["event"], r["subjects"]) for r in juki["伊勢市"].audit() if r["event"] == "AbsorbResidents"] == [
        ("AbsorbResidents", ",".join(str(record.resident_id) for record in after))
    ]
    assert juki.ledger_differences() == []


@pytest.mark.law("change_administrative_area")
@at_futami
def test_hand_over_residents_not_before_the_day(juki: Juki) -> None:
    ids, codes = family(juki)
    with juki.refused("AREA_STILL_EXISTS"):
        take_over(juki)
    page = drill_pb2.AbsorbResidentsRequest(
        request_id=juki.new_id(), former_area_code=FUTAMI, residents=handed_over(juki, ids)
    )
    with juki.refused("AREA_STILL_EXISTS"):
        drill(juki, "伊勢市", "AbsorbResidents", page)
    assert juki["伊勢市"].residents() == []
    assert [juki["二見町"].resident(i).state for i in ids] == [pb.RESIDENT_STATE_LIVE] * 3
    assert [held(juki, code) for code in codes] == [{FUTAMI: True}] * 3


def handed_over(juki: Juki, ids: list[int]) -> list[drill_pb2.HandedOverResident]:
    """Records as the town would hand them over, were it asked for."""
    return [
        drill_pb2.HandedOverResident(
            record=juki["二見町"].resident(resident_id), household_address="三重県度会郡二見町大字架空1番地"
        )
        for resident_id in ids
    ]


@pytest.mark.law("change_administrative_area")
@pytest.mark.juki(nodes=["二見町", "伊勢市", "津市"], clock=EVE)
def test_hand_over_residents_not_into_another_city(juki: Juki) -> None:
    ids, codes = family(juki)
    records = handed_over(juki, ids)
    juki.clock.set(DAY)
    with juki.refused("AREA_NOT_SUCCEEDED"):
        take_over(juki, successor="津市")
    with juki.refused("AREA_NOT_SUCCEEDED"):
        take_over(juki, former="伊勢市", successor="二見町")
    for former, reason in ((FUTAMI, "AREA_NOT_SUCCEEDED"), (ISE, "AREA_NOT_SUCCEEDED")):
        request = drill_pb2.AbsorbResidentsRequest(request_id=juki.new_id(), former_area_code=former, residents=records)
        with juki.refused(reason):
            drill(juki, "津市", "AbsorbResidents", request)
    mixed = drill_pb2.AbsorbResidentsRequest(request_id=juki.new_id(), former_area_code=OBATA, residents=records)
    with juki.refused("AREA_NOT_YOURS"):
        drill(juki, "伊勢市", "AbsorbResidents", mixed)
    assert juki["津市"].residents() == juki["伊勢市"].residents() == []
    assert [held(juki, code) for code in codes] == [{FUTAMI: True}] * 3


@pytest.mark.law("change_administrative_area")
@at_futami
def test_absorb_residents_twice_is_harmless(juki: Juki) -> None:
    _, codes = family(juki)
    juki.clock.set(DAY)
    assert take_over(juki) == 3
    seen = juki["機構"].changes()
    assert take_over(juki) == 0
    assert len(juki["伊勢市"].residents()) == 3
    assert juki["機構"].changes() == seen
    assert [held(juki, code) for code in codes] == [{FUTAMI: False, ISE: True}] * 3
    assert juki.ledger_differences() == []


@pytest.mark.law("change_administrative_area")
@at_futami
def test_a_page_that_was_handed_over_and_lost_is_handed_over_again(juki: Juki) -> None:
    ids, codes = family(juki)
    juki.clock.set(DAY)
    request = drill_pb2.HandOverResidentsRequest(request_id=juki.new_id(), successor_area_code=ISE)
    lost = drill(juki, "二見町", "HandOverResidents", request)
    assert [r.record.state for r in lost.residents] == [pb.RESIDENT_STATE_LIVE] * 3  # type: ignore[attr-defined]
    assert [juki["二見町"].resident(i).state for i in ids] == [pb.RESIDENT_STATE_REMOVED] * 3
    juki.kill("伊勢市")
    juki.start("伊勢市")
    assert take_over(juki) == 3
    assert [held(juki, code) for code in codes] == [{FUTAMI: False, ISE: True}] * 3
    assert juki.ledger_differences() == []


@pytest.mark.law("keep_register")
@at_futami
def test_at_the_counter_of_the_town_nothing_can_be_done_from_the_day_on(juki: Juki) -> None:
    ids, _ = family(juki)
    juki.clock.set(DAY)
    futami = juki["二見町"]
    household = futami.resident(ids[0]).household_id
    for act in (
        lambda: futami.enter_ex_officio(person()),
        lambda: futami.report_birth(household),
        lambda: futami.report_death(ids[0]),
        lambda: futami.report_relocation(ids, "三重県度会郡二見町大字架空9番地"),
        lambda: futami.report_move_out(ids, "津市"),
        lambda: futami.delete_ex_officio(ids[0]),
        lambda: drill(juki, "二見町", "Resync", drill_pb2.ResyncRequest(request_id=juki.new_id())),
    ):
        with juki.refused("AREA_ABOLISHED"):
            act()
    assert futami.resident(ids[0]).identification.area_code == FUTAMI, "who looks may look"
    assert juki.ledger_differences() == []


@pytest.mark.law("receive_move_in_notice", "confirm_move_out")
@pytest.mark.parametrize(
    "planned",
    [
        pytest.param("2005-10-31", id="合併前に消除された人の転入通知は伊勢市が受ける"),
        pytest.param("2005-11-20", id="合併時に転出予定だった人の転入通知は伊勢市が受ける"),
    ],
)
@pytest.mark.juki(nodes=["二見町", "伊勢市", "津市"], clock=EVE)
def test_a_転入通知_about_who_left_the_town_reaches_伊勢市(juki: Juki, planned: str) -> None:
    ids, codes = family(juki)
    certificate = juki["二見町"].report_move_out([ids[2]], "津市", planned).certificate
    juki.clock.set(DAY)
    assert take_over(juki) == 3
    juki.clock.set("2005-11-05")
    since = juki.mark()
    juki["津市"].report_move_in(certificate, "三重県津市みどり台1番1号", "2005-11-04")
    juki.settle()
    assert "津市→伊勢市" in juki.hops(codes[2], since)
    assert "津市→二見町" not in juki.hops(codes[2], since)
    (gone,) = [r for r in juki["伊勢市"].residents() if r.identification.resident_code == codes[2]]
    assert (gone.state, gone.confirmed_destination) == (pb.RESIDENT_STATE_REMOVED, "三重県津市みどり台1番1号")
    assert [area for area, live in held(juki, codes[2]).items() if live] == ["242012"]
    assert len(juki["三重県"].confirmed(codes[2])) == 1
    assert juki["伊勢市"].quarantined() == []
    assert juki.ledger_differences() == []


@pytest.mark.law("complete_move_out")
@at_futami
def test_who_was_to_leave_after_the_merger_is_removed_by_伊勢市_on_the_planned_day(juki: Juki) -> None:
    ids, codes = family(juki)
    juki["二見町"].report_move_out([ids[2]], "津市", DAY)
    juki["二見町"].report_move_out([ids[1]], "津市", "2005-11-20")
    juki.clock.set(DAY)
    assert juki["二見町"].resident(ids[2]).state == pb.RESIDENT_STATE_MOVING_OUT, "the town acts no more"
    take_over(juki)
    juki.clock.set("2005-11-20")
    for code, day in ((codes[2], DAY), (codes[1], "2005-11-20")):
        assert juki["機構"].changes(code)[-1] == f"伊勢市 消除・国内転出 {day} #2"
        assert held(juki, code) == {FUTAMI: False, ISE: False}
    assert held(juki, codes[0]) == {FUTAMI: False, ISE: True}
    assert juki.ledger_differences() == []


@pytest.mark.law("change_administrative_area")
@at_futami
def test_who_had_lived_in_伊勢市_before_lives_there_once(juki: Juki) -> None:
    """The person's own numbering in the city goes on: what the town's record becomes is later than the old 除票."""
    (here,) = juki["伊勢市"].enter_ex_officio(person("架空　岬")).receipt.resident_ids
    juki.settle()
    code = juki["伊勢市"].resident(here).identification.resident_code
    certificate = juki["伊勢市"].report_move_out([here], "二見町").certificate
    juki["二見町"].report_move_in(certificate, "三重県度会郡二見町大字架空2番地")
    juki.settle()
    assert held(juki, code) == {ISE: False, FUTAMI: True}
    juki.clock.set(DAY)
    take_over(juki)
    assert held(juki, code) == {ISE: True, FUTAMI: False}
    assert juki["機構"].changes(code)[-1] == "伊勢市 記載の修正・軽微な修正 2005-11-01 #4"
    assert juki.ledger_differences() == []


@pytest.mark.law("change_administrative_area")
@at_futami
def test_who_has_moved_to_伊勢市_and_is_still_on_the_town_s_register_lives_there_once(juki: Juki) -> None:
    ids, codes = family(juki)
    certificate = juki["二見町"].report_move_out([ids[2]], "伊勢市", "2005-11-20").certificate
    juki.cut("二見町", "伊勢市")
    juki["伊勢市"].report_move_in(certificate, "三重県伊勢市みどり台1番1号", EVE)
    juki.clock.set(DAY)
    assert held(juki, codes[2]) == {FUTAMI: True, ISE: True}, "the 転入通知 has not arrived"
    take_over(juki)
    assert held(juki, codes[2]) == {FUTAMI: False, ISE: True}
    live = [r for r in juki["伊勢市"].residents() if r.identification.resident_code == codes[2]]
    assert [(r.state, r.identification.address) for r in live] == [
        (pb.RESIDENT_STATE_LIVE, "三重県伊勢市みどり台1番1号")
    ]
    juki.heal()
    juki.settle()
    assert juki["二見町"].quarantined() == [(ISE, "AREA_ABOLISHED")]
    assert held(juki, codes[2]) == {FUTAMI: False, ISE: True}
    assert juki.ledger_differences() == []


@pytest.mark.law("receive_move_in_notice", "enter_paper_move_in_notice")
@pytest.mark.juki(nodes=["二見町", "伊勢市", "津市"], clock=EVE)
def test_a_転入通知_that_comes_to_the_town_after_it_was_taken_over_is_set_aside_and_paper_mends_it(juki: Juki) -> None:
    ids, codes = family(juki)
    certificate = juki["二見町"].report_move_out([ids[2]], "津市", "2005-11-20").certificate
    juki.cut("二見町", "津市")
    juki["津市"].report_move_in(certificate, "三重県津市みどり台1番1号", EVE)
    juki.clock.set(DAY)
    take_over(juki)
    juki.heal()
    juki.settle()
    assert juki["二見町"].quarantined() == [("242012", "AREA_ABOLISHED")]
    (notice,) = juki["津市"].notices(codes[2], kind=3)
    juki["伊勢市"].enter_paper_move_in_notice(notice)
    juki.settle()
    assert [area for area, live in held(juki, codes[2]).items() if live] == ["242012"]
    assert juki.ledger_differences() == []


@pytest.mark.law("receive_move_in_notice")
@pytest.mark.juki(nodes=["二見町", "伊勢市", "津市"], clock=EVE)
def test_a_転入通知_that_comes_to_the_town_before_it_is_taken_over_is_heard(juki: Juki) -> None:
    ids, codes = family(juki)
    certificate = juki["二見町"].report_move_out([ids[2]], "津市", "2005-11-20").certificate
    juki.cut("二見町", "津市")
    juki["津市"].report_move_in(certificate, "三重県津市みどり台1番1号", EVE)
    juki.clock.set(DAY)
    juki.heal()
    juki.settle()
    assert juki["二見町"].quarantined() == []
    take_over(juki)
    assert [area for area, live in held(juki, codes[2]).items() if live] == ["242012"]
    assert len(juki["三重県"].confirmed(codes[2])) == 1
    assert juki.ledger_differences() == []


@pytest.mark.law("change_administrative_area")
@at_futami
def test_who_has_no_number_yet_gets_it_from_伊勢市(juki: Juki) -> None:
    juki.kill("機構")
    (resident_id,) = juki["二見町"].enter_ex_officio(person("架空　磯")).receipt.resident_ids
    code = juki["二見町"].resident(resident_id).identification.resident_code
    for name in ("三重県", "二見町", "伊勢市"):
        node = juki[name].node
        node.set_clock(node.clock.now().replace(month=11, day=1))
    take_over(juki)
    juki.start("機構")
    juki.settle()
    (record,) = juki["伊勢市"].residents()
    assert len(record.identification.individual_number) == 12
    assert held(juki, code) == {FUTAMI: False, ISE: True}
    assert juki["伊勢市"].tasks() == juki["二見町"].tasks() == []
    assert juki.ledger_differences() == []


@pytest.mark.law("change_administrative_area")
@pytest.mark.juki(nodes=["二見町", "小俣町", "御薗村", "伊勢市"], clock=EVE)
def test_all_three_become_伊勢市_and_every_one_lives_once(juki: Juki) -> None:
    towns = {"二見町": "二見町", "小俣町": "小俣町", "御薗村": "御薗町"}
    for town in towns:
        juki.populate(town, 12)
    juki.clock.set(DAY)
    assert sum(take_over(juki, town) for town in towns) == 36
    assert {c.area_code: c.live_records for c in juki["機構"].status().live_by_origin} == {ISE: 36}
    people = juki["伊勢市"].residents()
    for town in towns.values():
        assert len([r for r in people if r.identification.address.startswith(f"三重県伊勢市{town}")]) == 12
    assert not [fault for node in ("機構", "三重県") for fault in juki[node].quarantined()]
    assert juki.ledger_differences() == []


@pytest.mark.law("keep_removed_record", "keep_notified_identification")
@at_futami
def test_what_was_taken_over_ends_with_its_period_at_either_side(juki: Juki) -> None:
    """A 除票 of the town, and one of the city: in the end neither file knows them, and the child lives on."""
    ids, codes = family(juki)
    words = ("架空　汐", "架空　波", *codes[:2], "二見町大字架空1番地")
    juki["二見町"].report_death(ids[0])
    (entry,) = juki["二見町"].supplementary_register()
    juki["二見町"].clear_supplementary_register([entry.entry_id])
    juki.settle()
    juki.clock.set(DAY)
    take_over(juki)
    after = {record.identification.name: record for record in juki["伊勢市"].residents()}
    assert sorted(after) == ["架空　凪", "架空　汐", "架空　波"]
    juki["伊勢市"].report_relocation([after["架空　凪"].resident_id], "三重県伊勢市架空町9番地")
    juki["伊勢市"].report_death(after["架空　波"].resident_id)
    juki.settle()
    child = juki["伊勢市"].resident(after["架空　凪"].resident_id)
    juki.clock.set("2155-10-31")
    assert {"三重県 succeeded", "機構 succeeded"} <= tables_with(juki, {int(codes[2])})
    juki.clock.set("2155-11-01")
    assert {hit.split()[0] for hit in found_in_files(juki, *words)} == {"二見町", "伊勢市"}
    counts = juki["二見町"].counts()["resident"], juki["伊勢市"].counts()["resident"]
    assert counts == (2, 3), "the town's own 除票 ended the day before"
    juki.clock.set("2155-11-02")
    assert found_in_files(juki, *words) == {}
    dead, live = ({int(code) for code in some} for some in (codes[:2], codes[2:]))
    assert {one.split()[1] for one in tables_with(juki, dead)} == DESIGNED, "succeeded rows are gone too"
    assert not {"二見町 unsuperseded", "三重県 succeeded", "機構 succeeded"} & tables_with(juki, live)
    assert (juki["二見町"].counts()["resident"], juki["伊勢市"].counts()["resident"]) == (0, 1)
    assert juki["伊勢市"].counts()["absorbed_household"] == 0
    assert juki["伊勢市"].resident(child.resident_id) == child
    assert found_in_files(juki, codes[2]).keys() & {"二見町 journal.db"} == set(), "the town said nothing newer of him"
