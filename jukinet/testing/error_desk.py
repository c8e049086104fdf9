"""The desk of errors that were told of."""

from __future__ import annotations

from jukinet.testing.door import Clerk


class ErrorDesk(Clerk):
    """The desk of errors that were told of."""
