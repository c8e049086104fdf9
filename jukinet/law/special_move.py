"""転入届の特例: a move with the 個人番号カード and without paper; and a 転出 that does not happen."""

from __future__ import annotations

from datetime import date, timedelta

from jukinet.law.basis import Decision, basis, state
from jukinet.model.dates import days_passed
from jukinet.model.reason import Reason

BEFOREHAND = date(2023, 2, 6)
"""From this day a 転出届 is told beforehand, and may be made online (令和3年法律第37号, 引越しワンストップサービス)."""
AFTER_PLANNED, AFTER_MOVE = 30, 14
"""令24条の2第1項第2号: days that may pass from 転出の予定年月日, and from 転入をした日."""
ONLINE_BEFORE, ONLINE_AFTER = 30, 10
"""Days around 転出の予定年月日 in which municipalities take an online 転出届."""


@basis("住基法第24条の2第1項", "特例の転出届")
def move_out_with_card(head_leaves: bool, leaving: int) -> Decision:
    """個人番号カードの交付を受けている者の転出届、又はその世帯主の転出届に併せてする世帯員の転出届（第2項）。

    The card is that of the head who leaves along, or of the one person who leaves: nobody else's serves others.
    """
    if head_leaves or leaving == 1:
        return Decision.allow()
    return Decision.deny(Reason.CARD_OF_ANOTHER)


@basis("住基法第24条", "オンラインの転出届")
def report_move_out_online(planned_date: date, with_card: bool, today: date) -> Decision:
    """引越しワンストップサービスの開始前は、受けない。"""
    return Decision.deny(Reason.ONLINE_NOT_OFFERED)


@basis("住基法第24条", "オンラインの転出届", name="report_move_out_online", since=BEFOREHAND)
def report_move_out_online_since_2023(planned_date: date, with_card: bool, today: date) -> Decision:
    """個人番号カードの電子証明書を用い、転出の予定年月日の30日前から10日後まで届け出ることができる（市町村の取扱い）。"""
    if not with_card:
        return Decision.deny(Reason.CARD_REQUIRED)
    if today < planned_date - timedelta(days=ONLINE_BEFORE) or today > planned_date + timedelta(days=ONLINE_AFTER):
        return Decision.deny(Reason.ONLINE_PERIOD, field="planned_date")
    return Decision.allow()


@basis("住基法第24条の2第1項", "転入届の特例")
def report_special_move_in(
    move_in_date: date, planned_date: date | None, today: date, *, card_presented: bool, recorded_since: bool = False
) -> Decision:
    """最初の転入届には転出証明書を添えなくてよい。令24条の2第1項各号の場合を除く（世帯員は法同条第2項、令同条第2項）。

    `planned_date` is None while the municipality that was left has not been asked; `recorded_since` says that a
    register has recorded the person between 転出届 and 転入届.
    """
    if not card_presented:
        return Decision.deny(Reason.CARD_REQUIRED)
    if move_in_date > today:
        return Decision.deny(Reason.DATE_IN_FUTURE, field="move_in_date")
    too_late = [days_passed(move_in_date, AFTER_MOVE)]
    if planned_date is not None:
        too_late.append(days_passed(planned_date, AFTER_PLANNED))
    if today >= min(too_late):
        return Decision.deny(Reason.SPECIAL_TOO_LATE)
    if recorded_since:
        return Decision.deny(Reason.RECORDED_MEANWHILE)
    return Decision.allow()


@basis("住基法第24条の2第4項", "転出証明書情報の通知", name="send_move_out_certificate")
@basis("住基法第24条の2第6項", "転出証明書情報の通知", name="send_move_out_certificate", since=BEFOREHAND)
def send_move_out_certificate(with_card: bool, recorded_elsewhere: bool, asked_by_neighbour: bool) -> Decision:
    """最初の転入届を受けた旨の通知があつたときは、令24条の3の事項を通知する。

    There is one answer for whom there is nothing to tell about, whatever the cause: who is not known here, who stays,
    who left with a paper, whose 転出 was cancelled, whom another municipality has recorded since. The destination that
    was reported does not bind: whoever received the 転入届 is told (令13条第2項 corrects the destination afterwards).
    """
    if with_card and asked_by_neighbour and not recorded_elsewhere:
        return Decision.allow()
    return Decision.deny(Reason.NO_MOVE_OUT_INFORMATION)


@basis("住基法第24条の2第4項", "事前通知された事項の消去", since=BEFOREHAND)
def erase_move_out_pre_notice(planned_date: date) -> date:
    """通知の日から転出の予定年月日から30日を経過した日までの期間（令24条の4）が経過したとき、消去する。

    The 「30日を経過した日」 is the last day of the period: at the beginning of the day after it nothing is left.
    """
    return days_passed(planned_date, AFTER_PLANNED) + timedelta(days=1)


@basis("住基令第24条", "転出証明書の交付")
def issue_move_out_certificate(planned_date: date, with_card: bool, confirmed: bool, today: date) -> Decision:
    """転出届をした者に交付する。特例の転出届をした者を除く。

    The exception lasts as long as the 特例 itself can (令24条の2第1項第2号): whoever comes after it needs the paper. A
    転入通知 ends the move, and what the paper is for.
    """
    special = with_card and today < days_passed(planned_date, AFTER_PLANNED)
    return Decision.deny(Reason.NOTHING_TO_PRINT) if special or confirmed else Decision.allow()


@basis("住基令第12条第3項", "転出の取消し")
def cancel_move_out(leaving: bool, confirmed: bool) -> Decision:
    """転出しないことになつた者は、消除前なら予定を取り消し、消除後なら職権で記載する。

    A 転入通知 ends it: the person lives elsewhere, and a second live record would be wrong (the standard specification
    lets a clerk cancel even then; we do not).
    """
    if not leaving:
        return Decision.deny(Reason.NO_MOVE_OUT_TO_CANCEL)
    if confirmed:
        return Decision.deny(Reason.MOVE_OUT_CONFIRMED)
    return Decision.allow()


state("list_move_out_pre_notices", "住基法第24条の2第4項", "事前通知された事項の確認", since=BEFOREHAND)
state("receive_move_out_pre_notice", "住基法第24条の2第3項", "事前通知された事項の保存", since=BEFOREHAND)
