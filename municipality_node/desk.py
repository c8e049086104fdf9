"""What every act at the counter shares: one transaction, one day, and the notices that follow from a change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from jukinet.clock import Clock, to_micros
from jukinet.law import correction, notification, numbering
from jukinet.law import error_report as error_law
from jukinet.law.basis import Decision
from jukinet.model import areas, successions
from jukinet.model.address import lies_elsewhere
from jukinet.model.characters import are_broken
from jukinet.model.codes import individual_number_is_valid, resident_code_is_valid
from jukinet.model.dates import PartialDate
from jukinet.model.identification import (
    Change,
    ChangeKind,
    ChangeReason,
    Identification,
    MoveInNotice,
    NewPerson,
    Sex,
)
from jukinet.model.participation import Mode
from jukinet.model.reason import Reason
from jukinet.model.stream import Keys, Stream, name_key
from jukinet.pki.identity import Identity
from jukinet.refusal import Refusal
from jukinet.store import journal, participation
from jukinet.store.database import Connection
from jukinet.v1 import identification_pb2, intermunicipal_pb2, relay_pb2
from jukinet.wire import convert, gate
from municipality_node import store
from municipality_node.errors import store as error_store
from municipality_node.errors.store import Outcome
from municipality_node.family_register.telling import notify_supplementary_register
from municipality_node.former import store as former_store
from municipality_node.participation import store as participation_store
from municipality_node.store import Household, Resident, State
from municipality_node.tasks import store as task_store
from municipality_node.tasks.store import TaskKind

MOST_BYTES = 16 * 1024
MOST_CODES = 5_000
"""Codes asked for at once."""
HEAD, LODGER = "世帯主", "同居人"
"""続柄 of the head, and of those whose 続柄 no form has told."""


@dataclass(slots=True)
class Desk:
    """One act in one transaction. `notices` counts what it told others; `prints_number` that it printed a 個人番号."""

    db: Connection
    clock: Clock
    node: Identity
    notices: int = 0
    prints_number: bool = False

    @property
    def today(self) -> date:
        """The civil day of the act."""
        return self.clock.today()

    # Finding

    def resident(self, resident_id: int) -> Resident:
        """The record, live or removed."""
        found = store.resident(self.db, resident_id)
        if found is None:
            raise Refusal(Reason.RESIDENT_NOT_FOUND)
        return found

    def live(self, resident_id: int) -> Resident:
        """The record of somebody who is a resident."""
        found = self.resident(resident_id)
        if found.state == State.REMOVED:
            raise Refusal(Reason.RESIDENT_REMOVED)
        return found

    def one_household(self, resident_ids: list[int]) -> list[Resident]:
        """Residents of one and the same household."""
        if not resident_ids or len(set(resident_ids)) != len(resident_ids):
            raise Refusal(Reason.FIELD_MISSING, field="resident_ids")
        found = [self.live(resident_id) for resident_id in resident_ids]
        if len({resident.household_id for resident in found}) != 1:
            raise Refusal(Reason.NOT_ONE_HOUSEHOLD)
        return found

    def household(self, household_id: int) -> Household:
        """The household, if somebody lives in it."""
        found = store.household(self.db, household_id)
        if found is None or not store.is_inhabited(self.db, household_id):
            raise Refusal(Reason.HOUSEHOLD_NOT_FOUND)
        return found

    def joined(self, household_id: int, address: str, area_code: str = "") -> tuple[Household, str]:
        """The household that somebody joins, and its address; whoever joins it lives there."""
        found = self.household(household_id)
        if address not in ("", found.address):
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="address")
        if area_code not in ("", found.area_code):
            raise Refusal(Reason.AREA_NOT_YOURS)  # 区 → 区 is 転出・転入
        return found, found.address

    def area(self, area_code: str) -> str:
        """The area of a new record: this municipality, or the named ward of this city."""
        own = areas.find(self.node.area_code)
        code = area_code or self.node.area_code
        found = areas.find(code)
        if found is None or not found.exists_on(self.today):
            raise Refusal(Reason.AREA_UNKNOWN)
        if not gate.speaks_for(self.node, code) or (own is not None and own.is_designated_city and found == own):
            raise Refusal(Reason.AREA_NOT_YOURS)
        return code

    def mode_of(self, area_code: str) -> Mode:
        """How a municipality, or a ward's city, takes part."""
        area = areas.find(area_code)
        city = area.city_code if area is not None and area.kind == "ward" and area.city_code else area_code
        return participation.mode(self.db, city)

    def own_areas(self) -> list[str]:
        """Areas whose records are kept here: the municipality, or the wards of the city."""
        return [ward.code for ward in areas.wards_of(self.node.area_code)] or [self.node.area_code]

    # Changing

    def draw_codes(self, count: int) -> list[str]:
        """Unused codes of the pool (法30条の3第2項); an indefinite refusal if it holds too few."""
        codes = store.draw_codes(self.db, count)
        if len(codes) < count:
            raise Refusal(Reason.POOL_EMPTY)
        return codes

    def enter(
        self,
        household_id: int,
        new: NewPerson,
        code: str,
        address: str,
        area_code: str,
        reason: ChangeReason,
        on: date,
        *,
        number: str = "",
        former_address: str = "",
        sequence: int = 0,
    ) -> int:
        """記載 of a person with a code; without number there is a task for it.

        `sequence` is the last 更新順番号 of whoever was recorded in this area before. Whoever comes first into a
        household is its 世帯主, and nobody else.
        """
        person = Identification(
            resident_code=code,
            individual_number=number,
            name=new.name,
            name_kana=new.name_kana,
            birth_date=self.birth_date(new),
            sex=new.sex,
            address=address,
            residency=new.residency,
            area_code=area_code,
            former_surname=new.former_surname,
            former_surname_kana=new.former_surname_kana,
            alias=new.alias,
        )
        first = not store.is_inhabited(self.db, household_id)
        if new.relationship == HEAD and not first:
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="relationship")
        relationship = HEAD if first else new.relationship or LODGER
        words = (new.birth_date_text, new.registered_domicile, new.registered_head, relationship, former_address)
        self.check(person, *words, told=first)
        resident_id = store.insert_resident(
            self.db, household_id, person,
            relationship=relationship, resident_since=on, birth_date_text=new.birth_date_text,
            registered_domicile=new.registered_domicile, registered_head=new.registered_head,
            former_address=former_address, person_sequence=sequence,
        )  # fmt: skip
        if first:
            store.set_head(self.db, household_id, resident_id)
        self.notify(resident_id, None, person, Change(ChangeKind.ENTRY, reason, on))
        if not number:
            task_store.add_task(self.db, TaskKind.INDIVIDUAL_NUMBER, to_micros(self.clock.now()), resident_id)
        return resident_id

    def birth_date(self, new: NewPerson) -> PartialDate:
        """What can be sent of a birth date: as given, or what a calendar has of the words; the two must agree."""
        readable = correction.birth_date_to_send(new.birth_date_text) if new.birth_date_text else None
        if readable is None or readable == new.birth_date:
            return new.birth_date
        if new.birth_date != PartialDate():
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="birth_date_text")
        return readable

    def correct(self, resident: Resident, after: Identification, reason: ChangeReason, on: date) -> None:
        """記載の修正, with its notice if an item of 本人確認情報 changed; a former code or number goes along."""
        self.check(after, told=after.address != resident.person.address)
        kind, before = notification.kind_of(reason), resident.person
        change = Change(
            kind,
            reason,
            on,
            former_individual_number=before.individual_number if kind is ChangeKind.NUMBER_CORRECTION else "",
            former_resident_code=before.resident_code if kind is ChangeKind.CODE_CORRECTION else "",
        )
        store.update_person(self.db, resident.id, after)
        self.notify(resident.id, before, after, change)
        former_store.keep(self.db, resident.id, change)

    def remove(self, resident: Resident, reason: ChangeReason, on: date, destination: str = "") -> None:
        """消除, with its notice. Whoever removes mends the household's head afterwards: all may leave together."""
        store.set_removal(self.db, resident.id, State.REMOVED, reason, on, destination or resident.planned_destination)
        self.notify(resident.id, resident.person, None, Change(ChangeKind.DELETION, reason, on))

    def mend_head(self, household_id: int) -> None:
        """Where the head has gone, name the first of those left; an empty household keeps the name of its last."""
        left = store.members(self.db, household_id)
        found = store.household(self.db, household_id)
        if found is None or not left:
            return
        head = next((resident for resident in left if resident.id == found.head_id), left[0])
        store.set_head(self.db, household_id, head.id)
        if head.relationship != HEAD:
            store.set_household(self.db, head.id, household_id, HEAD)

    def check(self, person: Identification, *words: str, told: bool = True) -> None:
        """Refuse a record that could not be sent: missing, broken or too long, not yet born, a wrong check digit.

        `words` are what the 住民票 says beyond 本人確認情報. An address that was `told` must not name another area;
        what the register says of the person already stays as it is.
        """
        for field, value in (("name", person.name), ("address", person.address)):
            if not value.strip():
                raise Refusal(Reason.FIELD_MISSING, field=field)
        names = ("name", "name_kana", "address", "alias", "former_surname", "former_surname_kana")
        for field in names:
            if are_broken(getattr(person, field)):
                raise Refusal(Reason.CHARACTERS_BROKEN, field=field)
        if told and lies_elsewhere(person.address, person.area_code, self.today) and not self._says_already(person):
            raise Refusal(Reason.ADDRESS_ELSEWHERE)
        if person.sex == Sex.UNSPECIFIED:
            raise Refusal(Reason.FIELD_MISSING, field="sex")
        born = person.birth_date
        if born.year and date(born.year, born.month or 1, born.day or 1) > self.today:
            raise Refusal(Reason.DATE_IN_FUTURE, field="birth_date")
        if not resident_code_is_valid(person.resident_code):
            raise Refusal(Reason.CHECK_DIGIT_WRONG, field="resident_code")
        if person.individual_number and not individual_number_is_valid(person.individual_number):
            raise Refusal(Reason.CHECK_DIGIT_WRONG, field="individual_number")
        if len(store.body(person)) + sum(len(text.encode()) for text in words) > MOST_BYTES:
            raise Refusal(Reason.RECORD_TOO_LARGE)

    def _says_already(self, person: Identification) -> bool:
        place = (person.area_code, person.address)
        held = store.by_code(self.db, person.resident_code)
        return any((one.person.area_code, one.person.address) == place for one in held)

    def refill_due(self) -> bool:
        """Whether few codes are left (規則9条第2項)."""
        left, residents = self._stock()
        return numbering.pool_needs_refill(left, residents)

    def check_refill(self) -> None:
        """規則9条第2項: ask for codes when few are left, as many as fill the pool again."""
        if not self.refill_due() or task_store.count_tasks(self.db, TaskKind.CODE_REFILL):
            return
        left, residents = self._stock()
        size, now = numbering.pool_size(residents), to_micros(self.clock.now())
        for held in range(left, size, MOST_CODES):
            count = min(MOST_CODES, size - held)
            task_store.add_task(self.db, TaskKind.CODE_REFILL, now, count=count)

    def _stock(self) -> tuple[int, int]:
        counts = store.tally(self.db)
        left = counts.pop(store.POOL, 0)
        return left, sum(counts.values())

    # Telling

    def notify(
        self, resident_id: int, before: Identification | None, after: Identification | None, change: Change
    ) -> None:
        """What a change of a 住民票 makes known: to the governor (法30条の6第1項), and to the 本籍地 (法19条1項)."""
        self.notify_governor(resident_id, before, after, change)
        notify_supplementary_register(self, resident_id, before, after, change)

    def notify_governor(
        self, resident_id: int, before: Identification | None, after: Identification | None, change: Change
    ) -> None:
        """本人確認情報の通知 alone: what a full transmission says again is no change of a 住民票."""
        if participation_store.is_withheld(self.db, resident_id):
            return
        decision = notification.notify_identification(before, after)
        person = after or before
        if not decision.allowed or person is None:
            return
        ask(notification.change_reason_fits(change))
        record = identification_pb2.IdentificationRecord(
            identification=convert.identification_message(person),
            change=convert.change_message(change),
            person_sequence=store.next_sequence(self.db, resident_id),
        ).SerializeToString()
        self.tell(Stream(person.area_code, int(relay_pb2.STREAM_KIND_IDENTIFICATION)), record, keys_of(person))
        self._close_mended(person, change)

    def _close_mended(self, person: Identification, change: Change) -> None:
        """Errors that were told of and that this notice mends need nobody any more."""
        for code in filter(None, (person.resident_code, change.former_resident_code)):
            for report in error_store.open_about(self.db, person.area_code, int(code)):
                if error_law.mends(report.finding.kind, change.kind):
                    error_store.close(self.db, report.id, Outcome.CORRECTED, self.today)

    def notify_move_in(self, area_code: str, former_area_code: str, notice: MoveInNotice) -> None:
        """転入通知 (法9条第1項) to the municipality that was left, or to the one that it has become."""
        left = successions.present(former_area_code, notice.former_address, self.today)
        stream = Stream(area_code, int(relay_pb2.STREAM_KIND_MOVE_IN_NOTICE), left)
        record = convert.move_in_notice_message(notice).SerializeToString()
        if Mode.OUTSIDE in (self.mode_of(self.node.area_code), self.mode_of(left)):
            participation_store.put_into_tray(self.db, left, record, self.today)
            return
        self.tell(stream, record, Keys(int(notice.resident_code)))

    def confirm_move_out(self, area_code: str, notice: MoveInNotice) -> None:
        """転出確定通知 (令13条第3項) to the governor."""
        message = intermunicipal_pb2.MoveOutConfirmation(
            resident_code=notice.resident_code,
            move_out_date=convert.day_message(notice.move_in_date),
            new_address=notice.new_address,
            new_area_code=notice.new_area_code,
            withdrawn=notice.withdrawn,
        )
        stream = Stream(area_code, int(relay_pb2.STREAM_KIND_MOVE_OUT_CONFIRMATION))
        self.tell(stream, message.SerializeToString(), Keys(int(notice.resident_code)))

    def tell(self, stream: Stream, record: bytes, keys: Keys) -> None:
        """Say something to somebody: it waits for its signature with this act's commit."""
        if len(record) > MOST_BYTES:
            raise Refusal(Reason.RECORD_TOO_LARGE)
        if not stream.counterpart and self.mode_of(self.node.area_code) is Mode.OUTSIDE:
            return  # the governor is told of nothing; whoever joins tells of everybody
        journal.enqueue(self.db, stream, record, keys)
        self.notices += 1


def ask(decision: Decision) -> None:
    """Refuse what the law does not let happen."""
    if not decision.allowed:
        raise Refusal(decision.reason or Reason.NO_BASIS, **dict(decision.facts))


def keys_of(person: Identification) -> Keys:
    """What the notice can be found by."""
    return Keys(
        int(person.resident_code),
        int(person.individual_number) if person.individual_number else None,
        name_key(person.name, person.birth_date, person.sex),
    )


def with_number(person: Identification, number: str) -> Identification:
    """The same person with a 個人番号."""
    return replace(person, individual_number=number)
