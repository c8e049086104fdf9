"""Two live records of one code: normal in a move, otherwise flagged at J-LIS."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from jukinet.law.notification import double_is_flagged
from jukinet.testing.door import day

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

pytestmark = pytest.mark.law("double_is_flagged")
DAY = date(2021, 6, 1)
HERE = "東京都杉並区みどり台1番1号"


@pytest.mark.parametrize(
    ("differs", "move_in", "today", "flagged"),
    [
        pytest.param(False, True, DAY, False, id="転入の当日は異動の途中"),
        pytest.param(False, True, date(2021, 6, 15), False, id="14日目までは待つ"),
        pytest.param(False, True, date(2021, 6, 16), True, id="15日目には誤りとみる"),
        pytest.param(True, True, DAY, True, id="生年月日か性別が違えば直ちに"),
        pytest.param(False, False, DAY, True, id="後の記載が国内転入でなければ直ちに"),
    ],
)
def test_double_is_flagged(differs: bool, move_in: bool, today: date, flagged: bool) -> None:
    assert double_is_flagged(differs, move_in, DAY, today) is flagged


def test_a_move_is_a_double_until_the_notice_closes_it(juki: Juki, family: Family) -> None:
    certificate = juki["国立市"].report_move_out([family.wife], "杉並区", "2021-06-20").certificate
    juki.cut("杉並区", "国立市")
    juki["杉並区"].report_move_in(certificate, HERE)
    juki.settle()
    assert [held.live for held in juki["機構"].held(family.codes[1])] == [True, True]
    assert juki["機構"].flagged() == []
    juki.clock.set("2021-06-15")
    assert juki["機構"].flagged() == []
    juki.clock.set("2021-06-16")
    assert juki["機構"].flagged() == [family.codes[1]]
    assert juki["機構"].status().flagged_codes == 1
    assert juki["東京都"].flagged() == [family.codes[1]]
    juki.heal()
    juki.settle()
    assert juki["機構"].flagged() == []
    assert juki["機構"].status().flagged_codes == 0


def test_one_code_of_two_people_is_flagged_at_once(juki: Juki, family: Family) -> None:
    certificate = juki["国立市"].report_move_out([family.wife], "杉並区", "2021-06-20").certificate
    certificate.members[0].identification.birth_date.CopyFrom(day("1950-01-01"))
    juki["杉並区"].report_move_in(certificate, HERE)
    juki.settle()
    assert juki["機構"].flagged() == [family.codes[1]]
    assert juki["国立市"].quarantined() == [("131156", "PERSON_DIFFERS")]


def test_a_code_held_twice_before_the_move_stays_flagged_however_it_is_corrected(juki: Juki, family: Family) -> None:
    certificate = juki["国立市"].report_move_out([family.wife], "杉並区", "2021-06-20").certificate
    certificate.members[0].identification.birth_date.CopyFrom(day("1950-01-01"))
    number = juki["杉並区"].report_move_in(certificate, HERE).receipt.resident_ids[0]
    juki.settle()
    juki["杉並区"].correct_ex_officio(number, birth_date="1982-03-14")
    juki.settle()
    assert juki["機構"].flagged() == [family.codes[1]]
    juki["杉並区"].delete_ex_officio(number)
    juki.settle()
    assert juki["機構"].flagged() == []


def test_a_mended_code_closes_the_double_and_a_later_move_opens_one_of_its_own(juki: Juki, family: Family) -> None:
    kunitachi, suginami, code = juki["国立市"], juki["杉並区"], family.codes[1]
    certificate = kunitachi.report_move_out([family.wife], "杉並区", "2021-06-20").certificate
    certificate.members[0].identification.birth_date.CopyFrom(day("1950-01-01"))
    wrong = suginami.report_move_in(certificate, HERE).receipt.resident_ids[0]
    juki.settle()
    assert juki["機構"].flagged() == [code]
    suginami.correct_resident_code(wrong)
    juki.settle()
    assert juki["機構"].flagged() == []
    moved = kunitachi.report_move_out([family.wife], "杉並区", "2021-06-20").certificate
    juki.cut("杉並区", "国立市")
    suginami.report_move_in(moved, HERE)
    juki.settle()
    assert [held.live for held in juki["機構"].held(code)] == [True, True]
    assert juki["機構"].flagged() == [], "no flag is left from the one that was mended"
