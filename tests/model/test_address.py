"""Which area an address names."""

from __future__ import annotations

from datetime import date

import pytest

from jukinet.model.address import lies_elsewhere

KUNITACHI, TSURUMI, SUGINAMI, TENRYU, CHUO = "132152", "141011", "131156", "221376", "221384"
BEFORE, AFTER = date(2021, 6, 1), date(2024, 1, 1)


@pytest.mark.parametrize(
    ("address", "area_code", "on"),
    [
        pytest.param("神奈川県横浜市港北区みどり台1番", TSURUMI, BEFORE, id="同じ市の他の区"),
        pytest.param("横浜市港北区みどり台1番", TSURUMI, BEFORE, id="県名のない他の区"),
        pytest.param("港北区みどり台1番", TSURUMI, BEFORE, id="市名のない他の区"),
        pytest.param("東京都杉並区みどり台1番", KUNITACHI, BEFORE, id="都内の特別区"),
        pytest.param("杉並区みどり台1番", KUNITACHI, BEFORE, id="都名のない特別区"),
        pytest.param("府中市みどり台1番", KUNITACHI, BEFORE, id="二つある市のどちらでもない"),
        pytest.param("神奈川県みどり台1番", KUNITACHI, BEFORE, id="他の県"),
        pytest.param("北海道松前郡松前町字架空1番", KUNITACHI, BEFORE, id="郡の町"),
        pytest.param("松前郡松前町字架空1番", KUNITACHI, BEFORE, id="道名のない郡の町"),
        pytest.param("東京都 杉並区　みどり台1番", KUNITACHI, BEFORE, id="空白で区切った特別区"),
        pytest.param("静岡県浜松市中央区架空1番", TENRYU, AFTER, id="再編後の他の区"),
    ],
)
def test_an_address_elsewhere(address: str, area_code: str, on: date) -> None:
    assert lies_elsewhere(address, area_code, on)


@pytest.mark.parametrize(
    ("address", "area_code", "on"),
    [
        pytest.param("東京都国立市みどり台1番", KUNITACHI, BEFORE, id="自分の市"),
        pytest.param("国立市みどり台1番", KUNITACHI, BEFORE, id="都名のない自分の市"),
        pytest.param("東京都みどり台1番", KUNITACHI, BEFORE, id="自分の都だけ"),
        pytest.param("みどり台1番", KUNITACHI, BEFORE, id="どこの名もない"),
        pytest.param("栄町1番", KUNITACHI, BEFORE, id="他県の町と同じ名の町"),
        pytest.param("朝日町1番", KUNITACHI, BEFORE, id="三つの県にある町と同じ名の町"),
        pytest.param("東区1番", KUNITACHI, BEFORE, id="他の市の区と同じ名の字"),
        pytest.param("東京都国立市杉並区1番", KUNITACHI, BEFORE, id="自分の市の後に区の名"),
        pytest.param("神奈川県横浜市鶴見区みどり台1番", TSURUMI, BEFORE, id="自分の区"),
        pytest.param("鶴見区みどり台1番", TSURUMI, BEFORE, id="市名のない自分の区"),
        pytest.param("神奈川県横浜市みどり台1番", TSURUMI, BEFORE, id="区名のない自分の市"),
        pytest.param("浜松市中央区架空1番", CHUO, AFTER, id="東京の区と同じ名の自分の区"),
        pytest.param("静岡県浜松市南区架空1番", CHUO, AFTER, id="もうない区の名"),
        pytest.param("杉並区1番", "999999", BEFORE, id="知らない符号"),
    ],
)
def test_an_address_that_is_here_or_says_nothing(address: str, area_code: str, on: date) -> None:
    assert not lies_elsewhere(address, area_code, on)
