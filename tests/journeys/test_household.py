"""世帯変更: nothing goes up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import person

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family


pytestmark = pytest.mark.law("report_household_change")


def test_a_change_of_the_household_tells_nobody(juki: Juki, family: Family) -> None:
    kunitachi, since = juki["国立市"], juki.mark()
    split = kunitachi.report_household_change([family.wife, family.child]).receipt
    assert (split.notices, split.household_id != family.household) == (0, True)
    merged = kunitachi.report_household_change(
        [family.wife, family.child], family.household, relationships=["妻", "子"]
    ).receipt
    assert (merged.notices, merged.household_id) == (0, family.household)
    headed = kunitachi.report_household_change(
        family.all, head_resident_id=family.wife, relationships=["夫", "", "子"]
    ).receipt
    assert headed.notices == 0
    juki.settle()
    assert juki.mark() == since
    records = [kunitachi.resident(resident_id) for resident_id in family.all]
    assert [record.relationship for record in records] == ["夫", "世帯主", "子"]
    assert {record.head_name for record in records} == {"架空　花子"}
    assert {record.person_sequence for record in records} == {2}


def test_a_split_gives_both_parts_a_head(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    home = kunitachi.report_household_change([family.head]).receipt.household_id
    assert [record.resident_id for record in kunitachi.residents(household_id=home)] == [family.head]
    assert [record.relationship for record in kunitachi.residents(household_id=family.household)] == ["世帯主", "子"]
    assert kunitachi.resident(family.head).head_name == "架空　太郎"


def test_a_change_that_leaves_two_heads_or_none_is_refused(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    stranger = kunitachi.enter_ex_officio(
        person("架空　四郎", "1970-01-01"), "東京都国立市みどり台八丁目8番8号"
    ).receipt
    before = [kunitachi.resident(resident_id) for resident_id in family.all]
    for reason, ids, home, head, relationships in (
        ("FIELD_MISSING", family.all, 0, family.wife, []),
        ("FIELD_OUT_OF_RANGE", family.all, 0, stranger.resident_ids[0], []),
        ("FIELD_OUT_OF_RANGE", family.all, 0, family.wife, ["夫"]),
        ("FIELD_OUT_OF_RANGE", family.all, stranger.household_id, 0, []),
        ("HOUSEHOLD_NOT_FOUND", family.all, 999, 0, []),
        ("NOT_ONE_HOUSEHOLD", [family.head, *stranger.resident_ids], 0, 0, []),
        ("FIELD_MISSING", [], 0, 0, []),
    ):
        with juki.refused(reason):
            kunitachi.report_household_change(ids, home, head, relationships)
    assert [kunitachi.resident(resident_id) for resident_id in family.all] == before
