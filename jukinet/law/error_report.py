"""誤りの通報: J-LIS tells the governor (法30条の8), the governor the mayor (法12条の5), who mends (法14条)."""

from __future__ import annotations

from jukinet.law.basis import Decision, basis, state
from jukinet.model.finding import FindingKind
from jukinet.model.identification import ChangeKind
from jukinet.model.reason import Reason

state("receive_error_report", "住基法第14条第1項", "都道府県知事の通報による正確な記録の確保")
state("list_error_reports", "住基法第14条第1項", "通報された誤りの一覧")

OF_THE_CODE = frozenset({FindingKind.DOUBLE, FindingKind.STALE_ENTRY})
"""Errors that no repeated notice mends: the code itself is another's, or nobody's."""


@basis("住基法第14条第1項", "本人確認情報の再通知")
def resend_identification(kind: FindingKind | None) -> Decision:
    """住民票の記載に誤りがないときは、その本人確認情報を改めて通知する。

    A code that is another's is mended by 令30条の4 alone; 令12条3項 says so in excepting the code.
    """
    return Decision.deny(Reason.CODE_TO_BE_CORRECTED) if kind in OF_THE_CODE else Decision.allow()


@basis("住基法第14条第1項", "調査の結果、記載に誤りがないこと")
def close_error_report(closed: bool) -> Decision:
    """通報について調査し、修正すべきものがないときは、これを終える。"""
    return Decision.deny(Reason.ERROR_REPORT_CLOSED) if closed else Decision.allow()


@basis("住基令第12条第3項・第30条の4第1項", "通報された誤りの修正")
def mends(kind: FindingKind, change: ChangeKind) -> bool:
    """住民票の修正又は消除の通知が、通報された誤りを正すか。

    A double or an ended code is mended where the code is corrected or the record deleted; anything else by any new
    notice about the person.
    """
    return kind not in OF_THE_CODE or change in (ChangeKind.CODE_CORRECTION, ChangeKind.DELETION)
