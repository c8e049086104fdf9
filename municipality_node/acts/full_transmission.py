"""全件送信: a new epoch of every identification stream of a municipality, with all that is to be known."""

from __future__ import annotations

from jukinet.model.identification import Change, ChangeKind, ChangeReason
from jukinet.model.stream import Stream
from jukinet.store import journal
from jukinet.v1 import relay_pb2
from municipality_node import store
from municipality_node.desk import Desk
from municipality_node.errors import store as error_store
from municipality_node.errors.store import Outcome
from municipality_node.store import Resident, State

A_PAGE = 5_000


def send_all_again(desk: Desk) -> int:
    """Residents go up as 職権記載等, those removed as their 消除: no notice is lost with its epoch. The new epoch."""
    kind = int(relay_pb2.STREAM_KIND_IDENTIFICATION)
    epochs = [journal.open_epoch(desk.db, Stream(area, kind)) for area in desk.own_areas()]
    for area in desk.own_areas():
        for report in error_store.open_about_notices(desk.db, area):
            error_store.close(desk.db, report.id, Outcome.RESENT, desk.today)  # its epoch has ended
    after = 0
    while residents := store.latest_after(desk.db, after, A_PAGE):
        for resident in residents:
            _send_again(desk, resident)
        after = residents[-1].id
    return max(epochs)


def _send_again(desk: Desk, resident: Resident) -> None:
    """The last that is to be known of a record."""
    if resident.state == State.REMOVED:
        day = resident.removal_date or desk.today
        desk.notify_governor(
            resident.id, resident.person, None, Change(ChangeKind.DELETION, resident.removal_reason, day)
        )
    else:
        change = Change(ChangeKind.ENTRY, ChangeReason.EX_OFFICIO_ENTRY, desk.today)
        desk.notify_governor(resident.id, None, resident.person, change)
