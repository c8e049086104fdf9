"""What a correction is made for: closed lists of the law, as values."""

from __future__ import annotations

from enum import IntEnum


class MinorItem(IntEnum):
    """規則11条第3項第2号イ–ト; the values of the wire."""

    UNSPECIFIED = 0
    PLAIN_CHARACTER = 1
    CHARACTER_IDENTIFICATION = 2
    AREA_NAME = 3
    LOT_NUMBER = 4
    RESIDENCE_INDICATION = 5
    BUILDING = 6
    RECOGNIZED = 7

    @property
    def japanese(self) -> str:
        """The words of the regulation, shortened."""
        return _ITEMS[self]


_ITEMS = (
    "",
    "イ 常用平易な文字への変更",
    "ロ 文字の同定",
    "ハ 行政区画・町字名の変更",
    "ニ 地番の変更",
    "ホ 住居表示",
    "ヘ 共同住宅等の名称の変更",
    "ト 総務大臣が適当と認めるもの",
)


class NumberChangeCause(IntEnum):
    """On whose initiative a 個人番号 is changed (番号令3条, 4条); the values of the wire."""

    UNSPECIFIED = 0
    REQUEST = 1
    EX_OFFICIO = 2
