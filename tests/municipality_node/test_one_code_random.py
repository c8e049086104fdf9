"""A few people of few names who arrive without paper: whoever is taken for whom, after the mending nobody is mixed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from jukinet.testing.abroad_desk import arrival
from jukinet.testing.door import person
from jukinet.wire.client import Refused

if TYPE_CHECKING:
    from jukinet.testing.template import Templates

PLACES = ("国立市", "杉並区")
NAMES = ("架空　花子", "架空　桃子")
BORN, SEX = "1982-03-14", "女"


@dataclass
class Record:
    """A 住民票 and whose it is: person `who`, told by the address; `right` while the code is the person's own."""

    who: int
    place: str
    resident_id: int
    right: bool


class Arrivals(RuleBasedStateMachine):
    """Clerks inquire, and take the right hit, a wrong one, or a new code."""

    templates: Templates
    folders: Iterator[Path]

    def __init__(self) -> None:
        super().__init__()
        from jukinet.testing.network import Juki

        self.juki = Juki(next(self.folders), self.templates, nodes=list(PLACES), clock="2021-06-01")
        self.records: list[Record] = []
        self.names: list[str] = []

    def teardown(self) -> None:
        try:
            self.all_is_mended()
        finally:
            self.juki.__exit__(None, None, None)

    @rule(place=st.sampled_from(PLACES), which=st.integers(0, 9), take=st.integers(0, 9), name=st.sampled_from(NAMES))
    def somebody_arrives(self, place: str, which: int, take: int, name: str) -> None:
        """Somebody new, or somebody who left; the clerk takes a hit at random, or none."""
        counter = self.juki[place]
        gone = [who for who, called in enumerate(self.names) if called == name and not self._living(who)]
        who = gone[which % len(gone)] if gone and which % 2 else self._new(name)
        form = person(name, BORN, SEX)
        told = counter.inquire_identification(name, BORN, SEX)
        hit = take % (len(told.hits) + 1)
        taken = told.hits[hit - 1].identification if hit else None
        try:
            came = counter.report_move_in_from_abroad(
                [arrival(form, told, hit, compared=["本人確認書類"])], self._address(who, place)
            )
        except Refused as refused:
            if refused.reason != "RESIDENT_LIVE_ALREADY":
                raise
            return
        # Right is a code that was first another record's of this very person, or a new one.
        right = taken is None or (self._owner(taken.address) == who and self._is_right(taken.address))
        self.records.append(Record(who, place, came.receipt.resident_ids[0], right))
        self.juki.settle()

    @rule(which=st.integers(0, 9))
    def somebody_leaves(self, which: int) -> None:
        living = [one for one in self.records if self._is_live(one)]
        if living:
            one = living[which % len(living)]
            self.juki[one.place].report_move_out_abroad([one.resident_id], "フランス")
            self.juki.settle()

    @rule(which=st.integers(0, 9))
    def a_code_is_changed_on_request(self, which: int) -> None:
        living = [one for one in self.records if self._is_live(one)]
        if living:
            one = living[which % len(living)]
            self.juki[one.place].change_resident_code(one.resident_id)
            self.juki.settle()

    def all_is_mended(self) -> None:
        for one in self.records:
            if not one.right:
                self.juki[one.place].correct_resident_code(one.resident_id)
                one.right = True
        self.juki.settle()
        assert self.juki["機構"].flagged() == []
        asker, seen = self.juki["杉並区"], {}
        for one in self.records:
            held = self.juki[one.place].resident(one.resident_id).identification
            if held.individual_number:
                assert seen.setdefault(held.individual_number, one.who) == one.who, "no number is two people's"
            for found in (
                asker.inquire_identification(code=held.resident_code).hits,
                asker.inquire_identification(number=held.individual_number).hits if held.individual_number else [],
                asker.inquire_identification(held.name, BORN, SEX, address_prefix=held.address).hits,
            ):
                assert {self._owner(hit.identification.address) for hit in found} <= {one.who}, "nobody else is told of"
        self.juki.settle()
        assert self.juki.ledger_differences() == []
        for place in PLACES:
            assert self.juki[place].quarantined() == []

    def _new(self, name: str) -> int:
        self.names.append(name)
        return len(self.names) - 1

    def _living(self, who: int) -> bool:
        return any(one.who == who and self._is_live(one) for one in self.records)

    def _is_live(self, one: Record) -> bool:
        return self.juki[one.place].resident(one.resident_id).state != 3

    def _is_right(self, address: str) -> bool:
        """Whether the last record at this address has its person's own code."""
        at = [one for one in self.records if self._address(one.who, one.place) == address]
        return bool(at) and at[-1].right

    @staticmethod
    def _address(who: int, place: str) -> str:
        return f"東京都{place}みどり台{who}番"

    @staticmethod
    def _owner(address: str) -> int:
        return int(address.rpartition("みどり台")[2].removesuffix("番"))


@pytest.mark.law("correct_resident_code", "confirm_identity", "inquire_before_new_code")
def test_whoever_was_taken_for_whom_after_the_mending_nobody_is_mixed(
    juki_templates: Templates, tmp_path: Path
) -> None:
    Arrivals.templates = juki_templates
    Arrivals.folders = (tmp_path / f"juki-{number}" for number in itertools.count())
    run_state_machine_as_test(
        Arrivals,
        settings=settings(
            max_examples=8, stateful_step_count=14, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
        ),
    )  # fmt: skip
