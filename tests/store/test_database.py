"""The one writer of a file: group commit, append-only tables, a full disk, a damaged file."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from relay.bench import CENTER, KUNITACHI, TOKYO, Bench, bench, operation, until

from jukinet import log
from jukinet.model.reason import Reason
from jukinet.pki.authority import dns_name
from jukinet.refusal import Refusal
from jukinet.stack.layout import Layout
from jukinet.store import settings
from jukinet.store.database import Connection, Database, Schema
from jukinet.v1 import counter_pb2
from jukinet.wire.client import Refused

SCHEMA = Schema("prefecture_node.schema", "migrations", 1)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "journal.db", SCHEMA)
    yield made
    made.close()


def names(file: Database) -> list[str]:
    with file.read() as db:
        return [row[0] for row in db.execute("SELECT name FROM setting ORDER BY name")]


def test_a_write_that_fails_leaves_no_trace_and_the_others_of_its_commit_stand(file: Database) -> None:
    began, go = threading.Event(), threading.Event()

    def hold(db: Connection) -> None:
        began.set()
        go.wait(10)

    def wrong(db: Connection) -> None:
        settings.put(db, "wrong", "1")
        raise Refusal(Reason.POOL_EMPTY)

    commits = []
    file.listeners.append(lambda: commits.append(1))
    with ThreadPoolExecutor(12) as pool:
        first = pool.submit(file.write, hold)
        assert began.wait(5)
        good = [pool.submit(file.write, lambda db, n=n: settings.put(db, f"good{n}", "1")) for n in range(8)]
        bad = pool.submit(file.write, wrong)
        spun = threading.Event()
        while len(file._queue) < 9:
            spun.wait(0.001)
        go.set()
        assert [done.result(5) for done in (first, *good)] == [None] * 9
        with pytest.raises(Refusal) as caught:
            bad.result(5)
    assert caught.value.reason == Reason.POOL_EMPTY
    assert names(file) == [f"good{n}" for n in range(8)]
    assert len(commits) == 2, "what waited while the disk was busy shares one commit"


def test_a_write_that_sqlite_refuses_fails_alone_too(file: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        file.write(lambda db: db.execute("INSERT INTO setting VALUES (NULL, NULL)"))
    file.write(lambda db: settings.put(db, "after", "1"))
    assert names(file) == ["after"]
    assert not file.failed


def test_what_many_threads_write_is_there_once_each(file: Database) -> None:
    def many(worker: int) -> None:
        for number in range(25):
            file.write(lambda db, n=number: settings.put(db, f"{worker:02d}-{n:02d}", "1"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(many, range(8)))
    assert len(names(file)) == 200


def test_a_write_that_was_answered_is_seen_by_every_other_connection(file: Database) -> None:
    file.write(lambda db: settings.put(db, "told", "1"))
    other = sqlite3.connect(file.path)
    assert other.execute("SELECT value FROM setting WHERE name = 'told'").fetchone() == ("1",)
    other.close()


def test_a_reader_cannot_write(file: Database) -> None:
    with file.read() as db, pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("INSERT INTO setting VALUES ('a', 'b')")
    assert names(file) == []


@pytest.mark.parametrize("table", ["batch", "certificate", "conflict", "audit"])
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_what_was_journaled_cannot_be_changed_even_by_our_own_code(file: Database, table: str, verb: str) -> None:
    def fill(db: Connection) -> None:
        columns = [row[1:3] for row in db.execute(f"PRAGMA table_info({table})")]
        values = ["x'00'" if kind == "BLOB" else "1" for _, kind in columns]
        db.execute("PRAGMA defer_foreign_keys=ON")
        if table == "batch":
            db.execute("INSERT INTO certificate VALUES (x'00', x'00')")
        db.execute(f"INSERT INTO {table} VALUES ({','.join(values)})")

    file.write(fill)
    first = "hash" if table == "certificate" else "rowid"
    change = f"UPDATE {table} SET {first} = {first}" if verb == "UPDATE" else f"DELETE FROM {table}"
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        file.write(lambda db: db.execute(change))
    with file.read() as db:
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,)


def test_a_file_written_by_a_newer_version_is_not_opened(tmp_path: Path) -> None:
    made = Database(tmp_path / "journal.db", SCHEMA)
    made.write(lambda db: db.execute("PRAGMA user_version"))
    made.close()
    with sqlite3.connect(tmp_path / "journal.db") as db:
        db.execute("PRAGMA user_version=2")
    db.close()
    with pytest.raises(Refusal) as caught:
        Database(tmp_path / "journal.db", SCHEMA)
    assert caught.value.reason == Reason.STORAGE_DAMAGED
    assert caught.value.facts == {"fault": "written by a newer version"}


def test_the_same_version_opens_again_with_what_was_written(tmp_path: Path) -> None:
    for number in range(2):
        made = Database(tmp_path / "journal.db", SCHEMA)
        made.write(lambda db, n=number: settings.put(db, f"n{n}", "1"))
        made.close()
    made = Database(tmp_path / "journal.db", SCHEMA)
    assert names(made) == ["n0", "n1"]
    made.close()


def test_the_journal_waits_for_the_disk_and_only_the_rebuildable_register_does_not(tmp_path: Path) -> None:
    with bench(tmp_path, [CENTER, TOKYO, KUNITACHI]) as net:
        for node in net.network.nodes.values():
            assert node.journal._writer.execute("PRAGMA synchronous").fetchone() == (2,)
            assert node.journal._writer.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert net.node(CENTER).register._writer.execute("PRAGMA synchronous").fetchone() == (1,)


# Whoever leads a group and fails must not answer for the others


def test_a_file_closed_under_a_write_never_answers_as_if_it_were_written(tmp_path: Path) -> None:
    made = Database(tmp_path / "journal.db", SCHEMA)
    made.close()
    with pytest.raises(sqlite3.Error):
        made.write(lambda db: settings.put(db, "lost", "1"))


class Failing:
    """The writer's connection, which raises once when it comes to a statement for the n-th time."""

    def __init__(self, db: Connection, statement: str, turn: int, fault: type[BaseException]) -> None:
        self._db, self._statement, self._turn, self._fault = db, statement, turn, fault

    def execute(self, statement: str, *values: object) -> sqlite3.Cursor:
        if statement == self._statement:
            self._turn -= 1
            if self._turn == 0:
                raise self._fault("no memory for it")
        return self._db.execute(statement, *values)

    def __getattr__(self, name: str) -> object:
        return getattr(self._db, name)


