"""Articles by name, as people write them."""

from __future__ import annotations

import pytest

from jukinet.model.articles import Article, parse


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("30条の6", Article("住基法", "30の6"), id="法律名がなければ住基法"),
        pytest.param("第30条の6", Article("住基法", "30の6"), id="第を付ける"),
        pytest.param("30-6", Article("住基法", "30の6"), id="棒でつなぐ"),
        pytest.param("法9", Article("住基法", "9"), id="条を省く"),
        pytest.param("法9①", Article("住基法", "9", 1), id="丸数字の項"),
        pytest.param("住基法第30条の10第1項第3号", Article("住基法", "30の10", 1), id="号は項まで"),
        pytest.param("令13条③", Article("住基令", "13", 3), id="施行令の項"),
        pytest.param("住基令第24条の2", Article("住基令", "24の2"), id="施行令の枝番号"),
        pytest.param("規則11条", Article("住基法施行規則", "11"), id="施行規則"),
        pytest.param("住基法施行規則第9条第2項", Article("住基法施行規則", "9", 2), id="施行規則の項"),
        pytest.param("番号法第8条第2項", Article("番号法", "8", 2), id="番号法"),
        pytest.param("（シミュレーター）", None, id="条文でない"),
    ],
)
def test_an_article_is_read_as_it_is_written(written: str, meant: Article | None) -> None:
    assert parse(written) == meant
    if meant is not None:
        assert parse(str(meant)) == meant


@pytest.mark.parametrize(
    ("wanted", "other", "covered"),
    [
        pytest.param("30条の6", "30条の6第2項", True, id="条は項を含む"),
        pytest.param("30条の6①", "30条の6②", False, id="項は別の項を含まない"),
        pytest.param("30条の6①", "30条の6", False, id="項は条を含まない"),
        pytest.param("30条の6", "30条の60", False, id="似た番号は別の条"),
        pytest.param("30条", "30条の6", False, id="枝番号は別の条"),
        pytest.param("30条の6", "令30条の6", False, id="別の法令"),
    ],
)
def test_an_article_covers_its_paragraphs_alone(wanted: str, other: str, covered: bool) -> None:
    one, two = parse(wanted), parse(other)
    assert one is not None
    assert two is not None
    assert one.covers(two) is covered
