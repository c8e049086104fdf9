"""浜松市の区の再編 (2024-01-01): old wards' residents become the new wards' at 00:00, and each lives once at J-LIS."""

from __future__ import annotations

import pytest

from jukinet.testing.door import person
from jukinet.testing.network import Juki
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import drill_pb2, drill_pb2_grpc

HAMAMATSU = "浜松市"
NAKA, KITA, HAMAKITA, OLD_TENRYU = "221317", "221350", "221368", "221376"
CHUO, HAMANA, TENRYU = "221384", "221392", "221406"
EVE, DAY = "2023-12-31", "2024-01-01"
MINOR = "記載の修正・軽微な修正 2024-01-01"
at_hamamatsu = pytest.mark.juki(nodes=[HAMAMATSU, "国立市"], clock="2023-12-31")


def enter(juki: Juki, area: str, address: str, name: str = "架空　遠江") -> tuple[int, str]:
    """Somebody comes onto a ward's register; number of the record, and the code."""
    (resident_id,) = juki[area].enter_ex_officio(person(name, "1990-07-07", "女"), address=address).receipt.resident_ids
    return resident_id, juki[area].resident(resident_id).identification.resident_code


def held(juki: Juki, code: str, tier: str = "機構") -> dict[str, bool]:
    return {record.area_code: record.live for record in juki[tier].held(code)}


def whole(address: str) -> str:
    """With the city's name before it; `*` stands for an address that was written without."""
    return address.removeprefix("*") if address.startswith("*") else f"静岡県浜松市{address}"


@pytest.mark.law("change_administrative_area")
@at_hamamatsu
def test_change_administrative_area_moves_every_resident_at_midnight(juki: Juki) -> None:
    resident_id, code = enter(juki, NAKA, "静岡県浜松市中区みどり台一丁目1番1号")
    juki.settle()
    since = juki.mark()
    juki.clock.set(DAY)
    record = juki[HAMAMATSU].resident(resident_id)
    assert (record.state, record.identification.area_code) == (pb.RESIDENT_STATE_LIVE, CHUO)
    assert record.identification.address == "静岡県浜松市中央区みどり台一丁目1番1号"
    for tier in ("静岡県", "機構"):
        assert held(juki, code, tier) == {NAKA: False, CHUO: True}
        assert juki[tier].changes(code)[-1] == f"中央区 {MINOR} #1"
        assert juki[tier].notices(code)[-1].change.former_area_code == NAKA
        assert {c.area_code: c.live_records for c in juki[tier].status().live_by_origin} == {CHUO: 1}
    assert juki.hops(code, since) == ["中央区→浜松市", "浜松市→静岡県", "静岡県→機構"]
    (row,) = [row for row in juki[HAMAMATSU].audit() if row["event"] == "ChangeAdministrativeArea"]
    assert (row["article"], row["subjects"]) == ("住基法施行規則第11条第3項第2号ハ", str(resident_id))
    assert juki.ledger_differences() == []


