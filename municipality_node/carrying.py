"""What is kept by the number of a record, when its person goes on under another record of the same municipality."""

from __future__ import annotations

from jukinet.clock import to_micros
from jukinet.model.identification import Residency
from municipality_node.desk import Desk
from municipality_node.foreign import store as foreign_store
from municipality_node.former import store as former_store
from municipality_node.issuance import store as residence_store
from municipality_node.participation import store as participation_store
from municipality_node.special_move import store as special_store
from municipality_node.support import store as support_store
from municipality_node.tasks import store as task_store
from municipality_node.tasks.store import TaskKind
from municipality_node.trace import store as trace_store

CARRIED = {
    "former_value": "copied: the person is found by the codes of before, and papers say why a number was changed",
    "deleted_former_surname": "copied: it may not come back",
    "foreign_items": "copied while the person is a foreign resident",
    "residence": "copied as far as the residence is the same",
    "support": "moved while it lasts: there is one of it, and it protects the person",
    "task": "a change of number is moved; who has no number is asked for by the new record",
    "move_out_person": "moved, but not a 転出 that the new record does not make",
    "code_trace": "copied: the code is the same, however it was entered",
    "code_told": "copied with it",
    "ex_officio_removal": "",
    "handed_over": "",
    "absorbed": "",
    "removed_record": "",
    "recovered_record": "",
    "opt_out": "moved: it is the person's",
    "resident_name": "",
}
"""Every table with a `resident_id`, and how it goes along; nothing is said where it stays with the old record."""


def carry_over(desk: Desk, old_id: int, new_id: int) -> None:
    """Give the new record what others keep by the number of the old one; called once, when the new one is complete."""
    db, old, new = desk.db, desk.resident(old_id), desk.resident(new_id)
    former_store.carry_over(db, old_id, new_id)
    if new.person.residency == Residency.FOREIGN:
        foreign_store.carry_over(db, old_id, new_id)
    if new.resident_since == old.resident_since:
        residence_store.carry_over(db, old_id, new_id, same_address=new.person.address == old.person.address)
    support_store.carry_over(db, old_id, new_id, desk.today)
    task_store.carry_over(db, old_id, new_id)
    special_store.carry_over(db, old_id, new_id)
    trace_store.carry_over(db, old_id, new_id)
    participation_store.carry_over(db, old_id, new_id)
    if not new.person.individual_number:
        # Removed before the number came, or removed while it was on its way: J-LIS gives the same one to all who ask.
        task_store.add_task(db, TaskKind.INDIVIDUAL_NUMBER, to_micros(desk.clock.now()), new_id)
