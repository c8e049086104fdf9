"""隔離: what a tier could not store is listed, mended by its origin, or released; nobody else is held up by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jukinet.model.stream import Keys, Stream
from jukinet.store import journal
from jukinet.testing.door import person
from jukinet.v1 import identification_pb2, quarantine_pb2, relay_pb2

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from tests.journeys.conftest import Family

OPEN, MENDED = quarantine_pb2.QUARANTINE_STATE_OPEN, quarantine_pb2.QUARANTINE_STATE_MENDED
RELEASED = quarantine_pb2.QUARANTINE_STATE_RELEASED
BROKEN = "CHARACTERS_BROKEN"
UPPER = ("東京都", "機構")
NEW = "東京都国立市東一丁目1番1号"


def born(juki: Juki, name: str = "架空　三太") -> str:
    """Somebody new in 国立市, whose two notices go up, 記載 and 個人番号; the code."""
    number = juki["国立市"].enter_ex_officio(person(name, "1970-01-01")).receipt.resident_ids[0]
    juki.settle()
    return str(juki["国立市"].resident(number).identification.resident_code)


def send(juki: Juki, name: str, record: identification_pb2.IdentificationRecord) -> None:
    """Have a municipality say this, whatever its register says."""
    raw, stream = record.SerializeToString(), Stream(juki[name].code, int(relay_pb2.STREAM_KIND_IDENTIFICATION))
    code = record.identification.resident_code
    keys = Keys(int(code)) if code.isdecimal() else Keys()
    juki[name].node.journal.write(lambda db: journal.enqueue(db, stream, raw, keys))
    juki.settle()


def build_anew(juki: Juki, tier: str) -> None:
    """Lose the register of a tier; it follows from the journal."""
    juki.kill(tier)
    for file in juki.network.layout.node(juki.find(tier)[0]).glob("register.db*"):
        file.unlink()
    juki.start(tier)
    juki.settle()


def calendar(juki: Juki) -> list[tuple[object, ...]]:
    """How long J-LIS keeps what."""
    with juki["機構"].node.register.read() as db:
        tables = ("retention", "unsuperseded", "applied_count", "identification")
        return [row for table in tables for row in db.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall()]


@pytest.mark.law("list_quarantine")
def test_a_record_with_broken_characters_is_listed_at_both_tiers_and_names_nobody(juki: Juki, family: Family) -> None:
    juki.faults("国立市", "broken_characters")
    juki["国立市"].correct_ex_officio(family.wife, name="架空　華子")
    juki.settle()
    for tier in UPPER:
        (one,) = juki.quarantine(tier)
        assert (one.origin, one.reason, one.records, one.index, one.state) == ("132152", BROKEN, 1, 0, OPEN)
        assert (one.epoch, one.number, one.day.year, one.mended_by) == (1, 7, 2021, 0)
        assert "架空" not in str(one)
        assert juki[tier].status().open_quarantined_records == 1
        assert juki[tier].status().live_records == 3, "the register keeps what it had"
    assert juki.quarantine("国立市") == []
    assert juki.ledger_differences() == []


@pytest.mark.law("list_quarantine")
def test_the_share_of_broken_characters_is_drawn_from_the_seed_and_zero_breaks_nothing(juki: Juki) -> None:
    juki.faults("国立市", "broken_characters", share=0.5)
    for number in range(8):
        born(juki, f"架空　{'一二三四五六七八'[number]}郎")
    broken = juki["機構"].status().quarantined_records
    assert 0 < broken < 16
    juki.faults("国立市")
    born(juki)
    assert juki["機構"].status().quarantined_records == broken


@pytest.mark.law("list_quarantine")
def test_what_the_origin_sends_again_about_the_same_person_mends_it(juki: Juki, family: Family) -> None:
    juki.faults("国立市", "broken_characters")
    juki["国立市"].correct_ex_officio(family.wife, name="架空　華子")
    juki.settle()
    juki.faults("国立市")
    juki["国立市"].correct_ex_officio(family.head, name="架空　大郎")  # about somebody else
    juki.settle()
    assert [len(juki.quarantine(tier)) for tier in UPPER] == [1, 1]
    juki["国立市"].correct_ex_officio(family.wife, name="架空　華子二")
    juki.settle()
    for tier in UPPER:
        assert juki.quarantine(tier) == []
        (one,) = juki.quarantine(tier, with_settled=True)
        assert (one.state, one.mended_by) == (MENDED, juki[tier].status().journal_position)
        assert juki[tier].status().quarantined_records == 1, "that there was one stays counted"
        assert juki[tier].status().open_quarantined_records == 0
        assert juki[tier].held(family.codes[1])[0].identification.name == "架空　華子二"
    assert juki.ledger_differences() == []


@pytest.mark.law("list_quarantine")
@pytest.mark.parametrize(("repairs", "left"), [(6, 0), (4, 1)], ids=["その番号の記録を直す", "別の番号の記録を直す"])
def test_a_notice_that_says_which_number_it_repairs_mends_what_has_no_code(
    juki: Juki, family: Family, repairs: int, left: int
) -> None:
    right = juki["国立市"].notices(family.codes[0])[0]
    wrong = identification_pb2.IdentificationRecord()
    wrong.CopyFrom(right)
    wrong.identification.resident_code = "12345678901"
    juki["国立市"].correct_ex_officio(family.child, name="架空　二郎")
    juki.settle()
    with juki["国立市"].file() as db:
        before = journal.standing(db, Stream("132152", 1))
    assert before is not None
    send(juki, "国立市", wrong)
    assert [one.number for one in juki.quarantine("機構")] == [before.next_number]
    right.person_sequence += 10
    right.repairs_number = before.next_number + repairs - 6
    send(juki, "国立市", right)
    assert [len(juki.quarantine(tier)) for tier in UPPER] == [left, left]


@pytest.mark.law("list_quarantine")
def test_a_full_transmission_mends_all_of_the_epoch_before(juki: Juki, family: Family) -> None:
    juki.faults("国立市", "broken_characters")
    born(juki)
    juki.faults("国立市")
    nobodys = juki["国立市"].notices(family.codes[0])[0]
    nobodys.identification.resident_code = "12345678901"  # no later notice can be about the same code
    send(juki, "国立市", nobodys)
    juki.resync("国立市")
    for tier in UPPER:
        assert juki.quarantine(tier) == []
        assert [one.state for one in juki.quarantine(tier, with_settled=True)] == [MENDED] * 3
        assert juki[tier].status().live_records == 4
    assert juki.ledger_differences() == []


@pytest.mark.law("list_quarantine")
def test_a_register_built_anew_comes_to_the_same(juki: Juki, family: Family) -> None:
    juki.faults("国立市", "broken_characters")
    for name in ("架空　華子", "架空　菊"):
        juki["国立市"].correct_ex_officio(family.wife, name=name)
    born(juki)
    juki.faults("国立市")
    juki["国立市"].correct_ex_officio(family.wife, name="架空　桜")
    juki.settle()
    before = {tier: juki.quarantine(tier, with_settled=True, page_size=2) for tier in UPPER}
    assert [one.state for one in before["機構"]] == [MENDED, MENDED, OPEN, OPEN]
    for tier in UPPER:
        build_anew(juki, tier)
    assert {tier: juki.quarantine(tier, with_settled=True) for tier in UPPER} == before


@pytest.mark.law("release_quarantined")
def test_what_is_still_faulty_is_not_released_and_nothing_changes(juki: Juki, family: Family) -> None:
    juki.faults("国立市", "broken_characters")
    juki["国立市"].correct_ex_officio(family.wife, name="架空　華子")
    juki.settle()
    (one,) = juki.quarantine("東京都")
    with juki.refused(BROKEN):
        juki.release("東京都", one.position, one.index)
    with juki.refused("NOT_SET_ASIDE"):
        juki.release("東京都", one.position)
    with juki.refused("NOT_SET_ASIDE"):
        juki.release("東京都", 999, 0)
    assert juki.quarantine("東京都") == [one]
    assert juki["東京都"].status().live_records == 3
    refused = [row for row in juki["東京都"].audit() if row["event"] == "ReleaseQuarantined"]
    assert [row["refusal"] for row in refused] == [BROKEN, "NOT_SET_ASIDE", "NOT_SET_ASIDE"]
    assert juki.ledger_differences() == []


@pytest.mark.law("release_quarantined")
def test_what_the_rules_of_now_let_pass_is_applied_and_counted(
    juki: Juki, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A software fault of the upper tiers: a rule that refused what it should have taken, mended by an update."""
    with monkeypatch.context() as faulty:
        faulty.setattr("jukinet.store.register.are_broken", lambda *_: True)
        juki["国立市"].correct_ex_officio(family.wife, name="架空　華子")
        juki.settle()
    (one,) = juki.quarantine("機構")
    answer = juki.release("機構", one.position, one.index, "once")
    assert (answer.applied, answer.still_set_aside, answer.record.state) == (1, 0, RELEASED)
    assert juki.release("機構", one.position, one.index, "once") == answer, "a repeat gets the same answer"
    assert juki.quarantine("機構", with_settled=True) == []
    assert [held.identification.name for held in juki["機構"].held(family.codes[1])] == ["架空　華子"]
    (row,) = [row for row in juki["機構"].audit() if row["event"] == "ReleaseQuarantined"]
    assert (row["accepted"], row["refusal"]) == (1, "")
    kept = calendar(juki)
    build_anew(juki, "機構")
    assert calendar(juki) == kept, "it is kept as long as if it had been taken at once"
    assert juki.quarantine("機構", with_settled=True) == []
    assert juki.ledger_differences() == []


