"""Acts of a municipality where a journey would be clumsy, and random acts against what must always hold."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from jukinet.clock import Clock
from jukinet.model.codes import individual_number_from, resident_code_from
from jukinet.model.dates import PartialDate
from jukinet.model.identification import ChangeReason, NewPerson, Sex
from jukinet.model.reason import Reason
from jukinet.pki.identity import Identity
from jukinet.refusal import Refusal
from jukinet.store.database import Database
from jukinet.testing.door import day, person
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import intermunicipal_pb2
from municipality_node import store
from municipality_node.acts.number import designate_individual_number
from municipality_node.assemble import TIER
from municipality_node.desk import Desk
from municipality_node.store import State
from municipality_node.tasks import store as task_store
from municipality_node.tasks.store import TaskKind

if TYPE_CHECKING:
    from jukinet.testing.network import Juki
    from jukinet.testing.template import Templates

TODAY = date(2021, 6, 1)
PLACES = ["国立市", "国分寺市"]
CODES = [resident_code_from(number) for number in range(1_000_000_000, 1_000_000_010)]
NUMBER = individual_number_from(12345678901)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Database]:
    db = Database(tmp_path / "journal.db", TIER.journal)
    yield db
    db.close()


def desk(db: object) -> Desk:
    return Desk(db, Clock(), Identity.parse("municipality/132152"))  # type: ignore[arg-type]


def enter(at: Desk, code: str, household_id: int = 0) -> int:
    home = household_id or store.insert_household(at.db, "132152", "東京都国立市みどり台一丁目1番1号")
    new = NewPerson("架空　太郎", PartialDate(1980, 5, 1), Sex.MALE, "")
    return at.enter(home, new, code, "東京都国立市みどり台一丁目1番1号", "132152", ChangeReason.EX_OFFICIO_ENTRY, TODAY)


@pytest.mark.parametrize(
    ("residents", "left", "asked"),
    [
        pytest.param(0, 0, [1000], id="最初は千件"),
        pytest.param(100, 200, [], id="二割あれば求めない"),
        pytest.param(100, 199, [801], id="二割を切れば満たすまで求める"),
        pytest.param(240_000, 0, [5000, 5000, 2000], id="一度に求めるのは五千件まで"),
    ],
)
def test_check_refill(file: Database, residents: int, left: int, asked: list[int]) -> None:
    def work(db: object) -> list[int]:
        at = desk(db)
        at.db.execute("INSERT INTO tally VALUES ('132152', ?), ('pool', ?)", (residents, left))
        at.check_refill()
        at.check_refill()
        return [task.count for task in task_store.tasks(at.db, 0, 100)]

    assert file.write(work) == asked


def test_designate_individual_number_finishes_every_record_of_the_person(file: Database) -> None:
    def work(db: object) -> None:
        at = desk(db)
        first = enter(at, CODES[0])
        removed = store.resident(at.db, first)
        assert removed is not None
        at.remove(removed, ChangeReason.MOVE_OUT, TODAY)
        again = enter(at, CODES[0])
        at.notices = 0
        assert designate_individual_number(at, CODES[0], NUMBER) == again
        assert at.notices == 1
        assert task_store.count_tasks(at.db, TaskKind.INDIVIDUAL_NUMBER) == 0
        assert [record.person.individual_number for record in store.by_code(at.db, CODES[0])] == [NUMBER, NUMBER]
        at.notices = 0
        designate_individual_number(at, CODES[0], NUMBER)
        assert at.notices == 0
        with pytest.raises(Refusal) as refusal:
            designate_individual_number(at, CODES[1], NUMBER)
        assert refusal.value.reason == Reason.RESIDENT_NOT_FOUND

    file.write(work)


def test_draw_codes_gives_each_once_and_refuses_rather_than_give_fewer(file: Database) -> None:
    def work(db: object) -> None:
        at = desk(db)
        store.add_codes(at.db, [int(code) for code in CODES])
        drawn = [*at.draw_codes(4), *at.draw_codes(4)]
        assert len(set(drawn)) == 8
        assert set(drawn) <= set(CODES)
        with pytest.raises(Refusal) as refusal:
            at.draw_codes(3)
        assert refusal.value.reason == Reason.POOL_EMPTY

    file.write(work)


def test_mend_head_keeps_one_head_and_the_last_one_s_name(file: Database) -> None:
    def work(db: object) -> None:
        at = desk(db)
        first = enter(at, CODES[0])
        record = store.resident(at.db, first)
        assert record is not None
        home = record.household_id
        second = enter(at, CODES[1], home)
        for leaving, head in ((first, second), (second, second)):
            found = store.resident(at.db, leaving)
            assert found is not None
            at.remove(found, ChangeReason.DEATH, TODAY)
            at.mend_head(home)
            household = store.household(at.db, home)
            assert household is not None
            assert household.head_id == head
        assert {record.relationship for record in store.page(at.db, 0, 10, home, State.REMOVED)} == {"世帯主"}

    file.write(work)


@pytest.mark.juki(nodes=["国立市"])
def test_one_record_that_j_lis_refuses_keeps_no_other_from_its_number(juki: Juki) -> None:
    kunitachi = juki["国立市"]
    home = kunitachi.enter_ex_officio().receipt.household_id
    juki.settle()
    left = kunitachi.report_move_out(kunitachi.report_birth(home).receipt.resident_ids, "小平市").certificate
    member = left.members[0].identification
    member.resident_code, member.individual_number = resident_code_from(4_242_424_242), ""
    left.former_area_code = "132110"
    juki.settle()

    juki.cut("国立市", "機構")
    # The first birth's request is out alone; what comes after it is gathered into one.
    born = [kunitachi.report_birth(home).receipt.resident_ids[0]]
    juki.settle()
    forged = kunitachi.report_move_in(left, "東京都国立市みどり台一丁目1番1号").receipt.resident_ids[0]
    born += kunitachi.report_birth(home).receipt.resident_ids
    juki.heal()
    juki.settle()
    assert all(kunitachi.resident(resident_id).identification.individual_number for resident_id in born)
    (task,) = [task for task in kunitachi.tasks() if task.kind == pb.TASK_KIND_INDIVIDUAL_NUMBER]
    assert (task.resident_id, task.last_fault) == (forged, "CODE_NOT_DESIGNATED")
    later = kunitachi.report_birth(home).receipt.resident_ids[0]
    juki.settle()
    assert kunitachi.resident(later).identification.individual_number


def test_a_paper_notice_finds_the_ward_that_was_left_last(juki: Juki) -> None:
    tsurumi, naka = juki["横浜市鶴見区"], juki["横浜市中区"]
    ids = tsurumi.enter_ex_officio(
        person("架空　港", "1990-07-07", "女"), change_date="2021-04-01"
    ).receipt.resident_ids
    juki.settle()
    out = tsurumi.report_move_out(ids, "横浜市中区").certificate
    naka_id = naka.report_move_in(out, "神奈川県横浜市中区みどり台1番1号").receipt.resident_ids[0]
    who = naka.resident(naka_id).identification
    notice = intermunicipal_pb2.MoveInNotice(
        resident_code=who.resident_code, name=who.name, birth_date=who.birth_date, sex=who.sex,
        new_address="東京都小平市架空町1番地", move_in_date=day("2021-06-01"), report_date=day("2021-06-01"),
        former_address=who.address, new_area_code="132110",
    )  # fmt: skip
    assert juki["横浜市"].enter_paper_move_in_notice(notice).receipt.resident_ids == [naka_id]
    assert naka.resident(naka_id).confirmed_destination == "東京都小平市架空町1番地"
    assert tsurumi.resident(ids[0]).confirmed_destination == "神奈川県横浜市中区みどり台1番1号"


class Counters(RuleBasedStateMachine):
    """Random acts at 国立市 and 国分寺市, with lines that break and days that pass."""

    templates: Templates
    folders: Iterator[Path]

    def __init__(self) -> None:
        super().__init__()
        from jukinet.testing.network import Juki

        self.juki = Juki(next(self.folders), self.templates, nodes=PLACES)
        self.counters = [self.juki["国立市"], self.juki["国分寺市"]]
        self.certificates: list[tuple[int, intermunicipal_pb2.MoveOutCertificate]] = []

    def teardown(self) -> None:
        try:
            self.juki.heal()
            self.juki.settle()
            self.compare()
        finally:
            self.juki.__exit__(None, None, None)

    def compare(self) -> None:
        assert self.juki.ledger_differences() == []
        held = {}
        for counter in self.counters:
            live = [record for record in counter.residents() if record.state != pb.RESIDENT_STATE_REMOVED]
            held |= {(record.identification.resident_code, counter.code): record.identification for record in live}
        for tier in ("東京都", "機構"):
            with self.juki[tier].node.register.read() as db:
                codes = [f"{row[0]:011d}" for row in db.execute("SELECT DISTINCT code FROM identification")]
            found = {
                (code, item.area_code): item.identification
                for code in codes
                for item in self.juki[tier].held(code)
                if item.live
            }
            assert found == held, tier

    def somebody(self, where: int, which: int) -> pb.ResidentRecord | None:
        live = [r for r in self.counters[where].residents() if r.state == pb.RESIDENT_STATE_LIVE]
        return live[which % len(live)] if live else None

    @rule(where=st.integers(0, 1))
    def arrives(self, where: int) -> None:
        self.counters[where].enter_ex_officio(change_date="2021-06-01")

    @rule(where=st.integers(0, 1), which=st.integers(0, 9), act=st.sampled_from(["birth", "death", "correct", "move"]))
    def lives(self, where: int, which: int, act: str) -> None:
        who, counter = self.somebody(where, which), self.counters[where]
        if who is None:
            return
        if act == "birth":
            counter.report_birth(who.household_id)
        elif act == "death":
            counter.report_death(who.resident_id)
        elif act == "correct":
            counter.correct_ex_officio(who.resident_id, name=f"架空　改{who.person_sequence}")
        else:
            counter.report_relocation(
                [who.resident_id], f"東京都{PLACES[where]}みどり台{which + 1}番{who.person_sequence}号"
            )

    @rule(where=st.integers(0, 1), which=st.integers(0, 9), later=st.integers(0, 3))
    def leaves(self, where: int, which: int, later: int) -> None:
        who, counter = self.somebody(where, which), self.counters[where]
        if who is None:
            return
        planned = date.fromordinal(self.juki.clock.today.toordinal() + later)
        left = counter.report_move_out([who.resident_id], "隣の市", planned)
        self.certificates.append((1 - where, left.certificate))

    @precondition(lambda self: self.certificates)
    @rule()
    def comes(self) -> None:
        where, certificate = self.certificates.pop()
        self.counters[where].report_move_in(certificate, f"東京都{PLACES[where]}みどり台1番1号")

    @rule()
    def the_day_passes(self) -> None:
        self.juki.clock.advance(days=1)

    @rule(ends=st.sampled_from(list(itertools.combinations(("国立市", "国分寺市", "東京都", "機構"), 2))))
    def a_line_breaks(self, ends: tuple[str, str]) -> None:
        self.juki.cut(*ends)

    @rule()
    def the_lines_are_mended(self) -> None:
        self.juki.heal()

    @invariant()
    def every_household_has_one_head(self) -> None:
        for counter in self.counters:
            heads: dict[int, int] = {}
            for record in counter.residents():
                if record.state != pb.RESIDENT_STATE_REMOVED:
                    heads[record.household_id] = heads.get(record.household_id, 0) + (record.relationship == "世帯主")
            assert set(heads.values()) <= {1}


def test_whatever_happens_j_lis_holds_the_union_of_the_living(juki_templates: Templates, tmp_path: Path) -> None:
    Counters.templates = juki_templates
    Counters.folders = (tmp_path / f"juki-{number}" for number in itertools.count())
    run_state_machine_as_test(
        Counters,
        settings=settings(
            max_examples=8,
            stateful_step_count=20,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
