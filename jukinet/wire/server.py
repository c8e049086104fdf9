"""One listener: mTLS always, the three interceptors, health and reflection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from jukinet.wire.credentials import Credentials
from jukinet.wire.interceptors import Auditor, Boundary, Gate

THREADS = 16
"""Threads that answer calls, one pool a process."""
PERMITS = 12
"""Calls that may wait for the disk at once; the other threads answer health and say BUSY."""

MOST_CALLS = 256
"""Calls that a listener holds, answered or waiting for a thread; one more is refused before it takes any."""

OPTIONS = (
    ("grpc.so_reuseport", 0),  # or a second server would take the same port without a word
    ("grpc.max_receive_message_length", 4 * 1024 * 1024),
)


LOOKUPS = {"municipality": 6, "prefecture": 3, "jlis": 1}
"""Of these, calls that may wait for another node, by tier; the sum stays below PERMITS, so the last asked finds one."""

WATCHERS = 2
"""Of these, calls that may wait for something to happen."""

Context = grpc.ServicerContext
"""What a servicer gets beside the request; ours look at jukinet.wire.call instead."""


class CallPool(ThreadPoolExecutor):
    """The threads that answer the calls of all nodes of a process, and the permits they share."""

    def __init__(self) -> None:
        super().__init__(THREADS, thread_name_prefix="call")
        self.permits = threading.BoundedSemaphore(PERMITS)
        self.watchers = threading.BoundedSemaphore(WATCHERS)
        self.lookups = {kind: threading.BoundedSemaphore(most) for kind, most in LOOKUPS.items()}


@dataclass(frozen=True, slots=True)
class Service:
    """A service to serve: its full name, and how it is added to a server."""

    name: str
    add: Callable[[grpc.Server], None]


class Listener:
    """A port with its services; `address` is known once it listens."""

    def __init__(
        self,
        address: str,
        credentials: Credentials,
        services: Sequence[Service],
        interceptors: tuple[Boundary, Auditor, Gate],
        pool: CallPool,
    ) -> None:
        self._server = grpc.server(
            pool, interceptors=list(interceptors), options=OPTIONS, maximum_concurrent_rpcs=MOST_CALLS
        )
        self._health = health.HealthServicer()
        names = [service.name for service in services]
        self._named = ("", *names)
        for service in services:
            service.add(self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        reflection.enable_server_reflection([*names, health.SERVICE_NAME, reflection.SERVICE_NAME], self._server)
        port = self._server.add_secure_port(address, credentials.server())
        self.address = f"{address.rpartition(':')[0]}:{port}"

    def start(self) -> None:
        """Take calls."""
        self._server.start()
        self.set_serving(True)

    def set_serving(self, serving: bool) -> None:
        """What health answers from now on, for the listener and for each of its services."""
        state = health_pb2.HealthCheckResponse.SERVING if serving else health_pb2.HealthCheckResponse.NOT_SERVING
        for name in self._named:
            self._health.set(name, state)

    def stop(self, grace: float) -> None:
        """Finish what runs, within `grace` seconds, and close."""
        self._health.enter_graceful_shutdown()
        self._server.stop(grace).wait()
