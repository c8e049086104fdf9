"""法9条2項: 出生・死亡・婚姻 accepted where the person does not live, and what the 住所地 does on hearing of it."""

from __future__ import annotations

from typing import Any

import pytest

from jukinet.store.database import Connection
from jukinet.testing.door import SEX, day, person
from jukinet.testing.network import Juki
from jukinet.v1 import counter_pb2
from jukinet.v1 import family_register_pb2 as pb

HOME = "東京都国立市みどり台一丁目1番1号"
HEAD = "架空　太郎"
FROM_2024 = pytest.mark.juki(clock="2024-05-27")
BIRTH, DEATH, MARRIAGE = (
    pb.REGISTRATION_EVENT_BIRTH, pb.REGISTRATION_EVENT_DEATH, pb.REGISTRATION_EVENT_MARRIAGE,
)  # fmt: skip


def enter(juki: Juki, **items: Any) -> counter_pb2.ResidentRecord:
    receipt = juki["国立市"].enter_ex_officio(person(**items)).receipt
    juki.settle()
    return juki["国立市"].resident(receipt.resident_ids[0])


def notice(juki: Juki, event: Any, name: str = HEAD, born: str = "1980-05-01", sex: str = "男", **items: Any) -> Any:
    today = day(juki.clock.today)
    items = {"address": HOME, "residence_area_code": "132152", **items}
    return pb.FamilyRegistrationNotice(
        event=event, event_date=today, name=name, birth_date=day(born), sex=SEX[sex], **items
    )


def child(juki: Juki, **items: Any) -> Any:
    return notice(juki, BIRTH, "架空　花子", str(juki.clock.today), "女", **{"head_name": HEAD, **items})


def paper(juki: Juki, told: Any) -> Any:
    """What the clerk of 国立市 reads off the paper that 杉並区 printed."""
    told.accepting_area_code = "131156"
    told.accept_date.MergeFrom(day(juki.clock.today) or told.accept_date)
    return told


@pytest.mark.law("accept_family_registration", "notify_family_registration", "receive_family_registration")
@FROM_2024
def test_accept_family_registration_of_a_birth_enters_the_child_where_it_lives(juki: Juki) -> None:
    """里帰り出産: 矢祭町で受理, 国立市で職権記載; code from 国立市's pool, number from J-LIS, up to the centre."""
    head = enter(juki, registered_domicile="東京都中野区架空町", registered_head=HEAD)
    since = juki.mark()
    answer = juki["矢祭町"].accept_family_registration(child(juki))
    juki.settle()
    assert (answer.receipt.notices, answer.text) == (1, "")
    (born,) = [r for r in juki["国立市"].residents(head.household_id) if r.relationship == "子"]
    code = born.identification.resident_code
    assert born.identification.name == "架空　花子"
    assert born.identification.individual_number
    assert juki["東京都"].changes(code)[0] == "国立市 記載・出生 2024-05-27 #1"
    assert [held.live for held in juki["機構"].held(code)] == [True]
    assert [entry.name for entry in juki["中野区"].supplementary_register()] == [HEAD, "架空　花子"]
    kinds = [(str(hop), hop.article) for hop in juki.sequence(since=since) if hop.kind == "FAMILY_REGISTRATION_NOTICE"]
    assert kinds == [("矢祭町→国立市", "住基法第9条第2項")]
    event = [row for row in juki["国立市"].audit() if row["event"] == "ReceiveFamilyRegistration"]
    assert [(row["article"], row["subjects"]) for row in event] == [("住基令第12条第2項", str(born.resident_id))]
    assert juki.ledger_differences() == []