@pytest.mark.law("change_administrative_area")
@pytest.mark.parametrize(
    ("old", "address", "new", "expected"),
    [
        pytest.param("221317", "中区元城町1番", CHUO, "中央区元城町1番", id="中区は中央区になる"),
        pytest.param("221325", "東区流通元町1番", CHUO, "中央区流通元町1番", id="東区は中央区になる"),
        pytest.param("221333", "西区雄踏一丁目1番", CHUO, "中央区雄踏一丁目1番", id="西区は中央区になる"),
        pytest.param("221341", "南区江之島町1番", CHUO, "中央区江之島町1番", id="南区は中央区になる"),
        pytest.param(KITA, "北区三方原町1番", CHUO, "中央区三方原町1番", id="北区三方原町は中央区になる"),
        pytest.param(KITA, "北区　初生町1番", CHUO, "中央区　初生町1番", id="区名の後の空白は残す"),
        pytest.param(KITA, "北区細江町気賀1番", HAMANA, "浜名区細江町気賀1番", id="北区細江町は浜名区になる"),
        pytest.param(KITA, "*細江町気賀1番", HAMANA, "*細江町気賀1番", id="区名のない住所は書き換えない"),
        pytest.param(HAMAKITA, "浜北区西美薗1番", HAMANA, "浜名区西美薗1番", id="浜北区は浜名区になる"),
        pytest.param(OLD_TENRYU, "天竜区二俣町1番", TENRYU, "天竜区二俣町1番", id="天竜区は名称のまま符号が変わる"),
    ],
)  # fmt: skip
@at_hamamatsu
def test_change_administrative_area_by_ward_and_town(
    juki: Juki, old: str, address: str, new: str, expected: str
) -> None:
    address, expected = (
        f"静岡県浜松市{text}".partition("*")[2] or f"静岡県浜松市{text}" for text in (address, expected)
    )
    resident_id, code = enter(juki, old, address)
    juki.clock.set(DAY)
    person_now = juki[HAMAMATSU].resident(resident_id).identification
    assert (person_now.area_code, person_now.address) == (new, expected)
    assert held(juki, code) == {old: False, new: True}
    assert juki.ledger_differences() == []


@pytest.mark.law("change_administrative_area")
@at_hamamatsu
def test_the_day_before_nothing_has_changed_and_the_new_wards_are_not_yet(juki: Juki) -> None:
    resident_id, code = enter(juki, NAKA, "静岡県浜松市中区みどり台1番")
    juki.clock.set("2023-12-31T23:59")
    assert juki[HAMAMATSU].resident(resident_id).identification.area_code == NAKA
    assert held(juki, code) == {NAKA: True}
    with juki.refused("AREA_UNKNOWN"):
        juki[CHUO].enter_ex_officio(person(), address="静岡県浜松市中央区みどり台1番")
    assert not [row for row in juki[HAMAMATSU].audit() if row["event"] == "ChangeAdministrativeArea"]


@pytest.mark.law("change_administrative_area")
@at_hamamatsu
def test_at_the_counter_of_an_old_ward_nothing_can_be_done_any_more(juki: Juki) -> None:
    enter(juki, NAKA, "静岡県浜松市中区みどり台1番")
    juki.clock.set(DAY)
    with juki.refused("AREA_UNKNOWN"):
        juki[NAKA].enter_ex_officio(person(), address="静岡県浜松市中区みどり台1番")
    with juki.refused("AREA_UNKNOWN"):
        juki[OLD_TENRYU].enter_ex_officio(person(), address="静岡県浜松市天竜区二俣町1番")
    _, code = enter(juki, CHUO, "静岡県浜松市中央区みどり台2番", "架空　浜子")
    juki.settle()
    assert held(juki, code) == {CHUO: True}


@pytest.mark.law("change_administrative_area", "report_birth", "report_relocation", "report_death")
@at_hamamatsu
def test_after_the_change_the_new_ward_says_what_happens_to_its_residents(juki: Juki) -> None:
    resident_id, code = enter(juki, KITA, "静岡県浜松市北区三方原町1番")
    juki.clock.set("2024-01-05")
    city = juki[HAMAMATSU]
    household = city.resident(resident_id).household_id
    born = city.report_birth(household).receipt.resident_ids[0]
    assert city.resident(born).identification.area_code == CHUO
    assert city.resident(born).identification.address == "静岡県浜松市中央区三方原町1番"
    city.report_relocation([resident_id], "静岡県浜松市中央区元城町9番")
    city.report_death(resident_id)
    juki.settle()
    assert juki["機構"].changes(code)[-2:] == [
        "中央区 記載の修正・転居 2024-01-05 #2",
        "中央区 消除・死亡 2024-01-05 #3",
    ]
    assert held(juki, code) == {KITA: False, CHUO: False}
    assert juki.ledger_differences() == []


