"""転出証明書: what it says of those who leave, on the day of the 転出届 and on any day after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from jukinet.model import successions
from jukinet.model.identification import Certificate, CertificateMember, ChangeReason, Residency
from municipality_node import store
from municipality_node.desk import Desk
from municipality_node.foreign import store as foreign_store
from municipality_node.special_move import store as special_store
from municipality_node.special_move.store import MoveOut
from municipality_node.store import Resident, State


def move_out_certificate(desk: Desk, leaving: list[Resident], destination: str, planned_date: date) -> Certificate:
    """転出証明書 (令23条第2項)."""
    household = store.household(desk.db, leaving[0].household_id)
    head = store.resident(desk.db, household.head_id) if household else None
    first = leaving[0].person
    return Certificate(
        members=tuple(certificate_member(desk, resident, head.person.name if head else "") for resident in leaving),
        former_address=first.address,
        former_area_code=first.area_code,
        destination=destination,
        planned_date=planned_date,
        issue_date=desk.today,
    )


def certificate_member(desk: Desk, resident: Resident, head_name: str) -> CertificateMember:
    """Insurance and pension follow from the age alone: an assumption, the simulator keeps no such registers."""
    born = resident.person.birth_date
    kept = foreign_store.items_of(desk.db, resident.id)
    age = desk.today.year - born.year if born.year else 0
    return CertificateMember(
        identification=resident.person,
        relationship=resident.relationship,
        head_name=head_name,
        birth_date_text=resident.birth_date_text,
        registered_domicile=resident.registered_domicile,
        registered_head=resident.registered_head,
        national_health_insurance=60 <= age < 75,
        late_stage_medical_care=age >= 75,
        long_term_care_insurance=age >= 65,
        national_pension_class="第1号" if 20 <= age < 60 else "",
        child_allowance=bool(born.year) and age < 15,
        foreign_items=kept.items if kept and resident.person.residency == Residency.FOREIGN else None,
    )


def certificate_today(desk: Desk, left: MoveOut) -> tuple[Certificate, list[int]]:
    """What a 転出届 said of the move, and what is recorded today of each who still leaves; nobody left: no members.

    The area that has become another is named as it is today. 続柄 stay as they were when it was made. Also the records.
    """
    people = [(still_leaving(desk, person), place) for person, place in special_store.people_leaving(desk.db, left.id)]
    told = {person.id: (person, place) for person, place in people if person is not None}
    said, head = left.certificate, _latest(desk, left.head_id)
    members = tuple(
        replace(
            certificate_member(desk, person, head.person.name if head else said.members[place].head_name),
            relationship=said.members[place].relationship,
        )
        for person, place in told.values()
    )
    here = next((person.person for person, _ in told.values()), None)
    area, address = (here.area_code, here.address) if here else (said.former_area_code, said.former_address)
    area = successions.present(area, address, desk.today)
    return replace(said, members=members, former_area_code=area, former_address=address), list(told)


def still_leaving(desk: Desk, resident_id: int) -> Resident | None:
    """The record by which somebody who reported to leave still leaves, or has left unconfirmed; None if there is none.

    It is another one where the record was replaced since (帰化 and 国籍喪失).
    """
    latest = _latest(desk, resident_id)
    if latest is None or latest.removal_reason != ChangeReason.MOVE_OUT or latest.confirmed_move_out_date is not None:
        return None
    if latest.id != resident_id and desk.resident(resident_id).removal_reason == ChangeReason.MOVE_OUT:
        return None  # back since, and leaving by another 転出届
    return latest if latest.state in (State.MOVING_OUT, State.REMOVED) else None


def _latest(desk: Desk, resident_id: int) -> Resident | None:
    record = store.resident(desk.db, resident_id)
    if record is None:
        return None
    area = record.person.area_code
    found = store.by_code(desk.db, record.person.resident_code)
    return next((r for r in found if successions.are_kin(r.person.area_code, area, desk.today)), None)
