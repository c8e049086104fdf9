"""回復: what is refused there."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.refusal.spec import Spec

SPECS: dict[Reason, Spec] = {
    Reason.NODE_RECOVERING: Spec(
        "UNAVAILABLE",
        False,
        "This node has lost records and says nothing until it has them back. Run `jukinet recover` for it, then repeat.",
        "このノードは記録を失っており、回復するまで処理を行いません。`jukinet recover` を実行してから再送してください。",
    ),
    Reason.STREAM_NOT_FOUND: Spec(
        "NOT_FOUND",
        True,
        "Nothing of such a stream is held here for the caller. Ask `ListStreams` what there is.",
        "要求者に返すべき、その系列の通知は保存されていません。`ListStreams` で確認してください。",
    ),
}
