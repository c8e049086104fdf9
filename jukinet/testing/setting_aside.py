"""What is set aside in a test's network."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jukinet.stack.network import Network


class SettingAside:
    """Mixed into Juki."""

    network: Network
