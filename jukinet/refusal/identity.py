"""Refusals about whose code it is."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.refusal.spec import Spec

SPECS: dict[Reason, Spec] = {
    Reason.IDENTITY_NOT_CONFIRMED: Spec(
        "FAILED_PRECONDITION",
        True,
        "The inquiry found somebody who may be another person. Compare something beyond what was searched by (former"
        " address, household, identity document), and say what and how.",
        "照会で、別人かもしれない者が見つかつています。検索した項目以外（従前の住所、世帯員、本人確認書類など）を照合し、"
        "照合したものとその方法を付けてください。",
    ),
    Reason.INQUIRY_TRUNCATED: Spec(
        "FAILED_PRECONDITION",
        True,
        "The inquiry found more people than it showed, so the right one may be missing. Inquire again, more narrowly.",
        "照会の該当者が表示の上限を超えており、本人が含まれていない可能性があります。条件を絞つて照会し直してください。",
    ),
    Reason.INQUIRY_REQUIRED: Spec(
        "FAILED_PRECONDITION",
        True,
        "A new 住民票コード needs an inquiry of today or yesterday for this name, birth date and sex, not narrowed."
        " Inquire first; where that is not possible, say why.",
        "新たな住民票コードの記載には、この者の氏名・生年月日・性別による、絞り込みのない当日又は前日の照会が必要です。"
        "先に照会してください。照会できないときは、その理由を付けてください。",
    ),
}
