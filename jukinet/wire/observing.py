"""What is seen of every call from outside: how long, how large, how it ended, on which rule; never about whom."""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import DecodeError, Message

from jukinet import log
from jukinet.clock import Clock, real_micros
from jukinet.law.basis import article
from jukinet.pki.identity import Identity
from jukinet.v1 import relay_pb2
from jukinet.wire import basis, gate, tracing
from jukinet.wire.call import RELAY, Call, current
from jukinet.wire.tracing import Trace

OK = "OK"
KEPT = 4096
"""Calls of which a node remembers size and duration."""
LONGEST_ID = 128
"""As much of a request_id as the 操作記録 keeps."""

# Callers and peers write these: what does not have the form of the law's tables, or of a reason, is not repeated.
_AFFAIR = re.compile(r"[1-6]-[0-9]{1,3}(?:[-_][0-9]{1,3}){0,2}|cooperation|consent|statistics")
_REASON = re.compile(r"[A-Z][A-Z_]{1,48}(?::[A-Z_]{1,32})?")
_ORDINANCE = "ordinance"

Metadata = Iterable[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Observed:
    """One call that has ended, as the node saw it that answered it, or that `sent` it."""

    node: str
    sent: bool
    service: str
    rpc: str
    event: str
    rule: str
    article: str
    caller_kind: str
    office: str
    peer: str
    """The neighbour asked, of a call that was sent."""
    affair: str
    outcome: str
    """OK, or the reason of the refusal."""
    began: int
    """Microseconds since 1970."""
    seconds: float
    request_bytes: int
    answer_bytes: int
    lamport: int
    trace: Trace | None


Observer = Callable[[Observed], None]


@dataclass(frozen=True, slots=True)
class Started:
    """When a call began, on the wall clock and on one that never jumps."""

    micros: int
    at: float

    @classmethod
    def now(cls) -> Started:
        """It begins now."""
        return cls(real_micros(), time.perf_counter())


class Observing:
    """Hands every ended call of a node to its observers, and remembers the last ones."""

    def __init__(self, node: Identity, clock: Clock) -> None:
        self._node = node
        self._path = node.path
        self._clock = clock
        self._observers: tuple[Observer, ...] = ()
        self._tracing = False
        self._arrivals = tracing.Arrivals(self._path)
        self._last: deque[tuple[str, str, Observed]] = deque(maxlen=KEPT)
        self._lock = threading.Lock()

    def add(self, observer: Observer, *, traced: bool = False) -> None:
        """Tell `observer` from now on; where `traced`, of which trace each call is, and neighbours as well."""
        self._observers = (*self._observers, observer)
        self._tracing = self._tracing or traced

    def find(self, caller: str, request_id: str, event: str) -> Observed | None:
        """The last call of these, by path of the caller, id and audit event; None if it is too long ago."""
        wanted = (caller, request_id[:LONGEST_ID])
        with self._lock:
            return next(
                (seen for *who, seen in reversed(self._last) if (*who,) == wanted and seen.event == event), None
            )

    # A call that is answered here

    def begin(self, call: Call, metadata: Callable[[], Metadata]) -> None:
        """A call comes in: what is asked of others meanwhile is of the same trace."""
        if self._tracing and not call.method.startswith(RELAY):
            call.trace = tracing.continued(metadata())

    def answered(
        self,
        call: Call,
        started: Started,
        outcome: str,
        stated: str,
        answer: Message | None,
        metadata: Callable[[], Metadata],
    ) -> None:
        """It has been answered, or refused on the article that was `stated`."""
        seconds = time.perf_counter() - started.at
        trace = call.trace
        if self._tracing and call.method.startswith(RELAY):
            trace = self._arrivals.span(call.request.batch.header, metadata(), taken=outcome == OK)  # type: ignore[attr-defined]
        service, _, rpc = call.method.lstrip("/").partition("/")
        caller = call.caller
        seen = Observed(
            node=self._path, sent=False, service=service, rpc=rpc, event=call.event, rule=call.rule,
            article=stated or getattr(answer, "article", "") or call.article, caller_kind=caller.kind if caller else "",
            office=caller.id if caller and caller.kind == "office" else "", peer="", affair=affair(call.request),
            outcome=outcome, began=started.micros, seconds=seconds, request_bytes=call.request.ByteSize(),
            answer_bytes=answer.ByteSize() if answer is not None else 0, lamport=self._clock.lamport, trace=trace,
        )  # fmt: skip
        with self._lock:
            self._last.append((call.path, call.request_id[:LONGEST_ID], seen))
        self._tell(seen)

    # A call that is made from here

    def sending(self, request: Message) -> Trace | None:
        """The span of a call to a neighbour, made while answering, or on its own, or with a batch."""
        if not self._tracing:
            return None
        if isinstance(request, relay_pb2.DeliverBatchRequest):
            header = request.batch.header
            origin = _header(header).origin
            return tracing.batch_sent(header, self._path, said_here=gate.speaks_for(self._node, origin))
        answering = current_or_none()
        return answering.trace.child() if answering and answering.trace else tracing.begin()

    def sent(
        self, peer: str, method: str, request: Message, started: Started, outcome: str, answer: Any, trace: Trace | None
    ) -> None:
        """The neighbour answered, refused, or did not answer."""
        seconds = time.perf_counter() - started.at
        rule = self._rule(peer, method, request)
        service, _, rpc = method.lstrip("/").partition("/")
        seen = Observed(
            node=self._path, sent=True, service=service, rpc=rpc, event=rpc, rule=rule,
            article=article(rule, self._clock.today()), caller_kind=self._node.kind, office="", peer=peer,
            affair=affair(request), outcome=outcome if _REASON.fullmatch(outcome) else "UNKNOWN",
            began=started.micros, seconds=seconds, request_bytes=request.ByteSize(),
            answer_bytes=answer.ByteSize() if answer is not None else 0, lamport=self._clock.lamport, trace=trace,
        )  # fmt: skip
        self._tell(seen)

    def _rule(self, peer: str, method: str, request: Message) -> str:
        if isinstance(request, relay_pb2.DeliverBatchRequest):
            hop = basis.hop(_header(request.batch.header).kind, self._node.kind, Identity.parse(peer).kind)
            return hop.rule if hop else ""
        named = basis.rpcs().get(method)
        return named.rule if named else ""

    def _tell(self, seen: Observed) -> None:
        for observer in self._observers:
            try:
                observer(seen)
            except Exception as error:  # who looks on must not keep anybody from being answered
                log.incident("observer", error)


def affair(request: Any) -> str:
    """The 事務 that a request is for, as the law's tables number it; empty if it names none of that form."""
    asked = getattr(request, "question", request)  # what an office asked is inside what its governor passes on
    said = str(getattr(getattr(asked, "purpose", None), "affair", ""))
    if said.startswith(f"{_ORDINANCE}/"):
        return _ORDINANCE
    return said if _AFFAIR.fullmatch(said) else ""


def current_or_none() -> Call | None:
    """The call being answered on this thread, if one is."""
    try:
        return current()
    except LookupError:
        return None


def _header(header: bytes) -> relay_pb2.StreamHeader:
    try:
        return relay_pb2.StreamHeader.FromString(header)
    except DecodeError:
        return relay_pb2.StreamHeader()
