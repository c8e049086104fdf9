"""本人確認情報の提供及び利用 (法30条の9 – 30条の15): from whom, to whom, for what, which items. Deny by default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jukinet.law.amendments import READINGS
from jukinet.law.basis import basis, state
from jukinet.model import appended_table, areas
from jukinet.model.appended_table import Row
from jukinet.model.offices import Office, is_recipient
from jukinet.model.provision import CONSENT, COOPERATION, ORDINANCE, STATISTICS, Field, Key, Ordinance, OrdinanceKind
from jukinet.model.reason import Reason

NOT_AN_ITEM = "住基法第7条第1号の2（令和7年5月26日から）"
_KANJI = "〇一二三四五六"
OF_EVERYBODY = frozenset({Field.NAME, Field.BIRTH_DATE, Field.SEX, Field.ADDRESS, Field.CHANGE})

state("provide_identification", "住基法第30条の9から第30条の15まで", "本人確認情報の提供・利用（即時提供）")
state("provide_bulk", "住基法第30条の9から第30条の15まで", "本人確認情報の提供・利用（一括提供）")
state("anchor_tree_head", "住基法第30条の24", "安全確保の措置としての操作記録の固定（当方の定め）")
for _name, _caption in (
    ("open_bulk_file", "一括提供のファイルの開始"),
    ("upload_bulk_page", "一括提供のファイルの送信"),
    ("get_bulk_file", "一括提供のファイルの状況"),
    ("download_bulk_page", "一括提供の回答の受信"),
    ("close_bulk_file", "一括提供のファイルの終了"),
):
    state(_name, "住基令第30条の8第1号", _caption)
state("report_misuse", "住基法第30条の24", "安全確保の措置としての操作記録の点検（点検の項目は当方の定め）")
state("load_medium", "住基令第30条の8第2号", "磁気ディスクの送付による提供")
state("publish_provision_state", "住基法第30条の16", "提供の状況の公表")
state("keep_provision_ledger", "住基法第30条の18", "帳簿の備付け")
state(
    "pass_on_provision", "住基法第30条の12第1項第1号、第30条の13第3項", "都道府県知事を経た求めによる本人確認情報の提供"
)
state("provide_via_governor", "住基法第30条の12第1項第1号、第30条の13第3項", "都道府県知事を経た求め")


@dataclass(frozen=True, slots=True)
class Provider:
    """Who keeps what is asked for: J-LIS, a governor or a mayor."""

    kind: str
    area_code: str


@dataclass(frozen=True, slots=True)
class Provision:
    """What the law says to one question; `elsewhere` where it is allowed, by another way."""

    allowed: bool
    article: str = ""
    reason: Reason | None = None
    missing: str = ""
    """The clause that does not hold."""
    affair: str = ""
    fields: frozenset[Field] = frozenset()
    withheld: tuple[tuple[Field, str], ...] = ()
    elsewhere: str = ""
    """"governor": through the office's own; "own store": the office's own governor keeps it."""

    @property
    def uses_number(self) -> bool:
        """Whether the office may use 個人番号, also to ask by."""
        return Field.INDIVIDUAL_NUMBER in self.fields


VIA_GOVERNOR, OWN_STORE = "governor", "own store"


def decide(
    provider: Provider,
    office: Office,
    affair: str,
    on: date,
    notifying: str | None = None,
    *,
    via: bool = False,
    ordinance: Ordinance | None = None,
) -> Provision:
    """Which clause lets this office have it from this provider on this day, if any.

    `notifying` is the code of the 通知都道府県; without it the answer is whether there is any person about whom the
    office might be told. `via` says that the office's own governor brought the question. `ordinance` is the one that
    the affair names, where it is in force here.
    """
    if affair.startswith(ORDINANCE):
        return _by_ordinance(provider, office, affair, on, notifying, via, ordinance)
    if affair in (COOPERATION, CONSENT, STATISTICS):
        return _by_purpose(provider, office, affair, on, notifying)
    row = appended_table.find(affair, on)
    if row is None:
        return _deny(Reason.AFFAIR_UNKNOWN, "住基法別表第一から別表第六まで（その日の表にこの項がない）")
    if provider.kind == "jlis":
        return _from_center(office, row, on, notifying, via)
    if provider.kind == "prefecture":
        return _from_governor(provider, office, row, on)
    return _deny(Reason.PROVIDER_NOT_NAMED, "住基法第30条の14（市町村長の提供は条例による）")


def may_ask_by(key: Key, found: Provision) -> bool:
    """個人番号 only for whoever may use it, 住民票コード only where it goes out too."""
    if key is Key.INDIVIDUAL_NUMBER:
        return found.uses_number
    return key is Key.FOUR_ITEMS or Field.RESIDENT_CODE in found.fields


def _from_center(office: Office, row: Row, on: date, notifying: str | None, via: bool) -> Provision:
    if office.kind == "national":
        return provide_to_national_office(office, row, on)
    own = areas.prefecture_of(office.area_code).code
    if office.kind == "municipality":
        near = provide_to_municipality(office, row, on)
        far = provide_to_far_municipality(office, row, on, via)
        if notifying is None:
            return near if near.allowed or not far.allowed else far
        return near if notifying == own else far
    if notifying == own:
        return Provision(True, "住基法第30条の15", affair=row.id, elsewhere=OWN_STORE)
    return provide_to_far_prefecture(office, row, on)


@basis("住基法第30条の9", "国の機関等への本人確認情報の提供")
def provide_to_national_office(office: Office, row: Row, on: date) -> Provision:
    """別表第一の上欄の機関から下欄の事務の処理に関し求めがあったとき、住民票コード以外のものを提供する。"""
    return _by_row(office, row, on, 1, "住基法第30条の9", "住基法第30条の9ただし書")


@basis("住基法第30条の10第1項第1号", "通知都道府県の区域内の市町村の執行機関への提供")
def provide_to_municipality(office: Office, row: Row, on: date) -> Provision:
    """別表第二による。"""
    return _by_row(office, row, on, 2, "住基法第30条の10第1項第1号", "住基法第30条の10第1項ただし書")


@basis("住基法第30条の11第1項第1号", "通知都道府県以外の都道府県の執行機関への提供")
def provide_to_far_prefecture(office: Office, row: Row, on: date) -> Provision:
    """別表第三による。"""
    return _by_row(office, row, on, 3, "住基法第30条の11第1項第1号", "住基法第30条の11第1項ただし書")


@basis("住基法第30条の12第1項第1号", "通知都道府県以外の都道府県の市町村の執行機関への提供")
def provide_to_far_municipality(office: Office, row: Row, on: date, via: bool) -> Provision:
    """別表第四による。その都道府県の知事を経て求める。"""
    found = _by_row(office, row, on, 4, "住基法第30条の12第1項第1号", "住基法第30条の12第1項ただし書")
    if not found.allowed or via:
        return found
    return Provision(True, found.article, affair=found.affair, fields=found.fields, elsewhere=VIA_GOVERNOR)


def _from_governor(provider: Provider, office: Office, row: Row, on: date) -> Provision:
    if office.kind != "prefecture" or office.area_code != provider.area_code:
        return _deny(Reason.PROVIDER_NOT_NAMED, "住基法第30条の15（当該都道府県の知事その他の執行機関に限る）")
    return use_by_governor(office, row, on) if office.organ == "governor" else provide_to_own_organ(office, row, on)


@basis("住基法第30条の15第1項第1号", "都道府県知事による利用")
def use_by_governor(office: Office, row: Row, on: date) -> Provision:
    """別表第五に掲げる事務を遂行するとき、住民票コード以外のものを利用することができる。"""
    return _by_row(office, row, on, 5, "住基法第30条の15第1項第1号", "住基法第30条の15第1項ただし書")


@basis("住基法第30条の15第2項第1号", "都道府県の他の執行機関への提供")
def provide_to_own_organ(office: Office, row: Row, on: date) -> Provision:
    """別表第六による。"""
    return _by_row(office, row, on, 6, "住基法第30条の15第2項第1号", "住基法第30条の15第2項ただし書")


def _by_row(office: Office, asked: Row, on: date, table: int, law: str, proviso: str) -> Provision:
    """The row of this table that names office and 事務, if the row that was asked for, or its like, is one."""
    row = asked if asked.table == table else _like(asked, table, on)
    if row is None:
        return _deny(Reason.AFFAIR_NOT_IN_TABLE, f"{law}（別表第{_KANJI[table]}にこの事務の項がない）")
    if not is_recipient(row, office):
        return _deny(Reason.NOT_THE_RECIPIENT, f"{law}（別表第{_KANJI[table]}の{row.item}の項の上欄）")
    number = row.number_item != "no"
    return _allow(law, row.id, on, number=number, number_law=f"{proviso}、番号法第9条第1項")


def _like(asked: Row, table: int, on: date) -> Row | None:
    """The row of another table for the same 事務: which table applies, the asking office cannot know beforehand."""
    there = appended_table.rows(table, on)
    same = [row for row in there if row.affair == asked.affair]
    # The two tables may word one 事務 apart; then law and office tell, if no second row has both.
    worded = [row for row in there if (row.basis_law, row.recipient) == (asked.basis_law, asked.recipient)]
    return same[0] if same else worded[0] if len(worded) == 1 else None


def _by_ordinance(
    provider: Provider, office: Office, affair: str, on: date, notifying: str | None, via: bool, found: Ordinance | None
) -> Provision:
    if found is None:
        return _deny(Reason.ORDINANCE_NOT_IN_FORCE, "条例（この提供元で効力を有するものがない）")
    if office.id not in found.recipients:
        return _deny(Reason.NOT_THE_RECIPIENT, "条例（この機関を定めていない）")
    law = ordinance_clause(provider, office, notifying, found.kind)
    if not law:
        return _deny(Reason.PROVIDER_NOT_NAMED, "住基法第30条の10から第30条の15まで（この提供元と提供先の条例の根拠）")
    if law == "住基法第30条の15":
        return Provision(True, law, affair=affair, elsewhere=OWN_STORE)
    if found.kind in (OrdinanceKind.GOVERNOR, OrdinanceKind.MAYOR):
        if law == "住基法第30条の13第3項" and not via:
            return Provision(True, law, affair=affair, elsewhere=VIA_GOVERNOR)
        return _allow(law, affair, on, number=False, number_law=f"{law}（個人番号を除く）")
    number = found.kind is OrdinanceKind.NUMBER_USE or found.uses_number
    return _allow(law, affair, on, number=number, number_law=f"{law}、番号法第9条第2項")


def ordinance_clause(provider: Provider, office: Office, notifying: str | None, kind: OrdinanceKind) -> str:
    """The clause for this kind of ordinance between these two; empty if there is none."""
    if office.kind == "national":
        return ""
    own = areas.prefecture_of(office.area_code).code
    if provider.kind == "jlis" and kind is OrdinanceKind.NUMBER_USE:
        if office.kind == "prefecture":
            return "住基法第30条の15" if notifying == own else "住基法第30条の11第1項第2号"
        return f"住基法第30条の{10 if notifying in (None, own) else 12}第1項第2号"
    if provider.kind == "municipality" and kind is OrdinanceKind.MAYOR:
        other = office.kind == "municipality" and office.area_code != provider.area_code
        return "住基法第30条の14" if other else ""
    if provider.kind != "prefecture":
        return ""
    here = own == provider.area_code
    if kind is OrdinanceKind.GOVERNOR:
        if office.kind == "municipality":
            return "住基法第30条の13第1項" if here else "住基法第30条の13第3項"
        return "" if here else "住基法第30条の13第2項"
    if office.kind != "prefecture" or not here:
        return ""
    if kind is OrdinanceKind.OWN_USE and office.organ == "governor":
        return "住基法第30条の15第1項第2号"
    return "住基法第30条の15第2項第2号" if kind is OrdinanceKind.OWN_ORGANS and office.organ != "governor" else ""


def _by_purpose(provider: Provider, office: Office, affair: str, on: date, notifying: str | None) -> Provision:
    governor = office.kind == "prefecture" and office.organ == "governor"
    if affair == COOPERATION:
        law = "住基法第30条の11第1項第3号"
        if provider.kind != "jlis" or not governor:
            return _deny(Reason.PROVIDER_NOT_NAMED, f"{law}（機構から都道府県知事に限る）")
        if notifying == office.area_code:
            return Provision(True, "住基法第30条の15", affair=affair, elsewhere=OWN_STORE)
        return _allow(law, affair, on, number=True, code=True)
    law = f"住基法第30条の15第1項第{3 if affair == CONSENT else 4}号"
    if provider.kind != "prefecture" or not governor or office.area_code != provider.area_code:
        return _deny(Reason.PROVIDER_NOT_NAMED, f"{law}（都道府県知事の利用に限る）")
    return _allow(law, affair, on, number=False, number_law="住基法第30条の15第1項ただし書、番号法第9条")


def _allow(law: str, affair: str, on: date, *, number: bool, number_law: str = "", code: bool = False) -> Provision:
    fields, withheld = set(OF_EVERYBODY), []
    for field, goes, why in (
        (Field.NAME_KANA, on >= READINGS, NOT_AN_ITEM),
        (Field.INDIVIDUAL_NUMBER, number, number_law),
        (Field.RESIDENT_CODE, code, f"{law}（住民票コードを除く）"),
    ):
        if goes:
            fields.add(field)
        else:
            withheld.append((field, why))
    return Provision(True, law, affair=affair, fields=frozenset(fields), withheld=tuple(withheld))


def _deny(reason: Reason, missing: str) -> Provision:
    return Provision(False, reason=reason, missing=missing)
