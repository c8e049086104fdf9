"""転出届 as kept, what comes beforehand, and 転出の取消し, on a file alone: every household in which it can happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from sqlite_utils import Database as Utils

from jukinet.clock import Clock
from jukinet.model.codes import resident_code_from
from jukinet.model.dates import JST, PartialDate
from jukinet.model.identification import Certificate, ChangeReason, NewPerson, Sex
from jukinet.model.reason import Reason
from jukinet.model.stream import Stream
from jukinet.node import tail
from jukinet.pki.identity import Identity
from jukinet.refusal import Refusal
from jukinet.store import journal
from jukinet.store.database import Connection, Database
from jukinet.v1 import intermunicipal_pb2, relay_pb2
from jukinet.wire import convert
from municipality_node import store
from municipality_node.acts.cancellation import cancel_move_out
from municipality_node.acts.household import report_household_change
from municipality_node.acts.move_out import complete_move_out, report_move_out
from municipality_node.acts.special_move import (
    Arrival,
    certificate_at_hand,
    erase_move_out_pre_notice,
    receive_move_out_pre_notice,
    send_move_out_certificate,
)
from municipality_node.assemble import TIER
from municipality_node.desk import Desk
from municipality_node.due import DueJobs
from municipality_node.schema import migrations
from municipality_node.special_move import store as special_store
from municipality_node.store import State

T = TypeVar("T")
CODES = [resident_code_from(number) for number in range(2_000_000_000, 2_000_000_010)]
ADDRESS = "東京都国立市みどり台一丁目1番1号"
KUNITACHI, SUGINAMI, NAKANO = "132152", "131156", "131148"
RELATIONSHIPS = ("世帯主", "妻", "子")


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Database]:
    db = Database(tmp_path / "journal.db", TIER.journal)
    yield db
    db.close()


def desk(db: Connection, on: date = date(2021, 6, 1)) -> Desk:
    return Desk(db, Clock(at=datetime(on.year, on.month, on.day, 9, tzinfo=JST)), Identity.parse("municipality/132152"))


def settled(at: Desk) -> list[int]:
    """A household of three; the numbers of their records."""
    home = store.insert_household(at.db, KUNITACHI, ADDRESS)
    names = ("架空　太郎", "架空　花子", "架空　一郎")
    return [
        at.enter(
            home, NewPerson(name, PartialDate(1980, 5, 1), Sex.MALE, relationship), code, ADDRESS, KUNITACHI,
            ChangeReason.EX_OFFICIO_ENTRY, date(2021, 1, 4),
        )
        for name, relationship, code in zip(names, RELATIONSHIPS, CODES, strict=False)
    ]  # fmt: skip


def standing(at: Desk, home: int) -> dict[str, str]:
    """続柄 of those who live there, by name; the household's head must be the one who is called so."""
    members = store.members(at.db, home)
    household = store.household(at.db, home)
    assert household is not None
    heads = [person.id for person in members if person.relationship == "世帯主"]
    assert heads == ([household.head_id] if members else [])
    return {person.person.name.removeprefix("架空　"): person.relationship for person in members}


def home_of(at: Desk, resident_id: int) -> int:
    return at.resident(resident_id).household_id


def refused(act: Callable[[], object]) -> Reason:
    with pytest.raises(Refusal) as refusal:
        act()
    return refusal.value.reason


@pytest.mark.law("cancel_move_out")
@pytest.mark.parametrize(
    ("leaving", "back"),
    [
        pytest.param([0, 1, 2], [[0, 1, 2]], id="全員が転出し、全員が戻る"),
        pytest.param([0], [[0]], id="世帯主だけが転出し、戻る"),
        pytest.param([1], [[1]], id="妻だけが転出し、戻る"),
        pytest.param([2], [[2]], id="子だけが転出し、戻る"),
        pytest.param([0, 1], [[0, 1]], id="夫婦が転出し、戻る"),
        pytest.param([0, 1, 2], [[0], [1], [2]], id="全員が転出し、世帯主から一人ずつ戻る"),
        pytest.param([0, 1], [[0], [1]], id="夫婦が転出し、世帯主から戻る"),
        pytest.param([0, 1], [[1], [0]], id="夫婦が転出し、妻から戻る"),
        pytest.param([0, 1, 2], [[2], [1, 0]], id="全員が転出し、子が先に戻る"),
    ],
)
@pytest.mark.parametrize("planned", [pytest.param(1, id="消除後"), pytest.param(9, id="予定日前")])
def test_cancel_move_out_leaves_the_household_as_it_was(
    file: Database, leaving: list[int], back: list[list[int]], planned: int
) -> None:
    def work(db: Connection) -> None:
        at = desk(db)
        ids = settled(at)
        home = home_of(at, ids[0])
        before = standing(at, home)
        report_move_out(at, [ids[i] for i in leaving], "杉並区", date(2021, 6, planned))
        for again in back:
            cancel_move_out(at, [ids[i] for i in again])
        assert standing(at, home) == before
        assert {at.resident(i).state for i in ids} <= {State.LIVE, State.REMOVED}

    file.write(work)


