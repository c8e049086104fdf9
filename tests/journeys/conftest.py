"""People whom the journeys begin with."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from jukinet.testing.door import person
from jukinet.testing.network import Juki


@dataclass(frozen=True)
class Family:
    """A household of three in 国立市, numbered and known to J-LIS."""

    household: int
    head: int
    wife: int
    child: int
    codes: tuple[str, str, str]

    @property
    def all(self) -> list[int]:
        return [self.head, self.wife, self.child]


@pytest.fixture
def family(juki: Juki) -> Family:
    """架空 一家: 世帯主 in 1980, 妻 in 1982, 子 in 2015."""
    kunitachi = juki["国立市"]
    head = kunitachi.enter_ex_officio(
        person(
            "架空　太郎",
            "1980-05-01",
            "男",
            registered_domicile="東京都国立市架空町一番地",
            registered_head="架空　太郎",
        ),
        address="東京都国立市みどり台二丁目3番4号",
    ).receipt
    ids = [head.resident_ids[0]]
    for who in (
        person("架空　花子", "1982-03-14", "女", relationship="妻", former_surname="試作"),
        person("架空　一郎", "2015-11-23", "男", relationship="子"),
    ):
        ids += kunitachi.enter_ex_officio(who, household_id=head.household_id).receipt.resident_ids
    juki.settle()
    codes = [kunitachi.resident(resident_id).identification.resident_code for resident_id in ids]
    return Family(head.household_id, ids[0], ids[1], ids[2], (codes[0], codes[1], codes[2]))
