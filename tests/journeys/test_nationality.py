"""帰化 and 国籍喪失: two records of one person, two notices, one code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.testing.door import day, person
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import identification_pb2, nationality_pb2

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

FOREIGN, JAPANESE = identification_pb2.RESIDENCY_FOREIGN, identification_pb2.RESIDENCY_JAPANESE
NUMBERED = "個人番号の記載の修正・個人番号の職権記載等"
YOKOHAMA = "神奈川県横浜市鶴見区みどり台三丁目5番7号"


def foreigner(juki: Juki, household_id: int = 0) -> int:
    """試作 花, a foreign resident of 国立市 with 通称, numbered and known to J-LIS."""
    who = person("SHISAKU HANA", "1985-02-03", "女", residency=FOREIGN, alias="試作　花", relationship="配偶者")
    (resident_id,) = juki["国立市"].enter_ex_officio(who, household_id=household_id).receipt.resident_ids
    juki.settle()
    return resident_id


@pytest.mark.law("acquire_nationality", "notify_identification", "forward_identification")
def test_acquire_nationality_closes_one_record_and_opens_another_up_to_the_centre(juki: Juki, family: Family) -> None:
    kunitachi = juki["国立市"]
    before = kunitachi.resident(foreigner(juki, family.household))
    code, since = before.identification.resident_code, juki.mark()

    done = kunitachi.acquire_nationality(before.resident_id, "2021-05-20", name="試作　花", name_kana="しさく　はな")
    assert done.receipt.notices == 2
    old_id, new_id = done.receipt.resident_ids
    juki.settle()

    old, new = kunitachi.resident(old_id), kunitachi.resident(new_id)
    assert (old.resident_id, old.state) == (before.resident_id, pb.RESIDENT_STATE_REMOVED)
    assert old.removal_date == day("2021-05-20")
    assert (old.identification.residency, old.identification.alias) == (FOREIGN, "試作　花")
    assert (new.state, new.household_id, new.relationship) == (pb.RESIDENT_STATE_LIVE, family.household, "配偶者")
    assert new.identification.resident_code == code
    assert len(new.identification.individual_number) == 12
    assert new.identification.individual_number == before.identification.individual_number
    assert (new.identification.name, new.identification.alias) == ("試作　花", "")
    assert new.identification.residency == JAPANESE
    told = [
        "国立市 記載・職権記載等 2021-06-01 #1",
        f"国立市 {NUMBERED} 2021-06-01 #2",
        "国立市 消除・職権消除等（帰化等） 2021-05-20 #3",
        "国立市 記載・職権記載等（帰化等） 2021-05-20 #4",
    ]
    assert kunitachi.changes(code) == told
    assert juki["東京都"].changes(code) == told
    assert juki["機構"].changes(code) == told
    deletion, entry = juki["機構"].notices(code)[-2:]
    assert deletion.identification == before.identification
    assert entry.identification == new.identification
    (held,) = juki["機構"].held(code)
    assert (held.live, held.identification) == (True, new.identification)
    assert set(juki.hops(code, since)) == {"国立市→東京都", "東京都→機構"}
    (row,) = [row for row in kunitachi.audit() if row["event"] == "AcquireNationality"]
    assert (row["article"], row["subjects"]) == ("住基令第8条の2第1項", f"{old_id},{new_id}")
    assert juki["機構"].status().live_records == 4
    assert juki.ledger_differences() == []


@pytest.mark.law("lose_nationality", "foreign_record_items", "foreign_resident_since")
def test_lose_nationality_closes_one_record_and_opens_another_up_to_the_centre(juki: Juki, family: Family) -> None:
    kunitachi, code = juki["国立市"], family.codes[1]
    before = kunitachi.resident(family.wife)

    done = kunitachi.lose_nationality(family.wife, "2021-05-10", name="KAKU HANAKO")
    assert done.receipt.notices == 2
    old_id, new_id = done.receipt.resident_ids
    juki.settle()

    old, new = kunitachi.resident(old_id), kunitachi.resident(new_id)
    assert (old.resident_id, old.state) == (family.wife, pb.RESIDENT_STATE_REMOVED)
    assert (new.household_id, new.relationship, new.head_name) == (family.household, "妻", "架空　太郎")
    assert new.identification.residency == FOREIGN
    assert new.identification.individual_number == before.identification.individual_number
    assert (before.identification.former_surname, new.identification.former_surname) == ("試作", "")
    assert juki["機構"].changes(code)[-2:] == [
        "国立市 消除・職権消除等（国籍喪失） 2021-05-10 #3",
        "国立市 記載・職権記載等（国籍喪失） 2021-05-10 #4",
    ]
    (held,) = juki["機構"].held(code)
    assert (held.live, held.identification) == (True, new.identification)
    kept = kunitachi.foreign_items(new_id)
    assert kept.items.category == nationality_pb2.FOREIGN_CATEGORY_TRANSITIONAL_BY_NATIONALITY_LOSS
    assert (kept.items.nationality, kept.items.since) == ("架空国", day("2021-05-10"))
    # The record began on the day of 職権記載, later than the loss: 外国人住民となつた年月日 is the later one.
    assert kept.foreign_resident_since == day("2021-06-01")
    assert kept.last_day == day("2021-07-09")
    assert juki.ledger_differences() == []
