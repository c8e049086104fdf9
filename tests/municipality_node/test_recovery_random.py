"""Random lives while nodes are put back to old copies or lose their files: what was acknowledged is there again."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test
from test_acts import PLACES, Counters

from jukinet.v1 import counter_pb2 as pb

if TYPE_CHECKING:
    from jukinet.testing.template import Templates

TIERS = ("東京都", "機構")


class Losses(Counters):
    """The counters of two cities, whose files are put back or lost."""

    def __init__(self) -> None:
        super().__init__()
        self.copies: set[int] = set()

    def at_rest(self) -> dict[tuple[str, str], object]:
        """All lines work, all is acknowledged: who lives where."""
        self.juki.heal()
        self.juki.settle()
        return {
            (record.identification.resident_code, counter.code): record.identification
            for counter in self.counters
            for record in counter.residents()
            if record.state != pb.RESIDENT_STATE_REMOVED
        }

    def recover(self, name: str) -> None:
        report = self.juki.recover(name)
        assert (report.recovering, report.fault, list(report.unreachable)) == (False, "", [])

    @rule(where=st.integers(0, 1))
    def a_copy_is_kept(self, where: int) -> None:
        self.juki.snapshot_node(PLACES[where], "copy")
        self.copies.add(where)

    @rule(where=st.integers(0, 1), again=st.lists(st.integers(0, 9), max_size=3))
    def a_city_is_put_back(self, where: int, again: list[int]) -> None:
        """And, if somebody acts before it is noticed, it says other things under the same numbers."""
        if where not in self.copies:
            return
        before = self.at_rest()
        self.juki.restore_node(PLACES[where], "copy", noticed=not again)
        for which in again:
            self.arrives(where)
            self.lives(where, which, "birth")
        self.recover(PLACES[where])
        after = self.at_rest()
        assert before.keys() <= after.keys()
        if not again:
            assert after == before
        self.copies.clear()
        self.compare()

    @rule(where=st.integers(0, 1))
    def a_city_is_destroyed(self, where: int) -> None:
        before = self.at_rest()
        self.juki.lose(PLACES[where], "all")
        self.recover(PLACES[where])
        assert self.at_rest() == before
        self.copies.clear()
        self.compare()

    @rule(name=st.sampled_from(TIERS), what=st.sampled_from(["register", "journal", "all"]))
    def a_tier_above_loses(self, name: str, what: str) -> None:
        before = self.at_rest()
        self.juki.lose(name, what)
        if what != "register":
            self.recover(name)
        assert self.at_rest() == before
        self.compare()


def test_whatever_is_lost_what_was_acknowledged_is_there_again(juki_templates: Templates, tmp_path: Path) -> None:
    Losses.templates = juki_templates
    Losses.folders = (tmp_path / f"juki-{number}" for number in itertools.count())
    run_state_machine_as_test(
        Losses,
        settings=settings(
            max_examples=6, stateful_step_count=18, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck), report_multiple_bugs=False, phases=[Phase.generate],
        ),
    )  # fmt: skip
