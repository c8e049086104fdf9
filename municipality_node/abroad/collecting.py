"""Fetches answers of J-LIS that were lost on the way, so that both journals hold the same; no clerk waits for it."""

from __future__ import annotations

from jukinet import log
from jukinet.node.node import Node
from jukinet.refusal import Refusal
from jukinet.relay.pause import Pause
from jukinet.store.database import Connection
from jukinet.v1 import search_pb2, search_pb2_grpc
from jukinet.wire.peers import CallFailed
from municipality_node.abroad import store
from municipality_node.acts.inquiry import CENTER, collect

CALL_SECONDS = 10.0


class Collecting:
    """The worker behind inquiries whose answer did not arrive. What was out when the node stopped counts as lost."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._pause = Pause(f"{node.config.path} collecting", lambda: node.tries)
        self._failing = False
        with node.journal.read() as db:
            left = store.count_searches(db)
        if left:
            node.journal.write(store.lose_all_searches)

    @property
    def failing(self) -> bool:
        """Whether J-LIS did not answer when it was asked last."""
        return self._failing

    def step(self) -> float | None:
        """Fetch what is missing; answers when to come back."""
        with self._node.journal.read() as db:
            lost = store.lost_searches(db)
        if not lost:
            self._failing = False
            return None
        if left := self._pause.left():
            return left
        try:
            collect(self._node, self._ask)
        except (CallFailed, Refusal) as failure:
            if not self._failing:
                reason = failure.answer.reason if isinstance(failure, CallFailed) else failure.reason.value
                log.event("search_waits", node=self._node.config.path, reason=reason)
            self._failing = True
            return self._pause.failed()
        self._failing = False
        self._pause.over()
        self._node.journal.write(lambda db: store.forget_lost_searches(db, lost))
        return None

    def unanswered(self, db: Connection) -> int:
        """Answers that may be missing."""
        return len(store.lost_searches(db))

    def _ask(self, request: search_pb2.CollectSearchAnswersRequest) -> search_pb2.CollectSearchAnswersResponse:
        stub = search_pb2_grpc.SearchServiceStub
        answer: search_pb2.CollectSearchAnswersResponse = self._node.peers.call(
            CENTER, stub, "CollectSearchAnswers", request, CALL_SECONDS
        )
        return answer
