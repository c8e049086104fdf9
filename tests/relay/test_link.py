"""The sending end over real mTLS: what it resends, where it stops, what it shows, and how a resync heals it."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from google.type import date_pb2

from jukinet.model.stream import Stream
from jukinet.node.look import status
from jukinet.pki import directory
from jukinet.relay.sealer import Chain
from jukinet.store import journal, links
from jukinet.v1 import counter_pb2, drill_pb2
from relay.bench import CENTER, IDENTIFICATION, KOKUBUNJI, KUNITACHI, TOKYO, Bench, bench, operation, resigned, until

AREA = "132152"


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Bench]:
    """One municipality, its governor, J-LIS."""
    with bench(tmp_path, [CENTER, TOKYO, KUNITACHI, KOKUBUNJI]) as made:
        made.network.settle()
        yield made


def link(chain: Bench, node: str, peer: str) -> drill_pb2.LinkStatus:
    found = [state for state in status(chain.node(node)).links if state.peer == peer]
    return found[0] if found else drill_pb2.LinkStatus(peer=peer)


def say(chain: Bench, count: int, name: str = "a", path: str = KUNITACHI) -> None:
    for number in range(count):
        chain.enter(path, f"{name}{number}")


def restart(chain: Bench, path: str) -> None:
    chain.network.start(path)
    chain.publish()
    for node in chain.network.nodes.values():
        node.retry_now()


def agree(chain: Bench, area: str = AREA) -> None:
    """Ledger zero: every figure of every pair, and J-LIS shows what the municipality shows."""
    chain.network.settle()
    said = chain.ledger(f"municipality/{area}", area)[-1]
    passed = [row for row in chain.ledger(TOKYO, area) if row.epoch == said.epoch]
    (held,) = [row for row in chain.ledger(CENTER, area) if row.epoch == said.epoch]
    assert {row.records for row in (said, *passed, held)} == {said.last_number}
    assert {row.head_hash for row in (said, *passed, held)} == {said.head_hash}
    assert all(row.acknowledged == row.records for row in (said, *passed) if row.sending)
    assert all(row.applied + row.quarantined == row.records for row in (held, *passed) if not row.sending)
    assert chain.live(CENTER, area) == chain.node(f"municipality/{area}").local.live().get(area, 0)


def test_what_was_said_while_the_governor_was_away_arrives_once_in_order(chain: Bench) -> None:
    say(chain, 2)
    chain.network.settle()
    chain.network.stop(TOKYO)
    say(chain, 5, "b")
    assert until(lambda: link(chain, KUNITACHI, TOKYO).state == "RETRYING")
    assert until(lambda: link(chain, KUNITACHI, TOKYO).backlog_records >= 5)
    shown = link(chain, KUNITACHI, TOKYO)
    assert shown.last_fault.startswith("PEER_UNREACHABLE")
    restart(chain, TOKYO)
    agree(chain)
    assert chain.live(CENTER, AREA) == 7
    assert link(chain, KUNITACHI, TOKYO).state == "IDLE"


def test_a_gap_at_the_receiver_heals_by_sending_again(chain: Bench) -> None:
    say(chain, 3)
    chain.network.settle()
    chain.network.stop(CENTER)
    say(chain, 1, "b")
    say(chain, 1, "c")
    assert until(lambda: _next_number(chain, TOKYO) > _cursor(chain, TOKYO, CENTER).next_number)
    cursor, end = _cursor(chain, TOKYO, CENTER), _next_number(chain, TOKYO)
    # The sender now believes more was acknowledged than the receiver has.
    chain.node(TOKYO).journal.write(lambda db: links.move(db, CENTER, cursor, end))
    say(chain, 1, "d")
    restart(chain, CENTER)
    agree(chain)
    assert chain.live(CENTER, AREA) == 6


def _next_number(chain: Bench, path: str) -> int:
    with chain.node(path).journal.read() as db:
        standing = journal.standing(db, Stream(AREA, IDENTIFICATION))
    assert standing is not None
    return standing.next_number


def _cursor(chain: Bench, path: str, peer: str) -> links.Cursor:
    with chain.node(path).journal.read() as db:
        row = db.execute(
            "SELECT epoch, next_number, stopped FROM cursor WHERE peer = ? AND origin = ?", (peer, AREA)
        ).fetchone()
    return links.Cursor(Stream(AREA, IDENTIFICATION), *row)


def test_a_sender_restored_from_an_old_copy_stops_with_receiver_ahead_until_a_resync(
    chain: Bench, tmp_path: Path
) -> None:
    say(chain, 2)
    chain.network.settle()
    folder, copy = chain.network.layout.node(KUNITACHI), tmp_path / "copy"
    chain.network.stop(KUNITACHI)
    shutil.copytree(folder, copy)
    restart(chain, KUNITACHI)
    say(chain, 3, "b")
    agree(chain)
    chain.network.stop(KUNITACHI)
    shutil.rmtree(folder)
    shutil.copytree(copy, folder)
    restart(chain, KUNITACHI)
    chain.enter(KUNITACHI, "c")
    assert until(lambda: link(chain, KUNITACHI, TOKYO).state == "STOPPED")
    shown = link(chain, KUNITACHI, TOKYO)
    assert shown.last_fault in ("RECEIVER_AHEAD", "EQUIVOCATION")
    assert "jukinet recover" in shown.remedy
    assert chain.ledger(KUNITACHI, AREA)[-1].stopped == shown.last_fault
    chain.drill(KUNITACHI, "Resync", drill_pb2.ResyncRequest(request_id="r1"))
    agree(chain)
    assert chain.live(CENTER, AREA) == 3


def test_a_receiver_restored_from_before_a_resync_is_brought_up_again(chain: Bench, tmp_path: Path) -> None:
    say(chain, 4)
    chain.network.settle()
    folder, copy = chain.network.layout.node(CENTER), tmp_path / "copy"
    chain.network.stop(CENTER)
    shutil.copytree(folder, copy)
    restart(chain, CENTER)
    chain.drill(KUNITACHI, "Resync", drill_pb2.ResyncRequest(request_id="r1"))
    chain.network.settle()
    say(chain, 1, "b")
    agree(chain)
    chain.network.stop(CENTER)
    shutil.rmtree(folder)
    shutil.copytree(copy, folder)
    restart(chain, CENTER)
    say(chain, 1, "c")
    agree(chain)
    assert chain.live(CENTER, AREA) == 6


def test_a_stream_that_j_lis_stopped_is_shown_with_its_remedy_and_a_resync_heals_it_at_once(chain: Bench) -> None:
    forger = chain.origin(KUNITACHI)  # the municipality's own key, told to sign another past
    chain.carrier(TOKYO).deliver(resigned(forger.batch(), forger.signer, records_root=bytes(32)))
    assert chain.quarantine(CENTER, AREA) == [(-1, 1, "ROOT_MISMATCH")]
    say(chain, 2)
    assert until(lambda: link(chain, TOKYO, CENTER).state == "STOPPED")
    shown = link(chain, TOKYO, CENTER)
    assert shown.last_fault == "STREAM_STOPPED"
    assert "jukinet recover" in shown.remedy
    assert [row.stopped for row in chain.ledger(TOKYO, AREA) if row.sending] == ["STREAM_STOPPED"]
    assert [row.stopped for row in chain.ledger(CENTER, AREA)] == ["ROOT_MISMATCH"]
    begun = time.monotonic()
    chain.drill(KUNITACHI, "Resync", drill_pb2.ResyncRequest(request_id="r1"))
    assert until(lambda: chain.live(CENTER, AREA) == 2), "the new epoch is taken"
    assert time.monotonic() - begun < 5, "a new epoch does not wait for the slow retry of the old one"
    agree(chain)
    assert link(chain, TOKYO, CENTER).state == "IDLE"


def test_a_stopped_stream_does_not_hold_up_the_others_of_its_governor(chain: Bench) -> None:
    forger = chain.origin(KUNITACHI)
    chain.carrier(TOKYO).deliver(resigned(forger.batch(), forger.signer, records_root=bytes(32)))
    chain.quarantine(CENTER, AREA)
    say(chain, 1)
    assert until(lambda: link(chain, TOKYO, CENTER).state == "STOPPED")
    refusals = sum(1 for row in chain.audit(CENTER) if row[3] == "STREAM_STOPPED")
    for number in range(5):
        chain.enter(KOKUBUNJI, f"k{number}")
        assert until(lambda told=number: chain.live(CENTER, "132144") == told + 1, 3)
    assert until(lambda: link(chain, TOKYO, CENTER).state == "STOPPED")
    assert sum(1 for row in chain.audit(CENTER) if row[3] == "STREAM_STOPPED") <= refusals + 1, "it is retried slowly"


def test_a_governor_who_applies_too_slowly_withholds_acknowledgement_and_then_drains(tmp_path: Path) -> None:
    with bench(tmp_path, [CENTER, TOKYO, KUNITACHI], most_lag=3) as chain:
        chain.network.settle()
        busy, go = threading.Event(), threading.Event()

        def hold(_: object) -> None:
            busy.set()
            go.wait(20)

        holder = threading.Thread(target=lambda: chain.node(TOKYO).register.write(hold))
        holder.start()
        assert busy.wait(5)
        forger = chain.origin(KUNITACHI)
        carrier = chain.carrier(KUNITACHI, TOKYO)
        try:
            assert carrier.deliver(forger.batch(forger.records(4))).next_number == 5
            late = forger.batch()
            answer = carrier.refused(late)
            assert (answer.reason, answer.definite) == ("BACKLOG", False)
        finally:
            go.set()
            holder.join()
        assert chain.live(TOKYO, AREA) == 4
        assert carrier.deliver(late).next_number == 6
        assert chain.live(TOKYO, AREA) == 5


def test_a_resync_of_a_municipality_that_all_have_left_comes_to_rest(chain: Bench) -> None:
    say(chain, 1)
    chain.network.settle()
    residents = chain.counter(
        KUNITACHI, "ListResidents", counter_pb2.ListResidentsRequest(operation=operation("l1"), page_size=10)
    ).residents
    chain.counter(
        KUNITACHI,
        "ReportDeath",
        counter_pb2.ReportDeathRequest(
            operation=operation("d1"),
            resident_id=residents[0].resident_id,
            death_date=date_pb2.Date(year=2021, month=6, day=1),
        ),
    )
    chain.network.settle()
    chain.drill(KUNITACHI, "Resync", drill_pb2.ResyncRequest(request_id="r1"))
    chain.network.settle(5)
    assert chain.live(CENTER, AREA) == 0
    say(chain, 1, "b")
    agree(chain)


def test_a_directory_that_sends_a_municipality_to_the_wrong_door_delivers_nothing_there(chain: Bench) -> None:

    entries = {entry.path: entry for entry in chain.node(KUNITACHI).directory.current.entries}
    wrong = replace(entries[TOKYO], address=chain.node(CENTER).listener.address)
    chain.network._version += 1
    listed = (entries | {TOKYO: wrong}).values()
    directory.write(chain.network.layout.directory, chain.authority, listed, (), chain.network._version)
    for node in chain.network.nodes.values():
        node.directory._next_check = 0.0
    refused = len(chain.audit(CENTER))
    say(chain, 1)
    assert until(lambda: link(chain, KUNITACHI, TOKYO).state == "RETRYING"), "whoever answers there is spoken to"
    assert link(chain, KUNITACHI, TOKYO).last_fault == "PEER_UNREACHABLE:UNAVAILABLE"
    assert [row for row in chain.audit(CENTER)[refused:] if not row[2]] == [], "it never got as far as a call"
    chain.publish()
    chain.node(KUNITACHI).retry_now()
    agree(chain)


@pytest.mark.parametrize("forged", [True, False], ids=["another batch under the next number", "the same repeated"])
def test_a_governor_who_holds_another_past_than_this_journal_stops_the_link(chain: Bench, forged: bool) -> None:
    for number in range(3):
        say(chain, 1, f"a{number}")
        chain.network.settle()
    said, before = chain.ledger(KUNITACHI, AREA)[-1], _cursor(chain, KUNITACHI, TOKYO)
    with chain.node(KUNITACHI).journal.read() as db:
        last = [e for e in journal.entries(db, 0, 100) if e.said and e.envelope.stream == before.stream][-1]
    cut = [drill_pb2.Fault(kind=drill_pb2.FAULT_KIND_PARTITION, peer=peer, per_mille=1000) for peer in (TOKYO, CENTER)]
    chain.drill(KUNITACHI, "SetFaults", drill_pb2.SetFaultsRequest(faults=cut))
    say(chain, 1, "b")
    assert until(lambda: _next_number(chain, KUNITACHI) > said.last_number + 1)
    if forged:
        forger = chain.origin(KUNITACHI)  # the municipality's own key, told to sign another fourth notice
        forger.chain = Chain(said.epoch, said.last_number + 1, said.head_hash)
        assert chain.carrier(KUNITACHI, TOKYO).deliver(forger.batch()).next_number == said.last_number + 2
    # Its last acknowledgement was lost: it repeats a batch, and hears where the governor stands.
    first = last.envelope.header.first_number
    chain.node(KUNITACHI).journal.write(lambda db: links.move(db, TOKYO, before, first))
    refused = [row for row in chain.audit(TOKYO) if not row[2]]
    # No number comes from J-LIS: there is no later notice whose refusal would tell.
    chain.drill(KUNITACHI, "SetFaults", drill_pb2.SetFaultsRequest(faults=cut[1:] if forged else []))
    chain.node(KUNITACHI).retry_now()
    if forged:
        assert until(lambda: link(chain, KUNITACHI, TOKYO).state in ("STOPPED", "IDLE"))
        shown = link(chain, KUNITACHI, TOKYO)
        assert (shown.state, shown.last_fault) == ("STOPPED", "CHAIN_BROKEN")
        assert chain.ledger(KUNITACHI, AREA)[-1].stopped == "CHAIN_BROKEN"
        assert [row for row in chain.audit(TOKYO) if not row[2]] == refused, "it is the sender who noticed"
    else:
        agree(chain)
        assert link(chain, KUNITACHI, TOKYO).state == "IDLE"
