"""The 住民基本台帳 as 提供 asks it: by name, for 法30条の14 lets nobody ask by number or code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jukinet.model.identification import ChangeKind, Criteria
from jukinet.model.provision import Result
from jukinet.model.stream import name_key
from jukinet.node.node import Node
from jukinet.node.provision.finding import NOBODY, SEVERAL, Found, fits
from jukinet.store.database import Connection
from municipality_node import store as register
from municipality_node.provision import store
from municipality_node.store import Resident, State


class ResidentHolder:
    """住民票 and 除票 of one municipality, its wards included.

    支援措置 and 非通知の申出 keep nothing back: the one guards copies, the other what is told upward.
    """

    def __init__(self, node: Node) -> None:
        self._node = node

    def find(self, criteria: Sequence[Criteria]) -> list[Found]:
        """Whom each of them fits, as recorded now."""
        self._node.read_own_writes()
        with self._node.journal.read() as db:
            return _with_changes(db, [_find(db, one) for one in criteria])

    def by_code(self, codes: Sequence[int]) -> list[Found]:
        """The records of now; whoever changed the code since is still found."""
        self._node.read_own_writes()
        with self._node.journal.read() as db:
            return _with_changes(db, [_current(register.by_code(db, f"{code:011d}")) for code in codes])


def _find(db: Connection, criteria: Criteria) -> Found:
    if criteria.individual_number or criteria.resident_code:
        return NOBODY
    codes = store.codes_by_name(db, name_key(criteria.name, criteria.birth_date, criteria.sex))
    found = [_current(store.of_code(db, code)) for code in codes]
    fitting = [one for one in found if fits(criteria, one.body)]
    return SEVERAL if len(fitting) > 1 else fitting[0] if fitting else NOBODY


def _current(records: Sequence[Resident]) -> Found:
    """The live record, in whichever ward, else the one that was removed last."""
    if not records:
        return NOBODY
    one = next((one for one in records if one.state is not State.REMOVED), records[0])
    live, day = one.state is not State.REMOVED, one.removal_date
    return Found(
        Result.FOUND if live else Result.REMOVED,
        int(one.person.resident_code),
        register.body(one.person),
        one.person.area_code,
        0 if live else ChangeKind.DELETION.value,
        0 if live else one.removal_reason.value,
        day.year * 10_000 + day.month * 100 + day.day if day and not live else 0,
        arrived=bool(one.confirmed_move_out_date),
    )


def _with_changes(db: Connection, found: Sequence[Found]) -> list[Found]:
    """With the last change of those who live here; of a 除票 it is the 消除."""
    changes = store.last_changes(db, {one.code for one in found if one.result is Result.FOUND})
    told = []
    for one in found:
        change = changes.get(one.code) if one.result is Result.FOUND else None
        if change is not None:
            on = change.change_date
            one = replace(
                one, change_kind=change.kind, change_reason=change.reason,
                change_date=on.year * 10_000 + on.month * 100 + on.day,
            )  # fmt: skip
        told.append(one)
    return told
