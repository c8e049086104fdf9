"""戸籍の附票: what the clerk of the 本籍地 does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from jukinet.law import family_register as law
from jukinet.model import areas
from jukinet.model.codes import resident_code_is_valid
from jukinet.model.family_register import (
    RegistrationEvent,
    RegistrationNotice,
    SupplementaryEntry,
    SupplementaryNotice,
    SupplementaryTransfer,
)
from jukinet.model.identification import Receipt
from jukinet.model.reason import Reason
from jukinet.model.stream import Keys, Stream
from jukinet.refusal import Refusal
from jukinet.wire import convert_family_register as convert
from jukinet.wire import gate
from municipality_node.acts.family_registration import tell
from municipality_node.desk import MOST_BYTES, Desk, ask
from municipality_node.family_register import store
from municipality_node.family_register.papers import mismatch_paper, transfer_paper
from municipality_node.family_register.receiving import (
    TRANSFER,
    receive_supplementary_notice,
    receive_supplementary_transfer,
)


def enter_supplementary_register(
    desk: Desk, domicile: str, head: str, entries: tuple[SupplementaryEntry, ...]
) -> tuple[Receipt, list[int]]:
    """附票の作成・記載 from the 戸籍 (令18条): from now on it takes nobody from a notice but those born into it."""
    area_code = _own_domicile(desk, domicile, "registered_domicile")
    if not head.strip():
        raise Refusal(Reason.FIELD_MISSING, field="registered_head")
    if not entries:
        raise Refusal(Reason.FIELD_MISSING, field="entries")
    live = {entry.name for entry in store.of_register(desk.db, area_code, domicile, head) if not entry.removed_date}
    numbers = []
    for entry in entries:
        if not entry.name.strip():
            raise Refusal(Reason.FIELD_MISSING, field="entries.name")
        if entry.name in live:
            raise Refusal(Reason.SUPPLEMENTARY_ENTRY_LIVE_ALREADY)
        if entry.resident_code and not resident_code_is_valid(entry.resident_code):
            raise Refusal(Reason.CHECK_DIGIT_WRONG, field="entries.resident_code")
        if convert.supplementary_entry_message(entry).ByteSize() > MOST_BYTES:
            raise Refusal(Reason.RECORD_TOO_LARGE)
        live.add(entry.name)
        new = replace(
            law.only_items(entry, desk.today), area_code=area_code, registered_domicile=domicile, registered_head=head,
            from_family_register=True,
            current=replace(entry.current, told_by="", told_on=desk.today) if entry.current else None,
            former=tuple(replace(address, told_by="", told_on=desk.today) for address in entry.former),
        )  # fmt: skip
        numbers.append(store.insert(desk.db, new))
    return Receipt(notices=desk.notices), numbers


def clear_supplementary_register(desk: Desk, entry_ids: list[int], removed_date: date) -> Receipt:
    """附票の消除 of those who left the 戸籍, by 死亡, 婚姻 and the like (令19条)."""
    if removed_date > desk.today:
        raise Refusal(Reason.DATE_IN_FUTURE, field="removed_date")
    if not entry_ids:
        raise Refusal(Reason.FIELD_MISSING, field="entry_ids")
    for entry_id in entry_ids:
        found = store.entry(desk.db, entry_id)
        if found is None or found.removed_date is not None:
            raise Refusal(Reason.SUPPLEMENTARY_REGISTER_NOT_FOUND)
        store.remove(desk.db, entry_id, removed_date, desk.today)
    return Receipt(notices=desk.notices)


def enter_paper_supplementary_notice(desk: Desk, notice: SupplementaryNotice) -> tuple[Receipt, int]:
    """回線の故障等のとき紙で届いた附票記載事項通知 (規則5条の2第2項): the same duties follow."""
    area_code = _own_domicile(desk, notice.registered_domicile, "notice.registered_domicile")
    _teller(notice.area_code, area_code)
    if notice.change_date > desk.today:
        raise Refusal(Reason.DATE_IN_FUTURE, field="notice.change_date")
    entry_id = receive_supplementary_notice(desk, area_code, notice)
    return Receipt(notices=desk.notices), entry_id


def print_supplementary_mismatch(desk: Desk, mismatch_id: int) -> tuple[str, str]:
    """戸籍と合わない旨の通知書 (法19条2項): title and text."""
    found = store.mismatch(desk.db, mismatch_id)
    if found is None or not found.found_here:
        raise Refusal(Reason.SUPPLEMENTARY_MISMATCH_NOT_FOUND)
    return mismatch_paper(found, desk.today)


def report_domicile_transfer(
    desk: Desk, domicile: str, head: str, new_domicile: str, transfer_date: date
) -> tuple[Receipt, SupplementaryTransfer, str]:
    """転籍届 at the 原籍地: the 附票 goes to the 新本籍地 (法19条3項), and each 住所地 is told (法9条2項).

    By line since 2024-05-27; before that the answer brings the papers. What was kept here is removed (令19条).
    """
    ask(law.report_domicile_transfer(transfer_date, desk.today))
    area_code = _own_domicile(desk, domicile, "registered_domicile")
    to = areas.registered_domicile_area(new_domicile, desk.today)
    if to is None:
        raise Refusal(Reason.AREA_UNKNOWN, field="new_registered_domicile")
    if to.code == area_code:
        raise Refusal(Reason.DOMICILE_STAYS_HERE)
    leaving = [entry for entry in store.of_register(desk.db, area_code, domicile, head) if not entry.removed_date]
    entries = tuple(found for entry in leaving if (found := store.entry(desk.db, entry.id)) is not None)
    if not entries:
        raise Refusal(Reason.SUPPLEMENTARY_REGISTER_NOT_FOUND)
    transfer = SupplementaryTransfer(domicile, head, new_domicile, transfer_date, area_code, entries)
    for entry in entries:
        store.remove(desk.db, entry.id, transfer_date, desk.today, new_domicile)
    by_line = law.goes_by_line("notify_supplementary_transfer", desk.today)
    papers = [] if by_line else [transfer_paper(transfer, to.code, desk.today)]
    for entry in entries if by_line else ():
        _send(desk, replace(transfer, entries=(entry,)), to.code)
    papers += [_tell_residence(desk, transfer, entry) for entry in entries]
    return Receipt(notices=desk.notices), transfer, "\n\n".join(filter(None, papers))


def _send(desk: Desk, transfer: SupplementaryTransfer, to: str) -> None:
    """One person of the 戸籍, by line; a ward of the same city hears it at once."""
    record = convert.supplementary_transfer_message(transfer).SerializeToString(deterministic=True)
    desk.tell(Stream(transfer.area_code, TRANSFER, to), record, Keys())
    if gate.speaks_for(desk.node, to):
        receive_supplementary_transfer(desk, to, transfer)


def _tell_residence(desk: Desk, transfer: SupplementaryTransfer, entry: SupplementaryEntry) -> str:
    """戸籍の表示 of the 住民票 changes too: the paper for it, if it is one. An unknown 住所地 cannot be told."""
    now = entry.current
    if now is None or not now.told_by or not now.address:
        return ""
    notice = RegistrationNotice(
        event=RegistrationEvent.DOMICILE_TRANSFER,
        event_date=transfer.transfer_date,
        name=entry.name,
        birth_date=entry.birth_date,
        sex=entry.sex,
        address=now.address,
        residence_area_code=now.told_by,
        accepting_area_code=transfer.area_code,
        accept_date=desk.today,
        registered_domicile=transfer.new_registered_domicile,
        registered_head=transfer.registered_head,
    )
    try:
        return tell(desk, notice)
    except Refusal:
        return ""  # a resident of this office whose 住民票 says something else: there is nothing to change


def enter_paper_domicile_transfer(desk: Desk, transfer: SupplementaryTransfer) -> tuple[Receipt, list[int]]:
    """書面で届いた転籍の通知 (法19条3項): entering it again changes nothing."""
    area_code = _own_domicile(desk, transfer.new_registered_domicile, "transfer.new_registered_domicile")
    _teller(transfer.area_code, area_code)
    if transfer.transfer_date > desk.today:
        raise Refusal(Reason.DATE_IN_FUTURE, field="transfer.transfer_date")
    for entry in transfer.entries:
        if convert.supplementary_transfer_message(replace(transfer, entries=(entry,))).ByteSize() > MOST_BYTES:
            raise Refusal(Reason.RECORD_TOO_LARGE)
    return Receipt(notices=desk.notices), receive_supplementary_transfer(desk, area_code, transfer)


def _own_domicile(desk: Desk, domicile: str, field: str) -> str:
    """The area of a 本籍 that lies here: this municipality, or a ward of this city."""
    if not domicile.strip():
        raise Refusal(Reason.FIELD_MISSING, field=field)
    area = areas.registered_domicile_area(domicile, desk.today)
    if area is None or area.code not in desk.own_areas():
        raise Refusal(Reason.AREA_NOT_YOURS, field=field)
    return area.code


def _teller(area_code: str, own: str) -> None:
    """Who sent a paper: another municipality, or another ward."""
    area = areas.find(area_code)
    if area is None or area.kind == "prefecture" or area.is_designated_city:
        raise Refusal(Reason.AREA_UNKNOWN, field="area_code")
    if area_code == own:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="area_code")
