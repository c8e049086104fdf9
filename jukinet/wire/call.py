"""The call being answered: who makes it, on which rule. Set by the gate, read by servicers."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field

from google.protobuf.message import Message

from jukinet.pki.identity import Identity
from jukinet.pki.signing import sha256
from jukinet.wire.tracing import Trace

RELAY = "/jukinet.v1.RelayService/"
LAMPORT = "jukinet-lamport"
"""Metadata key: the Lamport time at which a node made the call."""


@dataclass(slots=True)
class Call:
    """One call. `rule` and `caller` are empty until the gate has passed them."""

    method: str
    request: Message
    caller: Identity | None = None
    rule: str = ""
    article: str = ""
    sees_numbers: bool = True
    """False for an 操作者ID that may not see 個人番号."""
    trace: Trace | None = None
    """Of which trace it is, where somebody looks on who wants to know."""
    _digest: bytes = field(default=b"")

    @property
    def event(self) -> str:
        """The audit event: the name of the rpc, or of the stream's rule where a batch is carried."""
        if (not self.method or self.method.startswith(RELAY)) and self.rule:
            return self.rule.title().replace("_", "")
        return self.method.rpartition("/")[2]

    @property
    def path(self) -> str:
        """Who calls, as in the certificate; empty before the gate."""
        return self.caller.path if self.caller else ""

    @property
    def digest(self) -> bytes:
        """SHA-256 of the request: whether a repeat asks the same."""
        if not self._digest:
            self._digest = sha256(self.request.SerializeToString(deterministic=True))
        return self._digest

    @property
    def request_id(self) -> str:
        """The id that makes a repeat harmless; empty if the request has none."""
        holder = getattr(self.request, "operation", self.request)
        return str(getattr(holder, "request_id", ""))


_CURRENT: ContextVar[Call] = ContextVar("jukinet_call")


def current() -> Call:
    """The call being answered on this thread."""
    return _CURRENT.get()


def set_current(call: Call) -> None:
    """Make it the call being answered on this thread."""
    _CURRENT.set(call)
