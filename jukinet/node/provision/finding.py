"""Whom the keys of a question fit, in the register of an upper tier: nobody, one person, or several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from google.type.date_pb2 import Date

from jukinet.model import areas
from jukinet.model.identification import ChangeReason, Criteria
from jukinet.model.provision import Key, Result
from jukinet.model.stream import name_key
from jukinet.store import people, register
from jukinet.store.database import Connection
from jukinet.v1 import identification_pb2 as ipb
from jukinet.v1 import provision_pb2 as pb

if TYPE_CHECKING:
    from jukinet.node.node import Node


@dataclass(frozen=True, slots=True)
class Found:
    """One answer: how many fit, and if it is one, who. `change_date` is a number, 20210601.

    `arrived` says that a 転入届 elsewhere was told of: at a governor by the 転出確定通知.
    """

    result: Result
    code: int = 0
    body: bytes = b""
    area_code: str = ""
    change_kind: int = 0
    change_reason: int = 0
    change_date: int = 0
    arrived: bool = False

    @property
    def notifying(self) -> str:
        """Code of the 通知都道府県: that of the live record, else of the last that was notified (our inference)."""
        return areas.prefecture_of(self.area_code).code

    def change(self) -> ipb.Change:
        """The last change, for the wire."""
        return change_of(self.change_kind, self.change_reason, self.change_date)

    @property
    def awaits_move_in(self) -> bool:
        """Whether the record was removed by a 転出届 and no 転入届 has followed."""
        left = self.result is Result.REMOVED and self.change_reason == ChangeReason.MOVE_OUT.value
        return left and not self.arrived


NOBODY = Found(Result.NONE)
SEVERAL = Found(Result.SEVERAL)


class Holder(Protocol):
    """Where a tier looks people up."""

    def find(self, criteria: Sequence[Criteria]) -> list[Found]:
        """Whom each of them fits."""

    def by_code(self, codes: Sequence[int]) -> list[Found]:
        """The record of now of people who were found before; NONE where it is erased."""


class RegisterHolder:
    """The register of a governor or of J-LIS."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def find(self, criteria: Sequence[Criteria]) -> list[Found]:
        """Whom each of them fits, as of the last notice that was received."""
        self._node.read_own_writes()
        with self._node.register.read() as db:
            candidates = _candidates(db, criteria)
            held = people.current_of(db, {code for codes in candidates for code in codes})
            found = [
                _one([_found(code, one) for code in codes for one in held.get(code, ()) if fits(asked, one.body)])
                for asked, codes in zip(criteria, candidates, strict=True)
            ]
            return [self._with_arrival(db, one) for one in found]

    def by_code(self, codes: Sequence[int]) -> list[Found]:
        """The records of now."""
        self._node.read_own_writes()
        with self._node.register.read() as db:
            held = people.current_of(db, set(codes))
            found = [_one([_found(code, one) for one in held.get(code, ())]) for code in codes]
            return [self._with_arrival(db, one) for one in found]

    def _with_arrival(self, db: Connection, found: Found) -> Found:
        """A governor who was left hears of the 転入届 by the 転出確定通知; J-LIS has the new record instead."""
        if not found.awaits_move_in or self._node.identity.kind != "prefecture":
            return found
        return replace(found, arrived=people.is_confirmed(db, found.code, found.area_code))


def change_of(kind: int, reason: int, date: int) -> ipb.Change:
    """A change as the register keeps it, for the wire; the date is a number, 20210601, 0 if it is unknown."""
    year, month, day = date // 10_000, date // 100 % 100, date % 100
    return ipb.Change(
        kind=ipb.ChangeKind.ValueType(kind), reason=ipb.ChangeReason.ValueType(reason),
        change_date=Date(year=year, month=month, day=day) if date else None,
    )  # fmt: skip


def key_of(criteria: Criteria) -> Key:
    """By what it asks; the narrowest key counts."""
    if criteria.resident_code:
        return Key.RESIDENT_CODE
    return Key.INDIVIDUAL_NUMBER if criteria.individual_number else Key.FOUR_ITEMS


def record(found: Found, withheld: Sequence[int]) -> pb.ProvidedRecord:
    """What goes out about somebody."""
    person = ipb.Identification.FromString(found.body)
    person.ClearField("area_code")  # of the record, and none of the items
    for field in withheld:
        for name in _NAMES.get(field, ()):
            person.ClearField(name)  # type: ignore[arg-type]
    return pb.ProvidedRecord(identification=person, change=found.change(), awaits_move_in=found.awaits_move_in)


_NAMES: dict[int, tuple[str, ...]] = {
    pb.IDENTIFICATION_FIELD_NAME_KANA: ("name_kana", "former_surname_kana"),
    pb.IDENTIFICATION_FIELD_INDIVIDUAL_NUMBER: ("individual_number",),
    pb.IDENTIFICATION_FIELD_RESIDENT_CODE: ("resident_code",),
}


def _found(code: int, held: people.Held) -> Found:
    result = Result.FOUND if held.live else Result.REMOVED
    return Found(result, code, held.body, held.area_code, held.kind, held.reason, held.change_date)


def _one(matching: Sequence[Found]) -> Found:
    """The one person they are all records of: the live one, else the one heard last."""
    if len({found.code for found in matching}) > 1:
        return SEVERAL
    return next((found for found in matching if found.result is Result.FOUND), matching[0] if matching else NOBODY)


def _candidates(db: Connection, criteria: Sequence[Criteria]) -> list[list[int]]:
    """For each, the codes of now that its key leads to: a person whose code was changed is one person."""
    numbers = people.codes_of_numbers(db, {int(one.individual_number) for one in criteria if one.individual_number})
    keys = {id(one): _key(one) for one in criteria if key_of(one) is Key.FOUR_ITEMS}
    names = people.codes_of_names(db, set(keys.values()))
    found = [
        [int(one.resident_code)]
        if one.resident_code
        else numbers.get(int(one.individual_number), [])
        if one.individual_number
        else names.get(keys[id(one)], [])
        for one in criteria
    ]
    changed = people.changed(db, {code for codes in found for code in codes})
    ends = {code: int(register.codes_after(db, f"{code:011d}")[-1]) for code in changed}
    return [list(dict.fromkeys(ends.get(code, code) for code in codes)) for codes in found]


def _key(criteria: Criteria) -> int:
    return name_key(criteria.name, criteria.birth_date, criteria.sex)


def fits(criteria: Criteria, body: bytes) -> bool:
    """Whatever is named must agree; the code led here, maybe by one that was."""
    person = ipb.Identification.FromString(body)
    born, asked = person.birth_date, criteria.birth_date
    return (
        criteria.individual_number in ("", person.individual_number)
        and criteria.name in ("", person.name)
        and (not asked.year or (asked.year, asked.month, asked.day) == (born.year, born.month, born.day))
        and int(criteria.sex) in (0, person.sex)
        and person.address.startswith(criteria.address_prefix)
    )
