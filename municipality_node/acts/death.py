"""死亡."""

from __future__ import annotations

from datetime import date

from jukinet.law import counter
from jukinet.model.identification import ChangeReason, Receipt
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from municipality_node.desk import Desk, ask


def report_death(desk: Desk, resident_id: int, death_date: date) -> Receipt:
    """死亡届による消除."""
    ask(counter.report_death(death_date, desk.today))
    resident = desk.live(resident_id)
    born = resident.person.birth_date.exact()
    if born is not None and death_date < born:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="death_date")
    desk.remove(resident, ChangeReason.DEATH, death_date)
    desk.mend_head(resident.household_id)
    return Receipt((resident.id,), resident.household_id, desk.notices)
