"""振り仮名 are written in kana, from the day on which they are items of the 住民票."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from jukinet.law.correction import write_reading

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

pytestmark = pytest.mark.law("write_reading")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("かくう　たろう", id="ひらがな"),
        pytest.param("カクウ タロウ", id="カタカナ"),
        pytest.param("ジョン・スミス", id="中点"),
        pytest.param("ローザ", id="長音"),
        pytest.param("ヴぁヵヶ", id="小書き"),
        pytest.param("", id="ない"),
    ],
)
def test_write_reading_in_kana(text: str) -> None:
    assert write_reading("name_kana", text).allowed


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("架空　太郎", id="漢字"),
        pytest.param("かくう太郎", id="途中に漢字"),
        pytest.param("KAKUU TAROU", id="ローマ字"),
        pytest.param("ｶｸｳ", id="半角カナ"),
        pytest.param("かくう1", id="数字"),
        pytest.param("かくう\n", id="改行"),
        pytest.param("かくう゜", id="記号"),
    ],
)
def test_write_reading_in_anything_else(text: str) -> None:
    decision = write_reading("name_kana", text)
    assert decision.reason is not None, "a 振り仮名 that is no kana"
    assert (decision.reason.value, dict(decision.facts)) == ("READING_NOT_KANA", {"field": "name_kana"})


ACTS: list[Any] = [
    pytest.param(lambda c, f, kana: c.enter_name_kana(f.head, kana), "name_kana", id="氏名の振り仮名の記載"),
    pytest.param(lambda c, f, kana: c.correct_minor([f.head], "ト", name_kana=kana), "name_kana", id="軽微な修正"),
    pytest.param(
        lambda c, f, kana: c.enter_former_surname(f.head, "模擬", kana), "former_surname_kana", id="旧氏の振り仮名"
    ),
]


@pytest.mark.law("enter_name_kana", "correct_minor", "enter_former_surname")
@pytest.mark.juki(clock="2025-05-26", nodes=["国立市"])
@pytest.mark.parametrize(("act", "field"), ACTS)
def test_no_act_takes_a_reading_that_is_no_kana(
    juki: Juki, family: Family, act: Callable[[Any, Family, str], object], field: str
) -> None:
    kunitachi = juki["国立市"]
    before = kunitachi.resident(family.head).identification
    with juki.refused("READING_NOT_KANA") as refusal:
        act(kunitachi, family, "架空")
    assert dict(refusal[0].answer.facts) == {"field": field}
    assert kunitachi.resident(family.head).identification == before
    act(kunitachi, family, "もぎ　たろう")
    assert getattr(kunitachi.resident(family.head).identification, field) == "もぎ　たろう"


@pytest.mark.law("enter_former_surname")
@pytest.mark.juki(clock="2025-05-25", nodes=["国立市"])
def test_enter_former_surname_before_the_day_takes_any_words(juki: Juki, family: Family) -> None:
    juki["国立市"].enter_former_surname(family.head, "模擬", "模擬")
    assert juki["国立市"].resident(family.head).identification.former_surname_kana == "模擬"
