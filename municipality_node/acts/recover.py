"""回復: 住民票 made anew from what this municipality had told its governor, as far as 本人確認情報 say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from jukinet.clock import to_micros
from jukinet.model.identification import Change, ChangeKind, ChangeReason, Identification
from jukinet.v1 import identification_pb2, intermunicipal_pb2
from jukinet.wire import convert
from municipality_node import store
from municipality_node.acts.full_transmission import send_all_again
from municipality_node.area import store as area_store
from municipality_node.desk import HEAD, LODGER, Desk
from municipality_node.former import store as former_store
from municipality_node.recovery import store as recovery_store
from municipality_node.store import Resident, State
from municipality_node.tasks import store as task_store
from municipality_node.tasks.store import TaskKind


@dataclass(slots=True)
class TakenBack:
    """Whose records were changed before the loss and after it, and who got another code."""

    twice: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)


def take_back(desk: Desk, records: Sequence[bytes], forked: Sequence[bytes] = ()) -> TakenBack:
    """Do again what these notices told, in their order; those that the register knows of already change nothing.

    `forked` are notices that were given since under the same numbers: a record that they are about stays as it is, but
    whoever was given a code that had been somebody's before the loss gets another.
    """
    done = TakenBack()
    read = identification_pb2.IdentificationRecord.FromString
    notices = [read(raw) for raw in records if raw]
    recovery_store.use_codes(desk.db, [int(one.identification.resident_code) for one in notices])
    since = {read(raw).identification.resident_code for raw in forked}
    for notice in notices:
        person, change = convert.identification(notice.identification), convert.change(notice.change)
        before = change.former_resident_code or person.resident_code
        entered = change.kind is ChangeKind.ENTRY
        if {before, person.resident_code} & since and not _gives_way(desk, before, person, entered, done):
            continue
        _apply(desk, person, change, notice.person_sequence)
    return done


def _gives_way(desk: Desk, code: str, person: Identification, entered: bool, done: TakenBack) -> bool:
    """Whether what was said since leaves room: about a record made anew, or once a stranger has another code."""
    found = recovery_store.latest(desk.db, code, [person.area_code])
    if found is None or recovery_store.is_noted(desk.db, found.id):
        return True
    stranger = entered and not _is_same(found.person, person)
    if not stranger or not _give_other_code(desk, found):
        done.twice.append(found.id)
        return False
    done.others.append(found.id)
    return True


def _is_same(one: Identification, other: Identification) -> bool:
    return (one.name, one.birth_date, one.sex) == (other.name, other.birth_date, other.sex)


def _give_other_code(desk: Desk, resident: Resident) -> bool:
    """Nobody above has heard of this person: the code is the other's, and with it the number."""
    code = recovery_store.draw_last_code(desk.db)
    if not code:
        return False
    change = Change(
        ChangeKind.CODE_CORRECTION, ChangeReason.CODE_EX_OFFICIO_ENTRY, desk.today,
        former_resident_code=resident.person.resident_code,
    )  # fmt: skip
    after = replace(resident.person, resident_code=code, individual_number="")
    store.update_person(desk.db, resident.id, after)
    former_store.keep(desk.db, resident.id, change)
    task_store.ask_first_number(desk.db, resident.id, to_micros(desk.clock.now()))
    return True


def _apply(desk: Desk, person: Identification, change: Change, sequence: int) -> None:
    former_area = change.former_area_code
    code = change.former_resident_code or person.resident_code
    areas = [person.area_code, *filter(None, [former_area])]
    known = recovery_store.latest(desk.db, person.resident_code, [person.area_code])
    if known is not None and known.person_sequence >= sequence:
        return
    found = recovery_store.latest(desk.db, code, areas)
    over = found is not None and found.state == State.REMOVED
    if found is None or (over and change.kind is ChangeKind.ENTRY):
        resident_id = _enter(desk, person, change)
    else:
        resident_id = found.id
        if not over:
            _correct(desk, found, person, change)
    if change.kind is ChangeKind.DELETION and not over:
        day = change.change_date
        store.set_removal(desk.db, resident_id, State.REMOVED, change.reason, day, "")
        desk.mend_head(desk.resident(resident_id).household_id)
    recovery_store.set_sequence(desk.db, resident_id, sequence)


def _enter(desk: Desk, person: Identification, change: Change) -> int:
    """記載, without what 本人確認情報 do not say."""
    home, relationship = _home(desk, person)
    resident_id = store.insert_resident(
        desk.db, home, person,
        relationship=relationship, resident_since=change.change_date,
    )  # fmt: skip
    if relationship == HEAD:
        store.set_head(desk.db, home, resident_id)
    if not person.individual_number:
        task_store.add_task(desk.db, TaskKind.INDIVIDUAL_NUMBER, to_micros(desk.clock.now()), resident_id)
    recovery_store.note(desk.db, resident_id, desk.today)
    return resident_id


def _home(desk: Desk, person: Identification) -> tuple[int, str]:
    """The household at the address, or one of its own, with the 続柄 until a clerk knows better."""
    home = recovery_store.household_at(desk.db, person.area_code, person.address)
    if home:
        return home, LODGER
    return store.insert_household(desk.db, person.area_code, person.address), HEAD


def _correct(desk: Desk, before: Resident, person: Identification, change: Change) -> None:
    if change.former_area_code and before.person.area_code != person.area_code:
        area_store.take_over(desk.db, before.id, person, before.person_sequence)
    store.update_person(desk.db, before.id, person)
    former_store.keep(desk.db, before.id, change)
    if person.individual_number:
        task_store.finish_number(desk.db, before.id)
    household = store.household(desk.db, before.household_id)
    if household is not None and (household.area_code, household.address) != (person.area_code, person.address):
        home, relationship = _home(desk, person)
        store.set_household(desk.db, before.id, home, relationship)
        if relationship == HEAD:
            store.set_head(desk.db, home, before.id)
        desk.mend_head(before.household_id)
        recovery_store.note(desk.db, before.id, desk.today)


def take_back_confirmations(desk: Desk, records: Sequence[bytes]) -> None:
    """転出確定通知 that were said: the 除票 says again where its person went (令13条第2項)."""
    for raw in records:
        notice = intermunicipal_pb2.MoveOutConfirmation.FromString(raw)
        found = recovery_store.latest(desk.db, notice.resident_code, desk.own_areas()) if raw else None
        if found is not None and found.state == State.REMOVED and found.confirmed_move_out_date is None:
            day = convert.day(notice.move_out_date, "move_out_date")
            store.confirm_move_out(desk.db, found.id, notice.new_address, day)


def finish_recovery(desk: Desk, whole: bool) -> None:
    """No code that stands on a record is given again; after a fork the governor hears everything anew."""
    recovery_store.use_recorded_codes(desk.db)
    if whole:
        send_all_again(desk)
