"""Messages to values and back. A date that the calendar does not know is refused here, naming the field."""

from __future__ import annotations

from datetime import date, datetime
from enum import IntEnum
from typing import Any, Protocol

from google.protobuf.timestamp_pb2 import Timestamp
from google.type import date_pb2

from jukinet.clock import from_micros, to_micros
from jukinet.model.characters import external_characters
from jukinet.model.dates import PartialDate
from jukinet.model.foreign import Category, ForeignItems
from jukinet.model.identification import (
    Certificate,
    CertificateMember,
    Change,
    ChangeKind,
    ChangeReason,
    Identification,
    MoveInNotice,
    NewPerson,
    Operation,
    Receipt,
    Residency,
    Sex,
)
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from jukinet.v1 import counter_pb2, foreign_pb2, identification_pb2, intermunicipal_pb2


class _HasBirthDate(Protocol):
    @property
    def birth_date(self) -> date_pb2.Date: ...


def enum(value: IntEnum) -> Any:
    """A closed list's value for the wire, whose stubs give each enum a type of its own."""
    return value.value


def timestamp(instant: datetime) -> Timestamp:
    """An aware instant for the wire."""
    micros = to_micros(instant)
    return Timestamp(seconds=micros // 1_000_000, nanos=micros % 1_000_000 * 1_000)


def instant(message: Timestamp) -> datetime:
    """The instant of a message, in Japanese time."""
    try:
        return from_micros(message.seconds * 1_000_000 + message.nanos // 1_000)
    except OverflowError as error:
        raise Refusal(Reason.DATE_IMPOSSIBLE, field="time") from error


def partial(message: date_pb2.Date, name: str) -> PartialDate:
    """A date of which parts may be unknown."""
    try:
        return PartialDate(message.year, message.month, message.day)
    except ValueError as error:
        raise Refusal(Reason.DATE_IMPOSSIBLE, field=name) from error


def day(message: date_pb2.Date, name: str) -> date:
    """A date that must be whole."""
    found = partial(message, name)
    exact = found.exact()
    if exact is None:
        raise Refusal(Reason.FIELD_MISSING, field=name)
    return exact


def day_message(value: date | None) -> date_pb2.Date | None:
    """A whole date for the wire."""
    return date_pb2.Date(year=value.year, month=value.month, day=value.day) if value else None


def partial_message(value: PartialDate) -> date_pb2.Date | None:
    """A partial date for the wire; absent where wholly unknown."""
    if value == PartialDate():
        return None
    return date_pb2.Date(year=value.year, month=value.month, day=value.day)


def _birth(message: _HasBirthDate) -> PartialDate:
    return partial(message.birth_date, "birth_date")


def sex(value: int) -> Sex:
    """男女の別."""
    try:
        return Sex(value)
    except ValueError as error:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="sex") from error


def _residency(value: int) -> Residency:
    try:
        return Residency(value)
    except ValueError as error:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="residency") from error


def identification(message: identification_pb2.Identification) -> Identification:
    """本人確認情報 from the wire."""
    return Identification(
        resident_code=message.resident_code,
        individual_number=message.individual_number,
        name=message.name,
        name_kana=message.name_kana,
        birth_date=_birth(message),
        sex=sex(message.sex),
        address=message.address,
        residency=_residency(message.residency),
        area_code=message.area_code,
        former_surname=message.former_surname,
        former_surname_kana=message.former_surname_kana,
        alias=message.alias,
    )


def identification_message(value: Identification) -> identification_pb2.Identification:
    """本人確認情報 for the wire."""
    return identification_pb2.Identification(
        resident_code=value.resident_code,
        individual_number=value.individual_number,
        name=value.name,
        name_kana=value.name_kana,
        birth_date=partial_message(value.birth_date),
        sex=enum(value.sex),
        address=value.address,
        residency=enum(value.residency),
        area_code=value.area_code,
        former_surname=value.former_surname,
        former_surname_kana=value.former_surname_kana,
        alias=value.alias,
        name_external_characters=external_characters(value.name, value.former_surname, value.alias),
        address_external_characters=external_characters(value.address),
    )


def change(message: identification_pb2.Change) -> Change:
    """変更情報 from the wire."""
    try:
        kind, reason = ChangeKind(message.kind), ChangeReason(message.reason)
    except ValueError as error:
        raise Refusal(Reason.CHANGE_INCONSISTENT) from error
    return Change(
        kind,
        reason,
        day(message.change_date, "change_date"),
        message.former_individual_number,
        message.former_resident_code,
        message.former_area_code,
    )


def change_message(value: Change) -> identification_pb2.Change:
    """変更情報 for the wire."""
    return identification_pb2.Change(
        kind=enum(value.kind),
        reason=enum(value.reason),
        change_date=day_message(value.change_date),
        former_individual_number=value.former_individual_number,
        former_resident_code=value.former_resident_code,
        former_area_code=value.former_area_code,
    )


