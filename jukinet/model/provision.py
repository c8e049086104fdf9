"""提供: forms, items and results as the contract numbers them, and what an office asks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Form(IntEnum):
    """利用方法."""

    IMMEDIATE = 1
    LINE = 2
    MEDIUM = 3

    @property
    def japanese(self) -> str:
        """As the ministry's tables have it."""
        return ("即時提供", "電気通信回線", "磁気媒体")[self - 1]


class Key(IntEnum):
    """By what a person is asked for."""

    INDIVIDUAL_NUMBER = 1
    RESIDENT_CODE = 2
    FOUR_ITEMS = 3


class Field(IntEnum):
    """本人確認情報, item by item."""

    NAME = 1
    NAME_KANA = 2
    BIRTH_DATE = 3
    SEX = 4
    ADDRESS = 5
    INDIVIDUAL_NUMBER = 6
    RESIDENT_CODE = 7
    CHANGE = 8

    @property
    def japanese(self) -> str:
        """As the law calls the item."""
        return ("氏名", "振り仮名", "出生の年月日", "男女の別", "住所", "個人番号", "住民票コード", "変更情報")[
            self - 1
        ]


class Result(IntEnum):
    """How one person was asked for and found."""

    FOUND = 1
    REMOVED = 2
    NONE = 3
    SEVERAL = 4
    VIA_GOVERNOR = 5
    OWN_GOVERNOR = 6
    MALFORMED = 7
    HIT = 8
    """One of several that a search listed; a record that was consulted is FOUND or REMOVED."""

    @property
    def goes_out(self) -> bool:
        """Whether 本人確認情報 goes with it."""
        return self in (Result.FOUND, Result.REMOVED, Result.HIT)

    @property
    def is_elsewhere(self) -> bool:
        """Whether the law has another way for it."""
        return self in (Result.VIA_GOVERNOR, Result.OWN_GOVERNOR)

    @property
    def japanese(self) -> str:
        """For people."""
        return ("該当あり", "消除", "該当なし", "複数該当", "知事経由", "自都道府県知事", "不備", "検索該当")[self - 1]


_ITEMS = ("氏名", "振り仮名", "出生の年月日", "男女の別", "住所", "個人番号", "住民票コード", "変更情報")


class OrdinanceKind(IntEnum):
    """On which article an ordinance lets 本人確認情報 go out."""

    NUMBER_USE = 1
    """番号法9条2項: 30条の10, 30条の11, 30条の12, 各1項2号."""
    GOVERNOR = 2
    """30条の13: by the governor, to others."""
    MAYOR = 3
    """30条の14: by the mayor, to other municipalities."""
    OWN_USE = 4
    """30条の15第1項第2号: by the governor, for the own affairs."""
    OWN_ORGANS = 5
    """30条の15第2項第2号: by the governor, to other organs of the prefecture."""


@dataclass(frozen=True, slots=True)
class Ordinance:
    """A 条例事務 in force: whom it names for what."""

    id: str
    kind: OrdinanceKind
    recipients: frozenset[str]
    """Offices, by id."""
    affair: str
    uses_number: bool = False
    """Whether it lets 個人番号 be used (番号法9条2項)."""


REGISTER_AFFAIR = "register"
"""住民基本台帳に関する事務."""
ORDINANCE = "ordinance/"
COOPERATION, CONSENT, STATISTICS = "cooperation", "consent", "statistics"
"""法30条の22第2項; 法30条の15第1項第3号, 第4号."""
