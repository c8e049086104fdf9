"""One SQLite file: a single writer that gathers concurrent writes into one commit, and read-only readers."""

from __future__ import annotations

import importlib
import sqlite3
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from jukinet import failpoint, log
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal

T = TypeVar("T")
Connection = sqlite3.Connection

GROUP = 64
"""Writes gathered into one commit at most."""
LOOK_AT_LOG, LOG_BYTES = 16, 8 * 1024 * 1024
"""Every so many commits the write-ahead log is looked at; beyond this size it is folded into the file."""
CHECKPOINT = "mid_checkpoint"
"""Failpoint; while a test waits for it, every commit is followed by a checkpoint."""
VACUUM_PATIENCE = 200
"""Milliseconds that a reader may keep the log from being emptied, while no write gets through."""
ROOM = 64 * 1024
"""Bytes that must fit before a file that was full counts as recovered."""
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_FULL = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_READONLY", "SQLITE_CANTOPEN")


@dataclass(frozen=True, slots=True)
class Schema:
    """Which migrations a file needs; imported only when one is due (sqlite_utils alone takes 93 ms)."""

    module: str
    migrations: str
    version: int
    page_size: int = 4096
    synchronous: str = "FULL"


class _Ticket(Generic[T]):
    """One write that waits for its commit; it runs in its own caller's context, whoever leads the group."""

    __slots__ = ("context", "done", "error", "result", "work")

    def __init__(self, work: Callable[[Connection], T]) -> None:
        self.work = work
        self.context = copy_context()
        self.done = False
        self.result: T | None = None
        self.error: BaseException | None = None


