"""文字化け: what was lost on the way is found in every item; rare characters are no such thing."""

from __future__ import annotations

import pytest
from relay.bench import record

from jukinet.model.reason import Reason
from jukinet.store.register import record_fault

AREA = "132152"


@pytest.mark.parametrize("item", ["name", "name_kana", "address", "alias", "former_surname", "former_surname_kana"])
@pytest.mark.parametrize("lost", ["\ufffd", "\x00", "\x1b", "\n", "\x7f", "\x85"], ids=ascii)
def test_what_was_lost_on_the_way_is_found_in_each_item(item: str, lost: str) -> None:
    found = record_fault(record(AREA, 1, **{item: f"架空{lost}太郎"}), AREA)
    assert found is Reason.CHARACTERS_BROKEN, f"{found}, not CHARACTERS_BROKEN"


NAMES = [
    "葛\U000e0100飾　太郎",
    "\U00020b9f田　花子",
    "〓野　太郎",
    "\ue000川　太郎",
    "Ａ・Ｂ　ｶﾅ",
    "Müller Jan-Ove",
    "‐—〜",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_rare_characters_variants_and_the_mark_of_residual_gaiji_pass(name: str) -> None:
    assert record_fault(record(AREA, 1, name=name, address=name), AREA) is None
