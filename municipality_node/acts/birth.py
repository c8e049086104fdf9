"""出生."""

from __future__ import annotations

from dataclasses import replace

from jukinet.law import counter
from jukinet.model.identification import ChangeReason, NewPerson, Receipt
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from municipality_node.desk import Desk, ask
from municipality_node.family_register.registration import CHILD, with_domicile_of_head


def report_birth(desk: Desk, household_id: int, child: NewPerson) -> Receipt:
    """出生届による記載: a code from the pool, no 個人番号 yet; J-LIS is asked for it afterwards."""
    ask(counter.report_birth(child.birth_date, desk.today))
    born = child.birth_date.exact()
    if born is None:
        raise Refusal(Reason.FIELD_MISSING, field="birth_date")
    household = desk.household(household_id)
    child = with_domicile_of_head(desk, household, replace(child, relationship=child.relationship or CHILD))
    resident_id = desk.enter(
        household.id, child, desk.draw_codes(1)[0], household.address, household.area_code, ChangeReason.BIRTH, born
    )
    desk.check_refill()
    return Receipt((resident_id,), household.id, desk.notices)
