"""The journal by itself: numbering, chain, cursors, evidence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jukinet.clock import Clock
from jukinet.model.reason import Reason
from jukinet.model.stream import Keys, Stream
from jukinet.pki.authority import Authority
from jukinet.pki.signing import Signer
from jukinet.refusal import Refusal
from jukinet.relay.sealer import MOST_RECORDS, Chain, Sealer, seal
from jukinet.store import journal, links
from jukinet.store.database import Database, Schema
from jukinet.store.projector import open_payload

STREAM, CLOCK, PEER = Stream("132152", 1), Clock(), "prefecture/130001"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "journal.db", Schema("prefecture_node.schema", "migrations", 1))
    yield made
    made.close()


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    credential = Authority.open(tmp_path_factory.mktemp("authority")).issue("municipality/132152")
    return Signer(credential.key_pem, credential.certificate_der)


def enqueue(file: Database, *records: bytes) -> list[int]:
    return [file.write(lambda db, r=record: journal.enqueue(db, STREAM, r, Keys())) for record in records]


def sealed(file: Database, signer: Signer) -> list[journal.Entry]:
    sealer = Sealer(file, CLOCK, lambda: signer, lambda envelope: PEER)
    while sealer.step() is not None:
        pass
    with file.read() as db:
        return list(journal.entries(db, 0, 1_000))


def test_numbers_are_given_in_the_acts_own_transaction_without_a_gap(file: Database) -> None:
    assert enqueue(file, b"a", b"b") == [1, 2]

    def undone(db: object) -> None:
        journal.enqueue(db, STREAM, b"lost", Keys())  # type: ignore[arg-type]
        raise Refusal(Reason.POOL_EMPTY)

    with pytest.raises(Refusal):
        file.write(undone)
    assert enqueue(file, b"c") == [3]


def test_everything_that_waits_is_sealed_into_one_batch_and_the_next_follows_it(file: Database, signer: Signer) -> None:
    enqueue(file, b"a", b"b", b"c")
    sealed(file, signer)
    enqueue(file, b"d")
    first, second = sealed(file, signer)
    assert (first.envelope.header.first_number, first.envelope.header.last_number) == (1, 3)
    assert (second.envelope.header.first_number, second.envelope.header.last_number) == (4, 4)
    assert first.envelope.header.previous_header_hash == journal.NO_HASH
    assert second.envelope.header.previous_header_hash == first.envelope.header_hash
    assert list(open_payload(first.envelope).records) == [b"a", b"b", b"c"]
    with file.read() as db:
        assert journal.pending_streams(db) == []
        assert journal.head(db) == (2, 4)


def test_more_than_a_batch_holds_is_cut_by_count_and_by_size(file: Database, signer: Signer) -> None:
    def many(db: object) -> None:
        for _ in range(MOST_RECORDS + 1):
            journal.enqueue(db, STREAM, b"x", Keys())  # type: ignore[arg-type]

    file.write(many)
    enqueue(file, b"y" * (2 << 20), b"z" * (2 << 20))
    sizes = [entry.envelope.size for entry in sealed(file, signer)]
    assert sizes == [MOST_RECORDS, 2, 1]


def test_a_kept_batch_is_found_again_as_the_same_bytes(file: Database, signer: Signer) -> None:
    enqueue(file, b"a", b"b")
    (entry,) = sealed(file, signer)
    with file.read() as db:
        for number in (1, 2):
            found = journal.batch_from(db, STREAM, 1, number)
            assert found is not None
            assert found.batch.SerializeToString() == entry.envelope.batch.SerializeToString()
        assert journal.batch_from(db, STREAM, 1, 3) is None
        assert journal.batch_from(db, STREAM, 2, 1) is None


def test_a_new_epoch_begins_at_one_and_drops_what_was_not_yet_sealed(file: Database, signer: Signer) -> None:
    enqueue(file, b"a")
    sealed(file, signer)
    enqueue(file, b"unsealed")
    epoch = file.write(lambda db: journal.open_epoch(db, STREAM))
    assert epoch > 1
    assert enqueue(file, b"b") == [1]
    last = sealed(file, signer)[-1].envelope
    assert (last.header.epoch, last.header.first_number, last.header.previous_header_hash) == (
        epoch, 1, journal.NO_HASH
    )  # fmt: skip
    assert list(open_payload(last).records) == [b"b"]
    with file.read() as db:
        (cursor,) = links.owed(db, PEER)
    assert (cursor.epoch, cursor.next_number) == (epoch, 1)


def test_an_epoch_with_nothing_to_send_owes_nothing(file: Database, signer: Signer) -> None:
    enqueue(file, b"a")
    sealed(file, signer)
    with file.read() as db:
        assert links.peers_owed(db) == [PEER]
    file.write(lambda db: journal.open_epoch(db, STREAM))
    with file.read() as db:
        assert links.peers_owed(db) == []


def test_a_batch_sealed_while_a_new_epoch_was_opened_was_never_said(file: Database, signer: Signer) -> None:
    enqueue(file, b"a")

    def meanwhile() -> Signer:
        file.write(lambda db: journal.open_epoch(db, STREAM))
        return signer

    assert Sealer(file, CLOCK, meanwhile, lambda envelope: PEER).step() is None
    with file.read() as db:
        assert list(journal.entries(db, 0, 10)) == []


def test_refused_bytes_are_kept_as_evidence_once(file: Database, signer: Signer) -> None:
    envelope = seal(STREAM, Chain(1, 1, journal.NO_HASH), [b"a"], [Keys()], signer, CLOCK)
    for _ in range(2):
        file.write(lambda db: journal.keep_conflict(db, PEER, envelope, "EQUIVOCATION"))
    with file.read() as db:
        rows = db.execute("SELECT peer, reason, header, signature, certificate, payload FROM conflict").fetchall()
    batch = envelope.batch
    assert rows == [(PEER, "EQUIVOCATION", batch.header, batch.signature, batch.certificate, batch.payload)]


def test_a_stream_keeps_the_first_reason_it_was_stopped_for(file: Database, signer: Signer) -> None:
    enqueue(file, b"a")
    for reason in ("ROOT_MISMATCH", "EQUIVOCATION"):
        file.write(lambda db, r=reason: journal.stop_stream(db, STREAM, r))
    with file.read() as db:
        standing = journal.standing(db, STREAM)
    assert standing is not None
    assert standing.stopped == "ROOT_MISMATCH"
