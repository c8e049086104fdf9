"""本人確認情報 and 変更情報 as values (domain: 住基法第30条の6第1項, 住基令第30条の5, 規則第11条)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from jukinet.model.confirmation import UNCONFIRMED, Confirmation
from jukinet.model.dates import PartialDate
from jukinet.model.foreign import ForeignItems


class Sex(IntEnum):
    """男女の別 (法7条3号); the values of the wire."""

    UNSPECIFIED = 0
    MALE = 1
    FEMALE = 2


class Residency(IntEnum):
    """日本人住民 or 外国人住民 (令30条の21); the values of the wire."""

    UNSPECIFIED = 0
    JAPANESE = 1
    FOREIGN = 2


class ChangeKind(IntEnum):
    """令30条の5各号; the values of the wire."""

    UNSPECIFIED = 0
    ENTRY = 1
    DELETION = 2
    CORRECTION = 3
    NUMBER_CORRECTION = 4
    CODE_CORRECTION = 5

    @property
    def japanese(self) -> str:
        """The word of the ordinance."""
        return ("", "記載", "消除", "記載の修正", "個人番号の記載の修正", "住民票コードの記載の修正")[self]


class ChangeReason(IntEnum):
    """事由 (規則11条), complete; the values of the wire."""

    UNSPECIFIED = 0
    MOVE_IN = 1
    MOVE_IN_FROM_ABROAD = 2
    BIRTH = 3
    EX_OFFICIO_ENTRY_NATURALIZATION = 4
    EX_OFFICIO_ENTRY_NATIONALITY_LOSS = 5
    EX_OFFICIO_ENTRY = 6
    MOVE_OUT = 7
    MOVE_OUT_ABROAD = 8
    DEATH = 9
    EX_OFFICIO_DELETION_NATURALIZATION = 10
    EX_OFFICIO_DELETION_NATIONALITY_LOSS = 11
    EX_OFFICIO_DELETION = 12
    RELOCATION = 13
    MINOR_CORRECTION = 14
    EX_OFFICIO_CORRECTION = 15
    NUMBER_CHANGE_REQUEST = 16
    NUMBER_EX_OFFICIO_CORRECTION = 17
    NUMBER_EX_OFFICIO_ENTRY = 18
    CODE_CHANGE_REQUEST = 19
    CODE_EX_OFFICIO_ENTRY = 20

    @property
    def japanese(self) -> str:
        """The words of the regulation."""
        return _REASONS[self]


_REASONS = (
    "",
    "国内転入",
    "国外転入等",
    "出生",
    "職権記載等（帰化等）",
    "職権記載等（国籍喪失）",
    "職権記載等",
    "国内転出",
    "国外転出",
    "死亡",
    "職権消除等（帰化等）",
    "職権消除等（国籍喪失）",
    "職権消除等",
    "転居",
    "軽微な修正",
    "職権修正等",
    "個人番号の変更請求",
    "個人番号の職権修正",
    "個人番号の職権記載等",
    "住民票コードの変更請求",
    "住民票コードの職権記載等",
)


@dataclass(frozen=True, slots=True)
class Identification:
    """本人確認情報. `individual_number` is empty between 記載 and 指定."""

    resident_code: str
    individual_number: str
    name: str
    name_kana: str
    birth_date: PartialDate
    sex: Sex
    address: str
    residency: Residency
    area_code: str
    former_surname: str = ""
    former_surname_kana: str = ""
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """変更情報."""

    kind: ChangeKind
    reason: ChangeReason
    change_date: date
    former_individual_number: str = ""
    former_resident_code: str = ""
    former_area_code: str = ""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person who comes onto a register, before any number. `birth_date_text` is what is written where 不詳."""

    name: str
    birth_date: PartialDate
    sex: Sex
    relationship: str
    name_kana: str = ""
    former_surname: str = ""
    former_surname_kana: str = ""
    alias: str = ""
    birth_date_text: str = ""
    residency: Residency = Residency.JAPANESE
    registered_domicile: str = ""
    registered_head: str = ""


@dataclass(frozen=True, slots=True)
class MoveInNotice:
    """転入通知 (法9条第1項); its fields are our assumption, the law names none.

    `withdrawn` takes back one that was sent: the code in it was another's (令30条の4).
    """

    resident_code: str
    name: str
    birth_date: PartialDate
    sex: Sex
    new_address: str
    move_in_date: date
    report_date: date
    former_address: str
    new_area_code: str
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class CertificateMember:
    """One person of a 転出証明書 (令23条第2項)."""

    identification: Identification
    relationship: str
    head_name: str
    birth_date_text: str = ""
    registered_domicile: str = ""
    registered_head: str = ""
    national_health_insurance: bool = False
    late_stage_medical_care: bool = False
    long_term_care_insurance: bool = False
    national_pension_class: str = ""
    child_allowance: bool = False
    foreign_items: ForeignItems | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """転出証明書."""

    members: tuple[CertificateMember, ...]
    former_address: str
    former_area_code: str
    destination: str
    planned_date: date
    issue_date: date


class CodeBasis(IntEnum):
    """Which 住民票コード somebody gets (法30条の3, 令30条の2); the values of the wire."""

    UNSPECIFIED = 0
    CARRIED_OVER = 1
    NEVER_RECORDED = 2
    NOT_DETERMINABLE = 3


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who comes without certificate: `inquiry_id` and `hit` (from 1) tell whose code is carried over.

    For a new code the inquiry is the one that found nobody; `not_inquired` says why none was possible.
    """

    person: NewPerson
    code_basis: CodeBasis
    inquiry_id: int = 0
    hit: int = 0
    confirmation: Confirmation = UNCONFIRMED
    not_inquired: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody lived before."""

    area_code: str
    address: str


@dataclass(frozen=True, slots=True)
class Criteria:
    """Whom to look for: a code, a number, or name, birth date and sex; the rest narrows."""

    resident_code: str
    individual_number: str
    name: str
    birth_date: PartialDate
    sex: Sex
    address_prefix: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that J-LIS told of. `live` is as of the inquiry."""

    person: Identification
    live: bool
    reason: ChangeReason
    article: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """Who acts, and why."""

    request_id: str
    verification_id: str
    operator_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an act left behind."""

    resident_ids: tuple[int, ...] = field(default=())
    household_id: int = 0
    notices: int = 0