@pytest.mark.law("change_administrative_area")
@at_hamamatsu
def test_a_household_keeps_together_and_除票_stay_with_the_old_ward(juki: Juki) -> None:
    head = juki[KITA].enter_ex_officio(person("架空　元"), address="静岡県浜松市北区根洗町1番").receipt
    child = juki[KITA].enter_ex_officio(
        person("架空　子", "2015-01-01", relationship="子"), household_id=head.household_id
    )
    gone, gone_code = enter(juki, KITA, "静岡県浜松市北区根洗町2番", "架空　去")
    juki[KITA].delete_ex_officio(gone)
    juki.clock.set(DAY)
    city = juki[HAMAMATSU]
    members = city.residents(household_id=head.household_id)
    assert {member.identification.area_code for member in members} == {CHUO}
    assert [member.relationship for member in members] == ["世帯主", "子"]
    assert [member.resident_id for member in members] == [*head.resident_ids, *child.receipt.resident_ids]
    removed = city.resident(gone).identification
    assert (removed.area_code, removed.address) == (KITA, "静岡県浜松市北区根洗町2番")
    assert held(juki, gone_code) == {KITA: False}
    assert city.node.local.live() == {CHUO: 2}


@pytest.mark.law("change_administrative_area", "complete_move_out")
@at_hamamatsu
def test_who_leaves_on_the_day_itself_is_removed_by_the_new_ward(juki: Juki) -> None:
    resident_id, code = enter(juki, NAKA, "静岡県浜松市中区みどり台1番")
    juki[NAKA].report_move_out([resident_id], "国立市", DAY)
    juki.clock.set(DAY)
    assert juki[HAMAMATSU].resident(resident_id).state == pb.RESIDENT_STATE_REMOVED
    assert juki["機構"].changes(code)[-2:] == [f"中央区 {MINOR} #1", "中央区 消除・国内転出 2024-01-01 #2"]
    assert held(juki, code) == {NAKA: False, CHUO: False}


@pytest.mark.law("receive_move_in_notice", "pass_on_confirmation_by_mayor")
@pytest.mark.parametrize(
    ("planned", "said_by"),
    [
        pytest.param("2023-12-31", CHUO, id="除票になっていた旧区の人の転入通知は承継した区が受ける"),
        pytest.param("2024-01-10", CHUO, id="予定日前の旧区の人の転入通知は承継した区が受ける"),
    ],
)
@at_hamamatsu
def test_a_転入通知_to_an_abolished_ward_reaches_its_successor(juki: Juki, planned: str, said_by: str) -> None:
    resident_id, code = enter(juki, NAKA, "静岡県浜松市中区みどり台1番")
    certificate = juki[NAKA].report_move_out([resident_id], "国立市", planned).certificate
    assert certificate.former_area_code == NAKA
    juki.clock.set("2024-01-05")
    juki["国立市"].report_move_in(certificate, "東京都国立市みどり台1番", "2024-01-04")
    juki.settle()
    record = juki[HAMAMATSU].resident(resident_id)
    assert record.state == pb.RESIDENT_STATE_REMOVED
    assert record.confirmed_destination == "東京都国立市みどり台1番"
    (confirmed,) = juki["静岡県"].confirmed(code)
    assert confirmed.new_area_code == "132152"
    said = [entry for entry in juki["静岡県"].journal() if entry.header.kind == 2]
    assert [entry.header.origin for entry in said] == [said_by]
    assert [area for area, live in held(juki, code).items() if live] == ["132152"]
    assert juki[HAMAMATSU].quarantined() == []
    assert juki.ledger_differences() == []


