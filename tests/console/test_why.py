"""The page "Why" tells five points, each with evidence that the nodes can give."""

import pytest

from jukinet.console import why
from jukinet.console.texts import TextError, read
from jukinet.console.why import Evidence, Right
from jukinet.model import articles
from jukinet.v1 import basis_pb2, drill_pb2, identification_pb2
from jukinet.wire import basis

POINT = """
[[point]]
title = { ja = "題", en = "title" }
found = { ja = "判示", en = "found" }
source = { ja = "出典", en = "source" }
number_system = { ja = "番号制度", en = "numbers" }
here = { ja = "ここ", en = "here" }
[[point.evidence]]
kind = "planes"
ja = "面"
en = "planes"
article = "住基法第9条第3項"
"""
FILE = "lead = { ja = '頭', en = 'lead' }\ncaution = { ja = '注', en = 'caution' }\n" + POINT * why.POINTS


def test_there_are_five_points_and_each_shows_something() -> None:
    page = why.page()
    assert [point.number for point in page.points] == [1, 2, 3, 4, 5]
    assert all(point.evidence for point in page.points)
    assert all(articles.parse(shown.article) for point in page.points for shown in point.evidence)


def test_every_kind_of_evidence_is_used_and_says_what_it_needs() -> None:
    used = {shown.kind for point in why.page().points for shown in point.evidence}
    assert used == set(Evidence) == set(why.NEEDS)
    assert why.NEEDS[Evidence.PLANES].right is Right.ZERO


@pytest.mark.parametrize("kind", Evidence)
def test_what_a_kind_needs_the_console_may_ask_for(kind: Evidence) -> None:
    for call in why.NEEDS[kind].calls:
        assert basis_pb2.CALLER_CONSOLE in basis.rpcs()[f"/jukinet.v1.{call}"].callers


def test_the_upper_tiers_hold_no_more_than_identification_information() -> None:
    above = [holding for holding in why.page().holdings if "jlis" in holding.held_by]
    below = [holding for holding in why.page().holdings if "municipality" in holding.held_by]
    assert {"世帯主・続柄", "戸籍の表示（本籍・筆頭者）"} <= {item.item.ja for item in below if item not in above}
    fields = set(identification_pb2.Identification.DESCRIPTOR.fields_by_name)
    assert not fields & {"relationship", "head_name", "registered_domicile", "foreign_items"}
    assert len([item for item in above if item.article.startswith("住基法第7条")]) == 6
    assert "転入通知" not in {item.item.ja for item in above}
    assert drill_pb2.GetStatusResponse.DESCRIPTOR.fields_by_name["live_by_origin"]


def test_a_file_that_is_right_is_read() -> None:
    page = why.parse(read("x.toml", FILE))
    assert page.points[4].evidence[0].kind is Evidence.PLANES


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('kind = "planes"', 'kind = "feelings"', r"evidence\[1\]: no kind of evidence is called feelings"),
        ('en = "planes"', 'en = "planes"\ncolour = "red"', r"nobody knows colour"),
        ('en = "found"', 'en = " "', r"point\[1\]\.found: en is empty"),
        (POINT, POINT + POINT, "has 6 points"),
        ("[[point.evidence]]", "[[point.proof]]", "a point without evidence"),
        ("lead =", "leader =", "lead is missing"),
    ],
)
def test_a_file_that_is_wrong_says_where(right: str, wrong: str, said: str) -> None:
    assert right in FILE
    with pytest.raises(TextError, match=said):
        why.parse(read("x.toml", FILE.replace(right, wrong, 1)))


def test_a_tier_that_is_none_holds_nothing() -> None:
    holding = '[[holding]]\nja = "物"\nen = "thing"\narticle = "住基法第7条"\nheld_by = ["ministry"]\n'
    with pytest.raises(TextError, match=r"holding\[1\]: held_by must name some of municipality, prefecture, jlis"):
        why.parse(read("x.toml", FILE + holding))
