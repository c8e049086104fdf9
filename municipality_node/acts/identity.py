"""Upon what the code of whoever arrives without paper rests, and what is kept of that."""

from __future__ import annotations

from jukinet.law import abroad, identity
from jukinet.model.confirmation import Searched
from jukinet.model.identification import Arrival, CodeBasis, Hit
from jukinet.model.stream import name_key
from municipality_node.acts.inquiry import find_hit, find_inquiry
from municipality_node.desk import Desk, ask
from municipality_node.trace.store import CodeTrace


def rest_code(desk: Desk, arrival: Arrival) -> tuple[Hit | None, CodeTrace]:
    """Whose code the arrival carries on, None for a new one, and what will be told of it by `trace_record`."""
    carried = arrival.code_basis is CodeBasis.CARRIED_OVER
    ask(abroad.code_to_enter(arrival.code_basis, bool(arrival.hit or (carried and arrival.inquiry_id))))
    return _carried(desk, arrival) if carried else (None, _new(desk, arrival))


def _carried(desk: Desk, arrival: Arrival) -> tuple[Hit, CodeTrace]:
    inquiry = find_inquiry(desk, arrival.inquiry_id)
    found, person = find_hit(desk, arrival.inquiry_id, arrival.hit), arrival.person
    ask(identity.confirm_identity(inquiry.hits, inquiry.truncated, inquiry.searched, arrival.confirmation))
    ask(
        abroad.hit_is_the_person(person.birth_date, person.sex, found.person.birth_date, found.person.sex, found.reason)
    )
    return found, CodeTrace(
        arrival.code_basis, inquiry, arrival.hit, arrival.confirmation, held_area_code=found.person.area_code,
        held_live=found.live, held_reason=found.reason,
    )  # fmt: skip


def _new(desk: Desk, arrival: Arrival) -> CodeTrace:
    inquiry = find_inquiry(desk, arrival.inquiry_id) if arrival.inquiry_id else None
    person = arrival.person
    about = name_key(person.name, desk.birth_date(person), person.sex)
    looked = inquiry is not None and inquiry.about == about and inquiry.searched == (Searched.NAME_BIRTH_DATE_SEX,)
    hits, truncated = (inquiry.hits, inquiry.truncated) if inquiry else (0, False)
    ask(
        identity.inquire_before_new_code(
            inquiry is not None, looked, hits, truncated, arrival.confirmation, arrival.not_inquired
        )
    )
    return CodeTrace(arrival.code_basis, inquiry, 0, arrival.confirmation, arrival.not_inquired)
