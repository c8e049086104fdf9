"""届出と職権: what may be done to a 住民票 at the counter."""

from __future__ import annotations

from datetime import date, timedelta

from jukinet.law.basis import Decision, basis, state
from jukinet.model.dates import PartialDate
from jukinet.model.reason import Reason

REPORT_DAYS = 14


def _happened(field: str, day: date, today: date) -> Decision:
    if day > today:
        return Decision.deny(Reason.DATE_IN_FUTURE, field=field)
    return Decision.allow()


@basis("住基法第30条の3第2項", "出生による記載")
def report_birth(birth_date: PartialDate, today: date) -> Decision:
    """出生届を受理したとき、指定された住民票コードのうちから一を選んで記載する（令12条2項一号、規則11条1項三号）。"""
    exact = birth_date.exact()
    return _happened("birth_date", exact, today) if exact else Decision.allow()


@basis("住基令第8条", "死亡による消除")
def report_death(death_date: date, today: date) -> Decision:
    """死亡届を受理したとき、住民票を消除する。"""
    return _happened("death_date", death_date, today)


@basis("住基法第24条", "転出届")
def report_move_out(planned_date: date, today: date) -> Decision:
    """転出をする者は、あらかじめ届け出る。

    More than 14 days after the move it is no 届出 any more but 職権 (practice of the standard specification).
    """
    if planned_date + timedelta(days=REPORT_DAYS) < today:
        return Decision.deny(Reason.REPORT_TOO_LATE, field="planned_date")
    return Decision.allow()


@basis("住基法第22条", "転入届")
def report_move_in(has_certificate: bool, move_in_date: date, today: date) -> Decision:
    """転入をした者は、転入をした日から14日以内に、転出証明書を添えて届け出る（同条2項、令23条）。

    A late report is still entered. Without certificate the items of 令22条 are needed: a 届出 of its own.
    """
    if not has_certificate:
        return Decision.deny(Reason.CERTIFICATE_REQUIRED)
    return _happened("move_in_date", move_in_date, today)


@basis("住基法第23条", "転居届")
def report_relocation(relocation_date: date, today: date) -> Decision:
    """転居をした者は、転居をした日から14日以内に届け出る。"""
    return _happened("relocation_date", relocation_date, today)


@basis("住基令第12条第1項", "職権による記載")
def enter_ex_officio(change_date: date, today: date) -> Decision:
    """届出がないとき、職権で住民票の記載をする。"""
    return _happened("change_date", change_date, today)


@basis("住基令第12条第1項", "職権による消除")
def delete_ex_officio(change_date: date, today: date) -> Decision:
    """届出がないとき、職権で住民票を消除する。"""
    return _happened("change_date", change_date, today)


@basis("住基令第12条第3項", "職権による記載の修正")
def correct_ex_officio(change_date: date, today: date) -> Decision:
    """脱漏又は誤記があるとき、職権で修正する。住民票コードは除かれる（令9条、30条の4）。"""
    return _happened("change_date", change_date, today)


state("report_household_change", "住基法第25条", "世帯変更届")
state("enter_paper_move_in_notice", "住基法施行規則第2条第2項", "回線故障時の転入通知")
state("receive_move_in_notice", "住基令第13条第2項", "転入通知を受けた市町村長による除票の記載")
state("complete_move_out", "住基令第13条第1項", "転出の予定年月日の到来による消除")
state("consult_resident_record", "住基法第36条の2", "住民票の確認")
state("consult_tasks", "住基法第36条の2", "事務の確認")
state("print_notice", "住基法第30条の3第3項", "住民票コード通知票")
