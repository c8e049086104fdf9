"""転居: 修正・転居 for each who moves; households move together or part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import person
from jukinet.v1 import counter_pb2 as pb

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

pytestmark = pytest.mark.law("report_relocation")

THERE = "東京都国立市みどり台九丁目9番9号"


def test_a_household_moves_together(juki: Juki, family: Family) -> None:
    kunitachi, since = juki["国立市"], juki.mark()
    receipt = kunitachi.report_relocation(family.all, THERE, "2021-05-31").receipt
    assert (receipt.household_id, receipt.notices) == (family.household, 3)
    juki.settle()
    for code, resident_id in zip(family.codes, family.all, strict=True):
        record = kunitachi.resident(resident_id)
        assert (record.identification.address, record.household_id) == (THERE, family.household)
        for tier in ("国立市", "東京都", "機構"):
            assert juki[tier].changes(code)[-1] == "国立市 記載の修正・転居 2021-05-31 #3", tier
        (held,) = juki["機構"].held(code)
        assert (held.live, held.identification) == (True, record.identification)
        assert juki.hops(code, since) == ["国立市→東京都", "東京都→機構"]
    assert (
        kunitachi.resident(kunitachi.report_birth(family.household).receipt.resident_ids[0]).identification.address
        == THERE
    )
    juki.settle()
    assert juki.ledger_differences() == []


def test_part_of_a_household_moves_and_has_a_head_of_its_own(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    receipt = kunitachi.report_relocation([family.head, family.child], THERE).receipt
    assert receipt.household_id not in (0, family.household)
    assert kunitachi.resident(family.child).head_name == "架空　太郎"
    wife = kunitachi.resident(family.wife)
    assert (wife.head_name, wife.relationship, wife.household_id) == ("架空　花子", "世帯主", family.household)
    assert wife.identification.address != THERE
    juki.settle()
    assert len(juki["機構"].changes(family.codes[1])) == 2


def test_who_joins_a_household_takes_its_address(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    other = kunitachi.enter_ex_officio(person("架空　四郎", "1970-01-01"), THERE).receipt.household_id
    with juki.refused("FIELD_OUT_OF_RANGE"):
        kunitachi.report_relocation([family.head], "東京都国立市みどり台一丁目1番1号", household_id=other)
    kunitachi.report_relocation([family.head], "", household_id=other)
    record = kunitachi.resident(family.head)
    assert (record.household_id, record.identification.address) == (other, THERE)
    assert (record.relationship, record.head_name) == ("同居人", "架空　四郎")


def test_a_relocation_to_the_same_address_says_nothing(juki: Juki, family: Family) -> None:
    address = juki["国立市"].resident(family.head).identification.address
    assert juki["国立市"].report_relocation(family.all, address).receipt.notices == 0


def test_a_relocation_that_cannot_be_is_refused(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    other = kunitachi.enter_ex_officio(person("架空　四郎", "1970-01-01")).receipt.resident_ids[0]
    for reason, ids, address, on, home in (
        ("DATE_IN_FUTURE", family.all, THERE, "2021-06-02", 0),
        ("FIELD_MISSING", family.all, " ", "2021-06-01", 0),
        ("FIELD_MISSING", [], THERE, "2021-06-01", 0),
        ("FIELD_MISSING", [family.head, family.head], THERE, "2021-06-01", 0),
        ("NOT_ONE_HOUSEHOLD", [family.head, other], THERE, "2021-06-01", 0),
        ("RESIDENT_NOT_FOUND", [family.head, 999], THERE, "2021-06-01", 0),
        ("HOUSEHOLD_NOT_FOUND", family.all, THERE, "2021-06-01", 999),
        ("HOUSEHOLD_NOT_FOUND", family.all, THERE, "2021-06-01", 2**64 - 1),
    ):
        with juki.refused(reason):
            kunitachi.report_relocation(ids, address, on, home)
    kunitachi.report_death(family.child)
    with juki.refused("RESIDENT_REMOVED"):
        kunitachi.report_relocation(family.all, THERE)
    assert kunitachi.resident(family.head).identification.address != THERE
    assert kunitachi.residents(state=pb.RESIDENT_STATE_REMOVED)[0].resident_id == family.child
