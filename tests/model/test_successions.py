"""Which area takes over from which: the table, and what an address becomes."""

from __future__ import annotations

from datetime import date

import pytest

from jukinet import data
from jukinet.model import areas, successions

REORGANIZED, MERGED = date(2024, 1, 1), date(2005, 11, 1)
NAKA, KITA, CHUO, HAMANA = "221317", "221350", "221384", "221392"
FUTAMI, OBATA, MISONO, ISE = "244627", "244635", "244686", "242039"


def test_every_area_that_ends_is_succeeded_the_day_after_by_one_that_exists_then() -> None:
    ending = [area for area in (*areas.past_municipalities(), *areas.wards()) if area.valid_to]
    assert {area.code for area in ending} == {row["from"] for row in data.rows("area_successions.csv")}
    for area in ending:
        for succession in successions.of(area.code):
            after = areas.find(succession.successor)
            assert after is not None
            assert area.valid_to is not None
            assert succession.day.toordinal() == area.valid_to.toordinal() + 1
            assert after.exists_on(succession.day)
            assert succession.address.startswith(after.full_name)
            assert (after.kind, after.prefecture) == (area.kind, area.prefecture)


def test_exactly_one_succession_of_an_area_takes_what_no_town_names() -> None:
    for row in data.rows("area_successions.csv"):
        assert len([s for s in successions.of(row["from"]) if not s.towns]) == 1


@pytest.mark.parametrize(
    ("address", "successor"),
    [
        *(
            pytest.param(f"静岡県浜松市北区{town}1番", CHUO, id=f"{town}は三方原地区なので中央区")
            for town in ("初生町", "三方原町", "東三方町", "豊岡町", "三幸町", "大原町", "根洗町")
        ),
        pytest.param("静岡県浜松市北区細江町気賀1番", HAMANA, id="細江町は三方原地区でないので浜名区"),
        pytest.param("静岡県浜松市北区都田町1番", HAMANA, id="都田町は三方原地区でないので浜名区"),
        pytest.param("静岡県浜松市北区引佐町三方原町", HAMANA, id="先頭でない町名では決めない"),
        pytest.param("浜松市北区三方原町1番", CHUO, id="県名のない住所でも町名で決める"),
        pytest.param("静岡県浜松市北区　三方原町1番", CHUO, id="区名の後に空白があっても町名で決める"),
        pytest.param("三方原町1番", HAMANA, id="区名のない住所は残りの区域として扱う"),
        pytest.param("", HAMANA, id="住所がなければ残りの区域として扱う"),
    ],
)
def test_the_town_decides_where_a_ward_is_divided(address: str, successor: str) -> None:
    found = successions.successor(KITA, address, REORGANIZED)
    assert found is not None
    assert found.successor == successor


@pytest.mark.parametrize(
    ("area", "address", "on", "present"),
    [
        pytest.param(NAKA, "静岡県浜松市中区元城町1番", date(2023, 12, 31), NAKA, id="前日は旧区のまま"),
        pytest.param(NAKA, "静岡県浜松市中区元城町1番", REORGANIZED, CHUO, id="当日から新区"),
        pytest.param(CHUO, "静岡県浜松市中央区元城町1番", date(2030, 1, 1), CHUO, id="新区は新区のまま"),
        pytest.param("132152", "東京都国立市富士見台1番", REORGANIZED, "132152", id="変わらない市は変わらない"),
        pytest.param(FUTAMI, "三重県度会郡二見町江1番地", date(2005, 10, 31), FUTAMI, id="合併の前日は町のまま"),
        pytest.param(FUTAMI, "三重県度会郡二見町江1番地", MERGED, ISE, id="合併の日から伊勢市"),
        pytest.param("999999", "", REORGANIZED, "999999", id="知られていない符号はそのまま"),
    ],
)
def test_what_keeps_an_address_on_a_day(area: str, address: str, on: date, present: str) -> None:
    assert successions.present(area, address, on) == present


@pytest.mark.parametrize(
    ("area", "former", "day", "so"),
    [
        pytest.param(CHUO, NAKA, REORGANIZED, True, id="中央区は中区を承継した"),
        pytest.param(CHUO, KITA, REORGANIZED, True, id="中央区は北区の一部を承継した"),
        pytest.param(HAMANA, KITA, REORGANIZED, True, id="浜名区は北区の残りを承継した"),
        pytest.param(HAMANA, NAKA, REORGANIZED, False, id="浜名区は中区を承継していない"),
        pytest.param(CHUO, NAKA, date(2023, 12, 31), False, id="前の日付では承継していない"),
        pytest.param(CHUO, NAKA, date(2024, 1, 2), False, id="後の日付では承継していない"),
        pytest.param(NAKA, CHUO, REORGANIZED, False, id="旧区が新区を承継することはない"),
        pytest.param(ISE, FUTAMI, MERGED, True, id="伊勢市は二見町を承継した"),
        pytest.param(ISE, "132152", MERGED, False, id="伊勢市は国立市を承継していない"),
        pytest.param("244619", FUTAMI, MERGED, False, id="玉城町は二見町を承継していない"),
    ],
)
def test_who_succeeds_whom_and_when(area: str, former: str, day: date, so: bool) -> None:
    assert successions.succeeds(area, former, day) is so


def test_formers_are_those_that_have_come_by_the_day() -> None:
    assert successions.formers(ISE, date(2005, 10, 31)) == ()
    assert successions.formers(ISE, MERGED) == (FUTAMI, OBATA, MISONO)
    assert successions.formers(HAMANA, REORGANIZED) == (KITA, "221368")


def test_a_village_that_became_a_part_of_the_city_gives_its_addresses_another_word() -> None:
    (misono,) = successions.of(MISONO)
    assert misono.rewritten("三重県度会郡御薗村長屋1番地") == "三重県伊勢市御薗町長屋1番地"
    assert misono.rewritten("長屋1番地") == "長屋1番地"


def test_municipalities_of_the_past_are_known_with_their_days_and_not_counted() -> None:
    assert [area.code for area in areas.past_municipalities()] == [FUTAMI, OBATA, MISONO]
    assert not {area.code for area in areas.municipalities()} & {FUTAMI, OBATA, MISONO}
    futami = areas.find(FUTAMI)
    assert futami is not None
    assert futami.full_name == "三重県度会郡二見町"
    assert areas.by_name("二見町") == areas.by_name("二見町", date(2005, 10, 31)) == [futami]
    assert areas.by_name("二見町", MERGED) == []
    assert [area.code for area in areas.by_name("浜松市天竜区", REORGANIZED)] == ["221406"]
    assert [area.code for area in areas.by_name("浜松市天竜区", date(2023, 12, 31))] == ["221376"]
