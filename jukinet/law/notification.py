"""通知: what a municipality tells its governor, the governor tells J-LIS, and municipalities tell one another."""

from __future__ import annotations

from datetime import date, timedelta

from jukinet.law.basis import Decision, basis, state
from jukinet.model.identification import Change, ChangeKind, ChangeReason, Identification
from jukinet.model.reason import Reason

REASONS_OF_KIND: dict[ChangeKind, frozenset[ChangeReason]] = {
    ChangeKind.ENTRY: frozenset(
        {
            ChangeReason.MOVE_IN,
            ChangeReason.MOVE_IN_FROM_ABROAD,
            ChangeReason.BIRTH,
            ChangeReason.EX_OFFICIO_ENTRY_NATURALIZATION,
            ChangeReason.EX_OFFICIO_ENTRY_NATIONALITY_LOSS,
            ChangeReason.EX_OFFICIO_ENTRY,
        }
    ),
    ChangeKind.DELETION: frozenset(
        {
            ChangeReason.MOVE_OUT,
            ChangeReason.MOVE_OUT_ABROAD,
            ChangeReason.DEATH,
            ChangeReason.EX_OFFICIO_DELETION_NATURALIZATION,
            ChangeReason.EX_OFFICIO_DELETION_NATIONALITY_LOSS,
            ChangeReason.EX_OFFICIO_DELETION,
        }
    ),
    ChangeKind.CORRECTION: frozenset(
        {ChangeReason.RELOCATION, ChangeReason.MINOR_CORRECTION, ChangeReason.EX_OFFICIO_CORRECTION}
    ),
    ChangeKind.NUMBER_CORRECTION: frozenset(
        {
            ChangeReason.NUMBER_CHANGE_REQUEST,
            ChangeReason.NUMBER_EX_OFFICIO_CORRECTION,
            ChangeReason.NUMBER_EX_OFFICIO_ENTRY,
        }
    ),
    ChangeKind.CODE_CORRECTION: frozenset({ChangeReason.CODE_CHANGE_REQUEST, ChangeReason.CODE_EX_OFFICIO_ENTRY}),
}
"""規則11条, complete."""


def kind_of(reason: ChangeReason) -> ChangeKind:
    """Under which of 令30条の5各号 the reason falls."""
    return next(kind for kind, reasons in REASONS_OF_KIND.items() if reason in reasons)


@basis("住基法第30条の6第1項", "市町村長から都道府県知事への本人確認情報の通知")
def notify_identification(before: Identification | None, after: Identification | None) -> Decision:
    """住民票の記載、消除又は法7条1–3号・7号（住所）・8号の2・13号の記載の修正をしたとき、本人確認情報を知事に通知する。

    `before` and `after` are None where there is no live record. Nothing goes up where no such item changed.
    """
    if before is None and after is None:
        return Decision.deny(Reason.RESIDENT_REMOVED)
    if before == after:
        return Decision.deny(Reason.CHANGE_INCONSISTENT)
    return Decision.allow()


@basis("住基法施行規則第11条", "異動の事由")
def change_reason_fits(change: Change) -> Decision:
    """異動の区分（令30条の5各号）に応じた事由（規則11条各項）であること。"""
    if change.reason in REASONS_OF_KIND.get(change.kind, frozenset()):
        return Decision.allow()
    return Decision.deny(Reason.CHANGE_INCONSISTENT)


state("forward_identification", "住基法第30条の7第1項", "都道府県知事から機構への本人確認情報の通知")
state("confirm_move_out", "住基令第13条第3項", "転出確定通知")
state("notify_move_in", "住基法第9条第1項", "転入通知")
state("notify_move_out_beforehand", "住基法第24条の2第3項", "転出届時の事前通知", since=date(2023, 2, 6))
state("send_wide_area_record", "住基法第12条の4第3項", "広域交付のための住民票情報の通知")
state("search_identification", "住基法第30条の10第1項第3号", "住民基本台帳事務のための本人確認情報の提供")
state("report_stored_error", "住基法第30条の8", "機構から都道府県知事への誤りの通知")
state("report_register_error", "住基法第12条の5", "都道府県知事から市町村長への通報")
state("notify_supplementary_identification", "住基法第30条の41第1項", "附票本人確認情報の通知", since=date(2024, 5, 27))
state(
    "forward_supplementary_identification",
    "住基法第30条の42第1項",
    "附票本人確認情報の機構への通知",
    since=date(2024, 5, 27),
)


MOVE_DAYS = 14


@basis("住基法第30条の8", "同一の住民票コードの重複")
def double_is_flagged(differs: bool, move_in: bool, since: date, today: date) -> bool:
    """二つの市町村に同じ住民票コードの現存する記録があるとき、誤りとして扱うか。

    In every move there are two for a while: of the same birth date and sex, the later a 国内転入, for 14 days at most
    (how the real system finds them is not known; the period is our assumption).
    """
    return differs or not move_in or today > since + timedelta(days=MOVE_DAYS)


@basis("住基法第30条の8", "変更された住民票コード又は死亡した者の住民票コードによる記載")
def stale_entry_is_flagged(entered_after: bool, since: date, today: date) -> bool:
    """請求により変更された住民票コード、又は死亡により消除された住民票コードの現存する記録を、誤りとして扱うか。

    Whoever is entered after the end was entered from an old paper. A record of before may be that of the municipality
    that was left, which its 転入通知 closes: it has as long as every move (our assumption).
    """
    return entered_after or today > since + timedelta(days=MOVE_DAYS)


@basis("住基令第13条第1項", "転出届による消除の年月日")
def deletion_day(planned: date, today: date, moved_in: date | None = None) -> tuple[bool, date]:
    """転出届による消除は転出の予定年月日を付す。Whether the record is to be removed today, and the date it then bears.

    It stays live until 00:00 JST of the planned day, or until an earlier 転入通知 says that the person has moved in
    (when the real system transmits is not known; this is our assumption).
    """
    return planned <= today or moved_in is not None, planned
