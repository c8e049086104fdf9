"""Carries the records of a municipality that is no more to its successor, page by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jukinet.v1 import drill_pb2

Ask = Callable[[str, Any], Any]
"""Calls a method of one node's DrillService."""


def merge(former: str, successor: str, from_former: Ask, to_successor: Ask, new_id: Callable[[], str]) -> int:
    """How many records were taken over now; a page is closed there before it is opened here, and can be asked again.

    A refusal by either ends it; what was taken over stays, and the next try goes on from there.
    """
    token, records = "", 0
    while True:
        page = from_former(
            "HandOverResidents",
            drill_pb2.HandOverResidentsRequest(request_id=new_id(), successor_area_code=successor, page_token=token),
        )
        if page.residents:
            request = drill_pb2.AbsorbResidentsRequest(
                request_id=new_id(), former_area_code=former, residents=page.residents
            )
            records += to_successor("AbsorbResidents", request).records
        token = page.next_page_token
        if not token:
            return records
