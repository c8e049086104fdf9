"""J-LIS as data: its files and its services."""

from __future__ import annotations

from collections.abc import Sequence

from jlis_center.servicer import numbering_service
from jukinet.node.config import Tier, UpperTier
from jukinet.node.erasing import Erasing
from jukinet.node.node import Node
from jukinet.store.database import Schema
from jukinet.wire.server import Service


class Center(UpperTier):
    """The national server."""

    def __init__(self, node: Node) -> None:
        super().__init__(node, Erasing(node, "keep_identification_at_center"))

    def services(self) -> Sequence[Service]:
        """付番, asked directly by municipalities."""
        return (numbering_service(self.node),)


TIER = Tier(
    journal=Schema("jlis_center.schema", "migrations", 2, page_size=65536),
    register=Schema("jlis_center.schema", "register", 2, page_size=16384, synchronous="NORMAL"),
    local=Center,
)
