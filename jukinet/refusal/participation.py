"""参加・不参加: what is refused there."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.refusal.spec import Spec

SPECS: dict[Reason, Spec] = {
    Reason.STANDS_OUTSIDE: Spec(
        "FAILED_PRECONDITION",
        False,
        "One of the two municipalities stands outside the network, so nothing goes over the line between them. Use"
        " paper, or let it join: `jukinet participation join`.",
        "一方の団体が住基ネットに接続していないため、回線で送受信できません。紙によるか、"
        "`jukinet participation join` で接続してください。",
    ),
    Reason.OPT_OUT_NOT_OFFERED: Spec(
        "FAILED_PRECONDITION",
        True,
        "This municipality tells of every resident, as the law orders; 非通知の申出 are taken only in the selective"
        " mode of the simulation (`jukinet participation selective`).",
        "この団体は法の定めにより全ての住民を通知しています。非通知の申出は選択的参加のときだけ受け付けます。",
    ),
    Reason.OPT_OUT_ALREADY: Spec(
        "ALREADY_EXISTS",
        True,
        "This resident has filed one already. `jukinet resident list-opt-outs` shows whose there are.",
        "この住民の非通知の申出は受け付け済みです。`jukinet resident list-opt-outs` で確認してください。",
    ),
    Reason.OPT_OUT_NOT_FILED: Spec(
        "FAILED_PRECONDITION",
        True,
        "This resident has filed none, so there is nothing to withdraw.",
        "この住民の非通知の申出はありません。",
    ),
    Reason.PAPER_NOTICE_NOT_FOUND: Spec(
        "NOT_FOUND",
        True,
        "No such paper lies in the tray. `jukinet resident list-paper-notices` shows those there are.",
        "その紙の通知はありません。`jukinet resident list-paper-notices` で確認してください。",
    ),
}
