"""職権記載・消除・修正."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import person
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import identification_pb2

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family


pytestmark = pytest.mark.law("enter_ex_officio", "delete_ex_officio", "correct_ex_officio")


def test_somebody_nobody_reported_is_entered_with_a_new_code(juki: Juki) -> None:
    kunitachi = juki["国立市"]
    who = person(
        "ＫＡＫＵ　ＴＡＲＯ", "1991-02-03", "男", alias="架空　太郎", residency=identification_pb2.RESIDENCY_FOREIGN
    )
    receipt = kunitachi.enter_ex_officio(who, change_date="2021-05-20").receipt
    juki.settle()
    record = kunitachi.resident(receipt.resident_ids[0])
    code = record.identification.resident_code
    assert (record.relationship, record.resident_since.day) == ("世帯主", 20)
    for tier in ("東京都", "機構"):
        assert juki[tier].changes(code)[0] == "国立市 記載・職権記載等 2021-05-20 #1"
        (held,) = juki[tier].held(code)
        assert held.identification.alias == "架空　太郎"
        assert held.identification.residency == identification_pb2.RESIDENCY_FOREIGN
    assert juki.ledger_differences() == []


def test_a_record_without_a_person_is_removed(juki: Juki, family: Family) -> None:
    assert juki["国立市"].delete_ex_officio(family.head, "2021-05-25").receipt.notices == 1
    juki.settle()
    assert juki["機構"].changes(family.codes[0])[-1] == "国立市 消除・職権消除等 2021-05-25 #3"
    assert juki["機構"].status().live_records == 2
    assert juki["国立市"].resident(family.wife).relationship == "世帯主"
    with juki.refused("RESIDENT_REMOVED"):
        juki["国立市"].delete_ex_officio(family.head)
    with juki.refused("DATE_IN_FUTURE"):
        juki["国立市"].delete_ex_officio(family.wife, "2021-06-02")


def test_only_what_is_given_is_corrected_and_told(juki: Juki, family: Family) -> None:
    kunitachi, code = juki["国立市"], family.codes[1]
    before = kunitachi.resident(family.wife).identification
    kunitachi.correct_ex_officio(family.wife, "2021-05-30", name="架空　華子", birth_date="1982-03-15")
    juki.settle()
    expected = identification_pb2.Identification()
    expected.CopyFrom(before)
    expected.name, expected.birth_date.day = "架空　華子", 15
    for tier in ("東京都", "機構"):
        (held,) = juki[tier].held(code)
        assert held.identification == expected, tier
        assert juki[tier].changes(code)[-1] == "国立市 記載の修正・職権修正等 2021-05-30 #3", tier
    assert juki.ledger_differences() == []


def test_a_former_surname_is_entered_and_taken_away(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    kunitachi.correct_ex_officio(family.head, former_surname="模擬")
    kunitachi.correct_ex_officio(family.wife, former_surname="")
    juki.settle()
    assert juki["機構"].held(family.codes[0])[0].identification.former_surname == "模擬"
    assert juki["機構"].held(family.codes[1])[0].identification.former_surname == ""


def test_the_house_gets_another_number_when_all_its_people_do(juki: Juki, family: Family) -> None:
    kunitachi, address = juki["国立市"], "東京都国立市みどり台二丁目3番5号"
    for resident_id in family.all:
        kunitachi.correct_ex_officio(resident_id, address=address)
    born = kunitachi.report_birth(family.household).receipt.resident_ids[0]
    assert kunitachi.resident(born).identification.address == address


@pytest.mark.juki(nodes=["国立市"])
def test_a_correction_that_corrects_nothing_or_takes_away_what_must_be_there_is_refused(
    juki: Juki, family: Family
) -> None:
    kunitachi = juki["国立市"]
    for reason, correction in (
        ("FIELD_MISSING", {}),
        ("FIELD_MISSING", {"name": "架空　太郎"}),
        ("FIELD_MISSING", {"name": " "}),
        ("FIELD_MISSING", {"address": ""}),
        ("DATE_IN_FUTURE", {"birth_date": "2022"}),
        ("DATE_IMPOSSIBLE", {"birth_date": "1981-02-30"}),
        ("DATE_IN_FUTURE", {"name": "架空　太朗", "change_date": "2021-06-02"}),
    ):
        with juki.refused(reason):
            kunitachi.correct_ex_officio(family.head, **correction)
    assert kunitachi.resident(family.head).person_sequence == 2
    assert kunitachi.resident(family.head).state == pb.RESIDENT_STATE_LIVE