@pytest.mark.law("release_quarantined")
def test_an_older_record_that_is_released_never_hides_a_later_one(
    juki: Juki, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as faulty:
        faulty.setattr("jukinet.store.register.are_broken", lambda *_: True)
        juki["国立市"].correct_ex_officio(family.wife, name="架空　華子")
        juki.settle()
    (one,) = juki.quarantine("機構")
    juki["国立市"].correct_ex_officio(family.wife, name="架空　桜")
    juki.settle()
    with juki.refused("NOT_SET_ASIDE"):  # a later notice stands for it
        juki.release("機構", one.position, one.index)
    assert juki["機構"].held(family.codes[1])[0].identification.name == "架空　桜"


@pytest.mark.law("release_quarantined")
def test_a_batch_that_a_software_fault_set_aside_is_released_whole(
    juki: Juki, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OverflowError

    with monkeypatch.context() as faulty:
        faulty.setattr("jukinet.store.register.apply_identification", fail)
        juki["国立市"].report_relocation(family.all, NEW)  # one batch of three
        juki.settle()
        (one,) = juki.quarantine("機構")
        assert (one.index, one.records, one.reason) == (-1, 3, "INTERNAL")
        with juki.refused("INTERNAL"):
            juki.release("機構", one.position)
    answer = juki.release("機構", one.position)
    assert (answer.applied, answer.still_set_aside) == (3, 0)
    assert juki.quarantine("機構") == []
    assert [juki["機構"].held(code)[0].identification.address for code in family.codes] == [NEW] * 3
    assert juki.ledger_differences() == []


@pytest.mark.law("release_quarantined")
def test_of_a_whole_batch_what_is_faulty_stays_set_aside_alone(
    juki: Juki, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as faulty:
        faulty.setattr("jukinet.store.register.apply_identification", lambda *_: 1 / 0)
        juki.faults("国立市", "broken_characters", share=0.5)
        juki["国立市"].report_relocation(family.all, NEW)
        juki.settle()
        (whole,) = juki.quarantine("機構")
    answer = juki.release("機構", whole.position)
    assert (answer.applied, answer.still_set_aside) == (2, 1), "the third of the three is broken"
    (left,) = juki.quarantine("機構")
    assert (left.position, left.index, left.number, left.reason) == (whole.position, 2, whole.number + 2, BROKEN)
    held = [juki["機構"].held(code)[0].identification.address for code in family.codes]
    assert [address == NEW for address in held] == [True, True, False]
    juki.settle()  # what is still set aside is told of by a number of its own
    assert juki.ledger_differences() == []
    juki.faults("国立市")
    juki["国立市"].correct_ex_officio(family.child, name="架空　二郎")
    juki.settle()
    assert juki.quarantine("機構") == []


@pytest.mark.law("release_quarantined", "receive_move_in_notice")
def test_a_municipality_releases_a_notice_that_came_before_the_record_it_is_about(juki: Juki, family: Family) -> None:
    kunitachi, suginami = juki["国立市"], juki["杉並区"]
    left = kunitachi.report_move_out([family.child], "杉並区", "2021-06-20")
    code = family.codes[2]
    kunitachi.correct_ex_officio(family.child, birth_date="2014-11-23")
    suginami.report_move_in(left.certificate, "東京都杉並区みどり台1番1号")
    juki.settle()
    (one,) = juki.quarantine("国立市")
    assert one.reason == "PERSON_DIFFERS"
    with juki.refused("PERSON_DIFFERS"):
        juki.release("国立市", one.position, one.index)
    kunitachi.correct_ex_officio(family.child, birth_date="2015-11-23")
    juki.release("国立市", one.position, one.index)
    juki.settle()
    assert kunitachi.resident(family.child).confirmed_destination == "東京都杉並区みどり台1番1号"
    assert [confirmed.resident_code for confirmed in juki["東京都"].confirmed(code)] == [code]
    assert kunitachi.quarantined() == []
    assert juki.ledger_differences() == []
