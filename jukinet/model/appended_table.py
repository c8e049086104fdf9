"""別表第一 to 別表第六: which office may be given 本人確認情報 for which 事務, as the tables stood on a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from jukinet.data import rows as _read

TABLES = range(1, 7)
SNAPSHOTS = (date(2021, 4, 1), date(2021, 6, 1), date(2026, 6, 14))
"""Days of which the tables are known."""

_AND = re.compile("又は|若しくは|及び|並びに|、")
# A conjunction inside a name is none between bodies.
_WHOLE = (
    "社債、株式等の振替に関する法律",
    "公的年金制度の健全性及び信頼性の確保のための",
    "社会福祉士及び介護福祉士法",
    "あん摩マツサージ指圧師、はり師、きゆう師等に関する法律",
    "液化石油ガスの保安の確保及び取引の適正化に関する法律",
    "特定公的給付の支給を実施する国の機関又は法人",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One 項. `number_item` is the 項 of 番号法別表第一 that lets the office use 個人番号 for it, else "no"."""

    table: int
    item: str
    item_id: str
    recipient: str
    basis_law: str
    affair: str
    number_item: str

    @property
    def id(self) -> str:
        """Table and 項, e.g. "1-74"."""
        return f"{self.table}-{self.item_id}"

    @property
    def recipients(self) -> tuple[str, ...]:
        """The single bodies of 上欄."""
        return bodies(self.recipient)


def snapshot(on: date) -> date:
    """The day whose tables stand for this one: the last at or before it; before the first, the first."""
    return max((day for day in SNAPSHOTS if day <= on), default=SNAPSHOTS[0])


def is_approximate(on: date) -> bool:
    """Whether the tables of another day stand for this one's."""
    return on not in SNAPSHOTS


def rows(table: int, on: date) -> tuple[Row, ...]:
    """The 項 of a table in force on a day."""
    return _rows(table, snapshot(on))


def find(affair: str, on: date) -> Row | None:
    """The 項 that an id names; None if the day's tables have none."""
    return _by_id(snapshot(on)).get(affair)


@cache
def bodies(recipient: str) -> tuple[str, ...]:
    """The single bodies that an entry of 上欄 names."""
    text, kept = recipient, []
    for number, whole in enumerate(_WHOLE):
        text = text.replace(whole, f"〔{number}〕")
    for part in _AND.split(text):
        for number, whole in enumerate(_WHOLE):
            part = part.replace(f"〔{number}〕", whole)
        kept.append(part)
    return tuple(dict.fromkeys(kept))


@cache
def _rows(table: int, day: date) -> tuple[Row, ...]:
    found = _read(f"appended_tables/appended_table_{table}_{day.isoformat()}.csv")
    return tuple(Row(table=table, **{name: row[name] for name in _COLUMNS}) for row in found)


@cache
def _by_id(day: date) -> dict[str, Row]:
    return {row.id: row for table in TABLES for row in _rows(table, day)}


_COLUMNS = ("item", "item_id", "recipient", "basis_law", "affair", "number_item")
