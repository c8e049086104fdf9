"""The tail of an answered stream: an answer that got lost on the way travels again in front of the next one.

Without it one lost answer would leave a gap, and every later answer to the same asker would be refused for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jukinet.model.reason import Reason
from jukinet.model.stream import Stream
from jukinet.pki.identity import Identity
from jukinet.refusal import Refusal
from jukinet.store import journal
from jukinet.store.database import Connection
from jukinet.store.projector import open_payload
from jukinet.v1 import relay_pb2

if TYPE_CHECKING:
    from jukinet.node.node import Node

MOST = 100


def awaited(node: Node, peer: str, kind: int) -> int:
    """The number that this node waits for in the peer's stream of answers."""
    with node.journal.read() as db:
        standing = journal.standing(db, Stream(Identity.parse(peer).name, kind, node.identity.name))
    return standing.next_number if standing else 1


def up_to(db: Connection, answer: relay_pb2.Batch, number: int) -> list[relay_pb2.Batch]:
    """The batches of the answer's stream from that number on, the answer last.

    At most `MOST` before it: where more were lost, the asker takes those, and the next question brings the rest.
    """
    envelope = journal.Envelope.of(answer)
    header = envelope.header
    found: list[relay_pb2.Batch] = []
    while 0 < number < header.first_number and len(found) < MOST:
        before = journal.batch_from(db, envelope.stream, header.epoch, number)
        if before is None:
            break
        found.append(before.batch)
        number = before.header.last_number + 1
    return [*found, answer]


def take(node: Node, peer: str, kind: int, batches: Sequence[relay_pb2.Batch]) -> Sequence[bytes]:
    """Verify and journal what a look-up brought; the records of the last batch, which is the answer."""
    if not batches:
        raise Refusal(Reason.BATCH_MALFORMED)
    for batch in batches:
        node.receiver.take_answer(peer, kind, batch)
    opened = open_payload(journal.Envelope.of(batches[-1]))
    if opened.fault is not None:
        raise Refusal(opened.fault)
    return opened.records
