"""死亡."""

from __future__ import annotations

from datetime import date

from jukinet.law import counter
from jukinet.model.identification import ChangeReason, Receipt
from municipality_node.desk import Desk, ask


def report_death(desk: Desk, resident_id: int, death_date: date) -> Receipt:
    """死亡届による消除."""
    ask(counter.report_death(death_date, desk.today))
    resident = desk.live(resident_id)
    desk.remove(resident, ChangeReason.DEATH, death_date)
    return Receipt((resident.id,), resident.household_id, desk.notices)
