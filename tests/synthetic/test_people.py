import os
import subprocess
import sys
from collections import Counter
from datetime import date
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jukinet import data
from jukinet.model import areas
from jukinet.synthetic.people import Household, Person, households

TODAY = date(2021, 6, 1)
KUNITACHI, YOKOHAMA, TSURUMI, YAMAGATA, SAPPORO, HAMAMATSU = "132152", "141003", "141011", "062014", "011002", "221309"
KIN = {"世帯主", "妻", "夫", "子", "父", "母", "子の子", "弟", "妹"}

DIGEST = """
import hashlib
from jukinet.synthetic.people import households
print(hashlib.sha256(repr(list(households("141003", 3000, 7))).encode()).hexdigest())
"""


def drawn(area_code: str, residents: int, seed: int = 7, on: date = TODAY) -> list[Household]:
    return list(households(area_code, residents, seed, on))


def persons(homes: list[Household]) -> list[Person]:
    return [person for home in homes for person in home.members]


def age(person: Person, on: date = TODAY) -> int:
    born = person.birth_date
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def published_shares(prefecture_code: str) -> dict[tuple[str, int], float]:
    shares: dict[tuple[str, int], float] = {}
    for row in data.rows("population_age_sex.csv"):
        if row["prefecture_code"] == prefecture_code:
            for column, count in row.items():
                if column[0].isdigit():
                    shares[row["sex"], int(column.rstrip("+").split("-")[0])] = int(count)
    total = sum(shares.values())
    return {band: count / total for band, count in shares.items()}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2500), st.integers(0, 10**6), st.sampled_from([KUNITACHI, YOKOHAMA, "134015", "205630"]))
def test_the_count_of_residents_is_exact_and_every_household_sound(residents: int, seed: int, area_code: str) -> None:
    homes = drawn(area_code, residents, seed)
    assert len(persons(homes)) == residents
    for home in homes:
        head, *others = home.members
        assert head.relationship == "世帯主"
        assert age(head) >= 18
        assert all(other.relationship in KIN - {"世帯主"} for other in others)
        assert len({person.name for person in home.members}) == len(home.members)
        assert len({person.name.split("\u3000")[0] for person in home.members}) == 1
        assert all(person.birth_date <= TODAY for person in home.members)


def test_spouses_are_of_similar_age_and_different_sex_and_parents_18_to_45_years_older() -> None:
    for home in drawn(KUNITACHI, 20_000):
        head = home.members[0]
        for other in home.members[1:]:
            gap_years = (other.birth_date - head.birth_date).days / 365.25
            if other.relationship in {"妻", "夫"}:
                assert other.sex == ("female" if other.relationship == "妻" else "male")
                assert head.sex != other.sex
                assert age(other) >= 18
                assert abs(gap_years) <= 12
            elif other.relationship == "子":
                assert 18 <= gap_years <= 45
            elif other.relationship in {"父", "母"}:
                assert other.sex == ("female" if other.relationship == "母" else "male")
                assert 18 <= -gap_years <= 45


