"""個人番号の指定, and that of another in its place, on receipt of J-LIS's answer."""

from __future__ import annotations

from jukinet.model.identification import Change, ChangeKind, ChangeReason
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from municipality_node import store
from municipality_node.desk import Desk, with_number
from municipality_node.former import store as former_store
from municipality_node.store import State
from municipality_node.tasks import store as task_store
from municipality_node.tasks.store import TaskKind


def designate_individual_number(desk: Desk, resident_code: str, individual_number: str) -> int:
    """The number is in force on receipt (番号令2条), entered ex officio (令12条第2項), and a second notice goes up.

    On a 除票 it is written and nothing goes up: somebody may have left, or come back, before the number came. Answers
    the latest record.
    """
    found = store.by_code(desk.db, resident_code)
    if not found:
        return _asked_in_error(desk, resident_code)
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


def replace_individual_number(desk: Desk, resident_code: str, individual_number: str) -> int:
    """従前の個人番号に代えて指定する (番号法7条2項), in force on receipt; 修正前の個人番号 goes up. The latest record.

    Only for whom a change was asked here, and only while recorded here: whoever has left asks the new mayor.
    """
    found = store.by_code(desk.db, resident_code)
    if not found:
        return _asked_in_error(desk, resident_code)
    for resident in found:
        asked = [task for task in task_store.of_resident(desk.db, resident.id) if task.kind == TaskKind.NUMBER_CHANGE]
        task_store.finish_number(desk.db, resident.id, TaskKind.NUMBER_CHANGE)
        if asked and resident.state != State.REMOVED:
            after = with_number(resident.person, individual_number)
            desk.correct(resident, after, ChangeReason(asked[0].change_reason), desk.today)
    return found[0].id


def _asked_in_error(desk: Desk, resident_code: str) -> int:
    """The code was mended while J-LIS was asked with it: its number is another's, and the right one was asked anew."""
    holder = former_store.last_holder(desk.db, resident_code)
    if holder is None:
        raise Refusal(Reason.RESIDENT_NOT_FOUND)
    return holder
