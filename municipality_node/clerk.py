"""What every desk's servicer shares: an act of a clerk, run once, in one transaction with its audit row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from google.protobuf.message import Message

from jukinet.law.area import keep_register
from jukinet.model.identification import Receipt
from jukinet.node.act import Done, perform
from jukinet.node.node import Node
from jukinet.store.database import Connection
from jukinet.v1 import counter_pb2 as pb
from jukinet.wire import convert
from jukinet.wire.call import current
from municipality_node import store
from municipality_node.acts.consult import note
from municipality_node.acts.special_move import tell_move_outs_again
from municipality_node.desk import Desk, ask

M = TypeVar("M", bound=Message)
MOST_ALIKE = 20


class ClerkServicer:
    """A desk of one municipality, served to its own clerks."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def _act(self, response: Callable[..., M], operation: pb.Operation, act: Callable[[Desk], Receipt]) -> M:
        """Run an act whose answer is its receipt."""

        def answer(desk: Desk) -> M:
            return response(receipt=convert.receipt_message(act(desk)))

        return self._run(response, operation, answer, lambda done: list(getattr(done, "receipt").resident_ids))  # noqa: B009

    def _look(self, operation: pb.Operation, act: Callable[[Desk], M], touched: Callable[[M], list[int]]) -> M:
        """Show what is there; who looked, and at whose records, stands in the audit before it is shown."""
        node = self._node
        with node.journal.read() as db:
            message = act(Desk(db, node.clock, node.identity))
        note(node, current(), operation, touched(message), message)
        return message

    def _run(
        self,
        response: Callable[[], M],
        operation: pb.Operation,
        act: Callable[[Desk], M],
        touched: Callable[[M], list[int]],
    ) -> M:
        """Run an act once, in one transaction; what it cannot read of the request is refused with its article."""
        node = self._node

        def work(db: Connection) -> Done:
            ask(keep_register(node.identity.area_code, node.clock.today()))
            desk, before = Desk(db, node.clock, node.identity), store.last_id(db)
            message = act(desk)
            said = desk.notices
            tell_move_outs_again(desk)
            receipt: pb.Receipt | None = getattr(message, "receipt", None)
            if receipt is not None:
                receipt.notices += desk.notices - said
                entered = [resident_id for resident_id in receipt.resident_ids if resident_id > before]
                receipt.alike_resident_ids.extend(_alike(db, entered))
            return Done(message, touched(message), desk.prints_number)

        return perform(node.journal, node.clock, current(), response, work, convert.operation(operation))


def _alike(db: Connection, entered: Sequence[int]) -> list[int]:
    """Records that whoever was entered is to be compared with."""
    found = {other for resident_id in entered for other in store.alike(db, resident_id, MOST_ALIKE)}
    return sorted(found)[:MOST_ALIKE]
