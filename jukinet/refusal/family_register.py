"""What the desk of 戸籍の附票 says no for."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.refusal.spec import Spec

SPECS: dict[Reason, Spec] = {
    Reason.SUPPLEMENTARY_REGISTER_NOT_FOUND: Spec(
        "NOT_FOUND",
        True,
        "No 戸籍の附票 in force here has this number, or this 本籍 and 筆頭者. See `jukinet resident "
        "list-supplementary-register`.",
        "この番号、又はこの本籍・筆頭者の戸籍の附票はありません。`jukinet resident list-supplementary-register` で"
        "確認してください。",
    ),
    Reason.SUPPLEMENTARY_ENTRY_LIVE_ALREADY: Spec(
        "FAILED_PRECONDITION",
        True,
        "Somebody of that name is in this 附票 already, and nobody stands in it twice. Leave that person out.",
        "この附票には同じ氏名の者が既に記載されています。その者を除いて入力してください。",
    ),
    Reason.SUPPLEMENTARY_MISMATCH_NOT_FOUND: Spec(
        "NOT_FOUND",
        True,
        "No mismatch that was found here has this number; what was told to us is answered by a correction. See "
        "`jukinet resident list-supplementary-mismatches`.",
        "本籍地として見つけた不一致にこの番号のものはありません。`jukinet resident list-supplementary-mismatches` で"
        "確認してください。",
    ),
    Reason.DOMICILE_STAYS_HERE: Spec(
        "FAILED_PRECONDITION",
        True,
        "The new 本籍 lies in the same municipality or ward: nobody is told (法19条3項 is for others). Name a 本籍 in "
        "another.",
        "新しい本籍が同じ市区町村にあるため、通知を要しません（法19条3項は他の市町村への転籍の規定です）。"
        "他の市区町村の本籍を指定してください。",
    ),
    Reason.RESIDENCE_IS_HERE: Spec(
        "FAILED_PRECONDITION",
        True,
        "The person's 住所地 is this municipality or ward: nobody has to be told. Use the 届出 of the own counter.",
        "この者の住所地は当市区町村であり、通知を要しません。自らの窓口の届出として処理してください。",
    ),
}