@pytest.mark.law("accept_family_registration", "receive_family_registration")
@FROM_2024
def test_accept_family_registration_of_a_death_closes_the_record_once(juki: Juki) -> None:
    record = enter(juki)
    for _ in range(2):
        juki["杉並区"].accept_family_registration(notice(juki, DEATH))
    juki.settle()
    closed = juki["国立市"].resident(record.resident_id)
    assert closed.state == counter_pb2.RESIDENT_STATE_REMOVED
    changes = juki["東京都"].changes(record.identification.resident_code)
    assert [change for change in changes if "消除" in change] == ["国立市 消除・死亡 2024-05-27 #3"]
    assert juki["国立市"].quarantined() == []
    assert juki.ledger_differences() == []


@pytest.mark.law("accept_family_registration", "receive_family_registration", "notify_supplementary_register")
@FROM_2024
def test_accept_family_registration_of_a_marriage_changes_the_name_and_opens_the_new_register(juki: Juki) -> None:
    """婚姻: 杉並区で受理; 氏は国立市で職権修正等, 新本籍地の中野区に附票, 原籍地には何も送らない."""
    record = enter(juki, registered_domicile="福島県東白川郡矢祭町架空町", registered_head=HEAD)
    told = notice(
        juki, MARRIAGE, new_name="試作　太郎", registered_domicile="東京都中野区架空町", registered_head="試作　花子"
    )
    juki["杉並区"].accept_family_registration(told)
    juki.settle()
    assert juki["国立市"].resident(record.resident_id).identification.name == "試作　太郎"
    assert juki["東京都"].changes(record.identification.resident_code)[-1] == (
        "国立市 記載の修正・職権修正等 2024-05-27 #3"
    )
    (entry,) = juki["中野区"].supplementary_register()
    assert (entry.name, entry.registered_head, entry.addresses[0].address) == ("試作　太郎", "試作　花子", HOME)
    (old,) = juki["矢祭町"].supplementary_register()
    assert old.name == HEAD
    assert juki.ledger_differences() == []


@pytest.mark.law("accept_family_registration", "enter_paper_family_registration_notice")
@pytest.mark.parametrize("event", [BIRTH, DEATH, MARRIAGE], ids=["出生", "死亡", "婚姻"])
def test_enter_paper_family_registration_notice_was_the_way_in_2021(juki: Juki, event: Any) -> None:
    """令和3年: 受理地は紙を印刷するだけ; nothing happens until the 住所地 enters the paper, twice is once."""
    record = enter(juki)
    new = {"new_name": "試作　太郎"} if event == MARRIAGE else {}
    told = child(juki) if event == BIRTH else notice(juki, event, **new)
    answer = juki["杉並区"].accept_family_registration(told)
    juki.settle()
    assert answer.receipt.notices == 0
    assert "東京都国立市長　様" in answer.text
    assert told.name in answer.text
    assert len(juki["国立市"].residents(state=counter_pb2.RESIDENT_STATE_LIVE)) == 1
    first = juki["国立市"].enter_paper_family_registration_notice(paper(juki, told)).receipt
    again = juki["国立市"].enter_paper_family_registration_notice(paper(juki, told)).receipt
    juki.settle()
    assert first.resident_ids == again.resident_ids
    assert (first.notices, again.notices) == (1, 0)
    found = juki["国立市"].resident(record.resident_id)
    living = juki["国立市"].residents(state=counter_pb2.RESIDENT_STATE_LIVE)
    assert (found.identification.name, len(living)) == {
        BIRTH: (HEAD, 2), DEATH: (HEAD, 0), MARRIAGE: ("試作　太郎", 1),
    }[event]  # fmt: skip
    assert "FAMILY_REGISTRATION_NOTICE" not in {hop.kind for hop in juki.sequence()}
    assert juki.ledger_differences() == []


