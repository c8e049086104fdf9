"""Notices that could not be used: a clerk ends what paper, or a call to its sender, has mended."""

from __future__ import annotations

from jukinet.model.identification import Receipt
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from jukinet.store import quarantine
from municipality_node.desk import Desk


def settle_set_aside(desk: Desk, position: int, index: int) -> Receipt:
    """It leaves the lists; the ledger still counts that it was heard and not applied."""
    found = quarantine.find(desk.db, position, index)
    if found is None or found.settled:
        raise Refusal(Reason.NOT_SET_ASIDE)
    quarantine.settle_by_hand(desk.db, position, index)
    return Receipt((), 0, 0)