@pytest.mark.law("cancel_move_out")
def test_who_was_named_head_meanwhile_stays_head(file: Database) -> None:
    def work(db: Connection) -> None:
        at = desk(db)
        head, wife, child = settled(at)
        home = home_of(at, head)
        report_move_out(at, [head], "杉並区", date(2021, 6, 1))
        report_household_change(at, [wife, child], 0, child, ["母", "世帯主"])
        (back,) = cancel_move_out(at, [head]).resident_ids
        assert standing(at, home) == {"花子": "母", "一郎": "世帯主", "太郎": "同居人"}
        assert at.resident(back).household_id == home

    file.write(work)


@pytest.mark.law("cancel_move_out")
def test_who_left_before_such_reports_were_kept_joins_those_who_live_there(file: Database) -> None:
    """A file of an earlier version knows no 続柄 of before: nobody's is invented."""

    def work(db: Connection) -> None:
        at = desk(db)
        head, wife, _ = settled(at)
        home = home_of(at, head)
        report_move_out(at, [head], "杉並区", date(2021, 6, 1))
        db.execute("DELETE FROM move_out_person")
        db.execute("DELETE FROM move_out")
        cancel_move_out(at, [head])
        assert standing(at, home) == {"花子": "世帯主", "一郎": "子", "太郎": "同居人"}
        assert at.resident(wife).relationship == "世帯主"

    file.write(work)


@pytest.mark.law("cancel_move_out")
def test_a_number_that_never_came_is_asked_for_again(file: Database) -> None:
    def work(db: Connection) -> None:
        at = desk(db)
        ids = settled(at)
        report_move_out(at, ids, "杉並区", date(2021, 6, 1))
        again = cancel_move_out(at, ids)
        waiting = [row[0] for row in db.execute("SELECT resident_id FROM task WHERE kind = 1 ORDER BY id")]
        assert set(again.resident_ids) <= set(waiting)
        assert [at.resident(new).person_sequence for new in again.resident_ids] == [3, 3, 3]

    file.write(work)


@pytest.mark.law("send_move_out_certificate")
def test_send_move_out_certificate_says_who_was_head_though_the_household_has_another(file: Database) -> None:
    def work(db: Connection) -> None:
        at = desk(db)
        head, wife, _ = settled(at)
        report_move_out(at, [head, wife], "杉並区", date(2021, 6, 1), with_card=True)
        asker = Identity.parse("municipality/131156")
        certificate, subjects = send_move_out_certificate(at, asker, CODES[1], KUNITACHI, SUGINAMI)
        assert subjects == [head, wife]
        assert [(m.relationship, m.head_name) for m in certificate.members] == [
            ("世帯主", "架空　太郎"), ("妻", "架空　太郎"),
        ]  # fmt: skip
        assert (certificate.destination, certificate.planned_date) == ("杉並区", date(2021, 6, 1))

    file.write(work)


@pytest.mark.law("send_move_out_certificate", "cancel_move_out")
def test_who_is_back_after_the_removal_is_told_of_no_more(file: Database) -> None:
    def work(db: Connection) -> None:
        at = desk(db)
        head, wife, child = settled(at)
        report_move_out(at, [head, wife, child], "杉並区", date(2021, 6, 1), with_card=True)
        cancel_move_out(at, [child])
        asker = Identity.parse("municipality/131156")
        certificate, subjects = send_move_out_certificate(at, asker, CODES[0], KUNITACHI, SUGINAMI)
        assert subjects == [head, wife]
        assert [member.identification.resident_code for member in certificate.members] == CODES[:2]
        again = lambda: send_move_out_certificate(at, asker, CODES[2], KUNITACHI, SUGINAMI)  # noqa: E731
        assert refused(again) == Reason.NO_MOVE_OUT_INFORMATION

    file.write(work)


@pytest.mark.law("report_move_out")
def test_report_move_out_with_card_removes_on_the_planned_day_like_any_other(file: Database) -> None:
    def work(db: Connection) -> list[int]:
        at = desk(db)
        ids = settled(at)
        _, paper = report_move_out(at, ids, "杉並区", date(2021, 6, 3), with_card=True)
        assert paper is None
        assert complete_move_out(desk(db, date(2021, 6, 2))) == []
        return complete_move_out(desk(db, date(2021, 6, 3)))

    assert len(file.write(work)) == 3


