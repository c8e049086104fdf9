"""戸籍の附票 and the notices from 戸籍 offices as values (住基法第9条第2項, 第16条–第19条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from jukinet.model.dates import PartialDate
from jukinet.model.identification import ChangeReason, Sex

UNKNOWN = PartialDate()


class MismatchReason(IntEnum):
    """Why a notice does not fit the 戸籍 (法19条2項); the values of the wire."""

    UNSPECIFIED = 0
    HEAD_UNKNOWN = 1
    PERSON_UNKNOWN = 2
    NAME_DIFFERS = 3
    BIRTH_DATE_DIFFERS = 4
    SEX_DIFFERS = 5
    REGISTER_TRANSFERRED = 6

    @property
    def japanese(self) -> str:
        """In a clerk's words."""
        return _MISMATCHES[self]


_MISMATCHES = (
    "",
    "筆頭者に該当する戸籍がない",
    "戸籍に記載がない",
    "氏名が戸籍と異なる",
    "出生の年月日が戸籍と異なる",
    "男女の別が戸籍と異なる",
    "転籍により除かれた戸籍である",
)


class RegistrationEvent(IntEnum):
    """What a 戸籍の届出 brings about at the 住所地 (法9条2項); the values of the wire."""

    UNSPECIFIED = 0
    BIRTH = 1
    DEATH = 2
    MARRIAGE = 3
    DOMICILE_TRANSFER = 4

    @property
    def japanese(self) -> str:
        """The word of 戸籍法."""
        return ("", "出生", "死亡", "婚姻", "転籍")[self]


@dataclass(frozen=True, slots=True)
class SupplementaryNotice:
    """戸籍の附票記載事項通知 (法19条1項): the items of one person as they are now.

    `settled_date` is None where the 住所 was only written anew (住居表示 and the like). `former_name` is the 氏名 until
    now; `area_code` names the 住所地 that tells. `change_date` and `reason` are our assumption.
    """

    registered_domicile: str
    registered_head: str
    name: str
    address: str
    change_date: date
    reason: ChangeReason
    area_code: str
    settled_date: date | None = None
    name_kana: str = ""
    birth_date: PartialDate = UNKNOWN
    sex: Sex = Sex.UNSPECIFIED
    resident_code: str = ""
    moved_abroad: bool = False
    former_name: str = ""


@dataclass(frozen=True, slots=True)
class SupplementaryAddress:
    """住所 and 住所を定めた年月日 of one time; `told_by` is the area that told it."""

    address: str
    settled_date: date | None
    moved_abroad: bool = False
    told_by: str = ""
    told_on: date | None = None


@dataclass(frozen=True, slots=True)
class SupplementaryEntry:
    """One person of a 戸籍の附票 (法17条); `current` is None before any 住所 was told.

    `former_name` only lets a notice that was overtaken by a change of 氏名 find the person.
    """

    area_code: str
    registered_domicile: str
    registered_head: str
    name: str
    name_kana: str = ""
    birth_date: PartialDate = UNKNOWN
    sex: Sex = Sex.UNSPECIFIED
    resident_code: str = ""
    current: SupplementaryAddress | None = None
    former: tuple[SupplementaryAddress, ...] = ()
    from_family_register: bool = False
    removed_date: date | None = None
    transferred_to: str = ""
    former_name: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class SupplementaryTransfer:
    """What the 原籍地 tells the 新本籍地 (法19条3項): the items of the 附票 of a 戸籍."""

    registered_domicile: str
    registered_head: str
    new_registered_domicile: str
    transfer_date: date
    area_code: str
    entries: tuple[SupplementaryEntry, ...]


@dataclass(frozen=True, slots=True)
class SupplementaryMismatch:
    """戸籍と合わない旨 (法19条2項). `found_here`: this is the 本籍地 that found it, not the 住所地 that was told."""

    notice: SupplementaryNotice
    reason: MismatchReason
    area_code: str
    found_date: date
    found_here: bool = True
    by_line: bool = False
    id: int = 0


@dataclass(frozen=True, slots=True)
class RegistrationNotice:
    """戸籍届書等による住民票記載事項通知 (法9条2項); its fields are our assumption, the law names none.

    The person is found by 氏名, 出生の年月日, 男女の別 and 住所: a 受理地 knows no 住民票コード.
    """

    event: RegistrationEvent
    event_date: date
    name: str
    birth_date: PartialDate
    sex: Sex
    address: str
    residence_area_code: str
    accepting_area_code: str
    accept_date: date
    name_kana: str = ""
    relationship: str = ""
    head_name: str = ""
    new_name: str = ""
    new_name_kana: str = ""
    registered_domicile: str = ""
    registered_head: str = ""
