"""条例事務: proposed by one person, approved by another, repealed from a day on; each step one row of the trail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from jukinet.clock import to_micros
from jukinet.law import ordinance as law
from jukinet.law.basis import Decision
from jukinet.law.provision import Provider
from jukinet.model import offices
from jukinet.model.identification import Operation
from jukinet.model.offices import Office
from jukinet.model.ordinance import Affair, Person, Step, Taken, Terms
from jukinet.model.provision import Ordinance
from jukinet.model.reason import Reason
from jukinet.node.act import MOST_WORDS
from jukinet.refusal import Refusal
from jukinet.store import audit, ordinances
from jukinet.store.database import Connection
from jukinet.wire.call import Call

if TYPE_CHECKING:
    from jukinet.node.node import Node

MOST_RECIPIENTS = 1_000


def propose_ordinance_affair(node: Node, db: Connection, call: Call, operation: Operation, terms: Terms) -> Affair:
    """登録: what the ordinance says, as whoever enters it has it."""
    for name, words in (("title", terms.title), ("affair", terms.affair)):
        if not words:
            raise Refusal(Reason.FIELD_MISSING, field=name)
        if len(words) > MOST_WORDS:
            raise Refusal(Reason.FIELD_OUT_OF_RANGE, field=name)
    if not 1 <= len(terms.recipients) <= MOST_RECIPIENTS:
        raise Refusal(Reason.FIELD_OUT_OF_RANGE, field="recipients")
    terms = replace(terms, recipients=tuple(dict.fromkeys(terms.recipients)))
    provider = Provider(node.identity.kind, node.identity.area_code)
    _require(law.propose_ordinance_affair(provider, terms, [_office(one) for one in terms.recipients]))
    return _take(node, db, ordinances.add(db, terms), Step.PROPOSED, _person(call, operation))


def approve_ordinance_affair(node: Node, db: Connection, call: Call, operation: Operation, number: int) -> Affair:
    """承認."""
    found, by = _find(db, number), _person(call, operation)
    _require(law.approve_ordinance_affair(found, by))
    return _take(node, db, number, Step.APPROVED, by)


def repeal_ordinance_affair(
    node: Node, db: Connection, call: Call, operation: Operation, number: int, from_day: date
) -> Affair:
    """廃止, from a day on."""
    _require(law.repeal_ordinance_affair(_find(db, number), from_day, node.clock.today()))
    return _take(node, db, number, Step.REPEALED, _person(call, operation), from_day)


def list_ordinance_affairs(db: Connection, after: int, limit: int) -> list[Affair]:
    """All that was ever entered, in order of number."""
    return ordinances.page(db, after, limit)


def in_force(node: Node, number: str) -> Ordinance | None:
    """What 提供 may rest on today; None for one that does not count, or is none."""
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    with node.journal.read() as db:
        found = ordinances.find(db, int(number))
    return found.as_provided() if found and found.is_in_force(node.clock.today()) else None


def _take(node: Node, db: Connection, number: int, step: Step, by: Person, from_day: date | None = None) -> Affair:
    """Write the step down, with the number that the audit row of this act is going to have."""
    taken = Taken(step, by, to_micros(node.clock.now()), audit.next_id(db), from_day)
    ordinances.take(db, number, taken)
    return _find(db, number)


def _find(db: Connection, number: int) -> Affair:
    found = ordinances.find(db, number)
    if found is None:
        raise Refusal(Reason.ORDINANCE_NOT_FOUND)
    return found


def _person(call: Call, operation: Operation) -> Person:
    return Person(call.path, operation.verification_id, operation.operator_id)


def _office(office_id: str) -> Office:
    try:
        return offices.parse(office_id)
    except ValueError as error:
        raise Refusal(Reason.OFFICE_UNKNOWN, clause=law.ARTICLES) from error


def _require(decision: Decision) -> None:
    if not decision.allowed:
        raise Refusal(decision.reason or Reason.NO_BASIS, **dict(decision.facts))