def notice(
    codes: list[str], planned: date = date(2023, 3, 1), former: str = SUGINAMI
) -> intermunicipal_pb2.MoveOutPreNotice:
    message = intermunicipal_pb2.MoveOutPreNotice()
    paper = message.certificate
    paper.former_area_code, paper.destination = former, "国立市"
    for field in (paper.planned_date, paper.issue_date):
        field.CopyFrom(convert.day_message(planned))
    for code in codes:
        paper.members.add().identification.resident_code = code
    return message


@pytest.mark.law("receive_move_out_pre_notice")
@pytest.mark.parametrize(
    ("message", "reason"),
    [
        pytest.param(notice([]), Reason.CHECK_DIGIT_WRONG, id="誰も名指さない通知"),
        pytest.param(notice([CODES[0], "12345678901"]), Reason.CHECK_DIGIT_WRONG, id="検査数字の合わないコード"),
        pytest.param(notice(["架空"]), Reason.CHECK_DIGIT_WRONG, id="数字でないコード"),
        pytest.param(notice(CODES[:1], former=NAKANO), Reason.AREA_NOT_YOURS, id="他の区の者についての通知"),
        pytest.param(
            intermunicipal_pb2.MoveOutPreNotice(
                certificate=intermunicipal_pb2.MoveOutCertificate(members=notice(CODES[:1]).certificate.members)
            ),
            Reason.FIELD_MISSING,
            id="転出予定年月日のない通知",
        ),
    ],
)
def test_receive_move_out_pre_notice_sets_aside_what_cannot_be(
    file: Database, message: intermunicipal_pb2.MoveOutPreNotice, reason: Reason
) -> None:
    def work(db: Connection) -> None:
        at = desk(db, date(2023, 3, 1))
        assert refused(lambda: receive_move_out_pre_notice(at, SUGINAMI, KUNITACHI, message)) == reason
        assert special_store.pre_notices(db, 0, 10) == []

    file.write(work)


@pytest.mark.law("receive_move_out_pre_notice")
def test_of_two_notices_about_one_person_the_later_counts(file: Database) -> None:
    def work(db: Connection) -> None:
        at = desk(db, date(2023, 3, 1))
        for planned in (date(2023, 3, 1), date(2023, 3, 20)):
            receive_move_out_pre_notice(at, SUGINAMI, KUNITACHI, notice(CODES[:2], planned))

        def at_hand(code: str, former: str, to: str) -> Certificate | None:
            return certificate_at_hand(at, Arrival(code, former, True, ADDRESS, date(2023, 3, 1), to, 0))

        held = at_hand(CODES[1], SUGINAMI, KUNITACHI)
        assert held is not None
        assert held.planned_date == date(2023, 3, 20)
        assert at_hand(CODES[1], NAKANO, KUNITACHI) is None
        assert at_hand(CODES[2], SUGINAMI, KUNITACHI) is None

    file.write(work)


@pytest.mark.law("receive_move_out_pre_notice")
@pytest.mark.parametrize(
    ("move_out_id", "codes", "former", "held"),
    [
        pytest.param(7, CODES[1:2], SUGINAMI, [CODES[1:2]], id="同じ転出届の後の通知は、前の通知に代わる"),
        pytest.param(7, [], SUGINAMI, [], id="誰も残らない通知は、前の通知を取り消す"),
        pytest.param(8, CODES[2:3], SUGINAMI, [CODES[:2], CODES[2:3]], id="他の転出届の通知は、並べて保存する"),
        pytest.param(8, [], SUGINAMI, [CODES[:2]], id="他の転出届の取消しは、何も消さない"),
        pytest.param(7, CODES[2:3], NAKANO, [CODES[:2], CODES[2:3]], id="他の区の同じ番号の転出届は、別の届出である"),
        pytest.param(7, [], NAKANO, [CODES[:2]], id="他の区は、通知していない転出届を取り消せない"),
        pytest.param(0, CODES[:2], SUGINAMI, [CODES[:2], CODES[:2]], id="番号のない通知は、従前のとおり並べて保存する"),
    ],
)
def test_receive_move_out_pre_notice_again(
    file: Database, move_out_id: int, codes: list[str], former: str, held: list[list[str]]
) -> None:
    def work(db: Connection) -> None:
        at = desk(db, date(2023, 3, 1))
        first, again = notice(CODES[:2]), notice(codes, former=former)
        first.move_out_id, again.move_out_id = 7, move_out_id
        receive_move_out_pre_notice(at, SUGINAMI, KUNITACHI, first)
        receive_move_out_pre_notice(at, former, KUNITACHI, again)
        kept = [n.certificate.members for n in special_store.pre_notices(db, 0, 10)]
        assert [[member.identification.resident_code for member in members] for members in kept] == held

    file.write(work)


