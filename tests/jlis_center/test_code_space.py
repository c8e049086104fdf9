"""The shares of the code space: those given yesterday stay, and a municipality of the past has one behind them."""

from __future__ import annotations

import pytest

from jlis_center.conversion import designated_code
from jukinet.model import areas

# Written down before municipalities of the past came into the tables: seed 0, the first designation.
YESTERDAY = {
    "011002": "18103314212",
    "132152": "69597197063",
    "242039": "35994441203",
    "244619": "36178336660",
    "244708": "78413774860",
    "473821": "98477145507",
}


@pytest.mark.parametrize(("municipality", "code"), YESTERDAY.items())
def test_a_code_of_yesterday_is_the_same_today(municipality: str, code: str) -> None:
    assert designated_code(0, municipality, 0) == code


def test_a_municipality_of_the_past_has_codes_that_no_other_has() -> None:
    everybody = [area.code for area in (*areas.municipalities(), *areas.past_municipalities())]
    assert len({designated_code(0, code, 0) for code in everybody}) == len(everybody) == 1744


def test_a_ward_and_an_unknown_code_have_none() -> None:
    for code in ("141011", "999999"):
        with pytest.raises(LookupError):
            designated_code(0, code, 0)
