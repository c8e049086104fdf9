"""指定都市の区と、行政区画の変更: through whom a ward's notices go, and who succeeds whom on which day."""

from __future__ import annotations

from datetime import date

from jukinet.law.basis import Decision, basis, state
from jukinet.model import areas, successions
from jukinet.model.reason import Reason
from jukinet.v1 import relay_pb2

PASSED_ON = {
    int(relay_pb2.STREAM_KIND_IDENTIFICATION): "pass_on_by_mayor",
    int(relay_pb2.STREAM_KIND_MOVE_OUT_CONFIRMATION): "pass_on_confirmation_by_mayor",
}
"""Kinds of notice that a 区長 sends 市長を経由して, each with its rule; notices between municipalities are none."""

state("pass_on_by_mayor", "住基令第31条第2項", "区長から市長を経由した本人確認情報の通知")
state("pass_on_confirmation_by_mayor", "住基令第32条第2項", "区長から市長を経由した転出確定通知")


@basis("住基法第5条", "住民基本台帳の備付け")
def keep_register(area_code: str, today: date) -> Decision:
    """市町村は住民基本台帳を備える。One that has become part of another keeps none, one still to come neither."""
    area = areas.find(area_code)
    if area is None or (area.valid_from or date.min) > today:
        return Decision.deny(Reason.AREA_UNKNOWN)
    return Decision.allow() if area.exists_on(today) else Decision.deny(Reason.AREA_ABOLISHED)


@basis("住基法施行規則第11条第3項第2号ハ", "行政区画の変更による軽微な修正")
def change_administrative_area(area_code: str, former_area_code: str, change_date: date, today: date) -> Decision:
    """行政区画の変更に伴う住所の記載の修正は軽微な修正である。

    Only the area that takes over from the former one on just that day may say so, and not before the day has come.
    """
    if not successions.succeeds(area_code, former_area_code, change_date):
        return Decision.deny(Reason.AREA_NOT_SUCCEEDED)
    return Decision.allow() if change_date <= today else Decision.deny(Reason.AREA_STILL_EXISTS)
