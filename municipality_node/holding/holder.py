"""The 住民基本台帳 as a drill sees it: every field of one person's 住民票 and 除票."""

from __future__ import annotations

from datetime import date

from jukinet.model.holding import PersonKind, Standing
from jukinet.model.identification import ChangeKind
from jukinet.node.holding.holder import Held, code_change, fields, identification_values
from jukinet.node.node import Node
from jukinet.store.database import Connection
from jukinet.v1 import holding_pb2 as pb
from jukinet.wire import convert
from municipality_node import store
from municipality_node.foreign import store as foreign_store
from municipality_node.former import store as former_store
from municipality_node.holding.store import candidates
from municipality_node.issuance import store as issuance_store
from municipality_node.participation import store as participation_store
from municipality_node.store import Resident, State
from municipality_node.support import store as support_store

A_STEP, MOST_STEPS = 2_000, 10
"""Records that are looked through at once, and how often before a short page is answered."""


class ResidentPersons:
    """住民票 and 除票 of one municipality, its wards included."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def held(self, code: int) -> Held:
        """Every record of the person here, the oldest first."""
        with self._node.journal.read() as db:
            codes, residents = _person(db, f"{code:011d}")
            changes = [change for resident in residents for change in _code_changes(db, resident)]
            return Held(
                sorted(map(int, codes)), changes, [_record(db, one, self._node.clock.today()) for one in residents]
            )

    def code_of(self, resident_id: int) -> int | None:
        """The code of a 住民票, as it stands there now."""
        with self._node.journal.read() as db:
            found = store.resident(db, resident_id)
        return int(found.person.resident_code) if found else None

    def find(self, kind: PersonKind, after: int, limit: int) -> tuple[list[pb.FoundPerson], int]:
        """Looks through so many records at most."""
        found: list[pb.FoundPerson] = []
        with self._node.journal.read() as db:
            for _ in range(MOST_STEPS):
                step = candidates(db, kind, self._node.identity.area_code, self._node.clock.today(), after, A_STEP)
                for resident in step:
                    if len(found) == limit:
                        return found, after
                    after = resident.id
                    if _is(kind, resident):
                        found.append(_found(resident))
                if len(step) < A_STEP:
                    return found, 0
        return found, after


def _is(kind: PersonKind, resident: Resident) -> bool:
    """What no column tells."""
    person = resident.person
    if kind is PersonKind.FOREIGN_WITH_ALIAS:
        return bool(person.alias)
    if kind is PersonKind.FORMER_SURNAME:
        return bool(person.former_surname)
    if kind is PersonKind.BORN_HERE:
        return person.birth_date.exact() == resident.resident_since
    return True


def _found(resident: Resident) -> pb.FoundPerson:
    return pb.FoundPerson(
        resident_id=resident.id, resident_code=resident.person.resident_code, household_id=resident.household_id,
        name=resident.person.name, area_code=resident.person.area_code, state=convert.enum(resident.state),
    )  # fmt: skip


def _person(db: Connection, code: str) -> tuple[set[str], list[Resident]]:
    """Codes of the person by changes that were wished, and the records under them."""
    codes, waiting, residents = {code}, [code], dict[int, Resident]()
    while waiting:
        for resident in store.by_code(db, waiting.pop()):
            residents[resident.id] = resident
            known = {resident.person.resident_code, *former_store.changed_codes(db, resident.id)}
            waiting += known - codes
            codes |= known
    return codes, [residents[number] for number in sorted(residents)]


def _code_changes(db: Connection, resident: Resident) -> list[pb.CodeChange]:
    """The chain of this record's codes; each became the one that stands behind it."""
    former = [one for one in former_store.values(db, resident.id) if one.kind is ChangeKind.CODE_CORRECTION]
    after = [*(one.value for one in former), int(resident.person.resident_code)][1:]
    return [
        code_change(one.value, new, one.area_code, one.reason.value) for one, new in zip(former, after, strict=True)
    ]


def _record(db: Connection, resident: Resident, today: date) -> pb.HoldingRecord:
    values = identification_values(convert.identification_message(resident.person))
    values |= _household(db, resident) | _removal(resident) | _foreign(db, resident.id)
    days = issuance_store.residence(db, resident.id)
    support = support_store.current(db, resident.id, today)
    withheld = participation_store.is_withheld(db, resident.id)
    values |= {
        "resident_since": _text(resident.resident_since),
        "address_since": _text(days.address_since),
        "report_date": _text(days.report_date),
        "support_last_date": _text(support.last_date) if support else "",
        "opt_out": "有" if withheld else "",
    }
    standing = {State.LIVE: Standing.LIVE, State.MOVING_OUT: Standing.MOVING_OUT}.get(resident.state, Standing.REMOVED)
    return pb.HoldingRecord(
        area_code=resident.person.area_code, standing=convert.enum(standing), resident_id=resident.id,
        household_id=resident.household_id, fields=fields(values), person_sequence=resident.person_sequence,
    )  # fmt: skip


def _household(db: Connection, resident: Resident) -> dict[str, str]:
    return {
        "relationship": resident.relationship,
        "head_name": store.head_name(db, resident.household_id),
        "registered_domicile": resident.registered_domicile,
        "registered_head": resident.registered_head,
        "former_address": resident.former_address,
        "birth_date_text": resident.birth_date_text,
    }


def _removal(resident: Resident) -> dict[str, str]:
    """消除, or the plan of one, of which nobody above is told before the day."""
    day, destination = _text(resident.removal_date), resident.planned_destination
    if resident.state is State.MOVING_OUT:
        return {"planned_move_out_date": day, "planned_destination": destination}
    return {
        "removal_reason": resident.removal_reason.japanese,
        "removal_date": day,
        "planned_destination": destination,
        "confirmed_move_out_date": _text(resident.confirmed_move_out_date),
        "confirmed_destination": resident.confirmed_destination,
    }


def _foreign(db: Connection, resident_id: int) -> dict[str, str]:
    kept = foreign_store.items_of(db, resident_id)
    if kept is None:
        return {}
    items = kept.items
    return {
        "nationality": items.nationality,
        "category": items.category.japanese,
        "foreign_resident_since": _text(kept.foreign_resident_since),
        "status_of_residence": items.status_of_residence,
        "period_of_stay": items.period_of_stay,
        "expiry": _text(items.expiry),
        "card_number": items.card_number,
    }


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
