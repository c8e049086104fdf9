"""The 本籍地 and the 住所地 by themselves: what each notice does to a file in each state it may meet."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jukinet.clock import Clock
from jukinet.model.codes import resident_code_from
from jukinet.model.dates import PartialDate
from jukinet.model.family_register import (
    MismatchReason,
    RegistrationEvent,
    RegistrationNotice,
    SupplementaryAddress,
    SupplementaryEntry,
    SupplementaryNotice,
    SupplementaryTransfer,
)
from jukinet.model.identification import ChangeReason, NewPerson, Residency, Sex
from jukinet.model.reason import Reason
from jukinet.pki.identity import Identity
from jukinet.refusal import Refusal
from jukinet.store import journal
from jukinet.store.database import Database
from jukinet.testing.network import instant
from municipality_node import store as register
from municipality_node.acts.birth import report_birth
from municipality_node.acts.family_registration import (
    accept_family_registration,
    enter_paper_family_registration_notice,
)
from municipality_node.acts.supplementary import (
    clear_supplementary_register,
    enter_paper_supplementary_notice,
    enter_supplementary_register,
    report_domicile_transfer,
)
from municipality_node.assemble import TIER
from municipality_node.desk import Desk
from municipality_node.family_register import store
from municipality_node.family_register.receiving import receive_supplementary_notice, receive_supplementary_transfer
from municipality_node.family_register.registration import receive_family_registration
from municipality_node.store import State

IN_2021, IN_2022, IN_2024 = date(2021, 6, 1), date(2022, 1, 11), date(2024, 5, 27)
CODES = [resident_code_from(number) for number in range(1_000_000_000, 1_000_000_010)]
KUNITACHI, SUGINAMI, TSURUMI, KANAGAWA_WARD = "132152", "131156", "141011", "141020"
DOMICILE, HEAD = "東京都国立市架空町一番地", "架空　太郎"
ADDRESS, OTHER = "東京都杉並区架空一丁目1番1号", "東京都杉並区架空二丁目2番2号"
HOME = "東京都国立市みどり台一丁目1番1号"
BORN = PartialDate(1980, 5, 1)
NOTICE = SupplementaryNotice(
    DOMICILE, HEAD, HEAD, ADDRESS, IN_2021, ChangeReason.MOVE_IN, SUGINAMI, settled_date=IN_2021, birth_date=BORN,
    sex=Sex.MALE, resident_code=CODES[0],
)  # fmt: skip
LATER = replace(NOTICE, area_code="131148", address="東京都中野区架空一丁目1番1号")


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Database]:
    db = Database(tmp_path / "journal.db", TIER.journal)
    yield db
    db.close()


def at_desk(file: Database, work: Callable[[Desk], Any], on: date = IN_2021, node: str = KUNITACHI) -> Any:
    clock = Clock(at=instant(on))
    return file.write(lambda db: work(Desk(db, clock, Identity.parse(f"municipality/{node}"))))


def told(desk: Desk) -> list[tuple[int, str]]:
    """Kind and counterpart of what is to be sent, 本人確認情報 left out."""
    return [(stream.kind, stream.counterpart) for stream in journal.pending_streams(desk.db) if stream.kind != 1]


def now(desk: Desk, entry_id: int) -> SupplementaryEntry:
    found = store.entry(desk.db, entry_id)
    assert found is not None
    return found


def lived(desk: Desk, entry_id: int) -> list[str]:
    found = now(desk, entry_id)
    return [one.address for one in (*([found.current] if found.current else []), *found.former)]


# The 本籍地 hears of a person: does it fit the 戸籍?

BARE: tuple[SupplementaryEntry, ...] = ()
TARO = SupplementaryEntry(KUNITACHI, DOMICILE, HEAD, HEAD, birth_date=BORN, sex=Sex.MALE, resident_code=CODES[0])
HANAKO = SupplementaryEntry(KUNITACHI, DOMICILE, HEAD, "架空　花子")
FITS = MismatchReason.UNSPECIFIED
WRONG_BORN = replace(NOTICE, birth_date=PartialDate(1980, 5, 2))
WRONG_SEX = replace(NOTICE, sex=Sex.FEMALE)
RENAMED = replace(NOTICE, name="試作　太郎")


@pytest.mark.law("notify_supplementary_mismatch", "receive_supplementary_notice")
@pytest.mark.parametrize(
    ("family", "notice", "on", "expected"),
    [
        pytest.param(BARE, NOTICE, IN_2021, FITS, id="附票のない筆頭者の最初の通知で附票ができる"),
        pytest.param(
            BARE, replace(NOTICE, registered_head=""), IN_2021, MismatchReason.HEAD_UNKNOWN, id="筆頭者がない"
        ),
        pytest.param(
            BARE, replace(NOTICE, registered_head="　"), IN_2024, MismatchReason.HEAD_UNKNOWN, id="筆頭者が空白"
        ),
        pytest.param(
            BARE,
            replace(NOTICE, registered_domicile="東京都中野区架空町一番地"),
            IN_2024,
            MismatchReason.HEAD_UNKNOWN,
            id="本籍が当市にない",
        ),
        pytest.param((TARO,), NOTICE, IN_2021, FITS, id="戸籍にある者の通知は合う"),
        pytest.param((TARO,), NOTICE, IN_2024, FITS, id="生年月日も性別も合う"),
        pytest.param((TARO,), WRONG_BORN, IN_2021, FITS, id="令和3年の附票に生年月日はないので比べない"),
        pytest.param(
            (TARO,), WRONG_BORN, IN_2022, MismatchReason.BIRTH_DATE_DIFFERS, id="令和4年からは生年月日が違えば合わない"
        ),
        pytest.param((TARO,), WRONG_SEX, IN_2022, MismatchReason.SEX_DIFFERS, id="令和4年からは性別が違えば合わない"),
        pytest.param((HANAKO,), NOTICE, IN_2024, MismatchReason.PERSON_UNKNOWN, id="戸籍に記載のない者は合わない"),
        pytest.param((TARO,), RENAMED, IN_2021, MismatchReason.PERSON_UNKNOWN, id="氏名が違えば戸籍に記載がない"),
        pytest.param(
            (TARO,), RENAMED, IN_2024, MismatchReason.NAME_DIFFERS, id="コードが同じで氏名が違えば氏名の不一致"
        ),
        pytest.param((TARO,), replace(RENAMED, former_name=HEAD), IN_2021, FITS, id="変更前の氏名が合えば氏名の変更"),
        pytest.param(
            (TARO,),
            replace(NOTICE, name="架空　一郎", reason=ChangeReason.BIRTH, birth_date=PartialDate(2021, 6, 1)),
            IN_2021,
            FITS,
            id="出生の子は戸籍に入る",
        ),
        pytest.param((replace(TARO, birth_date=PartialDate()),), WRONG_BORN, IN_2024, FITS, id="空欄は不一致ではない"),
    ],
)
def test_receive_supplementary_notice_against_the_register(
    file: Database,
    family: Sequence[SupplementaryEntry],
    notice: SupplementaryNotice,
    on: date,
    expected: MismatchReason,
) -> None:
    def work(desk: Desk) -> None:
        if family:
            # Entered on the day itself: the items that the 附票 then knows are compared.
            enter_supplementary_register(desk, DOMICILE, HEAD, tuple(family))
        entry_id = receive_supplementary_notice(desk, KUNITACHI, notice)
        found = [row.reason for row in store.mismatches(desk.db, 0, 10)]
        assert (entry_id == 0) == (expected != FITS)
        assert found == ([] if expected == FITS else [expected])
        assert told(desk) == ([(15, SUGINAMI)] if expected != FITS and on >= IN_2024 else [])
        if entry_id:
            assert lived(desk, entry_id)[0] == ADDRESS

    at_desk(file, work, on)


def test_a_mismatch_is_found_and_told_once(file: Database) -> None:
    def work(desk: Desk) -> None:
        enter_supplementary_register(desk, DOMICILE, HEAD, (HANAKO,))
        for _ in range(3):
            assert receive_supplementary_notice(desk, KUNITACHI, NOTICE) == 0
        assert enter_paper_supplementary_notice(desk, NOTICE)[1] == 0
        assert len(store.mismatches(desk.db, 0, 10)) == 1
        assert journal.count_pending(desk.db) == 1

    at_desk(file, work, IN_2024)


def test_the_paper_may_be_entered_again_once_the_person_stands_in_the_register(file: Database) -> None:
    """不一致の後、戸籍のとおり附票に記載してから同じ通知を入力すれば附票は通知に従う."""

    def work(desk: Desk) -> None:
        enter_supplementary_register(desk, DOMICILE, HEAD, (HANAKO,))
        assert enter_paper_supplementary_notice(desk, NOTICE)[1] == 0
        _, (taro,) = enter_supplementary_register(desk, DOMICILE, HEAD, (TARO,))
        for _ in range(2):
            assert enter_paper_supplementary_notice(desk, NOTICE)[1] == taro
        assert lived(desk, taro) == [ADDRESS]
        clear_supplementary_register(desk, [taro], IN_2021)
        assert enter_paper_supplementary_notice(desk, NOTICE)[1] == 0
        assert len(store.mismatches(desk.db, 0, 10)) == 1

    at_desk(file, work)


@pytest.mark.law("notify_supplementary_register")
@pytest.mark.parametrize(
    ("on", "expected"),
    [
        pytest.param(IN_2021, ("国外", False), id="令和3年の国外転出は住所を国外と書く"),
        pytest.param(IN_2024, ("", True), id="令和6年の国外転出は国外転出者の旨を書く"),
    ],
)
def test_a_move_abroad_is_written_into_the_register(file: Database, on: date, expected: tuple[str, bool]) -> None:
    def work(desk: Desk) -> None:
        resident_id = enter(desk, registered_domicile=DOMICILE, registered_head=HEAD)
        desk.remove(desk.resident(resident_id), ChangeReason.MOVE_OUT_ABROAD, on)
        (entry,) = store.page(desk.db, 0, 10, "", "", False)
        assert entry.current is not None
        assert (entry.current.address, entry.current.moved_abroad) == expected
        assert entry.current.settled_date == on
        assert [one.address for one in entry.former] == [HOME]

    at_desk(file, work, on)


def test_a_transferred_register_takes_no_notice_and_a_cleared_person_does_not_come_back(file: Database) -> None:
    def work(desk: Desk) -> None:
        receive_supplementary_notice(desk, KUNITACHI, NOTICE)
        report_domicile_transfer(desk, DOMICILE, HEAD, "東京都杉並区架空町一番地", IN_2021)
        assert receive_supplementary_notice(desk, KUNITACHI, LATER) == 0
        (numbered,) = enter_supplementary_register(desk, DOMICILE, "試作　次郎", (replace(TARO, name="試作　次郎"),))[1]
        clear_supplementary_register(desk, [numbered], IN_2021)
        another = replace(NOTICE, registered_head="試作　次郎", name="試作　次郎")
        assert receive_supplementary_notice(desk, KUNITACHI, another) == 0
        assert [row.reason for row in store.mismatches(desk.db, 0, 10)] == [
            MismatchReason.REGISTER_TRANSFERRED, MismatchReason.PERSON_UNKNOWN,
        ]  # fmt: skip

    at_desk(file, work)


# Which 住所 the entry says now, in whatever order the notices come

FIRST = replace(NOTICE, settled_date=date(2021, 4, 1), change_date=date(2021, 4, 1))
SECOND = replace(LATER, settled_date=date(2021, 5, 1), change_date=date(2021, 5, 1))
THIRD = replace(NOTICE, area_code="141011", address="神奈川県横浜市鶴見区架空1番")


@pytest.mark.parametrize(
    "order",
    [
        pytest.param(order, id="・".join(words))
        for order, words in zip(
            itertools.permutations((FIRST, SECOND, THIRD)),
            itertools.permutations(("杉並の通知", "中野の通知", "鶴見の通知")),
            strict=True,
        )
    ],
)
def test_the_address_settled_last_counts_whatever_comes_last(
    file: Database, order: Sequence[SupplementaryNotice]
) -> None:
    def work(desk: Desk) -> None:
        numbers = {receive_supplementary_notice(desk, KUNITACHI, notice) for notice in (*order, *order)}
        assert len(numbers) == 1
        assert lived(desk, numbers.pop()) == [THIRD.address, SECOND.address, FIRST.address]

    at_desk(file, work)


RENUMBERED = replace(
    NOTICE, address=OTHER, settled_date=None, change_date=date(2021, 6, 1), reason=ChangeReason.MINOR_CORRECTION
)
MOVED_IN = replace(NOTICE, settled_date=date(2021, 4, 1), change_date=date(2021, 4, 1))
BACK_BEFORE = replace(LATER, settled_date=date(2021, 3, 1), change_date=date(2021, 3, 1))


@pytest.mark.parametrize(
    ("notices", "expected"),
    [
        pytest.param((MOVED_IN, RENUMBERED), [OTHER], id="住居表示は今の住所を書き直す"),
        pytest.param((MOVED_IN, RENUMBERED, MOVED_IN), [OTHER], id="古い通知の再送は書き直しを戻さない"),
        pytest.param(
            (MOVED_IN, replace(LATER, settled_date=date(2021, 5, 1)), RENUMBERED),
            [LATER.address, OTHER],
            id="転出後に届いた住居表示は前の住所を書き直す",
        ),
        pytest.param((BACK_BEFORE, MOVED_IN, BACK_BEFORE), [ADDRESS, LATER.address], id="前の住所の再送は履歴にある"),
        pytest.param((RENUMBERED,), [OTHER], id="住所を定めた日の分からない者の住居表示"),
        pytest.param(
            (
                replace(RENUMBERED, change_date=date(2021, 5, 2)),
                replace(RENUMBERED, address=ADDRESS, change_date=date(2021, 5, 1)),
            ),
            [OTHER],
            id="遅れて届いた古い書き直しは効かない",
        ),
        pytest.param(
            (MOVED_IN, replace(NOTICE, address="国外", reason=ChangeReason.MOVE_OUT_ABROAD)),
            ["国外", ADDRESS],
            id="国外転出の後も前の住所が残る",
        ),
    ],
)
def test_write_address(file: Database, notices: Sequence[SupplementaryNotice], expected: list[str]) -> None:
    def work(desk: Desk) -> None:
        numbers = {receive_supplementary_notice(desk, KUNITACHI, notice) for notice in notices}
        assert len(numbers) == 1
        assert lived(desk, numbers.pop()) == expected

    at_desk(file, work)


def test_an_older_notice_does_not_take_the_new_name_back(file: Database) -> None:
    renamed = replace(NOTICE, name="試作　太郎", former_name=HEAD, settled_date=None, change_date=IN_2022)

    def work(desk: Desk) -> None:
        (entry_id,) = {
            receive_supplementary_notice(desk, KUNITACHI, notice) for notice in (NOTICE, renamed, SECOND, NOTICE)
        }
        found = now(desk, entry_id)
        assert (found.name, found.birth_date, found.resident_code) == ("試作　太郎", BORN, "")
        assert [one.address for one in found.former] == [SECOND.address]

    at_desk(file, work, IN_2022)


@pytest.mark.parametrize(
    ("notice", "on", "expected"),
    [
        pytest.param(replace(NOTICE, name=" "), IN_2021, Reason.FIELD_MISSING, id="氏名のない紙は受けない"),
        pytest.param(replace(NOTICE, address=""), IN_2021, Reason.FIELD_MISSING, id="住所のない紙は受けない"),
        pytest.param(
            replace(NOTICE, registered_domicile=""), IN_2021, Reason.FIELD_MISSING, id="本籍のない紙は受けない"
        ),
        pytest.param(
            replace(NOTICE, registered_domicile="東京都中野区架空町"),
            IN_2021,
            Reason.AREA_NOT_YOURS,
            id="他市の本籍の紙は受けない",
        ),
        pytest.param(
            replace(NOTICE, area_code="130001"), IN_2021, Reason.AREA_UNKNOWN, id="都道府県からの紙は受けない"
        ),
        pytest.param(
            replace(NOTICE, area_code=KUNITACHI), IN_2021, Reason.FIELD_OUT_OF_RANGE, id="自市からの紙は受けない"
        ),
        pytest.param(
            replace(NOTICE, change_date=date(2021, 6, 2)), IN_2021, Reason.DATE_IN_FUTURE, id="明日の異動の紙は受けない"
        ),
        pytest.param(
            replace(NOTICE, resident_code="12345678902"), IN_2024, Reason.CHECK_DIGIT_WRONG, id="検査数字の違うコード"
        ),
    ],
)
def test_enter_paper_supplementary_notice_refuses(
    file: Database, notice: SupplementaryNotice, on: date, expected: Reason
) -> None:
    with pytest.raises(Refusal) as refusal:
        at_desk(file, lambda desk: enter_paper_supplementary_notice(desk, notice), on)
    assert refusal.value.reason == expected
    assert at_desk(file, lambda desk: store.page(desk.db, 0, 10, "", "", True)) == []


@pytest.mark.law("enter_supplementary_register", "clear_supplementary_register")
def test_enter_and_clear_supplementary_register_refuse_what_is_not_theirs(file: Database) -> None:
    def refused(desk: Desk, act: Callable[[], Any]) -> Reason:
        with pytest.raises(Refusal) as refusal:
            act()
        return refusal.value.reason

    def work(desk: Desk) -> None:
        _, (entry_id,) = enter_supplementary_register(desk, DOMICILE, HEAD, (TARO,))
        for expected, domicile, head, entries in (
            (Reason.SUPPLEMENTARY_ENTRY_LIVE_ALREADY, DOMICILE, HEAD, (TARO,)),
            (Reason.SUPPLEMENTARY_ENTRY_LIVE_ALREADY, DOMICILE, "試作　一", (HANAKO, HANAKO)),
            (Reason.AREA_NOT_YOURS, "東京都中野区架空町", HEAD, (TARO,)),
            (Reason.FIELD_MISSING, DOMICILE, "", (TARO,)),
            (Reason.FIELD_MISSING, DOMICILE, HEAD, ()),
            (Reason.FIELD_MISSING, DOMICILE, HEAD, (replace(TARO, name=""),)),
            (Reason.RECORD_TOO_LARGE, DOMICILE, HEAD, (replace(TARO, name="架" * 6000),)),
        ):
            assert refused(desk, lambda d=domicile, h=head, e=entries: enter_supplementary_register(desk, d, h, e)) == (  # type: ignore[misc]
                expected
            )
        gone = Reason.SUPPLEMENTARY_REGISTER_NOT_FOUND
        assert refused(desk, lambda: clear_supplementary_register(desk, [999], IN_2021)) == gone
        assert refused(desk, lambda: clear_supplementary_register(desk, [entry_id], IN_2022)) == Reason.DATE_IN_FUTURE
        assert refused(desk, lambda: clear_supplementary_register(desk, [], IN_2021)) == Reason.FIELD_MISSING
        clear_supplementary_register(desk, [entry_id], IN_2021)
        assert refused(desk, lambda: clear_supplementary_register(desk, [entry_id], IN_2021)) == gone
        assert now(desk, entry_id).removed_date == IN_2021

    at_desk(file, work)


# 転籍

MOVED_REGISTER = SupplementaryTransfer(
    "福島県東白川郡矢祭町架空町一番地", HEAD, DOMICILE, IN_2021, "074829",
    (replace(TARO, current=SupplementaryAddress(ADDRESS, date(2021, 4, 1), told_by=SUGINAMI),
             former=(SupplementaryAddress(HOME, date(2020, 4, 1), told_by=KUNITACHI),)),),
)  # fmt: skip


@pytest.mark.law("receive_supplementary_transfer", "enter_paper_domicile_transfer")
@pytest.mark.parametrize(
    ("before", "expected"),
    [
        pytest.param((), [ADDRESS, HOME], id="転籍の通知が先"),
        pytest.param((THIRD,), [THIRD.address, ADDRESS, HOME], id="新しい住所の通知が先に届いていた"),
        pytest.param((BACK_BEFORE,), [ADDRESS, LATER.address, HOME], id="古い住所の通知が先に届いていた"),
    ],
)
def test_receive_supplementary_transfer_puts_both_together(
    file: Database, before: Sequence[SupplementaryNotice], expected: list[str]
) -> None:
    def work(desk: Desk) -> None:
        for notice in before:
            receive_supplementary_notice(desk, KUNITACHI, notice)
        (entry_id,) = receive_supplementary_transfer(desk, KUNITACHI, MOVED_REGISTER)
        assert receive_supplementary_transfer(desk, KUNITACHI, MOVED_REGISTER) == [entry_id]
        assert lived(desk, entry_id) == expected
        assert now(desk, entry_id).birth_date == BORN

    at_desk(file, work, IN_2022)


@pytest.mark.law("report_domicile_transfer")
@pytest.mark.parametrize(
    ("domicile", "to", "day", "expected"),
    [
        pytest.param(
            "東京都中野区架空町", "東京都杉並区架空町", IN_2021, Reason.AREA_NOT_YOURS, id="他市の本籍の転籍届"
        ),
        pytest.param(DOMICILE, "東京都国立市別町二番地", IN_2021, Reason.DOMICILE_STAYS_HERE, id="同じ市の中の転籍"),
        pytest.param(DOMICILE, "架空県架空市", IN_2021, Reason.AREA_UNKNOWN, id="ない市への転籍"),
        pytest.param(DOMICILE, "神奈川県横浜市", IN_2021, Reason.AREA_UNKNOWN, id="区の分からない転籍"),
        pytest.param(DOMICILE, "東京都杉並区架空町", IN_2022, Reason.DATE_IN_FUTURE, id="明日以後の転籍"),
        pytest.param(
            "東京都国立市別町",
            "東京都杉並区架空町",
            IN_2021,
            Reason.SUPPLEMENTARY_REGISTER_NOT_FOUND,
            id="附票のない戸籍",
        ),
    ],
)
def test_report_domicile_transfer_refuses(file: Database, domicile: str, to: str, day: date, expected: Reason) -> None:
    at_desk(file, lambda desk: receive_supplementary_notice(desk, KUNITACHI, NOTICE))
    with pytest.raises(Refusal) as refusal:
        at_desk(file, lambda desk: report_domicile_transfer(desk, domicile, HEAD, to, day))
    assert refusal.value.reason == expected
    (entry,) = at_desk(file, lambda desk: store.page(desk.db, 0, 10, "", "", True))
    assert entry.removed_date is None


# The 住所地 hears from a 戸籍 office (法9条2項)


def enter(desk: Desk, name: str = HEAD, code: str = CODES[0], home: int = 0, **items: Any) -> int:
    household = home or register.insert_household(desk.db, KUNITACHI, HOME)
    new = NewPerson(name, BORN, Sex.MALE, "", **items)
    return desk.enter(household, new, code, HOME, KUNITACHI, ChangeReason.EX_OFFICIO_ENTRY, IN_2021)


DEATH = RegistrationNotice(RegistrationEvent.DEATH, IN_2021, HEAD, BORN, Sex.MALE, HOME, KUNITACHI, SUGINAMI, IN_2021)
MARRIAGE = replace(
    DEATH, event=RegistrationEvent.MARRIAGE, new_name="試作　太郎", registered_domicile="東京都杉並区架空町",
    registered_head="試作　花子",
)  # fmt: skip
TRANSFER = replace(
    DEATH, event=RegistrationEvent.DOMICILE_TRANSFER, registered_domicile="東京都杉並区架空町", registered_head=HEAD,
    sex=Sex.UNSPECIFIED, birth_date=PartialDate(),
)  # fmt: skip
BIRTH = RegistrationNotice(
    RegistrationEvent.BIRTH, IN_2021, "架空　一郎", PartialDate(2021, 6, 1), Sex.MALE, HOME, KUNITACHI, SUGINAMI,
    IN_2021, head_name=HEAD,
)  # fmt: skip


def leave(desk: Desk, resident_id: int, reason: ChangeReason) -> None:
    desk.remove(desk.resident(resident_id), reason, IN_2021)


GONE = {"dead": ChangeReason.DEATH, "moved": ChangeReason.MOVE_OUT, "deleted": ChangeReason.EX_OFFICIO_DELETION}


@pytest.mark.law("receive_family_registration")
@pytest.mark.parametrize(
    ("state", "notice", "expected"),
    [
        pytest.param("live", DEATH, (State.REMOVED, HEAD, 1), id="現住者の死亡で消除する"),
        pytest.param("dead", DEATH, (State.REMOVED, HEAD, 0), id="既に死亡で消除した者には何もしない"),
        pytest.param("moved", DEATH, Reason.RESIDENT_REMOVED, id="転出した者の死亡は保留する"),
        pytest.param("deleted", DEATH, Reason.RESIDENT_REMOVED, id="職権消除した者の死亡は保留する"),
        pytest.param("none", DEATH, Reason.RESIDENT_NOT_FOUND, id="住所地にいない者の死亡は保留する"),
        pytest.param(
            "live", replace(DEATH, name="架空　次郎"), Reason.RESIDENT_NOT_FOUND, id="氏名の違う者の死亡は保留する"
        ),
        pytest.param(
            "live", replace(DEATH, address=OTHER), Reason.RESIDENT_NOT_FOUND, id="住所の違う者の死亡は保留する"
        ),
        pytest.param(
            "live",
            replace(DEATH, birth_date=PartialDate(1980, 5, 2)),
            Reason.PERSON_DIFFERS,
            id="生年月日が違えば保留する",
        ),
        pytest.param("live", replace(DEATH, sex=Sex.FEMALE), Reason.PERSON_DIFFERS, id="性別が違えば保留する"),
        pytest.param("twins", DEATH, Reason.PERSON_DIFFERS, id="同姓同名同生年月日が二人いれば保留する"),
        pytest.param(
            "live", replace(DEATH, event_date=date(2021, 6, 2)), Reason.DATE_IN_FUTURE, id="明日の死亡は受けない"
        ),
        pytest.param(
            "live", replace(DEATH, event_date=date(1980, 4, 30)), Reason.FIELD_OUT_OF_RANGE, id="出生前の死亡は受けない"
        ),
        pytest.param(
            "live", replace(DEATH, birth_date=PartialDate()), Reason.FIELD_MISSING, id="生年月日のない死亡は受けない"
        ),
        pytest.param("live", MARRIAGE, (State.LIVE, "試作　太郎", 2), id="婚姻で氏を修正し新本籍地に通知する"),
        pytest.param("renamed", MARRIAGE, (State.LIVE, "試作　太郎", 0), id="既に修正した氏には何もしない"),
        pytest.param(
            "live", replace(MARRIAGE, new_name=""), (State.LIVE, HEAD, 0), id="氏を変えない婚姻は本籍だけ変わる"
        ),
        pytest.param("moved", MARRIAGE, Reason.RESIDENT_REMOVED, id="転出した者の婚姻は保留する"),
        pytest.param(
            "live",
            replace(MARRIAGE, new_name="", registered_domicile=""),
            Reason.FIELD_MISSING,
            id="何も変えない婚姻は受けない",
        ),
        pytest.param(
            "live", replace(MARRIAGE, registered_head=""), Reason.FIELD_MISSING, id="筆頭者のない新本籍は受けない"
        ),
        pytest.param("live", TRANSFER, (State.LIVE, HEAD, 0), id="転籍で本籍だけ変わり上には何も通知しない"),
        pytest.param("none", TRANSFER, Reason.RESIDENT_NOT_FOUND, id="いない者の転籍は保留する"),
        pytest.param(
            "live",
            replace(DEATH, event=RegistrationEvent.UNSPECIFIED),
            Reason.FIELD_MISSING,
            id="事由のない通知は受けない",
        ),
    ],
)
def test_receive_family_registration(
    file: Database, state: str, notice: RegistrationNotice, expected: tuple[State, str, int] | Reason
) -> None:
    def work(desk: Desk) -> None:
        resident_id = enter(desk, "試作　太郎" if state == "renamed" else HEAD) if state != "none" else 0
        if state == "twins":
            enter(desk, code=CODES[1])
        if state in GONE:
            leave(desk, resident_id, GONE[state])
        desk.notices = 0
        if isinstance(expected, Reason):
            with pytest.raises(Refusal) as refusal:
                receive_family_registration(desk, notice)
            assert refusal.value.reason == expected
            assert desk.notices == 0
            return
        for _ in range(2):
            assert receive_family_registration(desk, notice) == resident_id
        record = desk.resident(resident_id)
        assert (record.state, record.person.name, desk.notices) == expected
        if notice.registered_domicile:
            assert store.family_of(desk.db, resident_id) == (notice.registered_domicile, notice.registered_head)

    at_desk(file, work)


@pytest.mark.law("receive_family_registration", "report_birth")
@pytest.mark.parametrize(
    ("state", "notice", "expected"),
    [
        pytest.param("live", BIRTH, None, id="出生で世帯に記載する"),
        pytest.param("entered", BIRTH, None, id="既に届け出た子は二度記載しない"),
        pytest.param("two", BIRTH, Reason.HOUSEHOLD_NOT_FOUND, id="同じ住所に同名の世帯主が二人いれば保留する"),
        pytest.param("none", BIRTH, Reason.HOUSEHOLD_NOT_FOUND, id="世帯がなければ保留する"),
        pytest.param("left", BIRTH, Reason.HOUSEHOLD_NOT_FOUND, id="誰もいない世帯には記載しない"),
        pytest.param(
            "live", replace(BIRTH, head_name="架空　次郎"), Reason.HOUSEHOLD_NOT_FOUND, id="世帯主が違えば保留する"
        ),
        pytest.param("live", replace(BIRTH, head_name=""), Reason.FIELD_MISSING, id="世帯主のない出生は受けない"),
        pytest.param(
            "live", replace(BIRTH, birth_date=PartialDate(2021, 6)), Reason.FIELD_MISSING, id="出生の日の分からない出生"
        ),
        pytest.param("empty", BIRTH, Reason.POOL_EMPTY, id="住民票コードがなければ待つ"),
    ],
)
def test_receive_family_registration_of_a_birth(
    file: Database, state: str, notice: RegistrationNotice, expected: Reason | None
) -> None:
    def work(desk: Desk) -> None:
        if state != "empty":
            register.add_codes(desk.db, [int(code) for code in CODES[5:]])
        head = enter(desk) if state != "none" else 0
        if state == "two":
            enter(desk, code=CODES[1])
        if state == "left":
            leave(desk, head, ChangeReason.MOVE_OUT)
        if state == "entered":
            child = NewPerson(notice.name, notice.birth_date, notice.sex, "子")
            report_birth(desk, desk.resident(head).household_id, child)
        if expected is not None:
            with pytest.raises(Refusal) as refusal:
                receive_family_registration(desk, notice)
            assert refusal.value.reason == expected
            return
        numbers = {receive_family_registration(desk, notice) for _ in range(2)}
        (number,) = numbers
        child_record = desk.resident(number)
        assert (child_record.person.name, child_record.relationship) == ("架空　一郎", "子")
        assert child_record.household_id == desk.resident(head).household_id
        assert len(register.members(desk.db, child_record.household_id)) == 2

    at_desk(file, work)


@pytest.mark.law("report_birth")
@pytest.mark.parametrize(
    ("head", "child", "expected"),
    [
        pytest.param(
            {"registered_domicile": DOMICILE, "registered_head": HEAD}, {}, DOMICILE, id="世帯主の子は世帯主の本籍"
        ),
        pytest.param(
            {"registered_domicile": DOMICILE, "registered_head": HEAD},
            {"registered_domicile": "東京都杉並区架空町"},
            "東京都杉並区架空町",
            id="届け出た本籍があればそれ",
        ),
        pytest.param(
            {"registered_domicile": DOMICILE, "registered_head": HEAD},
            {"relationship": "子の子"},
            "",
            id="世帯主の孫の本籍は分からない",
        ),
        pytest.param(
            {"registered_domicile": DOMICILE, "registered_head": HEAD},
            {"residency": Residency.FOREIGN},
            "",
            id="外国人の子に本籍はない",
        ),
        pytest.param({}, {}, "", id="世帯主の本籍が分からなければ空欄"),
    ],
)
def test_report_birth_gives_the_child_the_domicile_of_the_head(
    file: Database, head: dict[str, str], child: dict[str, Any], expected: str
) -> None:
    def work(desk: Desk) -> None:
        register.add_codes(desk.db, [int(code) for code in CODES[5:]])
        home = desk.resident(enter(desk, **head)).household_id
        new = replace(NewPerson("架空　一郎", PartialDate(2021, 6, 1), Sex.MALE, ""), **child)
        (number,) = report_birth(desk, home, new).resident_ids
        assert store.family_of(desk.db, number)[0] == expected
        here = {entry.name for entry in store.page(desk.db, 0, 10, "", "", False)}
        assert ("架空　一郎" in here) == (expected == DOMICILE)

    at_desk(file, work)


@pytest.mark.law("accept_family_registration")
@pytest.mark.parametrize(
    ("notice", "on", "expected"),
    [
        pytest.param(replace(DEATH, residence_area_code=SUGINAMI), IN_2021, "paper", id="令和3年は紙を印刷する"),
        pytest.param(replace(DEATH, residence_area_code=SUGINAMI), IN_2024, "line", id="令和6年からは回線で送る"),
        pytest.param(DEATH, IN_2024, Reason.RESIDENCE_IS_HERE, id="自市の住民の届書は自らの届出"),
        pytest.param(replace(DEATH, residence_area_code="130001"), IN_2024, Reason.AREA_UNKNOWN, id="住所地が都道府県"),
        pytest.param(
            replace(DEATH, residence_area_code="141003"), IN_2024, Reason.AREA_UNKNOWN, id="区を書かない指定都市"
        ),
        pytest.param(replace(DEATH, residence_area_code="999999"), IN_2024, Reason.AREA_UNKNOWN, id="ない住所地"),
        pytest.param(
            replace(DEATH, residence_area_code="221317"), IN_2024, Reason.AREA_UNKNOWN, id="再編でなくなった区"
        ),
        pytest.param(
            replace(DEATH, residence_area_code=SUGINAMI, event_date=date(2024, 5, 28)),
            IN_2024,
            Reason.DATE_IN_FUTURE,
            id="明日の事由は受けない",
        ),
        pytest.param(
            replace(DEATH, residence_area_code=SUGINAMI, name=""), IN_2024, Reason.FIELD_MISSING, id="氏名のない届書"
        ),
        pytest.param(
            replace(BIRTH, residence_area_code=SUGINAMI, head_name=""),
            IN_2024,
            Reason.FIELD_MISSING,
            id="世帯主のない出生の届書",
        ),
    ],
)
def test_accept_family_registration(
    file: Database, notice: RegistrationNotice, on: date, expected: str | Reason
) -> None:
    def work(desk: Desk) -> None:
        if isinstance(expected, Reason):
            with pytest.raises(Refusal) as refusal:
                accept_family_registration(desk, notice, "")
            assert refusal.value.reason == expected
            assert told(desk) == []
            return
        receipt, text = accept_family_registration(desk, notice, "")
        assert receipt.notices == (expected == "line")
        assert told(desk) == ([(4, SUGINAMI)] if expected == "line" else [])
        assert (HEAD in text) == (expected == "paper")

    at_desk(file, work, on)


@pytest.mark.law("enter_paper_family_registration_notice")
@pytest.mark.parametrize(
    ("notice", "expected"),
    [
        pytest.param(replace(DEATH, residence_area_code=SUGINAMI), Reason.AREA_NOT_YOURS, id="他市あての紙"),
        pytest.param(replace(DEATH, accepting_area_code=KUNITACHI), Reason.FIELD_OUT_OF_RANGE, id="自市からの紙"),
        pytest.param(replace(DEATH, accepting_area_code=""), Reason.AREA_UNKNOWN, id="送付元のない紙"),
    ],
)
def test_enter_paper_family_registration_notice_refuses(
    file: Database, notice: RegistrationNotice, expected: Reason
) -> None:
    def work(desk: Desk) -> None:
        resident_id = enter(desk)
        with pytest.raises(Refusal) as refusal:
            enter_paper_family_registration_notice(desk, notice)
        assert refusal.value.reason == expected
        assert desk.resident(resident_id).state == State.LIVE

    at_desk(file, work)


def test_a_notice_without_domicile_costs_one_look_and_no_row(file: Database) -> None:
    def work(desk: Desk) -> None:
        said: list[str] = []
        desk.db.set_trace_callback(said.append)
        enter(desk, code=CODES[0])
        plain = len(said)
        said.clear()
        enter(desk, code=CODES[1], registered_domicile="架空県架空市", registered_head=HEAD)
        desk.db.set_trace_callback(None)
        assert len(said) == plain
        assert sum("registered_domicile, registered_head FROM resident" in one for one in said) == 1
        assert [one for one in said if "supplementary" in one] == []

    at_desk(file, work)
