"""The honesty page: every heading has items, and each points at code that is there."""

from pathlib import Path

import pytest

from jukinet.console import honesty
from jukinet.console.honesty import Group, Mark
from jukinet.console.texts import TextError, read
from jukinet.law.uncovered import UNCOVERED
from jukinet.v1 import relay_pb2

ROOT = Path(__file__).resolve().parent.parent.parent

ITEM = """
[[item]]
group = "{group}"
mark = "ours"
title = {{ ja = "題", en = "title" }}
ja = "文"
en = "words"
reference = "—"
code = []
"""
FILE = "".join(ITEM.format(group=group.value) for group in Group)


@pytest.mark.parametrize("group", Group)
def test_every_heading_has_items(group: Group) -> None:
    assert len(honesty.of_group(group)) >= 5
    assert group in honesty.GROUPS


def test_each_item_points_at_what_is_there() -> None:
    missing = [path for item in honesty.items() for path in item.code if not (ROOT / path).exists()]
    assert missing == []
    assert all(item.code for item in honesty.items())


def test_titles_are_told_once_and_every_mark_has_words() -> None:
    titles = [item.title for item in honesty.items()]
    assert len(titles) == len(set(titles))
    assert {item.mark for item in honesty.items()} <= set(honesty.MARKS) == set(Mark)


def test_what_the_law_here_names_as_uncovered_is_said_to_be_missing() -> None:
    said = " ".join(item.reference for item in honesty.items() if item.group in (Group.MISSING, Group.SIMPLIFIED))
    for article in ("住基法第11条", "住基法第27条", "番号法第16条", "第30条の41"):
        assert article in said
    assert {"住基法第11条", "住基法第27条", "番号法第16条"} <= {article for article, _, _ in UNCOVERED}
    assert relay_pb2.STREAM_KIND_SUPPLEMENTARY_IDENTIFICATION


def test_nothing_that_is_assumed_is_said_to_be_read_in_the_law() -> None:
    assert {Mark.LAW, Mark.OFFICIAL}.isdisjoint(item.mark for item in honesty.of_group(Group.ASSUMED))


def test_a_file_that_is_right_is_read() -> None:
    assert [item.group for item in honesty.parse(read("x.toml", FILE))] == list(Group)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('"secret"', '"hidden"', "no group is called hidden"),
        ('mark = "ours"', 'mark = "sure"', r"item\[1\]: no mark is called sure"),
        ('"secret"', '"missing"', "nothing is said to be secret"),
        ("code = []", "code = [1]", "code is no list of str"),
        ('en = "words"', 'en = "words"\ncolour = "red"', r"item\[1\]: nobody knows colour"),
    ],
)
def test_a_file_that_is_wrong_says_where(right: str, wrong: str, said: str) -> None:
    assert right in FILE
    with pytest.raises(TextError, match=said):
        honesty.parse(read("x.toml", FILE.replace(right, wrong, 1)))
