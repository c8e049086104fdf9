"""転入, and what the municipality that was left does on hearing of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from jukinet.clock import to_micros
from jukinet.law import counter, notification
from jukinet.model import areas, successions
from jukinet.model.codes import resident_code_is_valid
from jukinet.model.identification import (
    Certificate,
    CertificateMember,
    Change,
    ChangeKind,
    ChangeReason,
    MoveInNotice,
    Receipt,
    Residency,
)
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from jukinet.store import quarantine
from jukinet.v1 import relay_pb2
from jukinet.wire import gate
from municipality_node import store
from municipality_node.acts.foreign import enter_foreign_items
from municipality_node.area import store as area_store
from municipality_node.desk import HEAD, LODGER, Desk, ask
from municipality_node.issuance import store as residence
from municipality_node.special_move import store as special_store
from municipality_node.store import Resident, State
from municipality_node.tasks import store as task_store
from municipality_node.tasks.store import TaskKind


def report_move_in(
    desk: Desk, certificate: Certificate | None, address: str, move_in_date: date, area_code: str, household_id: int
) -> Receipt:
    """転入届: code and number are carried over (法30条の3第1項); 転入通知 goes to the municipality that was left."""
    ask(counter.report_move_in(certificate is not None and bool(certificate.members), move_in_date, desk.today))
    assert certificate is not None
    former = areas.find(certificate.former_area_code)
    if former is None or former.kind == "prefecture" or former.is_designated_city:
        raise Refusal(Reason.AREA_UNKNOWN)
    if household_id:
        household, address = desk.joined(household_id, address, area_code)
        home, area_code = household.id, household.area_code
    else:
        area_code = desk.area(area_code)
        home = store.insert_household(desk.db, area_code, address)
    if certificate.former_area_code == area_code:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="certificate.former_area_code")
    entered = [
        _enter(desk, member, certificate, address, move_in_date, area_code, home, LODGER if household_id else "")
        for member in certificate.members
    ]
    if not household_id:
        heads = [r for r, m in zip(entered, certificate.members, strict=True) if m.relationship == HEAD]
        store.set_head(desk.db, home, (heads or entered)[0])
    desk.mend_head(home)
    return Receipt(tuple(entered), home, desk.notices)


def _enter(
    desk: Desk,
    member: CertificateMember,
    certificate: Certificate,
    address: str,
    moved: date,
    area_code: str,
    home: int,
    relationship: str,
) -> int:
    person = replace(member.identification, address=address, area_code=area_code)
    relationship = relationship or member.relationship
    words = (member.birth_date_text, member.registered_domicile, member.registered_head, relationship)
    desk.check(person, certificate.former_address, *words)
    if any(
        record.person.area_code == area_code and record.state != State.REMOVED
        for record in store.by_code(desk.db, person.resident_code)
    ):
        raise Refusal(Reason.RESIDENT_LIVE_ALREADY)
    resident_id = store.insert_resident(
        desk.db, home, person,
        relationship=relationship, resident_since=moved, birth_date_text=member.birth_date_text,
        registered_domicile=member.registered_domicile, registered_head=member.registered_head,
        former_address=certificate.former_address,
        person_sequence=store.last_sequence(desk.db, person.resident_code, area_code),
    )  # fmt: skip
    residence.set_report_date(desk.db, resident_id, desk.today)
    if member.foreign_items is not None and person.residency == Residency.FOREIGN:
        enter_foreign_items(desk, resident_id, member.foreign_items)
    desk.notify(resident_id, None, person, Change(ChangeKind.ENTRY, ChangeReason.MOVE_IN, moved))
    notice = MoveInNotice(
        resident_code=person.resident_code,
        name=person.name,
        birth_date=person.birth_date,
        sex=person.sex,
        new_address=address,
        move_in_date=moved,
        report_date=desk.today,
        former_address=certificate.former_address,
        new_area_code=area_code,
    )
    desk.notify_move_in(area_code, certificate.former_area_code, notice)
    left = successions.present(certificate.former_area_code, certificate.former_address, desk.today)
    if gate.speaks_for(desk.node, left):
        # Both wards are on the mayor's one computer: the signed notice needs no line, and is heard at once.
        receive_move_in_notice(desk, [left], notice)
    if not person.individual_number:
        # The person left before the number came: the new municipality asks, J-LIS gives the same one.
        task_store.add_task(desk.db, TaskKind.INDIVIDUAL_NUMBER, to_micros(desk.clock.now()), resident_id)
    return resident_id


def tell_move_in(desk: Desk, former_area_code: str, notice: MoveInNotice) -> None:
    """転入通知 to whom an inquiry or a form named; a ward of the own city hears it at once."""
    desk.notify_move_in(notice.new_area_code, former_area_code, notice)
    if gate.speaks_for(desk.node, former_area_code):
        try:
            receive_move_in_notice(desk, [former_area_code], notice)
        except Refusal as refusal:
            if refusal.reason is not Reason.RESIDENT_NOT_FOUND:
                raise  # elsewhere such a notice would be set aside; here there is nobody to tell


def receive_move_in_notice(desk: Desk, area_codes: Sequence[str], notice: MoveInNotice) -> int:
    """転入通知を受けた市町村長: 除票に転出をした旨 (令13条第2項), 知事に転出確定通知 (同条第3項). The record's number.

    A record still live is removed first: upon 転出届 with its planned date, otherwise ex officio (令12条第1項). The
    latest of several notices wins; one that says the same again changes nothing. Somebody may have come back since:
    the notice is about the last record that began before the move. One about a code whose birth date or sex are
    another's closes nobody's record. One about a record that another municipality has taken over is set aside, to be
    sent there on paper.
    """
    if not notice.new_address.strip():
        raise Refusal(Reason.FIELD_MISSING, field="new_address")
    kept = {code for area_code in area_codes for code in _kept_for(desk, area_code, notice.former_address)}
    found = [r for r in store.by_code(desk.db, notice.resident_code) if r.person.area_code in kept]
    if notice.withdrawn:
        return _withdraw(desk, found, notice)
    resident = _left(desk, _of_one_person(found, notice), notice)
    if resident is None:
        raise Refusal(Reason.RESIDENT_NOT_FOUND)
    if area_store.is_handed_over(desk.db, resident.id):
        raise Refusal(Reason.AREA_ABOLISHED)
    same = (resident.person.birth_date, resident.person.sex) == (notice.birth_date, notice.sex)
    if not same or resident.removal_reason == ChangeReason.DEATH:
        raise Refusal(Reason.PERSON_DIFFERS)
    told = (resident.confirmed_destination, resident.confirmed_move_out_date)
    if told == (notice.new_address, notice.move_in_date):
        return resident.id
    if resident.state == State.MOVING_OUT and resident.removal_reason == ChangeReason.MOVE_OUT:
        assert resident.removal_date is not None
        _, day = notification.deletion_day(resident.removal_date, desk.today, notice.move_in_date)
        desk.remove(resident, ChangeReason.MOVE_OUT, day)
    elif resident.state != State.REMOVED:
        # Also whoever reported to go abroad and did not: that 転出届 is not what the 消除 rests on.
        desk.remove(resident, ChangeReason.EX_OFFICIO_DELETION, notice.move_in_date)
    desk.mend_head(resident.household_id)
    store.confirm_move_out(desk.db, resident.id, notice.new_address, notice.move_in_date)
    _end_pre_notice(desk, resident.id, notice.new_area_code)
    left = resident.person
    present = successions.present(left.area_code, left.address, desk.today)
    # A town that is no more, but whose records nobody has taken over yet, still speaks for itself.
    desk.confirm_move_out(present if gate.speaks_for(desk.node, present) else left.area_code, notice)
    return resident.id


def _of_one_person(found: Sequence[Resident], notice: MoveInNotice) -> Sequence[Resident]:
    """Two wards may hold one code of two people: then the former address says whose record is meant."""
    if len({record.person.area_code for record in found if record.state != State.REMOVED}) < 2:
        return found
    named = [record for record in found if record.person.address == notice.former_address]
    if not named:
        raise Refusal(Reason.PERSON_DIFFERS)
    return named


def _withdraw(desk: Desk, found: Sequence[Resident], notice: MoveInNotice) -> int:
    """The code in that notice was another's: 転出をした旨 is no longer said of whom it was believed to be about.

    A record that it closed stays closed until the clerk has looked (職権回復, 法34条). 0 where nothing rests on it.
    """
    for record in found:
        if (record.confirmed_destination, record.confirmed_move_out_date) == (notice.new_address, notice.move_in_date):
            store.confirm_move_out(desk.db, record.id, "", None)
            desk.confirm_move_out(record.person.area_code, notice)
            return record.id
    return 0


def _left(desk: Desk, found: Sequence[Resident], notice: MoveInNotice) -> Resident | None:
    """The record that the notice closes, of those kept, the latest first.

    Who came back on the very day of the move lives here: the notice is about the one before, which a 転出届 had closed.
    """
    began = [record for record in found if record.resident_since <= notice.move_in_date]
    if not began:
        return None
    told = ((None, ""), (notice.move_in_date, notice.new_address))
    if began[0].state == State.LIVE and began[0].resident_since == notice.move_in_date:
        for record in began[1:]:
            # One that was cancelled is none: the paper then ends the record that was restored.
            upon_report = record.state == State.REMOVED and special_store.move_out_of(desk.db, record.id) is not None
            if upon_report and (record.confirmed_move_out_date, record.confirmed_destination) in told:
                return record
    return began[0]


def _end_pre_notice(desk: Desk, resident_id: int, area_code: str) -> None:
    """Who came where it was told beforehand has used the notice: there is nothing to take back."""
    left = special_store.move_out_of(desk.db, resident_id)
    told, area = (areas.find(left.told_to) if left else None), areas.find(area_code)
    if left and told and area and (told.city_code or told.code) == (area.city_code or area.code):
        special_store.note_told(desk.db, left.id, "", b"")


def _kept_for(desk: Desk, area_code: str, address: str) -> tuple[str, ...]:
    """Areas whose records answer for one: what it has become, and what has become it."""
    present = successions.present(area_code, address, desk.today)
    return (area_code, present, *successions.formers(present, desk.today))


def enter_paper_move_in_notice(desk: Desk, notice: MoveInNotice) -> Receipt:
    """回線の故障等のとき紙で届いた転入通知 (規則2条第2項): the same duties follow."""
    if not resident_code_is_valid(notice.resident_code):
        raise Refusal(Reason.CHECK_DIGIT_WRONG, field="notice.resident_code")
    area = areas.find(notice.new_area_code)
    if area is None or area.kind == "prefecture":
        raise Refusal(Reason.AREA_UNKNOWN, field="notice.new_area_code")
    if notice.move_in_date > desk.today:
        raise Refusal(Reason.DATE_IN_FUTURE, field="notice.move_in_date")
    resident_id = receive_move_in_notice(desk, desk.own_areas(), notice)
    kind = int(relay_pb2.STREAM_KIND_MOVE_IN_NOTICE)
    quarantine.settle_by_code(desk.db, notice.new_area_code, kind, int(notice.resident_code))
    return Receipt((resident_id,), desk.resident(resident_id).household_id, desk.notices)