@pytest.mark.parametrize("area_code", [KUNITACHI, YAMAGATA, YOKOHAMA])
def test_20000_residents_keep_the_age_pyramid_of_their_prefecture(area_code: str) -> None:
    people = persons(drawn(area_code, 20_000))
    counted: Counter[tuple[str, int]] = Counter((person.sex, min(age(person) // 5 * 5, 100)) for person in people)
    published = published_shares(area_code[:2])
    assert set(counted) <= set(published)
    for band, share in published.items():
        assert counted[band] / len(people) == pytest.approx(share, abs=0.01), band


def test_another_pyramid_would_be_told_apart() -> None:
    people = persons(drawn("473821", 20_000))
    young = sum(age(person) < 15 for person in people) / len(people)
    akita = sum(share for (_, first_age), share in published_shares("05").items() if first_age < 15)
    assert young > akita + 0.05


@pytest.mark.parametrize("area_code", [KUNITACHI, YAMAGATA, SAPPORO, TSURUMI])
def test_households_have_the_mean_size_of_their_municipality(area_code: str) -> None:
    area = areas.find(area_code)
    assert area is not None
    homes = drawn(area_code, 20_000)
    assert 20_000 / len(homes) == pytest.approx(area.population / area.households, rel=0.03)


def test_residents_of_a_designated_city_live_in_its_wards_by_population() -> None:
    homes = drawn(YOKOHAMA, 20_000)
    city = areas.find(YOKOHAMA)
    assert city is not None
    counted: Counter[str] = Counter()
    for home in homes:
        counted[home.area_code] += len(home.members)
    wards = areas.wards_of(YOKOHAMA, TODAY)
    assert set(counted) == {ward.code for ward in wards}
    for ward in wards:
        assert counted[ward.code] / 20_000 == pytest.approx(ward.population / city.population, abs=0.01)


def test_residents_elsewhere_live_in_the_municipality_itself() -> None:
    assert {home.area_code for home in drawn(KUNITACHI, 500)} == {KUNITACHI}
    assert {home.area_code for home in drawn(TSURUMI, 500)} == {TSURUMI}


def test_the_wards_are_those_of_the_day() -> None:
    assert {home.area_code for home in drawn(HAMAMATSU, 1000, on=date(2024, 1, 1))} == {"221384", "221392", "221406"}
    assert not {home.area_code for home in drawn(HAMAMATSU, 1000)} & {"221384", "221392", "221406"}


def test_an_address_begins_with_the_full_name_and_goes_on_with_an_invented_town() -> None:
    towns = {row["name"] for row in data.rows("towns.csv")}
    for home in drawn(YOKOHAMA, 1000):
        area = areas.find(home.area_code)
        assert area is not None
        assert home.address.startswith(area.full_name)
        assert any(home.address.removeprefix(area.full_name).startswith(town) for town in towns)
        assert home.address.endswith("号") or "番地" in home.address


def test_about_one_person_in_a_hundred_has_a_former_surname_other_than_the_surname() -> None:
    people = persons(drawn(KUNITACHI, 20_000))
    with_former = [person for person in people if person.former_surname]
    assert 0.005 <= len(with_former) / len(people) <= 0.02
    for person in with_former:
        assert person.former_surname_kana
        assert not person.name.startswith(person.former_surname + "\u3000")
        assert person.relationship in {"妻", "夫"}
    assert all(not person.former_surname_kana for person in people if not person.former_surname)


def test_every_name_comes_from_the_tables_with_its_reading() -> None:
    surnames = {(row["surname"], row["kana"]) for row in data.rows("surnames.csv")}
    given_names = {(row["sex"], row["name"], row["kana"]) for row in data.rows("given_names.csv")}
    for person in persons(drawn(KUNITACHI, 2000)):
        surname, given_name = person.name.split("\u3000")
        surname_kana, given_kana = person.name_kana.split("\u3000")
        assert (surname, surname_kana) in surnames
        assert (person.sex, given_name, given_kana) in given_names


def test_the_same_seed_gives_the_same_people_in_every_process() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            cwd=os.getcwd(),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed in ("0", "1")
    }
    assert len(digests) == 1


def test_another_seed_or_area_gives_other_people() -> None:
    base = drawn(KUNITACHI, 300)
    assert drawn(KUNITACHI, 300, seed=8) != base
    assert [home.members for home in drawn("132063", 300)] != [home.members for home in base]


def test_municipalities_drawn_in_turns_get_the_people_they_get_alone() -> None:
    alone = [list(islice(households(code, 5000, 7), 50)) for code in (KUNITACHI, YOKOHAMA)]
    turns = zip(households(KUNITACHI, 5000, 7), households(YOKOHAMA, 5000, 7), strict=False)
    in_turns = list(islice(turns, 50))
    assert [[pair[side] for pair in in_turns] for side in (0, 1)] == alone


def test_a_larger_count_begins_with_the_same_households() -> None:
    small, large = drawn(KUNITACHI, 5000), drawn(KUNITACHI, 9000)
    assert large[:1500] == small[:1500]


@pytest.mark.parametrize("area_code", ["130001", "999999", "132153", ""])
def test_a_code_that_is_no_municipality_or_ward_is_refused_at_once(area_code: str) -> None:
    with pytest.raises(LookupError, match="municipality or ward"):
        households(area_code, 10, 7)


def test_a_ward_that_does_not_exist_on_the_day_is_refused() -> None:
    with pytest.raises(ValueError, match="does not exist on 2021-06-01"):
        households("221384", 10, 7)
    with pytest.raises(ValueError, match="does not exist on 2024-01-01"):
        households("221317", 10, 7, date(2024, 1, 1))


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        households(KUNITACHI, -1, 7)


def test_a_leap_day_is_a_day_to_draw_on() -> None:
    leap_day = date(2024, 2, 29)
    people = persons(drawn(KUNITACHI, 1000, on=leap_day))
    assert max(person.birth_date for person in people) <= leap_day
    assert max(age(person, leap_day) for person in people) < 105


def test_surnames_are_weighted_by_their_rank() -> None:
    """The first of 1,999 surnames has a weight of 1, the second 1/2: about an eighth and a sixteenth of all people."""
    first, second = (row["surname"] for row in data.rows("surnames.csv")[:2])
    surnames = [h.members[0].name.split("\u3000")[0] for h in households("131156", 40_000, 5)]
    shares = [surnames.count(name) / len(surnames) for name in (first, second)]
    assert shares[0] == pytest.approx(0.122, abs=0.012)
    assert shares[1] == pytest.approx(0.061, abs=0.009)
