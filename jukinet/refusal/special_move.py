"""What the desk of 転入届の特例 says no for."""

from __future__ import annotations

from jukinet.model.reason import Reason
from jukinet.refusal.spec import Spec

SPECS: dict[Reason, Spec] = {
    Reason.CARD_REQUIRED: Spec(
        "FAILED_PRECONDITION",
        True,
        "Without the 個人番号カード the special report is not open (令24条の2第1項第3号). Present the card, or"
        " report with a 転出証明書.",
        "個人番号カードの提出がなければ特例は使えません（令24条の2第1項第3号）。カードを提出するか、転出証明書を添えて届け出てください。",
    ),
    Reason.CARD_OF_ANOTHER: Spec(
        "FAILED_PRECONDITION",
        True,
        "Only the head's card serves the household, and only if the head leaves along (法24条の2第2項). Report each"
        " person by the own card, or without card.",
        "世帯員に使えるのは、共に転出する世帯主のカードだけです（法24条の2第2項）。一人ずつ本人のカードで、又はカードなしで届け出てください。",
    ),
    Reason.ONLINE_NOT_OFFERED: Spec(
        "FAILED_PRECONDITION",
        True,
        "Online 転出届 are taken from 2023-02-06. Report at the counter.",
        "オンラインの転出届は令和5年2月6日からです。窓口で届け出てください。",
    ),
    Reason.ONLINE_PERIOD: Spec(
        "FAILED_PRECONDITION",
        True,
        "Online 転出届 are taken from 30 days before to 10 days after the planned day."
        " Report at the counter, or later.",
        "オンラインの転出届は、転出予定日の30日前から10日後までです。窓口で、又は期間内に届け出てください。",
    ),
    Reason.SPECIAL_TOO_LATE: Spec(
        "FAILED_PRECONDITION",
        True,
        "30 days have passed since the planned day, or 14 since the move (令24条の2第1項第2号). Report with a"
        " 転出証明書 of the municipality that was left.",
        "転出予定日から30日、又は転入の日から14日を経過しています（令24条の2第1項第2号）。転出地の転出証明書を添えて届け出てください。",
    ),
    Reason.RECORDED_MEANWHILE: Spec(
        "FAILED_PRECONDITION",
        True,
        "A register has recorded the person since the 転出届 (令24条の2第1項第1号). Report with a"
        " 転出証明書 of the municipality that recorded last.",
        "転出届の後、いずれかの市町村の台帳に記録されています（令24条の2第1項第1号）。直近の市町村の転出証明書を添えて届け出てください。",
    ),
    Reason.NO_MOVE_OUT_INFORMATION: Spec(
        "NOT_FOUND",
        True,
        "There is no 転出証明書情報 to tell about under that code. Check code and former municipality, or report with a"
        " 転出証明書.",
        "この住民票コードについて通知する転出証明書情報はありません。コードと転出地を確かめるか、転出証明書を添えて届け出てください。",
    ),
    Reason.NO_MOVE_OUT_TO_CANCEL: Spec(
        "FAILED_PRECONDITION",
        True,
        "There is no 転出届 behind this record that could be cancelled. See `jukinet resident get`.",
        "この住民票には、取り消す転出届がありません。`jukinet resident get` で確認してください。",
    ),
    Reason.MOVE_OUT_CONFIRMED: Spec(
        "FAILED_PRECONDITION",
        True,
        "A 転入通知 says that the person has moved in elsewhere. Whoever comes back reports"
        " with a 転出証明書 from there.",
        "転入通知を受けており、転出は確定しています。戻る場合は、転入先で転出届をしたうえで転入届をしてください。",
    ),
}
