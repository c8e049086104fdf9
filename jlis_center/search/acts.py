"""Who is found, and by which route it may be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

from jukinet.law import abroad
from jukinet.law.basis import article
from jukinet.model import areas
from jukinet.model.identification import ChangeReason, Criteria, Hit, Identification
from jukinet.model.reason import Reason
from jukinet.model.stream import name_key
from jukinet.refusal import Refusal
from jukinet.store import people
from jukinet.store.database import Connection
from jukinet.store.register import codes_after
from jukinet.v1 import identification_pb2
from jukinet.wire import convert


def search(register: Connection, criteria: Criteria) -> tuple[list[Hit], bool]:
    """Whom the criteria fit, at most ten records, and whether there were more."""
    decision = abroad.search_keys(
        criteria.resident_code, criteria.individual_number, criteria.name, criteria.birth_date, criteria.sex
    )
    if not decision.allowed:
        raise Refusal(decision.reason or Reason.SEARCH_TOO_WIDE)
    found = list(islice(_found(register, criteria), abroad.MOST_HITS + 1))
    return found[: abroad.MOST_HITS], len(found) > abroad.MOST_HITS


def goes_via_governor(asker: str, hits: Sequence[Hit]) -> bool:
    """Whether one of them was notified by another governor than the asking mayor's."""
    own = areas.prefecture_of(asker).code
    return any(abroad.goes_via_governor(own, _notifying_prefecture(hit)) for hit in hits)


def with_article(asker: str, hit: Hit, on: date) -> Hit:
    """The hit, with the provision on which this mayor is told."""
    far = abroad.goes_via_governor(areas.prefecture_of(asker).code, _notifying_prefecture(hit))
    return replace(hit, article=article("pass_on_search" if far else "search_identification", on))


def _notifying_prefecture(hit: Hit) -> str:
    return areas.prefecture_of(hit.person.area_code).code


def _found(register: Connection, criteria: Criteria) -> Iterator[Hit]:
    for code in _codes(register, criteria):
        yield from (hit for hit in map(_hit, people.current(register, code)) if _fits(criteria, hit.person))


def _hit(held: people.Held) -> Hit:
    message = identification_pb2.Identification.FromString(held.body)
    return Hit(convert.identification(message), held.live, ChangeReason(held.reason))


def _codes(register: Connection, criteria: Criteria) -> list[int]:
    if criteria.resident_code:
        return [int(code) for code in codes_after(register, criteria.resident_code)]
    if criteria.individual_number:
        return people.codes_by_number(register, criteria.individual_number)
    return people.codes_by_name(register, name_key(criteria.name, criteria.birth_date, criteria.sex))


def _fits(criteria: Criteria, person: Identification) -> bool:
    """Whatever the criteria name must agree: two people may share a key. The code led here, maybe by one that was."""
    named = (
        (criteria.individual_number, person.individual_number),
        (criteria.name, person.name),
        (str(criteria.birth_date), str(person.birth_date)),
        (criteria.sex, person.sex),
    )
    return all(wanted in ("", 0, held) for wanted, held in named) and person.address.startswith(criteria.address_prefix)
