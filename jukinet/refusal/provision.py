"""Refusals of 提供: each says in its `clause` which provision does not hold."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.refusal.spec import Spec

SPECS: dict[Reason, Spec] = {
    Reason.OFFICE_UNKNOWN: Spec(
        "PERMISSION_DENIED",
        True,
        "No appended table names such an office. Offices and their ids: `jukinet provide offices`.",
        "別表の上欄にこの機関はありません。機関の一覧は `jukinet provide offices` で確かめてください。",
    ),
    Reason.AFFAIR_UNKNOWN: Spec(
        "PERMISSION_DENIED",
        True,
        "The appended tables of that day have no such row. The rows open to an office: `jukinet provide affairs`.",
        "その日の別表にこの項はありません。機関ごとの事務は `jukinet provide affairs` で確かめてください。",
    ),
    Reason.AFFAIR_NOT_IN_TABLE: Spec(
        "PERMISSION_DENIED",
        True,
        "The table that applies between this provider and this office has no row for the affair.",
        "この提供元と提供先との間に適用される別表に、この事務の項がありません。",
    ),
    Reason.NOT_THE_RECIPIENT: Spec(
        "PERMISSION_DENIED",
        True,
        "The provision names other offices for this affair. The rows open to an office: `jukinet provide affairs`.",
        "この事務について定められた機関ではありません。機関ごとの事務は `jukinet provide affairs` で確かめてください。",
    ),
    Reason.PROVIDER_NOT_NAMED: Spec(
        "PERMISSION_DENIED",
        True,
        "The provision lets another tier provide this, not the one that was asked. Ask the tier that it names.",
        "この提供元からの提供を定めた規定がありません。規定が定める提供元に求めてください。",
    ),
    Reason.ORDINANCE_NOT_IN_FORCE: Spec(
        "PERMISSION_DENIED",
        True,
        "No such 条例事務 is in force at this provider: it was not entered, not approved, or has ended.",
        "この提供元で効力を有する条例事務ではありません（未登録、未承認又は廃止）。",
    ),
    Reason.MEDIUM_UNREADABLE: Spec(
        "INVALID_ARGUMENT",
        True,
        "The part of the medium is not for this reader, was not signed by an office of this network, or has changed"
        " since. Write the medium again.",
        "この媒体はこの読取先に宛てたものでないか、この網の機関が署名したものでないか、変更されています。媒体を作り直してください。",
    ),
    Reason.TREE_FORKED: Spec(
        "FAILED_PRECONDITION",
        True,
        "The log does not continue the one that was anchored here: rows were changed, taken out or put in. Run"
        " `jukinet audit verify` there.",
        "先に固定された操作記録の続きではありません（行の変更、削除又は挿入）。`jukinet audit verify` で確認を。",
    ),
    Reason.ROW_NOT_FOUND: Spec(
        "NOT_FOUND",
        True,
        "The log has no such row or place in it. Look at `jukinet audit list`.",
        "操作記録にその行又はその者はありません。`jukinet audit list` で確かめてください。",
    ),
    Reason.BULK_FILE_NOT_FOUND: Spec(
        "NOT_FOUND",
        True,
        "There is no such file or page of yours, or nothing came of it for a week. Send it again.",
        "そのファイル又は頁はないか、参照できないか、1週間何も届かなかったため破棄しました。もう一度送ってください。",
    ),
    Reason.BULK_FILE_CLOSED: Spec(
        "FAILED_PRECONDITION",
        True,
        "The file is closed: its questions are deleted. Send them as a new file.",
        "このファイルは終了し、照会の内容は消去されました。新たなファイルとして送ってください。",
    ),
    Reason.KEY_NOT_NAMED: Spec(
        "PERMISSION_DENIED",
        True,
        "The office may not ask by this item for this affair. Ask by name, birth date, sex and address.",
        "この事務についてこの項目による照会はできません。氏名、生年月日、性別及び住所により求めてください。",
    ),
}
