"""外字: variants and characters beyond the BMP pass through every tier as they are; what no code has is counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from jukinet import data
from jukinet.testing.door import person

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from jukinet.v1 import identification_pb2
    from tests.journeys.conftest import Family

VARIANTS = [row["variant"] for row in data.rows("kanji_variants.csv")]
"""Characters of names with their IVS, some beyond the BMP."""
ALL = "".join(VARIANTS)
NAME, ADDRESS = f"𠮷邉\U000e010f　{ALL}", f"東京都国立市𠮷{ALL}一丁目1番1号"
THERE = f"東京都杉並区{ALL}二丁目2番2号"
GAPS, GAP_HOUSE = "\ue123〓　太郎", "東京都国立市\U000f1234台一丁目〓番1号"


def born(juki: Juki, family: Family) -> int:
    child = person(NAME, "2021-06-01", "女")
    return juki["国立市"].report_birth(family.household, child).receipt.resident_ids[0]


def entered(juki: Juki, family: Family) -> int:
    return juki["国立市"].enter_ex_officio(person(NAME), ADDRESS).receipt.resident_ids[0]


def corrected(juki: Juki, family: Family) -> int:
    return juki["国立市"].correct_ex_officio(family.head, name=NAME).receipt.resident_ids[0]


def identified(juki: Juki, family: Family) -> int:
    return juki["国立市"].correct_minor([family.head], "ロ", name=NAME, address=ADDRESS).receipt.resident_ids[0]


def relocated(juki: Juki, family: Family) -> int:
    entered_id = entered(juki, family)
    return juki["国立市"].report_relocation([entered_id], ADDRESS + "　別棟").receipt.resident_ids[0]


def recoded(juki: Juki, family: Family) -> int:
    return juki["国立市"].change_resident_code(entered(juki, family)).receipt.resident_ids[0]


def surnamed(juki: Juki, family: Family) -> int:
    corrected(juki, family)
    return juki["国立市"].enter_former_surname(family.head, ALL).receipt.resident_ids[0]


@pytest.mark.law("correct_minor")
@pytest.mark.parametrize(
    "event",
    [
        pytest.param(born, id="出生した子の氏名の異体字"),
        pytest.param(entered, id="職権記載の氏名と住所の異体字"),
        pytest.param(corrected, id="職権修正の氏名の異体字"),
        pytest.param(identified, id="文字の同定による氏名と住所の異体字"),
        pytest.param(relocated, id="転居先の住所の異体字"),
        pytest.param(recoded, id="コードを変更した人の異体字"),
        pytest.param(surnamed, id="旧氏の異体字"),
    ],
)
def test_variants_of_characters_reach_every_tier_and_the_next_municipality_unharmed(
    juki: Juki, family: Family, event: Callable[[Juki, Family], int]
) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    resident_id = event(juki, family)
    juki.settle()
    record = kunitachi.resident(resident_id).identification
    assert record.name == NAME
    assert (record.name_external_characters, record.address_external_characters) == (0, 0)
    for tier in ("東京都", "機構"):
        assert [one.identification for one in juki[tier].held(record.resident_code)] == [record], tier
    certificate = kunitachi.report_move_out([resident_id], "杉並区" + ALL).certificate
    there = suginami.report_move_in(certificate, THERE).receipt.resident_ids[0]
    juki.settle()
    (held,) = [one for one in juki["機構"].held(record.resident_code) if one.live]
    assert (held.identification.name, held.identification.former_surname) == (NAME, record.former_surname)
    assert (held.area_code, held.identification.address) == ("131156", THERE)
    assert held.identification == suginami.resident(there).identification
    assert kunitachi.resident(resident_id).confirmed_destination == THERE
    assert juki.ledger_differences() == []


def counts(record: identification_pb2.Identification) -> tuple[int, int]:
    return record.name_external_characters, record.address_external_characters


@pytest.mark.law("notify_identification")
def test_what_no_code_has_is_counted_at_every_tier_and_after_a_move(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    resident_id = kunitachi.enter_ex_officio(person(GAPS, former_surname="〓"), GAP_HOUSE).receipt.resident_ids[0]
    juki.settle()
    record = kunitachi.resident(resident_id).identification
    assert counts(record) == (3, 2)
    for tier in ("東京都", "機構"):
        (held,) = juki[tier].held(record.resident_code)
        assert (counts(held.identification), held.identification.name) == ((3, 2), GAPS), tier
    certificate = kunitachi.report_move_out([resident_id], "杉並区").certificate
    assert counts(certificate.members[0].identification) == (3, 2)
    there = suginami.report_move_in(certificate, "東京都杉並区みどり台1番1号").receipt.resident_ids[0]
    juki.settle()
    living = [one.identification for one in juki["機構"].held(record.resident_code) if one.live]
    assert [counts(one) for one in living] == [(3, 0)]
    suginami.correct_minor([there], "ロ", name="邉\U000e010f𠮷　太郎")
    juki.settle()
    living = [one.identification for one in juki["機構"].held(record.resident_code) if one.live]
    assert [counts(one) for one in living] == [(1, 0)], "the 旧氏 still has one"
    assert counts(juki["機構"].held(family.codes[0])[0].identification) == (0, 0)


def test_a_sender_who_miscounts_is_not_believed_by_the_next_municipality(juki: Juki, family: Family) -> None:
    certificate = juki["国立市"].report_move_out([family.head], "杉並区").certificate
    certificate.members[0].identification.name_external_characters = 9
    there = juki["杉並区"].report_move_in(certificate, "東京都杉並区みどり台1番1号").receipt.resident_ids[0]
    assert counts(juki["杉並区"].resident(there).identification) == (0, 0)
