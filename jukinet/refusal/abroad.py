"""Refusals of the desk for moves abroad and back, and of the search."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.refusal.spec import Spec

SPECS: dict[Reason, Spec] = {
    Reason.SEARCH_TOO_WIDE: Spec(
        "INVALID_ARGUMENT",
        True,
        "A search needs a 住民票コード, a 個人番号, or name, birth date and sex. Ask the person for what is missing.",
        "検索には、住民票コード、個人番号、又は氏名・生年月日・性別の全てが必要です。不足する項目を本人に確認してください。",
    ),
    Reason.NOT_YOUR_MUNICIPALITY: Spec(
        "PERMISSION_DENIED",
        True,
        "A governor passes on what mayors of the own prefecture ask, and nobody else's. Ask through your own governor.",
        "知事が経由するのは、その区域内の市町村長の求めに限られます。自らの都道府県知事を経てください。",
    ),
    Reason.INQUIRY_NOT_FOUND: Spec(
        "NOT_FOUND",
        True,
        "There is no such inquiry or no such hit, it is not yours, or it was made before yesterday. Inquire again.",
        "該当する照会若しくは照会結果がないか、参照できないか、前日より前のものです。もう一度照会してください。",
    ),
    Reason.CODE_BASIS_MISSING: Spec(
        "INVALID_ARGUMENT",
        True,
        "Say which 住民票コード to enter: an inquiry's hit, or a new one for somebody never recorded or whose code"
        " cannot be found out. A code cannot be typed in; inquire first.",
        "記載する住民票コードを、照会結果のもの、記録されたことのない者の新しいもの、判明しないための新しいもののどれかで"
        "指定してください。コードは入力できません。先に照会してください。",
    ),
    Reason.HIT_DIFFERS: Spec(
        "FAILED_PRECONDITION",
        True,
        "The hit is somebody else: birth date or sex are not those of the form, or the person's death was notified."
        " Compare again, or have the municipality that recorded it correct the record.",
        "照会結果は別人です。生年月日又は性別が届出と異なるか、死亡が通知されています。照合し直すか、記載した市町村に訂正を求めてください。",
    ),
    Reason.NOTHING_TO_RESEND: Spec(
        "FAILED_PRECONDITION",
        True,
        "The record is not of somebody who came from another municipality: there is no 転入通知 to send again.",
        "他の市町村から転入した者の住民票ではないため、再送する転入通知がありません。",
    ),
}
