"""What an 操作者ID may be used for, decided at the gate, before anything is done or shown."""

from __future__ import annotations

from jukinet.law import operators as law
from jukinet.law.basis import Decision
from jukinet.model.operators import Permission
from jukinet.node.node import Node
from jukinet.wire.call import Call
from municipality_node.operators import store


class Permits:
    """The permissions of one municipality's file. Every rpc of a clerk passes here: the gate asks."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def __call__(self, call: Call) -> Decision:
        """Whether the 操作者ID may make the call; the call then knows whether it may be shown a 個人番号."""
        operator_id = str(getattr(getattr(call.request, "operation", None), "operator_id", ""))
        with self._node.journal.read() as db:
            granted, administered = store.permissions(db, operator_id), store.is_administered(db)
        held = law.permissions_held(granted, administered)
        call.sees_numbers = Permission.NUMBERS in held
        return law.may_operate(call.method.rpartition("/")[2], held)
