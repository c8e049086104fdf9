"""隔離: what is refused there."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.refusal.spec import Spec

SPECS: dict[Reason, Spec] = {
    Reason.CHARACTERS_BROKEN: Spec(
        "FAILED_PRECONDITION",
        True,
        "Characters were lost (U+FFFD or a control character; `field` where it was typed). Type what was meant. Where"
        " the register is right and only what was sent is wrong, mend what sends it, then send the record again, or"
        " `jukinet resync`.",
        "文字が壊れています（U+FFFD 又は制御文字。窓口では field を参照）。正しい文字で入力し直してください。"
        "住民票は正しく、送信の際に壊れた場合は、送信するシステムを直してから再通知するか、"
        "`jukinet resync` を行ってください。",
    ),
    Reason.ANOMALY: Spec(
        "FAILED_PRECONDITION",
        True,
        "The governor takes no batch with a faulty record and stopped this stream; nothing of it was stored. Mend what"
        " sends it and run `jukinet resync`, or have the governor set faulty records aside instead:"
        " `jukinet quarantine policy PREFECTURE quarantine`.",
        "異常なデータを含むため、都道府県が受信せず、このストリームを止めました。何も保存していません。"
        "送信するシステムを直して `jukinet resync` を行うか、都道府県で `jukinet quarantine policy 都道府県 quarantine`"
        " として異常な記録だけを隔離させてください。",
    ),
    Reason.NOT_SET_ASIDE: Spec(
        "NOT_FOUND",
        True,
        "Nothing that was set aside stands open at that place: look with `jukinet quarantine list`.",
        "その位置に、隔離されたまま残っている記録はありません。`jukinet quarantine list` で確かめてください。",
    ),
}
