"""Answers that can be proved afterwards, and the few look-ups for which a handler waits on another node.

An answer is a signed batch in a stream of the answerer's towards the asker: journaled on both sides, it never travels
through RelayService.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from jukinet.model.reason import Reason
from jukinet.model.stream import Keys, Stream
from jukinet.refusal import Refusal
from jukinet.relay.sealer import Chain, seal
from jukinet.store import journal
from jukinet.store.database import Connection
from jukinet.v1 import relay_pb2
from jukinet.wire.peers import CallFailed

if TYPE_CHECKING:
    from jukinet.node.node import Node

LOOKUP_SECONDS = 8.0
PASSED_ON = (Reason.STANDS_OUTSIDE, Reason.BUSY, Reason.BACKLOG)
"""Not for ever, and yet no fault of the line: whoever asked is told the other's own reason."""


def say(node: Node, db: Connection, stream: Stream, said: Sequence[tuple[bytes, Keys]]) -> relay_pb2.Batch:
    """Sign the records as the next batch of an answered stream and journal it in this transaction."""
    standing = journal.standing(db, stream)
    chain = (
        Chain(standing.epoch, standing.next_number, standing.head_hash) if standing else Chain(1, 1, journal.NO_HASH)
    )
    envelope = seal(stream, chain, [r for r, _ in said], [k for _, k in said], node.credentials.signer, node.clock)
    journal.append(db, node.clock, envelope, said=True)
    return envelope.batch


def look_up(node: Node, peer: str, stub: Callable[..., Any], method: str, request: Any, article: str = "") -> Any:
    """Ask another node within a handler and wait (法12条の4, 24条の2, 30条の10, 30条の12 make these synchronous).

    At most half of the calls that may wait do so for other nodes; one more is told BUSY, so that those who answer
    always find a thread. What the other refuses for good is refused here for the same reason; no answer is
    PEER_UNREACHABLE.
    """
    gate = node.lookups
    if not gate.acquire(blocking=False):
        raise Refusal(Reason.BUSY, article)
    try:
        return node.peers.call(peer, stub, method, request, LOOKUP_SECONDS)
    except CallFailed as failure:
        raise _refusal(failure, article) from failure
    finally:
        gate.release()


def _refusal(failure: CallFailed, article: str) -> Refusal:
    answer = failure.answer
    if answer.reason in Reason.__members__ and (answer.definite or Reason[answer.reason] in PASSED_ON):
        facts = {name: value for name, value in answer.facts if name == "clause"}
        return Refusal(Reason[answer.reason], article, **facts)
    return Refusal(Reason.PEER_UNREACHABLE, article)
