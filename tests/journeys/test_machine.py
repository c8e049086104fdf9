"""Random lives over municipalities, two prefectures and J-LIS, compared with a model that knows none of them."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from jukinet.model.dates import PartialDate
from jukinet.pki.signing import sha256
from jukinet.store import journal
from jukinet.store.projector import open_payload
from jukinet.testing.abroad_desk import arrival
from jukinet.testing.door import person
from jukinet.v1 import counter_pb2 as pb
from jukinet.v1 import search_pb2
from jukinet.wire.client import Refused
from tests.journeys.model import GONE, LEAVING, LIVE, Model, Person, Stay

if TYPE_CHECKING:
    from jukinet.testing.counter import Counter
    from jukinet.testing.network import Juki
    from jukinet.testing.template import Templates

NODES = ["国立市", "国分寺市", "横浜市"]
PLACES = ("国立市", "国分寺市", "横浜市鶴見区", "横浜市中区")
LINES = (
    *itertools.combinations(("国立市", "国分寺市", "横浜市"), 2),
    *(("国立市", "東京都"), ("国分寺市", "東京都"), ("横浜市", "神奈川県"), ("東京都", "機構"), ("神奈川県", "機構")),
)
NUMBERED = "個人番号の記載の修正"
MOVE_OUT = 7
ACTS = (
    *("somebody_is_entered", "a_child_is_born", "somebody_dies", "somebody_is_struck_off", "a_record_is_corrected"),
    *("a_code_is_changed", "somebody_leaves_the_country", "somebody_comes_back_from_abroad"),
    *("somebody_stays_after_all", "somebody_reports_to_leave", "somebody_reports_to_leave"),
    *("somebody_arrives", "somebody_arrives", "somebody_arrives"),
)
AN_ACT = st.tuples(st.sampled_from(ACTS), st.integers(0, 99), st.sampled_from(PLACES), st.integers(-3, 4))
"""Which act, about whom, where, how many days from now."""


class Network(RuleBasedStateMachine):
    """What clerks do, what lines suffer, and what must hold whenever all lines work again."""

    templates: Templates
    folders: Iterator[Path]

    def __init__(self) -> None:
        super().__init__()
        from jukinet.testing.network import Juki

        self.juki: Juki = Juki(next(self.folders), self.templates, nodes=NODES, clock="2021-06-01")
        self.model = Model(self.juki.clock.today)
        self.ids: dict[int, int] = {}
        self.papers: dict[int, Any] = {}
        self.count = 0

    def teardown(self) -> None:
        try:
            self.all_lines_work_again()
        finally:
            self.juki.__exit__(None, None, None)

    @initialize(acts=st.lists(AN_ACT, min_size=20, max_size=20))
    def life_begins(self, acts: list[tuple[str, int, str, int]]) -> None:
        for place in (*PLACES, *PLACES):
            self.somebody_is_entered(0, place, 0)
        self.clerks_act(acts)

    # Doing

    @rule(acts=st.lists(AN_ACT, min_size=3, max_size=6))
    def clerks_act(self, acts: list[tuple[str, int, str, int]]) -> None:
        for act, which, place, later in acts:
            getattr(self, act)(which, place, later)

    def counter(self, stay: Stay) -> Counter:
        return self.juki[stay.place]

    def number(self, stay: Stay) -> int:
        return self.ids[id(stay)]

    def entered(self, who: Person, receipt: pb.Receipt) -> None:
        self.ids[id(who.last)] = receipt.resident_ids[-1]

    def next(self) -> int:
        self.count += 1
        return self.count

    def address(self, place: str) -> str:
        return f"{self.juki.full_name(self.juki[place].code)}架空台{self.next()}番"

    def pick(self, which: int, *states: str) -> Person | None:
        """Somebody about whom nothing is under way, and whose last record is in one of these states."""
        quiet = [
            p for p in self.model.people
            if not p.dead and p.last.state in states and not any(s.awaits_notice for s in p.stays[:-1])
        ]  # fmt: skip
        return quiet[which % len(quiet)] if quiet else None

    def somebody_is_entered(self, which: int, place: str, later: int) -> None:
        self.count += 1
        receipt = (
            self.juki[place].enter_ex_officio(person(f"架空　{self.count}", "1990-04-05"), self.address(place)).receipt
        )
        code = self.juki[place].resident(receipt.resident_ids[0]).identification.resident_code
        self.entered(self.model.enter(place, code, "職権記載等"), receipt)

    def a_child_is_born(self, which: int, place: str, later: int) -> None:
        parent = self.pick(which, LIVE)
        if parent is None:
            return
        counter = self.counter(parent.last)
        home = counter.resident(self.number(parent.last)).household_id
        receipt = counter.report_birth(home).receipt
        code = counter.resident(receipt.resident_ids[0]).identification.resident_code
        self.entered(self.model.enter(parent.last.place, code, "出生"), receipt)

    def somebody_dies(self, which: int, place: str, later: int) -> None:
        if (who := self.pick(which, LIVE)) is not None:
            self.counter(who.last).report_death(self.number(who.last))
            self.model.die(who)

    def somebody_is_struck_off(self, which: int, place: str, later: int) -> None:
        if (who := self.pick(which, LIVE)) is not None:
            self.counter(who.last).delete_ex_officio(self.number(who.last))
            self.model.strike_off(who)

    def a_record_is_corrected(self, which: int, place: str, later: int) -> None:
        who = self.pick(which, LIVE)
        if who is None:
            return
        counter, number = self.counter(who.last), self.number(who.last)
        if later % 3 == 0:
            counter.correct_ex_officio(number, name=f"架空　改{self.next()}")
            self.model.correct(who, "職権修正等")
        elif later % 3 == 1:
            counter.report_relocation([number], self.address(who.last.place))
            self.model.correct(who, "転居")
        else:
            counter.correct_minor([number], "ニ", address=self.address(who.last.place))
            self.model.correct(who, "軽微な修正")

    def a_code_is_changed(self, which: int, place: str, later: int) -> None:
        if (who := self.pick(which, LIVE)) is not None:
            counter, number = self.counter(who.last), self.number(who.last)
            counter.change_resident_code(number)
            self.model.change_code(who, counter.resident(number).identification.resident_code)

    def somebody_reports_to_leave(self, which: int, place: str, later: int) -> None:
        """With the paper, or every other time with the card."""
        who = self.pick(which, LIVE)
        if who is None:
            return
        planned, with_card = self.model.today + timedelta(days=later), which % 2 == 0
        answer = self.counter(who.last).report_move_out([self.number(who.last)], "隣の市", planned, with_card=with_card)
        self.papers[id(who.last)] = None if with_card else answer.certificate
        self.model.leave(who, planned)

    def somebody_leaves_the_country(self, which: int, place: str, later: int) -> None:
        if (who := self.pick(which, LIVE)) is not None:
            planned = self.model.today + timedelta(days=later)
            self.counter(who.last).report_move_out_abroad([self.number(who.last)], "アメリカ合衆国", planned)
            self.model.leave(who, planned, abroad=True)

    def somebody_stays_after_all(self, which: int, place: str, later: int) -> None:
        who = self.pick(which, LEAVING, GONE)
        if who is not None and who.last.planned is not None:
            receipt = self.counter(who.last).cancel_move_out([self.number(who.last)]).receipt
            self.papers.pop(id(who.last), None)
            self.entered(who, receipt)
            self.model.cancel(who)

    def somebody_arrives(self, which: int, place: str, later: int) -> None:
        """With the paper; with the card, for whom the municipality that was left must be reached and not too late."""
        who = self.pick(which, LEAVING, GONE)
        if who is None or id(who.last) not in self.papers or place == who.last.place:
            return
        paper = self.papers[id(who.last)]
        counter, address = self.juki[place], self.address(place)
        try:
            if paper is None:
                receipt = counter.report_special_move_in(who.last.code, who.last.place, address).receipt
            else:
                receipt = counter.report_move_in(paper, address).receipt
        except Refused as refused:
            if refused.reason not in ("PEER_UNREACHABLE", "SPECIAL_TOO_LATE", "STANDS_OUTSIDE"):
                raise
            return
        del self.papers[id(who.last)]
        self.model.arrive(who, place)
        self.entered(who, receipt)

    def somebody_comes_back_from_abroad(self, which: int, place: str, later: int) -> None:
        """With the code that J-LIS says: it must be reached, and know already."""
        who = self.pick(which, GONE)
        if who is None or not who.abroad:
            return
        counter = self.juki[place]
        try:
            inquiry = counter.inquire_identification(code=who.last.code)
        except Refused as refused:
            if refused.reason not in ("PEER_UNREACHABLE", "STANDS_OUTSIDE"):
                raise
            return
        if inquiry.outcome != search_pb2.SEARCH_OUTCOME_FOUND:
            return
        known = inquiry.hits[0].identification
        if known.resident_code != who.last.code:
            return
        born = known.birth_date
        form = person(known.name, PartialDate(born.year, born.month, born.day), "男" if known.sex == 1 else "女")
        receipt = counter.report_move_in_from_abroad([arrival(form, inquiry)], self.address(place)).receipt
        self.model.arrive(who, place, "国外転入等")
        self.entered(who, receipt)

    # Suffering

    @rule(days=st.integers(1, 9))
    def days_pass(self, days: int) -> None:
        self.juki.clock.advance(days=days)
        self.model.days_pass(self.juki.clock.today)

    @rule(
        trouble=st.sampled_from(["cut", "cut", "duplicate", "drop_answer", "restart"]),
        ends=st.sampled_from(LINES), node=st.sampled_from([*NODES, "東京都", "機構"]),
    )  # fmt: skip
    def trouble_comes(self, trouble: str, ends: tuple[str, str], node: str) -> None:
        if trouble == "cut":
            self.juki.cut(*ends)
        elif trouble == "restart":
            self.juki.kill(node)
            self.juki.start(node)
        else:
            self.juki.faults(node, trouble, share=0.5)

    @rule()
    def all_lines_work_again(self) -> None:
        self.juki.heal()
        self.juki.settle()
        self.model.all_lines_work()
        self.compare()

    # What must hold

    def compare(self) -> None:
        assert self.juki.ledger_differences() == []
        live = {place: self.living(place) for place in PLACES}
        assert live == {place: self.model.living(place) for place in PLACES}
        for place in PLACES:
            assert self.unconfirmed(place) == self.model.missing(place)
            assert self.listed(place) == self.model.missing(place, days=14)
        union = {(stay_code, self.juki[place].code) for stay_code, place in self.model.union()}
        assert self.held("機構") == union
        assert self.held("東京都") | self.held("神奈川県") == union
        for who in self.model.people:
            for stay in who.stays:
                self.compare_what_was_said(who, stay)
        for node in (*NODES, "東京都", "神奈川県", "機構"):
            self.verify_journal(node)

    def living(self, place: str) -> set[str]:
        records = self.juki[place].residents()
        area = self.juki[place].code
        return {
            record.identification.resident_code
            for record in records
            if record.state != pb.RESIDENT_STATE_REMOVED and record.identification.area_code == area
        }

    def held(self, tier: str) -> set[tuple[str, str]]:
        with self.juki[tier].node.register.read() as db:
            rows = db.execute("SELECT code, area_code FROM identification WHERE live = 1")
            return {(f"{code:011d}", area) for code, area in rows}

    def compare_what_was_said(self, who: Person, stay: Stay) -> None:
        """In order, nothing twice, nothing lost: 更新順番号 runs from 1 without a gap at J-LIS."""
        door, area = self.juki["機構"], self.juki[stay.place].code
        together = self.model.connected(who, stay)
        said = sorted(
            (record.person_sequence, words.split(" ")[1])
            for code in {code for one in together for code in one.codes}
            for record, words in zip(door.notices(code), door.changes(code), strict=True)
            if record.identification.area_code == area
        )
        assert [number for number, _ in said] == list(range(1, len(said) + 1))
        expected = [words for one in together for words in one.said]
        assert [words for _, words in said if not words.startswith(NUMBERED)] == expected

    def verify_journal(self, node: str) -> None:
        """Every header follows the one before, every payload adds up to the signed root."""
        heads: dict[object, bytes] = {}
        with self.juki[node].node.journal.read() as db:
            for entry in journal.entries(db, 0, 1 << 30):
                envelope, header = entry.envelope, entry.envelope.header
                assert envelope.header_hash == sha256(envelope.batch.header)
                key = (envelope.stream, header.epoch)
                assert header.previous_header_hash == heads.get(key, journal.NO_HASH)
                heads[key] = envelope.header_hash
                assert open_payload(envelope).fault is None

    @precondition(lambda self: self.model.people)
    @invariant()
    def every_move_ends_with_a_notice_or_on_a_list(self) -> None:
        """Who left and of whom nothing came stands, in the books of the place, as not yet confirmed."""
        for place in PLACES:
            assert self.unconfirmed(place) <= self.model.missing(place)

    def listed(self, place: str) -> set[str]:
        """Codes on the 転入通知未着者一覧 of the place."""
        counter = self.juki[place]
        found = [counter.resident(one.resident_id).identification for one in counter.list_missing_move_in_notices()]
        return {one.resident_code for one in found if one.area_code == counter.code}

    def unconfirmed(self, place: str) -> set[str]:
        """Codes of the place whose last record, also by a code they became, is closed upon 転出届 and not confirmed."""
        counter = self.juki[place]
        last = {
            record.identification.resident_code: record
            for record in counter.residents()
            if record.identification.area_code == counter.code
        }
        with counter.file() as db:
            rows = db.execute("SELECT value, max(resident_id) FROM former_value WHERE change_kind = 5 GROUP BY value")
            became = {f"{code:011d}": resident_id for code, resident_id in rows}
        return {
            code for code, record in last.items()
            if record.state == pb.RESIDENT_STATE_REMOVED and record.removal_reason == MOVE_OUT
            and not record.confirmed_destination and became.get(code, 0) <= record.resident_id
        }  # fmt: skip


def run(templates: Templates, tmp_path: Path, examples: int, steps: int, machine: type[Network] = Network) -> None:
    machine.templates = templates
    machine.folders = (tmp_path / f"juki-{number}" for number in itertools.count())
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
            derandomize=True, suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
            phases=[Phase.generate],  # shrinking starts a network some hundred times
        ),
    )  # fmt: skip


def test_whatever_happens_to_people_and_lines_the_network_agrees_with_the_model(
    juki_templates: Templates, tmp_path: Path
) -> None:
    run(juki_templates, tmp_path, 6, 15)


@pytest.mark.full
@pytest.mark.timeout(1_200)
def test_the_same_for_long(juki_templates: Templates, tmp_path: Path) -> None:
    run(juki_templates, tmp_path, int(os.environ.get("JUKINET_EXAMPLES", "60")), 50)


def test_the_model_imports_nothing_of_ours() -> None:
    lines = (Path(__file__).parent / "model.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 200
    imported = [line for line in lines if line.startswith(("import ", "from "))]
    assert imported == [
        "from __future__ import annotations",
        "from dataclasses import dataclass, field",
        "from datetime import date",
    ]
