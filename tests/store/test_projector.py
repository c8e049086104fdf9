"""The register follows the journal: rebuilt when it is lost, never held up by what nobody foresaw."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from relay.bench import CENTER, KUNITACHI, TOKYO, bench, record

from jukinet.clock import Clock
from jukinet.model.reason import Reason
from jukinet.model.stream import Keys, Stream
from jukinet.pki.authority import Authority
from jukinet.pki.signing import Signer
from jukinet.refusal import Refusal
from jukinet.relay.sealer import Chain, seal
from jukinet.store import journal, register
from jukinet.store.database import Connection, Database, Schema
from jukinet.store.projector import Projector
from jukinet.store.releasing import release

STREAM = Stream("132152", 1)


class Files:
    """A journal and a register, and a hand that writes the journal."""

    def __init__(self, folder: Path, signer: Signer) -> None:
        self.folder, self.signer, self.clock = folder, signer, Clock()
        self.journal = Database(folder / "journal.db", Schema("jlis_center.schema", "migrations", 1))
        self.register = self.open_register()
        self.chain = Chain(1, 1, journal.NO_HASH)

    def open_register(self) -> Database:
        return Database(self.folder / "register.db", Schema("jlis_center.schema", "register", 1))

    def hear(self, *records: bytes) -> None:
        envelope = seal(STREAM, self.chain, records, [Keys()] * len(records), self.signer, self.clock)
        self.chain = Chain(1, envelope.header.last_number + 1, envelope.header_hash)
        self.journal.write(lambda db: journal.append(db, self.clock, envelope, said=False, peer="prefecture/130001"))

    def project(self, apply: Any = register.apply_identification) -> Projector:
        projector = Projector(self.journal, self.register, apply)
        while projector.step():
            pass
        return projector

    def live(self) -> int:
        with self.register.read() as db:
            return register.live(db).get("132152", 0)

    def quarantine(self) -> list[tuple[int, int, int, str]]:
        with self.register.read() as db:
            return db.execute("SELECT position, record, records, reason FROM quarantine").fetchall()


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Files]:
    credential = Authority.open(tmp_path / "authority").issue("municipality/132152")
    made = Files(tmp_path, Signer(credential.key_pem, credential.certificate_der))
    yield made
    made.register.close()
    made.journal.close()


def person(number: int, **changes: Any) -> bytes:
    return record("132152", number, **changes).SerializeToString()


def dump(file: Path) -> dict[str, list[tuple[object, ...]]]:
    db = sqlite3.connect(file)
    tables = [
        row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    ]
    found = {table: sorted(db.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in tables}
    db.close()
    return {table: rows for table, rows in found.items() if not table.startswith("_")}


def test_a_lost_register_is_rebuilt_from_the_journal_row_by_row(tmp_path: Path) -> None:
    with bench(tmp_path, [CENTER, TOKYO, KUNITACHI]) as net:
        net.network.settle()
        for number in range(5):
            net.enter(KUNITACHI, f"n{number}")
        net.network.settle()
        for path in (TOKYO, CENTER):
            file = net.network.layout.node(path) / "register.db"
            net.network.stop(path)
            before = dump(file)
            assert len(before["identification"]) == 5
            for part in file.parent.glob("register.db*"):
                part.unlink()
            net.network.start(path)
            net.publish()
            net.node(path).read_own_writes()
            net.network.stop(path)
            assert dump(file) == before
            net.network.start(path)
            net.publish()


def test_a_merge_that_was_cut_off_is_done_again_from_its_beginning(files: Files) -> None:
    files.hear(person(1), person(2))
    files.hear(person(3))
    applied: list[int] = []

    def cut(db: Connection, entry: journal.Entry, records: Sequence[bytes]) -> object:
        applied.append(entry.position)
        if len(applied) == 2:
            raise sqlite3.DatabaseError("database disk image is malformed")
        return register.apply_identification(db, entry, records)

    projector = Projector(files.journal, files.register, cut)  # type: ignore[arg-type]
    with pytest.raises(Refusal):
        projector.step()
    assert (projector.position, files.live()) == (0, 0), "neither half of the merge is there"
    assert files.project().position == 2
    assert files.live() == 3
    assert files.quarantine() == []


def test_what_nobody_foresaw_sets_its_batch_aside_and_the_next_is_applied(files: Files) -> None:
    files.hear(person(1))
    files.hear(person(2), person(3))
    files.hear(person(4))

    def apply(db: Connection, entry: journal.Entry, records: Sequence[bytes]) -> object:
        faults = register.apply_identification(db, entry, records)
        if entry.position == 2:
            raise OverflowError
        return faults

    assert files.project(apply).position == 3
    assert files.live() == 2, "nothing of the batch is left half-applied"
    assert files.quarantine() == [(2, -1, 2, "INTERNAL")]


def test_a_batch_whose_root_does_not_match_is_never_released(files: Files) -> None:
    envelope = seal(STREAM, files.chain, [person(1)], [Keys()], files.signer, files.clock)
    envelope.header.records_root = bytes(32)
    files.journal.write(lambda db: journal.append(db, files.clock, spoiled(envelope), said=False, peer="p"))
    projector = files.project()
    assert files.quarantine() == [(1, -1, 1, "ROOT_MISMATCH")]
    with files.journal.read() as db:
        entry = journal.entry(db, 1)
    assert entry is not None
    with pytest.raises(Refusal, match="ROOT_MISMATCH"):
        files.register.write(lambda db: release(projector, db, entry, -1))
    assert files.quarantine() == [(1, -1, 1, "ROOT_MISMATCH")]


def spoiled(envelope: journal.Envelope) -> journal.Envelope:
    """The batch with the header as it is now."""
    envelope.batch.header = envelope.header.SerializeToString()
    return journal.Envelope.of(envelope.batch)


def test_a_later_notice_wins_whatever_the_order_it_is_applied_in(files: Files) -> None:
    files.hear(person(1, sequence=2, name="後"), person(1, sequence=1, name="先"))
    files.project()
    with files.register.read() as db:
        rows = db.execute("SELECT person_sequence, body FROM identification").fetchall()
    assert [row[0] for row in rows] == [2]
    assert "後".encode() in rows[0][1]
    assert files.live() == 1


def test_a_deletion_closes_the_record_and_another_municipalitys_row_is_not_touched(files: Files) -> None:
    files.hear(person(1), person(2))
    files.hear(person(1, sequence=2, kind=2, reason=7))
    files.project()
    assert files.quarantine() == []
    assert files.live() == 1
    with files.register.read() as db:
        assert db.execute("SELECT count(*) FROM identification").fetchone() == (2,), "closed, not forgotten"


def test_a_read_that_cannot_be_answered_in_time_says_backlog(files: Files) -> None:
    files.hear(person(1))
    projector = Projector(files.journal, files.register, register.apply_identification)
    with pytest.raises(Refusal) as caught:
        projector.wait_applied(1, 0.01)
    assert caught.value.reason == Reason.BACKLOG
    projector.step()
    projector.wait_applied(1, 0.0)


def test_a_register_built_anew_stops_no_stream_for_a_fault_of_an_epoch_that_is_over(files: Files) -> None:
    def append(epoch: int, spoil: bool) -> None:
        envelope = seal(STREAM, Chain(epoch, 1, journal.NO_HASH), [person(1)], [Keys()], files.signer, files.clock)
        envelope.batch.payload += b"\xff" * spoil
        files.journal.write(lambda db: journal.append(db, files.clock, envelope, said=False, peer="prefecture/130001"))

    def stopped() -> str:
        with files.journal.read() as db:
            standing = journal.standing(db, STREAM)
        assert standing is not None
        return standing.stopped

    append(1, spoil=True)
    files.project()
    assert stopped() == "RECORD_MALFORMED"
    append(2, spoil=False)
    assert stopped() == "", "a full transmission heals it"
    files.register.close()
    for part in files.folder.glob("register.db*"):
        part.unlink()
    files.register = files.open_register()
    files.project()
    assert (stopped(), files.live()) == ("", 1)
