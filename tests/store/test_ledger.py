"""The ledger counts stored rows on each side, so whatever is taken out of one journal shows as a difference."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from relay.bench import CENTER, KUNITACHI, TOKYO, Bench, bench

from jukinet.v1 import drill_pb2

AREA = "132152"


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path, [CENTER, TOKYO, KUNITACHI]) as made:
        made.network.settle()
        for number in range(4):
            made.enter(KUNITACHI, f"n{number}")
            made.network.settle()
        yield made


def sides(net: Bench) -> dict[str, tuple[int, int, bytes]]:
    """Per side of each pair: records, last number, head."""
    rows: dict[str, drill_pb2.LedgerRow] = {}
    for path in (KUNITACHI, TOKYO, CENTER):
        for row in net.ledger(path, AREA):
            rows[f"{path} {'to' if row.sending else 'from'} {row.peer}"] = row
    return {name: (row.records, row.last_number, row.head_hash) for name, row in rows.items()}


def cut(net: Bench, path: str, statement: str) -> None:
    """Somebody with a tool of his own at the file of a stopped node, triggers or no triggers."""
    net.network.stop(path)
    db = sqlite3.connect(net.network.layout.node(path) / "journal.db")
    db.execute("DROP TRIGGER batch_no_delete")
    assert db.execute(statement).rowcount >= 1
    db.commit()
    db.close()
    net.network.start(path)
    net.publish()


def test_all_sides_agree_while_nothing_is_taken_out(net: Bench) -> None:
    assert len(sides(net)) == 4
    assert len(set(sides(net).values())) == 1


@pytest.mark.parametrize("path", [KUNITACHI, TOKYO, CENTER])
def test_a_row_taken_out_of_one_journal_shows(net: Bench, path: str) -> None:
    whole = next(iter(sides(net).values()))
    cut(net, path, f"DELETE FROM batch WHERE origin = '{AREA}' AND first_number = 2")
    for name, (records, last, head) in sides(net).items():
        assert (records == whole[0] - 1) == name.startswith(path), name
        assert (last, head) == whole[1:]


@pytest.mark.parametrize("path", [KUNITACHI, TOKYO, CENTER])
def test_a_tail_dropped_from_one_journal_shows_in_number_and_head(net: Bench, path: str) -> None:
    whole = next(iter(sides(net).values()))
    cut(net, path, f"DELETE FROM batch WHERE origin = '{AREA}' AND last_number = {whole[1]}")
    for name, (records, last, head) in sides(net).items():
        if name.startswith(path):
            assert records < whole[0]
            assert last < whole[1]
            assert head != whole[2]
        else:
            assert (records, last, head) == whole


def test_what_was_said_is_acknowledged_plus_in_flight_and_what_was_heard_is_applied_plus_set_aside(net: Bench) -> None:
    net.network.stop(CENTER)
    net.enter(KUNITACHI, "late")
    for _ in range(2_000):
        (row,) = [row for row in net.ledger(TOKYO, AREA) if row.sending]
        if row.records > row.acknowledged:
            break
    assert row.records - row.acknowledged >= 1
    for row in net.ledger(TOKYO, AREA):
        if not row.sending:
            net.node(TOKYO).read_own_writes()
    (heard,) = [row for row in net.ledger(TOKYO, AREA) if not row.sending]
    assert heard.records == heard.applied + heard.quarantined
