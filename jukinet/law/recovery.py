"""回復: what a node has lost is fetched from those who have acknowledged it."""

from __future__ import annotations

from datetime import date

from jukinet.law.basis import state

SINCE = date(2024, 5, 27)
"""From this day on the law itself orders governor and J-LIS to take the measures of recovery."""

state("recover_register", "住基法第36条の2第1項", "住民票に記載されている事項の滅失及び毀損の防止その他の安全確保")
state("recover_governors_register", "住基法第30条の24第1項", "都道府県知事による本人確認情報の滅失の防止")
state("recover_governors_register", "住基法第30条の6第4項", "都道府県知事保存本人確認情報の回復", since=SINCE)
state("recover_centres_register", "住基法第30条の24第2項", "機構による本人確認情報の滅失の防止")
state("recover_centres_register", "住基法第30条の7第4項", "機構保存本人確認情報の回復", since=SINCE)

RULE_OF = {
    "municipality": "recover_register",
    "prefecture": "recover_governors_register",
    "jlis": "recover_centres_register",
}
"""Kind of the node that has lost something → on which rule it is given back."""
