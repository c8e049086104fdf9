"""The catalog of refusals: what each reason means, in Japanese and English, and whether it is final."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from jukinet.model.reason import Reason


@dataclass(frozen=True, slots=True)
class Spec:
    """How a reason is told."""

    code: str
    """Name of the gRPC status code; only jukinet.wire knows gRPC."""
    definite: bool
    """True: it did not and will not happen, so a sender may stop. False: it may be tried again with the same id."""
    english: str
    japanese: str


class Refusal(Exception):
    """An act says no.

    `facts` go out as metadata and are written to the audit: never personal data. `article` names the provision.
    """

    def __init__(self, reason: Reason, article: str = "", **facts: str) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.article = article
        self.facts = facts

    @property
    def spec(self) -> Spec:
        """The catalog's entry."""
        return CATALOG[self.reason]


def _said(code: str, definite: bool, english: str, japanese: str) -> Spec:
    return Spec(code, definite, english, japanese)


CATALOG = MappingProxyType(
    {
        Reason.PEER_UNKNOWN: _said(
            "UNAUTHENTICATED",
            True,
            "The certificate names no node, office or clerk of this network. Ask for one with `jukinet pki issue`.",
            "証明書がこのネットワークの機関・操作者のものではありません。`jukinet pki issue` で発行を受けてください。",
        ),
        Reason.CERTIFICATE_REVOKED: _said(
            "UNAUTHENTICATED",
            True,
            "The certificate has been revoked. Ask for a new one with `jukinet pki issue`.",
            "証明書は失効しています。`jukinet pki issue` で再発行を受けてください。",
        ),
        Reason.CALLER_NOT_NAMED: _said(
            "PERMISSION_DENIED",
            True,
            "The provision does not name a caller of this kind. Only those that it names may call.",
            "この規定は、この種の者からの要求を定めていません。",
        ),
        Reason.NOT_YOUR_COUNTER: _said(
            "PERMISSION_DENIED",
            True,
            "A clerk acts only at the counter of the municipality that the certificate names.",
            "操作者は、証明書に記された市区町村の窓口でのみ操作できます。",
        ),
        Reason.ORIGIN_NOT_CARRIED: _said(
            "PERMISSION_DENIED",
            True,
            "This neighbour may not carry what that origin signed: only its own, its children's or its wards' streams.",
            "この相手は、その発信元の通知を運ぶことができません（自ら、区域内の市区町村又は区のものに限られます）。",
        ),
        Reason.NO_BASIS: _said(
            "PERMISSION_DENIED",
            True,
            "No provision lets this travel along this hop, so it is refused.",
            "この経路で送る根拠となる規定がないため、受け付けません。",
        ),
        Reason.NO_DEADLINE: _said(
            "INVALID_ARGUMENT",
            True,
            "Every call needs a deadline. Set a timeout and repeat.",
            "呼出しには期限が必要です。タイムアウトを設定して再送してください。",
        ),
        Reason.BUSY: _said(
            "UNAVAILABLE",
            False,
            "Too many calls are waiting for the disk. Repeat with the same request after a moment.",
            "書込み待ちの要求が多すぎます。しばらくして同じ要求を再送してください。",
        ),
        Reason.BATCH_MALFORMED: _said(
            "INVALID_ARGUMENT",
            True,
            "The envelope cannot be read, or its numbers do not fit together. The sender must send what was signed.",
            "通知の封筒が読めないか、番号が整合しません。署名された内容を再送してください。",
        ),
        Reason.BATCH_TOO_LARGE: _said(
            "INVALID_ARGUMENT",
            True,
            "A batch holds at most 5,000 records and stays below 4 MB. The origin must cut smaller batches.",
            "一回の通知は5,000件・4MBまでです。発信元で分割してください。",
        ),
        Reason.SIGNER_UNTRUSTED: _said(
            "PERMISSION_DENIED",
            True,
            "The signer's certificate was not valid in this network when it signed. See `jukinet doctor`.",
            "署名者の証明書は署名時に有効ではありませんでした。`jukinet doctor` で確認してください。",
        ),
        Reason.SIGNER_NOT_ORIGIN: _said(
            "PERMISSION_DENIED",
            True,
            "The signer is not the origin that the header names. Only the origin may sign its stream.",
            "署名者がヘッダーの発信元と異なります。発信元だけが署名できます。",
        ),
        Reason.SIGNATURE_INVALID: _said(
            "PERMISSION_DENIED",
            True,
            "The signature does not fit the header: something was altered after signing.",
            "署名がヘッダーと一致しません。署名後に改変されています。",
        ),
        Reason.SIGNED_IN_FUTURE: _said(
            "FAILED_PRECONDITION",
            False,
            "The signing time lies ahead of this node's clock. Set the clocks right; it will be tried again.",
            "署名時刻がこのノードの時計より未来です。時計を合わせてください。再送されます。",
        ),
        Reason.PAYLOAD_ALTERED: _said(
            "PERMISSION_DENIED",
            True,
            "The payload is not the one whose hash was signed: something was altered on the way.",
            "内容が署名されたハッシュと一致しません。途中で改変されています。",
        ),
        Reason.CHAIN_BROKEN: _said(
            "FAILED_PRECONDITION",
            True,
            "The header does not follow the last one kept here. Compare both journals, then `jukinet resync`.",
            "ヘッダーが保存済みの直前のものに続いていません。両者の記録を比べ、`jukinet resync` を行ってください。",
        ),
        Reason.EQUIVOCATION: _said(
            "FAILED_PRECONDITION",
            True,
            "The same numbers came with other content. Both are kept; the stream stops until `jukinet resync`.",
            "同じ番号で異なる内容が届きました。双方を証拠として保存し、`jukinet resync` まで停止します。",
        ),
        Reason.STREAM_STOPPED: _said(
            "FAILED_PRECONDITION",
            True,
            "This stream was stopped here. `jukinet ledger` says why; `jukinet resync` opens it anew.",
            "この通知の系列は停止しています。理由は `jukinet ledger`、再開は `jukinet resync` です。",
        ),
        Reason.RECEIVER_AHEAD: _said(
            "FAILED_PRECONDITION",
            True,
            "The receiver holds numbers that this journal lacks: it was restored or cut. Use `jukinet resync`.",
            "受信側が、この記録にない番号を保存しています（復元又は欠落）。`jukinet resync` を行ってください。",
        ),
        Reason.BACKLOG: _said(
            "UNAVAILABLE",
            False,
            "What was received is not yet applied and no more is taken for now. It will be tried again.",
            "受信済みの通知の反映が追いつくまで受け付けません。自動的に再送されます。",
        ),
        Reason.RECORD_MALFORMED: _said(
            "INVALID_ARGUMENT",
            True,
            "A record cannot be read as what its stream carries. It is quarantined for its origin to repair.",
            "記録がこの系列の内容として読めません。隔離し、発信元の修正を待ちます。",
        ),
        Reason.RECORD_TOO_LARGE: _said(
            "INVALID_ARGUMENT",
            True,
            "One record may take 16 KiB at most. Shorten what was entered.",
            "一件の記録は16KiBまでです。入力を短くしてください。",
        ),
        Reason.ROOT_MISMATCH: _said(
            "FAILED_PRECONDITION",
            True,
            "The records do not add up to the signed Merkle root: the whole batch is quarantined and the stream stops.",
            "記録が署名されたマークル根と一致しません。一括して隔離し、系列を停止します。",
        ),
        Reason.CHECK_DIGIT_WRONG: _said(
            "INVALID_ARGUMENT",
            True,
            "A number fails its check digit. Read it again and correct it.",
            "番号の検査数字が合いません。確認して訂正してください。",
        ),
        Reason.CHANGE_INCONSISTENT: _said(
            "INVALID_ARGUMENT",
            True,
            "Kind and reason of the change do not go together (規則11条). The origin must send it right.",
            "異動の区分と事由が対応していません（規則11条）。発信元で訂正してください。",
        ),
        Reason.REQUEST_ID_MISSING: _said(
            "INVALID_ARGUMENT",
            True,
            "A call that changes something needs a request_id of 1 to 128 characters, so that a repeat is harmless.",
            "変更を伴う要求には1～128文字の request_id が必要です。",
        ),
        Reason.REQUEST_ID_REUSED: _said(
            "ALREADY_EXISTS",
            True,
            "This request_id was used with other content. Use a new one for a new act.",
            "この request_id は別の内容で使われています。新しい操作には新しいものを使ってください。",
        ),
        Reason.OPERATION_INCOMPLETE: _said(
            "INVALID_ARGUMENT",
            True,
            "An act needs 照合ID, 操作者ID and a reason, each 1 to 200 characters.",
            "操作には、照合ID・操作者ID・理由（各1～200文字）が必要です。",
        ),
        Reason.FIELD_MISSING: _said(
            "INVALID_ARGUMENT",
            True,
            "A required item is empty; `field` names it. Fill it in and repeat.",
            "必要な項目が空です（field を参照）。記入して再度届け出てください。",
        ),
        Reason.FIELD_OUT_OF_RANGE: _said(
            "INVALID_ARGUMENT",
            True,
            "An item is out of its range; `field` names it. Correct it and repeat.",
            "項目の値が範囲外です（field を参照）。訂正してください。",
        ),
        Reason.DATE_IMPOSSIBLE: _said(
            "INVALID_ARGUMENT",
            True,
            "A date does not exist in the calendar; `field` names it. Unknown parts are left empty, not invented.",
            "暦にない日付です（field を参照）。不詳の部分は空欄にしてください。",
        ),
        Reason.DATE_IN_FUTURE: _said(
            "INVALID_ARGUMENT",
            True,
            "The event lies in the future; `field` names the date. Only a 転出 may be reported beforehand.",
            "将来の日付です（field を参照）。あらかじめ届け出られるのは転出だけです。",
        ),
        Reason.AREA_UNKNOWN: _said(
            "INVALID_ARGUMENT",
            True,
            "The 全国地方公共団体コード names no municipality or ward on that day.",
            "全国地方公共団体コードに該当する市区町村がありません。",
        ),
        Reason.AREA_NOT_YOURS: _said(
            "INVALID_ARGUMENT",
            True,
            "The area is not this municipality or one of its wards; a designated city must name the ward.",
            "この市区町村又はその区ではありません。指定都市では区を指定してください。",
        ),
        Reason.RESIDENT_NOT_FOUND: _said(
            "NOT_FOUND",
            True,
            "There is no such resident record, or it is not yours to see.",
            "該当する住民票がないか、閲覧できません。",
        ),
        Reason.HOUSEHOLD_NOT_FOUND: _said(
            "NOT_FOUND",
            True,
            "There is no such household, or it is not yours to see.",
            "該当する世帯がないか、閲覧できません。",
        ),
        Reason.RESIDENT_REMOVED: _said(
            "FAILED_PRECONDITION",
            True,
            "The record is removed already (除票); nothing more can be done to it here.",
            "既に除票となっています。",
        ),
        Reason.RESIDENT_LIVE_ALREADY: _said(
            "FAILED_PRECONDITION",
            True,
            "This person is on this register already.",
            "既にこの住民基本台帳に記録されています。",
        ),
        Reason.NOT_ONE_HOUSEHOLD: _said(
            "FAILED_PRECONDITION",
            True,
            "Those named are not of one household. Report each household by itself.",
            "同一の世帯ではありません。世帯ごとに届け出てください。",
        ),
        Reason.CERTIFICATE_REQUIRED: _said(
            "FAILED_PRECONDITION",
            True,
            "A 転入届 needs the 転出証明書; entry without it (令22条) is not offered yet.",
            "転入届には転出証明書を添えてください。証明書によらない転入（令22条）は未対応です。",
        ),
        Reason.REPORT_TOO_LATE: _said(
            "FAILED_PRECONDITION",
            True,
            "More than 14 days after the move it is no 転出届 any more: delete the record ex officio.",
            "転出日から14日を過ぎたため、転出届としては扱えません。職権で消除してください（delete-ex-officio）。",
        ),
        Reason.PERSON_DIFFERS: _said(
            "FAILED_PRECONDITION",
            True,
            "The code is here, but birth date or sex are another's, or the person is dead. Inquire at the sender.",
            "住民票コードは一致しますが、生年月日又は性別が異なるか、死亡した者です。発信元に照会してください。",
        ),
        Reason.POOL_EMPTY: _said(
            "UNAVAILABLE",
            False,
            "No designated 住民票コード is left; more were asked of J-LIS. Repeat with the same request_id.",
            "指定された住民票コードが残っていません。機構に求めています。同じ request_id で再送してください。",
        ),
        Reason.NOTHING_TO_PRINT: _said(
            "FAILED_PRECONDITION",
            False,
            "There is nothing to print: no number has been designated, or no 転出届 was made.",
            "個人番号の指定前か、転出届がないため、印刷するものがありません。",
        ),
        Reason.CODE_NOT_DESIGNATED: _said(
            "FAILED_PRECONDITION",
            True,
            "That 住民票コード was not designated to this municipality, so no 個人番号 is generated from it.",
            "この市区町村に指定された住民票コードではないため、個人番号を生成しません。",
        ),
        Reason.CLOCK_BACKWARD: _said(
            "FAILED_PRECONDITION",
            True,
            "The clock never goes back, and a node on system time cannot be set.",
            "時計は戻せません。実時刻で動くノードの時計は設定できません。",
        ),
        Reason.NOT_HERE: _said(
            "UNIMPLEMENTED",
            True,
            "This node does not do that; ask a municipality.",
            "このノードでは行いません。市区町村のノードに求めてください。",
        ),
        Reason.STORAGE_FULL: _said(
            "UNAVAILABLE",
            False,
            "The disk is full; nothing was written. Free space and repeat with the same request_id.",
            "ディスクの空きがなく、何も書き込んでいません。空きを作り、同じ request_id で再送してください。",
        ),
        Reason.STORAGE_DAMAGED: _said(
            "UNAVAILABLE",
            False,
            "The database cannot be written or read. Stop the node and use `jukinet snapshot restore`.",
            "データベースの読み書きができません。停止し、`jukinet snapshot restore` で復元してください。",
        ),
        Reason.PEER_UNREACHABLE: _said(
            "UNAVAILABLE",
            False,
            "The neighbour does not answer. What is to be sent is kept and sent again.",
            "相手に接続できません。送るものは保存され、再送されます。",
        ),
        Reason.INTERNAL: _said(
            "INTERNAL",
            False,
            "Something failed inside; the node's log has the details under the incident number.",
            "内部で失敗しました。詳細はノードのログの incident 番号を参照してください。",
        ),
    }
)
