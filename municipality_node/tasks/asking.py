"""Asks J-LIS for codes and numbers, with the same request_id until it answers; never a handler, and nothing waits."""

from __future__ import annotations

from typing import Any

from jukinet import log
from jukinet.model.reason import Reason
from jukinet.node.node import Node
from jukinet.refusal import Refusal
from jukinet.relay.pause import Pause
from jukinet.store import journal
from jukinet.store.database import Connection
from jukinet.v1 import numbering_pb2, numbering_pb2_grpc, relay_pb2
from jukinet.wire.peers import CallFailed
from municipality_node import store
from municipality_node.desk import Desk
from municipality_node.tasks import store as task_store
from municipality_node.tasks.store import Task, TaskKind

CENTER = "jlis/center"
CALL_SECONDS = 10.0
A_PAGE = 5_000
STOPPED = (Reason.EQUIVOCATION, Reason.STREAM_STOPPED, Reason.CHAIN_BROKEN)


class Asking:
    """The task worker of a municipality. One request of each kind is out at a time; no kind waits for the other.

    A request refused for good is asked task by task, so that one bad record keeps no other from its number; a task
    refused for good is left alone until the node starts again.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._pause = Pause(f"{node.config.path} asking", lambda: node.tries)
        self._answered = 0
        self._given_up: set[tuple[TaskKind, str]] = set()
        self.failing: dict[TaskKind, str] = {}

    def step(self) -> float | None:
        """Ask what is to be asked; answers when to come back."""
        if left := self._pause.left():
            return left
        with self._node.journal.read() as db:
            waiting = {kind for kind in TaskKind if task_store.count_tasks(db, kind)}
            refill = self._desk(db).refill_due()
            applied = store.applied(db)
        if refill and TaskKind.CODE_REFILL not in waiting:
            self._node.journal.write(lambda db: self._desk(db).check_refill())
            return 0.0
        if applied < self._answered:
            return None  # the projector is still to apply the last answer; its commit wakes this work
        for kind in TaskKind:
            if kind in waiting:
                self._try(kind)
            else:
                self.failing.pop(kind, None)
        if not self.failing:
            self._pause.over()
            return None
        return self._pause.failed()

    def unanswered(self, db: Connection) -> int:
        """Tasks that an answer may still come for, the refill among them that is due but not yet asked for."""
        unasked = self._desk(db).refill_due() and not task_store.count_tasks(db, TaskKind.CODE_REFILL)
        return task_store.count_tasks(db) - task_store.count_requested(db, self._given_up) + int(unasked)

    def _desk(self, db: Connection) -> Desk:
        return Desk(db, self._node.clock, self._node.identity)

    def _try(self, kind: TaskKind) -> None:
        tasks = self._out(kind)
        if not tasks:
            self.failing.pop(kind, None)
            return
        try:
            self._ask(kind, tasks)
        except (CallFailed, Refusal) as failure:
            self._failed(kind, tasks, failure)
        else:
            self.failing.pop(kind, None)

    def _out(self, kind: TaskKind) -> list[Task]:
        """The request that is out; if none is, a new one over what waits. Its id is the first task's number."""
        given_up = {request_id for of, request_id in self._given_up if of == kind}
        with self._node.journal.read() as db:
            out = task_store.tasks_asked(db, kind, given_up)
            first = task_store.first_unasked(db, kind)
        if out or first is None:
            return out
        request_id = f"{self._node.identity.name}-{kind.name.lower()}-{first.id}"
        limit = 1 if kind == TaskKind.CODE_REFILL else A_PAGE
        self._node.journal.write(lambda db: task_store.mark_asked(db, kind, request_id, limit))
        with self._node.journal.read() as db:
            return task_store.tasks_asked(db, kind, given_up)

    def _ask(self, kind: TaskKind, tasks: list[Task]) -> None:
        request: Any
        if kind == TaskKind.CODE_REFILL:
            request = numbering_pb2.DesignateCodesRequest(request_id=tasks[0].request_id, count=tasks[0].count)
            method, stream = "DesignateCodes", relay_pb2.STREAM_KIND_CODE_DESIGNATION
        else:
            codes = dict.fromkeys(f"{task.code:011d}" for task in tasks if task.code)
            change = kind == TaskKind.NUMBER_CHANGE
            message = (
                numbering_pb2.ChangeIndividualNumbersRequest
                if change
                else numbering_pb2.GenerateIndividualNumbersRequest
            )
            request = message(request_id=tasks[0].request_id, resident_codes=codes)
            method = "ChangeIndividualNumbers" if change else "GenerateIndividualNumbers"
            stream = relay_pb2.STREAM_KIND_NUMBER_CHANGE if change else relay_pb2.STREAM_KIND_NUMBER_DESIGNATION
        answer = self._node.peers.call(CENTER, numbering_pb2_grpc.NumberingServiceStub, method, request, CALL_SECONDS)
        self._node.receiver.take_answer(CENTER, int(stream), answer.batch)
        with self._node.journal.read() as db:
            self._answered = journal.head(db)[0]

    def _failed(self, kind: TaskKind, tasks: list[Task], failure: CallFailed | Refusal) -> None:
        if isinstance(failure, CallFailed):
            reason, definite = failure.answer.reason, failure.answer.definite
        else:
            # A stream that stopped says nothing about the request: it goes on once J-LIS, or this node, is recovered.
            reason, definite = failure.reason.value, failure.spec.definite and failure.reason not in STOPPED
        if kind not in self.failing:
            log.event("numbering_waits", node=self._node.config.path, kind=kind.name, reason=reason)
        self.failing[kind] = reason
        request_id = tasks[0].request_id
        if definite and len(tasks) == 1:
            self._given_up.add((kind, request_id))
        # Written only when it says something new: a commit wakes this work, which is to pause first.
        storage = reason in (Reason.STORAGE_FULL.value, Reason.STORAGE_DAMAGED.value)
        if not storage and any(task.last_fault != reason for task in tasks):
            self._node.journal.write(lambda db: task_store.set_task_fault(db, kind, request_id, reason))
        if not storage and definite and len(tasks) > 1:
            self._node.journal.write(lambda db: task_store.split_request(db, kind, request_id))
