"""What the console's tests serve: a small network in which one family lives."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import Any

from jukinet.console.theatre import Theatre
from jukinet.stack.stage import HostedStage

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
TOKEN = "a-token-for-tests"
SMALL = 'seed = 7\nanchor_days = 0\nnodes = ["J-LIS", "東京都", "神奈川県", "国立市", "横浜市"]'
FAMILY: dict[str, Any] = {
    "name": "family", "at": "国立市", "address": "東京都国立市さくら町1丁目1番1号",
    "persons": [
        {"name": "架空　一郎", "birth_date": "1990-04-01", "sex": "MALE", "relationship": "世帯主"},
        {"name": "架空　花子", "birth_date": "1991-07-15", "sex": "FEMALE", "relationship": "妻"},
    ],
}  # fmt: skip


@dataclass
class Served:
    """A console that answers."""

    base: str
    theatre: Theatre
    stage: HostedStage

    @property
    def link(self) -> str:
        """As it is printed."""
        return f"{self.base}/?token={TOKEN}"