def storage_refusal(error: sqlite3.Error) -> Refusal | None:
    """The refusal for a fault of disk or file; None for a mistake of ours."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith("SQLITE_FULL"):
        return Refusal(Reason.STORAGE_FULL)
    if name.startswith(_FULL) or "malformed" in str(error) or "not a database" in str(error):
        return Refusal(Reason.STORAGE_DAMAGED, fault=name)
    return None


class Database:
    """A file with its writer and readers. Safe to call from any thread.

    `write` answers after the commit is on disk. Concurrent writes share a commit; each has its own savepoint, so one
    that fails leaves no trace and does not disturb the others. `listeners` are called after each commit, `commits` is
    their number.
    """

    def __init__(self, path: Path, schema: Schema) -> None:
        self.path = path
        self.failed = False
        self._damaged = False
        self.on_failed: Callable[[bool], None] = lambda _: None
        self.listeners: list[Callable[[], None]] = []
        self._queue: deque[_Ticket[Any]] = deque()
        self._lock = threading.Lock()
        self._readers: list[Connection] = []
        self._readers_lock = threading.Lock()
        self._closed = False
        self.commits = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = self._open(schema)

    def _open(self, schema: Schema) -> Connection:
        db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=10)
        try:
            db.execute(f"PRAGMA page_size={schema.page_size}")
            db.execute("PRAGMA journal_mode=WAL")
            db.execute(f"PRAGMA synchronous={schema.synchronous}")
            if sys.platform == "darwin":
                db.execute("PRAGMA fullfsync=ON")
            db.execute("PRAGMA foreign_keys=ON")
            db.execute("PRAGMA wal_autocheckpoint=0")
            db.execute(f"PRAGMA journal_size_limit={LOG_BYTES // 2}")
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version > schema.version:
                raise Refusal(Reason.STORAGE_DAMAGED, fault="written by a newer version")
            if version < schema.version:
                getattr(importlib.import_module(schema.module), schema.migrations).apply(_utils(db))
                db.execute(f"PRAGMA user_version={schema.version}")
        except BaseException as error:
            db.close()
            if isinstance(error, sqlite3.Error):
                raise storage_refusal(error) or error from error
            raise
        return db

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction and answer after its commit is on disk; what it raises undoes it alone."""
        ticket = _Ticket(work)
        self._queue.append(ticket)
        with self._lock:
            while not ticket.done:
                self._commit_group()
        if ticket.error is not None:
            raise ticket.error
        return ticket.result  # type: ignore[return-value]

    def _commit_group(self) -> None:
        """Commit what waits, this thread's own write among it."""
        group = [self._queue.popleft() for _ in range(min(GROUP, len(self._queue)))]
        db = self._writer
        try:
            db.execute("BEGIN IMMEDIATE")
            for ticket in group:
                self._run(db, ticket)
            db.execute("COMMIT")
        except BaseException as fault:  # no memory is none of SQLite's errors
            self._fail(group, fault)
            if not isinstance(fault, Exception):
                raise  # it ends this thread; the others are told in words of their own
            return  # nothing was written, so nobody has anything to look for
        finally:
            for ticket in group:
                ticket.done = True
        if self.failed and not self._damaged and self._has_room():
            self._set_failed(False)
        self.commits += 1
        failpoint.hit("after_commit_before_ack")
        for listener in self.listeners:
            listener()
        full = self.commits % LOOK_AT_LOG == 0 and self._log_size() > LOG_BYTES
        if full or failpoint.armed(CHECKPOINT):
            self.checkpoint()

    def _log_size(self) -> int:
        log_file = self.path.with_name(self.path.name + "-wal")
        return log_file.stat().st_size if log_file.exists() else 0

    @staticmethod
    def _run(db: Connection, ticket: _Ticket[Any]) -> None:
        db.execute("SAVEPOINT one")
        try:
            ticket.result = ticket.context.run(ticket.work, db)
        except sqlite3.Error as error:
            if storage_refusal(error):
                raise
            ticket.error = error
        except BaseException as error:  # told to its own caller, never to the others of the group
            ticket.error = error
        if ticket.error is not None:
            db.execute("ROLLBACK TO one")
        db.execute("RELEASE one")

    def _fail(self, group: list[_Ticket[Any]], fault: BaseException) -> None:
        """Nothing of the group was written: each of its writes is told so."""
        refusal = storage_refusal(fault) if isinstance(fault, sqlite3.Error) else None
        error = fault if isinstance(fault, Exception) else RuntimeError("the commit was interrupted")
        for ticket in group:
            ticket.error = refusal or error
        with suppress(sqlite3.Error, MemoryError):  # undone already, the file is closed, or the next write undoes it
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
        self._note_failure(refusal)

    def _note_failure(self, refusal: Refusal | None) -> None:
        if refusal is not None:
            # A damaged file stays one until the node is started again with a sound copy.
            self._damaged = self._damaged or refusal.facts.get("fault", "").startswith(_DAMAGED)
            self._set_failed(True)

    def _has_room(self) -> bool:
        """Whether more than the odd row can be written again: what is tried here is rolled back."""
        db = self._writer
        try:
            db.execute("BEGIN IMMEDIATE")
            db.execute("CREATE TABLE room (data BLOB)")
            db.execute("INSERT INTO room VALUES (zeroblob(?))", (ROOM,))
        except sqlite3.Error:
            return False
        finally:
            with suppress(sqlite3.Error):
                if db.in_transaction:
                    db.execute("ROLLBACK")
        return True

    def _set_failed(self, failed: bool) -> None:
        if failed != self.failed:
            self.failed = failed
            self.on_failed(failed)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read-only connection, lent."""
        with self._readers_lock:
            db = self._readers.pop() if self._readers else None
        try:
            if db is None:
                db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=10)
                db.execute("PRAGMA query_only=1")
            yield db
        except sqlite3.Error as error:
            refusal = storage_refusal(error)
            if refusal is None:
                raise
            self._note_failure(refusal)
            raise refusal from error
        finally:
            if db is not None:
                with self._readers_lock:
                    if self._closed:
                        db.close()  # it was lent while the others were closed
                    else:
                        self._readers.append(db)

    def checkpoint(self) -> None:
        """Bring the write-ahead log into the file; called with the writer's lock held or at rest."""
        failpoint.hit(CHECKPOINT, within=0.002)
        try:
            self._writer.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except sqlite3.Error as error:
            # What was committed stands in the log all the same; the next one tries again.
            log.event("checkpoint_failed", file=self.path.name, fault=getattr(error, "sqlite_errorname", ""))

    def vacuum(self) -> bool:
        """Write the file anew and empty the log: nothing that was deleted can be read in either. False: try again."""
        with self._lock:
            db = self._writer
            try:
                db.execute("VACUUM")
                db.execute(f"PRAGMA busy_timeout={VACUUM_PATIENCE}")
                busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.Error as error:
                log.event("vacuum_failed", file=self.path.name, fault=getattr(error, "sqlite_errorname", ""))
                return False
            finally:
                db.execute("PRAGMA busy_timeout=10000")
        return not busy

    def close(self) -> None:
        """Close everything; the last connection folds the write-ahead log."""
        with self._lock, self._readers_lock:
            self._closed = True
            for db in self._readers:
                db.close()
            self._readers.clear()
            self._writer.close()


def _utils(db: Connection) -> Any:
    import sqlite_utils

    return sqlite_utils.Database(db)
