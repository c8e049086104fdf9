"""What a 住所地 tells the 本籍地 after a change of a 住民票 (法19条1項)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jukinet.law import family_register as law
from jukinet.model import areas
from jukinet.model.family_register import SupplementaryNotice
from jukinet.model.identification import Change, ChangeReason, Identification
from jukinet.model.stream import Keys, Stream
from jukinet.v1 import relay_pb2
from jukinet.wire import convert_family_register as convert
from jukinet.wire import gate
from municipality_node.family_register import store
from municipality_node.family_register.receiving import receive_supplementary_notice

if TYPE_CHECKING:
    from municipality_node.desk import Desk


def notify_supplementary_register(
    desk: Desk, resident_id: int, before: Identification | None, after: Identification | None, change: Change
) -> None:
    """戸籍の附票記載事項通知, if the 附票 must change by it.

    Where the 本籍地 is this municipality or ward the own 附票 is changed at once; a ward of the same city is told like
    any other municipality (令31条), and hears it at once. No 本籍, or one that lies nowhere: nobody is told.
    """
    person = after or before
    if person is None:
        return
    if not law.notify_supplementary_register(before, after, change.reason, desk.today).allowed:
        return
    domicile, head = store.family_of(desk.db, resident_id)
    area = areas.registered_domicile_area(domicile, desk.today)
    if area is None:
        return
    notice = _notice(desk, domicile, head, person, before, change)
    if area.code == person.area_code:
        receive_supplementary_notice(desk, area.code, notice)
        return
    notice = law.only_items(notice, desk.today)
    record = convert.supplementary_notice_message(notice).SerializeToString(deterministic=True)
    stream = Stream(person.area_code, int(relay_pb2.STREAM_KIND_SUPPLEMENTARY_REGISTER_NOTICE), area.code)
    desk.tell(stream, record, keys_of(notice))
    if gate.speaks_for(desk.node, area.code):
        receive_supplementary_notice(desk, area.code, notice)


def _notice(
    desk: Desk, domicile: str, head: str, person: Identification, before: Identification | None, change: Change
) -> SupplementaryNotice:
    abroad = change.reason == ChangeReason.MOVE_OUT_ABROAD
    address, moved_abroad = law.address_abroad(desk.today) if abroad else (person.address, False)
    return SupplementaryNotice(
        registered_domicile=domicile,
        registered_head=head,
        name=person.name,
        name_kana=person.name_kana,
        birth_date=person.birth_date,
        sex=person.sex,
        address=address,
        settled_date=law.settled_date(before, change.reason, change.change_date),
        resident_code=person.resident_code,
        moved_abroad=moved_abroad,
        former_name=before.name if before is not None and before.name != person.name else "",
        change_date=change.change_date,
        reason=change.reason,
        area_code=person.area_code,
    )


def keys_of(notice: SupplementaryNotice) -> Keys:
    """Keys travel with the batch: the 住民票コード is one only once the 附票 knows it."""
    return Keys(int(notice.resident_code) if notice.resident_code else None)
