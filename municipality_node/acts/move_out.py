"""転出."""

from __future__ import annotations

from datetime import date

from jukinet.law import counter, notification
from jukinet.model.identification import Certificate, ChangeReason, Receipt
from jukinet.model.reason import Reason
from jukinet.node.act import MOST_WORDS
from jukinet.refusal import Refusal
from municipality_node import store
from municipality_node.acts import special_move
from municipality_node.acts.certificate import move_out_certificate
from municipality_node.desk import Desk, ask
from municipality_node.store import Resident, State


def report_move_out(
    desk: Desk,
    resident_ids: list[int],
    destination: str,
    planned_date: date,
    *,
    with_card: bool = False,
    online: bool = False,
) -> tuple[Receipt, Certificate | None]:
    """転出届: those named leave together, with one 転出証明書; live until the planned day.

    With the card there is no paper (令24条第1項): the municipality that is moved to is told, beforehand or on asking.
    """
    ask(counter.report_move_out(planned_date, desk.today))
    if online:
        special_move.check_online(desk, planned_date, with_card)
    leaving = those_leaving(desk, resident_ids, destination)
    certificate = move_out_certificate(desk, leaving, destination, planned_date)
    special_move.record_move_out(desk, leaving, certificate, with_card=with_card, online=online)
    leave(desk, leaving, destination, planned_date, ChangeReason.MOVE_OUT)
    return Receipt(tuple(resident_ids), leaving[0].household_id, desk.notices), None if with_card else certificate


def those_leaving(desk: Desk, resident_ids: list[int], destination: str) -> list[Resident]:
    """Residents of one household who say where they go."""
    if not destination.strip():
        raise Refusal(Reason.FIELD_MISSING, field="destination")
    if len(destination) > MOST_WORDS:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="destination")
    return desk.one_household(resident_ids)


def leave(desk: Desk, leaving: list[Resident], destination: str, planned_date: date, reason: ChangeReason) -> None:
    """消除 upon 転出届, if the planned day has come; else the plan of it."""
    now, day = notification.deletion_day(planned_date, desk.today)
    for resident in leaving:
        if now:
            desk.remove(resident, reason, day, destination)
        else:
            store.set_removal(desk.db, resident.id, State.MOVING_OUT, reason, day, destination)
    desk.mend_head(leaving[0].household_id)


def complete_move_out(desk: Desk) -> list[int]:
    """00:00 of the planned day has come: 消除 of all whom it concerns, dated their planned day. Whose records."""
    leaving = store.leaving(desk.db, desk.today)
    for resident in leaving:
        assert resident.removal_date is not None
        desk.remove(resident, resident.removal_reason, resident.removal_date)
    for household_id in {resident.household_id for resident in leaving}:
        desk.mend_head(household_id)
    return [resident.id for resident in leaving]
