"""Random acts about nationality and investigation against what must always hold between register and notices."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jukinet.clock import Clock
from jukinet.model.codes import resident_code_from
from jukinet.model.dates import PartialDate
from jukinet.model.foreign import Category, ForeignItems, InvestigationResult
from jukinet.model.identification import ChangeKind, ChangeReason, MoveInNotice, NewPerson, Residency, Sex
from jukinet.pki.identity import Identity
from jukinet.refusal import Refusal
from jukinet.store.database import Database
from jukinet.v1 import identification_pb2, relay_pb2
from jukinet.wire import convert
from municipality_node import store
from municipality_node.acts.death import report_death
from municipality_node.acts.foreign import (
    ForeignReport,
    ImmigrationNotice,
    enter_immigration_notice,
    report_foreign_resident,
)
from municipality_node.acts.investigation import delete_after_investigation, restore_ex_officio
from municipality_node.acts.move_in import receive_move_in_notice
from municipality_node.acts.move_out import report_move_out
from municipality_node.acts.nationality import acquire_nationality, lose_nationality
from municipality_node.assemble import TIER
from municipality_node.desk import Desk
from municipality_node.store import State

TODAY = date(2021, 6, 1)
ADDRESS = "東京都国立市みどり台一丁目1番1号"
CODES = [resident_code_from(number) for number in range(1_000_000_000, 1_000_000_004)]
HERE, UNKNOWN = InvestigationResult.LIVES_HERE, InvestigationResult.WHEREABOUTS_UNKNOWN
BY_LOSS = ForeignItems("架空国", Category.TRANSITIONAL_BY_NATIONALITY_LOSS, TODAY)
SPECIAL = ForeignItems("架空国", Category.SPECIAL_PERMANENT, TODAY, card_number="AB12345678CD")


def moved(at: Desk, resident_id: int) -> Any:
    person = at.resident(resident_id).person
    notice = MoveInNotice(
        person.resident_code, person.name, person.birth_date, person.sex, "東京都杉並区架空町1番地", TODAY, TODAY,
        ADDRESS, "131156",
    )  # fmt: skip
    return receive_move_in_notice(at, ["132152"], notice)


def entered_again(at: Desk, resident_id: int) -> Any:
    report = ForeignReport(None, resident_id, "", SPECIAL, card_shown=True, relationship_evidence=True)
    return report_foreign_resident(at, report, ADDRESS, "", 0)


ACTS: dict[str, Callable[[Desk, int], Any]] = {
    "acquire": lambda at, who: acquire_nationality(at, who, TODAY, ("東京都国立市架空町一番地", "架空　太郎"), "", ""),
    "lose": lambda at, who: lose_nationality(at, who, TODAY, BY_LOSS, ""),
    "rename": lambda at, who: enter_immigration_notice(at, who, TODAY, ImmigrationNotice(name=f"SHISAKU {who}")),
    "end": lambda at, who: enter_immigration_notice(at, who, TODAY, ImmigrationNotice(stay_ended=True)),
    "delete": lambda at, who: delete_after_investigation(at, who, TODAY, UNKNOWN, TODAY),
    "restore": lambda at, who: restore_ex_officio(at, who, TODAY, HERE, TODAY, "", 0),
    "again": entered_again,
    "leave": lambda at, who: report_move_out(at, [who], "杉並区", TODAY + timedelta(days=1)),
    "moved": moved,
    "die": lambda at, who: report_death(at, who, TODAY),
}


def desk(db: object) -> Desk:
    return Desk(db, Clock(), Identity.parse("municipality/132152"))  # type: ignore[arg-type]


def begin(db: object) -> None:
    at = desk(db)
    home = store.insert_household(at.db, "132152", ADDRESS)
    for index, code in enumerate(CODES):
        residency = Residency.FOREIGN if index % 2 else Residency.JAPANESE
        new = NewPerson("架空　太郎", PartialDate(1980, 5, 1 + index), Sex.MALE, "子", residency=residency)
        at.enter(home, new, code, ADDRESS, "132152", ChangeReason.EX_OFFICIO_ENTRY, TODAY)


def told(file: Database, code: str) -> list[identification_pb2.IdentificationRecord]:
    with file.read() as db:
        rows = db.execute(
            "SELECT record FROM pending WHERE code = ? AND kind = ? ORDER BY number",
            (int(code), relay_pb2.STREAM_KIND_IDENTIFICATION),
        ).fetchall()
    return [identification_pb2.IdentificationRecord.FromString(row[0]) for row in rows]


@pytest.mark.law("acquire_nationality", "lose_nationality", "restore_ex_officio", "notify_identification")
@settings(max_examples=30, deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 11)), max_size=24))
def test_whatever_is_done_the_notices_tell_the_register(
    steps: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = Database(tmp_path_factory.mktemp("random") / "journal.db", TIER.journal)
    try:
        file.write(begin)
        for act, which in steps:
            with file.read() as db:
                ids = [record.id for record in store.page(db, 0, 1_000, 0, 0)]
            who = ids[which % len(ids)]
            with suppress(Refusal):
                file.write(lambda db, a=act, who=who: ACTS[a](desk(db), who))
        for code in CODES:
            compare(file, code)
    finally:
        file.close()


def compare(file: Database, code: str) -> None:
    """The last notice of a code says what its live record says, and the numbers of the person have no gap."""
    records = told(file, code)
    assert [record.person_sequence for record in records] == [n for n, _ in zip(count(1), records, strict=False)]
    standing: identification_pb2.Identification | None = None
    for record in records:
        if record.change.kind == ChangeKind.DELETION:
            assert record.identification == standing, "消除 names the values before it"
            standing = None
        else:
            assert (standing is None) == (record.change.kind == ChangeKind.ENTRY)
            standing = record.identification
    with file.read() as db:
        live = [r for r in store.by_code(db, code) if r.state != State.REMOVED]
        households = {r.household_id for r in live}
        heads = [household for h in households if (household := store.household(db, h))]
        for household in heads:
            members = store.members(db, household.id)
            assert [m.id for m in members if m.relationship == "世帯主"] == [household.head_id]
    assert [convert.identification_message(record.person) for record in live] == ([standing] if standing else [])
