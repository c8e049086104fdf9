"""広域交付: what 交付地 asks, and what 住所地 answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jukinet.model.dates import PartialDate
from jukinet.model.identification import Sex


@dataclass(frozen=True, slots=True)
class WideAreaItems:
    """Which of the items that are left out unless asked for were asked for (法12条の4第4項)."""

    relationship: bool = False
    """法7条4号."""
    individual_number: bool = False
    """法7条8号の2."""
    resident_code: bool = False
    """法7条13号."""


@dataclass(frozen=True, slots=True)
class WideAreaRequest:
    """令15条の3第1項. `member_names` are those of the household whom the copy shall show, besides or instead."""

    area_code: str
    requester_name: str
    resident_code: str
    whole_household: bool = False
    member_names: tuple[str, ...] = ()
    items: WideAreaItems = WideAreaItems()


@dataclass(frozen=True, slots=True)
class WideAreaRecord:
    """One person of the copy (令15条の3第2項); empty where the 住民票 says nothing, or was not to say it."""

    name: str
    birth_date: PartialDate
    sex: Sex
    address: str
    former_surname: str = ""
    alias: str = ""
    birth_date_text: str = ""
    resident_since: date | None = None
    address_since: date | None = None
    report_date: date | None = None
    former_address: str = ""
    relationship: str = ""
    head_name: str = ""
    individual_number: str = ""
    resident_code: str = ""
    requester: bool = False