@pytest.mark.law("receive_move_in_notice")
@at_hamamatsu
def test_a_転入通知_that_was_on_its_way_over_the_new_year_arrives(juki: Juki) -> None:
    resident_id, code = enter(juki, NAKA, "静岡県浜松市中区みどり台1番")
    certificate = juki[NAKA].report_move_out([resident_id], "国立市", "2024-01-20").certificate
    juki.cut(HAMAMATSU, "国立市")
    juki["国立市"].report_move_in(certificate, "東京都国立市みどり台1番", EVE)
    juki.clock.set("2024-01-02")
    assert juki[HAMAMATSU].resident(resident_id).identification.area_code == CHUO
    juki.heal()
    juki.settle()
    assert juki[HAMAMATSU].resident(resident_id).state == pb.RESIDENT_STATE_REMOVED
    assert [area for area, live in held(juki, code).items() if live] == ["132152"]
    assert juki.ledger_differences() == []


@pytest.mark.law("report_move_in")
@at_hamamatsu
def test_from_an_old_ward_to_a_new_one_of_the_city_the_notice_is_heard_at_home(juki: Juki) -> None:
    resident_id, code = enter(juki, NAKA, "静岡県浜松市中区みどり台1番")
    certificate = juki[NAKA].report_move_out([resident_id], "浜松市浜名区", "2024-01-03").certificate
    juki.clock.set("2024-01-03T09:00")
    juki[HAMANA].report_move_in(certificate, "静岡県浜松市浜名区みどり台1番")
    juki.settle()
    assert juki[HAMAMATSU].resident(resident_id).confirmed_destination == "静岡県浜松市浜名区みどり台1番"
    assert held(juki, code) == {NAKA: False, CHUO: False, HAMANA: True}
    assert juki.ledger_differences() == []


@pytest.mark.law("change_administrative_area")
@at_hamamatsu
def test_a_node_that_was_down_on_the_day_does_it_when_it_starts_and_only_once(juki: Juki) -> None:
    resident_id, code = enter(juki, NAKA, "静岡県浜松市中区みどり台1番")
    juki.settle()
    juki.kill(HAMAMATSU)
    juki.clock.set("2024-02-01")
    juki.start(HAMAMATSU)
    juki.clock.set("2024-02-01T01:00")
    for _ in range(2):
        assert juki[HAMAMATSU].resident(resident_id).identification.area_code == CHUO
        assert [change for change in juki["機構"].changes(code) if "軽微な修正" in change] == [f"中央区 {MINOR} #1"]
        juki.kill(HAMAMATSU)
        juki.start(HAMAMATSU)
        juki.settle()
    assert juki.ledger_differences() == []


@pytest.mark.law("change_administrative_area")
@at_hamamatsu
def test_what_an_old_ward_said_does_not_live_again_when_it_arrives_late(juki: Juki) -> None:
    """The governor is away over the change: what reaches J-LIS afterwards, in whatever order, leaves one live row."""
    _, early = enter(juki, NAKA, "静岡県浜松市中区みどり台1番")
    juki.settle()
    juki.kill("静岡県")
    _, late = enter(juki, OLD_TENRYU, "静岡県浜松市天竜区二俣町1番", "架空　竜")
    juki.kill("国立市")
    network = juki.network.nodes["municipality/221309"]
    network.set_clock(juki.clock.now.replace(year=2024, month=1, day=1, hour=0, minute=0))
    juki.start("静岡県")
    juki.settle()
    assert held(juki, early) == {NAKA: False, CHUO: True}
    assert held(juki, late) == {OLD_TENRYU: False, TENRYU: True}
    juki.start("国立市")


@pytest.mark.law("change_administrative_area")
@at_hamamatsu
def test_a_full_transmission_after_the_change_leaves_one_live_row(juki: Juki) -> None:
    _, code = enter(juki, NAKA, "静岡県浜松市中区みどり台1番")
    juki.clock.set(DAY)
    request = drill_pb2.ResyncRequest(request_id=juki.new_id())
    juki.console(HAMAMATSU).call(drill_pb2_grpc.DrillServiceStub, "Resync", request)
    juki.settle()
    assert held(juki, code) == {NAKA: False, CHUO: True}
    assert juki.ledger_differences() == []
