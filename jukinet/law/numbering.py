"""付番: 住民票コード and 個人番号."""

from __future__ import annotations

from jukinet.law.basis import Decision, basis, state
from jukinet.model.reason import Reason

POOL_SHARE = 0.05
POOL_LEAST = 1_000
REFILL_BELOW = 0.20


@basis("住基法第30条の2第1項", "住民票コードの指定")
def designate_codes(count: int) -> Decision:
    """機構は、市町村長ごとに、当該市町村長が住民票に記載できる住民票コードを無作為に指定し、通知する（規則9条）。"""
    if not 1 <= count <= 5_000:
        return Decision.deny(Reason.FIELD_OUT_OF_RANGE, field="count")
    return Decision.allow()


@basis("住基法施行規則第9条第1項", "住民票コードの数")
def pool_size(residents: int) -> int:
    """人口を勘案した数: at first max(1,000, 5 % of residents), an assumption of ours."""
    return max(POOL_LEAST, int(residents * POOL_SHARE))


@basis("住基法施行規則第9条第2項", "不足が見込まれるときの求め")
def pool_needs_refill(left: int, residents: int) -> bool:
    """不足すると見込まれるとき、市町村長は必要な数の指定を求めることができる: below 20 % of the pool's size."""
    return left < pool_size(residents) * REFILL_BELOW


@basis("番号法第8条第2項", "個人番号とすべき番号の生成")
def generate_individual_numbers(count: int) -> Decision:
    """機構は、市町村長から求められたとき、住民票コードを変換して個人番号とすべき番号を生成し、通知する（番号令7–9条）。"""
    if not 1 <= count <= 5_000:
        return Decision.deny(Reason.FIELD_OUT_OF_RANGE, field="resident_codes")
    return Decision.allow()


state("designate_individual_number", "番号法第7条第1項", "個人番号の指定及び通知")
