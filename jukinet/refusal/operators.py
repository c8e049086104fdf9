"""What is said no for because of permissions."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.refusal.spec import Spec

SPECS: dict[Reason, Spec] = {
    Reason.OPERATOR_NOT_PERMITTED: Spec(
        "PERMISSION_DENIED",
        True,
        "The 操作者ID does not have the permission that this needs. Ask whoever administers permissions for it.",
        "この操作者IDには、この操作に必要な権限がありません。権限の管理者に付与を求めてください。",
    ),
    Reason.LAST_ADMIN: Spec(
        "FAILED_PRECONDITION",
        True,
        "Nobody would be left who administers permissions. Grant ADMIN to another 操作者ID first.",
        "権限の管理者がいなくなります。先に他の操作者IDに管理者の権限を付与してください。",
    ),
}
