"""Refusals of disclosure."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.refusal.spec import Spec

SPECS: dict[Reason, Spec] = {
    Reason.DISCLOSURE_NOT_FOUND: Spec(
        "NOT_FOUND",
        True,
        "There is no such request here, or it asks for something else. Look at `jukinet disclose list`.",
        "その番号の請求はここにないか、別の事項の請求です。`jukinet disclose list` で確かめてください。",
    ),
    Reason.DISCLOSURE_ANSWERED: Spec(
        "FAILED_PRECONDITION",
        True,
        "The request was answered already. Accept a new one.",
        "この請求には既に開示しています。新たな請求を受理してください。",
    ),
    Reason.EXTENSION_TOO_LATE: Spec(
        "FAILED_PRECONDITION",
        True,
        "An extension must be notified before the period ends, and to a later day. Answer the request.",
        "延長は期間内に、より後の日を期限として通知しなければなりません。開示してください。",
    ),
    Reason.NOT_DISCLOSED_YET: Spec(
        "FAILED_PRECONDITION",
        True,
        "A correction is asked for after a disclosure that found a record. Disclose first.",
        "訂正等の申出は、本人確認情報の開示を受けた後に限ります。先に開示してください。",
    ),
    Reason.SEVERAL_FIT: Spec(
        "FAILED_PRECONDITION",
        True,
        "Several people fit. Ask for the 住民票コード or the 個人番号 of the person who asks.",
        "複数の者が該当します。請求者の住民票コード又は個人番号により特定してください。",
    ),
}
