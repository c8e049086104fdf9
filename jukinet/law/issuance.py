"""交付: copies of 住民票 that another municipality gives (広域交付)."""

from __future__ import annotations

from jukinet.law.basis import Decision, basis
from jukinet.model.identification import Residency
from jukinet.model.reason import Reason
from jukinet.model.wide_area import WideAreaItems

ALWAYS = frozenset({"一", "二", "三", "六", "七", "八"})
"""法7条各号 that 住所地 always tells (令15条の3第2項)."""
NEVER = frozenset({"五", "九", "十", "十の二", "十の三", "十一", "十一の二", "十二", "十四"})
"""法7条各号 that the copy leaves out whatever is asked (法12条の4第1項); of 十四 not 旧氏 and 通称, told beside 一."""


@basis("住基法第12条の4第4項", "広域交付の住民票の写しの交付")
def issue_wide_area_copy(
    proof_shown: bool, document: bool, code_told: bool, birth_and_sex_told: bool, improper: bool
) -> Decision:
    """個人番号カード又は総務省令で定める書類を提示して請求する（同条1項後段）。不当な目的によることが明らかなときは拒む（6項）。

    With a document the person also tells the 住民票コード, or birth date and sex (規則4条1項); but 住所地 is asked by
    the code (令15条の3第1項2号), so whoever does not know it has it looked up first (法30条の10). That a purpose is
    clearly improper is for 交付地 to find (6項 reads 12条6項 so), never for 住所地.
    """
    if improper:
        return Decision.deny(Reason.PURPOSE_IMPROPER)
    if not proof_shown:
        return Decision.deny(Reason.PROOF_REQUIRED)
    if document and not (code_told or birth_and_sex_told):
        return Decision.deny(Reason.FIELD_MISSING, field="resident_code")
    if not code_told:
        return Decision.deny(Reason.CODE_REQUIRED)
    return Decision.allow()


@basis("住基令第15条の3第2項", "住所地市町村長が通知する事項")
def wide_area_record_items(items: WideAreaItems, residency: Residency) -> frozenset[str]:
    """法7条1号から3号まで及び6号から8号まで（請求があつた4号、8号の2、13号を含む。）。Which 各号 go out.

    The 住民票 of a foreign resident has no 6号 (法30条の45).
    """
    told = set(ALWAYS)
    if residency == Residency.FOREIGN:
        told.discard("六")
    for item, asked in (("四", items.relationship), ("八の二", items.individual_number), ("十三", items.resident_code)):
        if asked:
            told.add(item)
    return frozenset(told)
