"""What nodes of a test's network lose, and how it comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jukinet.stack.network import Network


class Recovering:
    """Mixed into Juki."""

    network: Network