def new_person(message: counter_pb2.NewPerson) -> NewPerson:
    """A person who comes onto a register."""
    return NewPerson(
        name=message.name,
        name_kana=message.name_kana,
        birth_date=_birth(message),
        birth_date_text=message.birth_date_text,
        sex=sex(message.sex),
        relationship=message.relationship,
        former_surname=message.former_surname,
        former_surname_kana=message.former_surname_kana,
        alias=message.alias,
        residency=_residency(message.residency) or Residency.JAPANESE,
        registered_domicile=message.registered_domicile,
        registered_head=message.registered_head,
    )


def move_in_notice(message: intermunicipal_pb2.MoveInNotice) -> MoveInNotice:
    """転入通知 from the wire."""
    return MoveInNotice(
        resident_code=message.resident_code,
        name=message.name,
        birth_date=_birth(message),
        sex=sex(message.sex),
        new_address=message.new_address,
        move_in_date=day(message.move_in_date, "move_in_date"),
        report_date=day(message.report_date, "report_date"),
        former_address=message.former_address,
        new_area_code=message.new_area_code,
        withdrawn=message.withdrawn,
    )


def move_in_notice_message(value: MoveInNotice) -> intermunicipal_pb2.MoveInNotice:
    """転入通知 for the wire."""
    return intermunicipal_pb2.MoveInNotice(
        resident_code=value.resident_code,
        name=value.name,
        birth_date=partial_message(value.birth_date),
        sex=enum(value.sex),
        new_address=value.new_address,
        move_in_date=day_message(value.move_in_date),
        report_date=day_message(value.report_date),
        former_address=value.former_address,
        new_area_code=value.new_area_code,
        withdrawn=value.withdrawn,
    )


def certificate(message: intermunicipal_pb2.MoveOutCertificate) -> Certificate:
    """転出証明書 from the wire."""
    return Certificate(
        members=tuple(_member(member) for member in message.members),
        former_address=message.former_address,
        former_area_code=message.former_area_code,
        destination=message.destination,
        planned_date=day(message.planned_date, "certificate.planned_date"),
        issue_date=day(message.issue_date, "certificate.issue_date"),
    )


def _member(message: intermunicipal_pb2.MoveOutCertificateMember) -> CertificateMember:
    return CertificateMember(
        identification=identification(message.identification),
        relationship=message.relationship,
        head_name=message.head_name,
        birth_date_text=message.birth_date_text,
        registered_domicile=message.registered_domicile,
        registered_head=message.registered_head,
        national_health_insurance=message.national_health_insurance,
        late_stage_medical_care=message.late_stage_medical_care,
        long_term_care_insurance=message.long_term_care_insurance,
        national_pension_class=message.national_pension_class,
        child_allowance=message.child_allowance,
        foreign_items=foreign_items(message.foreign_items) if message.HasField("foreign_items") else None,
    )


def certificate_message(value: Certificate) -> intermunicipal_pb2.MoveOutCertificate:
    """転出証明書 for the wire."""
    return intermunicipal_pb2.MoveOutCertificate(
        members=[
            intermunicipal_pb2.MoveOutCertificateMember(
                identification=identification_message(member.identification),
                relationship=member.relationship,
                head_name=member.head_name,
                birth_date_text=member.birth_date_text,
                registered_domicile=member.registered_domicile,
                registered_head=member.registered_head,
                national_health_insurance=member.national_health_insurance,
                late_stage_medical_care=member.late_stage_medical_care,
                long_term_care_insurance=member.long_term_care_insurance,
                national_pension_class=member.national_pension_class,
                child_allowance=member.child_allowance,
                foreign_items=foreign_items_message(member.foreign_items) if member.foreign_items else None,
            )
            for member in value.members
        ],
        former_address=value.former_address,
        former_area_code=value.former_area_code,
        destination=value.destination,
        planned_date=day_message(value.planned_date),
        issue_date=day_message(value.issue_date),
    )


def foreign_items(message: foreign_pb2.ForeignItems) -> ForeignItems:
    """国籍等 and the table's lower column."""
    try:
        category = Category(message.category)
    except ValueError as error:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="items.category") from error
    return ForeignItems(
        nationality=message.nationality,
        category=category,
        since=day(message.since, "items.since"),
        status_of_residence=message.status_of_residence,
        period_of_stay=message.period_of_stay,
        expiry=day(message.expiry, "items.expiry") if message.HasField("expiry") else None,
        card_number=message.card_number,
    )


def foreign_items_message(value: ForeignItems) -> foreign_pb2.ForeignItems:
    """国籍等 and the table's lower column for the wire."""
    return foreign_pb2.ForeignItems(
        nationality=value.nationality,
        category=enum(value.category),
        since=day_message(value.since),
        status_of_residence=value.status_of_residence,
        period_of_stay=value.period_of_stay,
        expiry=day_message(value.expiry),
        card_number=value.card_number,
    )


def operation(message: counter_pb2.Operation) -> Operation:
    """Who acts, and why."""
    return Operation(message.request_id, message.verification_id, message.operator_id, message.reason)


def receipt_message(value: Receipt) -> counter_pb2.Receipt:
    """What an act left behind; the audit row's number is added when it is written."""
    return counter_pb2.Receipt(
        resident_ids=value.resident_ids,
        household_id=value.household_id,
        notices=value.notices,
    )
