"""What is said no for because of how a 条例事務 is let in."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.refusal.spec import Spec

SPECS: dict[Reason, Spec] = {
    Reason.ORDINANCE_NOT_FOUND: Spec(
        "NOT_FOUND",
        True,
        "No 条例事務 has this number here. Those that were entered: `jukinet ordinance list`.",
        "この番号の条例事務はありません。登録した条例事務は `jukinet ordinance list` で確かめてください。",
    ),
    Reason.ORDINANCE_STEP_TAKEN: Spec(
        "FAILED_PRECONDITION",
        True,
        "The 条例事務 was approved or repealed already, and no step is undone. Enter another one if it is to change.",
        "この条例事務は既に承認又は廃止されています。改めるときは、新たに登録してください。",
    ),
    Reason.SECOND_PERSON_REQUIRED: Spec(
        "PERMISSION_DENIED",
        True,
        "Somebody else must approve what was proposed: another certificate, 照合ID and 操作者ID.",
        "登録した者と異なる者（証明書、照合ID及び操作者IDの全てが異なる者）が承認してください。",
    ),
}