@pytest.mark.parametrize("fault", [MemoryError, KeyboardInterrupt, sqlite3.OperationalError])
@pytest.mark.parametrize("statement", ["BEGIN IMMEDIATE", "SAVEPOINT one", "COMMIT"])
def test_whatever_fails_a_commit_fails_each_write_of_its_group(
    file: Database, statement: str, fault: type[BaseException]
) -> None:
    began, go, woken = threading.Event(), threading.Event(), []
    file.listeners.append(lambda: woken.append(1))
    file._writer = Failing(file._writer, statement, 2, fault)  # type: ignore[assignment]

    def hold(db: Connection) -> str:
        began.set()
        go.wait(10)
        return "first"

    def put(db: Connection, number: int) -> int:
        settings.put(db, f"n{number}", "1")
        return number

    with ThreadPoolExecutor(6) as pool:
        first = pool.submit(file.write, hold)
        assert began.wait(5)
        others = [pool.submit(file.write, lambda db, n=n: put(db, n)) for n in range(5)]
        assert until(lambda: len(file._queue) == 5)
        go.set()
        assert first.result(5) == "first"
        errors = [done.exception(5) for done in others]
    assert None not in errors, "acknowledged, and not on disk"
    assert sum(not isinstance(error, Exception) for error in errors) == (fault is KeyboardInterrupt), (
        "only to who leads"
    )
    assert any(isinstance(error, fault) for error in errors)
    assert not file._writer.in_transaction
    assert names(file) == []
    assert len(woken) == 1
    assert file.write(lambda db: put(db, 7)) == 7
    assert names(file) == ["n7"]
    assert not file.failed


# A full disk


