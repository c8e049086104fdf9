"""Where areas stand on the map."""

import pytest

from jukinet.model import areas, geography
from jukinet.model.geography import INSETS, VIEW_BOX, Place


def found(code: str) -> Place:
    place = geography.place(code)
    assert place is not None
    return place


def point(name: str) -> tuple[float, float]:
    return geography.project(found(areas.by_name(name)[0].code))


def test_every_area_has_a_place_and_what_is_none_has_none() -> None:
    named = [*areas.prefectures(), *areas.municipalities(), *areas.wards(), *areas.past_municipalities()]
    assert all(geography.place(area.code) for area in named)
    assert geography.place("999999") is None
    assert geography.place("jlis") is None


def test_a_ward_stands_at_its_city_and_a_merged_town_at_its_successor() -> None:
    assert found("141011") == found("141003")
    assert found("244627") == found("242039")
    assert found("132152") != found("131156")


def test_a_prefecture_stands_among_its_municipalities() -> None:
    tokyo = found("130001")
    assert (round(tokyo.lat, 1), round(tokyo.lon, 1)) == (35.7, 139.6)


@pytest.mark.parametrize(
    ("north", "south"), [("札幌市", "青森市"), ("青森市", "千代田区"), ("千代田区", "高知市"), ("高知市", "鹿児島市")]
)
def test_what_lies_north_stands_above(north: str, south: str) -> None:
    assert point(north)[1] < point(south)[1]


@pytest.mark.parametrize(("west", "east"), [("長崎市", "大阪市"), ("大阪市", "千代田区"), ("千代田区", "根室市")])
def test_what_lies_west_stands_left(west: str, east: str) -> None:
    assert point(west)[0] < point(east)[0]


def test_a_degree_of_latitude_is_as_long_as_the_earth_has_it_at_36_degrees() -> None:
    origin, east, south = (geography.project(Place(*at)) for at in [(37.0, 138.0), (37.0, 139.0), (36.0, 138.0)])
    assert (east[0] - origin[0]) / (south[1] - origin[1]) == pytest.approx(0.809, abs=0.003)


def test_the_outline_has_every_office_and_nothing_leaves_the_box() -> None:
    points = geography.outline()
    assert len(points) == 1741
    width, height = VIEW_BOX
    assert all(0 <= x <= width and 0 <= y <= height for x, y in points)
    assert max(x for x, _ in points) - min(x for x, _ in points) > 0.8 * width, "the main islands fill the box"
    assert max(y for _, y in points) > 0.9 * height


def test_southern_islands_stand_in_their_frames_and_the_main_islands_in_none() -> None:
    okinawa, ogasawara = INSETS
    framed: dict[str, list[str]] = {frame.name: [] for frame in INSETS} | {"": []}
    for area in areas.municipalities():
        x, y = geography.project(found(area.code))
        inside = [f.name for f in INSETS if f.x <= x <= f.x + f.width and f.y <= y <= f.y + f.height]
        framed[inside[0] if inside else ""].append(area.full_name)
    assert len([name for name in framed[okinawa.name] if name.startswith("沖縄県")]) == 41
    assert {name[:3] for name in framed[okinawa.name]} == {"沖縄県", "鹿児島"}
    assert framed[ogasawara.name] == ["東京都小笠原村"]
    assert len(framed[""]) == 1741 - len(framed[okinawa.name]) - 1
