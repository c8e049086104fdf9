"""The comparison of both ends: what is under way is not a fault, what is lost or altered is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from jukinet.stack.ledger import IDENTIFICATION, Ledger, compare
from jukinet.v1 import relay_pb2
from jukinet.v1.drill_pb2 import LedgerRow

CITY, GOVERNOR, CENTER = "municipality/132152", "prefecture/130001", "jlis/center"
CODES = relay_pb2.STREAM_KIND_CODE_DESIGNATION


def row(peer: str, *, sending: bool, records: int = 10, **changes: object) -> LedgerRow:
    counted = {"acknowledged": records} if sending else {"applied": records}
    fields: dict[str, object] = {
        "origin": "132152",
        "kind": IDENTIFICATION,
        "epoch": 1,
        "peer": peer,
        "sending": sending,
        "records": records,
        "last_number": records,
        "head_hash": b"h" * 32,
        **counted,
        **changes,
    }
    return LedgerRow(**fields)  # type: ignore[arg-type]


def chain(**changes: LedgerRow) -> dict[str, list[LedgerRow]]:
    rows = {
        "said": row(GOVERNOR, sending=True),
        "heard": row(CITY, sending=False),
        "passed": row(CENTER, sending=True),
        "arrived": row(GOVERNOR, sending=False),
    } | changes
    return {CITY: [rows["said"]], GOVERNOR: [rows["heard"], rows["passed"]], CENTER: [rows["arrived"]]}


def of(rows: Mapping[str, Sequence[LedgerRow]], **options: object) -> Ledger:
    return compare(rows, {"132152": CITY, "jlis": CENTER}.get, **options)  # type: ignore[arg-type]


def test_equal_ends_are_at_zero() -> None:
    found = of(chain())
    assert found.at_zero
    assert not found.faults
    assert [(pair.sender, pair.receiver) for pair in found.pairs] == [(CITY, GOVERNOR), (GOVERNOR, CENTER)]
    assert len(found.ends) == 1


def test_records_under_way_are_not_zero_and_not_a_fault() -> None:
    late = of(
        chain(
            said=row(GOVERNOR, sending=True, acknowledged=7),
            heard=row(CITY, sending=False, records=7, head_hash=b"g" * 32),
            passed=row(CENTER, sending=True, records=7, head_hash=b"g" * 32),
            arrived=row(GOVERNOR, sending=False, records=7, applied=5, head_hash=b"g" * 32),
        )
    )
    assert (late.in_flight, late.pending, late.at_zero) == (3, 2, False)
    assert late.faults == []


def test_set_aside_records_count_as_applied_and_are_shown() -> None:
    found = of(chain(arrived=row(GOVERNOR, sending=False, applied=8, quarantined=2)))
    assert (found.quarantined, found.pending, found.at_zero) == (2, 0, True)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param(
            {"arrived": row(GOVERNOR, sending=False, records=9)}, "acknowledged 10", id="確認した後に末尾が消えた"
        ),
        pytest.param(
            {"arrived": row(GOVERNOR, sending=False, records=9, last_number=10)}, "9 of 10", id="途中の一行が消えた"
        ),
        pytest.param(
            {"said": row(GOVERNOR, sending=True, records=9, last_number=10)}, "9 of 10", id="送信側の一行が消えた"
        ),
        pytest.param({"arrived": row(GOVERNOR, sending=False, head_hash=b"x" * 32)}, "differ", id="末尾の見出しが違う"),
        pytest.param({"arrived": row(GOVERNOR, sending=False, records=11)}, "sent 10", id="送っていないものを持つ"),
        pytest.param({"said": row(GOVERNOR, sending=True, stopped="EQUIVOCATION")}, "EQUIVOCATION", id="止まっている"),
        pytest.param({"arrived": row(GOVERNOR, sending=False, applied=11)}, "applied more", id="受けた以上に反映した"),
    ],
)
def test_what_was_lost_or_altered_is_a_fault(changes: dict[str, LedgerRow], says: str) -> None:
    found = of(chain(**changes))
    assert not found.at_zero
    assert any(says in fault for fault in found.faults), found.faults


def test_a_prefecture_that_passes_on_something_else_is_seen_end_to_end() -> None:
    forged = b"x" * 32
    found = of(
        chain(
            passed=row(CENTER, sending=True, head_hash=forged), arrived=row(GOVERNOR, sending=False, head_hash=forged)
        )
    )
    assert all(pair.at_zero for pair in found.pairs)
    assert not found.at_zero
    assert "municipality/132152 and jlis/center differ" in found.faults[0]


def test_records_that_a_prefecture_kept_back_are_missed_end_to_end() -> None:
    kept_back = of(
        chain(
            passed=row(CENTER, sending=True, records=7, head_hash=b"g" * 32),
            arrived=row(GOVERNOR, sending=False, records=7, head_hash=b"g" * 32),
        )
    )
    assert not kept_back.at_zero
    assert any("3 records did not get to J-LIS" in fault for fault in kept_back.faults)


def test_a_prefecture_that_does_not_answer_leaves_the_ledger_open_without_blaming_anybody() -> None:
    rows = chain()
    del rows[GOVERNOR]
    found = of(rows, unseen=[GOVERNOR])
    assert (found.at_zero, found.faults) == (False, [])


def test_a_side_that_has_no_row_is_a_fault_once_something_was_acknowledged() -> None:
    gone = chain()
    gone[CENTER] = []
    assert not of(gone).at_zero
    assert any("no row" in fault for fault in of(gone).faults)


def test_answers_are_paired_by_the_area_code_they_name() -> None:
    answer = {"origin": "jlis", "kind": CODES, "counterpart": "132152"}
    rows = {CENTER: [row("132152", sending=True, **answer)], CITY: [row(CENTER, sending=False, **answer)]}
    (pair,) = of(rows).pairs
    assert (pair.sender, pair.receiver, pair.at_zero) == (CENTER, CITY, True)


def test_an_epoch_that_was_replaced_need_not_be_complete() -> None:
    rows = chain()
    rows[GOVERNOR].append(row(CITY, sending=False, records=4, epoch=0))
    assert of(rows).at_zero


def test_nodes_that_do_not_answer_leave_the_ledger_open_but_those_of_others_do_not() -> None:
    rows = chain()
    del rows[CITY]
    assert not of(rows, unseen=[CITY]).at_zero
    assert of(rows, unseen=[CITY], external=[CITY]).at_zero
    assert of(chain(), unsealed={CITY: 1}).in_flight == 1
