"""The fields of a 住民票, each with how far it travels and where the law names it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Reach(IntEnum):
    """How far a field travels by law; the values of the wire."""

    IDENTIFICATION = 1
    CHANGE = 2
    CONFIRMATION = 3
    STAYS = 4

    @property
    def goes_up(self) -> bool:
        """Whether it is notified upward as 本人確認情報, 変更情報 included (法30条の6第1項)."""
        return self in (Reach.IDENTIFICATION, Reach.CHANGE)

    @property
    def japanese(self) -> str:
        """For people."""
        return ("本人確認情報", "変更情報", "転出確定通知", "市町村のみ")[self - 1]


class Standing(IntEnum):
    """Where a record stands that a node holds; the values of the wire."""

    LIVE = 1
    MOVING_OUT = 2
    REMOVED = 3
    SUPERSEDED = 4

    @property
    def japanese(self) -> str:
        """For people."""
        return ("現住", "転出予定", "除票", "他の記録に置換")[self - 1]


class PersonKind(IntEnum):
    """Of whom something is to be true; the values of the wire."""

    ANYONE = 1
    COUPLE = 2
    FAMILY_WITH_CHILD = 3
    MOVED_PREFECTURE = 4
    MOVED_WITHIN = 5
    FOREIGN_WITH_ALIAS = 6
    UNDER_SUPPORT = 7
    FORMER_SURNAME = 8
    CODE_CHANGED = 9
    REMOVED = 10
    BORN_HERE = 11

    @property
    def japanese(self) -> str:
        """For people."""
        return _KINDS[self - 1]


_KINDS = (
    "住民",
    "夫婦の世帯主",
    "子のある世帯主",
    "他の都道府県からの転入者",
    "転居した者",
    "通称のある外国人住民",
    "支援措置の対象者",
    "旧氏のある者",
    "住民票コードの変わった者",
    "除票",
    "出生による記載の者",
)


@dataclass(frozen=True, slots=True)
class Item:
    """A field: its name for programs, the law's, how far it travels, where the law names it."""

    key: str
    japanese: str
    reach: Reach
    article: str


_UP, _CHANGE, _CONFIRMED, _STAYS = Reach
_FOREIGN = "住基法第30条の45"

ITEMS = {
    item.key: item
    for item in (
        Item("resident_code", "住民票コード", _UP, "住基法第7条第13号"),
        Item("individual_number", "個人番号", _UP, "住基法第7条第8号の2"),
        Item("name", "氏名", _UP, "住基法第7条第1号"),
        Item("name_kana", "氏名の振り仮名", _UP, "住基法第7条第1号の2"),
        Item("former_surname", "旧氏", _UP, "住基令第30条の13"),
        Item("former_surname_kana", "旧氏の振り仮名", _UP, "住基令第30条の13"),
        Item("alias", "通称", _UP, "住基令第30条の16"),
        Item("birth_date", "出生の年月日", _UP, "住基法第7条第2号"),
        Item("sex", "男女の別", _UP, "住基法第7条第3号"),
        Item("address", "住所", _UP, "住基法第7条第7号"),
        Item("residency", "日本人住民・外国人住民の別", _UP, "住基令第30条の21"),
        Item("area_code", "全国地方公共団体コード", _UP, ""),
        Item("removal_reason", "消除の事由", _CHANGE, "住基令第30条の5"),
        Item("removal_date", "消除の事由が生じた年月日", _CHANGE, "住基令第30条の5"),
        Item("confirmed_move_out_date", "転出確定年月日", _CONFIRMED, "住基令第13条"),
        Item("confirmed_destination", "確定した転出先", _CONFIRMED, "住基令第13条"),
        Item("relationship", "世帯主との続柄", _STAYS, "住基法第7条第4号"),
        Item("head_name", "世帯主の氏名", _STAYS, "住基法第7条第4号"),
        Item("registered_domicile", "本籍", _STAYS, "住基法第7条第5号"),
        Item("registered_head", "戸籍の筆頭者", _STAYS, "住基法第7条第5号"),
        Item("resident_since", "住民となつた年月日", _STAYS, "住基法第7条第6号"),
        Item("address_since", "住所を定めた年月日", _STAYS, "住基法第7条第7号"),
        Item("report_date", "届出の年月日", _STAYS, "住基法第7条第8号"),
        Item("former_address", "従前の住所", _STAYS, "住基法第7条第8号"),
        Item("birth_date_text", "出生の年月日の文言", _STAYS, ""),
        Item("planned_move_out_date", "転出の予定年月日", _STAYS, "住基法第24条"),
        Item("planned_destination", "届出による転出先", _STAYS, "住基法第24条"),
        Item("nationality", "国籍等", _STAYS, _FOREIGN),
        Item("category", "法第30条の45の区分", _STAYS, _FOREIGN),
        Item("foreign_resident_since", "外国人住民となつた年月日", _STAYS, _FOREIGN),
        Item("status_of_residence", "在留資格", _STAYS, _FOREIGN),
        Item("period_of_stay", "在留期間", _STAYS, _FOREIGN),
        Item("expiry", "在留期間の満了の日", _STAYS, _FOREIGN),
        Item("card_number", "在留カード等の番号", _STAYS, _FOREIGN),
        Item("support_last_date", "支援措置の最終日", _STAYS, "事務処理要領"),
        Item("opt_out", "非通知の申出", _STAYS, ""),
    )
}
"""In the order in which they are shown."""
