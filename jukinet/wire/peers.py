"""Channels to other nodes, each asked for by the name that the directory gives, and the faults a drill puts on them."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import grpc

from jukinet.clock import Clock
from jukinet.model.reason import Reason
from jukinet.pki.authority import dns_name
from jukinet.pki.directory import DirectoryFile
from jukinet.refusal import CATALOG
from jukinet.wire.call import LAMPORT
from jukinet.wire.client import HANDSHAKE_MS
from jukinet.wire.credentials import Credentials
from jukinet.wire.observing import OK, Observing, Started
from jukinet.wire.status import Answer, read
from jukinet.wire.tracing import TRACEPARENT

T = TypeVar("T")

OPTIONS = (
    ("grpc.initial_reconnect_backoff_ms", 50),
    ("grpc.min_reconnect_backoff_ms", HANDSHAKE_MS),
    ("grpc.max_reconnect_backoff_ms", 500),
    ("grpc.enable_retries", 0),  # the outbox repeats; a second layer of retries would only hide it
)


class CallFailed(Exception):
    """A call to a neighbour that was not answered, or answered with a refusal."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reason)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Fault:
    """What a drill does to calls from here. `kind` is a FaultKind of drill.proto; an empty peer means all."""

    kind: int
    peer: str
    per_mille: int
    delay_seconds: float


PARTITION, DELAY, DROP_ANSWER, DUPLICATE, BROKEN_CHARACTERS = 1, 2, 3, 4, 5


class Peers:
    """Calls to neighbours. Threads may share one."""

    def __init__(
        self,
        credentials: Credentials,
        directory: DirectoryFile,
        clock: Clock,
        observing: Observing,
        is_cut: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._credentials = credentials
        self._clock = clock
        self._observing = observing
        self.is_cut = is_cut
        self._directory = directory
        self._channels: dict[str, tuple[str, bytes, grpc.Channel]] = {}
        self._lock = threading.Lock()
        self._faults: tuple[Fault, ...] = ()
        self._dice = random.Random(0)

    def set_faults(self, faults: Sequence[Fault], seed: int) -> None:
        """The faults from now on."""
        self._faults, self._dice = tuple(faults), random.Random(seed)

    def call(self, peer: str, stub: Callable[[grpc.Channel], Any], method: str, request: Any, seconds: float) -> Any:
        """Call `method` of `stub` at the neighbour; CallFailed if there is no answer within `seconds`."""
        if self.is_cut(peer):
            spec = CATALOG[Reason.STANDS_OUTSIDE]
            raise CallFailed(Answer(Reason.STANDS_OUTSIDE.value, spec.definite, spec.english, spec.japanese))
        full_name = f"/{request.DESCRIPTOR.file.package}.{stub.__name__.removesuffix('Stub')}/{method}"
        started, trace = Started.now(), self._observing.sending(request)
        outcome, answer = OK, None
        try:
            answer = self._call(peer, stub, method, request, seconds, trace.traceparent if trace else "")
        except CallFailed as failure:
            outcome = failure.answer.reason
            raise
        finally:
            self._observing.sent(peer, full_name, request, started, outcome, answer, trace)
        return answer

    def _call(
        self,
        peer: str,
        stub: Callable[[grpc.Channel], Any],
        method: str,
        request: Any,
        seconds: float,
        traceparent: str,
    ) -> Any:
        struck = [f.kind for f in self._faults if f.peer in ("", peer) and self._dice.random() * 1000 < f.per_mille]
        if PARTITION in struck:
            raise CallFailed(Answer("PEER_UNREACHABLE:PARTITION", False, "the line is cut by a drill"))
        if DELAY in struck:
            time.sleep(max(f.delay_seconds for f in self._faults if f.kind == DELAY and f.peer in ("", peer)))
        try:
            send = getattr(stub(self._channel(peer)), method)
            beside = [(LAMPORT, str(self._clock.tick()))]
            if traceparent:
                beside.append((TRACEPARENT, traceparent))
            answer = send(request, timeout=seconds, metadata=beside)
            if DUPLICATE in struck:
                answer = send(request, timeout=seconds, metadata=beside)
        except grpc.RpcError as error:
            raise CallFailed(read(error)) from error
        if DROP_ANSWER in struck:
            raise CallFailed(Answer("PEER_UNREACHABLE:DROPPED", False, "the answer was lost by a drill"))
        return answer

    def _channel(self, peer: str) -> grpc.Channel:
        entry = self._directory.current.find(peer)
        if entry is None or not entry.address:
            raise CallFailed(Answer("PEER_UNREACHABLE:NOT_LISTED", False, "the directory has no address for the peer"))
        certificate = self._credentials.current.certificate_pem
        with self._lock:
            known = self._channels.get(peer)
            if known is not None and known[:2] == (entry.address, certificate):
                return known[2]
            channel = grpc.secure_channel(
                entry.address,
                self._credentials.channel(),
                (*OPTIONS, ("grpc.ssl_target_name_override", dns_name(peer))),
            )
            self._channels[peer] = (entry.address, certificate, channel)
        if known is not None:
            known[2].close()
        return channel

    def close(self) -> None:
        """Close every channel."""
        with self._lock:
            for _, _, channel in self._channels.values():
                channel.close()
            self._channels.clear()
