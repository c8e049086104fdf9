"""What a 本籍地 does with what it hears: the 附票 follows, or the 住所地 is told that it does not fit the 戸籍.

No 戸籍 are kept here. A 附票 that nobody entered from the 戸籍 opens with the first notice about its 筆頭者; one that
was entered from the 戸籍 takes nobody who is not in it, save those who are born into it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jukinet.law import family_register as law
from jukinet.model import areas
from jukinet.model.codes import resident_code_is_valid
from jukinet.model.dates import PartialDate
from jukinet.model.family_register import (
    MismatchReason,
    SupplementaryAddress,
    SupplementaryEntry,
    SupplementaryMismatch,
    SupplementaryNotice,
    SupplementaryTransfer,
)
from jukinet.model.identification import ChangeReason, Sex
from jukinet.model.reason import Reason
from jukinet.model.stream import Keys, Stream
from jukinet.refusal import Refusal
from jukinet.v1 import relay_pb2
from jukinet.wire import convert_family_register as convert
from jukinet.wire import gate
from municipality_node.family_register import store

if TYPE_CHECKING:
    from municipality_node.desk import Desk

MISMATCH = int(relay_pb2.STREAM_KIND_SUPPLEMENTARY_REGISTER_MISMATCH)
TRANSFER = int(relay_pb2.STREAM_KIND_SUPPLEMENTARY_REGISTER_TRANSFER)


def receive_supplementary_notice(desk: Desk, area_code: str, notice: SupplementaryNotice) -> int:
    """法19条1項の通知を受けた本籍地: the number of the entry; 0 where the notice does not fit the 戸籍.

    The same notice again, by line or on paper, changes nothing. Notices of several 住所地 may come in any order: what
    the entry says now is the 住所 settled last.
    """
    for field, value in (("notice.name", notice.name), ("notice.registered_domicile", notice.registered_domicile)):
        if not value.strip():
            raise Refusal(Reason.FIELD_MISSING, field=field)
    if not notice.address.strip() and not notice.moved_abroad:
        raise Refusal(Reason.FIELD_MISSING, field="notice.address")
    if notice.resident_code and not resident_code_is_valid(notice.resident_code):
        raise Refusal(Reason.CHECK_DIGIT_WRONG, field="notice.resident_code")
    notice = law.only_items(notice, desk.today)
    found, misfit = _fit(desk, area_code, notice)
    # What this office tells itself is told in one transaction, and so never twice.
    elsewhere = notice.area_code != area_code
    record = convert.supplementary_notice_message(notice).SerializeToString(deterministic=True) if elsewhere else b""
    if elsewhere and store.was_heard(desk.db, record):
        return found.id if found and not misfit else 0
    if misfit is not None:
        _tell_mismatch(desk, area_code, notice, misfit)
        return 0
    if elsewhere:
        store.note_heard(desk.db, record, desk.today)
    address = SupplementaryAddress(
        notice.address, notice.settled_date, notice.moved_abroad, notice.area_code, notice.change_date
    )
    if found is None:
        return store.insert(
            desk.db,
            SupplementaryEntry(
                area_code=area_code,
                registered_domicile=notice.registered_domicile,
                registered_head=notice.registered_head,
                name=notice.name,
                name_kana=notice.name_kana,
                birth_date=notice.birth_date,
                sex=notice.sex,
                resident_code=notice.resident_code,
                current=address,
            ),
        )
    if found.current is None or found.current.told_on is None or notice.change_date >= found.current.told_on:
        _write_person(desk, found, notice)
    write_address(desk, found, address)
    return found.id


def _fit(
    desk: Desk, area_code: str, notice: SupplementaryNotice
) -> tuple[SupplementaryEntry | None, MismatchReason | None]:
    """Who is meant, and whether that fits the 戸籍."""
    area = areas.registered_domicile_area(notice.registered_domicile, desk.today)
    if area is None or area.code != area_code or not notice.registered_head.strip():
        return None, MismatchReason.HEAD_UNKNOWN
    everybody = store.of_register(desk.db, area_code, notice.registered_domicile, notice.registered_head)
    family = [entry for entry in everybody if entry.removed_date is None]
    for name in filter(None, (notice.name, notice.former_name)):
        for entry in family:
            if entry.name == name:
                return entry, _differs(entry, notice)
    for entry in family:
        told_on = entry.current.told_on if entry.current else None
        if entry.former_name == notice.name and told_on is not None and notice.change_date < told_on:
            return entry, _differs(entry, notice)
    if any(entry.resident_code == notice.resident_code for entry in family if notice.resident_code):
        return None, MismatchReason.NAME_DIFFERS
    if not family and any(entry.transferred_to for entry in everybody):
        return None, MismatchReason.REGISTER_TRANSFERRED
    left = any(entry.name == notice.name for entry in everybody)
    closed = any(entry.from_family_register for entry in family) and notice.reason != ChangeReason.BIRTH
    if left or closed:
        return None, MismatchReason.PERSON_UNKNOWN
    return None, None


def _differs(entry: SupplementaryEntry, notice: SupplementaryNotice) -> MismatchReason | None:
    unknown = PartialDate()
    if unknown not in (entry.birth_date, notice.birth_date) and entry.birth_date != notice.birth_date:
        return MismatchReason.BIRTH_DATE_DIFFERS
    if Sex.UNSPECIFIED not in (entry.sex, notice.sex) and entry.sex != notice.sex:
        return MismatchReason.SEX_DIFFERS
    return None


def _write_person(desk: Desk, entry: SupplementaryEntry, told: SupplementaryNotice | SupplementaryEntry) -> None:
    """What was told takes the place of what the entry says; what was not told stays."""
    after = replace(
        entry,
        name=told.name,
        former_name=entry.former_name if told.name == entry.name else entry.name,
        name_kana=told.name_kana or entry.name_kana,
        birth_date=told.birth_date if told.birth_date != PartialDate() else entry.birth_date,
        sex=told.sex or entry.sex,
        resident_code=told.resident_code or entry.resident_code,
    )
    if after != entry:
        store.update_person(desk.db, entry.id, after)


def write_address(desk: Desk, entry: SupplementaryEntry, new: SupplementaryAddress) -> None:
    """Put a 住所 where it belongs among those of the entry: the one settled last is what the entry says now."""
    former = store.former_addresses(desk.db, entry.id)
    if new.settled_date is None:
        _write_anew(desk, entry, former, new)
        return
    known = [address for address in (entry.current, *(address for _, address in former)) if address]
    if any(_same(address, new) for address in known):
        return
    now = entry.current
    if now is not None and now.settled_date is not None and now.settled_date > new.settled_date:
        store.insert_former(desk.db, entry.id, new)
        return
    if now is not None:
        store.insert_former(desk.db, entry.id, now)
    store.set_current(desk.db, entry.id, new)


def _write_anew(
    desk: Desk, entry: SupplementaryEntry, former: list[tuple[int, SupplementaryAddress]], new: SupplementaryAddress
) -> None:
    """住居表示 and the like: nobody has moved, the last 住所 that this 住所地 told is written anew."""
    now = entry.current
    if now is None:
        store.set_current(desk.db, entry.id, new)
    elif now.told_by in ("", new.told_by):
        if now.told_on is None or new.told_on is None or new.told_on >= now.told_on:
            store.set_current(desk.db, entry.id, replace(new, settled_date=now.settled_date))
    else:
        for address_id, address in former:
            if address.told_by == new.told_by:
                store.correct_former(desk.db, address_id, replace(new, settled_date=address.settled_date))
                return


def _same(one: SupplementaryAddress, other: SupplementaryAddress) -> bool:
    """Whether both tell the same; who told it does not matter."""
    return (one.address, one.settled_date, one.moved_abroad) == (other.address, other.settled_date, other.moved_abroad)


def _tell_mismatch(desk: Desk, area_code: str, notice: SupplementaryNotice, reason: MismatchReason) -> None:
    """戸籍と合わない旨 (法19条2項): by line since 2024-05-27, before that a paper that the clerk prints. Told once."""
    elsewhere = notice.area_code != area_code
    by_line = elsewhere and law.goes_by_line("notify_supplementary_mismatch", desk.today)
    found = SupplementaryMismatch(notice, reason, area_code, desk.today, found_here=True, by_line=by_line)
    if not store.add_mismatch(desk.db, found, desk.today) or not by_line:
        return
    record = convert.supplementary_mismatch_message(found).SerializeToString(deterministic=True)
    desk.tell(Stream(area_code, MISMATCH, notice.area_code), record, Keys())
    if gate.speaks_for(desk.node, notice.area_code):
        receive_supplementary_mismatch(desk, found)


def receive_supplementary_mismatch(desk: Desk, told: SupplementaryMismatch) -> None:
    """法19条2項の通知を受けた住所地: it stands in the list until the clerk has looked into it."""
    store.add_mismatch(desk.db, replace(told, found_here=False, by_line=True), desk.today)


def receive_supplementary_transfer(desk: Desk, area_code: str, transfer: SupplementaryTransfer) -> list[int]:
    """法19条3項の通知を受けた新本籍地: the 附票 of the 戸籍 as it was kept at the 原籍地. Numbers of the entries.

    A 住所地 may have told something here already; both are put together.
    """
    if not transfer.entries:
        raise Refusal(Reason.FIELD_MISSING, field="transfer.entries")
    domicile, head = transfer.new_registered_domicile, transfer.registered_head
    area = areas.registered_domicile_area(domicile, desk.today)
    if area is None or area.code != area_code:
        raise Refusal(Reason.AREA_NOT_YOURS, field="transfer.new_registered_domicile")
    if not head.strip():
        raise Refusal(Reason.FIELD_MISSING, field="transfer.registered_head")
    numbers = []
    for told in transfer.entries:
        if not told.name.strip():
            raise Refusal(Reason.FIELD_MISSING, field="transfer.entries.name")
        entry = replace(
            law.only_items(told, desk.today), area_code=area_code, registered_domicile=domicile, registered_head=head,
            removed_date=None, transferred_to="",
            current=replace(told.current, told_on=transfer.transfer_date) if told.current else None,
            former=tuple(replace(address, told_on=transfer.transfer_date) for address in told.former),
        )  # fmt: skip
        here = store.of_register(desk.db, area_code, domicile, head)
        known = [one for one in here if one.name == entry.name and one.removed_date is None]
        numbers.append(_put_together(desk, known[0], entry) if known else store.insert(desk.db, entry))
    return numbers


def _put_together(desk: Desk, known: SupplementaryEntry, told: SupplementaryEntry) -> int:
    for address in (*reversed(told.former), *([told.current] if told.current else [])):
        fresh = store.entry(desk.db, known.id)
        if fresh is not None and address.settled_date is not None:
            write_address(desk, fresh, address)
    _write_person(desk, known, replace(told, name=known.name))
    return known.id
