"""What was kept, and is no more."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.refusal.spec import Spec

SPECS: dict[Reason, Spec] = {
    Reason.RECORD_ERASED: Spec(
        "NOT_FOUND",
        True,
        "The statutory period of this record is over and it was erased. Ask for another record of the batch.",
        "この記録は保存期間を経過したため消去されました。同じ電文の他の記録は取り出せます。",
    ),
}
