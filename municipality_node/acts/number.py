"""個人番号の指定, on receipt of J-LIS's answer."""

from __future__ import annotations

from jukinet.model.identification import Change, ChangeKind, ChangeReason
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from municipality_node import store
from municipality_node.desk import Desk, with_number
from municipality_node.store import State
from municipality_node.tasks import store as task_store


def designate_individual_number(desk: Desk, resident_code: str, individual_number: str) -> int:
    """The number is in force on receipt (番号令2条), entered ex officio (令12条第2項), and a second notice goes up.

    On a 除票 it is written and nothing goes up: somebody may have left, or come back, before the number came. Answers
    the latest record.
    """
    found = store.by_code(desk.db, resident_code)
    if not found:
        raise Refusal(Reason.RESIDENT_NOT_FOUND)
    for resident in found:
        task_store.finish_number(desk.db, resident.id)
        if resident.person.individual_number:
            continue
        after = with_number(resident.person, individual_number)
        store.update_person(desk.db, resident.id, after)
        if resident.state != State.REMOVED:
            change = Change(ChangeKind.NUMBER_CORRECTION, ChangeReason.NUMBER_EX_OFFICIO_ENTRY, desk.today)
            desk.notify(resident.id, resident.person, after, change)
    return found[0].id
