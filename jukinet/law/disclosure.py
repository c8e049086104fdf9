"""自己の本人確認情報の開示 (法30条の32 – 30条の35) and 提供状況の開示."""

from __future__ import annotations

from datetime import date, timedelta

from jukinet.law.basis import Decision, basis, state
from jukinet.model.reason import Reason

DAYS = 30

state("disclose_identification", "住基法第30条の32第2項", "本人確認情報の開示")
state("disclose_provisions", "個人情報の保護に関する制度", "提供状況の開示（法律でなく条例・保護法制による）")
state("answer_correction_request", "住基法第30条の35", "調査の結果の通知")
state("list_disclosure_requests", "住基法第30条の33", "開示の期限の管理")


@basis("住基法第30条の32第1項", "開示の請求")
def accept_disclosure_request(accepted: date) -> date:
    """何人も請求することができ、受理した日から起算して30日以内に開示する（30条の33）: the last day."""
    return accepted + timedelta(days=DAYS - 1)


@basis("住基法第30条の33第2項", "開示の期限の延長")
def extend_disclosure(accepted: date, due: date, answered: bool, today: date, until: date) -> Decision:
    """同項に規定する期間内に、理由及び開示の期限を書面により通知する: that is the first period only."""
    if answered:
        return Decision.deny(Reason.DISCLOSURE_ANSWERED)
    if today > accept_disclosure_request(accepted) or until <= due:
        return Decision.deny(Reason.EXTENSION_TOO_LATE)
    return Decision.allow()


@basis("住基法第30条の35", "訂正、追加又は削除の申出")
def accept_correction_request(disclosed: bool) -> Decision:
    """開示を受けた者から、書面により申出があったとき、遅滞なく調査を行う。"""
    return Decision.allow() if disclosed else Decision.deny(Reason.NOT_DISCLOSED_YET)
