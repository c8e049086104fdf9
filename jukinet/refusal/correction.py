"""What corrections say no for."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.refusal.spec import Spec

SPECS: dict[Reason, Spec] = {
    Reason.READING_NOT_KANA: Spec(
        "INVALID_ARGUMENT",
        True,
        "A 振り仮名 takes ひらがな, カタカナ, ー, ・ and spaces only (`field`). Write the reading, not the name.",
        "振り仮名は、ひらがな・カタカナ・長音・中点・空白で書きます（field を参照）。読みを入力してください。",
    ),
    Reason.MINOR_ITEM_MISFIT: Spec(
        "INVALID_ARGUMENT",
        True,
        "A 軽微な修正 of this kind does not touch that item (`field`). Name the right kind, or correct ex officio.",
        "この軽微な修正では訂正できない事項です（field を参照）。イ～トを確かめるか、職権修正としてください。",
    ),
    Reason.NOTHING_TO_CORRECT: Spec(
        "FAILED_PRECONDITION",
        True,
        "The record says so already, or has nothing to take away; nothing was changed and nothing sent.",
        "既にそのとおり記載されているか、削除するものがありません。修正も通知もしていません。",
    ),
    Reason.NUMBER_NOT_YET: Spec(
        "FAILED_PRECONDITION",
        False,
        "No 個人番号 has been designated yet, so none can be changed. Wait until it has come.",
        "個人番号がまだ指定されていないため、変更できません。指定を待って請求してください。",
    ),
    Reason.NUMBER_CHANGE_PENDING: Spec(
        "FAILED_PRECONDITION",
        False,
        "A change of this number is waiting for J-LIS already; see `jukinet resident tasks`.",
        "この個人番号の変更は既に機構に求めています（`jukinet resident tasks` で確認できます）。",
    ),
    Reason.FORMER_SURNAME_ALREADY: Spec(
        "FAILED_PRECONDITION",
        True,
        "A 旧氏 stands on the record already, and only one may. Have it deleted, or say that the 氏 has changed again.",
        "旧氏は既に記載されており、記載できるのは一つだけです。削除するか、氏の変更によることを示してください。",
    ),
    Reason.FORMER_SURNAME_DELETED: Spec(
        "FAILED_PRECONDITION",
        True,
        "This 旧氏 was deleted from the record; only one borne since then may be entered (令30条の14第1項).",
        "削除された旧氏です。削除の日以後に称していた旧氏に限り記載できます（令30条の14第1項）。",
    ),
    Reason.ALIAS_ALREADY: Spec(
        "FAILED_PRECONDITION",
        True,
        "A 通称 stands on the record already. Have it deleted first.",
        "通称は既に記載されています。先に削除してください。",
    ),
    Reason.FOR_JAPANESE_ONLY: Spec(
        "FAILED_PRECONDITION",
        True,
        "The law gives this item to the records of Japanese residents alone.",
        "日本人住民の住民票に限られる記載事項です。",
    ),
    Reason.FOR_FOREIGNERS_ONLY: Spec(
        "FAILED_PRECONDITION",
        True,
        "The law gives this item to the records of foreign residents alone.",
        "外国人住民の住民票に限られる記載事項です。",
    ),
}
