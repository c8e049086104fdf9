"""What the desk for 支援措置 says no for."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.refusal.spec import Spec

SPECS: dict[Reason, Spec] = {
    Reason.SUPPORT_IN_FORCE: Spec(
        "FAILED_PRECONDITION",
        True,
        "A person named is under 支援措置 already. Extend it from one month before its end.",
        "既に支援措置の期間中の者がいます。期間終了の1か月前から延長してください。",
    ),
    Reason.SUPPORT_NOT_IN_FORCE: Spec(
        "FAILED_PRECONDITION",
        True,
        "A person named is not under 支援措置. Look at the list; begin it anew if it has expired.",
        "支援措置の期間中でない者がいます。一覧を確かめ、期間が満了しているときは改めて開始してください。",
    ),
    Reason.SUPPORT_EXTENSION_EARLY: Spec(
        "FAILED_PRECONDITION",
        True,
        "支援措置 is extended from one month before its end. Repeat from the day given.",
        "延長の申出は、期間終了の1か月前から受け付けます。示された日以後に改めて入力してください。",
    ),
}