@pytest.mark.law("receive_family_registration", "consult_family_registration_notices")
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"name": "架空　次郎"}, "RESIDENT_NOT_FOUND", id="誰にも合わない通知"),
        pytest.param({"born": "1980-05-02"}, "PERSON_DIFFERS", id="生年月日の違う通知"),
        pytest.param({"sex": "女"}, "PERSON_DIFFERS", id="性別の違う通知"),
        pytest.param({"address": "東京都国立市東一丁目1番1号"}, "RESIDENT_NOT_FOUND", id="住所の違う通知"),
    ],
)
@FROM_2024
def test_a_notice_that_fits_nobody_is_set_aside_and_shown(juki: Juki, change: dict[str, str], reason: str) -> None:
    record = enter(juki)
    juki["杉並区"].accept_family_registration(notice(juki, DEATH, **change))
    juki.settle()
    assert juki["国立市"].resident(record.resident_id).state == counter_pb2.RESIDENT_STATE_LIVE
    assert juki["国立市"].quarantined() == [("131156", reason)]
    (shown,) = juki["国立市"].family_registration_notices()
    assert (shown.waiting, shown.reason, shown.notice.event) == (False, reason, DEATH)
    assert juki.ledger_differences() == []


@pytest.mark.law("receive_family_registration")
@FROM_2024
def test_a_birth_heard_while_no_code_is_left_waits_for_codes_and_is_not_lost(juki: Juki) -> None:
    """コードの枯渇: the notice is kept, codes are asked for, and the child is entered by itself when they come."""
    head = enter(juki)
    juki.cut("国立市", "機構")

    def use_up(db: Connection) -> None:
        db.execute("UPDATE pool SET used = 1 WHERE used = 0")

    juki["国立市"].node.journal.write(use_up)
    for _ in range(2):
        juki["杉並区"].accept_family_registration(child(juki))
    juki.settle()
    assert [row.waiting for row in juki["国立市"].family_registration_notices()] == [True, True]
    assert len(juki["国立市"].residents(head.household_id)) == 1
    with juki.refused("POOL_EMPTY"):
        juki["国立市"].enter_paper_family_registration_notice(paper(juki, child(juki)))
    juki.kill("国立市")
    juki.start("国立市")
    juki.heal()
    juki.settle()
    assert juki["国立市"].family_registration_notices() == []
    born = [r.identification for r in juki["国立市"].residents(head.household_id) if r.relationship == "子"]
    assert [one.name for one in born] == ["架空　花子"]
    assert born[0].individual_number
    assert juki["国立市"].quarantined() == []
    assert juki.ledger_differences() == []


@pytest.mark.law("receive_family_registration", "accept_family_registration")
@FROM_2024
def test_a_ward_hears_another_ward_at_once_or_refuses_at_once(juki: Juki) -> None:
    """鶴見区の住民の死亡届を神奈川区で受理: 令31条, one computer, a signed notice between two wards."""
    home = "神奈川県横浜市鶴見区みどり台一丁目1番1号"
    record = juki["横浜市鶴見区"].enter_ex_officio(person(), home).receipt.resident_ids[0]
    told = notice(juki, DEATH, address=home, residence_area_code="141011")
    with juki.refused("RESIDENCE_IS_HERE"):
        juki["横浜市鶴見区"].accept_family_registration(told)
    with juki.refused("RESIDENT_NOT_FOUND"):
        juki["横浜市神奈川区"].accept_family_registration(notice(juki, DEATH, residence_area_code="141011"))
    answer = juki["横浜市神奈川区"].accept_family_registration(told)
    assert answer.receipt.notices == 2
    assert juki["横浜市鶴見区"].resident(record).state == counter_pb2.RESIDENT_STATE_REMOVED
    juki.settle()
    assert juki.ledger_differences() == []


@pytest.mark.law("notify_family_registration")
@pytest.mark.juki(clock="2024-05-26")
def test_the_line_opens_on_the_day_of_the_amendment(juki: Juki) -> None:
    record = enter(juki)
    assert juki["杉並区"].accept_family_registration(notice(juki, DEATH)).text
    juki.clock.set("2024-05-27")
    assert juki["杉並区"].accept_family_registration(notice(juki, DEATH)).text == ""
    juki.settle()
    assert juki["国立市"].resident(record.resident_id).state == counter_pb2.RESIDENT_STATE_REMOVED
