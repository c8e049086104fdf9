"""Readings over terms: the longest term counts, nothing overlaps, nothing is lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet.console import glossary
from jukinet.console.texts import TextError, read

TERMS = [term.term for term in glossary.terms()]
TERM = '[[term]]\nterm = "住民票"\nreading = "じゅうみんひょう"\nenglish = "record"\nja = "記録"\nen = "a record"\n'

# Texts of whole terms, pieces of terms, and anything else.
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(TERMS),
        st.builds(lambda term, cut: term[: cut % (len(term) + 1)], st.sampled_from(TERMS), st.integers(0, 30)),
        st.text(max_size=5),
    ),
    max_size=8,
).map("".join)


def test_there_are_many_terms_and_each_says_something() -> None:
    assert len(TERMS) >= 90
    assert len(set(TERMS)) == len(TERMS)
    assert all(re.fullmatch("[ぁ-ゖー]+", term.reading) for term in glossary.terms())


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("住民票コード", [("住民票コード", "じゅうみんひょうこーど")]),
        ("住民票", [("住民票", "じゅうみんひょう")]),
        ("住民票の写し", [("住民票の写し", "じゅうみんひょうのうつし")]),
        ("転出確定通知を転出地が送る", [
            ("転出確定通知", "てんしゅつかくていつうち"), ("を", ""), ("転出地", "てんしゅつち"), ("が送る", ""),
        ]),
        ("記載・消除", [("記載", "きさい"), ("・", ""), ("消除", "しょうじょ")]),
        ("No term here.", [("No term here.", "")]),
        ("住民", [("住民", "じゅうみん")]),
        ("", []),
    ],
)  # fmt: skip
def test_the_longest_term_counts(text: str, pieces: list[tuple[str, str]]) -> None:
    assert glossary.with_furigana(text) == pieces


@given(TEXTS)
def test_the_pieces_are_the_text_and_their_readings_are_hiragana(text: str) -> None:
    pieces = glossary.with_furigana(text)
    assert "".join(piece for piece, _ in pieces) == text
    assert all(piece for piece, _ in pieces)
    assert all(re.fullmatch("[ぁ-ゖー]*", reading) for _, reading in pieces)


@given(TEXTS)
def test_no_longer_term_begins_where_a_piece_does(text: str) -> None:
    place = 0
    for piece, reading in glossary.with_furigana(text):
        beginning = [term for term in TERMS if text.startswith(term, place)]
        if reading:
            assert piece == max(beginning, key=len)
        else:
            assert not beginning
            inside = [text[at:] for at in range(place, place + len(piece))]
            assert not any(rest.startswith(term) for rest in inside for term in TERMS)
        place += len(piece)


def test_english_names() -> None:
    assert glossary.english("住民票コード") == "Resident Record Code"
    assert glossary.english("架空の語") == ""
    assert glossary.find("架空の語") is None


def test_the_terms_that_trainers_ask_for_are_there() -> None:
    wanted = (
        *(
            "住民票",
            "住民票コード",
            "本人確認情報",
            "転入通知",
            "転出確定通知",
            "消除",
            "記載",
            "職権",
            "除票",
            "附票",
            "戸籍",
        ),
        *(
            "個人番号",
            "通称",
            "旧氏",
            "支援措置",
            "機構",
            "都道府県知事",
            "別表",
            "事務",
            "提供",
            "即時提供",
            "一括提供",
        ),
        *("開示", "整合", "住所地", "前住所地", "続柄", "本籍", "筆頭者", "世帯主", "法定受託事務"),
    )
    assert set(wanted) <= set(TERMS)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("じゅうみんひょう", "ジュウミンヒョウ", "is not in hiragana"),
        ("じゅうみんひょう", "juminhyo", "is not in hiragana"),
        (TERM, TERM + TERM, "stands there twice"),
        ('english = "record"\n', "", "english is missing"),
        ('en = "a record"', 'en = "a record"\nnote = "x"', r"term\[1\]: nobody knows note"),
    ],
)
def test_a_file_that_is_wrong_says_where(right: str, wrong: str, said: str) -> None:
    assert glossary.parse(read("x.toml", TERM))
    with pytest.raises(TextError, match=said):
        glossary.parse(read("x.toml", TERM.replace(right, wrong, 1)))
