"""再通知: what the register says of somebody is told once more, since what is stored above is in error (法14条1項)."""

from __future__ import annotations

from jukinet.law.notification import change_reason_fits
from jukinet.model.identification import Change, ChangeKind, ChangeReason, Identification
from jukinet.model.stream import Stream
from jukinet.v1 import identification_pb2, relay_pb2
from jukinet.wire import convert
from municipality_node import store
from municipality_node.desk import Desk, ask, keys_of
from municipality_node.participation.store import is_withheld
from municipality_node.store import Resident, State


def resend_identification(
    desk: Desk, resident: Resident, *, held: bool = True, above: int = 0, repairs_number: int = 0
) -> None:
    """本人確認情報の再通知 of a live record, or of a 除票 as its 消除.

    Where nothing is `held` above, it is a 記載. `above` is the 更新順番号 stored there; the notice gets a later one.
    `repairs_number` is the number of the record that was set aside and that this notice stands for.
    """
    if is_withheld(desk.db, resident.id):
        return
    store.raise_sequence(desk.db, resident.id, above)
    day = desk.today
    if resident.state == State.REMOVED:
        change = Change(ChangeKind.DELETION, resident.removal_reason, resident.removal_date or day)
    elif held:
        change = Change(ChangeKind.CORRECTION, ChangeReason.EX_OFFICIO_CORRECTION, day)
    else:
        change = Change(ChangeKind.ENTRY, ChangeReason.EX_OFFICIO_ENTRY, day)
    tell_again(desk, resident.person, change, store.next_sequence(desk.db, resident.id), repairs_number)


def tell_again(desk: Desk, person: Identification, change: Change, sequence: int, repairs_number: int = 0) -> None:
    """A notice to the governor that no change of a 住民票 gave rise to; also of somebody who has no record here."""
    ask(change_reason_fits(change))
    record = identification_pb2.IdentificationRecord(
        identification=convert.identification_message(person),
        change=convert.change_message(change),
        person_sequence=sequence,
        repairs_number=repairs_number,
    ).SerializeToString()
    desk.tell(Stream(person.area_code, int(relay_pb2.STREAM_KIND_IDENTIFICATION)), record, keys_of(person))
