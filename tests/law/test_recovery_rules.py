"""回復: on which article a lost record is given back, to whom and on what day."""

from __future__ import annotations

from datetime import date

import pytest

from jukinet.law.basis import article
from jukinet.law.recovery import RULE_OF

BEFORE, SINCE = date(2024, 5, 26), date(2024, 5, 27)


@pytest.mark.parametrize(
    ("kind", "day", "expected"),
    [
        pytest.param(kind, day, expected, marks=pytest.mark.law(RULE_OF[kind]), id=f"{kind} {day}")
        for kind, day, expected in (
            ("municipality", BEFORE, "住基法第36条の2第1項"),
            ("municipality", SINCE, "住基法第36条の2第1項"),
            ("prefecture", BEFORE, "住基法第30条の24第1項"),
            ("prefecture", SINCE, "住基法第30条の6第4項"),
            ("jlis", BEFORE, "住基法第30条の24第2項"),
            ("jlis", SINCE, "住基法第30条の7第4項"),
        )
    ],
)
def test_a_loss_is_made_good_on_the_article_of_whoever_has_lost(kind: str, day: date, expected: str) -> None:
    assert article(RULE_OF[kind], day) == expected


def test_nobody_but_a_node_recovers() -> None:
    assert set(RULE_OF) == {"municipality", "prefecture", "jlis"}
