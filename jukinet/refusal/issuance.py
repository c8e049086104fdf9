"""What the issuance desk says no for."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.refusal.spec import Spec

SPECS: dict[Reason, Spec] = {
    Reason.RECORD_NOT_SENT: Spec(
        "NOT_FOUND",
        True,
        "The municipality of residence sends no record upon this request. Check name, code, area and the persons to be"
        " shown; if all are right, ask the person to apply to the municipality of residence itself.",
        "住所地の市区町村から住民票情報は通知されません。氏名・住民票コード・住所地・記載する者を確かめ、いずれも正しいときは、"
        "住所地の窓口で請求するよう案内してください。",
    ),
    Reason.PROOF_REQUIRED: Spec(
        "FAILED_PRECONDITION",
        True,
        "Nobody has shown who they are. Ask for the 個人番号カード, or a document with photograph (規則4条2項).",
        "本人確認書類の提示がありません。個人番号カード又は写真付きの書類（規則4条2項）の提示を求めてください。",
    ),
    Reason.CODE_REQUIRED: Spec(
        "FAILED_PRECONDITION",
        True,
        "The municipality of residence is asked by the 住民票コード (令15条の3第1項2号). Look it up"
        " (法30条の10), and repeat with it.",
        "住所地への通知には住民票コードが必要です（令15条の3第1項2号）。本人確認情報の検索（法30条の10）でコードを確かめ、"
        "改めて請求を入力してください。",
    ),
    Reason.PURPOSE_IMPROPER: Spec(
        "PERMISSION_DENIED",
        True,
        "The purpose was found clearly improper, so no copy is given (法12条の4第6項). Tell the person"
        " that it was refused.",
        "不当な目的によることが明らかと認められたため、交付しません（法12条の4第6項）。拒んだ旨を請求者に伝えてください。",
    ),
    Reason.OWN_RESIDENT: Spec(
        "FAILED_PRECONDITION",
        True,
        "The person asks for a copy of this municipality's own register (法12条). Give it at the own counter.",
        "自らの住民基本台帳に係る請求です（法12条）。広域交付によらず、自らの窓口で交付してください。",
    ),
}
