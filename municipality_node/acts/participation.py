"""非通知の申出 and 転入通知 on paper: what a municipality does that does not take part as the law orders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jukinet.law import participation as law
from jukinet.model.identification import Change, ChangeKind, ChangeReason, Receipt
from jukinet.model.participation import Mode
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from jukinet.store import participation as participation_store
from municipality_node import store
from municipality_node.acts.full_transmission import send_all_again
from municipality_node.acts.resend import tell_again
from municipality_node.desk import Desk, ask
from municipality_node.participation import store as own_store
from municipality_node.participation.store import Paper


def take_part(desk: Desk, before: Mode, after: Mode) -> int:
    """Whoever takes part fully tells of everybody anew, in a new epoch; whoever joins selectively, of the others."""
    if after is Mode.FULL:
        own_store.end_all(desk.db)
    if before is after or after is Mode.OUTSIDE or (before is Mode.FULL and after is Mode.SELECTIVE):
        return 0
    send_all_again(desk)
    return desk.notices


def file_opt_out(desk: Desk, resident_ids: Sequence[int]) -> Receipt:
    """非通知の申出. Who was told of is told as removed ex officio (how it was stored is unknown: our assumption)."""
    return _each(desk, resident_ids, filed=True)


def withdraw_opt_out(desk: Desk, resident_ids: Sequence[int]) -> Receipt:
    """The resident is told of again, as entered ex officio."""
    return _each(desk, resident_ids, filed=False)


def list_opt_outs(desk: Desk, after: int, limit: int) -> list[tuple[int, date]]:
    """Who is withheld, and since when."""
    return own_store.page(desk.db, after, limit)


def list_paper_notices(desk: Desk, after: int, limit: int, *, with_posted: bool) -> list[Paper]:
    """転入通知 that are to go by paper, or went."""
    return own_store.papers(desk.db, after, limit, with_posted=with_posted)


def post_paper_notice(desk: Desk, paper_id: int) -> Receipt:
    """One of them was posted."""
    if not own_store.post(desk.db, paper_id, desk.today):
        raise Refusal(Reason.PAPER_NOTICE_NOT_FOUND)
    return Receipt((), 0, desk.notices)


def _each(desk: Desk, resident_ids: Sequence[int], *, filed: bool) -> Receipt:
    if not resident_ids or len(set(resident_ids)) != len(resident_ids):
        raise Refusal(Reason.FIELD_MISSING, field="resident_ids")
    mode = participation_store.mode(desk.db, desk.node.area_code)
    for resident_id in resident_ids:
        resident = desk.live(resident_id)
        held = own_store.is_withheld(desk.db, resident.id)
        ask(law.file_opt_out(mode, held) if filed else law.withdraw_opt_out(held))
        if filed:
            own_store.withhold(desk.db, resident.id, desk.today)
            change = Change(ChangeKind.DELETION, ChangeReason.EX_OFFICIO_DELETION, desk.today)
        else:
            own_store.tell_again(desk.db, resident.id)
            change = Change(ChangeKind.ENTRY, ChangeReason.EX_OFFICIO_ENTRY, desk.today)
        tell_again(desk, resident.person, change, store.next_sequence(desk.db, resident.id))
    return Receipt(tuple(resident_ids), 0, desk.notices)
