"""誤りの通報: what is refused there."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.refusal.spec import Spec

SPECS: dict[Reason, Spec] = {
    Reason.CODE_TO_BE_CORRECTED: Spec(
        "FAILED_PRECONDITION",
        True,
        "The error is in the 住民票コード: telling it again mends nothing. Find out whose code it is; if it is not this"
        " person's, use `jukinet resident correct-resident-code`, otherwise `close-error-report`.",
        "住民票コードの誤りのため、再通知では直りません。どちらの者のコードかを調査し、この者のものでなければ"
        "住民票コードの修正（令30条の4）を、この者のものであれば通報の処理終了を行ってください。",
    ),
    Reason.ERROR_REPORT_NOT_FOUND: Spec(
        "NOT_FOUND",
        True,
        "There is no such report here. `jukinet resident list-error-reports` shows those there are.",
        "その通報はありません。`jukinet resident list-error-reports` で確認してください。",
    ),
    Reason.ERROR_REPORT_CLOSED: Spec(
        "FAILED_PRECONDITION",
        True,
        "The report is closed already; `jukinet resident list-error-reports --with-closed` says how.",
        "その通報は処理済みです。`jukinet resident list-error-reports --with-closed` で確認してください。",
    ),
}
