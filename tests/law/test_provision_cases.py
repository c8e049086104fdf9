"""Expected decisions on 提供: office × 提供元 × 事務 × territory × day, in the law room, a sample over real mTLS."""

from __future__ import annotations

from datetime import date

import pytest
from expand_provision_cases import Case, cases

from jukinet.law.provision import Provider, decide
from jukinet.model import offices
from jukinet.model.provision import Field
from jukinet.testing.network import Juki
from jukinet.testing.office import criteria
from jukinet.v1 import provision_pb2 as pb

RULES = (
    "provide_to_national_office", "provide_to_municipality", "provide_to_far_municipality", "provide_to_far_prefecture",
    "use_by_governor", "provide_to_own_organ",
)  # fmt: skip


def decided(case: Case) -> tuple[str, str, bool, bool]:
    """Outcome, article, whether 個人番号 goes out, whether 住民票コード does."""
    provider = Provider(case.provider, case.area_code)
    office = offices.parse(case.office)
    found = decide(provider, office, case.affair, date.fromisoformat(case.day), case.notifying, via=case.via)
    if not found.allowed:
        return (found.reason.value if found.reason else ""), "", False, False
    outcome = found.elsewhere or "allow"
    number = Field.INDIVIDUAL_NUMBER in found.fields and not found.elsewhere
    return outcome, found.article, number, Field.RESIDENT_CODE in found.fields


@pytest.mark.law(*RULES)
def test_every_case_is_decided_as_the_articles_say() -> None:
    every = list(cases())
    assert len(every) >= 2_000
    assert len({case.outcome for case in every}) >= 6
    wrong = [
        (case, found) for case in every if (found := decided(case)) != (case.outcome, case.article, case.number, False)
    ]
    assert wrong[:5] == []


@pytest.mark.law(*RULES)
@pytest.mark.juki(nodes=("国立市", "国分寺市"))
def test_a_sample_is_decided_so_over_the_wire(juki: Juki) -> None:
    juki.populate("国立市", 1)
    every = [case for case in cases() if case.day == "2021-06-01" and not case.via and case.provider != "municipality"]
    by_outcome: dict[tuple[str, str], Case] = {}
    for case in every:
        if case.outcome not in ("governor", "own store"):
            by_outcome.setdefault((case.provider, case.outcome + case.article), case)
    assert len(by_outcome) >= 8
    for case in by_outcome.values():
        office = juki.office(case.office, case.affair)
        at = "機構" if case.provider == "jlis" else "東京都"
        asked = criteria("架空　不在", "1950-01-01", "男")
        if case.outcome == "allow":
            assert office.provide_identification(asked, at=at).result == pb.PROVISION_RESULT_NONE, case
        else:
            with juki.refused(case.outcome):
                office.provide_identification(asked, at=at)
