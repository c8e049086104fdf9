"""Which tier a path belongs to. Imported lazily: a process loads only the tiers it hosts."""

from __future__ import annotations

from importlib import import_module

from jukinet.node.config import Tier
from jukinet.pki.identity import Identity

PACKAGES = {"municipality": "municipality_node", "prefecture": "prefecture_node", "jlis": "jlis_center"}


def tier_of(identity: Identity) -> Tier:
    """The tier's data."""
    tier: Tier = import_module(f"{PACKAGES[identity.kind]}.assemble").TIER
    return tier
