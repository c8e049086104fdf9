"""What a 住所地 does on hearing from a 戸籍 office (法9条2項): 職権で記載・消除・修正 (令12条2項1号)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jukinet.law import counter
from jukinet.law import family_register as law
from jukinet.model.dates import PartialDate
from jukinet.model.family_register import RegistrationEvent, RegistrationNotice
from jukinet.model.identification import ChangeReason, NewPerson, Residency, Sex
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from municipality_node import store as register
from municipality_node.family_register import store
from municipality_node.store import Household, Resident, State

if TYPE_CHECKING:
    from municipality_node.desk import Desk

CHILD = "子"


def receive_family_registration(desk: Desk, notice: RegistrationNotice) -> int:
    """法9条2項の通知を受けた住所地: the number of the record.

    The same again changes nothing. A notice that fits nobody, or somebody else, is refused and closes nobody's record.
    """
    check(notice)
    decision = law.accept_family_registration(notice.event_date, desk.today)
    if not decision.allowed:
        raise Refusal(decision.reason or Reason.NO_BASIS, **dict(decision.facts))
    if notice.event == RegistrationEvent.BIRTH:
        return _birth(desk, notice)
    resident = person_of(desk, notice)
    if notice.event == RegistrationEvent.DEATH:
        return _death(desk, notice, resident)
    if resident.state == State.REMOVED:
        raise Refusal(Reason.RESIDENT_REMOVED)
    if notice.registered_domicile:
        # Before the 氏名: what the 附票 must say is told to the 本籍地 that is one from now on.
        store.set_family(desk.db, resident.id, notice.registered_domicile, notice.registered_head)
    if notice.event == RegistrationEvent.MARRIAGE and notice.new_name:
        kana = notice.new_name_kana or resident.person.name_kana
        after = replace(resident.person, name=notice.new_name, name_kana=kana)
        if after != resident.person:
            desk.correct(resident, after, ChangeReason.EX_OFFICIO_CORRECTION, notice.event_date)
    return resident.id


def check(notice: RegistrationNotice) -> None:
    """Refuse a notice that says too little to act upon."""
    event = notice.event
    if event == RegistrationEvent.UNSPECIFIED:
        raise Refusal(Reason.FIELD_MISSING, field="notice.event")
    needed = [("name", notice.name), ("address", notice.address)]
    if event == RegistrationEvent.BIRTH:
        needed.append(("head_name", notice.head_name))
    if event == RegistrationEvent.MARRIAGE:
        needed.append(("new_name", notice.new_name + notice.registered_domicile))
    if event == RegistrationEvent.DOMICILE_TRANSFER:
        needed.append(("registered_domicile", notice.registered_domicile))
    else:
        # The 附票, which a 転籍 is told from, has known these only since 2022-01-11.
        needed.append(("sex", "x" if notice.sex != Sex.UNSPECIFIED else ""))
        needed.append(("birth_date", "x" if notice.birth_date != PartialDate() else ""))
    if notice.registered_domicile:
        needed.append(("registered_head", notice.registered_head))
    for field, value in needed:
        if not value.strip():
            raise Refusal(Reason.FIELD_MISSING, field=f"notice.{field}")


def person_of(desk: Desk, notice: RegistrationNotice) -> Resident:
    """Whom the notice is about: one resident of that name, birth date and sex at that address."""
    names = (notice.name, notice.new_name or notice.name)
    named = [one for one in _at(desk, notice) if one.person.name in names]
    if not named:
        raise Refusal(Reason.RESIDENT_NOT_FOUND)
    same = [one for one in named if _is(one, notice)]
    if not same:
        raise Refusal(Reason.PERSON_DIFFERS)
    living = [one for one in same if one.state != State.REMOVED]
    if len(living) > 1:
        raise Refusal(Reason.PERSON_DIFFERS)
    return (living or same)[0]


def _at(desk: Desk, notice: RegistrationNotice) -> list[Resident]:
    """Everybody ever recorded at the address, the latest of a household first."""
    homes = store.households_at(desk.db, notice.residence_area_code, notice.address)
    numbers = [number for home in homes for number in store.resident_ids(desk.db, home)]
    return [found for number in numbers if (found := register.resident(desk.db, number)) is not None]


def _is(resident: Resident, notice: RegistrationNotice) -> bool:
    person = resident.person
    birth = notice.birth_date in (PartialDate(), person.birth_date)
    return birth and notice.sex in (Sex.UNSPECIFIED, person.sex)


def _birth(desk: Desk, notice: RegistrationNotice) -> int:
    """出生による記載 in the named household; the code comes from the pool, which may be empty: POOL_EMPTY."""
    known = [one for one in _at(desk, notice) if one.person.name == notice.name and _is(one, notice)]
    if known:
        return known[0].id
    born = notice.birth_date.exact()
    if born is None:
        raise Refusal(Reason.FIELD_MISSING, field="notice.birth_date")
    decision = counter.report_birth(notice.birth_date, desk.today)
    if not decision.allowed:
        raise Refusal(decision.reason or Reason.NO_BASIS, **dict(decision.facts))
    home = _household(desk, notice)
    child = NewPerson(
        name=notice.name,
        name_kana=notice.name_kana,
        birth_date=notice.birth_date,
        sex=notice.sex,
        relationship=notice.relationship or CHILD,
        registered_domicile=notice.registered_domicile,
        registered_head=notice.registered_head,
    )
    child = with_domicile_of_head(desk, home, child)
    code = desk.draw_codes(1)[0]
    resident_id = desk.enter(home.id, child, code, home.address, home.area_code, ChangeReason.BIRTH, born)
    desk.check_refill()
    return resident_id


def _household(desk: Desk, notice: RegistrationNotice) -> Household:
    found = []
    for number in store.households_at(desk.db, notice.residence_area_code, notice.address):
        home = register.household(desk.db, number)
        inhabited = home is not None and register.is_inhabited(desk.db, number)
        if home is not None and inhabited and register.head_name(desk.db, number) == notice.head_name:
            found.append(home)
    if len(found) != 1:
        raise Refusal(Reason.HOUSEHOLD_NOT_FOUND)
    return found[0]


def with_domicile_of_head(desk: Desk, home: Household, child: NewPerson) -> NewPerson:
    """A child of the 世帯主 whose 本籍 was not told enters the 世帯主's 戸籍 (民法790条, 戸籍法18条): an assumption."""
    told = child.registered_domicile or child.registered_head
    if told or child.relationship != CHILD or child.residency == Residency.FOREIGN:
        return child
    domicile, head = store.family_of(desk.db, home.head_id)
    return replace(child, registered_domicile=domicile, registered_head=head)


def _death(desk: Desk, notice: RegistrationNotice, resident: Resident) -> int:
    if resident.state == State.REMOVED:
        if resident.removal_reason == ChangeReason.DEATH:
            return resident.id
        raise Refusal(Reason.RESIDENT_REMOVED)
    born = resident.person.birth_date.exact()
    if born is not None and notice.event_date < born:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="notice.event_date")
    desk.remove(resident, ChangeReason.DEATH, notice.event_date)
    desk.mend_head(resident.household_id)
    return resident.id


def apply_waiting(desk: Desk) -> list[int]:
    """Codes have come: 記載 of the births that waited for them. Numbers of the records."""
    done = []
    for waiting_id, fault, notice in store.waiting(desk.db):
        desk.db.execute("SAVEPOINT waiting")
        try:
            done.append(receive_family_registration(desk, notice))
            store.finish_waiting(desk.db, waiting_id)
        except Refusal as refusal:
            desk.db.execute("ROLLBACK TO waiting")
            if refusal.reason.value != fault:
                store.set_waiting_fault(desk.db, waiting_id, refusal.reason.value)
        desk.db.execute("RELEASE waiting")
    return done
