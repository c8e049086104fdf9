"""Calls from outside the nodes: a clerk, an office or the console, each with its own certificate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from jukinet.pki.authority import Credential, dns_name
from jukinet.wire.status import Answer, read

T = TypeVar("T")
SECONDS = 30.0
HANDSHAKE_MS = 2_000
"""How long one attempt to connect may last: that is what gRPC takes the option for, and busy machines are slow."""


class Refused(Exception):
    """A call was refused, or not answered; `answer` says why and whether that is final."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.reason}: {answer.message}")
        self.answer = answer

    @property
    def reason(self) -> str:
        """Name of the reason."""
        return self.answer.reason


class Client:
    """A channel to one node, asked for by its name; `folder` holds root.pem, node.pem and node.key."""

    def __init__(self, folder: Path, address: str, node: str) -> None:
        credential = Credential.load(folder, "node")
        self._channel = grpc.secure_channel(
            address,
            grpc.ssl_channel_credentials(
                (folder / "root.pem").read_bytes(), credential.key_pem, credential.certificate_pem
            ),
            (
                ("grpc.ssl_target_name_override", dns_name(node)),
                ("grpc.initial_reconnect_backoff_ms", 50),
                ("grpc.min_reconnect_backoff_ms", HANDSHAKE_MS),
                ("grpc.max_reconnect_backoff_ms", 200),
                ("grpc.enable_retries", 0),
            ),
        )

    def call(
        self,
        stub: Callable[[grpc.Channel], Any],
        method: str,
        request: Any,
        seconds: float = SECONDS,
        *,
        wait: bool = False,
    ) -> Any:
        """Call `method` of `stub`; Refused if it says no. `wait` waits for the node to come up first."""
        try:
            return getattr(stub(self._channel), method)(request, timeout=seconds, wait_for_ready=wait)
        except grpc.RpcError as error:
            raise Refused(read(error)) from None

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()


def healthy(client: Client, service: str = "", seconds: float = 3.0, *, wait: bool = False) -> bool:
    """Whether a listener says SERVING, over mTLS; Refused if it does not answer."""
    request = health_pb2.HealthCheckRequest(service=service)
    answer = client.call(health_pb2_grpc.HealthStub, "Check", request, seconds, wait=wait)
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)
