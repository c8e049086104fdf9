"""The catalog of refusals: what each reason means, in Japanese and English, and whether it is final."""

from __future__ import annotations

from types import MappingProxyType

from jukinet.model.reason import Reason
from jukinet.refusal import (
    abroad,
    area,
    common,
    correction,
    disclosure,
    error_report,
    family_register,
    identity,
    issuance,
    nationality,
    operators,
    ordinance,
    participation,
    provision,
    quarantine,
    reconcile,
    recovery,
    retention,
    special_move,
    support,
)
from jukinet.refusal.spec import Spec

CATALOG = MappingProxyType(
    {
        **common.SPECS,
        **special_move.SPECS,
        **abroad.SPECS,
        **identity.SPECS,
        **correction.SPECS,
        **nationality.SPECS,
        **family_register.SPECS,
        **issuance.SPECS,
        **support.SPECS,
        **area.SPECS,
        **retention.SPECS,
        **operators.SPECS,
        **recovery.SPECS,
        **participation.SPECS,
        **quarantine.SPECS,
        **error_report.SPECS,
        **reconcile.SPECS,
        **provision.SPECS,
        **disclosure.SPECS,
        **ordinance.SPECS,
    }
)
"""Every reason; each desk keeps its own in a file of this room."""


class Refusal(Exception):
    """An act says no.

    `facts` go out as metadata and are written to the audit: never personal data. `article` names the provision.
    """

    def __init__(self, reason: Reason, article: str = "", **facts: str) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.article = article
        self.facts = facts

    @property
    def spec(self) -> Spec:
        """The catalog's entry."""
        return CATALOG[self.reason]
