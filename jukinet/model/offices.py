"""機関 that may ask for 本人確認情報: those of 別表第一 by name, those of local bodies by area and organ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from jukinet.data import rows
from jukinet.model import areas
from jukinet.model.appended_table import Row
from jukinet.model.areas import Area

MAYOR, GOVERNOR = "mayor", "governor"
ORGANS = {
    "mayor": "市町村長",
    "governor": "都道府県知事",
    "education": "教育委員会",
    "election": "選挙管理委員会",
    "agriculture": "農業委員会",
    "audit": "監査委員",
    "other": "その他の執行機関",
}
_OF = {
    "municipality": ("mayor", "education", "election", "agriculture", "audit", "other"),
    "prefecture": ("governor", "education", "election", "audit", "other"),
}


@dataclass(frozen=True, slots=True)
class Office:
    """One office. `area_code` and `organ` are empty for those of 別表第一."""

    id: str
    name: str
    kind: str
    area_code: str = ""
    organ: str = ""


@cache
def national() -> dict[str, Office]:
    """The bodies that 別表第一 names at any of its dates; one office stands for a class of bodies."""
    return {row["id"]: Office(row["id"], row["name"], "national") for row in rows("offices.csv")}


@cache
def parse(office_id: str) -> Office:
    """The office behind an id such as "japan-pension-service" or "132152-mayor"; ValueError if there is none."""
    if office_id in national():
        return national()[office_id]
    code, _, organ = office_id.partition("-")
    area = areas.find(code)
    if area is None or organ not in _OF.get(area.kind, ()):
        raise ValueError("no such office: expected an id of 別表第一, or {area_code}-{organ}")
    return Office(office_id, f"{area.full_name}{_title(organ)}", area.kind, code, organ)


def is_recipient(row: Row, office: Office) -> bool:
    """Whether the 上欄 of this 項 names the office."""
    if office.kind == "national":
        return row.table == 1 and office.name in row.recipients
    if row.table not in _TABLES[office.kind]:
        return False
    return any(_names(clause, office) for clause in _clauses(row.recipient))


_TABLES = {"municipality": (2, 4), "prefecture": (3, 5, 6)}


def _clauses(recipient: str) -> list[str]:
    return [recipient] if recipient in _BY_TEXT else recipient.split("又は")


def _names(clause: str, office: Office) -> bool:
    """Whether a wording names this organ of this area; one that is not known here names nobody."""
    organs, whose = _BY_TEXT.get(clause, ((), ()))
    return office.organ in organs and (whose is None or _of_group(office.area_code, whose))


def _of_group(area_code: str, groups: tuple[str, ...]) -> bool:
    area = areas.find(area_code)
    if area is None:
        return False
    return any(_IN_GROUP[group](area) for group in groups)


@cache
def _cities(group: str) -> frozenset[str]:
    return frozenset(row["code"] for row in rows("city_groups.csv") if row["group"] == group)


def _is_city(area: Area) -> bool:
    return area.status in ("city", "special_ward")


def _is_core(area: Area) -> bool:
    return area.is_designated_city or area.code in _cities("core")


_IN_GROUP: dict[str, Callable[[Area], bool]] = {
    "city": _is_city,
    "town": lambda area: area.status in ("town", "village"),
    "designated": lambda area: area.is_designated_city,
    "core": _is_core,
    "health": lambda area: _is_core(area) or area.code in _cities("health_centre") or area.status == "special_ward",
    "bombed": lambda area: area.name in ("広島市", "長崎市"),
    "福島県": lambda area: area.name == "福島県",
    "府県": lambda area: area.name[-1] in "府県",
    "都府県": lambda area: area.name[-1] in "都府県",
    "都県": lambda area: area.name[-1] in "都県",
    "水俣": lambda area: area.name in ("熊本県", "鹿児島県"),
}

_OF_ALL: tuple[str, ...] | None = None
_MAYOR, _GOVERNOR, _SCHOOLS = (MAYOR,), (GOVERNOR,), ("education",)
_BY_TEXT: dict[str, tuple[tuple[str, ...], tuple[str, ...] | None]] = {
    "市町村長": (_MAYOR, _OF_ALL),
    "町村長": (_MAYOR, ("town",)),
    "市町村長その他の執行機関": (_OF["municipality"], _OF_ALL),
    "教育委員会": (_SCHOOLS, _OF_ALL),
    "選挙管理委員会": (("election",), _OF_ALL),
    "農業委員会": (("agriculture",), _OF_ALL),
    "監査委員": (("audit",), _OF_ALL),
    "指定都市の長": (_MAYOR, ("designated",)),
    "指定都市又は中核市の長": (_MAYOR, ("core",)),
    "広島市又は長崎市の長": (_MAYOR, ("bombed",)),
    "保健所を設置する市又は特別区の長": (_MAYOR, ("health",)),
    "都道府県知事": (_GOVERNOR, _OF_ALL),
    "都道府県知事その他の執行機関": (_OF["prefecture"], _OF_ALL),
    "都道府県知事以外の執行機関": (_OF["prefecture"][1:], _OF_ALL),
    "福島県知事": (_GOVERNOR, ("福島県",)),
    "府県知事": (_GOVERNOR, ("府県",)),
    "都府県知事": (_GOVERNOR, ("都府県",)),
    "都県知事": (_GOVERNOR, ("都県",)),
    # What follows is our reading. No list says which towns run a 福祉事務所, so none does; a city named by a 政令 is a
    # designated or core one; whoever may be struck by a disaster, or manage a river, may ask.
    "市長又は福祉事務所を管理する町村長": (_MAYOR, ("city",)),
    "市長又は社会福祉法に規定する福祉に関する事務所を管理する町村長": (_MAYOR, ("city",)),
    "指定都市若しくは中核市又は児童相談所設置市の長": (_MAYOR, ("core",)),
    "指定都市若しくは中核市又は児童福祉法第五十九条の四第一項に規定する児童相談所設置市の長": (_MAYOR, ("core",)),
    "公害健康被害の補償等に関する法律第四条第三項の政令で定める市の長": (_MAYOR, ("core",)),
    "土壌汚染対策法第六十四条の政令で定める市の長": (_MAYOR, ("core",)),
    "廃棄物の処理及び清掃に関する法律第二十四条の二第一項の政令で定める市の長": (_MAYOR, ("core",)),
    "救助実施市の長": (_MAYOR, ("designated",)),
    "災害救助法第二条の二第一項に規定する救助実施市の長": (_MAYOR, ("designated",)),
    "災害発生市町村の長": (_MAYOR, _OF_ALL),
    "災害発生市町村等の長": (_MAYOR, _OF_ALL),
    "災害救助法第二条に規定する災害発生市町村の長": (_MAYOR, _OF_ALL),
    "災害救助法第十一条に規定する災害発生市町村等の長": (_MAYOR, _OF_ALL),
    "河川法第九条第五項の一級河川を管理する指定都市の長若しくは同法第十条第二項の二級河川を管理する指定都市の長"
    "又は同法第百条第一項の準用河川を管理する市町村長": (_MAYOR, _OF_ALL),
    "河川法第九条第二項の一級河川を管理する都道府県知事又は同法第十条第一項の二級河川を管理する都道府県知事": (
        _GOVERNOR, _OF_ALL,
    ),
    "水俣病被害者の救済及び水俣病問題の解決に関する特別措置法第二条第二項に規定する関係県の知事": (
        _GOVERNOR, ("水俣",),
    ),
    # Bodies that a certificate of the state makes: none is known, so nobody.
    "構造改革特別区域法第十九条第一項の規定による認定を受けた市町村の教育委員会": ((), ()),
    "認定地方公共団体又は特区地方公共団体である都道府県の知事": ((), ()),
    "認定地方公共団体又は特区地方公共団体である指定都市の長": ((), ()),
    "児童福祉法第十八条の二十七第一項に規定する認定地方公共団体又は児童福祉法等の一部を改正する法律附則第十四条に規定する"
    "特区地方公共団体である指定都市の長": ((), ()),
}  # fmt: skip
"""What each wording of 別表第二 to 別表第六 means: which organs, of which areas."""


def is_decided(recipient: str) -> bool:
    """Whether every wording of a 上欄 of 別表第二 to 別表第六 has a meaning here."""
    return all(clause in _BY_TEXT for clause in _clauses(recipient))


def _title(organ: str) -> str:
    if organ == MAYOR:
        return "長"
    return "知事" if organ == GOVERNOR else ORGANS[organ]