@pytest.mark.law("erase_move_out_pre_notice")
@pytest.mark.parametrize(
    ("today", "left"),
    [
        pytest.param(date(2023, 3, 31), 2, id="30日目は残る"),
        pytest.param(date(2023, 4, 1), 2, id="30日を経過した日も期間のうち"),
        pytest.param(date(2023, 4, 2), 1, id="期間が経過すれば、その通知だけ消える"),
        pytest.param(date(2023, 4, 21), 0, id="もう一つも期間が経過すれば消える"),
    ],
)
def test_erase_move_out_pre_notice_day_by_day(file: Database, today: date, left: int) -> None:
    def work(db: Connection) -> None:
        at = desk(db, date(2023, 3, 1))
        receive_move_out_pre_notice(at, SUGINAMI, KUNITACHI, notice(CODES[:1], date(2023, 3, 1)))
        receive_move_out_pre_notice(at, SUGINAMI, KUNITACHI, notice(CODES[1:3], date(2023, 3, 20)))
        erase_move_out_pre_notice(desk(db, today))
        assert len(special_store.pre_notices(db, 0, 10)) == left
        assert db.execute("SELECT count(*) FROM move_out_pre_notice_person").fetchone()[0] == {2: 3, 1: 2, 0: 0}[left]

    file.write(work)


@pytest.mark.law("erase_move_out_pre_notice", "complete_move_out")
def test_the_next_due_day_is_the_earliest_of_all_jobs(file: Database) -> None:
    def work(db: Connection) -> None:
        at = desk(db, date(2023, 3, 1))
        jobs = DueJobs("municipality/132152", at.node, at.clock)
        assert jobs.next_day(db) is None
        receive_move_out_pre_notice(at, SUGINAMI, KUNITACHI, notice(CODES[5:6], date(2023, 3, 1)))
        assert jobs.next_day(db) == date(2023, 4, 2)
        report_move_out(at, settled(at), "杉並区", date(2023, 3, 9))
        assert jobs.next_day(db) == date(2023, 3, 9)
        jobs.do(db)
        assert jobs.next_day(db) == date(2023, 3, 9), "its day has not come"

    file.write(work)


@pytest.mark.law("notify_move_out_beforehand")
def test_the_notice_can_be_found_by_the_code_and_carries_the_whole_paper(file: Database) -> None:
    def work(db: Connection) -> None:
        at = desk(db, date(2023, 3, 1))
        report_move_out(at, settled(at), "杉並区", date(2023, 3, 9), with_card=True, online=True)
        (stream,) = [stream for stream in journal.pending_streams(db) if stream.kind == 6]
        assert (stream.origin, stream.counterpart) == (KUNITACHI, SUGINAMI)
        (pending,) = journal.pending(db, stream, 10)
        assert pending.keys.code == int(CODES[0])
        told = intermunicipal_pb2.MoveOutPreNotice.FromString(pending.record).certificate
        assert [member.relationship for member in told.members] == list(RELATIONSHIPS)

    file.write(work)


@pytest.mark.law("report_move_out", "cancel_move_out")
def test_a_file_of_the_version_before_opens_and_its_people_leave_and_stay(tmp_path: Path) -> None:
    old = tmp_path / "journal.db"
    before = Utils(old)
    migrations.apply(before, stop_before="m002_special_move")
    before.execute("PRAGMA user_version=1")
    before.close()
    file = Database(old, TIER.journal)

    def work(db: Connection) -> None:
        at = desk(db)
        ids = settled(at)
        report_move_out(at, ids, "杉並区", date(2021, 6, 1), with_card=True)
        assert len(cancel_move_out(at, ids).resident_ids) == 3

    file.write(work)
    file.close()


@pytest.mark.law("send_move_out_certificate")
def test_what_got_lost_goes_in_front_of_the_answer_and_nothing_else(file: Database) -> None:
    """Batches of a stream of answers, as they are kept by who gave them."""
    stream = Stream(KUNITACHI, 12, SUGINAMI)

    def work(db: Connection) -> list[relay_pb2.Batch]:
        said = []
        for number in (1, 2, 3):
            header = relay_pb2.StreamHeader(
                origin=KUNITACHI, kind=12, counterpart=SUGINAMI, epoch=1, first_number=number, last_number=number
            )
            batch = relay_pb2.Batch(header=header.SerializeToString(), payload=b"x", signature=b"y", certificate=b"z")
            journal.append(db, desk(db).clock, journal.Envelope.of(batch), said=True)
            said.append(batch)
        return said

    said = file.write(work)
    with file.read() as db:
        standing = journal.standing(db, stream)
        assert standing is not None
        assert standing.next_number == 4
        for awaited, sent in ((1, said), (2, said[1:]), (3, said[2:]), (4, said[2:]), (0, said[2:]), (99, said[2:])):
            assert tail.up_to(db, said[2], awaited) == sent, awaited
        assert tail.up_to(db, said[1], 1) == said[:2], "what was said after the answer is no part of it"
