"""Random lives with corrections among them: codes and numbers change while people move and lines break."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test
from test_acts import Counters

from jukinet.wire.client import Refused

if TYPE_CHECKING:
    from jukinet.testing.template import Templates

MAY_BE_REFUSED = {"NUMBER_NOT_YET", "NUMBER_CHANGE_PENDING", "FORMER_SURNAME_ALREADY", "NOTHING_TO_CORRECT"}
ACTS = ("change_resident_code", "correct_resident_code", "change_individual_number", "delete_former_surname")


class Corrections(Counters):
    """The counters of two cities, where records are corrected as well."""

    @rule(where=st.integers(0, 1), which=st.integers(0, 9), act=st.sampled_from([*ACTS, "minor", "surname"]))
    def corrects(self, where: int, which: int, act: str) -> None:
        who, counter = self.somebody(where, which), self.counters[where]
        if who is None:
            return
        try:
            if act == "minor":
                counter.correct_minor([who.resident_id], "ロ", name=f"架空　同定{who.person_sequence}")
            elif act == "surname":
                counter.enter_former_surname(who.resident_id, f"試作{who.person_sequence}")
            else:
                getattr(counter, act)(who.resident_id)
        except Refused as refusal:
            if refusal.reason not in MAY_BE_REFUSED:
                raise

    def compare(self) -> None:
        super().compare()
        for counter in self.counters:
            for record in counter.residents():
                code = record.identification.resident_code
                for old in self._former(counter, record.resident_id):
                    assert code in self.juki["機構"].codes_after(old), "a former code leads to the present one"
            assert counter.quarantined() == []
        numbers = self._numbers()
        assert len(set(numbers)) == len(numbers), "no number is anybody's twice"

    def _former(self, counter: object, resident_id: int) -> list[str]:
        """Codes that the person wished to change, since the last that was wrong."""
        with counter.file() as db:  # type: ignore[attr-defined]
            rows = db.execute(
                "SELECT value FROM former_value WHERE resident_id = ? AND change_reason = 19 AND id > (SELECT"
                " coalesce(max(id), 0) FROM former_value WHERE resident_id = ? AND change_reason = 20)",
                (resident_id, resident_id),
            )
            return [f"{row[0]:011d}" for row in rows]

    def _numbers(self) -> list[str]:
        living = [r.identification for c in self.counters for r in c.residents() if r.state != 3]
        return list({who.resident_code: who.individual_number for who in living if who.individual_number}.values())


@pytest.mark.law(
    "change_resident_code", "correct_resident_code", "change_individual_number", "replace_individual_number"
)
def test_whatever_is_corrected_j_lis_holds_the_union_of_the_living(juki_templates: Templates, tmp_path: Path) -> None:
    Corrections.templates = juki_templates
    Corrections.folders = (tmp_path / f"juki-{number}" for number in itertools.count())
    run_state_machine_as_test(
        Corrections,
        settings=settings(
            max_examples=5,
            stateful_step_count=25,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
