"""SQL that chooses people for a drill, in order of number."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from jukinet.model import areas
from jukinet.model.holding import PersonKind
from jukinet.model.identification import ChangeKind
from jukinet.store.database import Connection
from municipality_node import store
from municipality_node.store import Resident, State

_LIVE = f"state <> {State.REMOVED.value}"
_COUPLE, _CHILD = "'夫', '妻', '夫（未届）', '妻（未届）'", "'子'"
_HEADS = (
    _LIVE + " AND id IN (SELECT h.head_id FROM household h JOIN resident m ON m.household_id = h.id AND m.state <> 3"
    " WHERE m.relationship IN ({}))"
)
_CONDITIONS: Mapping[PersonKind, str] = {
    PersonKind.COUPLE: _HEADS.format(_COUPLE),
    PersonKind.FAMILY_WITH_CHILD: _HEADS.format(_CHILD),
    # The first three characters tell the 47 from one another.
    PersonKind.MOVED_PREFECTURE: f"{_LIVE} AND substr(former_address, 1, 3) IN (SELECT value FROM json_each(?))",
    PersonKind.MOVED_WITHIN: f"{_LIVE} AND id IN (SELECT resident_id FROM residence WHERE address_since <> '')",
    PersonKind.UNDER_SUPPORT: "id IN (SELECT resident_id FROM support WHERE end_date = '' AND last_date >= ?)",
    PersonKind.CODE_CHANGED: (
        f"id IN (SELECT resident_id FROM former_value WHERE change_kind = {ChangeKind.CODE_CORRECTION.value})"
    ),
    PersonKind.REMOVED: f"state = {State.REMOVED.value}",
    PersonKind.BORN_HERE: f"{_LIVE} AND former_address = ''",
}


def candidates(db: Connection, kind: PersonKind, area_code: str, today: date, after: int, limit: int) -> list[Resident]:
    """Records behind a number of whom this may be true, as far as columns tell."""
    values: list[int | str] = []
    if kind is PersonKind.MOVED_PREFECTURE:
        own = areas.prefecture_of(area_code)
        values.append(json.dumps([one.name[:3] for one in areas.prefectures() if one.code != own.code]))
    elif kind is PersonKind.UNDER_SUPPORT:
        values.append(today.isoformat())
    where = f"id > ? AND {_CONDITIONS.get(kind, _LIVE)} ORDER BY id LIMIT ?"
    return store.residents(db, where, (after, *values, limit))
