"""整合: what is refused there."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.refusal.spec import Spec

SPECS: dict[Reason, Spec] = {
    Reason.RECONCILE_MOVED: Spec(
        "UNAVAILABLE",
        False,
        "The two sides do not stand at the same notice: one is still under way. It is compared again by itself.",
        "送信中の通知があり、双方の時点が一致しません。自動的にやり直します。",
    ),
}
