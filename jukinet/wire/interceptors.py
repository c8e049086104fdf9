"""What every call passes, outermost first: boundary (hides what failed), auditor (writes refusals), gate (who may)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import grpc
from cryptography import x509

from jukinet import log
from jukinet.clock import Clock
from jukinet.law.basis import Decision, article
from jukinet.model.reason import Reason
from jukinet.pki.directory import DirectoryFile
from jukinet.pki.identity import Identity
from jukinet.pki.keyring import CertificateFault, parse_path
from jukinet.refusal import Refusal
from jukinet.wire import basis, gate, numbers, status
from jukinet.wire.call import LAMPORT, RELAY, Call, current, set_current
from jukinet.wire.observing import OK, Observing, Started

EXCEPTIONS = (
    "/grpc.health.v1.Health/",
    "/grpc.reflection.v1alpha.ServerReflection/",
    "/grpc.reflection.v1.ServerReflection/",
)
"""The only methods without basis: anyone with a certificate of this network may ask for health and reflection."""

Behavior = Callable[[Any, grpc.ServicerContext], Any]
_FOREVER = 1e9


class _Unary(grpc.ServerInterceptor):
    """Wraps unary methods; the table of exceptions passes untouched."""

    def intercept_service(self, continuation: Any, details: grpc.HandlerCallDetails) -> Any:
        handler = continuation(details)
        if handler is None or details.method.startswith(EXCEPTIONS):
            return handler
        method, inner = details.method, handler.unary_unary

        def behavior(request: Any, context: grpc.ServicerContext) -> Any:
            return self.around(method, inner, request, context)

        return grpc.unary_unary_rpc_method_handler(behavior, handler.request_deserializer, handler.response_serializer)

    def around(self, method: str, inner: Behavior, request: Any, context: grpc.ServicerContext) -> Any:
        """Answer the call, with `inner` if it may."""
        raise NotImplementedError


class Boundary(_Unary):
    """Known refusals become rich status; the unknown becomes an incident number whose text stays here.

    Waiting calls are bounded by `permits`: one more is told BUSY at once, so that health is answered meanwhile.
    Whatever the answer was, `observing` is told of it.
    """

    def __init__(self, permits: threading.BoundedSemaphore, observing: Observing) -> None:
        self._permits = permits
        self._observing = observing

    def around(self, method: str, inner: Behavior, request: Any, context: grpc.ServicerContext) -> Any:
        """Answer the call."""
        call, started = Call(method, request), Started.now()
        set_current(call)
        outcome, stated, answer = OK, "", None
        try:
            self._observing.begin(call, context.invocation_metadata)
            if not self._permits.acquire(blocking=False):
                raise Refusal(Reason.BUSY)
            try:
                answer = inner(request, context)
            finally:
                self._permits.release()
            return answer
        except Refusal as refusal:
            outcome, stated = refusal.reason.value, refusal.article
            status.abort(context, refusal)
        except Exception as error:
            outcome = Reason.INTERNAL.value
            status.abort(context, Refusal(Reason.INTERNAL, incident=log.incident(method, error)))
        finally:
            self._observing.answered(call, started, outcome, stated, answer, context.invocation_metadata)


class Auditor(_Unary):
    """Writes the audit row of a refused call. Accepted acts write their own, in their transaction."""

    def __init__(self, write: Callable[[Call, Refusal], None]) -> None:
        self._write = write

    def around(self, method: str, inner: Behavior, request: Any, context: grpc.ServicerContext) -> Any:
        """Answer the call."""
        try:
            return inner(request, context)
        except Refusal as refusal:
            refusal.article = refusal.article or current().article
            try:
                self._write(current(), refusal)
            except Refusal as unwritten:
                # The answer still goes out; what could not be written is logged and counted.
                log.event("audit_unwritten", method=method, refusal=refusal.reason.value, fault=unwritten.reason.value)
            raise


class Gate(_Unary):
    """Lets in whom the basis names, as the certificate says who they are, and clerks as far as `permits` goes.

    A method that is `closed` is for nobody until the node has back what it lost; a caller that is `cut` off stands
    outside the network, or this node does.
    """

    def __init__(
        self,
        node: Identity,
        directory: DirectoryFile,
        clock: Clock,
        permits: Callable[[Call], Decision] | None = None,
        closed: Callable[[str], bool] = lambda _: False,
        cut: Callable[[Identity], bool] = lambda _: False,
    ) -> None:
        self._node = node
        self._closed = closed
        self._cut = cut
        self._directory = directory
        self._clock = clock
        self._permits = permits
        self._serials: dict[bytes, int] = {}

    def around(self, method: str, inner: Behavior, request: Any, context: grpc.ServicerContext) -> Any:
        """Answer the call."""
        call = current()
        call.caller, serial = self._peer(context)
        left = context.time_remaining()
        if left is None or left > _FOREVER:
            raise Refusal(Reason.NO_DEADLINE)
        decision = gate.known(call.caller, serial, self._directory.current)
        named = basis.rpcs().get(method)
        today = self._clock.today()
        if decision.allowed and not method.startswith(RELAY):
            # A batch is decided on by its stream, in the receiver, which knows kind and origin.
            call.rule = named.rule if named else ""
            call.article = article(call.rule, today)
            decision = gate.may_call(method, call.caller, self._node, today)
            if decision.allowed and call.caller.kind == "operator" and self._permits is not None:
                decision = self._permits(call)
        if not decision.allowed:
            raise Refusal(decision.reason or Reason.NO_BASIS, call.article, **dict(decision.facts))
        if self._cut(call.caller):
            raise Refusal(Reason.STANDS_OUTSIDE, call.article)
        if self._closed(method):
            raise Refusal(Reason.NODE_RECOVERING, call.article)
        if call.caller.is_node:
            self._clock.observe(_lamport(context))
        answer = inner(request, context)
        if not call.sees_numbers:
            numbers.blank_numbers(answer)
        return answer

    def _peer(self, context: grpc.ServicerContext) -> tuple[Identity, int]:
        auth: Any = context.auth_context()
        try:
            path = parse_path(uri.decode() for uri in auth.get("peer_spiffe_id", ()))
            serial = self._serial(auth["x509_pem_cert"][0])
        except (CertificateFault, KeyError, ValueError) as error:
            raise Refusal(Reason.PEER_UNKNOWN) from error
        return Identity.parse(path), serial

    def _serial(self, pem: bytes) -> int:
        known = self._serials.get(pem)
        if known is None:
            known = self._serials[pem] = x509.load_pem_x509_certificate(pem).serial_number
        return known


def _lamport(context: grpc.ServicerContext) -> int:
    said = dict(context.invocation_metadata()).get(LAMPORT, "0")
    return int(said) if isinstance(said, str) and said.isascii() and said.isdecimal() and len(said) < 20 else 0
