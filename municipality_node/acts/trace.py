"""How a record came to be: what was done to it, upon which inquiry its code was entered, and what was said of it."""

from __future__ import annotations

from dataclasses import dataclass

from municipality_node.desk import Desk
from municipality_node.operators import store as operator_store
from municipality_node.operators.store import Row
from municipality_node.trace import store
from municipality_node.trace.store import CodeTrace, Said

LOOKS = ("Get", "List", "Inquire", "Trace", "Print", "Issue", "Send")
"""How the names of rpcs begin that leave a record as it is."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of how a record came to be; `told` are the areas that a 転入通知 under its code went to."""

    acts: list[Row]
    code: CodeTrace | None
    told: list[str]
    withdrawn: bool
    notices: list[Said]


def trace_record(desk: Desk, resident_id: int) -> Trace:
    """記載の経緯, of a live record or a 除票; nothing of what the record says of the person."""
    resident = desk.resident(resident_id)
    rows = [operator_store.operation(desk.db, number) for number in store.acts(desk.db, resident.id)]
    told = store.told(desk.db, resident.id)
    return Trace(
        acts=[row for row in rows if row is not None and not row.event.startswith(LOOKS)],
        code=store.find(desk.db, resident.id),
        told=[area_code for area_code, _, _ in told],
        withdrawn=any(withdrawn for _, withdrawn, _ in told),
        notices=_notices(desk, resident.id, resident.person_sequence),
    )


def _notices(desk: Desk, resident_id: int, last: int) -> list[Said]:
    """Those of this record alone: an earlier one here may have had the same code, and be somebody else's."""
    codes = store.codes(desk.db, resident_id)
    first, areas = store.before(desk.db, resident_id, codes), {desk.resident(resident_id).person.area_code}
    found = [
        said
        for said in store.said(desk.db, codes)
        if first < said.notice.person_sequence <= last and said.notice.identification.area_code in areas
    ]
    return sorted(found, key=lambda said: said.notice.person_sequence)
