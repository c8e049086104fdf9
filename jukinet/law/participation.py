"""参加・不参加: states of the simulation, for the law orders that every resident is told of (法30条の6第1項)."""

from __future__ import annotations

from jukinet.law.basis import Decision, basis, state
from jukinet.model.participation import Mode
from jukinet.model.reason import Reason

CAPTION = "（シミュレーター）本人確認情報の全員の通知の例外"


@basis("住基法第30条の6第1項", CAPTION)
def file_opt_out(mode: Mode, filed: bool) -> Decision:
    """法は全ての住民の本人確認情報の通知を命じており、非通知の申出を認める規定はない。

    A municipality that took part selectively (2002–2006) took it; here it is taken in that mode alone.
    """
    if mode is not Mode.SELECTIVE:
        return Decision.deny(Reason.OPT_OUT_NOT_OFFERED)
    return Decision.deny(Reason.OPT_OUT_ALREADY) if filed else Decision.allow()


@basis("住基法第30条の6第1項", CAPTION)
def withdraw_opt_out(filed: bool) -> Decision:
    """申出の撤回により、本人確認情報を通知する。"""
    return Decision.allow() if filed else Decision.deny(Reason.OPT_OUT_NOT_FILED)


state("list_opt_outs", "住基法第30条の6第1項", CAPTION)
state("list_paper_notices", "住基法第9条第1項", "回線によることができない転入通知")
state("post_paper_notice", "住基法第9条第1項", "回線によることができない転入通知")
