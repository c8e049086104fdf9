"""The desk of 非通知の申出."""

from __future__ import annotations

from jukinet.testing.door import Clerk


class ParticipationDesk(Clerk):
    """The desk of 非通知の申出."""