def limit(file: Database, spare: int) -> None:
    """Let the file grow by so many pages and no more; many for as good as none."""
    pages = file._writer.execute("PRAGMA page_count").fetchone()[0]
    file._writer.execute(f"PRAGMA max_page_count={pages + spare}")


def test_a_commit_that_failed_wakes_nobody_and_a_full_file_recovers_only_with_room(file: Database) -> None:
    woken, told = [], []
    file.listeners.append(lambda: woken.append(1))
    file.on_failed = told.append
    file.write(lambda db: settings.put(db, "small", "1"))
    limit(file, 0)
    with pytest.raises(Refusal) as caught:
        file.write(lambda db: settings.put(db, "big", "x" * 100_000))
    assert caught.value.reason == Reason.STORAGE_FULL
    assert len(woken) == 1, "or what works behind the calls would run hot"
    file.write(lambda db: settings.put(db, "small", "2"))
    assert told == [True], "a row that still fits is no room"
    limit(file, 1_000)
    file.write(lambda db: settings.put(db, "big", "x" * 100_000))
    assert told == [True, False]
    assert len(woken) == 3
    assert names(file) == ["big", "small"]


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path, [CENTER, TOKYO, KUNITACHI]) as made:
        made.network.settle()
        yield made


def serving(net: Bench, path: str) -> bool:

    credential = net.authority.issue("office/pension")
    with grpc.secure_channel(
        net.node(path).listener.address,
        grpc.ssl_channel_credentials(net.authority.root_pem, credential.key_pem, credential.certificate_pem),
        [("grpc.ssl_target_name_override", dns_name(path))],
    ) as channel:
        answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=5)
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


def fill(net: Bench) -> Refused:
    """Enter people until the disk is full."""
    for number in range(400):
        try:
            net.enter(KUNITACHI, f"full{number}", "試験　" + "花" * 900)
        except Refused as refused:
            return refused
    raise AssertionError("the disk never filled")


def of_the_act(net: Bench) -> list[int]:
    """Rows of the tables that only an act writes."""
    tables = ("resident", "household", "task", "answered")
    with net.node(KUNITACHI).journal.read() as db:
        return [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]


def test_a_full_disk_refuses_the_act_whole_and_the_node_recovers_when_there_is_room(net: Bench) -> None:
    file = net.node(KUNITACHI).journal
    net.network.stop(TOKYO)  # nothing else writes meanwhile
    assert serving(net, KUNITACHI)
    limit(file, 4)
    refused = fill(net)
    assert (refused.reason, refused.answer.definite) == ("STORAGE_FULL", False)
    assert refused.answer.message
    assert refused.answer.japanese
    assert "花" not in f"{refused.answer}"
    assert not serving(net, KUNITACHI)
    before, unwritten, incidents = of_the_act(net), log.COUNTS["audit_unwritten"], log.COUNTS["incident"]
    calls = 0
    while calls < 200:
        calls += 1
        with pytest.raises(Refused) as caught:
            net.enter(KUNITACHI, "later", "試験　" + "花" * 900)
        assert caught.value.reason == "STORAGE_FULL"
        if log.COUNTS["audit_unwritten"] > unwritten:
            break  # the answer goes out though not even its audit row can be written any more
    assert log.COUNTS["audit_unwritten"] == unwritten + 1
    assert not serving(net, KUNITACHI)
    assert of_the_act(net) == before, "nothing half-written"
    assert log.COUNTS["incident"] - incidents < 20 + 4 * calls, "what works behind the calls does not run hot"
    limit(file, 1 << 20)
    again = net.enter(KUNITACHI, "later", "試験　" + "花" * 900)
    assert again.receipt.notices == 1
    assert serving(net, KUNITACHI)
    net.network.start(TOKYO)
    net.publish()
    net.node(KUNITACHI).retry_now()
    net.network.settle()
    assert net.live(CENTER, "132152") == net.node(KUNITACHI).local.live()["132152"]


