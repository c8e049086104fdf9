"""Takes what was set aside into the register after all, if the rules of now let it."""

from __future__ import annotations

from collections.abc import Sequence

from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from jukinet.store import quarantine, retention
from jukinet.store.database import Connection
from jukinet.store.journal import Entry
from jukinet.store.projector import WHOLE, Faults, Opened, Projector, open_payload


def release(projector: Projector, db: Connection, entry: Entry, index: int) -> Faults:
    """Apply what was set aside; of a whole batch the answer is which records are still set aside, each alone.

    Refused for the reason of now if nothing of it can be applied: the caller's transaction then leaves all as it was.
    The order does no harm: 更新順番号 says what is later.
    """
    opened = open_payload(entry.envelope)
    if opened.fault is not None:
        raise Refusal(opened.fault)
    places: Sequence[int] = range(len(opened.records)) if index == WHOLE else (index,)
    if not opened.erased.isdisjoint(places):
        raise Refusal(Reason.RECORD_ERASED)
    faults = projector.faults(db, entry, Opened([opened.records[place] for place in places]))
    still = [(places[fault], reason) for fault, reason in faults if fault != WHOLE]
    if len(still) < len(faults) or len(still) == len(places):
        raise Refusal(faults[0][1])
    aside = {place for place, _ in still}
    quarantine.release(db, entry, index, [(place, reason.value) for place, reason in still])
    counts = [raw if place in places and place not in aside else b"" for place, raw in enumerate(opened.records)]
    quarantine.settle(db, entry, counts, {place for place, raw in enumerate(counts) if not raw})
    projector.follow(db, entry, retention.released(db, entry, counts), ())
    return still
