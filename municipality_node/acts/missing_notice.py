"""転入通知 that do not arrive: the list of those left waiting, and the notice sent once more."""

from __future__ import annotations

from jukinet.law import abroad
from jukinet.model.identification import Receipt
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from municipality_node.abroad import store
from municipality_node.acts.abroad import check_area, tell_former
from municipality_node.desk import Desk
from municipality_node.store import Resident


def list_missing_move_in_notices(desk: Desk, after: int, limit: int) -> list[tuple[Resident, int]]:
    """Those who left and were never told of, each with the period that has passed since."""
    found = store.unconfirmed(desk.db, after, abroad.missing_if_planned_by(desk.today), limit)
    return [
        (resident, abroad.list_missing_move_in_notices(resident.removal_date, desk.today))
        for resident in found
        if resident.removal_date is not None
    ]


def resend_move_in_notice(desk: Desk, resident_id: int, former_area_code: str) -> Receipt:
    """再送: what the record says now; at the municipality that was left the latest notice wins.

    The 届出年月日 is not kept with the record: a notice sent again bears the day of its sending.
    """
    resident = desk.resident(resident_id)
    check_area(former_area_code, "former_area_code")
    if not resident.former_address or former_area_code == resident.person.area_code:
        raise Refusal(Reason.NOTHING_TO_RESEND)
    tell_former(desk, resident, former_area_code)
    return Receipt((resident.id,), resident.household_id, desk.notices)