def test_a_full_disk_at_j_lis_is_withheld_acknowledgement_and_heals(net: Bench) -> None:
    limit(net.node(CENTER).journal, 0)
    waiting = threading.Event()
    for number in range(400):
        if not serving(net, CENTER):
            break
        net.enter(KUNITACHI, f"n{number}", "試験　" + "花" * 900)
        waiting.wait(0.005)
    assert not serving(net, CENTER)
    limit(net.node(CENTER).journal, 1 << 20)
    for node in net.network.nodes.values():
        node.retry_now()
    net.network.settle()
    assert serving(net, CENTER)
    assert net.live(CENTER, "132152") == net.node(KUNITACHI).local.live()["132152"]


# A damaged file


def overwrite(path: Path, first_page: int) -> None:
    size = path.stat().st_size
    with path.open("r+b") as raw:
        raw.seek(first_page * 4096)
        raw.write(b"\xa5" * (size - first_page * 4096))


@pytest.mark.parametrize(("module", "path"), [("municipality_node", KUNITACHI), ("jlis_center", CENTER)])
def test_a_node_whose_file_is_damaged_does_not_start_and_says_why(tmp_path: Path, module: str, path: str) -> None:
    with bench(tmp_path, [CENTER, TOKYO, KUNITACHI]) as net:
        net.network.settle()
        layout: Layout = net.network.layout
    layout.config(path).write(layout.node(path) / "node.json")
    overwrite(layout.node(path) / "journal.db", 0)
    run = subprocess.run(
        [sys.executable, "-m", module, str(layout.node(path) / "node.json")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.returncode == 3, run.stderr
    assert '"event": "start_refused"' in run.stderr
    assert '"reason": "STORAGE_DAMAGED"' in run.stderr
    assert "Traceback" not in run.stderr


def test_pages_that_are_damaged_while_it_runs_are_a_clear_refusal_and_it_no_longer_serves(net: Bench) -> None:
    net.enter(KUNITACHI, "before")
    net.network.settle()
    file = net.node(KUNITACHI).journal
    with file._lock:
        file._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    overwrite(file.path, 1)
    file._writer.execute("PRAGMA shrink_memory")
    request = counter_pb2.GetResidentRequest(operation=operation("g1"), resident_id=1)
    with pytest.raises(Refused) as caught:
        net.counter(KUNITACHI, "GetResident", request)
    assert caught.value.reason == "STORAGE_DAMAGED"
    assert "試験" not in f"{caught.value.answer}"
    assert not serving(net, KUNITACHI)


def test_a_vacuum_leaves_nothing_that_was_deleted_and_waits_for_no_reader(tmp_path: Path) -> None:
    file = Database(tmp_path / "journal.db", Schema("jlis_center.schema", "migrations", 2))
    name, log = "消除　太郎".encode(), tmp_path / "journal.db-wal"
    file.write(lambda db: db.execute("INSERT INTO setting VALUES ('who', ?)", (name.decode(),)))
    with file.read() as db:
        held = db.execute("SELECT * FROM batch UNION ALL SELECT * FROM batch")
        db.execute("BEGIN")
        db.execute("SELECT * FROM setting").fetchone()
        file.write(lambda db: db.execute("DELETE FROM setting"))
        begun = time.monotonic()
        assert not file.vacuum(), "somebody still reads what was there before"
        assert time.monotonic() - begun < 5
        db.execute("COMMIT")
        held.close()
    assert name in log.read_bytes() + file.path.read_bytes()
    assert file.vacuum()
    assert name not in log.read_bytes() + file.path.read_bytes()
    file.close()


def test_each_write_of_a_group_sees_its_own_call_and_never_its_leaders(file: Database) -> None:
    caller: ContextVar[str] = ContextVar("caller")
    began, go = threading.Event(), threading.Event()

    def hold(_: Connection) -> str:
        began.set()
        go.wait(10)
        return caller.get()

    def call(name: str, work: Callable[[Connection], str]) -> str:
        caller.set(name)
        return file.write(work)

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(call, "first", hold)
        assert began.wait(5)
        others = [pool.submit(call, f"n{n}", lambda _: caller.get()) for n in range(3)]
        assert until(lambda: len(file._queue) == 3)
        go.set()
        assert [done.result(5) for done in [first, *others]] == ["first", "n0", "n1", "n2"]
