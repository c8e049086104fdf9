"""What is said no for when areas change."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.refusal.spec import Spec

SPECS: dict[Reason, Spec] = {
    Reason.AREA_NOT_SUCCEEDED: Spec(
        "FAILED_PRECONDITION",
        True,
        "No table of areas says that this area takes over from that one. See `jukinet area show`.",
        "この団体・区がその団体・区を承継した記録はありません。`jukinet area show` で確かめてください。",
    ),
    Reason.AREA_STILL_EXISTS: Spec(
        "FAILED_PRECONDITION",
        True,
        "The area still exists on this day; its records can be taken over from the day on which it has become another.",
        "その団体・区はこの日にはまだ存在します。記録の引継ぎは、変更の日から行えます。",
    ),
    Reason.AREA_ABOLISHED: Spec(
        "FAILED_PRECONDITION",
        True,
        "This municipality no longer exists. Go to the counter of its successor; see `jukinet area show`.",
        "この市区町村は廃止されました。承継した市区町村の窓口で手続してください（`jukinet area show`）。",
    ),
}
