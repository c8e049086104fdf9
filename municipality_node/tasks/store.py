"""SQL of what waits for J-LIS."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum

from jukinet.store.database import Connection


class TaskKind(IntEnum):
    """What a task waits for; the values of the wire."""

    INDIVIDUAL_NUMBER = 1
    CODE_REFILL = 2
    NUMBER_CHANGE = 5


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for J-LIS."""

    id: int
    kind: TaskKind
    resident_id: int
    count: int
    request_id: str
    virtual_time: int
    last_fault: str
    code: int
    change_reason: int


def add_task(
    db: Connection, kind: TaskKind, virtual_time: int, resident_id: int = 0, count: int = 0, change_reason: int = 0
) -> None:
    """Something to ask of J-LIS; asking twice for the same resident is one task."""
    db.execute(
        "INSERT INTO task (kind, resident_id, count, virtual_time, change_reason) VALUES (?,?,?,?,?)"
        " ON CONFLICT DO NOTHING",
        (kind.value, resident_id, count, virtual_time, change_reason),
    )


_TASK = "SELECT id, kind, resident_id, count, request_id, virtual_time, last_fault, code, change_reason FROM task "


def _task(row: tuple[int, int, int, int, str, int, str, int, int]) -> Task:
    return Task(row[0], TaskKind(row[1]), *row[2:])


def tasks(db: Connection, after: int, limit: int) -> list[Task]:
    """What waits, oldest first."""
    return [_task(row) for row in db.execute(_TASK + "WHERE id > ? ORDER BY id LIMIT ?", (after, limit))]


def of_resident(db: Connection, resident_id: int) -> list[Task]:
    """What waits about this resident."""
    # The second condition lets SQLite use the partial index.
    query = _TASK + "WHERE resident_id = ? AND resident_id <> 0 ORDER BY id"
    return [_task(row) for row in db.execute(query, (resident_id,))]


def first_unasked(db: Connection, kind: TaskKind) -> Task | None:
    """The oldest of its kind that no request has gone out for."""
    row = db.execute(_TASK + "WHERE kind = ? AND request_id = '' ORDER BY id LIMIT 1", (kind.value,)).fetchone()
    return _task(row) if row else None


def tasks_asked(db: Connection, kind: TaskKind, given_up: Collection[str] = ()) -> list[Task]:
    """Those of the oldest request that went out, is not answered and not given up."""
    rows = db.execute(
        "SELECT request_id FROM task WHERE kind = ? AND request_id <> '' GROUP BY request_id ORDER BY min(id)",
        (kind.value,),
    )
    request_id = next((row[0] for row in rows if row[0] not in given_up), "")
    if not request_id:
        return []
    found = db.execute(_TASK + "WHERE kind = ? AND request_id = ? ORDER BY id", (kind.value, request_id))
    return [_task(row) for row in found]


def mark_asked(db: Connection, kind: TaskKind, request_id: str, limit: int) -> int:
    """Gather what was not asked yet under one request, with the codes of this moment: a repeat must ask the same."""
    cursor = db.execute(
        "UPDATE task SET request_id = ?, code = coalesce((SELECT code FROM resident WHERE id = task.resident_id), 0)"
        " WHERE id IN (SELECT id FROM task WHERE kind = ? AND request_id = ''"
        " ORDER BY id LIMIT ?)",
        (request_id, kind.value, limit),
    )
    return cursor.rowcount


def set_task_fault(db: Connection, kind: TaskKind, request_id: str, fault: str) -> None:
    """Note why the answer has not come."""
    db.execute("UPDATE task SET last_fault = ? WHERE kind = ? AND request_id = ?", (fault, kind.value, request_id))


def split_request(db: Connection, kind: TaskKind, request_id: str) -> None:
    """Make each task of the request a request of its own."""
    db.execute(
        "UPDATE task SET request_id = request_id || '-' || id WHERE kind = ? AND request_id = ?",
        (kind.value, request_id),
    )


def count_requested(db: Connection, requests: Collection[tuple[TaskKind, str]]) -> int:
    """How many tasks wait under these requests."""
    query = "SELECT count(*) FROM task WHERE kind = ? AND request_id = ?"
    return sum(int(db.execute(query, (kind.value, request_id)).fetchone()[0]) for kind, request_id in requests)


def finish_refill(db: Connection) -> None:
    """The request for codes that is out has been answered."""
    db.execute("DELETE FROM task WHERE kind = ? AND request_id <> ''", (TaskKind.CODE_REFILL.value,))


def finish_number(db: Connection, resident_id: int, kind: TaskKind = TaskKind.INDIVIDUAL_NUMBER) -> None:
    """The number of this resident has come."""
    # The second condition lets SQLite use the partial index.
    db.execute("DELETE FROM task WHERE resident_id = ? AND resident_id <> 0 AND kind = ?", (resident_id, kind.value))


def ask_first_number(db: Connection, resident_id: int, virtual_time: int) -> None:
    """The code was wrong, and so is a number that was asked for with it: ask for one with the code that stands now.

    Whoever was asked for in the same request is asked for alone: a request_id stands for one content.
    """
    for task in of_resident(db, resident_id):
        finish_number(db, resident_id, task.kind)
        if task.request_id:
            split_request(db, task.kind, task.request_id)
    add_task(db, TaskKind.INDIVIDUAL_NUMBER, virtual_time, resident_id)


def carry_over(db: Connection, old_id: int, new_id: int) -> None:
    """A change of number that was asked for is another record's, also while J-LIS is being asked."""
    # The second condition lets SQLite use the partial index.
    db.execute(
        "UPDATE task SET resident_id = ? WHERE resident_id = ? AND resident_id <> 0 AND kind = ?",
        (new_id, old_id, TaskKind.NUMBER_CHANGE.value),
    )


def count_tasks(db: Connection, kind: TaskKind | None = None) -> int:
    """How many wait."""
    return int(db.execute("SELECT count(*) FROM task WHERE ? = 0 OR kind = ?", (kind or 0, kind or 0)).fetchone()[0])
