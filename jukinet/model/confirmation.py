"""How it was made sure who somebody is: by what an inquiry searched, and what was compared beyond that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum


class Searched(IntEnum):
    """By what an inquiry searched; never the values. The values of the wire."""

    UNSPECIFIED = 0
    RESIDENT_CODE = 1
    INDIVIDUAL_NUMBER = 2
    NAME_BIRTH_DATE_SEX = 3
    ADDRESS = 4


class Compared(IntEnum):
    """What was compared beyond what was searched by; the values of the wire."""

    UNSPECIFIED = 0
    FORMER_ADDRESS = 1
    HOUSEHOLD = 2
    IDENTITY_DOCUMENT = 3
    FAMILY_REGISTER = 4
    FORMER_MUNICIPALITY = 5
    OTHER = 6

    @property
    def japanese(self) -> str:
        """In the clerk's words."""
        return ("", "従前の住所", "世帯員", "本人確認書類", "戸籍の表示", "従前の市町村への確認", "その他")[self]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a clerk compared, and in words how; nothing of both where nothing was."""

    compared: tuple[Compared, ...] = ()
    words: str = ""


UNCONFIRMED = Confirmation()


@dataclass(frozen=True, slots=True)
class Inquiry:
    """An inquiry, without what it told of anybody. `about` is the name key of whom it looked for; 0 if not by name."""

    id: int
    day: date
    operator_id: str
    searched: tuple[Searched, ...]
    about: int
    hits: int
    truncated: bool
