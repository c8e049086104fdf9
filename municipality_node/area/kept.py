"""What is kept by the number of a record that is handed over: gathered there, written here."""

from __future__ import annotations

from google.type import date_pb2

from jukinet.clock import to_micros
from jukinet.model.foreign import InvestigationResult
from jukinet.model.identification import ChangeKind, ChangeReason
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from jukinet.v1 import drill_pb2 as pb
from jukinet.wire import convert
from municipality_node import store
from municipality_node.desk import Desk
from municipality_node.foreign import store as foreign_store
from municipality_node.foreign.store import Ground, Kept, Removal
from municipality_node.former import store as former_store
from municipality_node.former.store import FormerValue
from municipality_node.issuance import store as residence_store
from municipality_node.special_move import store as special_store
from municipality_node.store import Resident, State
from municipality_node.support import store as support_store
from municipality_node.tasks import store as task_store
from municipality_node.tasks.store import TaskKind


def gather(desk: Desk, resident: Resident, number_change: int) -> pb.KeptWithRecord:
    """All of one record; 支援措置 also of those before it. `number_change` is why a change of number waits, or 0."""
    db, found = desk.db, foreign_store.items_of(desk.db, resident.id)
    days = residence_store.residence(db, resident.id)
    removal = foreign_store.removal_of(db, resident.id)
    records = store.by_code(db, resident.person.resident_code)
    supports = [one for record in records if (one := support_store.current(db, record.id, desk.today))]
    message = pb.KeptWithRecord(
        address_since=convert.day_message(days.address_since),
        report_date=convert.day_message(days.report_date),
        former_values=[
            pb.HandedOverFormerValue(
                area_code=one.area_code, change_kind=convert.enum(one.kind), change_reason=convert.enum(one.reason),
                value=one.value, person_sequence=one.person_sequence,
            )
            for one in former_store.values(db, resident.id)
        ],
        deleted_former_surnames=former_store.deleted_surnames(db, resident.id),
        move_outs=special_store.handed_over(db, resident.id),
        number_change_reason=number_change,  # type: ignore[arg-type]
    )  # fmt: skip
    if found is not None:
        message.foreign_items.CopyFrom(convert.foreign_items_message(found.items))
        _set(message.foreign_resident_since, convert.day_message(found.foreign_resident_since))
        if found.last_day is not None:
            _set(message.last_day_of_stay, convert.day_message(found.last_day))
    if supports:
        _set(message.support_start_date, convert.day_message(supports[0].start_date))
        _set(message.support_last_date, convert.day_message(supports[0].last_date))
    if removal is not None:
        message.removal_ground, message.investigation_result = removal.ground.value, convert.enum(removal.result)
        _set(message.removal_ground_date, convert.day_message(removal.day))
    return message


def _set(field: date_pb2.Date, day: date_pb2.Date | None) -> None:
    if day is not None:
        field.CopyFrom(day)


def write(desk: Desk, resident_id: int, kept: pb.KeptWithRecord, *, moved_before: bool) -> None:
    """The same for a record of this municipality; to whom `moved_before`, only what is the person's wherever it is."""
    db = desk.db
    for one in kept.former_values:
        try:
            value = FormerValue(
                one.area_code, ChangeKind(one.change_kind), ChangeReason(one.change_reason), one.value,
                one.person_sequence,
            )  # fmt: skip
        except ValueError as error:
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="former_values") from error
        former_store.keep_value(db, resident_id, value)
    for former_surname in kept.deleted_former_surnames:
        former_store.keep_deleted_surname(db, resident_id, former_surname)
    if kept.HasField("support_start_date") and support_store.current(db, resident_id, desk.today) is None:
        start, last = (
            convert.day(kept.support_start_date, "support_start_date"),
            convert.day(kept.support_last_date, "support_last_date"),
        )
        support_store.add_support(db, resident_id, start, last)
    if kept.number_change_reason and desk.resident(resident_id).state != State.REMOVED:
        now = to_micros(desk.clock.now())
        task_store.add_task(db, TaskKind.NUMBER_CHANGE, now, resident_id, change_reason=int(kept.number_change_reason))
    if not moved_before:
        _write_record(desk, resident_id, kept)


def _write_record(desk: Desk, resident_id: int, kept: pb.KeptWithRecord) -> None:
    db = desk.db
    if kept.HasField("foreign_items"):
        last = kept.last_day_of_stay if kept.HasField("last_day_of_stay") else None
        items = Kept(
            convert.foreign_items(kept.foreign_items),
            convert.day(kept.foreign_resident_since, "foreign_resident_since"),
            convert.day(last, "last_day_of_stay") if last is not None else None,
        )
        foreign_store.keep_items(db, resident_id, items)
    if kept.HasField("address_since"):
        residence_store.set_address_since(db, resident_id, convert.day(kept.address_since, "address_since"))
    if kept.HasField("report_date"):
        residence_store.set_report_date(db, resident_id, convert.day(kept.report_date, "report_date"))
    if kept.removal_ground:
        try:
            ground, result = Ground(kept.removal_ground), InvestigationResult(kept.investigation_result)
        except ValueError as error:
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="removal_ground") from error
        day = convert.day(kept.removal_ground_date, "removal_ground_date")
        foreign_store.keep_removal(db, resident_id, Removal(ground, day, result))
    for move_out in kept.move_outs:
        special_store.take_over(db, resident_id, move_out, convert.day(move_out.accepted_on, "accepted_on"))
