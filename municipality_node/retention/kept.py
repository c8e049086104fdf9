"""Every table of a municipality: the eraser works by this list, and README.md shows it."""

from __future__ import annotations

from jukinet.store.kept import AS_REMOVED, CALENDAR, JOURNAL, ONE_YEAR, Kept

WITH_RECORD = "the 除票, by `resident_id`"
BY_DAY = "the day, by `DATED`"
_REMOVED, _PAPER = "令34条1項", "令34条3項"


def _of_record(table: str, holds: str) -> Kept:
    return Kept(table, holds, f"{AS_REMOVED} with the 除票", _REMOVED, WITH_RECORD)


def _paper(table: str, holds: str, but: str = "") -> Kept:
    return Kept(table, holds, ONE_YEAR + but, _PAPER, BY_DAY)


TABLES = (
    *JOURNAL,
    *CALENDAR,
    Kept("resident", "住民票, 除票", f"{AS_REMOVED} from 消除; a live one stays", _REMOVED, "`removed_record`"),
    Kept("household", "住所", "as long as anybody's record is in it", _REMOVED, "the last 除票 of it"),
    Kept("pool", "住民票コード, designated or used", "as the record that bears it, or bore it", _REMOVED, "the 除票"),
    _of_record("removed_record", "when a 除票 is due"),
    _of_record("resident_name", "a hash of name, 出生の年月日 and 男女の別"),
    _of_record("former_value", "codes and numbers of before"),
    _of_record("deleted_former_surname", "旧氏 that was taken away"),
    _of_record("foreign_items", "法30条の45 items"),
    _of_record("ex_officio_removal", "ground of a 職権消除"),
    _of_record("residence", "住所を定めた年月日, 届出の年月日"),
    _of_record("support", "支援措置"),
    _of_record("recovered_record", "that it was made anew after a loss"),
    _of_record("handed_over", "who took the record over"),
    _of_record("absorbed", "which record it was in a municipality of before"),
    _of_record("code_trace", "upon which 照会 a code was entered, and what was compared"),
    _of_record("code_told", "転入通知 that rest on a 照会"),
    _of_record("task", "what waits for J-LIS, with the code"),
    Kept("absorbed_household", "", "", "", "its household"),
    _paper("move_out", "転出届 as its certificate says it", "; longer while somebody is still to leave by it"),
    _paper("move_out_person", "続柄 of the household at the 転出届"),
    Kept(
        "move_out_pre_notice", "転出証明書 told beforehand", "until its own day", "事務処理要領",
        "`EraseMoveOutPreNotice` (`../due.py`), or the 転入",
    ),
    Kept("move_out_pre_notice_person", "住民票コード", "until its own day", "事務処理要領", "its pre-notice"),
    _of_record("opt_out", "非通知の申出"),
    _paper("paper_notice", "転入通知 that went by paper", "; longer while it lies in the tray"),
    _paper("error_report", "住民票コード that an error was told about", "; an open one stays"),
    _paper("inquiry", "the day of a 照会", "; as a rule until the next 照会 after a day"),
    _paper("inquiry_hit", "本人確認情報 as J-LIS told", "; with its 照会"),
    Kept("search_out"),
    Kept(
        "supplementary_entry", "戸籍の附票", f"{AS_REMOVED} from 消除 or 転籍; a live one stays",
        _REMOVED, BY_DAY,
    ),
    Kept("supplementary_address", "former 住所 of the 附票", "with its entry", _REMOVED, BY_DAY),
    _paper("supplementary_notice_heard", "a hash of a 附票 notice"),
    _paper("supplementary_mismatch", "what does not fit the 戸籍"),
    Kept("family_registration_waiting", "a birth that waits for a code", "until it is entered", "法8条", "its 記載"),
    Kept("passage"), Kept("operator"), Kept("operator_permission"),
)  # fmt: skip
