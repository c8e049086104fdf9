"""条例事務: which ordinance a tier may provide on, and who lets it in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from jukinet.law.basis import Decision, basis, state
from jukinet.law.provision import Provider, ordinance_clause
from jukinet.model.offices import Office
from jukinet.model.ordinance import Affair, Person, Step, Terms
from jukinet.model.provision import OrdinanceKind
from jukinet.model.reason import Reason

ARTICLES = "住基法第30条の10から第30条の15まで、番号法第9条第2項"
KINDS = {
    "jlis": frozenset({OrdinanceKind.NUMBER_USE}),
    "prefecture": frozenset({OrdinanceKind.GOVERNOR, OrdinanceKind.OWN_USE, OrdinanceKind.OWN_ORGANS}),
    "municipality": frozenset({OrdinanceKind.MAYOR}),
}
"""Which kinds a tier may provide on."""


@basis(ARTICLES, "条例で定める事務の登録")
def propose_ordinance_affair(provider: Provider, terms: Terms, recipients: Iterable[Office]) -> Decision:
    """この提供元が提供し、又は利用することができる条例であって、定める機関がその規定の機関であること。"""
    if terms.kind not in KINDS[provider.kind]:
        return Decision.deny(Reason.PROVIDER_NOT_NAMED, clause=ARTICLES)
    if terms.until is not None and terms.until < terms.since:
        return Decision.deny(Reason.FIELD_OUT_OF_RANGE, field="until")
    if not all(ordinance_clause(provider, office, None, terms.kind) for office in recipients):
        return Decision.deny(Reason.NOT_THE_RECIPIENT, clause=ARTICLES)
    return Decision.allow()


@basis(ARTICLES, "条例で定める事務の承認")
def approve_ordinance_affair(found: Affair, by: Person) -> Decision:
    """登録した者と異なる者が承認する（操作者の安全管理、住基法第30条の24・第36条の2）。"""
    if len(found.trail) > 1:
        return Decision.deny(Reason.ORDINANCE_STEP_TAKEN)
    if any(one.by.may_be(by) for one in found.trail):
        return Decision.deny(Reason.SECOND_PERSON_REQUIRED)
    return Decision.allow()


@basis(ARTICLES, "条例で定める事務の廃止")
def repeal_ordinance_affair(found: Affair, from_day: date, today: date) -> Decision:
    """廃止は、その日以後に限る。既にされた提供は遡って失われない。"""
    if found.taken(Step.REPEALED) is not None:
        return Decision.deny(Reason.ORDINANCE_STEP_TAKEN)
    if from_day < today:
        return Decision.deny(Reason.FIELD_OUT_OF_RANGE, field="from_day")
    return Decision.allow()


state("list_ordinance_affairs", ARTICLES, "条例で定める事務の確認")
