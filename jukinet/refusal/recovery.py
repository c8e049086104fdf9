"""回復: what is refused there."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.refusal.spec import Spec

SPECS: dict[Reason, Spec] = {
    Reason.NODE_RECOVERING: Spec(
        "UNAVAILABLE",
        False,
        "This node has lost records and says nothing until it has them back. Run `jukinet recover`, then repeat.",
        "このノードは記録を失っており、回復するまで処理を行いません。`jukinet recover` の後に再送してください。",
    ),
    Reason.STREAM_NOT_FOUND: Spec(
        "NOT_FOUND",
        True,
        "Nothing of such a stream is held here for the caller. Ask `ListStreams` what there is.",
        "要求者に返すべき、その系列の通知は保存されていません。`ListStreams` で確認してください。",
    ),
}

_EVERYWHERE = (
    (
        "The audit log, refused batches that were kept as evidence, and the day on which a notice first came: periods"
        " run from the day of the recovery.",
        "監査記録、証拠として保存した拒否済みの通知、通知を最初に受けた日（保存期間は回復の日から起算します）。",
    ),
    (
        "What nobody had acknowledged: acts whose notices had not left this node.",
        "誰の受領確認も得ていないもの（通知がこのノードを出ていない処理）。",
    ),
)
NOT_RECOVERED = {
    "municipality": (
        (
            "Of each 住民票: household, 続柄, 本籍 and 筆頭者, 住民となつた年月日, former address,"
            " words of a birth date, items of foreign residents. It stands in the household at its address, or in one"
            " of its own, until a clerk completes it.",
            "各住民票の世帯、続柄、本籍・筆頭者、住民となつた年月日、従前の住所、不詳の生年月日の表記、外国人住民の"
            "記載事項。その住所の世帯（なければ仮の世帯）に記載し、職員が補記します。",
        ),
        (
            "転出届 whose planned day had not come, 支援措置, the 戸籍の附票 but for what neighbours tell of it, 照会,"
            " permissions of 操作者, and the numbers of records and households.",
            "予定日前の転出届、支援措置、戸籍の附票（他市町村からの通知分を除く）、照会、操作者の権限、住民票・世帯の番号。",
        ),
        *_EVERYWHERE,
    ),
    "prefecture": (("Errors that were found and not reported.", "発見し、まだ通報していない誤り。"), *_EVERYWHERE),
    "jlis": (
        (
            "The key by which 個人番号 are made: numbers that were given stay, others are made with a new key.",
            "個人番号を生成する鍵。付番済みの番号は変わらず、今後は新しい鍵で生成します。",
        ),
        ("Errors that were found and not reported.", "発見し、まだ通報していない誤り。"),
        *_EVERYWHERE,
    ),
}
"""Kind of node → what no neighbour holds, and is gone if it was lost here: English, Japanese."""
