from datetime import date

import pytest

from jukinet.model import areas, codes
from jukinet.model.areas import Area


def found(code: str) -> Area:
    area = areas.find(code)
    assert area is not None
    return area


def test_the_country_has_47_prefectures_1741_municipalities_and_178_wards_past_and_present() -> None:
    assert len(areas.prefectures()) == 47
    assert len(areas.municipalities()) == 1741
    assert len(areas.wards()) == 178


def test_every_code_ends_in_its_check_digit_and_stands_in_ascending_order() -> None:
    for group in (areas.prefectures(), areas.municipalities(), areas.wards()):
        listed = [area.code for area in group]
        assert all(codes.area_code_is_valid(code) for code in listed)
        assert listed == sorted(set(listed))


@pytest.mark.parametrize("group", [areas.prefectures, areas.municipalities])
def test_figures_add_up_to_the_printed_national_totals(group: object) -> None:
    assert callable(group)
    listed: tuple[Area, ...] = group()
    assert sum(area.population for area in listed) == 126_654_244
    assert sum(area.households for area in listed) == 59_497_356
    assert all(area.male + area.female == area.population for area in listed)


def test_wards_of_2021_add_up_to_their_designated_cities_and_there_are_20() -> None:
    cities = [area for area in areas.municipalities() if area.is_designated_city]
    assert len(cities) == 20
    for city in cities:
        assert sum(ward.population for ward in areas.wards_of(city.code, date(2021, 1, 1))) == city.population


def test_a_municipality_is_found_with_its_particulars() -> None:
    kunitachi = found("132152")
    assert (kunitachi.name, kunitachi.kana, kunitachi.kind, kunitachi.status) == (
        "国立市",
        "くにたちし",
        "municipality",
        "city",
    )
    assert (kunitachi.prefecture_code, kunitachi.prefecture) == ("13", "東京都")
    assert kunitachi.latitude is not None
    assert 35 < kunitachi.latitude < 36


@pytest.mark.parametrize("code", ["132153", "999999", "", "13215", "東京都"])
def test_a_code_of_no_area_is_not_found(code: str) -> None:
    assert areas.find(code) is None


def test_the_governor_of_an_area_has_the_code_of_the_prefecture() -> None:
    assert areas.prefecture_of("132152").code == "130001"
    assert areas.prefecture_of("141011").name == "神奈川県"
    assert areas.prefecture_of("130001").code == "130001"


def test_an_unknown_area_has_no_governor() -> None:
    with pytest.raises(LookupError, match="'132153'"):
        areas.prefecture_of("132153")


@pytest.mark.parametrize(
    ("code", "full_name"),
    [
        ("130001", "東京都"),
        ("132152", "東京都国立市"),
        ("131016", "東京都千代田区"),
        ("013030", "北海道石狩郡当別町"),
        ("141011", "神奈川県横浜市鶴見区"),
    ],
)
def test_the_full_name_is_how_an_address_begins(code: str, full_name: str) -> None:
    assert found(code).full_name == full_name
    assert [area.code for area in areas.by_name(full_name)] == [code]


@pytest.mark.parametrize(
    ("name", "matches"),
    [
        ("国立市", ["132152"]),
        ("府中市", ["132063", "342084"]),
        ("東京都府中市", ["132063"]),
        ("伊達市", ["012335", "072133"]),
        ("横浜市鶴見区", ["141011"]),
        ("鶴見区", ["141011", "271241"]),
        ("北海道当別町", ["013030"]),
        ("東京都", ["130001"]),
        ("無有市", []),
        ("", []),
    ],
)
def test_a_name_gives_every_area_that_bears_it(name: str, matches: list[str]) -> None:
    assert [area.code for area in areas.by_name(name)] == matches


def test_prefecture_and_name_together_name_one_municipality() -> None:
    for area in areas.municipalities():
        assert areas.by_name(area.full_name) == [area]
        assert areas.by_name(area.prefecture + area.name) == [area]


@pytest.mark.parametrize(("day", "count"), [(date(2023, 12, 31), 7), (date(2024, 1, 1), 3), (None, 10)])
def test_the_wards_of_hamamatsu_change_at_new_year_2024(day: date | None, count: int) -> None:
    assert len(areas.wards_of("221309", day)) == count


def test_wards_know_their_city_and_other_areas_have_no_wards() -> None:
    wards = areas.wards_of("141003")
    assert len(wards) == 18
    assert {(ward.city_code, ward.city, ward.kind) for ward in wards} == {("141003", "横浜市", "ward")}
    assert areas.wards_of("132152") == ()
    assert areas.wards_of("141011") == ()
