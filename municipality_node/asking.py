"""Asks J-LIS for codes and numbers, with the same request_id until it answers; never a handler, and nothing waits."""

from __future__ import annotations

from typing import Any

from jukinet import log
from jukinet.law.numbering import pool_needs_refill
from jukinet.model.reason import Reason
from jukinet.node.node import Node
from jukinet.refusal import Refusal
from jukinet.relay.link import FIRST_WAIT, LONGEST_WAIT
from jukinet.store.database import Connection
from jukinet.v1 import numbering_pb2, numbering_pb2_grpc, relay_pb2
from jukinet.wire.peers import CallFailed
from municipality_node import store
from municipality_node.desk import Desk
from municipality_node.store import Task, TaskKind

CENTER = "jlis/center"
CALL_SECONDS = 10.0
A_PAGE = 5_000


class Asking:
    """The task worker of a municipality. One request of each kind is out at a time."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._attempts = 0
        self.failing = False

    def step(self) -> float | None:
        """Ask what is to be asked; answers when to come back."""
        with self._node.journal.read() as db:
            waiting = {kind: store.count_tasks(db, kind) for kind in TaskKind}
        if not waiting[TaskKind.CODE_REFILL] and self._refill_due():
            self._node.journal.write(lambda db: Desk(db, self._node.clock, self._node.identity).check_refill())
            return 0.0
        if not any(waiting.values()):
            return None
        try:
            for kind in TaskKind:
                if waiting[kind]:
                    self._ask(kind)
        except (CallFailed, Refusal) as failure:
            return self._failed(failure)
        self._attempts, self.failing = 0, False
        # The answers are applied by the projector, whose commit wakes this work again.
        return None

    def _refill_due(self) -> bool:
        with self._node.journal.read() as db:
            counts = store.tally(db)
        left = counts.pop(store.POOL, 0)
        return pool_needs_refill(left, sum(counts.values()))

    def _ask(self, kind: TaskKind) -> None:
        tasks = self._node.journal.write(lambda db: self._gather(db, kind))
        if not tasks:
            return
        request: Any
        if kind == TaskKind.CODE_REFILL:
            request = numbering_pb2.DesignateCodesRequest(request_id=tasks[0].request_id, count=tasks[0].count)
            method, stream = "DesignateCodes", relay_pb2.STREAM_KIND_CODE_DESIGNATION
        else:
            with self._node.journal.read() as db:
                residents = [store.resident(db, task.resident_id) for task in tasks]
            codes = [resident.person.resident_code for resident in residents if resident]
            request = numbering_pb2.GenerateIndividualNumbersRequest(
                request_id=tasks[0].request_id, resident_codes=codes
            )
            method, stream = "GenerateIndividualNumbers", relay_pb2.STREAM_KIND_NUMBER_DESIGNATION
        answer = self._node.peers.call(CENTER, numbering_pb2_grpc.NumberingServiceStub, method, request, CALL_SECONDS)
        self._node.receiver.take_answer(CENTER, int(stream), answer.batch)
        self._node.read_own_writes()

    def _gather(self, db: Connection, kind: TaskKind) -> list[Task]:
        """The request that is out; if none is, a new one over what waits. Its id is the first task's number."""
        out = store.tasks_asked(db, kind)
        if out:
            return out
        first = store.first_task(db, kind)
        if first is None:
            return []
        limit = 1 if kind == TaskKind.CODE_REFILL else A_PAGE
        store.mark_asked(db, kind, f"{self._node.identity.name}-{kind.name.lower()}-{first.id}", limit)
        return store.tasks_asked(db, kind)

    def _failed(self, failure: CallFailed | Refusal) -> float:
        reason = failure.answer.reason if isinstance(failure, CallFailed) else failure.reason.value
        self._attempts += 1
        if not self.failing:
            log.event("numbering_waits", node=self._node.config.path, reason=reason)
        self.failing = True

        def note(db: Connection) -> None:
            for kind in TaskKind:
                store.set_task_fault(db, kind, reason)

        if reason not in (Reason.STORAGE_FULL.value, Reason.STORAGE_DAMAGED.value):
            self._node.journal.write(note)
        return float(min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self._attempts, 10)))
