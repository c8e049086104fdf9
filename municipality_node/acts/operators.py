"""操作者ID: what they may be used for, and what was done with them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from jukinet.law import operators as law
from jukinet.model.operators import Permission
from jukinet.model.reason import Reason
from jukinet.node.act import MOST_WORDS
from jukinet.refusal import Refusal
from municipality_node.desk import Desk, ask
from municipality_node.operators import store


def grant_operator(desk: Desk, operator_id: str, permissions: Iterable[int]) -> frozenset[Permission]:
    """These permissions and no others, from the next call on; somebody always administers once somebody did."""
    if not 1 <= len(operator_id) <= MOST_WORDS:
        raise Refusal(Reason.FIELD_MISSING, field="operator_id")
    try:
        granted = frozenset(map(Permission, permissions))
    except ValueError as error:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="permissions") from error
    admins = store.holders(desk.db, Permission.ADMIN)
    ask(law.grant_operator(Permission.ADMIN in granted or admins != {operator_id}))
    store.set_permissions(desk.db, operator_id, granted)
    return granted


def list_operators(desk: Desk, after: str, limit: int) -> tuple[list[tuple[str, frozenset[Permission]]], bool]:
    """A page of those that were ever granted something, and whether all others may do everything."""
    found = store.operators(desk.db, after, limit)
    return [(one, store.permissions(desk.db, one) or frozenset()) for one in found], not store.is_administered(desk.db)


def list_operations(
    desk: Desk, after: int, limit: int, operator_id: str, day: date | None, number_access: bool, with_nodes: bool
) -> list[store.Row]:
    """A page of the 操作履歴, oldest first."""
    return store.operations(desk.db, after, limit, operator_id, day, number_access, with_nodes)
